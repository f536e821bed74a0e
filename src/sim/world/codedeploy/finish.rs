//! The end of a deployment: it succeeds, fails, or is stopped.

use super::deployment::{ErrorInformation, Next, Side, Status};
use super::lifecycle::EventStatus;
use super::{RollbackEvent, Turn};
use crate::sim::world::Region;
use crate::sim::world::ecs::Ecs;
use crate::sim::world::engine::Event;
use crate::sim::world::engine::timing::Range;
use crate::sim::world::ids::DeploymentNumber;
use crate::sim::world::service::Service;

/// A request to stop takes effect, in milliseconds.
const STOP: Range = Range::new(800, 2_000);
/// The deployment that undoes another one is made, in milliseconds.
const ROLL_BACK: Range = Range::new(1_000, 2_500);

impl Region {
    /// The original task set is deleted, and the deployment is done.
    pub(super) fn terminate_original(&mut self, position: usize) {
        let sides = self.sides(position);
        let Some(deployment) = self.deployment_mut(position) else {
            return;
        };
        deployment.final_sides = Some(sides.into_iter().map(drained_blue).collect());
        if let (Some(service), Some(blue)) = (deployment.service, deployment.blue) {
            self.delete_task_set(service, blue);
        }
        self.succeed_deployment(position);
    }

    /// A deployment has done everything.
    pub(super) fn succeed_deployment(&mut self, position: usize) {
        self.finish(position, Status::Succeeded, None);
        let Some(deployment) = self.codedeploy.deployments.get(position) else {
            return;
        };
        let (application, name) = (deployment.application.clone(), deployment.group.clone());
        let revision = deployment.revision.clone();
        if let Some(group) = self.codedeploy.group_mut(&application, &name) {
            group.last_successful = Some(position);
            group.target_revision = Some(revision);
        }
    }

    /// A deployment can't go on.
    pub(super) fn fail_deployment(&mut self, position: usize, code: &'static str, message: String) {
        let error = ErrorInformation { code, message };
        self.finish(position, Status::Failed, Some(error));
        self.roll_back_if(position, RollbackEvent::Failure);
    }

    /// An alarm has fired.
    pub(super) fn stop_on_alarm(&mut self, position: usize, alarm: &str) {
        let error = ErrorInformation {
            code: "ALARM_ACTIVE",
            message: format!(
                "One or more alarms have been activated according to the Amazon CloudWatch \
                 metrics you selected, and the affected deployments have been stopped. Activated \
                 alarms: <{alarm}>"
            ),
        };
        self.finish(position, Status::Stopped, Some(error));
        self.roll_back_if(position, RollbackEvent::Alarm);
    }

    /// Nobody has rerouted the traffic in time.
    pub(super) fn ready_timed_out(&mut self, position: usize) {
        let error = ErrorInformation {
            code: "TIMEOUT",
            message: "The deployment was stopped because traffic was not rerouted to the \
                      replacement task set before the wait time was over."
                .to_owned(),
        };
        self.finish(position, Status::Stopped, Some(error));
        self.roll_back_if(position, RollbackEvent::Failure);
    }

    /// Somebody asks to stop a deployment. It takes a moment, in which the deployment can still
    /// end by itself. False when it is over.
    pub(crate) fn request_stop(&mut self, position: usize, roll_back: Option<bool>) -> bool {
        let Some(deployment) = self.deployment_mut(position) else {
            return false;
        };
        if deployment.status.is_final() {
            return false;
        }
        let usual = deployment
            .settings
            .rollback_on
            .contains(&RollbackEvent::Request);
        let first = deployment.stop_requested.is_none();
        deployment.stop_requested = Some(roll_back.unwrap_or(usual));
        if first {
            let delay = STOP.pick(&mut self.ecs.rng);
            self.after(delay, Event::CodeDeploy(position, Turn::Stop));
        }
        true
    }

    /// A request to stop takes effect, unless the deployment has ended meanwhile.
    pub(super) fn stop_now(&mut self, position: usize) {
        let Some(deployment) = self.codedeploy.deployments.get(position) else {
            return;
        };
        let Some(roll_back) = deployment.stop_requested else {
            return;
        };
        if deployment.status.is_final() {
            return;
        }
        let error = ErrorInformation {
            code: "MANUAL_STOP",
            message: "The deployment was stopped by a user.".to_owned(),
        };
        self.finish(position, Status::Stopped, Some(error));
        if roll_back {
            self.plan_rollback(position);
        }
    }

    fn finish(&mut self, position: usize, status: Status, error: Option<ErrorInformation>) {
        let now = self.ecs.now;
        let sides = self.sides(position);
        let Some(deployment) = self.deployment_mut(position) else {
            return;
        };
        if deployment.status.is_final() {
            return;
        }
        deployment.status = status;
        deployment.error = error;
        deployment.completed_at = Some(now);
        deployment.updated_at = now;
        deployment.next = Next::Rest;
        deployment.final_sides.get_or_insert(sides);
        for event in &mut deployment.events {
            match event.status {
                EventStatus::Pending => event.status = EventStatus::Skipped,
                EventStatus::InProgress => {
                    event.status = EventStatus::Unknown;
                    event.ended_at = Some(now);
                }
                _ => {}
            }
        }
    }

    fn roll_back_if(&mut self, position: usize, event: RollbackEvent) {
        let deployment = self.codedeploy.deployments.get(position);
        if deployment.is_some_and(|one| one.settings.rollback_on.contains(&event)) {
            self.plan_rollback(position);
        }
    }

    /// Lets the deployment that undoes this one begin in a moment. There is nothing to undo
    /// before the replacement was made, and a rollback is not undone.
    fn plan_rollback(&mut self, position: usize) {
        let Some(deployment) = self.deployment_mut(position) else {
            return;
        };
        if deployment.green.is_none() || deployment.is_rollback() {
            return;
        }
        deployment.rollback_due = true;
        let delay = ROLL_BACK.pick(&mut self.ecs.rng);
        self.after(delay, Event::CodeDeploy(position, Turn::RollBack));
    }

    /// The task sets of a deployment, the original first.
    pub fn sides(&self, position: usize) -> Vec<Side> {
        let Some(deployment) = self.codedeploy.deployments.get(position) else {
            return Vec::new();
        };
        if let Some(sides) = &deployment.final_sides {
            return sides.clone();
        }
        let service = deployment
            .service
            .and_then(|number| self.ecs.services.get(&number));
        let Some(service) = service else {
            return Vec::new();
        };
        let blue_weight = 100_u32.saturating_sub(deployment.green_weight);
        [
            (deployment.blue, blue_weight, "Blue"),
            (deployment.green, deployment.green_weight, "Green"),
        ]
        .into_iter()
        .filter_map(|(number, weight, label)| self.side(service, number?, weight, label))
        .collect()
    }

    fn side(
        &self,
        service: &Service,
        number: DeploymentNumber,
        weight: u32,
        label: &'static str,
    ) -> Option<Side> {
        let set = service.task_set(number)?;
        let tasks = self.ecs.live_tasks(service);
        let (running, pending) = Ecs::count(tasks.filter(|task| task.deployment == number));
        let arn = service
            .revision(set.revision)
            .and_then(|one| one.members.get("loadBalancers"))
            .and_then(|all| all.pointer("/0/targetGroupArn"))
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        Some(Side {
            id: set.id.clone(),
            desired: set.computed_desired(service.desired),
            pending,
            running,
            status: set.status.word(),
            weight,
            group: target_group_name(arn).to_owned(),
            label,
        })
    }
}

/// How the original looks once it has been deleted.
fn drained_blue(side: Side) -> Side {
    if side.label != "Blue" {
        return side;
    }
    Side {
        desired: 0,
        status: "DRAINING",
        ..side
    }
}

/// The name in the ARN of a target group, `…:targetgroup/name/id`.
pub(super) fn target_group_name(arn: &str) -> &str {
    arn.split('/').nth(1).unwrap_or_default()
}
