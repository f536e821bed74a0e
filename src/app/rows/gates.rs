//! Rows of the inbox: what waits for a person, by when the wait ends.

use jiff::Timestamp;

use super::{Candidate, Needs, SortKey};
use crate::app::inbox::inbox;
use crate::app::model::Model;
use crate::app::row::RowId;
use crate::domain::inbox::{InboxItem, Unanswered};

pub(super) const COLUMNS: &[&str] = &[
    "waits", "for", "where", "since", "expires", "then", "brings",
];

/// What asks for a person, the soonest to end first; then what ends by itself.
pub(super) fn gates(model: &Model, needs: Needs) -> Vec<Candidate> {
    let items = inbox(model).into_iter();
    items
        .map(|(context, item)| Candidate {
            keys: needs.keys(|| keys(&item)),
            text: needs.text(|| text(&item)),
            fault: item.asks,
            id: RowId::Gate(context, item.id),
        })
        .collect()
}

fn keys(item: &InboxItem) -> Vec<SortKey> {
    let second = |at: Option<Timestamp>| SortKey::number(at.map_or(i64::MAX, Timestamp::as_second));
    let words = |words: &Option<String>| SortKey::text(words.as_deref().unwrap_or_default());
    vec![
        SortKey::text(item.kind.label()),
        SortKey::text(&item.subject),
        words(&item.place),
        second(item.since),
        second(item.expires_at),
        SortKey::text(then(item)),
        words(&item.brings),
    ]
}

fn text(item: &InboxItem) -> String {
    let place = item.place.as_deref().unwrap_or_default();
    let brings = item.brings.as_deref().unwrap_or_default();
    let kind = item.kind.label();
    format!("{kind} {} {place} {} {brings}", item.subject, then(item))
}

fn then(item: &InboxItem) -> String {
    let unanswered = item.unanswered.as_ref();
    unanswered.map_or_else(String::new, Unanswered::label)
}
