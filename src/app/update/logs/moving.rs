//! Following, pausing, and moving the cursor over lines.

use jiff::Timestamp;

use crate::app::dialog::Dialog;
use crate::app::logs::{LogBuffer, LogsState, Place};
use crate::app::model::Model;
use crate::domain::logs::buffer::LineId;

/// Follows the newest line.
fn follow(logs: &mut LogsState) {
    logs.paused = false;
    logs.seek = None;
    logs.surroundings = false;
    logs.place = None;
    logs.selected_from = None;
}

/// Stays where one reads, or follows the newest line again.
pub(super) fn pause(model: &mut Model) {
    let newest = model.log_buffer.as_ref().and_then(LogBuffer::newest);
    let Some(logs) = &mut model.navigation.current_mut().logs else {
        return;
    };
    if logs.paused {
        follow(logs);
        return;
    }
    logs.paused = true;
    if logs.place.is_none() {
        logs.place = newest.map(at);
    }
}

/// A place whose line is the lowest on screen until it is drawn.
fn at(line: LineId) -> Place {
    Place {
        cursor: line,
        bottom: line,
    }
}

/// Moves the cursor by so many lines, up when negative. While the newest line is followed there is
/// none: the first step up puts it there. Stepping down from the newest line follows again.
pub(in crate::app::update) fn move_by(model: &mut Model, lines: isize) {
    let Some(buffer) = &model.log_buffer else {
        return;
    };
    let page = model.navigation.current_mut();
    let Some(logs) = &mut page.logs else {
        return;
    };
    let Some(last) = buffer.passing().checked_sub(1) else {
        return;
    };
    logs.seek = None;
    let rank = match logs.place {
        Some(place) => buffer.lines.rank_of(place.cursor).unwrap_or(0),
        None if lines < 0 => last + 1,
        None => return,
    };
    let next = rank.saturating_add_signed(lines);
    if next > last && !logs.paused && logs.selected_from.is_none() {
        logs.place = None;
        return;
    }
    let bottom = logs.place.map(|place| place.bottom).or(buffer.newest());
    if let (Some(entry), Some(bottom)) = (buffer.lines.at_rank(next.min(last)), bottom) {
        let cursor = entry.id();
        logs.place = Some(Place { cursor, bottom });
    }
}

/// The end of the lines: the newest one where lines are being selected, else what follows it.
pub(super) fn to_the_end(model: &mut Model) {
    let newest = model.log_buffer.as_ref().and_then(LogBuffer::newest);
    let Some(logs) = &mut model.navigation.current_mut().logs else {
        return;
    };
    match newest.filter(|_| logs.selection().is_some()) {
        Some(newest) => go_to(model, newest),
        None => follow(logs),
    }
}

/// Goes to a line, which will be somewhere in sight.
pub(super) fn go_to(model: &mut Model, line: LineId) {
    let newest = model.log_buffer.as_ref().and_then(LogBuffer::newest);
    if let Some(logs) = &mut model.navigation.current_mut().logs {
        let bottom = logs.place.map(|place| place.bottom).or(newest);
        logs.place = Some(Place {
            cursor: line,
            bottom: bottom.unwrap_or(line),
        });
    }
}

/// Opens the line under the cursor: among all lines around it where a filter hides those, else as a
/// whole.
pub(in crate::app::update) fn open(model: &mut Model) {
    let all = model.log_buffer.as_ref().is_none_or(LogBuffer::shows_all);
    let Some(logs) = &mut model.navigation.current_mut().logs else {
        return;
    };
    let Some(place) = logs.place else {
        return;
    };
    if all || logs.surroundings {
        whole(model);
        return;
    }
    logs.surroundings = true;
    if let Some(buffer) = &model.log_buffer {
        let place = buffer.lines.place_of(place.cursor);
        stand_at(model, place);
    }
}

/// Goes to the first line of a moment, unless somebody has gone elsewhere already.
pub(super) fn go_to_moment(model: &mut Model, moment: Timestamp) {
    let lines = model.log_buffer.as_ref().map(|buffer| &buffer.lines);
    let place = lines.and_then(|lines| lines.place_at(moment));
    let follows = |logs: &LogsState| logs.follows() && !logs.paused;
    let logs = model.navigation.current().logs.as_ref();
    if let Some(place) = place.filter(|_| logs.is_some_and(follows)) {
        stand_at(model, place);
    }
}

/// Puts the cursor on an entry, by its place among all of them, in the middle of the screen.
fn stand_at(model: &mut Model, place: usize) {
    // Half of the screen stays for what comes after the line.
    let half = usize::from(model.rows / 2).saturating_sub(4);
    let Some(buffer) = &model.log_buffer else {
        return;
    };
    let last = buffer.lines.entries().saturating_sub(1);
    let entry = |place: usize| Some(buffer.lines.at_place(place.min(last))?.id());
    let there = entry(place).zip(entry(place + half));
    if let (Some(logs), Some((cursor, bottom))) = (&mut model.navigation.current_mut().logs, there)
    {
        logs.place = Some(Place { cursor, bottom });
    }
    model.unsettled = true;
}

/// Shows the whole line under the cursor.
pub(in crate::app::update) fn whole(model: &mut Model) {
    let place = model
        .navigation
        .current()
        .logs
        .as_ref()
        .and_then(|logs| logs.place);
    let entry = place.and_then(|place| model.log_buffer.as_ref()?.lines.get(place.cursor));
    if let Some(id) = entry.map(|entry| entry.id()) {
        model.dialog = Some(Dialog::LogLine { id, scroll: 0 });
    }
}

/// Takes back the last thing that was put in front of the lines. Whether there was one.
pub(in crate::app::update) fn back(model: &mut Model) -> bool {
    let page = model.navigation.current_mut();
    let Some(logs) = &mut page.logs else {
        return false;
    };
    let filtered = !page.list.filter.is_empty();
    if logs.selected_from.is_some() {
        logs.selected_from = None;
    } else if logs.surroundings {
        logs.surroundings = false;
    } else if logs.full_screen {
        logs.full_screen = false;
    } else if logs.search.is_some() && !filtered {
        logs.search = None;
        logs.seek = None;
    } else {
        return false;
    }
    model.unsettled = true;
    true
}
