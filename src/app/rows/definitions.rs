//! Rows of task definitions: families and revisions.

use super::{Candidate, SortKey};
use crate::app::model::Model;
use crate::app::row::RowId;
use crate::domain::context::Scoped;

pub(super) const FAMILY_COLUMNS: &[&str] = &["family"];
pub(super) const REVISION_COLUMNS: &[&str] = &["revision", "status", "registered", "images"];

/// Families by name.
pub(super) fn families(model: &Model) -> Vec<Candidate> {
    let mut rows: Vec<Candidate> = Vec::new();
    for store in &model.contexts {
        rows.extend(store.families.iter().map(|family| Candidate {
            id: RowId::Family(store.context.id, family.clone()),
            keys: vec![SortKey::text(family)],
            text: family.clone(),
            fault: false,
        }));
    }
    rows
}

/// Revisions of a family, the newest first.
pub(super) fn revisions(model: &Model, family: &Scoped<String>) -> Vec<Candidate> {
    let Some(store) = model.store(family.context) else {
        return Vec::new();
    };
    let revisions = store
        .revisions
        .get(&family.id)
        .map_or(&[][..], Vec::as_slice);
    revisions
        .iter()
        .map(|arn| {
            let definition = store.task_definition(arn);
            let status = definition.map_or("", |definition| definition.status.as_str());
            let images = definition.map(|definition| definition.images().join(" "));
            let images = images.unwrap_or_default();
            let registered = definition
                .and_then(|definition| definition.registered_at)
                .map_or(0, jiff::Timestamp::as_second);
            Candidate {
                id: RowId::Revision(family.context, arn.clone()),
                keys: vec![
                    SortKey::number(arn.revision().unwrap_or(0)),
                    SortKey::text(status),
                    SortKey::number(registered),
                    SortKey::text(&images),
                ],
                text: format!("{} {status} {images}", arn.family_revision()),
                fault: false,
            }
        })
        .collect()
}
