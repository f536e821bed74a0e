//! The time that the logs screen shows: as it opens, and as keys and commands choose it.

use crate::app::logs::LogBuffer;
use crate::app::logs_range::{Range, RangeChoice, beginning, end_of, range_of_source};
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::context::Scoped;
use crate::domain::logs::LogSource;
use crate::keys::Action;

/// Puts the range of the logs screen in front in place. One that was chosen stays when one comes
/// back; the newest lines are those before now once more, when what was read of them is gone.
pub(super) fn arrived(model: &mut Model, anew: bool) {
    let Some(source) = in_front(model) else {
        return;
    };
    let known = range(model).filter(|range| !anew || range.choice != RangeChoice::Tail);
    if known.is_none() {
        let store = model.store(source.context);
        let opened = store.map(|store| range_of_source(store, &source.id, model.now));
        set(model, opened);
    }
}

/// A task that had stopped before the lines that are shown has its last lines shown instead. Whether
/// it had is known only once it was read.
pub(super) fn settle(model: &mut Model) {
    let (Some(source), Some(range)) = (in_front(model), range(model)) else {
        return;
    };
    let (RangeChoice::Tail, Some(task)) = (range.choice, source.id.task()) else {
        return;
    };
    let store = model.store(source.context);
    let Some(end) = store.and_then(|store| end_of(store, task)) else {
        return;
    };
    if end.until < Some(range.from) {
        begin(model, &source, end);
    }
}

/// Does what a key for a range stands for.
pub(super) fn key(model: &mut Model, action: Action) {
    let Some(source) = in_front(model) else {
        return;
    };
    let now = model.now;
    let Some(store) = model.store(source.context) else {
        return;
    };
    let chosen = match action {
        Action::Tail => Some(range_of_source(store, &source.id, now)),
        Action::Head => beginning(store, &source.id).map(|began| Range::head(began, now)),
        Action::LastMinute => Some(Range::last(60, now)),
        Action::Last5Minutes => Some(Range::last(5 * 60, now)),
        Action::Last15Minutes => Some(Range::last(15 * 60, now)),
        Action::Last30Minutes => Some(Range::last(30 * 60, now)),
        Action::LastHour => Some(Range::last(60 * 60, now)),
        _ => return,
    };
    let is_stream = matches!(source.id, LogSource::Stream { .. });
    match chosen {
        Some(range) => choose(model, range),
        None if is_stream => choose(model, Range::whole()),
        None => model.say("when it began is not known yet"),
    }
}

/// Shows another range of the source in front.
pub(super) fn choose(model: &mut Model, chosen: Range) {
    let Some(source) = in_front(model) else {
        return;
    };
    let end = model.store(source.context).and_then(|store| {
        let task = source.id.task()?;
        end_of(store, task)
    });
    let chosen = match end {
        Some(end) if Some(chosen.from) > end.until => {
            model.say("the task had stopped by then: 0 shows its last lines");
            return;
        }
        Some(end) => chosen.until_at_most(&end),
        None => chosen,
    };
    let words = chosen.label(&model.preferences.zone);
    begin(model, &source, chosen);
    model.say(format!("log lines: {words}"));
}

/// Shows a range from an empty screen on.
fn begin(model: &mut Model, source: &Scoped<LogSource>, range: Range) {
    let page = model.navigation.current_mut();
    if let Some(logs) = &mut page.logs {
        (logs.place, logs.seek, logs.selected_from) = (None, None, None);
        (logs.paused, logs.surroundings, logs.range) = (false, false, Some(range));
        logs.marks.clear();
    }
    model.log_buffer = Some(LogBuffer::new(source.clone(), model.now));
    model.unsettled = true;
}

fn in_front(model: &Model) -> Option<Scoped<LogSource>> {
    match &model.navigation.current().screen {
        Screen::Logs(source) => Some(source.clone()),
        _ => None,
    }
}

fn range(model: &Model) -> Option<Range> {
    crate::app::logs_range::range_in_front(model).copied()
}

fn set(model: &mut Model, range: Option<Range>) {
    if let Some(logs) = &mut model.navigation.current_mut().logs {
        logs.range = range;
    }
}
