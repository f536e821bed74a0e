//! Rows of what happened in the program: errors and actions.

use super::{Candidate, SortKey};
use crate::app::model::Model;
use crate::app::row::RowId;

pub(super) const ERROR_COLUMNS: &[&str] = &["last", "times", "call", "what", "message"];
pub(super) const ACTION_COLUMNS: &[&str] = &["time", "what", "target", "outcome"];

/// Errors, the latest first.
pub(super) fn errors(model: &Model) -> Vec<Candidate> {
    let mut entries: Vec<_> = model.errors.iter().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.number)));
    entries
        .into_iter()
        .map(|entry| Candidate {
            id: RowId::Error(entry.number),
            keys: vec![
                SortKey::number(entry.at.as_second()),
                SortKey::number(entry.times),
                SortKey::text(&entry.failure.call),
                SortKey::text(entry.failure.short()),
                SortKey::text(&entry.failure.message),
            ],
            text: format!(
                "{} {} {}",
                entry.failure.call,
                entry.failure.short(),
                entry.failure.message
            ),
            fault: true,
        })
        .collect()
}

/// The action log, the latest first.
pub(super) fn actions(model: &Model) -> Vec<Candidate> {
    model
        .numbered_actions()
        .rev()
        .map(|(number, record)| Candidate {
            id: RowId::Action(number),
            keys: vec![
                SortKey::number(record.time.as_second()),
                SortKey::text(format!("{:?}", record.kind)),
                SortKey::text(&record.target),
                SortKey::text(&record.outcome),
            ],
            text: format!(
                "{:?} {} {} {}",
                record.kind, record.target, record.call, record.outcome
            ),
            fault: matches!(record.kind, crate::app::action_log::RecordKind::Failed),
        })
        .collect()
}
