//! The part of the facts that a plan stands on, and what moved in it.

use super::{Facts, ProductionTraffic};
use crate::domain::arn::{DeploymentId, ServiceDeploymentArn, TaskDefinitionArn};
use crate::domain::codedeploy::CodeDeployment;
use crate::domain::intent::Wish;
use crate::domain::lifecycle::{HookKind, HookStatus};
use crate::domain::service::{RolloutState, Service};
use crate::domain::service_deployment::{ServiceDeployment, ServiceDeploymentStatus};
use crate::domain::task::Task;

/// The part of the facts that a plan stands on. Counts and weights, which change by the
/// second, are not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    service_status: Option<String>,
    task_definition: Option<TaskDefinitionArn>,
    desired: Option<u32>,
    primary: Option<(DeploymentId, Option<RolloutState>)>,
    history_known: bool,
    codedeploy_known: bool,
    hooks: Vec<(String, String)>,
    standing: Option<String>,
    code: Option<(String, String)>,
    primary_set: Option<String>,
    record: Option<(ServiceDeploymentArn, ServiceDeploymentStatus)>,
    target: Option<(TaskDefinitionArn, String)>,
    task: Option<&'static str>,
    account: Option<String>,
}

impl Facts {
    /// What a plan for this wish stands on. Only a change of the desired count stands on that count:
    /// autoscaling must not get in the way of a rollback. The stop of a task stands on the task alone.
    pub fn basis(&self, wish: &Wish) -> Basis {
        let of_task = matches!(wish, Wish::StopTask { .. });
        let service = self.service.as_ref().filter(|_| !of_task);
        Basis {
            service_status: service.map(|service| service.status.clone()),
            task_definition: service.map(|service| service.task_definition.clone()),
            desired: service
                .map(|service| service.desired)
                .filter(|_| matches!(wish, Wish::SetDesiredCount { .. })),
            primary: service
                .and_then(Service::primary)
                .map(|primary| (primary.id.clone(), primary.rollout_state.clone())),
            history_known: of_task || self.history.is_ok(),
            codedeploy_known: !self.moved_by_codedeploy() || self.codedeploy.is_ok(),
            hooks: self
                .in_flight()
                .filter(|_| steers(wish))
                .map_or_else(Vec::new, pause_hooks),
            standing: self.standing(wish),
            code: self
                .code_in_flight()
                .filter(|_| !of_task)
                .map(|deployment| (deployment.id.clone(), code_status(wish, deployment))),
            primary_set: service
                .filter(|_| !matches!(wish, Wish::SetDesiredCount { .. }))
                .and_then(primary_set),
            record: self
                .in_flight()
                .filter(|_| !of_task)
                .map(|record| (record.arn.clone(), record.status.clone())),
            target: self
                .target
                .as_ref()
                .and_then(|target| target.as_ref().ok())
                .map(|target| (target.arn.clone(), target.status.clone())),
            task: self.task.as_ref().map(direction),
            account: self
                .identity
                .as_ref()
                .map(|identity| identity.account.clone()),
        }
    }
}

/// Whether a wish is about the release in flight: then its hooks and its traffic matter.
fn steers(wish: &Wish) -> bool {
    matches!(
        wish,
        Wish::CutOver | Wish::Stop | Wish::RollBack { to: None }
    )
}

impl Facts {
    /// Where the release in flight stands, as far as it decides what a wish does. A cutover is about
    /// one stage. A rollback is the same call at every stage, and must not be held up by a release
    /// that goes on: for it only counts where the production traffic is.
    fn standing(&self, wish: &Wish) -> Option<String> {
        if !steers(wish) {
            return None;
        }
        let record = self.in_flight();
        if *wish == Wish::CutOver {
            let stage = record.and_then(|record| record.lifecycle_stage.as_ref());
            return stage.map(|stage| format!("at {stage}"));
        }
        let traffic = record
            .filter(|record| record.lifecycle_stage.is_some())
            .map(ProductionTraffic::of_record)
            .or_else(|| self.code_in_flight().map(ProductionTraffic::of_codedeploy))?;
        let words = match traffic {
            ProductionTraffic::NotMoved => "before production traffic moves",
            ProductionTraffic::Moved => "with production traffic on the new side",
            ProductionTraffic::OldSideGoes => "removing the old side",
            ProductionTraffic::Unknown => "where it could not be read",
        };
        Some(words.to_owned())
    }
}

fn pause_hooks(record: &ServiceDeployment) -> Vec<(String, String)> {
    record
        .hooks
        .iter()
        .filter(|hook| hook.kind == HookKind::Pause)
        .filter_map(|hook| Some((hook.id.clone()?, hook_status(&hook.status).to_owned())))
        .collect()
}

fn hook_status(status: &HookStatus) -> &str {
    match status {
        HookStatus::AwaitingAction => "AWAITING_ACTION",
        HookStatus::InProgress => "IN_PROGRESS",
        HookStatus::Succeeded => "SUCCEEDED",
        HookStatus::Failed => "FAILED",
        HookStatus::TimedOut => "TIMED_OUT",
        HookStatus::Unknown(name) => name,
    }
}

/// The status that a wish stands on. A deployment can be stopped at each status alike.
fn code_status(wish: &Wish, deployment: &CodeDeployment) -> String {
    if *wish != Wish::CutOver {
        return "under way".to_owned();
    }
    if deployment.waits_to_terminate() {
        "waiting to terminate the original task set".to_owned()
    } else {
        deployment.status.name().to_owned()
    }
}

fn primary_set(service: &Service) -> Option<String> {
    let primary = service.task_sets.iter().find(|set| set.status == "PRIMARY");
    primary.map(|set| set.id.clone())
}

/// Where a task is going. That it gets from PENDING to RUNNING changes no plan.
fn direction(task: &Task) -> &'static str {
    match (task.is_stopped(), task.is_wanted()) {
        (true, _) => "stopped",
        (false, true) => "wanted",
        (false, false) => "stopping",
    }
}

impl Basis {
    /// What is different in `now`, a sentence each; empty when nothing moved.
    pub fn moved(&self, now: &Basis) -> Vec<String> {
        let mut moved = Vec::new();
        let mut note = |differs: bool, text: String| {
            if differs {
                moved.push(text);
            }
        };
        note(
            self.account != now.account,
            match &now.account {
                Some(account) => format!("the credentials are now those of account {account}"),
                None => "whose credentials are in use could not be read".to_owned(),
            },
        );
        note(
            self.service_status != now.service_status,
            format!(
                "the service is now {}",
                or_gone(now.service_status.as_deref())
            ),
        );
        note(
            self.task_definition != now.task_definition,
            format!(
                "the service's task definition is now {}",
                or_gone(
                    now.task_definition
                        .as_ref()
                        .map(TaskDefinitionArn::family_revision)
                )
            ),
        );
        note(
            self.desired != now.desired,
            format!(
                "the desired count is now {}",
                or_gone(now.desired.map(|desired| desired.to_string()).as_deref())
            ),
        );
        note(self.primary != now.primary, describe_primary(self, now));
        note(
            self.history_known && !now.history_known,
            "the releases could not be read again".to_owned(),
        );
        note(
            self.record != now.record && now.history_known,
            describe_record(self, now),
        );
        self.hooks_moved(now, &mut note);
        note(
            self.standing != now.standing && self.record == now.record && now.history_known,
            match &now.standing {
                Some(standing) => format!("the release is now {standing}"),
                None => "where the release stands is not told any more".to_owned(),
            },
        );
        note(
            self.codedeploy_known && !now.codedeploy_known,
            "the CodeDeploy deployments could not be read again".to_owned(),
        );
        note(
            self.code != now.code && now.codedeploy_known,
            describe_code(self, now),
        );
        note(
            self.primary_set != now.primary_set,
            format!(
                "the primary task set is now {}",
                or_gone(now.primary_set.as_deref())
            ),
        );
        note(self.target != now.target, describe_target(now));
        note(
            self.task != now.task,
            format!("the task is now {}", or_gone(now.task)),
        );
        moved
    }

    /// Hooks tell something of their own only while the release is the same.
    fn hooks_moved(&self, now: &Basis, note: &mut impl FnMut(bool, String)) {
        if self.record != now.record || !now.history_known {
            return;
        }
        for (id, status) in &self.hooks {
            match now.hooks.iter().find(|(other, _)| other == id) {
                Some((_, now)) => note(status != now, format!("hook {id} is now {now}")),
                None => note(true, format!("hook {id} holds the release no more")),
            }
        }
        for (id, status) in &now.hooks {
            let known = self.hooks.iter().any(|(other, _)| other == id);
            note(!known, format!("another hook came: {id}, {status}"));
        }
    }
}

fn or_gone(value: Option<&str>) -> &str {
    value.unwrap_or("gone")
}

fn describe_primary(before: &Basis, now: &Basis) -> String {
    match (&before.primary, &now.primary) {
        (Some((before, _)), Some((now, Some(state)))) if before == now => {
            format!("the deployment's rollout state is now {}", rollout(state))
        }
        (Some((before, _)), Some((now, None))) if before == now => {
            "the deployment has no rollout state any more".to_owned()
        }
        (_, Some((now, _))) => format!("another deployment began: {now}"),
        (_, None) => "the service has no deployment any more".to_owned(),
    }
}

fn rollout(state: &RolloutState) -> &str {
    match state {
        RolloutState::InProgress => "IN_PROGRESS",
        RolloutState::Completed => "COMPLETED",
        RolloutState::Failed => "FAILED",
        RolloutState::Unknown(name) => name,
    }
}

fn describe_record(before: &Basis, now: &Basis) -> String {
    match (&before.record, &now.record) {
        (Some((before, _)), Some((now, status))) if before == now => {
            format!("the release in flight is now {}", status.name())
        }
        (_, Some((now, _))) => format!("another release began: {}", now.name()),
        (_, None) => "the release in flight has ended".to_owned(),
    }
}

fn describe_code(before: &Basis, now: &Basis) -> String {
    match (&before.code, &now.code) {
        (Some((before, _)), Some((now, status))) if before == now => {
            format!("deployment {now} is now {status}")
        }
        (_, Some((now, _))) => format!("another deployment began: {now}"),
        (_, None) => "the deployment in flight has ended".to_owned(),
    }
}

fn describe_target(now: &Basis) -> String {
    match &now.target {
        Some((target, status)) => {
            format!(
                "the revision to go to is now {}, {status}",
                target.family_revision()
            )
        }
        None => "the revision to go to could not be read again".to_owned(),
    }
}
