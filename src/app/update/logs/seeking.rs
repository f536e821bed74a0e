//! Going to the next match, error or mark. A million lines are looked through a slice at a time, so
//! that every key is answered at once.

use super::moving;
use crate::app::logs::{LogBuffer, LogsState, Seek, Target};
use crate::app::model::Model;
use crate::domain::logs::buffer::{LineId, Sought};
use crate::domain::logs::level::Level;
use crate::keys::Action;

/// Lines that are looked at in one slice.
const SLICE: usize = 16_384;

/// Sets out for the next line of a kind, from the cursor or else from the newest line.
pub(super) fn begin(model: &mut Model, action: Action) {
    let Some(buffer) = &model.log_buffer else {
        return;
    };
    let newest = buffer.lines.last().map(|entry| entry.id());
    let Some(logs) = &mut model.navigation.current_mut().logs else {
        return;
    };
    let (target, forwards) = match action {
        Action::NextMatch => (Target::Match, true),
        Action::PreviousMatch => (Target::Match, false),
        Action::NextError => (Target::Error, true),
        Action::PreviousError => (Target::Error, false),
        Action::NextMark => (Target::Mark, true),
        _ => (Target::Mark, false),
    };
    if target == Target::Match && logs.search.is_none() {
        let key = model.keymap.label(Action::Search);
        model.say(format!("nothing is searched for: {key} begins a search"));
        return;
    }
    let Some(newest) = newest else { return };
    if let Some(line) = newest_itself(buffer, logs, target, forwards) {
        moving::go_to(model, line);
        return;
    }
    let from = logs.place.map_or(newest, |place| place.cursor);
    logs.seek = Some(Seek {
        target,
        forwards,
        from,
    });
    go_on(model);
}

/// While the newest line is followed no line is under the cursor: looking back begins with the newest
/// line itself.
fn newest_itself(
    buffer: &LogBuffer,
    logs: &LogsState,
    target: Target,
    forwards: bool,
) -> Option<LineId> {
    if forwards || !logs.follows() {
        return None;
    }
    let line = buffer.lines.get(buffer.newest()?)?.line()?;
    let is_it = match target {
        Target::Match => logs.search.as_ref()?.search.is_in(line.message),
        Target::Error => line.level.is_some_and(Level::is_error) && !line.continues,
        Target::Mark => logs.marks.contains(&line.id),
    };
    is_it.then_some(line.id)
}

/// Looks through a slice of lines. Whether there is nothing more to look for.
pub(super) fn go_on(model: &mut Model) -> bool {
    let Some(logs) = &mut model.navigation.current_mut().logs else {
        return true;
    };
    let (Some(seek), Some(buffer)) = (logs.seek, &mut model.log_buffer) else {
        return true;
    };
    match look(buffer, logs, seek) {
        Sought::Found(line) => {
            logs.seek = None;
            moving::go_to(model, line);
            true
        }
        Sought::Nothing => {
            logs.seek = None;
            model.say(nothing(seek));
            true
        }
        Sought::GoOn(from) => {
            logs.seek = Some(Seek { from, ..seek });
            false
        }
    }
}

fn look(buffer: &mut LogBuffer, logs: &LogsState, seek: Seek) -> Sought {
    let lines = &mut buffer.lines;
    match (seek.target, seek.forwards, &logs.search) {
        (Target::Match, true, Some(found)) => lines.next_match(seek.from, &found.search, SLICE),
        (Target::Match, false, Some(found)) => {
            lines.previous_match(seek.from, &found.search, SLICE)
        }
        (Target::Match, _, None) => Sought::Nothing,
        (Target::Error, true, _) => lines.next_error(seek.from, SLICE),
        (Target::Error, false, _) => lines.previous_error(seek.from, SLICE),
        (Target::Mark, true, _) => {
            let next = logs
                .marks
                .range(seek.from..)
                .find(|mark| **mark != seek.from);
            next.map_or(Sought::Nothing, |mark| Sought::Found(*mark))
        }
        (Target::Mark, false, _) => {
            let before = logs.marks.range(..seek.from).next_back();
            before.map_or(Sought::Nothing, |mark| Sought::Found(*mark))
        }
    }
}

fn nothing(seek: Seek) -> String {
    let what = match seek.target {
        Target::Match => "match",
        Target::Error => "error",
        Target::Mark => "marked line",
    };
    let place = if seek.forwards { "below" } else { "above" };
    format!("there is no {what} {place}")
}
