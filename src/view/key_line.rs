//! The last line: what each key would do to what is selected, and for a key that is off, why.

use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::widgets::pieces::{self, Piece};
use crate::app::availability::{Availability, availability, has_list};
use crate::app::dialog::Dialog;
use crate::app::model::Mode;
use crate::app::screen::Screen;
use crate::app::selection::selection;
use crate::domain::text::printable;
use crate::keys::{Action, Group};

/// The actions of the line, the most important first.
const ORDER: [Action; 49] = [
    Action::Open,
    Action::Approve,
    Action::Reject,
    Action::Override,
    Action::Retry,
    Action::CutOver,
    Action::RollBack,
    Action::ForceRedeploy,
    Action::Deploy,
    Action::StopTask,
    Action::RetryAll,
    Action::Transition,
    Action::StopRelease,
    Action::DesiredCount,
    Action::Follow,
    Action::Pause,
    Action::NextMatch,
    Action::PreviousMatch,
    Action::NextError,
    Action::Search,
    Action::Filters,
    Action::Sides,
    Action::Level,
    Action::Wrap,
    Action::Json,
    Action::PreviousError,
    Action::Around,
    Action::Mark,
    Action::NextMark,
    Action::Select,
    Action::Save,
    Action::FullScreen,
    Action::Histogram,
    Action::Stopped,
    Action::Logs,
    Action::LastLines,
    Action::Tasks,
    Action::History,
    Action::Describe,
    Action::Start,
    Action::Filter,
    Action::TaskDefinition,
    Action::FaultsOnly,
    Action::Timestamps,
    Action::SortNext,
    Action::Copy,
    Action::Browser,
    Action::Abandon,
    Action::Back,
];

/// The keys that do something now, as many as fit.
pub(crate) fn keys(scene: Scene<'_>, room: usize) -> Line<'static> {
    let pieces = match (&scene.model.dialog, &scene.model.mode) {
        (Some(dialog), _) => fixed(scene, of_dialog(dialog)),
        (None, Mode::Command(_)) => fixed(
            scene,
            &[("enter", "go"), ("tab", "complete"), ("esc", "cancel")],
        ),
        (None, Mode::Filter { .. }) => fixed(
            scene,
            &[
                ("enter", "keep the filter"),
                ("esc", "as it was"),
                ("up/down", "move"),
            ],
        ),
        (None, Mode::Search(_)) => fixed(scene, &[("enter", "search upwards"), ("esc", "cancel")]),
        (None, Mode::Fields(_)) => fixed(
            scene,
            &[("enter", "show these, none for all"), ("esc", "cancel")],
        ),
        (None, Mode::Screen) => of_screen(scene),
    };
    pieces::join(pieces::choose(pieces, room, 2), &Span::raw("  "))
}

fn fixed(scene: Scene<'_>, keys: &[(&str, &str)]) -> Vec<Piece> {
    keys.iter()
        .zip(1..)
        .map(|((key, label), rank)| piece(scene, rank, key, label))
        .collect()
}

fn of_dialog(dialog: &Dialog) -> &'static [(&'static str, &'static str)] {
    match dialog {
        Dialog::Planning { .. } => &[("esc", "cancel")],
        Dialog::Refused { .. } | Dialog::Moved { .. } => &[("enter", "close"), ("esc", "close")],
        Dialog::LogFilters(_) => &[("esc", "close"), ("a", "add"), ("space", "on or off")],
        Dialog::LogLine { .. } => &[("esc", "close"), ("up/down", "scroll"), ("y", "copy")],
        Dialog::Confirm { .. } => &[
            ("esc", "cancel"),
            ("tab", "the other button"),
            ("enter", "press it"),
            ("up/down", "scroll"),
        ],
        Dialog::Count { .. } | Dialog::Words { .. } => {
            &[("enter", "make the plan"), ("esc", "cancel")]
        }
    }
}

fn of_screen(scene: Scene<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let name = selection(scene.model).service;
    let name = name.as_ref().map_or("", |service| service.name());
    let mut named = false;
    for (action, rank) in order(scene).into_iter().zip(3..) {
        let key = key(scene, action);
        if let (Availability::On(label), false) =
            (availability(scene.model, action), key.is_empty())
        {
            let label = words(action, &label, if named { name } else { "" });
            named |= action.spec().group == Group::Act;
            pieces.push(piece(scene, rank, &key, &label));
        }
    }
    pieces.push(piece(scene, 2, &key(scene, Action::Command), "go to"));
    if scene.page().screen != Screen::Help {
        pieces.push(piece(scene, 1, &key(scene, Action::Help), "help"));
    }
    pieces
}

/// The actions that this screen is for, the most important first.
fn order(scene: Scene<'_>) -> Vec<Action> {
    let screen = &scene.page().screen;
    let at_home = scene.model.navigation.trail().nth(1).is_none();
    let empty = has_list(screen) && scene.list().total == 0;
    let mut order = ORDER.to_vec();
    order.retain(|action| match action {
        Action::Back => !at_home,
        Action::Filter | Action::FaultsOnly | Action::SortNext => !empty,
        _ => true,
    });
    if matches!(screen, Screen::Logs(_)) {
        let first = |action: &Action| *action == Action::Open || action.spec().group == Group::Logs;
        order.sort_by_key(|action| !first(action));
    }
    order
}

/// What the line calls an action. The service that an action is about is named once.
fn words(action: Action, label: &str, name: &str) -> String {
    match action {
        Action::FaultsOnly => "only what is wrong".into(),
        _ => {
            let label = printable(label);
            let short = label
                .strip_suffix(name)
                .and_then(|label| label.strip_suffix(' '))
                .filter(|_| !name.is_empty());
            let short = short.map(|label| label.strip_suffix(" of").unwrap_or(label));
            short.unwrap_or(&label).to_owned()
        }
    }
}

fn key(scene: Scene<'_>, action: Action) -> String {
    match scene.model.keymap.label(action) {
        enter if enter == "enter" => scene.symbols().enter.to_owned(),
        other => other,
    }
}

fn piece(scene: Scene<'_>, rank: u8, key: &str, label: &str) -> Piece {
    Piece::new(
        rank,
        vec![
            Span::styled(key.to_owned(), scene.styles().key()),
            Span::styled(format!(" {label}"), scene.styles().text()),
        ],
    )
}

/// Why keys that belong here are off: those with the same reason together.
pub(crate) fn reasons(scene: Scene<'_>, room: usize) -> Line<'static> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for action in ORDER {
        let Availability::Off(reason) = availability(scene.model, action) else {
            continue;
        };
        let key = key(scene, action);
        match groups.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, keys)) => keys.push(key),
            None => groups.push((reason, vec![key])),
        }
    }
    let pieces = groups
        .into_iter()
        .zip(1..)
        .map(|((reason, keys), rank)| {
            let words = format!("{} off: {reason}", keys.join(" "));
            Piece::new(rank, vec![Span::styled(words, scene.styles().key_off())])
        })
        .collect();
    let separator = scene.quiet(format!(" {} ", scene.symbols().dot));
    pieces::join(pieces::choose(pieces, room, 3), &separator)
}
