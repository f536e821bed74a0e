//! What the keys of the logs screen would do.

use jiff::tz::TimeZone;

use super::{Absent, Availability, off, on};
use crate::app::logs::{Hue, JsonForm, LogBuffer, LogsState, Times};
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::logs::level::Level;
use crate::keys::Action;

/// What a key would do where lines are read; `None` for a key that means there what it means
/// everywhere, and elsewhere.
pub(super) fn reading(model: &Model, screen: &Screen, action: Action) -> Option<Availability> {
    let logs = model.navigation.current().logs.as_ref();
    let logs = logs.filter(|_| matches!(screen, Screen::Logs(_)))?;
    Some(match action {
        Action::Open => open(model, logs),
        Action::Describe if logs.place.is_some() => on("whole line"),
        Action::Follow if logs.follows() => Absent,
        Action::Follow => on("follow"),
        Action::Pause if logs.paused => on("go on"),
        Action::Pause => on("pause"),
        Action::NextMatch | Action::PreviousMatch if logs.search.is_none() => Absent,
        Action::NextMatch => on("next match"),
        Action::PreviousMatch => on("match before"),
        Action::NextMark | Action::PreviousMark if logs.marks.is_empty() => Absent,
        Action::NextMark => on("next mark"),
        Action::PreviousMark => on("mark before"),
        Action::NextError => on("next error"),
        Action::PreviousError => on("error before"),
        Action::Level => on(level(logs)),
        Action::Around => on("context"),
        Action::Sides => sides(model, logs),
        Action::Histogram => on("errors a minute"),
        Action::Hue => on(match logs.hue {
            Hue::Release => "colour by task",
            Hue::Task => "colour by release",
        }),
        Action::Json => on(match logs.json {
            JsonForm::Raw if logs.fields.is_empty() => "pretty JSON",
            JsonForm::Raw => "fields only",
            JsonForm::Reduced => "pretty JSON",
            JsonForm::Pretty => "JSON as it came",
        }),
        Action::Fields => on("choose fields"),
        Action::Wrap if logs.wrap => on("cut lines"),
        Action::Wrap => on("wrap"),
        Action::Timestamps => on(
            match logs.times.next(model.preferences.zone == TimeZone::UTC) {
                Times::Configured => "times",
                Times::Utc => "UTC",
                Times::Ago => "ages",
                Times::Off => "no times",
            },
        ),
        Action::Mark => on("mark"),
        Action::Copy | Action::CopyMessage | Action::Save | Action::Select if is_empty(model) => {
            Absent
        }
        Action::Copy if logs.selection().is_some() => on("copy lines"),
        Action::Copy => on("copy line"),
        Action::CopyMessage => on("copy message"),
        Action::Select if logs.selection().is_some() => on("select none"),
        Action::Select => on("select"),
        Action::Save => on("save"),
        Action::FullScreen if logs.full_screen => on("frame"),
        Action::FullScreen => on("full screen"),
        Action::Search => on("search"),
        Action::Filters => on("filters"),
        _ => return None,
    })
}

/// Whether there is no line to take away.
fn is_empty(model: &Model) -> bool {
    model.log_buffer.as_ref().is_none_or(LogBuffer::is_empty)
}

fn open(model: &Model, logs: &LogsState) -> Availability {
    let all = model.log_buffer.as_ref().is_none_or(LogBuffer::shows_all);
    if logs.place.is_none() {
        Absent
    } else if all || logs.surroundings {
        on("whole line")
    } else {
        on("lines around")
    }
}

fn level(logs: &LogsState) -> &'static str {
    match logs.level {
        None => "warnings",
        Some(Level::Warn) => "errors",
        Some(_) => "all levels",
    }
}

/// Two columns need two sides and room for both.
fn sides(model: &Model, logs: &LogsState) -> Availability {
    let has_sides = model.log_buffer.as_ref().is_some_and(LogBuffer::has_sides);
    if logs.side_by_side {
        on("merged")
    } else if !has_sides {
        Absent
    } else if model.columns < BESIDE {
        off(format!("two columns need a width of {BESIDE}"))
    } else {
        on("side by side")
    }
}

/// From this width of the terminal on old and new can stand beside each other.
pub const BESIDE: u16 = 64;
