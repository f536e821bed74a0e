//! Makes releases of CodeDeploy's deployments and the task sets that they move.
//!
//! CodeDeploy rolls back by a deployment of its own. That one is no release: it is the way back of
//! the release that it undoes, and only where that one is not known it stands for itself.

mod events;
mod waits;

use std::cmp::Reverse;

use jiff::Timestamp;

use super::real::Routes;
use super::{
    CodeDeployId, Mechanism, Release, ReleaseId, ReleaseStatus, Side, Sources, Stage, alarms, real,
    reason, strip, task_sets, warning,
};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::codedeploy::{CodeDeployStatus, CodeDeployment, DeployedTaskSet};
use crate::domain::service::{Service, TaskSet};

/// `creator` of a deployment that rolls another one back (CodeDeploy API reference,
/// `DeploymentCreator`).
const ROLLBACK_CREATOR: &str = "codeDeployRollback";

/// A deployment, and the one that rolls it back.
struct Attempt<'a> {
    deployment: &'a CodeDeployment,
    rollback: Option<&'a CodeDeployment>,
    /// Whether the deployment is itself the rollback of one that is not known.
    is_way_back: bool,
}

/// The newest release. The task sets tell it where they name a deployment that is newer than all
/// that were read.
pub(super) fn newest(sources: &Sources) -> Option<Release> {
    let Some(attempt) = attempts(sources.codedeploy)
        .into_iter()
        .max_by_key(Attempt::order)
    else {
        return task_sets::from_task_sets(sources.service);
    };
    let known = |id: &String| sources.codedeploy.iter().any(|one| one.id == *id);
    let ahead = sources.service.task_sets.iter().any(|set| {
        set.external_id.as_ref().is_some_and(|id| !known(id))
            && set.created_at > attempt.deployment.created_at
    });
    if ahead {
        return task_sets::from_task_sets(sources.service);
    }
    Some(release(&attempt, sources, true))
}

/// The earlier releases, without the one that `current` names.
pub(super) fn earlier(sources: &Sources, current: Option<&ReleaseId>) -> Vec<Release> {
    attempts(sources.codedeploy)
        .iter()
        .filter(|attempt| current.is_none_or(|id| id.0 != attempt.deployment.id))
        .map(|attempt| release(attempt, sources, false))
        .collect()
}

fn attempts(all: &[CodeDeployment]) -> Vec<Attempt<'_>> {
    all.iter()
        .filter(|one| undone_by(one, all).is_none())
        .map(|deployment| Attempt {
            deployment,
            rollback: rollback_of(deployment, all),
            is_way_back: deployment.rolls_back.is_some()
                || deployment.creator.as_deref() == Some(ROLLBACK_CREATOR),
        })
        .collect()
}

/// Either of two deployments can have been read before the other was named in it.
fn rolls_back(rollback: &CodeDeployment, undone: &CodeDeployment) -> bool {
    rollback.id != undone.id
        && (rollback.rolls_back.as_ref() == Some(&undone.id)
            || undone.rolled_back_by.as_ref() == Some(&rollback.id))
}

fn undone_by<'a>(
    rollback: &CodeDeployment,
    all: &'a [CodeDeployment],
) -> Option<&'a CodeDeployment> {
    all.iter().find(|undone| rolls_back(rollback, undone))
}

fn rollback_of<'a>(
    undone: &CodeDeployment,
    all: &'a [CodeDeployment],
) -> Option<&'a CodeDeployment> {
    all.iter()
        .filter(|rollback| rolls_back(rollback, undone))
        .max_by_key(|rollback| (rollback.created_at, &rollback.id))
}

impl<'a> Attempt<'a> {
    fn order(&self) -> (Option<Timestamp>, &'a str) {
        (self.deployment.created_at, &self.deployment.id)
    }

    /// How it goes. `moving` tells whether the service has more than one task set now, where the
    /// attempt is its newest.
    fn status(&self, moving: bool) -> ReleaseStatus {
        if let Some(rollback) = self.rollback {
            return way_back(rollback);
        }
        if self.is_way_back {
            return way_back(self.deployment);
        }
        let named = self.deployment.rolled_back_by.is_some();
        match &self.deployment.status {
            // The rollback is named and was not read.
            status if named && (moving || !status.is_over()) => ReleaseStatus::RollingBack,
            CodeDeployStatus::Succeeded if named => ReleaseStatus::RolledBack,
            CodeDeployStatus::Created | CodeDeployStatus::Queued => ReleaseStatus::Pending,
            CodeDeployStatus::Ready if waits::needs_somebody(self.deployment) => {
                ReleaseStatus::Waiting
            }
            CodeDeployStatus::InProgress | CodeDeployStatus::Baking | CodeDeployStatus::Ready => {
                ReleaseStatus::InProgress
            }
            CodeDeployStatus::Succeeded => ReleaseStatus::Succeeded,
            CodeDeployStatus::Failed => ReleaseStatus::Failed,
            CodeDeployStatus::Stopped => ReleaseStatus::Stopped,
            CodeDeployStatus::Unknown(name) => ReleaseStatus::Unknown(name.clone()),
        }
    }

    /// The deployment that goes on: the rollback, once there is one.
    fn last(&self) -> &'a CodeDeployment {
        self.rollback.unwrap_or(self.deployment)
    }
}

/// What a rollback makes of the release that it undoes: never a success.
fn way_back(rollback: &CodeDeployment) -> ReleaseStatus {
    match &rollback.status {
        CodeDeployStatus::Succeeded if rollback.rolled_back_by.is_none() => {
            ReleaseStatus::RolledBack
        }
        CodeDeployStatus::Succeeded | CodeDeployStatus::Failed | CodeDeployStatus::Stopped => {
            ReleaseStatus::RollbackFailed
        }
        _ => ReleaseStatus::RollingBack,
    }
}

fn release(attempt: &Attempt, sources: &Sources, is_newest: bool) -> Release {
    let deployment = attempt.deployment;
    let service = sources.service;
    let status = attempt.status(is_newest && service.is_moving());
    let over = status.is_over();
    let forward = matches!(status, ReleaseStatus::InProgress | ReleaseStatus::Waiting);
    let (mut old, mut new) = sides(attempt, sources, is_newest);
    if status == ReleaseStatus::RolledBack {
        traffic_is_back(old.as_mut(), new.as_mut());
    }
    if over && is_newest {
        forget_gone_tasks([&mut old, &mut new], service);
    }
    let mut release = Release {
        started_at: deployment.started_at.or(deployment.created_at),
        finished_at: attempt.last().finished_at.filter(|_| over),
        stage: (!over)
            .then(|| events::present(attempt.last()))
            .flatten()
            .map(Stage::Lifecycle),
        started_by: started_by(deployment),
        shift: waits::shift(deployment),
        gate: waits::gate(deployment).filter(|_| status == ReleaseStatus::Waiting),
        deadline: waits::deadline(deployment).filter(|_| forward),
        waits: waits::configured(deployment),
        codedeploy: Some(CodeDeployId {
            deployment: deployment.id.clone(),
            group: Some(deployment.group.clone()),
        }),
        old,
        new,
        ..Release::bare(
            ReleaseId(deployment.id.clone()),
            Mechanism::CodeDeploy,
            service,
            status,
        )
    };
    release.steps = events::steps(deployment, &release);
    let went_back = attempt
        .rollback
        .or(attempt.is_way_back.then_some(deployment));
    release.steps.extend(strip::rollback_step(
        &release.status,
        went_back.and_then(|back| back.started_at.or(back.created_at)),
        release.finished_at,
    ));
    release.alarms = alarms::of_deployment(deployment, sources.alarms);
    release.reason = reason::of_deployment(deployment, &release.alarms, attempt.rollback);
    if is_newest {
        let routes = Routes {
            production: deployment.production_listeners.iter().collect(),
            test: deployment.test_listeners.iter().collect(),
        };
        real::add(&mut release, &routes, sources.traffic);
        release.warnings = warning::warnings(&release, sources.observed.get(&release.id));
    }
    release
}

/// Who made it, and what they wrote.
fn started_by(deployment: &CodeDeployment) -> Option<String> {
    let told = [&deployment.creator, &deployment.description];
    let told: Vec<&str> = told
        .into_iter()
        .flatten()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    (!told.is_empty()).then(|| told.join(": "))
}

/// Where it comes from, and where it goes to.
fn sides(attempt: &Attempt, sources: &Sources, is_newest: bool) -> (Option<Side>, Option<Side>) {
    let deployment = attempt.deployment;
    if attempt.is_way_back && attempt.rollback.is_none() {
        // What it undoes is not known, only what it goes back to.
        let back = side(None, None, deployment.task_definition.as_ref());
        return (back, None);
    }
    let sets: &[TaskSet] = if is_newest {
        &sources.service.task_sets
    } else {
        &[]
    };
    let told = |green: bool| {
        let target = deployment.target.as_ref()?;
        target.task_sets.iter().find(|set| set.green == green)
    };
    let named = |told: Option<&DeployedTaskSet>| {
        let id = told?.id.as_ref()?;
        sets.iter().find(|set| set.id == *id)
    };
    let green = named(told(true)).or_else(|| {
        sets.iter()
            .find(|set| set.external_id.as_ref() == Some(&deployment.id))
    });
    let blue = named(told(false)).or_else(|| {
        let others = sets
            .iter()
            .filter(|set| green.is_none_or(|green| green.id != set.id));
        others.min_by_key(|set| (set.status != "PRIMARY", Reverse(set.created_at)))
    });
    let before = earlier_definition(deployment, sources);
    let mut old = side(blue, told(false), before);
    let mut new = side(green, told(true), definition_of(deployment, sources));
    for (side, told) in [(&mut old, told(false)), (&mut new, told(true))] {
        let name = told.and_then(|told| told.target_group.as_ref());
        if let (Some(side), Some(name)) = (side, name) {
            side.target_group = sources.traffic.groups.get(name).cloned();
        }
    }
    if let (Some(old), Some(new)) = (&mut old, &mut new) {
        events::set_test_traffic(deployment, old, new);
    }
    (old, new)
}

/// A deployment that was undone tells the weights that it had reached. Its way back has ended well:
/// the old side has all production traffic.
fn traffic_is_back(old: Option<&mut Side>, new: Option<&mut Side>) {
    for (side, percent) in [(old, 100.0), (new, 0.0)] {
        if let Some(told) = side.and_then(|side| side.production_percent.as_mut()) {
            *told = percent;
        }
    }
}

/// A deployment that is over tells the tasks of a task set that has gone since.
fn forget_gone_tasks(sides: [&mut Option<Side>; 2], service: &Service) {
    for side in sides.into_iter().flatten() {
        let stays = |id: &String| service.task_sets.iter().any(|set| set.id == *id);
        if side.task_set.as_ref().is_some_and(|id| !stays(id)) {
            (side.desired, side.running, side.pending) = (Some(0), Some(0), Some(0));
        }
    }
}

/// What ran before a deployment: what the last one before it succeeded with.
fn earlier_definition<'a>(
    deployment: &CodeDeployment,
    sources: &Sources<'a>,
) -> Option<&'a TaskDefinitionArn> {
    let earlier = sources
        .codedeploy
        .iter()
        .filter(|one| {
            one.created_at < deployment.created_at
                && one.status == CodeDeployStatus::Succeeded
                && one.rolled_back_by.is_none()
        })
        .max_by_key(|one| one.created_at)?;
    definition_of(earlier, sources)
}

/// The task definition that a deployment brings: as it tells itself, else as the task set does that
/// it made, while that is there.
fn definition_of<'a>(
    deployment: &'a CodeDeployment,
    sources: &Sources<'a>,
) -> Option<&'a TaskDefinitionArn> {
    let made = || {
        let mut sets = sources.service.task_sets.iter();
        let set = sets.find(|set| set.external_id.as_ref() == Some(&deployment.id))?;
        Some(&set.task_definition)
    };
    deployment.task_definition.as_ref().or_else(made)
}

/// A side as its task set tells it, else as the deployment does, else what task definition it has.
fn side(
    set: Option<&TaskSet>,
    told: Option<&DeployedTaskSet>,
    definition: Option<&TaskDefinitionArn>,
) -> Option<Side> {
    if set.is_none() && told.is_none() && definition.is_none() {
        return None;
    }
    let mut side = set.map(task_sets::side).unwrap_or_default();
    if side.task_definition.is_none() {
        side.task_definition = definition.cloned();
    }
    if let Some(told) = told {
        side.desired = side.desired.or(Some(told.desired));
        side.running = side.running.or(Some(told.running));
        side.pending = side.pending.or(Some(told.pending));
        side.task_set = side.task_set.or_else(|| told.id.clone());
        side.production_percent = told.traffic_percent;
    }
    Some(side)
}
