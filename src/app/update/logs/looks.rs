//! How lines look: toggles, and marks of the person's own.

use jiff::tz::TimeZone;

use crate::app::logs::{Hue, JsonForm, LogBuffer};
use crate::app::model::Model;
use crate::domain::logs::level::Level;
use crate::keys::Action;

/// Lines around what passes the filters, in the order of the key.
const AROUND: [usize; 4] = [0, 1, 3, 10];

/// Changes how lines look.
pub(super) fn change(model: &mut Model, action: Action) {
    let utc = model.preferences.zone == TimeZone::UTC;
    let histogram = model.log_buffer.as_ref().is_some_and(LogBuffer::has_sides);
    let Some(logs) = &mut model.navigation.current_mut().logs else {
        return;
    };
    match action {
        Action::Wrap => logs.wrap = !logs.wrap,
        Action::Timestamps => logs.times = logs.times.next(utc),
        Action::Level => {
            logs.level = match logs.level {
                None => Some(Level::Warn),
                Some(Level::Warn) => Some(Level::Error),
                Some(_) => None,
            }
        }
        Action::Around => {
            let next = AROUND.iter().find(|lines| **lines > logs.around);
            logs.around = next.copied().unwrap_or(0);
        }
        Action::Sides => logs.side_by_side = !logs.side_by_side,
        Action::Histogram => logs.histogram = Some(!logs.histogram.unwrap_or(histogram)),
        Action::Hue => {
            logs.hue = match logs.hue {
                Hue::Release => Hue::Task,
                Hue::Task => Hue::Release,
            }
        }
        Action::Json => {
            logs.json = match logs.json {
                JsonForm::Raw if logs.fields.is_empty() => JsonForm::Pretty,
                JsonForm::Raw => JsonForm::Reduced,
                JsonForm::Reduced => JsonForm::Pretty,
                JsonForm::Pretty => JsonForm::Raw,
            }
        }
        Action::FullScreen => logs.full_screen = !logs.full_screen,
        _ => {}
    }
}

/// Marks the line under the cursor, or takes its mark away. While the newest line is followed a mark
/// is put after it instead, so that what comes from now on can be told from what came before.
pub(super) fn mark(model: &mut Model) {
    let now = model.now;
    let Some(logs) = &mut model.navigation.current_mut().logs else {
        return;
    };
    match (logs.place, &mut model.log_buffer) {
        (Some(place), _) => {
            if !logs.marks.remove(&place.cursor) {
                logs.marks.insert(place.cursor);
            }
        }
        (None, Some(buffer)) => {
            let last = buffer.lines.last().map(|entry| entry.at());
            buffer.remark(last.map_or(now, |last| last.max(now)), "mark");
        }
        (None, None) => {}
    }
}
