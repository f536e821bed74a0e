//! The panel of filters: add, change, switch on and off, turn round, remove.

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::app::dialog::Dialog;
use crate::app::logs::{FilterPanel, Stacked, Typing, parse_rule};
use crate::app::model::Model;
use crate::app::update::keys;
use crate::domain::logs::Origins;

/// Opens the panel.
pub(super) fn open(model: &mut Model) {
    model.dialog = Some(Dialog::LogFilters(FilterPanel::default()));
}

/// A key in the panel.
pub(in crate::app::update) fn key(model: &mut Model, key: &KeyEvent) {
    let Some(Dialog::LogFilters(mut panel)) = model.dialog.take() else {
        return;
    };
    let stays = match panel.typing.take() {
        Some(typing) => {
            typed(model, &mut panel, key, typing);
            true
        }
        None => pressed(model, &mut panel, key),
    };
    if stays {
        model.dialog = Some(Dialog::LogFilters(panel));
    }
    model.unsettled = true;
}

/// Pasted text goes into the filter that is being written.
pub(in crate::app::update) fn paste(panel: &mut FilterPanel, text: &str) {
    if let Some(typing) = &mut panel.typing {
        keys::insert(&mut typing.input, text);
    }
}

/// A key while a filter is written.
fn typed(model: &mut Model, panel: &mut FilterPanel, key: &KeyEvent, mut typing: Typing) {
    match key.code {
        KeyCode::Esc => {}
        KeyCode::Enter => accept(model, panel, typing),
        _ => {
            keys::edit(&mut typing.input, key);
            typing.error = None;
            panel.typing = Some(typing);
        }
    }
}

/// Puts the filter that was written in its place, or says why it is none.
fn accept(model: &mut Model, panel: &mut FilterPanel, mut typing: Typing) {
    let text = typing.input.value().trim().to_owned();
    if text.is_empty() {
        return;
    }
    let none = Origins::default();
    let origins = model
        .log_buffer
        .as_ref()
        .map_or(&none, |buffer| &buffer.origins);
    if let Err(error) = parse_rule(&text, origins) {
        typing.error = Some(error);
        panel.typing = Some(typing);
        return;
    }
    let Some(logs) = &mut model.navigation.current_mut().logs else {
        return;
    };
    match typing.replaces.and_then(|place| logs.rules.get_mut(place)) {
        Some(known) => known.text = text,
        None => {
            logs.rules.push(Stacked::new(text));
            panel.cursor = logs.rules.len() - 1;
        }
    }
}

/// A key on the list of filters. Whether the panel stays.
fn pressed(model: &mut Model, panel: &mut FilterPanel, key: &KeyEvent) -> bool {
    let begin = begin_of_task(model);
    let Some(logs) = &mut model.navigation.current_mut().logs else {
        return false;
    };
    let last = logs.rules.len().saturating_sub(1);
    panel.cursor = panel.cursor.min(last);
    let selected = logs.rules.get_mut(panel.cursor);
    match key.code {
        KeyCode::Esc | KeyCode::Tab | KeyCode::Char('q' | '&') => return false,
        KeyCode::Up | KeyCode::Char('k') => panel.cursor = panel.cursor.saturating_sub(1),
        KeyCode::Down | KeyCode::Char('j') => panel.cursor = (panel.cursor + 1).min(last),
        KeyCode::Char(' ') => {
            if let Some(rule) = selected {
                rule.enabled = !rule.enabled;
            }
        }
        KeyCode::Char('!') => {
            if let Some(rule) = selected {
                rule.turn_round();
            }
        }
        KeyCode::Enter | KeyCode::Char('e') => {
            panel.typing = selected.map(|rule| Typing {
                input: Input::new(rule.text.clone()),
                replaces: Some(panel.cursor),
                error: None,
            });
        }
        KeyCode::Delete | KeyCode::Backspace | KeyCode::Char('d') if selected.is_some() => {
            logs.rules.remove(panel.cursor);
        }
        KeyCode::Char(digit @ '1'..='9') => {
            let place = digit
                .to_digit(10)
                .and_then(|digit| usize::try_from(digit).ok());
            if let Some(rule) = place.and_then(|place| logs.rules.get_mut(place - 1)) {
                rule.enabled = !rule.enabled;
            }
        }
        KeyCode::Char(c) => panel.typing = beginning(c, begin).map(|text| Typing::new(&text)),
        _ => {}
    }
    true
}

/// What a key begins a new filter with.
fn beginning(key: char, task: Option<String>) -> Option<String> {
    match key {
        'a' | 'i' => Some(String::new()),
        'x' => Some("!".into()),
        'r' => Some("-r ".into()),
        'l' => Some("level>=".into()),
        't' => Some(format!("task:{}", task.unwrap_or_default())),
        'c' => Some("container:".into()),
        's' => Some("side:new".into()),
        'f' => Some(".".into()),
        _ => None,
    }
}

/// The beginning of the id of the task under the cursor.
fn begin_of_task(model: &Model) -> Option<String> {
    let place = model.navigation.current().logs.as_ref()?.place?;
    let line = model.log_buffer.as_ref()?.lines.get(place.cursor)?.line()?;
    Some(line.stream.task().chars().take(8).collect())
}
