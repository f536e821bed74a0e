//! The course of a deployment through its lifecycle events.

use super::deployment::{Ending, Next, Status};
use super::hook::{HOOK, HOOK_TIMEOUT, NO_HOOK};
use super::lifecycle::{Diagnostics, EventStatus, Lifecycle};
use crate::sim::world::Region;
use crate::sim::world::engine::task_sets::NewTaskSet;
use crate::sim::world::engine::timing::Range;
use crate::sim::world::shift::hook::LambdaResult;
use crate::sim::world::task_set::TaskSetStatus;

/// The replacement has so long to become healthy, in milliseconds.
const INSTALL_TIMEOUT: i64 = 3_600_000;
/// A listener has been changed, in milliseconds.
pub(super) const REROUTE: Range = Range::new(1_200, 2_600);
/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

impl Region {
    /// A deployment takes the step that was planned under this number.
    pub(super) fn advance_deployment(&mut self, position: usize, ticket: u32) {
        let deployment = self.codedeploy.deployments.get(position);
        let Some(deployment) =
            deployment.filter(|one| one.ticket == ticket && !one.status.is_final())
        else {
            return;
        };
        match deployment.next {
            Next::Queue => self.queue_deployment(position),
            Next::Start => self.start_deployment(position),
            Next::End(kind, ending) => self.end_lifecycle(position, kind, ending),
            Next::Shift(step) => self.shift_production(position, step),
            Next::ReadyTimeout => self.ready_timed_out(position),
            Next::Terminate => self.terminate_original(position),
            Next::Restore => self.restore_traffic(position),
            Next::Undo => self.undo_replacement(position),
            Next::Rest => {}
        }
    }

    /// A lifecycle event begins. One that there is nothing to do for is skipped.
    pub(super) fn begin_lifecycle(&mut self, position: usize, kind: Lifecycle) {
        let now = self.ecs.now;
        let Some(deployment) = self.deployment_mut(position) else {
            return;
        };
        if kind.is_test() && deployment.settings.pair.test.is_none() {
            deployment.end(kind, now, EventStatus::Skipped, None);
            return self.follow(position, kind);
        }
        deployment.begin(kind, now);
        match kind {
            Lifecycle::Install => self.install(position),
            Lifecycle::AllowTestTraffic => {
                self.send_test_traffic(position, true);
                self.plan_step(position, REROUTE, Next::End(kind, Ending::Succeeds));
            }
            Lifecycle::AllowTraffic => self.shift_production(position, 0),
            _ => self.run_hook(position, kind),
        }
    }

    fn run_hook(&mut self, position: usize, kind: Lifecycle) {
        let Some(deployment) = self.codedeploy.deployments.get(position) else {
            return;
        };
        let Some(function) = deployment.spec.hooks.get(&kind) else {
            return self.plan_step(position, NO_HOOK, Next::End(kind, Ending::Succeeds));
        };
        let rule = self.lambda_rule(function);
        let ending = match rule.result {
            LambdaResult::Succeeds => Ending::Succeeds,
            LambdaResult::Fails => Ending::HookFails,
            LambdaResult::Hangs => Ending::TimesOut,
        };
        let takes = HOOK.pick(&mut self.ecs.rng).saturating_add(rule.after);
        if ending == Ending::TimesOut || takes > HOOK_TIMEOUT {
            let next = Next::End(kind, Ending::TimesOut);
            self.plan_step_after(position, HOOK_TIMEOUT, next);
        } else {
            self.plan_step_after(position, takes, Next::End(kind, ending));
        }
    }

    /// Makes the replacement task set. What an earlier deployment left behind goes first.
    fn install(&mut self, position: usize) {
        let Some(deployment) = self.codedeploy.deployments.get(position) else {
            return;
        };
        let (Some(service), id) = (deployment.service, deployment.id.clone()) else {
            return;
        };
        let name = deployment.spec.task_definition.clone();
        let definition = match self.definition_to_deploy(&name) {
            Ok(definition) => definition,
            Err(problem) => {
                let message = format!(
                    "The ECS service cannot be updated due to an unexpected error: {problem} \
                     (Service: AmazonECS; Status Code: 400; Error Code: ClientException)."
                );
                return self.fail_deployment(position, "ECS_UPDATE_ERROR", message);
            }
        };
        self.delete_leftovers(position);
        let members = self.green_members(position).unwrap_or_default();
        let new = NewTaskSet {
            definition,
            members,
            scale: 100.0,
            started_by: Some("CODE_DEPLOY".to_owned()),
            external_id: Some(id),
            tags: Vec::new(),
            status: TaskSetStatus::Active,
        };
        let green = self.create_task_set(service, new);
        if let Some(deployment) = self.deployment_mut(position) {
            deployment.green = green;
        }
        let next = Next::End(Lifecycle::Install, Ending::TimesOut);
        self.plan_step_after(position, INSTALL_TIMEOUT, next);
    }

    fn delete_leftovers(&mut self, position: usize) {
        let Some(deployment) = self.codedeploy.deployments.get(position) else {
            return;
        };
        let Some(service) = deployment.service else {
            return;
        };
        let sets = self.ecs.services.get(&service).map(|one| &one.task_sets);
        let left: Vec<_> = sets
            .into_iter()
            .flatten()
            .filter(|set| set.status == TaskSetStatus::Active)
            .map(|set| set.number)
            .collect();
        for set in left {
            self.delete_task_set(service, set);
        }
    }

    /// A lifecycle event ends, well or not.
    pub(super) fn end_lifecycle(&mut self, position: usize, kind: Lifecycle, ending: Ending) {
        let now = self.ecs.now;
        let Some(deployment) = self.deployment_mut(position) else {
            return;
        };
        if ending == Ending::Succeeds {
            deployment.end(kind, now, EventStatus::Succeeded, None);
            if kind == Lifecycle::AllowTraffic
                && let (Some(service), Some(green)) = (deployment.service, deployment.green)
            {
                self.make_primary(service, green);
            }
            return self.follow(position, kind);
        }
        let function = deployment.spec.hooks.get(&kind).cloned();
        let (code, message, problem) = failure(kind, ending);
        let diagnostics = Diagnostics {
            code: problem,
            script: function.unwrap_or_default(),
            message: message.clone(),
        };
        deployment.end(kind, now, EventStatus::Failed, Some(diagnostics));
        self.fail_deployment(position, code, message);
    }

    /// Goes on after a lifecycle event that is over.
    fn follow(&mut self, position: usize, kind: Lifecycle) {
        let Some(next) = kind.next() else {
            return self.wait_before_termination(position);
        };
        let Some(deployment) = self.deployment_mut(position) else {
            return;
        };
        match deployment.settings.ready_minutes {
            Some(minutes) if next == Lifecycle::BeforeAllowTraffic => {
                deployment.status = Status::Ready;
                let wait = i64::from(minutes).saturating_mul(MINUTE);
                self.plan_step_after(position, wait, Next::ReadyTimeout);
            }
            _ => self.begin_lifecycle(position, next),
        }
    }

    /// The traffic has moved: the original is kept for a while, or for good.
    fn wait_before_termination(&mut self, position: usize) {
        let Some(deployment) = self.deployment_mut(position) else {
            return;
        };
        match deployment.settings.termination_minutes {
            Some(minutes) => {
                deployment.termination_wait = true;
                let wait = i64::from(minutes).saturating_mul(MINUTE);
                self.plan_step_after(position, wait, Next::Terminate);
            }
            None => self.succeed_deployment(position),
        }
    }

    /// Somebody ends the wait for the rerouting of traffic. False when there is no such wait.
    pub(crate) fn end_ready_wait(&mut self, position: usize) -> bool {
        let Some(deployment) = self.deployment_mut(position) else {
            return false;
        };
        if deployment.status != Status::Ready {
            return false;
        }
        deployment.status = Status::InProgress;
        self.begin_lifecycle(position, Lifecycle::BeforeAllowTraffic);
        true
    }

    /// Somebody ends the wait before the original is deleted. False when there is no such wait.
    pub(crate) fn end_termination_wait(&mut self, position: usize) -> bool {
        let deployment = self.codedeploy.deployments.get(position);
        let waits =
            deployment.is_some_and(|one| one.next == Next::Terminate && !one.status.is_final());
        if waits {
            self.plan_step(position, NO_HOOK, Next::Terminate);
        }
        waits
    }
}

/// The code and words of CodeDeploy for a lifecycle event that ends badly, and the code of its
/// diagnostics.
fn failure(kind: Lifecycle, ending: Ending) -> (&'static str, String, &'static str) {
    match (kind, ending) {
        (Lifecycle::Install, _) => (
            "TIMEOUT",
            "The deployment timed out while waiting for the replacement task set to become \
             healthy. This time out period is 60 minutes."
                .to_owned(),
            "UnknownError",
        ),
        (_, Ending::TimesOut) => (
            "HOOK_EXECUTION_FAILURE",
            format!(
                "The validation function of {} has not answered within an hour.",
                kind.word()
            ),
            "ScriptTimedOut",
        ),
        _ => (
            "HOOK_EXECUTION_FAILURE",
            "One or more of the lifecycle event validation functions failed. See the deployment \
             logs for more details."
                .to_owned(),
            "ScriptFailed",
        ),
    }
}
