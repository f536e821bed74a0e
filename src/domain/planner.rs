//! Chooses how a wish is carried out, from the facts: the call, what it will do, what to know
//! first, or why it cannot be done.

mod actions;
mod checks;
mod codedeploy;
mod create;
mod cut_over;
mod pipeline;
mod pipelines_ahead;
mod preflight;
mod rollback;
mod stop;
mod task_sets;
#[cfg(test)]
mod tests;

use super::arn::TaskDefinitionArn;
use super::call::Call;
use super::context::Identity;
use super::facts::{Facts, Findings, Ground};
use super::failure::Failure;
use super::intent::{Intent, ServiceIntent, Wish};
use super::plan::{Check, Goal, Plan, Refusal};
use super::service::{Controller, Service, Strategy};
use super::task_definition::TaskDefinition;
use super::text::count;
use actions::{deploy, force_redeploy, set_count, stop_task};
pub use codedeploy::{no_way_back, one_at_a_time};
pub use cut_over::{CutOverStep, cut_over_step};
pub use rollback::target_of;
pub use stop::stop_step;
pub use task_sets::earlier_task_set;

/// The reason that `DescribeTasks` shows for a task that was stopped from here.
pub const STOP_REASON: &str = "Stopped from cutover";

/// Makes the plan for a wish, or says why there is none.
pub fn plan_for(intent: &Intent, findings: &Findings) -> Result<Plan, Refusal> {
    match (intent, findings) {
        (Intent::Service(intent), Findings::Service(facts)) => plan(intent, facts),
        (Intent::Pipeline(intent), Findings::Pipeline(facts)) => pipeline::plan(intent, facts),
        _ => Err(Refusal::new(
            "something else was read than what the wish is about",
        )),
    }
}

/// Makes the plan for a wish about a service, or says why there is none.
pub fn plan(intent: &ServiceIntent, facts: &Facts) -> Result<Plan, Refusal> {
    let mut draft = match &intent.wish {
        Wish::StopTask { .. } => stop_task(intent, facts),
        Wish::CutOver => cut_over::cut_over(active_service(facts)?, facts),
        Wish::Stop => stop::stop(active_service(facts)?, facts),
        Wish::ForceRedeploy => force_redeploy(active_service(facts)?, facts),
        Wish::RollBack { to } => rollback::roll_back(active_service(facts)?, facts, to.as_ref()),
        Wish::Deploy { task_definition } => deploy(active_service(facts)?, facts, task_definition),
        Wish::SetDesiredCount { desired } => set_count(active_service(facts)?, facts, *desired),
    }?;
    preflight::add(&mut draft.checks, &intent.wish, facts);
    draft.checks.extend(pipelines_ahead::checks(intent, facts));
    Ok(Plan {
        intent: Intent::Service(intent.clone()),
        how: draft.how,
        what: draft.what,
        to: draft.to,
        then: draft.then,
        checks: draft.checks,
        call: draft.call,
        account: account_line(facts.identity.as_ref(), facts.region.as_deref()),
        production: facts.production,
        basis: Ground::Service(facts.basis(&intent.wish)),
        goal: draft.goal,
        first: pipelines_ahead::first(intent, facts),
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

fn account_line(identity: Option<&Identity>, region: Option<&str>) -> String {
    let region = region.unwrap_or("no Region");
    match identity {
        Some(identity) => {
            format!("{}, {region}, as {}", identity.account, identity.short())
        }
        None => format!("account not known, {region}"),
    }
}

/// Why a service with such a controller cannot be steered at all.
fn unknown_controller(name: &str) -> Refusal {
    Refusal::new(format!(
        "this version does not know the deployment controller {name}"
    ))
}

/// Refuses to steer what is in flight where that could not be read.
fn require_releases(service: &Service, facts: &Facts) -> Result<(), Refusal> {
    let failure = match service.controller {
        Controller::CodeDeploy => facts.codedeploy.as_ref().err(),
        Controller::Ecs => facts.history.as_ref().err(),
        Controller::External | Controller::Unknown(_) => None,
    };
    failure.map_or(Ok(()), |failure| Err(unreadable(service, failure)))
}

fn unreadable(service: &Service, failure: &Failure) -> Refusal {
    Refusal::new(format!(
        "the releases of {} could not be read: {} ({})",
        service.name(),
        failure.short(),
        failure.message
    ))
    .instead(failure.advice())
}

fn nothing_in_flight(service: &Service) -> Refusal {
    Refusal::new(format!("no release of {} is in flight", service.name()))
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
    // Both sides of a release are counted.
    let tasks = if service.running > service.desired {
        let running = count(service.running as usize, "task");
        format!("{running}, {} wanted", service.desired)
    } else {
        let wanted = count(service.desired as usize, "task");
        format!("{} of {wanted}", service.running)
    };
    format!(
        "{} in {}, running {}, {tasks}",
        service.name(),
        service.cluster.name(),
        service.task_definition.family_revision(),
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
