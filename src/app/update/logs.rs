//! The logs screen: takes in lines, follows, pauses, and keeps what is being read in its place.

mod looks;
mod moving;
mod panel;
mod prompts;
mod seeking;
mod taking;

use crate::app::effect::Effect;
use crate::app::feed::{Feed, FeedEvent, FeedState, fed_source};
use crate::app::log_sources::{marks_of, origins, sources};
use crate::app::logs::LogBuffer;
use crate::app::logs_range::{RangeChoice, range_in_front};
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::context::ContextId;
use crate::domain::logs::buffer::LineId;
use crate::keys::Action;

pub(super) use moving::{back, move_by, open, whole};
pub(super) use panel::{key as panel_key, paste as panel_paste};
pub(super) use prompts::{fields_key, search_key};
pub(super) use taking::{copy, copy_one, export, save, saved};

/// Takes in what the feed has to tell, if it is the one that is wanted.
pub(super) fn fed(model: &mut Model, context: ContextId, epoch: u64, event: FeedEvent) {
    let Some(source) = fed_source(model, context, epoch) else {
        return;
    };
    let own = |buffer: &&mut LogBuffer| buffer.source.id == source;
    let Some(buffer) = model.log_buffer.as_mut().filter(own) else {
        return;
    };
    match event {
        FeedEvent::Lines(lines) => buffer.take(lines),
        FeedEvent::Notes(notes) => buffer.notes = notes,
        FeedEvent::State(state) => told(model, epoch, state),
        FeedEvent::Broken { at, why } => {
            buffer.remark(at, &format!("Live Tail broke off: {why}"));
        }
        FeedEvent::Gap { from, until, why } => {
            let seconds = until.as_second() - from.as_second();
            buffer.remark(from, &format!("lines of {seconds} s are missing: {why}"));
        }
        // What was left open is read into its place, and the head of the screen counts it.
        FeedEvent::Sampled { .. } | FeedEvent::Filled { .. } => {}
    }
}

/// Takes note of how the feed goes. Once everything up to the moment that was asked for is there, one
/// is taken to it.
fn told(model: &mut Model, epoch: u64, state: FeedState) {
    let before = model.feed_state().cloned();
    let range = range_in_front(model).copied();
    model.feed = Feed {
        epoch,
        state: Some(state),
    };
    let Some(RangeChoice::At(moment)) = range.map(|range| range.choice) else {
        return;
    };
    let is_there = |state: Option<&FeedState>| state.is_some_and(|state| state.has_read(moment));
    if is_there(model.feed_state()) && !is_there(before.as_ref()) {
        moving::go_to_moment(model, moment);
    }
}

/// Brings up to what is known where lines come from: what writes to the streams, what happened to it,
/// and which containers' lines cannot be found, and why.
fn note_sources(model: &mut Model) {
    let Some(buffer) = &model.log_buffer else {
        return;
    };
    let source = buffer.source.clone();
    let page = model.navigation.page_of(&Screen::Logs(source.clone()));
    let range = page.and_then(|page| page.logs.as_ref()?.range);
    let Some(store) = model.store(source.context) else {
        return;
    };
    let missing = sources(store, &source.id, range.map(|range| range.from)).notes;
    let origins = origins(store, &source.id);
    let marks = range.map(|range| marks_of(store, &source.id, &range));
    if let Some(buffer) = &mut model.log_buffer {
        buffer.missing = missing;
        buffer.origins = origins;
        buffer.remark_all(marks.unwrap_or_default());
    }
}

/// Brings the lines up to what is known and to the filters of the screen.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    note_sources(model);
    let Some(buffer) = &mut model.log_buffer else {
        return Vec::new();
    };
    let screen = Screen::Logs(buffer.source.clone());
    if let Some(page) = model.navigation.page_of_mut(&screen)
        && let Some(logs) = &page.logs
    {
        buffer.refilter(logs, page.list.filter.text());
    }
    sift(model)
}

/// Looks through some lines, and asks to go on when there are more.
pub(super) fn sift(model: &mut Model) -> Vec<Effect> {
    let Some(buffer) = &mut model.log_buffer else {
        return Vec::new();
    };
    let sifted = buffer.sift();
    let found = seeking::go_on(model);
    if sifted && found {
        Vec::new()
    } else {
        vec![Effect::Sift]
    }
}

/// The lowest line that was drawn: it stays where it is until somebody moves.
pub(super) fn shown(model: &mut Model, bottom: LineId) {
    let logs = model.navigation.current_mut().logs.as_mut();
    if let Some(place) = logs.and_then(|logs| logs.place.as_mut()) {
        place.bottom = bottom;
    }
}

/// Does what a key of the logs screen stands for.
pub(super) fn read(model: &mut Model, action: Action) {
    match action {
        Action::Follow => moving::to_the_end(model),
        Action::Pause => moving::pause(model),
        Action::Search => prompts::ask_search(model),
        Action::Fields => prompts::ask_fields(model),
        Action::Filters => panel::open(model),
        Action::Mark => looks::mark(model),
        Action::Select => taking::select(model),
        Action::NextMatch
        | Action::PreviousMatch
        | Action::NextError
        | Action::PreviousError
        | Action::NextMark
        | Action::PreviousMark => seeking::begin(model, action),
        _ => looks::change(model, action),
    }
    model.unsettled = true;
}
