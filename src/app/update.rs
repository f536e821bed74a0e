//! The only place that changes the model.

mod acting;
mod following;
mod keys;
mod logs;
mod navigate;
mod pipelines;
mod ranges;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::effect::Effect;
use super::inbox;
use super::model::Model;
use super::msg::{Data, Msg};
use super::rows;

/// Takes in a message at a time, and returns what has to be done.
pub fn update(model: &mut Model, now: Timestamp, msg: Msg) -> Vec<Effect> {
    model.now = now;
    match msg {
        Msg::Key(key) => {
            let mut effects = settle(model);
            effects.extend(keys::key(model, &key));
            effects.extend(settle(model));
            effects
        }
        Msg::Paste(text) => {
            keys::paste(model, &text);
            Vec::new()
        }
        Msg::Resize { columns, rows } => {
            (model.columns, model.rows) = (columns, rows);
            Vec::new()
        }
        Msg::Scrollable { furthest, bottom } => {
            keys::stop_at(model, furthest);
            if let Some(bottom) = bottom {
                logs::shown(model, bottom);
            }
            Vec::new()
        }
        Msg::Sift => logs::sift(model),
        Msg::Tick => {
            model.unsettled = true;
            Vec::new()
        }
        Msg::Connected(context) => {
            if let Some(store) = model.store_mut(context.id) {
                store.context = context;
            }
            Vec::new()
        }
        Msg::Fetched {
            context,
            asked_at,
            data,
        } => {
            fetched(model, context, asked_at, *data);
            Vec::new()
        }
        Msg::Ended {
            context,
            query,
            asked_at,
            outcome,
        } => {
            if let Err(failure) = &outcome {
                model.note_error(context, failure);
            }
            if let Some(store) = model.store_mut(context) {
                store.end(query, asked_at, outcome);
            }
            model.unsettled = true;
            Vec::new()
        }
        Msg::Feed {
            context,
            epoch,
            event,
        } => {
            logs::fed(model, context, epoch, event);
            Vec::new()
        }
        Msg::Metered {
            context,
            calls_per_minute,
            slowed,
        } => {
            if let Some(store) = model.store_mut(context) {
                store.calls_per_minute = calls_per_minute;
                store.slowed = slowed;
            }
            Vec::new()
        }
        Msg::FactsRead { operation, facts } => acting::facts_read(model, operation, facts),
        Msg::Executed { operation, outcome } => {
            acting::executed(model, operation, outcome);
            Vec::new()
        }
        Msg::Recorded(record) => {
            model.note_action(record);
            model.unsettled = true;
            Vec::new()
        }
        Msg::Saved(outcome) => {
            logs::saved(model, outcome);
            Vec::new()
        }
        Msg::Notice(text) => {
            model.warn(text);
            Vec::new()
        }
    }
}

/// Brings the rows and the actions that are being followed up to what was last read. The loop calls
/// it once for all messages that it drained, before it draws.
pub fn settle(model: &mut Model) -> Vec<Effect> {
    if !std::mem::take(&mut model.unsettled) {
        return Vec::new();
    }
    rows::refresh(model);
    ranges::settle(model);
    let mut effects = logs::settle(model);
    effects.extend(following::follow(model));
    effects.extend(inbox::announce(model));
    effects
}

fn fetched(
    model: &mut Model,
    context: crate::domain::context::ContextId,
    asked_at: Timestamp,
    data: Data,
) {
    if let Some(store) = model.store_mut(context) {
        store.take(data, asked_at);
    }
    model.unsettled = true;
}
