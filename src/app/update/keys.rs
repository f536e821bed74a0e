//! What a key does: in a dialog, in a line of input, on a screen.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use super::{acting, logs, navigate, pipelines, ranges};
use crate::app::availability::{Availability, availability, has_list, has_releases};
use crate::app::command::{self, Command};
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::filter::Filter;
use crate::app::interest::subscriptions;
use crate::app::list::Sort;
use crate::app::model::{Mode, Model};
use crate::app::rows::columns;
use crate::app::screen::Screen;
use crate::app::selection::selection;
use crate::domain::confirmation::Button;
use crate::keys::{Action, Chord};

/// The longest line that is taken in.
const LONGEST_INPUT: usize = 255;

/// Lines that a page key scrolls in a dialog.
const DIALOG_PAGE: u16 = 5;

pub(super) fn key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let in_logs = matches!(model.navigation.current().screen, Screen::Logs(_));
    let action = model.keymap.action(Chord::of(key), in_logs);
    // These three work wherever the keys go, so that nobody is ever trapped; but a character that is
    // being typed is a character.
    let typing = model.dialog.is_some() || !matches!(model.mode, Mode::Screen);
    match action.filter(|_| !(typing && is_character(key))) {
        Some(Action::Quit) => return vec![Effect::Quit],
        Some(Action::Suspend) => return vec![Effect::Suspend],
        Some(Action::Redraw) => return vec![Effect::Redraw],
        _ => {}
    }
    if model.dialog.is_some() {
        return dialog_key(model, key);
    }
    match std::mem::take(&mut model.mode) {
        Mode::Screen => action.map_or_else(Vec::new, |action| act(model, action)),
        Mode::Command(input) => command_key(model, key, input),
        Mode::Filter { input, before } => {
            filter_key(model, key, input, before);
            Vec::new()
        }
        Mode::Search(input) => {
            logs::search_key(model, key, input);
            Vec::new()
        }
        Mode::Fields(input) => {
            logs::fields_key(model, key, input);
            Vec::new()
        }
    }
}

/// Whether a key types something.
fn is_character(key: &KeyEvent) -> bool {
    matches!(key.code, KeyCode::Char(_))
        && !key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
}

/// Pasted text goes into the line of input, if there is one, without its control characters.
pub(super) fn paste(model: &mut Model, text: &str) {
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_INPUT)
        .collect();
    match (&mut model.dialog, &mut model.mode) {
        (Some(Dialog::Confirm { confirmation, .. }), _) => {
            clean.chars().for_each(|c| confirmation.push(c));
        }
        (Some(Dialog::Count { input, .. }), _) => {
            let digits: String = clean.chars().filter(char::is_ascii_digit).collect();
            insert(input, &digits);
        }
        (Some(Dialog::Words { intent, input, .. }), _) => {
            for c in text.chars().filter(|c| !c.is_control()) {
                if pipelines::has_room(intent, input) {
                    input.handle(tui_input::InputRequest::InsertChar(c));
                }
            }
        }
        (Some(Dialog::LogFilters(panel)), _) => logs::panel_paste(panel, &clean),
        (None, Mode::Command(input) | Mode::Search(input) | Mode::Fields(input)) => {
            insert(input, &clean);
        }
        (None, Mode::Filter { input, .. }) => {
            insert(input, &clean);
            let text = input.value().to_owned();
            set_filter(model, text);
        }
        _ => {}
    }
}

pub(super) fn insert(input: &mut Input, text: &str) {
    for c in text.chars() {
        if input.value().len() < LONGEST_INPUT {
            input.handle(tui_input::InputRequest::InsertChar(c));
        }
    }
}

/// Gives a key to a line of input. Keys with modifiers that edit nothing do nothing.
pub(super) fn edit(input: &mut Input, key: &KeyEvent) {
    if is_character(key) && input.value().len() >= LONGEST_INPUT {
        return;
    }
    input.handle_event(&crossterm::event::Event::Key(*key));
}

fn command_key(model: &mut Model, key: &KeyEvent, mut input: Input) -> Vec<Effect> {
    match key.code {
        KeyCode::Esc => {}
        KeyCode::Backspace if input.value().is_empty() => {}
        KeyCode::Enter => return run_command(model, input),
        KeyCode::Tab | KeyCode::Right if input.cursor() == input.value().chars().count() => {
            if let Some(command) = command::completions(model, input.value()).first() {
                let gap = if command.argument.is_empty() { "" } else { " " };
                input = Input::new(format!("{}{gap}", command.name));
            }
            model.mode = Mode::Command(input);
        }
        _ => {
            edit(&mut input, key);
            model.mode = Mode::Command(input);
        }
    }
    Vec::new()
}

fn run_command(model: &mut Model, input: Input) -> Vec<Effect> {
    match command::parse(model, input.value()) {
        Command::Go(screen) => navigate::jump(model, screen),
        Command::Show(range) => ranges::choose(model, range),
        Command::Save { extent, path } => return logs::save(model, extent, path),
        Command::Export { path } => return logs::export(model, path),
        Command::Mend => model.mode = Mode::Command(input),
        Command::Quit => return vec![Effect::Quit],
        Command::Nothing(why) if why.is_empty() => {}
        Command::Nothing(why) => model.say(why),
    }
    Vec::new()
}

fn filter_key(model: &mut Model, key: &KeyEvent, mut input: Input, before: String) {
    match key.code {
        KeyCode::Esc => set_filter(model, before),
        KeyCode::Enter if input.value().is_empty() => set_filter(model, String::new()),
        KeyCode::Enter => {}
        KeyCode::Backspace if input.value().is_empty() => {}
        KeyCode::Up | KeyCode::Down => {
            move_by(model, if key.code == KeyCode::Up { -1 } else { 1 });
            model.mode = Mode::Filter { input, before };
        }
        _ => {
            edit(&mut input, key);
            set_filter(model, input.value().to_owned());
            model.mode = Mode::Filter { input, before };
        }
    }
}

fn set_filter(model: &mut Model, text: String) {
    model.navigation.current_mut().list.filter = Filter::new(text);
    model.unsettled = true;
}

fn dialog_key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let Some(dialog) = &mut model.dialog else {
        return Vec::new();
    };
    if matches!(dialog, Dialog::LogFilters(_)) {
        logs::panel_key(model, key);
        return Vec::new();
    }
    if key.code == KeyCode::Esc {
        return acting::cancel(model);
    }
    if matches!(dialog, Dialog::LogLine { .. })
        && let Some(action @ (Action::Copy | Action::CopyMessage)) =
            model.keymap.action(Chord::of(key), true)
    {
        return logs::copy_one(model, action);
    }
    match dialog {
        Dialog::Planning { .. } | Dialog::LogFilters(_) => {}
        Dialog::LogLine { scroll, .. } => match key.code {
            KeyCode::Enter | KeyCode::Char('q' | 'd') => model.dialog = None,
            _ => scroll_by(scroll, key),
        },
        Dialog::Refused { .. } | Dialog::Moved { .. } => {
            if matches!(key.code, KeyCode::Enter | KeyCode::Char('q' | ' ')) {
                model.dialog = None;
            }
        }
        Dialog::Count { input, .. } => match key.code {
            KeyCode::Enter => return acting::count_entered(model),
            KeyCode::Char(c) if !c.is_ascii_digit() => {}
            _ => edit(input, key),
        },
        Dialog::Words { intent, input, .. } => match key.code {
            KeyCode::Enter => return pipelines::words_entered(model),
            _ if is_character(key) && !pipelines::has_room(intent, input) => {}
            _ => {
                input.handle_event(&crossterm::event::Event::Key(*key));
            }
        },
        Dialog::Confirm {
            confirmation,
            scroll,
            ..
        } => match key.code {
            KeyCode::Enter
                if confirmation.button() == Button::Cancel && confirmation.typed().is_empty() =>
            {
                return acting::cancel(model);
            }
            KeyCode::Enter => return acting::answered(model),
            KeyCode::Tab | KeyCode::BackTab | KeyCode::Left | KeyCode::Right => {
                confirmation.toggle();
            }
            KeyCode::Backspace => confirmation.pop(),
            KeyCode::Down => *scroll = scroll.saturating_add(1),
            KeyCode::Up => *scroll = scroll.saturating_sub(1),
            KeyCode::PageDown => *scroll = scroll.saturating_add(DIALOG_PAGE),
            KeyCode::PageUp => *scroll = scroll.saturating_sub(DIALOG_PAGE),
            KeyCode::Char(c) if !key.modifiers.contains(KeyModifiers::CONTROL) => {
                confirmation.push(c);
            }
            _ => {}
        },
    }
    Vec::new()
}

/// Scrolls the text of a dialog.
fn scroll_by(scroll: &mut usize, key: &KeyEvent) {
    *scroll = match key.code {
        KeyCode::Down | KeyCode::Char('j') => scroll.saturating_add(1),
        KeyCode::Up | KeyCode::Char('k') => scroll.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => scroll.saturating_add(DIALOG_PAGE.into()),
        KeyCode::PageUp => scroll.saturating_sub(DIALOG_PAGE.into()),
        KeyCode::Home | KeyCode::Char('g') => 0,
        KeyCode::End | KeyCode::Char('G') => usize::MAX,
        _ => *scroll,
    };
}

/// Does what a key stands for on a screen, or says why it cannot.
fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match availability(model, action) {
        Availability::On(_) => perform(model, action),
        Availability::Off(reason) | Availability::Quiet(reason) => {
            let key = model.keymap.label(action);
            model.say(format!("{key}: {reason}"));
            acting::record_off(model, action, &reason)
        }
        Availability::Absent => match action.elsewhere() {
            Some(other) if !has_releases(&model.navigation.current().screen) => act(model, other),
            _ => Vec::new(),
        },
    }
}

fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Up => move_by(model, -1),
        Action::Down => move_by(model, 1),
        Action::PageUp => move_by(model, -page_rows(model)),
        Action::PageDown => move_by(model, page_rows(model)),
        Action::Top => move_by(model, isize::MIN / 2),
        Action::Bottom => move_by(model, isize::MAX / 2),
        Action::Open if in_logs(model) => logs::open(model),
        Action::Open => navigate::drill_down(model),
        Action::Back => return back(model, false),
        Action::QuitOrBack => return back(model, true),
        Action::Quit => return vec![Effect::Quit],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Redraw => return vec![Effect::Redraw],
        Action::Last => {
            if model.navigation.last() {
                navigate::arrived(model);
            }
        }
        Action::Filter => {
            // A new filter replaces the old one as soon as it is typed; until then the old one stays.
            let before = model.navigation.current().list.filter.text().to_owned();
            let input = Input::default();
            model.mode = Mode::Filter { input, before };
        }
        Action::Command => model.mode = Mode::Command(Input::default()),
        Action::SortNext => sort_next(model),
        Action::SortReverse => {
            let sort = &mut model.navigation.current_mut().list.sort;
            sort.descending = !sort.descending;
            model.unsettled = true;
        }
        Action::FaultsOnly => {
            let page = model.navigation.current_mut();
            page.faults_only = !page.faults_only;
            model.unsettled = true;
        }
        Action::Describe if reads_line(model) => logs::whole(model),
        Action::Describe => navigate::describe(model),
        Action::Logs => navigate::logs(model),
        Action::LastLines => navigate::last_lines(model),
        Action::Tasks => navigate::tasks(model),
        Action::History => navigate::history(model),
        Action::TaskDefinition => navigate::revisions(model),
        Action::Stopped => navigate::toggle_stopped(model),
        Action::Copy | Action::CopyMessage if in_logs(model) => return logs::copy(model, action),
        Action::Save => return logs::save(model, None, None),
        Action::Copy => return copy(model),
        Action::Browser => {
            return navigate::console_link(model)
                .map(Effect::OpenLink)
                .into_iter()
                .collect();
        }
        Action::Help => navigate::open(model, Screen::Help),
        Action::Refresh => return refresh(model),
        Action::ForceRedeploy
        | Action::RollBack
        | Action::CutOver
        | Action::StopRelease
        | Action::Deploy
        | Action::DesiredCount
        | Action::StopTask
        | Action::Approve
        | Action::Reject
        | Action::Retry
        | Action::RetryAll
        | Action::Start
        | Action::Abandon
        | Action::Transition
        | Action::Override => return acting::wish(model, action),
        Action::Tail
        | Action::Head
        | Action::LastMinute
        | Action::Last5Minutes
        | Action::Last15Minutes
        | Action::Last30Minutes
        | Action::LastHour => ranges::key(model, action),
        _ => logs::read(model, action),
    }
    Vec::new()
}

fn in_logs(model: &Model) -> bool {
    model.navigation.current().logs.is_some()
}

/// Whether a log line is under the cursor.
fn reads_line(model: &Model) -> bool {
    let logs = model.navigation.current().logs.as_ref();
    logs.is_some_and(|logs| logs.place.is_some())
}

fn page_rows(model: &Model) -> isize {
    isize::from(i16::try_from(model.rows.saturating_sub(6).max(1)).unwrap_or(i16::MAX))
}

fn move_by(model: &mut Model, rows: isize) {
    let page = model.navigation.current_mut();
    if page.logs.is_some() {
        logs::move_by(model, rows);
        return;
    }
    if has_list(&page.screen) {
        page.list.move_by(rows);
    } else {
        page.scroll = page.scroll.saturating_add_signed(rows);
    }
}

/// Takes back what was scrolled past the end: else the same way would have to be gone back before
/// anything moves.
pub(super) fn stop_at(model: &mut Model, furthest: usize) {
    if let Some(dialog) = &mut model.dialog {
        match dialog {
            Dialog::Confirm { scroll, .. } => {
                *scroll = (*scroll).min(u16::try_from(furthest).unwrap_or(u16::MAX));
            }
            Dialog::LogLine { scroll, .. } => *scroll = (*scroll).min(furthest),
            _ => {}
        }
        return;
    }
    let page = model.navigation.current_mut();
    page.scroll = page.scroll.min(furthest);
}

fn back(model: &mut Model, quit_at_home: bool) -> Vec<Effect> {
    if !quit_at_home && logs::back(model) {
        return Vec::new();
    }
    let list = &mut model.navigation.current_mut().list;
    if !quit_at_home && !list.filter.is_empty() {
        list.filter = Filter::default();
        model.unsettled = true;
        return Vec::new();
    }
    if model.navigation.back() {
        navigate::arrived(model);
    } else if quit_at_home {
        return vec![Effect::Quit];
    }
    Vec::new()
}

fn sort_next(model: &mut Model) {
    let page = model.navigation.current_mut();
    let count = columns(&page.screen).len();
    let next = page.list.sort.column.map_or(0, |column| column + 1);
    page.list.sort = Sort {
        column: (next < count).then_some(next),
        descending: false,
    };
    model.unsettled = true;
}

fn copy(model: &mut Model) -> Vec<Effect> {
    match selection(model).arn() {
        Some(arn) => {
            model.say(format!("copied {arn}"));
            vec![Effect::Copy(arn)]
        }
        None => Vec::new(),
    }
}

fn refresh(model: &mut Model) -> Vec<Effect> {
    model.say("asking AWS again");
    subscriptions(model)
        .into_iter()
        .map(|wanted| Effect::Refresh {
            context: wanted.context,
            query: wanted.query,
        })
        .collect()
}
