//! From a service to the pipelines that deploy it, and from a release to the execution behind it.
//!
//! CodePipeline names the service in the configuration of its deploy action, or the deployment group
//! that moves it. A CodeDeploy deployment is told by its id. Of a release of ECS nothing names the
//! execution, and nothing of the execution names the release: the times tell.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use super::{
    ActionDeclaration, ActionExecution, ActionStatus, ConditionStatus, ExecutionId, PipelineName,
    PipelineState, PipelineStructure, StageExecution, StageState,
};
use crate::domain::codedeploy::GroupId;
use crate::domain::release::Release;
use crate::domain::service::Service;

/// How much earlier than its action a release may seem to begin: the times of two services of AWS
/// are rounded differently.
const SLACK: SignedDuration = SignedDuration::from_secs(1);

/// An action that deploys a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeployAction {
    /// The pipeline.
    pub pipeline: PipelineName,
    /// The place of its stage in the pipeline, from 0 on.
    pub place: usize,
    /// Its stage.
    pub stage: String,
    /// The action.
    pub action: String,
    /// When it runs in its stage: from 1 on.
    pub run_order: u32,
    /// The names of the other actions of the stage that run earlier.
    pub before: Vec<String>,
}

/// The actions of a pipeline that deploy a service, in order. `group` is the deployment group that
/// moves it, where one does.
pub fn deploys_of(
    structure: &PipelineStructure,
    service: &Service,
    group: Option<&GroupId>,
) -> Vec<DeployAction> {
    let deploys = structure.deploys().filter(|(_, action, target)| {
        target.is(service, group) && reaches(structure, action, service)
    });
    deploys
        .filter_map(|(place, action, _)| {
            let stage = structure.stages.get(place)?;
            let before = stage.actions.iter();
            let before = before.filter(|other| other.run_order < action.run_order);
            Some(DeployAction {
                pipeline: structure.name.clone(),
                place,
                stage: stage.name.clone(),
                action: action.name.clone(),
                run_order: action.run_order,
                before: before.map(|other| other.name.clone()).collect(),
            })
        })
        .collect()
}

/// Whether an action works in the account and Region of a service: its own where it names them,
/// else those of the pipeline. A part that is not known holds nothing up.
fn reaches(structure: &PipelineStructure, action: &ActionDeclaration, service: &Service) -> bool {
    let of_pipeline = |place: usize| structure.arn.as_deref()?.split(':').nth(place);
    let same = |own: Option<&str>, other: Option<&str>| match (own, other) {
        (Some(own), Some(other)) => own == other,
        _ => true,
    };
    let region = action.region.as_deref().or_else(|| of_pipeline(3));
    let account = action.account.as_deref().or_else(|| of_pipeline(4));
    same(region, service.cluster.region()) && same(account, service.cluster.account())
}

/// One time that a deploy action ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeployRun {
    /// The action.
    pub deploy: DeployAction,
    /// The execution that it ran for.
    pub execution: ExecutionId,
    /// How it stands.
    pub status: ActionStatus,
    /// When it began; `None` where only its end is told.
    pub started_at: Option<Timestamp>,
    /// When it ended; `None` while it goes on.
    pub ended_at: Option<Timestamp>,
    /// What the provider calls what it started: of CodeDeploy the deployment's id.
    pub external_id: Option<String>,
}

/// The last run of an action, as the state of its pipeline tells it.
pub fn last_run(deploy: &DeployAction, state: &PipelineState) -> Option<DeployRun> {
    let stage = state.stage(&deploy.stage)?;
    let run = stage.action(&deploy.action)?.latest.as_ref()?;
    let running = run.status == ActionStatus::InProgress;
    Some(DeployRun {
        deploy: deploy.clone(),
        execution: stage.latest.as_ref()?.id.clone(),
        status: run.status.clone(),
        started_at: run.changed_at.filter(|_| running),
        ended_at: run.changed_at.filter(|_| !running),
        external_id: run.external_id.clone(),
    })
}

/// The runs of an action in an execution, in the order in which they began.
pub fn runs(deploy: &DeployAction, actions: &[ActionExecution]) -> Vec<DeployRun> {
    let own = actions
        .iter()
        .filter(|run| run.stage == deploy.stage && run.action == deploy.action);
    own.map(|run| DeployRun {
        deploy: deploy.clone(),
        execution: run.execution.clone(),
        status: run.status.clone(),
        started_at: run.started_at,
        ended_at: run
            .updated_at
            .filter(|_| run.status != ActionStatus::InProgress),
        external_id: run.external_id.clone(),
    })
    .collect()
}

impl DeployRun {
    /// The release that the run started, among the releases of the service.
    pub fn release<'a>(&self, releases: &'a [Release]) -> Option<&'a Release> {
        let named = releases.iter().find(|release| self.names(release));
        if named.is_some() {
            return named;
        }
        let mut by_time: Vec<&Release> = releases
            .iter()
            .filter(|release| release.codedeploy.is_none() && self.is_under_way_at(release))
            .collect();
        by_time.sort_by_key(|release| release.started_at);
        match self.started_at {
            // The first one that began since: what came later is somebody else's.
            Some(_) => by_time.first().copied(),
            // One that succeeded had a release to wait for, which is the last one before its end.
            None if self.status == ActionStatus::Succeeded => by_time.last().copied(),
            None => None,
        }
    }

    fn names(&self, release: &Release) -> bool {
        let Some(id) = self.external_id.as_deref() else {
            return false;
        };
        let deployment = release.codedeploy.as_ref();
        let record = release.record.as_ref();
        release.id.0 == id
            || deployment.is_some_and(|known| known.deployment == id)
            || record.is_some_and(|known| known.as_str() == id)
    }

    /// Whether a release began while the run went on.
    fn is_under_way_at(&self, release: &Release) -> bool {
        let Some(began) = release.started_at else {
            return false;
        };
        let earliest = self.started_at.and_then(|at| at.checked_sub(SLACK).ok());
        earliest.is_none_or(|earliest| earliest <= began)
            && self.ended_at.is_none_or(|ended| began <= ended)
    }
}

/// The run behind a release, among those of the actions that deploy its service. Of several the
/// one that began last: an execution that was tried again has run its action twice.
pub fn driver<'a>(
    release: &Release,
    releases: &[Release],
    runs: &'a [DeployRun],
) -> Option<&'a DeployRun> {
    let own = runs.iter().filter(|run| {
        let driven = run.release(releases);
        driven.is_some_and(|driven| driven.id == release.id)
    });
    own.min_by_key(|run| Reverse(run.started_at))
}

/// An execution that will deploy a service unless something stops it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpcomingDeploy {
    /// The action that will do it.
    pub deploy: DeployAction,
    /// The execution.
    pub execution: ExecutionId,
    /// The stage that it is in, or at whose entry it waits.
    pub stage: String,
    /// What it waits for; `None` where nothing holds it but the work before it.
    pub held: Option<Held>,
}

/// What holds an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// A person has to approve, by the name of the action.
    Approval(String),
    /// The transition into the stage is off, with the reason where one is told.
    Transition(Option<String>),
    /// Another execution is in the stage.
    Queue,
}

/// The executions that are on their way to a deploy action, the nearest to it first: those in a
/// stage before it or at the entry of one, and those in its own stage that have not come to it. A
/// run that goes on is no longer ahead, and one that failed comes back only when somebody tries it
/// again.
pub fn upcoming(deploy: &DeployAction, state: &PipelineState) -> Vec<UpcomingDeploy> {
    let mut found = Vec::new();
    let stages = state.stages.iter().take(deploy.place + 1).enumerate();
    for (place, stage) in stages {
        let ahead = |execution: &StageExecution, held| UpcomingDeploy {
            deploy: deploy.clone(),
            execution: execution.id.clone(),
            stage: stage.name.clone(),
            held,
        };
        for execution in &stage.inbound {
            found.push(ahead(execution, held_at_entry(stage)));
        }
        let inside = stage.latest.as_ref().filter(|one| one.is_in_flight());
        let comes_to_it = place < deploy.place || is_before(deploy, stage);
        if let Some(execution) = inside.filter(|_| comes_to_it) {
            let approval = stage.actions.iter().find(|action| {
                let run = action.latest.as_ref();
                run.is_some_and(super::ActionRun::waits_for_approval)
            });
            let held = approval.map(|action| Held::Approval(action.name.clone()));
            found.push(ahead(execution, held));
        }
    }
    found.reverse();
    found
}

fn held_at_entry(stage: &StageState) -> Option<Held> {
    let transition = stage.transition.as_ref();
    if let Some(off) = transition.filter(|transition| !transition.enabled) {
        return Some(Held::Transition(off.reason.clone()));
    }
    let taken = stage
        .latest
        .as_ref()
        .is_some_and(StageExecution::is_in_flight);
    taken.then_some(Held::Queue)
}

/// Whether the execution in a stage has not come to the deploy action yet: what runs before it is
/// under way. What the state tells of an action can still be of an earlier execution.
fn is_before(deploy: &DeployAction, stage: &StageState) -> bool {
    let under_way = |name: &str| {
        let run = stage.action(name).and_then(|action| action.latest.as_ref());
        run.is_some_and(|run| run.status == ActionStatus::InProgress)
    };
    let action = stage.action(&deploy.action);
    let never_ran = action.is_none_or(|action| action.latest.is_none());
    let entry = stage.before_entry.as_ref();
    let at_entry =
        entry.is_some_and(|condition| condition.status == Some(ConditionStatus::InProgress));
    never_ran || at_entry || deploy.before.iter().any(|name| under_way(name))
}

/// The same for an execution of a pipeline whose mode is PARALLEL, by the runs of its actions.
pub fn upcoming_in_parallel(
    deploy: &DeployAction,
    execution: &ExecutionId,
    actions: &[ActionExecution],
) -> Option<UpcomingDeploy> {
    if !runs(deploy, actions).is_empty() {
        return None;
    }
    let approval = actions.iter().find(|run| {
        run.status == ActionStatus::InProgress && run.category == Some(super::Category::Approval)
    });
    let last = approval.or_else(|| actions.last());
    Some(UpcomingDeploy {
        deploy: deploy.clone(),
        execution: execution.clone(),
        stage: last.map_or_else(String::new, |run| run.stage.clone()),
        held: approval.map(|run| Held::Approval(run.action.clone())),
    })
}

#[cfg(test)]
mod tests;
