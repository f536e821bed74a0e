//! Chooses how a wish is carried out, from the facts: the call, what it will do, what to know
//! first, or why it cannot be done.

mod rollback;
#[cfg(test)]
mod tests;

use super::arn::TaskDefinitionArn;
use super::call::Call;
use super::facts::Facts;
use super::intent::{Intent, Wish};
use super::plan::{Check, Goal, Plan, Refusal};
use super::service::{Controller, Service, Strategy};
use super::task_definition::TaskDefinition;
use super::text::count;
pub use rollback::target_of;

/// The reason that `DescribeTasks` shows for a task that was stopped from here.
pub const STOP_REASON: &str = "Stopped from cutover";

/// Makes the plan for a wish, or says why there is none.
pub fn plan(intent: &Intent, facts: &Facts) -> Result<Plan, Refusal> {
    let draft = match &intent.wish {
        Wish::StopTask { .. } => stop_task(intent, facts)?,
        wish => {
            let service = facts
                .service
                .as_ref()
                .ok_or_else(|| Refusal::new("the service is not there any more"))?;
            if service.status != "ACTIVE" {
                return Err(Refusal::new(format!(
                    "{} is {}: it is being deleted",
                    service.name(),
                    service.status
                )));
            }
            match wish {
                Wish::ForceRedeploy => force_redeploy(service, facts)?,
                Wish::RollBack { to } => rollback::roll_back(service, facts, to.as_ref())?,
                Wish::Deploy { task_definition } => deploy(service, facts, task_definition)?,
                Wish::SetDesiredCount { desired } => set_count(service, facts, *desired)?,
                Wish::StopTask { .. } => stop_task(intent, facts)?,
            }
        }
    };
    Ok(Plan {
        intent: intent.clone(),
        how: draft.how,
        what: draft.what,
        to: draft.to,
        then: draft.then,
        checks: draft.checks,
        call: draft.call,
        account: account_line(facts),
        production: facts.production,
        basis: facts.basis(),
        goal: draft.goal,
    })
}

/// The part of a plan that depends on the wish.
struct Draft {
    how: String,
    what: String,
    to: Option<String>,
    then: Vec<String>,
    checks: Vec<Check>,
    call: Call,
    goal: Goal,
}

fn account_line(facts: &Facts) -> String {
    let region = facts.region.as_deref().unwrap_or("no Region");
    match &facts.identity {
        Some(identity) => {
            format!("{}, {region}, as {}", identity.account, identity.short())
        }
        None => format!("account not known, {region}"),
    }
}

/// Refuses services that ECS does not move itself.
fn require_ecs(service: &Service) -> Result<(), Refusal> {
    match &service.controller {
        Controller::Ecs => Ok(()),
        Controller::CodeDeploy => Err(Refusal::new(
            "CodeDeploy moves this service: UpdateService would be rejected",
        )
        .instead("create or stop a deployment in CodeDeploy")),
        Controller::External => Err(Refusal::new(
            "an external controller moves this service through task sets",
        )
        .instead("use the tool that owns its task sets")),
        Controller::Unknown(name) => Err(Refusal::new(format!(
            "this version does not know the deployment controller {name}"
        ))),
    }
}

fn new_deployment_goal(service: &Service) -> Goal {
    Goal::NewDeploymentEnds {
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
        before: service.primary().map(|primary| primary.id.clone()),
    }
}

fn what_runs(service: &Service) -> String {
    format!(
        "{} in {}, running {}, {} of {}",
        service.name(),
        service.cluster.name(),
        service.task_definition.family_revision(),
        service.running,
        count(service.desired as usize, "task"),
    )
}

/// What the rolling limits mean for the tasks of this service.
fn rolling_sentence(service: &Service) -> String {
    if service.strategy != Strategy::Rolling {
        return "the service's own strategy and its stages apply".into();
    }
    let minimum = service.limits.minimum_healthy_percent.unwrap_or(100);
    let maximum = service.limits.maximum_percent.unwrap_or(200);
    let least = (service.desired * minimum).div_ceil(100);
    let most = service.desired * maximum / 100;
    format!("tasks are replaced step by step: at least {least} stay, at most {most} run at a time")
}

fn breaker_check(service: &Service) -> Check {
    match (service.limits.breaker, service.limits.breaker_rolls_back) {
        (true, true) => Check::good("the circuit breaker is on and rolls back"),
        (true, false) => Check::warning("the circuit breaker is on, but does not roll back"),
        (false, _) => Check::warning("the circuit breaker is off: a bad release retries for ever"),
    }
}

/// Says whether another release is in flight, which a new one would supersede.
fn in_flight_check(service: &Service, facts: &Facts) -> Check {
    match (&facts.history, facts.in_flight()) {
        (_, Some(record)) => Check::warning(format!(
            "release {} is in flight: this supersedes it",
            record
                .target
                .as_ref()
                .and_then(|target| target.task_definition.as_ref())
                .map_or_else(
                    || record.arn.name().to_owned(),
                    |task_definition| task_definition.family_revision().to_owned()
                )
        )),
        (Ok(_), None) if !service.is_moving() => Check::good("no other release is in flight"),
        (Err(_), None) if !service.is_moving() => {
            Check::good("no other release is in flight, as far as DescribeServices tells")
        }
        _ => Check::warning("another release is in flight: this supersedes it"),
    }
}

fn force_redeploy(service: &Service, facts: &Facts) -> Result<Draft, Refusal> {
    require_ecs(service)?;
    Ok(Draft {
        how: "ECS UpdateService with forceNewDeployment and nothing else".into(),
        what: what_runs(service),
        to: Some(format!(
            "{} again: the same task definition, this is no rollback",
            service.task_definition.family_revision()
        )),
        then: vec![rolling_sentence(service), "images are pulled again".into()],
        checks: vec![in_flight_check(service, facts), breaker_check(service)],
        call: Call::ForceNewDeployment {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
        },
        goal: new_deployment_goal(service),
    })
}

/// The target as it was read, or the refusal that says why it cannot be one.
fn readable_target<'a>(
    facts: &'a Facts,
    wanted: &TaskDefinitionArn,
) -> Result<&'a TaskDefinition, Refusal> {
    match &facts.target {
        Some(Ok(target)) => Ok(target),
        Some(Err(failure)) => Err(Refusal::new(format!(
            "{} could not be read: {}",
            wanted.family_revision(),
            failure.message
        ))
        .instead(failure.advice())),
        None => Err(Refusal::new(format!(
            "{} was not read",
            wanted.family_revision()
        ))),
    }
}

fn deploy(service: &Service, facts: &Facts, wanted: &TaskDefinitionArn) -> Result<Draft, Refusal> {
    require_ecs(service)?;
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
    Ok(Draft {
        how: "ECS UpdateService with the task definition and nothing else".into(),
        what: what_runs(service),
        to: Some(target_line(target)),
        then: vec![rolling_sentence(service)],
        checks: vec![
            Check::good(format!("{} is ACTIVE", target.arn.family_revision())),
            in_flight_check(service, facts),
            breaker_check(service),
        ],
        call: Call::UpdateTaskDefinition {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            task_definition: target.arn.clone(),
        },
        goal: new_deployment_goal(service),
    })
}

fn target_line(target: &TaskDefinition) -> String {
    format!(
        "{}, image {}",
        target.arn.family_revision(),
        target.images().join(" and ")
    )
}

fn set_count(service: &Service, facts: &Facts, desired: u32) -> Result<Draft, Refusal> {
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
    let mut checks = vec![Check::unknown(
        "autoscaling, where it is configured, may change the count again",
    )];
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
        },
    })
}

fn stop_task(intent: &Intent, facts: &Facts) -> Result<Draft, Refusal> {
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
