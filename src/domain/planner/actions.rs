//! Plans for everything but a rollback: force redeploy, deploy, count, stopping a task.

use super::checks::{alarm_checks, alarms_of_records, breaker_check, in_flight_check};
use super::create::create;
use super::{
    Draft, STOP_REASON, new_deployment_goal, readable_target, rolling_sentence, target_line,
    task_sets, unknown_controller, what_runs,
};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::call::Call;
use crate::domain::facts::Facts;
use crate::domain::intent::ServiceIntent;
use crate::domain::plan::{Check, Goal, Refusal};
use crate::domain::service::{Controller, Service};
use crate::domain::text::count;

pub(super) fn force_redeploy(service: &Service, facts: &Facts) -> Result<Draft, Refusal> {
    match &service.controller {
        Controller::Ecs => Ok(force_new_deployment(service, facts)),
        Controller::CodeDeploy => {
            let same = Check::good("the same task definition: this is no rollback");
            create(service, facts, &service.task_definition, vec![same])
        }
        Controller::External => Err(task_sets::no_deploy()),
        Controller::Unknown(name) => Err(unknown_controller(name)),
    }
}

fn force_new_deployment(service: &Service, facts: &Facts) -> Draft {
    Draft {
        how: "ECS UpdateService with forceNewDeployment and nothing else".into(),
        what: what_runs(service),
        to: Some(format!(
            "{} again: the same task definition, this is no rollback",
            service.task_definition.family_revision()
        )),
        then: vec![rolling_sentence(service), "images are pulled again".into()],
        checks: std::iter::once(in_flight_check(service, facts))
            .chain(breaker_check(service))
            .chain(firing(facts))
            .collect(),
        call: Call::ForceNewDeployment {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
        },
        goal: new_deployment_goal(service, None),
    }
}

/// An alarm that fires when a release begins is not watched during it.
pub(super) fn firing(facts: &Facts) -> Vec<Check> {
    let names = alarms_of_records(facts);
    alarm_checks(
        facts,
        &names,
        "ECS ignores it for a release that begins now",
    )
}

pub(super) fn deploy(
    service: &Service,
    facts: &Facts,
    wanted: &TaskDefinitionArn,
) -> Result<Draft, Refusal> {
    match &service.controller {
        Controller::Ecs | Controller::CodeDeploy => {}
        Controller::External => return Err(task_sets::no_deploy()),
        Controller::Unknown(name) => return Err(unknown_controller(name)),
    }
    let target = readable_target(facts, wanted)?;
    if target.arn == service.task_definition {
        return Err(Refusal::new(format!(
            "{} already runs {}",
            service.name(),
            target.arn.family_revision()
        ))
        .instead("force a redeploy to start it again"));
    }
    if !target.is_active() {
        return Err(Refusal::new(format!(
            "{} is {}: a service cannot be moved to it",
            target.arn.family_revision(),
            target.status
        ))
        .instead("roll back instead: that registers a copy of it"));
    }
    if service.controller == Controller::CodeDeploy {
        return create(service, facts, wanted, Vec::new());
    }
    Ok(Draft {
        how: "ECS UpdateService with the task definition and nothing else".into(),
        what: what_runs(service),
        to: Some(target_line(target)),
        then: vec![rolling_sentence(service)],
        checks: [
            Check::good(format!("{} is ACTIVE", target.arn.family_revision())),
            in_flight_check(service, facts),
        ]
        .into_iter()
        .chain(breaker_check(service))
        .chain(firing(facts))
        .collect(),
        call: Call::UpdateTaskDefinition {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            task_definition: target.arn.clone(),
        },
        goal: new_deployment_goal(service, Some(&target.arn)),
    })
}

pub(super) fn set_count(service: &Service, facts: &Facts, desired: u32) -> Result<Draft, Refusal> {
    if service.controller == Controller::External {
        return Err(Refusal::new(
            "an external controller scales this service through its task sets",
        ));
    }
    if desired == service.desired {
        return Err(Refusal::new(format!(
            "the desired count is {desired} already"
        )));
    }
    let mut checks = Vec::new();
    if desired == 0 {
        checks.push(Check::warning("with 0 tasks the service answers nobody"));
    }
    if facts.in_flight().is_some() || service.is_moving() {
        checks.push(Check::warning(
            "a release is in flight and goes on with the new count",
        ));
    }
    let verb = if desired > service.desired {
        "starts"
    } else {
        "stops"
    };
    Ok(Draft {
        how: "ECS UpdateService with desiredCount and nothing else".into(),
        what: what_runs(service),
        to: None,
        then: vec![
            format!(
                "ECS {verb} {}",
                count(desired.abs_diff(service.desired) as usize, "task")
            ),
            "no new release is made".into(),
        ],
        checks,
        call: Call::UpdateDesiredCount {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            desired,
        },
        goal: Goal::CountReached {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            desired,
            before: service.desired,
        },
    })
}

pub(super) fn stop_task(intent: &ServiceIntent, facts: &Facts) -> Result<Draft, Refusal> {
    let task = facts
        .task
        .as_ref()
        .ok_or_else(|| Refusal::new("the task is not there any more"))?;
    if !task.is_wanted() || task.is_stopped() {
        return Err(Refusal::new(format!(
            "task {} stops already",
            task.arn.short()
        )));
    }
    let (then, check) = match &facts.service {
        Some(service) => (
            format!("{} starts another task in its place", service.name()),
            if service.running <= 1 {
                Check::warning("it is the last running task of the service")
            } else {
                Check::good(format!(
                    "{} of the service run",
                    count(service.running as usize, "task")
                ))
            },
        ),
        None => (
            "nothing starts another in its place".to_owned(),
            Check::warning("the task belongs to no service"),
        ),
    };
    Ok(Draft {
        how: "ECS StopTask".into(),
        what: format!(
            "task {} of {}, {}",
            task.arn.name(),
            task.task_definition.family_revision(),
            task.last_status
        ),
        to: None,
        then: vec![
            "its containers get SIGTERM, and SIGKILL after their stop timeout".into(),
            then,
        ],
        checks: vec![check],
        call: Call::StopTask {
            cluster: intent.cluster.clone(),
            task: task.arn.clone(),
            reason: STOP_REASON.into(),
        },
        goal: Goal::TaskStopped {
            cluster: intent.cluster.clone(),
            task: task.arn.clone(),
        },
    })
}
