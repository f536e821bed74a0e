//! Actions start and end.

use super::{OTHER, SOURCE};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::action_run::{ActionRun, Artifact, RunError, RunStatus};
use crate::sim::world::codepipeline::execution::Execution;
use crate::sim::world::codepipeline::pipeline::{Action, Provider};
use crate::sim::world::codepipeline::revision::Variables;
use crate::sim::world::codepipeline::{ActionFault, ExecutionKey, RunKey, Turn};
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
        let serial = self.count_run(key.pipeline);
        let Some(execution) = self.codepipeline.execution_mut(key) else {
            return;
        };
        let run = RunKey {
            execution: key,
            run: execution.runs.len(),
        };
        let inputs = action.inputs.iter().filter_map(|name| {
            let key = execution.artifacts.get(name)?.clone();
            let name = name.clone();
            Some(Artifact { name, key })
        });
        let inputs = inputs.collect();
        execution.updated_at = now;
        execution.runs.push(ActionRun {
            id,
            serial,
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
            error: None,
            log_stream: None,
            configuration,
            inputs,
            outputs: Vec::new(),
            variables: Variables::new(),
            revision: None,
            deploying: None,
            ticket: 0,
        });
        self.begin_run(run, &action);
    }

    /// What a run does first, and when it is given up.
    fn begin_run(&mut self, run: RunKey, action: &Action) {
        let delay = i64::from(timeout_minutes(action)).saturating_mul(MINUTE);
        self.after(delay, Event::Pipeline(Turn::TimeOut(run)));
        match action.provider {
            Provider::Connection | Provider::CodeCommit | Provider::Ecr | Provider::S3Source => {
                self.plan_run(run, SOURCE);
            }
            Provider::CodeBuild => self.begin_build(run),
            Provider::Approval => self.ask_for_approval(run),
            Provider::Ecs | Provider::CodeDeployToEcs => self.order_deploy(run),
            Provider::Other => self.plan_run(run, OTHER),
        }
    }

    fn count_run(&mut self, pipeline: usize) -> u64 {
        let owner = self.codepipeline.pipelines.get_mut(pipeline);
        owner.map_or(0, |one| {
            one.started_runs = one.started_runs.saturating_add(1);
            one.started_runs
        })
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
        });
        if status == RunStatus::Succeeded {
            self.publish_variables(key);
            self.store_artifacts(key);
        }
        self.go_on_with(key.execution);
    }

    /// Stores what a run has made under keys like those of CodePipeline: 20 characters of the
    /// pipeline's name, 10 of the artifact's, and 7 at random.
    fn store_artifacts(&mut self, key: RunKey) {
        let owner = self.pipeline_of(key.execution);
        let (Some(owner), Some(action)) = (owner, self.action_of(key)) else {
            return;
        };
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        let (pipeline, names) = (cut(&owner.name, 20), action.outputs.clone());
        let made = names.into_iter().map(|name| {
            let random: String = self.ecs.rng.capitals(7);
            let key = format!("{pipeline}/{}/{random}", cut(&name, 10));
            Artifact { name, key }
        });
        let made: Vec<Artifact> = made.collect();
        if let Some(execution) = self.codepipeline.execution_mut(key.execution) {
            let stored = made.iter().map(|one| (one.name.clone(), one.key.clone()));
            execution.artifacts.extend(stored);
        }
        if let Some(run) = self.codepipeline.run_mut(key) {
            run.outputs = made;
        }
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
        let Some(minutes) = self.action_of(key).map(timeout_minutes) else {
            return;
        };
        let message = format!("The action failed because it did not end within {minutes} minutes.");
        self.fail_run(key, "JobTimedOut", message);
    }

    /// Fails a run when the scenario wants that; says whether it did.
    pub(super) fn fails_by_scenario(&mut self, key: RunKey) -> bool {
        let Some(ActionFault { code, message, .. }) = self.take_fault(key) else {
            return false;
        };
        self.fail_run(key, &code, message);
        true
    }

    /// What the scenario lets this run do wrong; the fault counts it.
    pub(super) fn take_fault(&mut self, key: RunKey) -> Option<ActionFault> {
        let action = self.action_of(key)?.name.clone();
        let pipeline = self.pipeline_of(key.execution)?.name.clone();
        let fault = self.codepipeline.faults.get_mut(&(pipeline, action))?;
        fault.times = fault.times.checked_sub(1)?;
        Some(fault.clone())
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

/// Minutes until an action fails by itself: what is declared, or what "Quotas in AWS CodePipeline"
/// says of its provider.
pub fn timeout_minutes(action: &Action) -> u32 {
    let usual = match action.provider {
        Provider::Approval => 7 * DAY,
        Provider::CodeDeployToEcs => 5 * DAY,
        Provider::CodeBuild => 8 * 60,
        _ => 60,
    };
    action.timeout_minutes.unwrap_or(usual)
}
