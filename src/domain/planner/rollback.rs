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
use crate::domain::release::{current, past};
use crate::domain::service::{DeploymentStatus, Service};
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
/// with another revision. Without history, while a deployment replaces another, the other one.
fn earlier_revision(service: &Service, facts: &Facts) -> Option<TaskDefinitionArn> {
    match &facts.history {
        Ok(history) if !history.is_empty() => {
            let releases = past(history, None);
            rollback_targets(&releases, &service.task_definition)
                .into_iter()
                .next()
                .map(|target| target.task_definition)
        }
        _ => service
            .deployments
            .iter()
            .filter(|deployment| deployment.status == DeploymentStatus::Active)
            .map(|deployment| deployment.task_definition.clone())
            .find(|task_definition| *task_definition != service.task_definition),
    }
}

pub(super) fn roll_back(
    service: &Service,
    facts: &Facts,
    chosen: Option<&TaskDefinitionArn>,
) -> Result<Draft, Refusal> {
    require_ecs(service)?;
    match (facts.in_flight(), chosen) {
        (Some(record), None) => stop_in_flight(service, record),
        (_, Some(chosen)) => go_to(service, facts, chosen),
        (None, None) => match earlier_revision(service, facts) {
            Some(target) => go_to(service, facts, &target),
            None => Err(no_target(service, facts)),
        },
    }
}

fn no_target(service: &Service, facts: &Facts) -> Refusal {
    match &facts.history {
        Err(failure) => Refusal::new(format!(
            "the releases of {} could not be read ({}), so no earlier success is known",
            service.name(),
            failure.short()
        ))
        .instead("choose a revision yourself: open its task definition and deploy it"),
        Ok(_) => Refusal::new(format!(
            "no earlier release of {} succeeded with another revision in the 90 days that ECS keeps",
            service.name()
        ))
        .instead("choose a revision yourself: open its task definition and deploy it"),
    }
}

fn stop_in_flight(service: &Service, record: &ServiceDeployment) -> Result<Draft, Refusal> {
    let tried = record
        .target
        .as_ref()
        .and_then(|target| target.task_definition.as_ref())
        .unwrap_or(&service.task_definition);
    match &record.status {
        ServiceDeploymentStatus::RollbackRequested
        | ServiceDeploymentStatus::RollbackInProgress => {
            return Err(Refusal::new(format!(
                "{} is rolling back already",
                service.name()
            )));
        }
        ServiceDeploymentStatus::StopRequested => {
            return Err(Refusal::new("the release was told to stop already"));
        }
        _ => {}
    }
    let Some(source) = record.sources.first() else {
        return Err(Refusal::new(format!(
            "{} has no earlier revision: this is its first release",
            service.name()
        ))
        .instead("set the desired count to 0 to stop it"));
    };
    let to = source.task_definition.as_ref().map_or_else(
        || source.arn.name().to_owned(),
        |task_definition| task_definition.family_revision().to_owned(),
    );
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
        checks: vec![
            Check::good("the release in flight can be stopped"),
            breaker_check(service),
        ],
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
    let mut checks = vec![
        super::in_flight_check(service, facts),
        breaker_check(service),
    ];
    checks.insert(0, success_check(service, facts, &target.arn));
    let cluster = service.cluster.clone();
    let (how, call) = if target.is_active() {
        checks.insert(0, Check::good(format!("{name} is ACTIVE")));
        (
            "ECS UpdateService with the task definition and nothing else",
            Call::UpdateTaskDefinition {
                cluster,
                service: service.arn.clone(),
                task_definition: target.arn.clone(),
            },
        )
    } else {
        checks.insert(
            0,
            Check::warning(format!(
                "{name} is {}: a copy of it is registered first",
                target.status
            )),
        );
        (
            "ECS RegisterTaskDefinition with a copy, then UpdateService with the copy",
            Call::RegisterCopyAndUpdate {
                cluster,
                service: service.arn.clone(),
                source: target.arn.clone(),
            },
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
        checks,
        call,
        goal: new_deployment_goal(service),
    })
}

fn success_check(service: &Service, facts: &Facts, target: &TaskDefinitionArn) -> Check {
    let name = target.family_revision();
    let Ok(history) = &facts.history else {
        return Check::unknown(format!("whether {name} ever succeeded could not be read"));
    };
    let mut releases = past(history, None);
    releases.extend(current(service, history).filter(|_| history.is_empty()));
    let succeeded = rollback_targets(&releases, &service.task_definition)
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
