//! Steers the CodeDeploy deployment in flight. [`create`](super::create) makes new ones.

use super::checks::alarm_checks;
use super::cut_over::CutOverStep;
use super::{Draft, what_runs};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::call::{Call, DeploymentWait};
use crate::domain::codedeploy::{CodeDeployStatus, CodeDeployment, TrafficRouting};
use crate::domain::facts::{Facts, ProductionTraffic};
use crate::domain::plan::{Check, Goal, Refusal};
use crate::domain::service::{Service, TaskSet};

/// Whether a deployment goes back: then there is nothing to roll back.
pub(super) fn goes_back(deployment: &CodeDeployment) -> bool {
    deployment.rolls_back.is_some() || deployment.creator.as_deref() == Some("codeDeployRollback")
}

/// The wait of a deployment that can be ended, or why none can.
pub(super) fn wait_step(deployment: &CodeDeployment) -> Result<CutOverStep<'_>, Refusal> {
    let step = |wait| Ok(CutOverStep::Wait { deployment, wait });
    if deployment.waits_to_terminate() {
        return step(DeploymentWait::Termination);
    }
    let moved = ProductionTraffic::of_codedeploy(deployment) == ProductionTraffic::Moved;
    match (&deployment.status, &deployment.routing) {
        (CodeDeployStatus::Ready, _) => step(DeploymentWait::Ready),
        (_, Some(TrafficRouting::Canary { .. })) if moved => {
            Err(no_skip("the wait of a CodeDeploy canary"))
        }
        (_, Some(TrafficRouting::Linear { .. })) if moved => {
            Err(no_skip("the wait between two parts of the traffic"))
        }
        (CodeDeployStatus::Baking, _) => Err(no_skip("a CodeDeploy bake")),
        (status, _) => Err(Refusal::new(format!(
            "{} is {}: it waits for nobody, and goes on by itself",
            deployment.id,
            status.name()
        ))),
    }
}

fn no_skip(what: &str) -> Refusal {
    Refusal::new(format!("AWS has no call to skip {what}")).instead("wait, or roll back")
}

pub(super) fn end_wait(
    service: &Service,
    facts: &Facts,
    deployment: &CodeDeployment,
    wait: DeploymentWait,
) -> Draft {
    let (old, new) = sides(service, deployment);
    let name = |side: Option<&TaskDefinitionArn>, or: &str| {
        side.map_or_else(|| or.to_owned(), |side| side.family_revision().to_owned())
    };
    let old_name = name(old, "the original task set");
    let new_name = name(new, "the new task set");
    let (then, mut checks) = match wait {
        DeploymentWait::Ready => (
            vec![
                routing_sentence(deployment, &new_name),
                termination_sentence(deployment),
            ],
            vec![Check::good(format!("{} is Ready", deployment.id))],
        ),
        DeploymentWait::Termination => (
            vec![format!(
                "CodeDeploy terminates the tasks of {old_name} now, and succeeds"
            )],
            vec![Check::warning(format!(
                "this gives {old_name} up: after it a rollback has to start new tasks first"
            ))],
        ),
    };
    checks.extend(alarm_checks(
        facts,
        &deployment.alarms,
        "look at it before you go on",
    ));
    Draft {
        how: format!("CodeDeploy ContinueDeployment, {}", wait.name()),
        what: format!(
            "deployment {} to {new_name}, {}",
            deployment.id,
            what_runs(service)
        ),
        to: Some(new_name),
        then,
        checks,
        call: Call::ContinueDeployment {
            deployment: deployment.id.clone(),
            wait,
        },
        goal: Goal::DeploymentSucceeds {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            deployment: Some(deployment.id.clone()),
        },
    }
}

/// How the traffic of a deployment moves, as its configuration says.
pub(super) fn routing_sentence(deployment: &CodeDeployment, to: &str) -> String {
    match &deployment.routing {
        Some(TrafficRouting::AllAtOnce) => {
            format!("all production traffic moves to {to} at once")
        }
        Some(TrafficRouting::Canary { percent, minutes }) => format!(
            "{percent} % of the production traffic moves to {to}, the rest {minutes} min later"
        ),
        Some(TrafficRouting::Linear { percent, minutes }) => {
            format!("{percent} % of the production traffic moves to {to} every {minutes} min")
        }
        Some(TrafficRouting::Unknown(_)) | None => {
            let by = deployment.configuration.as_deref();
            let by = by.unwrap_or("its deployment configuration");
            format!("production traffic moves to {to} as {by} says")
        }
    }
}

/// What becomes of the original task set after the traffic has moved.
pub(super) fn termination_sentence(deployment: &CodeDeployment) -> String {
    match &deployment.termination {
        Some(wait) if !wait.terminates => "the original task set is kept".into(),
        Some(wait) if wait.minutes > 0 => format!(
            "the original task set is kept for {} min more, then it goes",
            wait.minutes
        ),
        Some(_) => "the original task set goes as soon as the traffic has moved".into(),
        None => "the original task set goes after the wait of its deployment group".into(),
    }
}

/// What ran before a deployment, and what it brings.
fn sides<'a>(
    service: &'a Service,
    deployment: &'a CodeDeployment,
) -> (Option<&'a TaskDefinitionArn>, Option<&'a TaskDefinitionArn>) {
    let is_new = |set: &&TaskSet| set.external_id.as_deref() == Some(deployment.id.as_str());
    let new = service.task_sets.iter().find(is_new);
    let others = || service.task_sets.iter().filter(|set| !is_new(set));
    let old = others().find(|set| set.status == "PRIMARY");
    let old = old.or_else(|| others().max_by_key(|set| set.created_at));
    (
        old.map(|set| &set.task_definition),
        new.map(|set| &set.task_definition)
            .or(deployment.task_definition.as_ref()),
    )
}

/// Why the deployment in flight cannot be rolled back, where it goes back itself.
pub fn no_way_back(deployment: &CodeDeployment) -> Option<Refusal> {
    goes_back(deployment).then(|| Refusal::new("it is rolling back already"))
}

/// Stops the deployment in flight and lets CodeDeploy go back. `chosen` is where the person wants to
/// go: a deployment in flight leads only to where it came from.
pub(super) fn roll_back(
    service: &Service,
    deployment: &CodeDeployment,
    chosen: Option<&TaskDefinitionArn>,
) -> Result<Draft, Refusal> {
    if let Some(refusal) = no_way_back(deployment) {
        return Err(refusal);
    }
    let (old, new) = sides(service, deployment);
    if let Some(chosen) = chosen.filter(|chosen| Some(*chosen) != old) {
        return Err(one_at_a_time(deployment).instead(format!(
            "roll back what is in flight first, then go to {}",
            chosen.family_revision()
        )));
    }
    let to = old.map_or("what ran before", |old| old.family_revision());
    let tried = new.map_or("the new task set", |new| new.family_revision());
    let traffic = match ProductionTraffic::of_codedeploy(deployment) {
        ProductionTraffic::NotMoved => format!("production traffic never left {to}"),
        ProductionTraffic::Unknown => {
            format!("production traffic returns to {to}; where it is now could not be read")
        }
        _ => format!("production traffic returns to {to}"),
    };
    Ok(Draft {
        how: "CodeDeploy StopDeployment with automatic rollback".into(),
        what: format!("deployment {} to {tried}, {}", deployment.id, what_runs(service)),
        to: Some(format!("{to}, from which this deployment started")),
        then: vec![
            "CodeDeploy stops the deployment and makes another one that goes back, which is followed"
                .into(),
            traffic,
        ],
        checks: vec![
            Check::good(format!("{} has not ended", deployment.id)),
            old_side_check(service, deployment),
        ],
        call: Call::StopDeployment {
            deployment: deployment.id.clone(),
            roll_back: true,
        },
        goal: Goal::DeploymentRolledBack {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            deployment: deployment.id.clone(),
            task_definition: old.cloned(),
        },
    })
}

fn old_side_check(service: &Service, deployment: &CodeDeployment) -> Check {
    let old = service
        .task_sets
        .iter()
        .find(|set| set.external_id.as_deref() != Some(deployment.id.as_str()));
    match old {
        Some(set) if set.running > 0 => Check::good(format!(
            "{} of {} tasks of {} still run",
            set.running,
            set.desired,
            set.task_definition.family_revision()
        )),
        _ => Check::warning("the original task set has no tasks: they have to start again"),
    }
}

/// A deployment group takes one deployment at a time.
pub fn one_at_a_time(deployment: &CodeDeployment) -> Refusal {
    Refusal::new(format!(
        "{} is {}, and CodeDeploy takes one deployment at a time for a service",
        deployment.id,
        deployment.status.name()
    ))
}

pub(super) fn stop(service: &Service, deployment: &CodeDeployment) -> Draft {
    let (old, new) = sides(service, deployment);
    let side = |side: Option<&TaskDefinitionArn>, or: &str| {
        side.map_or_else(|| or.to_owned(), |side| side.family_revision().to_owned())
    };
    let stays = match ProductionTraffic::of_codedeploy(deployment) {
        ProductionTraffic::NotMoved => {
            format!(
                "production traffic stays on {}",
                side(old, "the original task set")
            )
        }
        _ => "production traffic stays divided as it is now".to_owned(),
    };
    let mut checks = vec![Check::warning(
        "nothing goes back: both task sets stay until the next deployment",
    )];
    if goes_back(deployment) {
        checks.push(Check::warning(
            "what is in flight is a rollback: this stops the way back",
        ));
    }
    Draft {
        how: "CodeDeploy StopDeployment without a rollback".into(),
        what: format!(
            "deployment {} to {}, {}",
            deployment.id,
            side(new, "the new task set"),
            what_runs(service)
        ),
        to: None,
        then: vec!["CodeDeploy stops the deployment where it is".into(), stays],
        checks,
        call: Call::StopDeployment {
            deployment: deployment.id.clone(),
            roll_back: false,
        },
        goal: Goal::DeploymentStops {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            deployment: deployment.id.clone(),
        },
    }
}
