//! Chooses how a wish is carried out, from the facts: the call, what it will do, what to know
//! first, or why it cannot be done.

mod actions;
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
use actions::{deploy, force_redeploy, set_count, stop_task};
pub use rollback::target_of;

/// The reason that `DescribeTasks` shows for a task that was stopped from here.
pub const STOP_REASON: &str = "Stopped from cutover";

/// Makes the plan for a wish, or says why there is none.
pub fn plan(intent: &Intent, facts: &Facts) -> Result<Plan, Refusal> {
    let draft = match &intent.wish {
        Wish::StopTask { .. } => stop_task(intent, facts),
        Wish::ForceRedeploy => force_redeploy(active_service(facts)?, facts),
        Wish::RollBack { to } => rollback::roll_back(active_service(facts)?, facts, to.as_ref()),
        Wish::Deploy { task_definition } => deploy(active_service(facts)?, facts, task_definition),
        Wish::SetDesiredCount { desired } => set_count(active_service(facts)?, facts, *desired),
    }?;
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
        basis: facts.basis(&intent.wish),
        goal: draft.goal,
    })
}

fn active_service(facts: &Facts) -> Result<&Service, Refusal> {
    let service = facts
        .service
        .as_ref()
        .ok_or_else(|| Refusal::new("the service is not there any more"))?;
    match service.status.as_str() {
        "ACTIVE" => Ok(service),
        "DRAINING" => Err(Refusal::new(format!(
            "{} is DRAINING: it is being deleted",
            service.name()
        ))),
        other => Err(Refusal::new(format!("{} is {other}", service.name()))),
    }
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

/// `runs` is the revision that the call names, where it names one.
fn new_deployment_goal(service: &Service, runs: Option<&TaskDefinitionArn>) -> Goal {
    Goal::NewDeploymentEnds {
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
        before: service.primary().map(|primary| primary.id.clone()),
        task_definition: runs.cloned(),
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
    let share = |percent: Option<u32>, otherwise: u32| {
        u64::from(service.desired) * u64::from(percent.unwrap_or(otherwise))
    };
    let least = share(service.limits.minimum_healthy_percent, 100).div_ceil(100);
    let most = share(service.limits.maximum_percent, 200) / 100;
    format!("tasks are replaced step by step: at least {least} stay, at most {most} run at a time")
}

/// Says what the circuit breaker will do; only rolling releases have one.
fn breaker_check(service: &Service) -> Option<Check> {
    if service.strategy != Strategy::Rolling {
        return None;
    }
    Some(
        match (service.limits.breaker, service.limits.breaker_rolls_back) {
            (true, true) => Check::good("the circuit breaker is on and rolls back"),
            (true, false) => Check::warning("the circuit breaker is on, but does not roll back"),
            (false, _) => {
                Check::warning("the circuit breaker is off: a bad release retries for ever")
            }
        },
    )
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

fn target_line(target: &TaskDefinition) -> String {
    let name = target.arn.family_revision();
    match &target.images()[..] {
        [] => name.to_owned(),
        images => format!("{name}, image {}", images.join(" and ")),
    }
}
