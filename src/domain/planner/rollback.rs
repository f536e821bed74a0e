//! The rollback planner: the mechanism follows from the state, the target from releases that
//! succeeded.

use super::actions::firing;
use super::checks::{breaker_check, in_flight_check, traffic_check};
use super::create::create;
use super::cut_over::words;
use super::{
    Draft, codedeploy, new_deployment_goal, readable_target, rolling_sentence, target_line,
    task_sets, unknown_controller, what_runs,
};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::call::{Call, HookAnswer};
use crate::domain::facts::{Facts, ProductionTraffic, awaiting_hook};
use crate::domain::history::{RollbackTarget, rollback_targets};
use crate::domain::intent::Wish;
use crate::domain::plan::{Check, Goal, Refusal};
use crate::domain::release::{ReleaseStatus, current_of, past_of};
use crate::domain::service::{Controller, DeploymentStatus, RolloutState, Service, Strategy};
use crate::domain::service_deployment::{ServiceDeployment, ServiceDeploymentStatus};

/// The revision that a wish leads to, if it leads to one: what has to be read before the plan can be
/// made. `None` where ECS itself knows the way back, or where there is no target.
pub fn target_of(wish: &Wish, facts: &Facts) -> Option<TaskDefinitionArn> {
    match wish {
        Wish::Deploy { task_definition } => Some(task_definition.clone()),
        Wish::RollBack { to: Some(to) } => Some(to.clone()),
        Wish::RollBack { to: None } => {
            let service = facts.service.as_ref()?;
            match (facts.in_flight(), facts.code_in_flight()) {
                (None, None) => earlier_revision(service, facts),
                _ => None,
            }
        }
        Wish::ForceRedeploy => facts
            .service
            .as_ref()
            .filter(|service| service.controller == Controller::CodeDeploy)
            .map(|service| service.task_definition.clone()),
        _ => None,
    }
}

/// Where to go back to with nothing in flight that ECS could stop: the last release that succeeded
/// with another revision. Where the history tells none, the revision of an older deployment that
/// still has tasks and did not fail.
fn earlier_revision(service: &Service, facts: &Facts) -> Option<TaskDefinitionArn> {
    let succeeded = succeeded(service, facts)
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

/// The revisions that releases of the service succeeded with, the latest first.
fn succeeded(service: &Service, facts: &Facts) -> Vec<RollbackTarget> {
    let releases = facts
        .sources()
        .map_or_else(Vec::new, |of| past_of(&of, None));
    rollback_targets(&releases, &service.task_definition)
}

pub(super) fn roll_back(
    service: &Service,
    facts: &Facts,
    chosen: Option<&TaskDefinitionArn>,
) -> Result<Draft, Refusal> {
    match &service.controller {
        Controller::Ecs => roll_back_ecs(service, facts, chosen),
        Controller::CodeDeploy => roll_back_codedeploy(service, facts, chosen),
        Controller::External => task_sets::earlier_task_set(service, chosen)
            .map(|set| task_sets::make_primary(service, set)),
        Controller::Unknown(name) => Err(unknown_controller(name)),
    }
}

fn roll_back_codedeploy(
    service: &Service,
    facts: &Facts,
    chosen: Option<&TaskDefinitionArn>,
) -> Result<Draft, Refusal> {
    super::require_releases(service, facts)?;
    if let Some(deployment) = facts.code_in_flight() {
        return codedeploy::roll_back(service, deployment, chosen);
    }
    let earlier = || earlier_revision(service, facts);
    let Some(target) = chosen.cloned().or_else(earlier) else {
        return Err(Refusal::new(format!(
            "no earlier CodeDeploy deployment of {} is known to have succeeded with another \
             revision",
            service.name()
        ))
        .instead("choose a revision yourself: open its task definition and deploy it"));
    };
    if target == service.task_definition {
        return Err(runs_already(service, &target));
    }
    let succeeded = success_check(service, facts, &target);
    create(service, facts, &target, vec![succeeded])
}

fn runs_already(service: &Service, target: &TaskDefinitionArn) -> Refusal {
    Refusal::new(format!(
        "{} runs {} already",
        service.name(),
        target.family_revision()
    ))
}

fn roll_back_ecs(
    service: &Service,
    facts: &Facts,
    chosen: Option<&TaskDefinitionArn>,
) -> Result<Draft, Refusal> {
    if chosen.is_none() && is_rolling_back(facts) {
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

fn is_rolling_back(facts: &Facts) -> bool {
    let current = facts.sources().and_then(|of| current_of(&of));
    current.is_some_and(|release| release.status == ReleaseStatus::RollingBack)
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
    let (how, at, check, call) = way_back(record);
    Ok(Draft {
        how: how.into(),
        what: format!(
            "the release of {} in flight{at}, {}",
            tried.family_revision(),
            what_runs(service)
        ),
        to: Some(format!("{to}, from which this release started")),
        then: vec![
            format!("ECS stops the release and returns to {to}"),
            what_traffic_does(service, record, to),
        ],
        checks: std::iter::once(check)
            .chain(traffic_check(record, facts).filter(|_| shifts(service, record)))
            .collect(),
        call,
        goal: Goal::RollbackEnds {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            record: record.arn.clone(),
        },
    })
}

/// The call that takes a release back: a pause hook that waits is answered, everything else stopped.
fn way_back(record: &ServiceDeployment) -> (&'static str, String, Check, Call) {
    let at = record.lifecycle_stage.as_deref();
    let at = at.map_or_else(String::new, |stage| format!(" at {}", words(stage)));
    let deployment = record.arn.clone();
    match awaiting_hook(record).and_then(|hook| hook.id.clone()) {
        Some(hook) => (
            "ECS ContinueServiceDeployment, action ROLLBACK",
            format!("{at}, paused by hook {hook}"),
            Check::good(format!("hook {hook} waits for an answer")),
            Call::ContinueServiceDeployment {
                deployment,
                hook,
                answer: HookAnswer::RollBack,
            },
        ),
        None => (
            "ECS StopServiceDeployment, stop type ROLLBACK",
            at,
            Check::good("the release in flight has not ended"),
            Call::StopServiceDeployment { deployment },
        ),
    }
}

/// Whether a release moves traffic, rather than replacing tasks one by one.
fn shifts(service: &Service, record: &ServiceDeployment) -> bool {
    *record.strategy.as_ref().unwrap_or(&service.strategy) != Strategy::Rolling
}

fn what_traffic_does(service: &Service, record: &ServiceDeployment, to: &str) -> String {
    if !shifts(service, record) {
        return rolling_sentence(service);
    }
    match ProductionTraffic::of_record(record) {
        ProductionTraffic::NotMoved => {
            format!("test traffic returns; production traffic never left {to}")
        }
        ProductionTraffic::Moved | ProductionTraffic::Unknown => {
            format!("production traffic returns to {to}, whose tasks still run")
        }
        ProductionTraffic::OldSideGoes => format!(
            "the tasks of {to} are on their way out: some may have to start before traffic returns"
        ),
    }
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
        return Err(runs_already(service, &target.arn));
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
            in_flight_check(service, facts),
        ]
        .into_iter()
        .chain(breaker_check(service))
        .chain(firing(facts))
        .collect(),
        call,
        goal: new_deployment_goal(service, runs),
    })
}

fn success_check(service: &Service, facts: &Facts, target: &TaskDefinitionArn) -> Check {
    let name = target.family_revision();
    if facts.history.is_err() && service.controller != Controller::CodeDeploy {
        return Check::unknown(format!("whether {name} ever succeeded could not be read"));
    }
    let succeeded = succeeded(service, facts)
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
