//! Actions start and end.

use super::{OTHER, SOURCE};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::action_run::{ActionRun, RunError, RunStatus};
use crate::sim::world::codepipeline::execution::Execution;
use crate::sim::world::codepipeline::pipeline::{Action, Provider};
use crate::sim::world::codepipeline::{ExecutionKey, RunKey, Turn};
use crate::sim::world::engine::Event;

/// Milliseconds of a minute.
pub(super) const MINUTE: i64 = 60_000;
/// Minutes of a day.
const DAY: u32 = 24 * 60;

/// What comes next in a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextActions {
    /// Actions are under way.
    Wait,
    /// The actions at these positions.
    Start(Vec<usize>),
    /// Nothing: all have succeeded.
    Succeeded,
    /// Nothing: an action has failed, and none is under way any more.
    Failed,
}

impl Region {
    /// What comes next in the stage that an execution is in.
    pub(super) fn next_actions(&self, key: ExecutionKey, stage: usize) -> NextActions {
        let owner = self.pipeline_of(key).and_then(|one| one.stages.get(stage));
        let (Some(owner), Some(execution)) = (owner, self.codepipeline.execution(key)) else {
            return NextActions::Wait;
        };
        for order in owner.run_orders() {
            let numbered = owner.actions.iter().enumerate();
            let together = numbered.filter(|(_, action)| action.run_order == order);
            let places: Vec<usize> = together.map(|(place, _)| place).collect();
            match next_of(execution, stage, &places) {
                NextActions::Succeeded => {}
                next => return next,
            }
        }
        NextActions::Succeeded
    }

    /// A run of an action starts.
    pub(super) fn start_action(&mut self, key: ExecutionKey, stage: usize, place: usize) {
        let now = self.ecs.now;
        let id = self.ecs.rng.uuid();
        let owner = self
            .pipeline_of(key)
            .and_then(|one| one.action(stage, place));
        let Some(action) = owner.cloned() else {
            return;
        };
        let configuration = self.resolved_configuration(key, &action);
        let Some(execution) = self.codepipeline.execution_mut(key) else {
            return;
        };
        let run = RunKey {
            execution: key,
            run: execution.runs.len(),
        };
        execution.updated_at = now;
        execution.runs.push(ActionRun {
            id,
            stage,
            action: place,
            status: RunStatus::InProgress,
            started_at: now,
            updated_at: now,
            updated_by: None,
            summary: None,
            token: None,
            external_id: None,
            external_url: None,
            percent: None,
            error: None,
            log_stream: None,
            configuration,
            variables: std::collections::BTreeMap::new(),
            revision: None,
            deploying: None,
            ticket: 0,
        });
        if let Some(minutes) = timeout_minutes(&action) {
            let delay = i64::from(minutes).saturating_mul(MINUTE);
            self.after(delay, Event::Pipeline(Turn::TimeOut(run)));
        }
        match action.provider {
            Provider::Connection | Provider::CodeCommit | Provider::Ecr | Provider::S3Source => {
                self.plan_run(run, SOURCE);
            }
            Provider::CodeBuild => self.start_build(run),
            Provider::Approval => self.ask_for_approval(run),
            Provider::Ecs | Provider::CodeDeployToEcs => self.order_deploy(run),
            Provider::Other => self.plan_run(run, OTHER),
        }
    }

    /// A run ends; its stage goes on or ends with it.
    pub(super) fn end_run(&mut self, key: RunKey, status: RunStatus, error: Option<RunError>) {
        let over = self.codepipeline.run(key);
        if over.is_none_or(|run| run.status.is_over()) {
            return;
        }
        self.change_run(key, |run| {
            run.status = status;
            run.error = error;
            run.percent = (status == RunStatus::Succeeded && run.percent.is_some())
                .then_some(100)
                .or(run.percent);
        });
        if status == RunStatus::Succeeded {
            self.publish_variables(key);
        }
        self.go_on_with(key.execution);
    }

    /// A run fails with a code and words.
    pub(super) fn fail_run(&mut self, key: RunKey, code: &str, message: String) {
        let error = RunError {
            code: code.to_owned(),
            message,
        };
        self.end_run(key, RunStatus::Failed, Some(error));
    }

    /// A run that has taken too long fails.
    pub(super) fn time_out_run(&mut self, key: RunKey) {
        let Some(minutes) = self.action_of(key).and_then(timeout_minutes) else {
            return;
        };
        let message = format!("The action failed because it did not end within {minutes} minutes.");
        self.fail_run(key, "JobTimedOut", message);
    }

    /// Fails a run when the scenario wants that; says whether it did.
    pub(super) fn fails_by_scenario(&mut self, key: RunKey) -> bool {
        let name = self.action_of(key).map(|action| action.name.clone());
        let pipeline = self.pipeline_of(key.execution).map(|one| one.name.clone());
        let (Some(name), Some(pipeline)) = (name, pipeline) else {
            return false;
        };
        let fault = self.codepipeline.faults.get_mut(&(pipeline, name));
        let Some(fault) = fault.filter(|one| one.times > 0) else {
            return false;
        };
        fault.times -= 1;
        let (code, message) = (fault.code.clone(), fault.message.clone());
        self.fail_run(key, &code, message);
        true
    }
}

/// What comes next among actions that run at the same time.
fn next_of(execution: &Execution, stage: usize, places: &[usize]) -> NextActions {
    let runs = || {
        places
            .iter()
            .map(|place| execution.current_run(stage, *place))
    };
    let missing: Vec<usize> = places
        .iter()
        .copied()
        .filter(|place| execution.current_run(stage, *place).is_none())
        .collect();
    let has = |status: RunStatus| runs().flatten().any(|run| run.status == status);
    if !missing.is_empty() {
        NextActions::Start(missing)
    } else if has(RunStatus::InProgress) {
        NextActions::Wait
    } else if has(RunStatus::Failed) || has(RunStatus::Abandoned) {
        NextActions::Failed
    } else {
        NextActions::Succeeded
    }
}

/// Minutes until an action fails by itself: what is declared, or what "Quotas in AWS `CodePipeline`"
/// says of its provider.
pub fn timeout_minutes(action: &Action) -> Option<u32> {
    let usual = match action.provider {
        Provider::Approval => 7 * DAY,
        Provider::CodeDeployToEcs => 5 * DAY,
        Provider::CodeBuild => 8 * 60,
        _ => 60,
    };
    Some(action.timeout_minutes.unwrap_or(usual))
}
