//! The keys, the commands and the symbols, from the tables that drive them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::widgets::{beside, document, text};
use crate::app::command::COMMANDS;
use crate::keys::{ACTIONS, Action, Group};

/// From this width on the keys stand beside the commands.
const WIDE: u16 = 110;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) -> usize {
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let room = usize::from(inner.width);
    let wide = area.width >= WIDE;
    let half = if wide { beside::half(room) } else { room };
    let mut right = commands(scene, half);
    right.extend(fingers(scene, half));
    right.extend(symbols(scene, half));
    let lines = beside::arrange(keys(scene, half), right, wide, half);
    document::draw(scene, inner, buf, lines, scene.page().scroll)
}

fn keys(scene: Scene<'_>, room: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for group in Group::ALL {
        lines.push(scene.heading(group.title(), room));
        for action in ACTIONS.iter().filter(|action| action.spec().group == group) {
            lines.extend(entry(
                scene,
                room,
                &chords(scene, *action),
                action.spec().summary,
            ));
        }
    }
    lines
}

fn chords(scene: Scene<'_>, action: Action) -> String {
    let chords = scene.model.keymap.chords(action).iter();
    let chords: Vec<String> = chords.map(ToString::to_string).collect();
    if chords.is_empty() {
        "no key".into()
    } else {
        chords.join(" ")
    }
}

fn commands(scene: Scene<'_>, room: usize) -> Vec<Line<'static>> {
    let mut lines = vec![scene.heading("Commands, after : (a unique beginning is enough)", room)];
    for command in &COMMANDS {
        let mut words = command.summary.to_owned();
        if !command.aliases.is_empty() {
            words = format!("{words} (also {})", command.aliases.join(", "));
        }
        let name = format!("{} {}", command.name, command.argument);
        lines.extend(entry(scene, room, name.trim_end(), &words));
    }
    lines
}

/// A key or a name, and what it does.
fn entry(scene: Scene<'_>, room: usize, name: &str, words: &str) -> Vec<Line<'static>> {
    const INDENT: usize = 20;
    let name = scene.fit(name, INDENT - 2);
    text::wrap(words, room.saturating_sub(INDENT))
        .into_iter()
        .enumerate()
        .map(|(place, piece)| {
            let lead = if place == 0 { name.as_str() } else { "" };
            let gap = INDENT.saturating_sub(2 + text::width(lead));
            Line::from(vec![
                Span::styled(format!("  {lead}"), scene.styles().key()),
                Span::raw(" ".repeat(gap)),
                scene.plain(piece),
            ])
        })
        .collect()
}

/// Where this program differs from what fingers know.
fn fingers(scene: Scene<'_>, room: usize) -> Vec<Line<'static>> {
    use Action::{
        Back, Describe, DesiredCount, FaultsOnly, Follow, ForceRedeploy, LastLines, Logs, Open,
        Refresh, SortNext, SortReverse, StopTask, Stopped, Suspend, TaskDefinition,
    };
    let key = |action: Action| scene.model.keymap.label(action);
    let two = |a: Action, b: Action| format!("{} or {}", key(a), key(b));
    let k9s = [
        (
            "ctrl-z",
            format!("{} (here {} suspends)", key(FaultsOnly), key(Suspend)),
        ),
        (
            "shift-letters",
            format!("sort with {}", two(SortNext, SortReverse)),
        ),
        (
            "y",
            format!("{} shows everything; y copies the ARN", key(Describe)),
        ),
        (
            "p",
            format!(
                "last lines of what stopped: {}; earlier tasks: {}",
                key(LastLines),
                key(Stopped)
            ),
        ),
        (
            "s",
            format!(
                "{} changes the count; in logs {} follows",
                key(DesiredCount),
                key(Follow)
            ),
        ),
        (
            "ctrl-d",
            format!("{} stops a task, and asks first", key(StopTask)),
        ),
    ];
    let e1s = [
        ("l, h", two(Open, Back)),
        ("o", format!("{} for lines", key(Logs))),
        ("w", format!("{} shows the events too", key(Describe))),
        ("v", key(TaskDefinition)),
        ("r", key(Refresh)),
        (
            "U",
            format!("{} again, {} count", key(ForceRedeploy), key(DesiredCount)),
        ),
    ];
    let mut lines = vec![scene.heading("Keys of k9s, and what does it here", room)];
    lines.extend(
        k9s.iter()
            .flat_map(|(theirs, here)| entry(scene, room, theirs, here)),
    );
    lines.push(scene.heading("Keys of e1s, and what does it here", room));
    lines.extend(
        e1s.iter()
            .flat_map(|(theirs, here)| entry(scene, room, theirs, here)),
    );
    lines
}

fn symbols(scene: Scene<'_>, room: usize) -> Vec<Line<'static>> {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let meanings: [(&str, Style, &str); 10] = [
        (symbols.failed, styles.failed(), "failed, or rolled back"),
        (
            symbols.warning,
            styles.failed(),
            "failing: tasks do not come up",
        ),
        (
            symbols.rolling_back,
            styles.rolling_back(),
            "being rolled back",
        ),
        (symbols.waiting, styles.waiting(), "waits for you"),
        (symbols.timer, styles.timer(), "waits for a timer"),
        (symbols.moving, styles.moving(), "in flight"),
        (symbols.ok, styles.succeeded(), "went well"),
        (
            symbols.not_yet,
            styles.quiet(),
            "not begun, or not read yet",
        ),
        (
            symbols.skipped,
            styles.stopped(),
            "stopped, superseded, skipped",
        ),
        (symbols.unknown, styles.unknown(), "not known"),
    ];
    let mut lines = vec![scene.heading("Symbols", room)];
    lines.extend(meanings.into_iter().map(|(symbol, style, words)| {
        Line::from(vec![
            Span::styled(format!("  {symbol} "), style),
            scene.plain(words),
        ])
    }));
    lines
}
