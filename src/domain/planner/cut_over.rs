//! Lets production traffic move on: which call that is follows from what the release waits for.

use super::checks::{alarm_checks, alarms_of_records, traffic_check};
use super::{Draft, codedeploy, nothing_in_flight, task_sets, unknown_controller, what_runs};
use crate::domain::call::{Call, DeploymentWait, HookAnswer};
use crate::domain::codedeploy::CodeDeployment;
use crate::domain::facts::{Facts, ProductionTraffic, awaiting_hook};
use crate::domain::lifecycle::{HookAction, HookKind, HookStatus, LifecycleHook};
use crate::domain::plan::{Check, Goal, Refusal};
use crate::domain::service::{Controller, Service, Strategy, TaskSet};
use crate::domain::service_deployment::{ServiceDeployment, ServiceDeploymentStatus};

/// What lets a release go on.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum CutOverStep<'a> {
    /// A pause hook is told to continue.
    Hook {
        /// The release that it holds.
        record: &'a ServiceDeployment,
        /// The hook.
        hook: &'a LifecycleHook,
        /// Its id.
        id: &'a str,
    },
    /// A wait of a CodeDeploy deployment is ended.
    Wait {
        /// The deployment.
        deployment: &'a CodeDeployment,
        /// The wait.
        wait: DeploymentWait,
    },
    /// A task set becomes the primary one.
    TaskSet(&'a TaskSet),
}

impl CutOverStep<'_> {
    /// What it does, in a word or two.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Hook { record, .. } => match record.lifecycle_stage.as_deref() {
                Some(
                    "PRE_PRODUCTION_TRAFFIC_SHIFT"
                    | "TEST_TRAFFIC_SHIFT"
                    | "POST_TEST_TRAFFIC_SHIFT",
                ) => "cut over",
                _ => "continue",
            },
            Self::Wait { wait, .. } => match wait {
                DeploymentWait::Ready => "cut over",
                DeploymentWait::Termination => "give up the old side of",
            },
            Self::TaskSet(_) => "cut over",
        }
    }
}

/// What lets the release in flight go on, or why nothing does. `record` and `deployment` are what is
/// in flight, as far as it was read.
pub fn cut_over_step<'a>(
    service: &'a Service,
    record: Option<&'a ServiceDeployment>,
    deployment: Option<&'a CodeDeployment>,
) -> Result<CutOverStep<'a>, Refusal> {
    match &service.controller {
        Controller::Ecs => match record {
            Some(record) => hook_step(service, record),
            None if service.is_moving() => Err(no_traffic()),
            None => Err(nothing_in_flight(service)),
        },
        Controller::CodeDeploy => match deployment {
            Some(deployment) => codedeploy::wait_step(deployment),
            None => Err(nothing_in_flight(service)),
        },
        Controller::External => task_sets::newer(service).map(CutOverStep::TaskSet),
        Controller::Unknown(name) => Err(unknown_controller(name)),
    }
}

pub(super) fn cut_over(service: &Service, facts: &Facts) -> Result<Draft, Refusal> {
    super::require_releases(service, facts)?;
    let step = cut_over_step(service, facts.in_flight(), facts.code_in_flight())?;
    Ok(match step {
        CutOverStep::Hook { record, hook, id } => continue_at(service, facts, record, hook, id),
        CutOverStep::Wait { deployment, wait } => {
            codedeploy::end_wait(service, facts, deployment, wait)
        }
        CutOverStep::TaskSet(set) => task_sets::make_primary(service, set),
    })
}

fn hook_step<'a>(
    service: &Service,
    record: &'a ServiceDeployment,
) -> Result<CutOverStep<'a>, Refusal> {
    match record.status {
        ServiceDeploymentStatus::RollbackRequested
        | ServiceDeploymentStatus::RollbackInProgress => {
            return Err(Refusal::new("it is rolling back: there is no way forward"));
        }
        ServiceDeploymentStatus::StopRequested => {
            return Err(Refusal::new("the release was told to stop already"));
        }
        _ => {}
    }
    let hook = awaiting_hook(record).ok_or_else(|| waits_for_nobody(service, record))?;
    let id = hook.id.as_deref().ok_or_else(|| {
        Refusal::new(
            "a pause hook waits, but ECS does not tell its id, without which it cannot be answered",
        )
    })?;
    Ok(CutOverStep::Hook { record, hook, id })
}

fn no_traffic() -> Refusal {
    Refusal::new("a rolling release has no traffic to cut over: it goes on by itself")
}

/// Why a release that no pause hook holds cannot be let go on.
fn waits_for_nobody(service: &Service, record: &ServiceDeployment) -> Refusal {
    let strategy = record.strategy.as_ref().unwrap_or(&service.strategy);
    let decides = record
        .hooks
        .iter()
        .find(|hook| hook.kind == HookKind::Lambda && hook.status == HookStatus::InProgress);
    if let Some(hook) = decides {
        let function = hook.target.as_deref().unwrap_or("a Lambda function");
        return Refusal::new(format!(
            "{function} decides: AWS has no call to answer in its place"
        ))
        .instead("roll back, if it must not go on");
    }
    let in_steps = matches!(strategy, Strategy::Linear | Strategy::Canary);
    match record.lifecycle_stage.as_deref() {
        None if *strategy == Strategy::Rolling => no_traffic(),
        Some("BAKE_TIME") => Refusal::new("AWS has no call to skip a bake")
            .instead("wait for the end of the bake, or roll back"),
        Some("PRODUCTION_TRAFFIC_SHIFT" | "POST_PRODUCTION_TRAFFIC_SHIFT") if in_steps => {
            Refusal::new("AWS has no call to skip the bake of a step")
                .instead("wait for the next step, or roll back")
        }
        stage => Refusal::new(format!(
            "the release waits for nobody: it is at {}, and goes on by itself",
            stage.map_or("its beginning".to_owned(), words)
        )),
    }
}

/// A stage in words.
pub(super) fn words(stage: &str) -> String {
    stage.to_lowercase().replace('_', " ")
}

fn continue_at(
    service: &Service,
    facts: &Facts,
    record: &ServiceDeployment,
    hook: &LifecycleHook,
    id: &str,
) -> Draft {
    let stage = record.lifecycle_stage.as_deref();
    let at = stage.map_or_else(String::new, |stage| format!(" at {}", words(stage)));
    let target = record
        .target
        .as_ref()
        .and_then(|side| side.task_definition.as_ref());
    let name = target.unwrap_or(&service.task_definition).family_revision();
    let alarms = alarms_of_records(facts);
    let checks = std::iter::once(Check::good(format!("hook {id} waits for an answer")))
        .chain(other_hooks(record, id))
        .chain(traffic_check(record, facts))
        .chain(alarm_checks(
            facts,
            &alarms,
            "look at it before traffic moves",
        ))
        .collect();
    Draft {
        how: "ECS ContinueServiceDeployment, action CONTINUE".into(),
        what: format!(
            "the release of {name}, paused{at} by hook {id}, {}",
            what_runs(service)
        ),
        to: Some(name.to_owned()),
        then: vec![what_follows(record, name), instead_of_waiting(hook)],
        checks,
        call: Call::ContinueServiceDeployment {
            deployment: record.arn.clone(),
            hook: id.to_owned(),
            answer: HookAnswer::Continue,
        },
        goal: Goal::HookAnswered {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            record: record.arn.clone(),
            hook: id.to_owned(),
            stage: stage.map(str::to_owned),
        },
    }
}

/// Another hook at the same stage holds the release as well.
fn other_hooks(record: &ServiceDeployment, id: &str) -> Vec<Check> {
    record
        .hooks
        .iter()
        .filter(|hook| hook.id.as_deref() != Some(id))
        .filter_map(|hook| match (&hook.kind, &hook.status) {
            (_, HookStatus::InProgress) => Some(Check::warning(
                "a Lambda hook holds the same stage: the release moves on when both have said yes",
            )),
            (_, HookStatus::AwaitingAction) => Some(Check::warning(format!(
                "another hook waits at the same stage: {}",
                hook.id.as_deref().unwrap_or("ECS does not tell its id")
            ))),
            _ => None,
        })
        .collect()
}

/// What comes after the stage that is held.
fn what_follows(record: &ServiceDeployment, name: &str) -> String {
    let in_steps = matches!(record.strategy, Some(Strategy::Linear | Strategy::Canary));
    match record.lifecycle_stage.as_deref() {
        Some("RECONCILE_SERVICE" | "PRE_SCALE_UP") => format!("the tasks of {name} start"),
        Some("SCALE_UP" | "POST_SCALE_UP") => {
            format!("test traffic moves to {name}, where there is a test listener")
        }
        Some("PRE_PRODUCTION_TRAFFIC_SHIFT" | "TEST_TRAFFIC_SHIFT" | "POST_TEST_TRAFFIC_SHIFT") => {
            if in_steps {
                format!("the next part of the production traffic moves to {name}")
            } else {
                format!("production traffic moves to {name}")
            }
        }
        Some("POST_PRODUCTION_TRAFFIC_SHIFT") if in_steps => {
            "the next step follows; after the last one the bake, then the old tasks go".into()
        }
        Some("POST_PRODUCTION_TRAFFIC_SHIFT") => "the bake follows, then the old tasks go".into(),
        Some("BAKE_TIME") => "the old tasks go".into(),
        _ if ProductionTraffic::of_record(record) == ProductionTraffic::NotMoved => {
            "the release moves on, towards production traffic".into()
        }
        _ => "the release moves on".into(),
    }
}

/// What would happen if nobody answered.
fn instead_of_waiting(hook: &LifecycleHook) -> String {
    let when = hook.expires_at.map_or_else(String::new, |at| {
        format!(" at {}", at.strftime("%F %H:%MZ"))
    });
    match &hook.on_timeout {
        Some(HookAction::Continue) => format!("without an answer it would go on{when}"),
        Some(HookAction::RollBack) => format!("without an answer it would roll back{when}"),
        _ => "other hooks can hold a later stage: each asks for an answer of its own".into(),
    }
}
