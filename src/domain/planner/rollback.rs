//! The rollback planner: the mechanism follows from the state, the target from releases that
//! succeeded.

use super::{
    Draft, breaker_check, new_deployment_goal, readable_target, require_ecs, rolling_sentence,
    target_line, what_runs,
};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::call::Call;
use crate::domain::facts::Facts;
use crate::domain::history::rollback_targets;
use crate::domain::intent::Wish;
use crate::domain::plan::{Check, Goal, Refusal};
use crate::domain::release::{ReleaseStatus, current, past};
use crate::domain::service::{DeploymentStatus, RolloutState, Service};
use crate::domain::service_deployment::{ServiceDeployment, ServiceDeploymentStatus};

/// The revision that a wish leads to, if it leads to one: what has to be read before the plan can be
/// made. `None` where ECS itself knows the way back, or where there is no target.
pub fn target_of(wish: &Wish, facts: &Facts) -> Option<TaskDefinitionArn> {
    match wish {
        Wish::Deploy { task_definition } => Some(task_definition.clone()),
        Wish::RollBack { to: Some(to) } => Some(to.clone()),
        Wish::RollBack { to: None } => {
            let service = facts.service.as_ref()?;
            match facts.in_flight() {
                Some(_) => None,
                None => earlier_revision(service, facts),
            }
        }
        _ => None,
    }
}

/// Where to go back to with nothing in flight that ECS could stop: the last release that succeeded
/// with another revision. Where the history tells none, the revision of an older deployment that
/// still has tasks and did not fail.
fn earlier_revision(service: &Service, facts: &Facts) -> Option<TaskDefinitionArn> {
    let releases = past(facts.history.as_deref().unwrap_or_default(), None);
    let succeeded = rollback_targets(&releases, &service.task_definition)
        .into_iter()
        .next()
        .map(|target| target.task_definition);
    succeeded.or_else(|| {
        service
            .deployments
            .iter()
            .filter(|deployment| {
                deployment.status == DeploymentStatus::Active
                    && deployment.rollout_state != Some(RolloutState::Failed)
            })
            .map(|deployment| deployment.task_definition.clone())
            .find(|task_definition| *task_definition != service.task_definition)
    })
}

pub(super) fn roll_back(
    service: &Service,
    facts: &Facts,
    chosen: Option<&TaskDefinitionArn>,
) -> Result<Draft, Refusal> {
    require_ecs(service)?;
    if chosen.is_none() && is_rolling_back(service, facts) {
        return Err(Refusal::new(format!(
            "{} is rolling back already",
            service.name()
        )));
    }
    match (facts.in_flight(), chosen) {
        (Some(record), None) => stop_in_flight(service, facts, record),
        (_, Some(chosen)) => go_to(service, facts, chosen),
        (None, None) => match earlier_revision(service, facts) {
            Some(target) => go_to(service, facts, &target),
            None => Err(no_target(service, facts)),
        },
    }
}

fn is_rolling_back(service: &Service, facts: &Facts) -> bool {
    let history = facts.history.as_deref().unwrap_or_default();
    current(service, history).is_some_and(|release| release.status == ReleaseStatus::RollingBack)
}

fn no_target(service: &Service, facts: &Facts) -> Refusal {
    let name = service.name();
    let reason = match &facts.history {
        Err(failure) => format!(
            "the releases of {name} could not be read ({}), so no earlier success is known",
            failure.short()
        ),
        Ok(history) if history.iter().any(succeeded_with_unknown) => format!(
            "which revisions the earlier releases of {name} ran could not be read \
             (ecs:DescribeServiceDeployments, ecs:DescribeServiceRevisions)"
        ),
        Ok(_) => format!(
            "no earlier release of {name} succeeded with another revision in the 90 days that ECS \
             keeps"
        ),
    };
    Refusal::new(reason)
        .instead("choose a revision yourself: open its task definition and deploy it")
}

fn succeeded_with_unknown(record: &ServiceDeployment) -> bool {
    let target = record.target.as_ref();
    record.status == ServiceDeploymentStatus::Successful
        && target.is_none_or(|target| target.task_definition.is_none())
}

fn stop_in_flight(
    service: &Service,
    facts: &Facts,
    record: &ServiceDeployment,
) -> Result<Draft, Refusal> {
    let tried = record
        .target
        .as_ref()
        .and_then(|target| target.task_definition.as_ref())
        .unwrap_or(&service.task_definition);
    if record.status == ServiceDeploymentStatus::StopRequested {
        return Err(Refusal::new("the release was told to stop already"));
    }
    let source = record.sources.first();
    if source.is_none() && is_first(service, facts, record) {
        return Err(Refusal::new(format!(
            "{} has no earlier revision: this is its first release",
            service.name()
        ))
        .instead("set the desired count to 0 to stop it"));
    }
    let to = source.map_or("the revision before it", |source| {
        let definition = source.task_definition.as_ref();
        definition.map_or_else(
            || source.arn.name(),
            |definition| definition.family_revision(),
        )
    });
    Ok(Draft {
        how: "ECS StopServiceDeployment, stop type ROLLBACK".into(),
        what: format!(
            "the release of {} in flight, {}",
            tried.family_revision(),
            what_runs(service)
        ),
        to: Some(format!("{to}, from which this release started")),
        then: vec![
            format!("ECS stops the release and returns to {to}"),
            rolling_sentence(service),
        ],
        checks: vec![Check::good("the release in flight has not ended")],
        call: Call::StopServiceDeployment {
            deployment: record.arn.clone(),
        },
        goal: Goal::RollbackEnds {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            record: record.arn.clone(),
        },
    })
}

/// Whether nothing ran before this record: no other one succeeded, and no older deployment has tasks.
/// A list of releases without their details names no sources.
fn is_first(service: &Service, facts: &Facts, record: &ServiceDeployment) -> bool {
    let others = facts.history.as_deref().unwrap_or_default();
    let succeeded = others.iter().any(|other| {
        other.arn != record.arn && other.status == ServiceDeploymentStatus::Successful
    });
    let older = service
        .deployments
        .iter()
        .any(|deployment| deployment.status == DeploymentStatus::Active);
    !succeeded && !older
}

fn go_to(service: &Service, facts: &Facts, wanted: &TaskDefinitionArn) -> Result<Draft, Refusal> {
    let target = readable_target(facts, wanted)?;
    if target.arn == service.task_definition {
        return Err(Refusal::new(format!(
            "{} runs {} already",
            service.name(),
            target.arn.family_revision()
        )));
    }
    let name = target.arn.family_revision();
    let cluster = service.cluster.clone();
    let (how, state, call, runs) = if target.is_active() {
        (
            "ECS UpdateService with the task definition and nothing else",
            Check::good(format!("{name} is ACTIVE")),
            Call::UpdateTaskDefinition {
                cluster,
                service: service.arn.clone(),
                task_definition: target.arn.clone(),
            },
            Some(&target.arn),
        )
    } else {
        (
            "ECS RegisterTaskDefinition with a copy, then UpdateService with the copy",
            Check::warning(format!(
                "{name} is {}: a copy of it is registered first",
                target.status
            )),
            Call::RegisterCopyAndUpdate {
                cluster,
                service: service.arn.clone(),
                source: target.arn.clone(),
            },
            None,
        )
    };
    Ok(Draft {
        how: how.into(),
        what: what_runs(service),
        to: Some(target_line(target)),
        then: vec![
            rolling_sentence(service),
            "this is a release of its own, and is followed".into(),
        ],
        checks: [
            state,
            success_check(service, facts, &target.arn),
            super::in_flight_check(service, facts),
        ]
        .into_iter()
        .chain(breaker_check(service))
        .collect(),
        call,
        goal: new_deployment_goal(service, runs),
    })
}

fn success_check(service: &Service, facts: &Facts, target: &TaskDefinitionArn) -> Check {
    let name = target.family_revision();
    let Ok(history) = &facts.history else {
        return Check::unknown(format!("whether {name} ever succeeded could not be read"));
    };
    let succeeded = rollback_targets(&past(history, None), &service.task_definition)
        .into_iter()
        .find(|earlier| earlier.task_definition == *target);
    match succeeded.map(|earlier| earlier.succeeded_at) {
        Some(Some(at)) => Check::good(format!(
            "a release succeeded with {name} on {}",
            at.strftime("%F %H:%MZ")
        )),
        Some(None) => Check::good(format!("a release succeeded with {name}")),
        None => Check::warning(format!(
            "no release of this service is known to have succeeded with {name}"
        )),
    }
}
