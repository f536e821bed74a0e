//! Makes a release of the task sets of a service that CodeDeploy or somebody outside moves.

use std::cmp::Reverse;

use super::{Mechanism, Release, ReleaseId, ReleaseStatus, Side};
use crate::domain::service::{Service, TaskSet};

/// The newest task set is where the release goes to. Where it comes from is the primary one, or once
/// the newest is the primary itself, the newest of the others.
pub(super) fn from_task_sets(service: &Service) -> Option<Release> {
    let mut sets: Vec<&TaskSet> = service.task_sets.iter().collect();
    sets.sort_by_key(|set| Reverse(set.created_at));
    let (newest, others) = sets.split_first()?;
    let old = others
        .iter()
        .find(|set| set.status == "PRIMARY")
        .or(others.first());
    let status = if service.is_moving() {
        ReleaseStatus::InProgress
    } else {
        ReleaseStatus::Succeeded
    };
    let id = newest.external_id.as_ref().unwrap_or(&newest.id);
    Some(Release {
        started_at: newest.created_at,
        old: old.map(|set| side(set)),
        new: Some(side(newest)),
        ..Release::bare(
            ReleaseId(id.clone()),
            Mechanism::of(service),
            service,
            status,
        )
    })
}

fn side(set: &TaskSet) -> Side {
    Side {
        task_definition: Some(set.task_definition.clone()),
        desired: Some(set.desired),
        running: Some(set.running),
        pending: Some(set.pending),
        ..Side::default()
    }
}
