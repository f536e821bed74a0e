//! What was read for a plan, and how to tell that it moved.

use super::arn::{DeploymentId, ServiceDeploymentArn, TaskDefinitionArn};
use super::context::Identity;
use super::failure::Failure;
use super::intent::Wish;
use super::service::{RolloutState, Service};
use super::service_deployment::{ServiceDeployment, ServiceDeploymentStatus};
use super::task::Task;
use super::task_definition::TaskDefinition;

/// Everything a plan is made from, read at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Who will make the call.
    pub identity: Option<Identity>,
    /// The Region that it goes to.
    pub region: Option<String>,
    /// The service; `None` for a task without one.
    pub service: Option<Service>,
    /// The service's releases as ECS records them, or why they could not be read.
    pub history: Result<Vec<ServiceDeployment>, Failure>,
    /// The revision to go to, once the planner or the person picked one, or why it could not be
    /// read.
    pub target: Option<Result<TaskDefinition, Failure>>,
    /// The task, where the wish is about one.
    pub task: Option<Task>,
    /// Whether the configuration marks the account or the cluster as production.
    pub production: bool,
}

/// The part of the facts that a plan stands on. Counts that change by the second are not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    service_status: Option<String>,
    task_definition: Option<TaskDefinitionArn>,
    desired: Option<u32>,
    primary: Option<(DeploymentId, Option<RolloutState>)>,
    history_known: bool,
    record: Option<(ServiceDeploymentArn, ServiceDeploymentStatus)>,
    target: Option<(TaskDefinitionArn, String)>,
    task: Option<&'static str>,
    account: Option<String>,
}

impl Facts {
    /// The service deployment in flight, if there is one.
    pub fn in_flight(&self) -> Option<&ServiceDeployment> {
        let history = self.history.as_ref().ok()?;
        history
            .iter()
            .filter(|record| !record.status.is_over())
            .max_by_key(|record| record.created_at)
    }

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
        note(self.target != now.target, describe_target(now));
        note(
            self.task != now.task,
            format!("the task is now {}", or_gone(now.task)),
        );
        moved
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

#[cfg(test)]
mod tests;
