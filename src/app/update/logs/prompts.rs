//! Lines of input of the logs screen: what to search for, and the fields to show.

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use super::seeking;
use crate::app::logs::{JsonForm, Searching, parse_search};
use crate::app::model::{Mode, Model};
use crate::app::update::keys;
use crate::domain::logs::fields::FieldPath;
use crate::keys::Action;

/// Asks what to search for.
pub(super) fn ask_search(model: &mut Model) {
    model.mode = Mode::Search(Input::default());
}

/// A key in the line of the search.
pub(in crate::app::update) fn search_key(model: &mut Model, key: &KeyEvent, mut input: Input) {
    match key.code {
        KeyCode::Esc => {}
        KeyCode::Backspace if input.value().is_empty() => {}
        KeyCode::Enter => search(model, input.value()),
        _ => {
            keys::edit(&mut input, key);
            model.mode = Mode::Search(input);
        }
    }
}

/// Marks what is found, and goes to the nearest line above that has it, as what is newest is on
/// screen. Nothing typed ends the search.
fn search(model: &mut Model, text: &str) {
    let found = parse_search(text);
    let Some(logs) = &mut model.navigation.current_mut().logs else {
        return;
    };
    match found {
        Ok(search) => {
            let text = text.trim().to_owned();
            logs.search = Some(Searching { text, search });
            seeking::begin(model, Action::PreviousMatch);
        }
        Err(_) if text.trim().is_empty() => logs.search = None,
        Err(error) => model.say(error),
    }
    model.unsettled = true;
}

/// Asks for the fields that lines of JSON are reduced to.
pub(super) fn ask_fields(model: &mut Model) {
    let logs = model.navigation.current().logs.as_ref();
    let known = logs.map_or_else(String::new, |logs| {
        let paths: Vec<&str> = logs.fields.iter().map(FieldPath::as_str).collect();
        paths.join(", ")
    });
    model.mode = Mode::Fields(Input::new(known));
}

/// A key in the line of the fields.
pub(in crate::app::update) fn fields_key(model: &mut Model, key: &KeyEvent, mut input: Input) {
    match key.code {
        KeyCode::Esc => {}
        KeyCode::Enter => choose(model, input.value()),
        _ => {
            keys::edit(&mut input, key);
            model.mode = Mode::Fields(input);
        }
    }
}

fn choose(model: &mut Model, text: &str) {
    let words = text.split(|c: char| c == ',' || c.is_whitespace());
    let fields: Vec<FieldPath> = words.filter_map(FieldPath::new).collect();
    if let Some(logs) = &mut model.navigation.current_mut().logs {
        logs.json = if fields.is_empty() {
            JsonForm::Raw
        } else {
            JsonForm::Reduced
        };
        logs.fields = fields;
    }
}
