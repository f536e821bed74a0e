//! Stopped tasks are kept as evidence: AWS forgets them after about an hour.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Store;
use crate::domain::arn::{ServiceArn, TaskArn};
use crate::domain::diagnosis::{Diagnosis, diagnose};
use crate::domain::release::{Release, ReleaseStatus};
use crate::domain::task::Task;

/// Stopped tasks that are kept for each service.
const KEPT_PER_SERVICE: usize = 200;
/// Tasks that are kept of those that were looked at one by one.
const FORGOTTEN_KEPT: usize = 100;

impl Store {
    pub(super) fn keep_evidence(&mut self, service: &ServiceArn, tasks: &[Task]) {
        let kept = self.evidence.entry(service.clone()).or_default();
        for task in tasks.iter().filter(|task| task.is_ending()) {
            kept.insert(task.arn.clone(), task.clone());
        }
        drop_oldest(kept, KEPT_PER_SERVICE);
    }

    pub(super) fn keep_forgotten(&mut self, task: Task) {
        self.forgotten_tasks.insert(task.arn.clone(), task);
        drop_oldest(&mut self.forgotten_tasks, FORGOTTEN_KEPT);
    }

    pub(super) fn diagnose(&mut self, arn: &ServiceArn) {
        match self.find_cause(arn) {
            Some(found) => {
                self.diagnoses.insert(arn.clone(), found);
            }
            None => {
                self.diagnoses.remove(arn);
            }
        }
    }

    /// What the stopped tasks of the newest release have in common. Its deployment tells which they
    /// are; once that is gone from the service, the task definition and the time do, for a release
    /// that did not succeed.
    fn find_cause(&self, arn: &ServiceArn) -> Option<Diagnosis> {
        let kept = self.evidence.get(arn)?;
        let release = self.newest_release(arn)?;
        let tried = release.new.as_ref()?;
        if let Some(deployment) = &tried.deployment {
            return diagnose(kept.values(), Some(deployment));
        }
        if release.status == ReleaseStatus::Succeeded {
            return None;
        }
        let definition = tried.task_definition.as_ref()?;
        let of_release = kept
            .values()
            .filter(|task| task.task_definition == *definition && began_within(task, release));
        diagnose(of_release, None)
    }
}

fn began_within(task: &Task, release: &Release) -> bool {
    let after_start = task.created_at >= release.started_at;
    let before_end = release.finished_at.is_none() || task.created_at <= release.finished_at;
    task.created_at.is_some() && after_start && before_end
}

fn drop_oldest(kept: &mut BTreeMap<TaskArn, Task>, most: usize) {
    if kept.len() <= most {
        return;
    }
    let mut by_age: Vec<(Reverse<Option<Timestamp>>, TaskArn)> = kept
        .values()
        .map(|task| (Reverse(task.stopped_at), task.arn.clone()))
        .collect();
    by_age.sort();
    for (_, arn) in by_age.split_off(most) {
        kept.remove(&arn);
    }
}
