//! The commands of the logs screen: they take an argument.

use super::{Command, CommandSpec, find, split};
use crate::app::logs::Extent;
use crate::app::logs_range::{Range, RangeError, parse_at, parse_since, range_in_front};
use crate::app::model::Model;
use crate::keys::Action;

/// What a command of the logs screen means with its argument.
pub(super) fn parse(model: &Model, command: &CommandSpec, argument: &str) -> Command {
    if range_in_front(model).is_none() {
        return Command::Nothing(elsewhere(model, command));
    }
    match command.name {
        "save" => {
            let (extent, path) = of_save(argument);
            Command::Save { extent, path }
        }
        "export" => Command::Export {
            path: typed_path(argument),
        },
        name => range(model, name, argument).map_or(Command::Mend, Command::Show),
    }
}

/// What a line of which the name is complete would do, or why it would not; `None` while a name is
/// typed.
pub fn hint(model: &Model, typed: &str) -> Option<String> {
    let typed = typed.trim_start();
    let (word, argument) = split(typed);
    let complete = typed.len() > word.len();
    let command = find(model, word).filter(|command| complete && !command.argument.is_empty())?;
    if range_in_front(model).is_none() {
        return Some(elsewhere(model, command));
    }
    Some(match command.name {
        "save" => words_of_save(model, argument),
        "export" => format!(
            "a note of the incident, to {}",
            words_of(typed_path(argument))
        ),
        name => match range(model, name, argument) {
            Ok(range) => range.label(&model.preferences.zone),
            Err(error) => error.to_string(),
        },
    })
}

/// Which lines are saved, and to which file.
fn of_save(argument: &str) -> (Option<Extent>, Option<String>) {
    let (word, rest) = split(argument);
    let (extent, path) = if word == "all" {
        (Some(Extent::All), rest)
    } else {
        (None, argument)
    };
    (extent, typed_path(path))
}

fn typed_path(path: &str) -> Option<String> {
    (!path.is_empty()).then(|| path.to_owned())
}

fn words_of(path: Option<String>) -> String {
    path.unwrap_or_else(|| "a file of its own name".into())
}

fn words_of_save(model: &Model, argument: &str) -> String {
    let (extent, path) = of_save(argument);
    let logs = model.navigation.current().logs.as_ref();
    let selects = logs.is_some_and(|logs| logs.selection().is_some());
    let what = match extent {
        Some(_) => "all lines",
        None if selects => "the selected lines",
        None => "the lines that are shown",
    };
    format!("{what}, to {}", words_of(path))
}

fn range(model: &Model, name: &str, argument: &str) -> Result<Range, RangeError> {
    let (now, zone) = (model.now, &model.preferences.zone);
    match name {
        "since" => parse_since(argument).map(|seconds| Range::last(seconds, now)),
        _ => parse_at(argument, now, zone).map(|moment| Range::at(moment, now)),
    }
}

fn elsewhere(model: &Model, command: &CommandSpec) -> String {
    let key = model.keymap.label(Action::Logs);
    format!(":{} is for log lines: {key} opens them", command.name)
}
