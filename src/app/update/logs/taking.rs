//! Taking lines away: selecting, copying, saving.

use crate::app::effect::{Effect, Save};
use crate::app::incident::incident;
use crate::app::logs::{Extent, LogBuffer, LogsState, Place, Takeaway, plain};
use crate::app::model::Model;
use crate::app::msg::Saved;
use crate::domain::logs::buffer::LineId;
use crate::domain::logs::plain::write_message;
use crate::domain::text::count;
use crate::keys::Action;

/// Bytes that are copied at most. Terminals take 100,000 bytes of OSC 52 or drop all of it, and in
/// base64 this is as much as fits.
const MOST_COPIED: usize = 74_994;

/// Begins a selection at the cursor or at the newest line; gives it up where there is one.
pub(super) fn select(model: &mut Model) {
    let newest = model.log_buffer.as_ref().and_then(LogBuffer::newest);
    let Some(logs) = &mut model.navigation.current_mut().logs else {
        return;
    };
    if logs.selected_from.take().is_some() {
        return;
    }
    if logs.place.is_none() {
        logs.place = newest.map(|newest| Place {
            cursor: newest,
            bottom: newest,
        });
    }
    logs.selected_from = logs.place.map(|place| place.cursor);
}

/// Copies the selection, the line under the cursor, or while following the newest line.
pub(in crate::app::update) fn copy(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = model.navigation.current();
    let (Some(buffer), Some(logs)) = (&model.log_buffer, &page.logs) else {
        return Vec::new();
    };
    let Some((first, last)) = chosen(buffer, logs) else {
        model.say("there is no line to copy");
        return Vec::new();
    };
    let plain = plain(buffer, logs, &model.preferences.zone);
    let begin = buffer.lines.passing_before(first);
    let lines = buffer.count_between(first, last);
    let mut text = String::new();
    for entry in buffer.lines.from_rank(begin).take(lines) {
        if action == Action::CopyMessage {
            write_message(&entry, &mut text);
        } else if text.is_empty() {
            plain.write_alone(&entry, &mut text);
        } else {
            plain.write(&entry, &mut text);
        }
        // What is too large is not read to its end: a frame has no time for it.
        if text.len() > MOST_COPIED {
            break;
        }
    }
    let words = count(lines, "line");
    if text.len() > MOST_COPIED {
        let key = model.keymap.label(Action::Save);
        model.say(format!(
            "{words}: too large for a terminal to copy (74,994 bytes); {key} saves to a file"
        ));
        return Vec::new();
    }
    // What one pastes into a line of a shell or of a form must not send it.
    text.truncate(text.trim_end_matches('\n').len());
    model.say(format!("copied {words}, {}", count(text.len(), "byte")));
    if let Some(logs) = &mut model.navigation.current_mut().logs {
        logs.selected_from = None;
    }
    vec![Effect::Copy(text)]
}

/// Copies the line that is shown as a whole; a selection stays as it is.
pub(in crate::app::update) fn copy_one(model: &mut Model, action: Action) -> Vec<Effect> {
    let logs = &mut model.navigation.current_mut().logs;
    let selected = logs.as_mut().and_then(|logs| logs.selected_from.take());
    let effects = copy(model, action);
    if let Some(logs) = &mut model.navigation.current_mut().logs {
        logs.selected_from = selected;
    }
    effects
}

/// The first and the last line that a key takes away.
fn chosen(buffer: &LogBuffer, logs: &LogsState) -> Option<(LineId, LineId)> {
    let line = || match logs.place {
        // A filter may have hidden what was under the cursor: what is there now counts.
        Some(place) => {
            let rank = buffer.lines.rank_of(place.cursor)?;
            Some(buffer.lines.at_rank(rank)?.id())
        }
        None => buffer.newest(),
    };
    logs.selection().or_else(|| line().map(|line| (line, line)))
}

/// Saves lines to a file: what is wanted, else the selection, else what is shown.
pub(in crate::app::update) fn save(
    model: &mut Model,
    extent: Option<Extent>,
    path: Option<String>,
) -> Vec<Effect> {
    let page = model.navigation.current();
    let (Some(buffer), Some(logs)) = (&model.log_buffer, &page.logs) else {
        return Vec::new();
    };
    let extent = extent.unwrap_or_else(|| selected_or_shown(logs));
    let nothing = match extent {
        Extent::All => buffer.is_empty(),
        Extent::Shown | Extent::Between(..) => buffer.passing() == 0 && buffer.looking().is_none(),
    };
    if nothing {
        model.say("there is no line to save");
        return Vec::new();
    }
    let content = Takeaway::of(buffer, logs, &model.preferences.zone, extent);
    let name = file_name(model, buffer, "log");
    write(model, path, name, content)
}

/// Writes a note of the incident with the selected lines, or else those that are shown.
pub(in crate::app::update) fn export(model: &mut Model, path: Option<String>) -> Vec<Effect> {
    let page = model.navigation.current();
    let (Some(buffer), Some(logs)) = (&model.log_buffer, &page.logs) else {
        return Vec::new();
    };
    let content = Takeaway::of(
        buffer,
        logs,
        &model.preferences.zone,
        selected_or_shown(logs),
    );
    let incident = incident(model, &buffer.source, content.zone());
    let content = content.noted(incident, logs);
    let name = file_name(model, buffer, "md");
    write(model, path, name, content)
}

fn selected_or_shown(logs: &LogsState) -> Extent {
    let selected = logs.selection();
    selected.map_or(Extent::Shown, |(first, last)| Extent::Between(first, last))
}

fn write(model: &mut Model, path: Option<String>, name: String, content: Takeaway) -> Vec<Effect> {
    if let Some(logs) = &mut model.navigation.current_mut().logs {
        logs.selected_from = None;
    }
    model.say("saving");
    vec![Effect::Save(Box::new(Save {
        path,
        name,
        content,
    }))]
}

/// A name that says whose lines they are, and when they were saved.
fn file_name(model: &Model, buffer: &LogBuffer, ending: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
            c
        } else {
            ' '
        }
    };
    let name: String = buffer.source.id.name().chars().map(plain).collect();
    let name: Vec<&str> = name.split_whitespace().collect();
    let at = model.now.to_zoned(model.preferences.zone.clone());
    let at = at.strftime("%Y%m%d-%H%M%S");
    format!("{}-{at}.{ending}", name.join("-").trim_start_matches('.'))
}

/// Says where a file is, or why there is none.
pub(in crate::app::update) fn saved(model: &mut Model, outcome: Result<Saved, String>) {
    match outcome {
        Ok(Saved { path, lines, bytes }) => {
            let lines = count(lines, "line");
            model.warn(format!("saved {path}: {lines}, {}", count(bytes, "byte")));
        }
        Err(why) => model.warn(format!("not saved: {why}")),
    }
}
