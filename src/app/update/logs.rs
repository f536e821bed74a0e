//! The logs screen: takes in lines, follows, pauses, and keeps what is being read in its place.

use crate::app::interest::{look_back, sources};
use crate::app::logs::{LogBuffer, LogsState};
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::context::{ContextId, Scoped};
use crate::domain::logs::{LogLine, LogSource};
use crate::keys::Action;

/// Takes in lines, if they are of the source that is read: at once, or after the pause.
pub(super) fn take(
    model: &mut Model,
    context: ContextId,
    source: &LogSource,
    lines: Vec<LogLine>,
    notes: Vec<String>,
) {
    let source = Scoped::new(context, source.clone());
    let Some(buffer) = model
        .log_buffer
        .as_mut()
        .filter(|buffer| buffer.source == source)
    else {
        return;
    };
    let page = model.navigation.page_of_mut(&Screen::Logs(source));
    match page.and_then(|page| page.logs.as_mut()) {
        Some(logs) if logs.paused => buffer.hold(lines, notes),
        Some(logs) => keep_in_place(logs, buffer, |buffer| buffer.take(lines, notes)),
        None => {}
    }
}

/// Says on the logs screen which containers' lines cannot be found, and why.
pub(super) fn note_missing(model: &mut Model) {
    let Some(buffer) = &model.log_buffer else {
        return;
    };
    let since = look_back(buffer.opened_at);
    let missing = model
        .store(buffer.source.context)
        .map(|store| sources(store, &buffer.source.id, Some(since)).notes);
    if let (Some(buffer), Some(missing)) = (&mut model.log_buffer, missing) {
        buffer.missing = missing;
    }
}

/// Does what a key of the logs screen stands for.
pub(super) fn read(model: &mut Model, action: Action) {
    let page = model.navigation.current_mut();
    let Some(logs) = &mut page.logs else {
        return;
    };
    let Some(buffer) = &mut model.log_buffer else {
        return;
    };
    match action {
        Action::Follow => {
            buffer.release();
            (logs.up, logs.paused) = (0, false);
        }
        Action::Pause if logs.paused => {
            keep_in_place(logs, buffer, LogBuffer::release);
            logs.paused = false;
        }
        Action::Pause => logs.paused = true,
        Action::Wrap => logs.wrap = !logs.wrap,
        Action::Timestamps => logs.hide_times = !logs.hide_times,
        _ => {}
    }
}

/// Changes the lines while the one that is lowest on screen stays there; the newest is followed.
fn keep_in_place(
    logs: &mut LogsState,
    buffer: &mut LogBuffer,
    change: impl FnOnce(&mut LogBuffer),
) {
    let anchor = match logs.up {
        0 => None,
        up => buffer.anchor(up),
    };
    change(buffer);
    if let Some(anchor) = anchor {
        logs.up = buffer.newer_than(&anchor);
    }
}

/// Puts the filter of the logs screen in force, if it is in front.
pub(super) fn filter(model: &mut Model) {
    let page = model.navigation.current_mut();
    let (Some(logs), Some(buffer)) = (&mut page.logs, &mut model.log_buffer) else {
        return;
    };
    let filter = &page.list.filter;
    if buffer.filter() != filter {
        keep_in_place(logs, buffer, |buffer| buffer.refilter(filter));
    }
}
