//! What CodePipeline told: its pipelines, where they stand, what waits in them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::Store;
use super::take::put;
use crate::app::msg::Data;
use crate::domain::pipeline::waiting::{in_actions, in_state};
use crate::domain::pipeline::{
    ActionExecution, ApprovalId, ExecutionId, ExecutionMode, PipelineExecution, PipelineName,
    PipelineState, PipelineStructure, PipelineSummary, WaitingApproval,
};
use crate::domain::remote::Remote;

/// Executions whose actions are kept; the ones that were read longest ago make room.
const ACTIONS_KEPT: usize = 500;

/// Executions of a pipeline, as far as they were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ExecutionList {
    /// The executions, newest first.
    pub items: Vec<PipelineExecution>,
    /// Whether there are older ones that were not asked for.
    pub cut: bool,
}

/// Everything known of the pipelines of a context.
#[derive(Clone, Debug, Default)]
pub struct Pipelines {
    /// All pipelines, in the order of the alphabet.
    pub list: Remote<Vec<PipelineSummary>>,
    /// Where each one stands.
    pub states: BTreeMap<PipelineName, Remote<PipelineState>>,
    /// What each one declares.
    pub structures: BTreeMap<PipelineName, Remote<PipelineStructure>>,
    /// The executions of a pipeline.
    pub executions: BTreeMap<PipelineName, Remote<ExecutionList>>,
    /// The executions in flight of a pipeline whose mode is PARALLEL.
    pub parallel: BTreeMap<PipelineName, Remote<ExecutionList>>,
    /// The runs of the actions of an execution, in the order in which they began.
    pub actions: BTreeMap<ExecutionId, Remote<Vec<ActionExecution>>>,
}

impl Store {
    /// All pipelines, in the order of the alphabet; none before they were listed.
    pub fn pipeline_list(&self) -> &[PipelineSummary] {
        let list = self.pipelines.list.value();
        list.map_or(&[], Vec::as_slice)
    }

    /// Where a pipeline stands, once that has been read.
    pub fn pipeline_state(&self, name: &PipelineName) -> Option<&PipelineState> {
        self.pipelines.states.get(name)?.value()
    }

    /// What a pipeline declares, once that has been read.
    pub fn pipeline_structure(&self, name: &PipelineName) -> Option<&PipelineStructure> {
        self.pipelines.structures.get(name)?.value()
    }

    /// How the executions of a pipeline share it, where the list, which is read more often, or the
    /// structure tell.
    pub fn pipeline_mode(&self, name: &PipelineName) -> Option<&ExecutionMode> {
        let listed = self.pipeline_summary(name);
        listed
            .and_then(|listed| listed.mode.as_ref())
            .or_else(|| self.pipeline_structure(name)?.mode.as_ref())
    }

    /// The entry of a pipeline in the list.
    pub fn pipeline_summary(&self, name: &PipelineName) -> Option<&PipelineSummary> {
        let list = self.pipeline_list();
        let place = list.binary_search_by(|one| one.name.cmp(name)).ok()?;
        list.get(place)
    }

    /// The executions of a pipeline, newest first, as far as they have been read.
    pub fn pipeline_executions(&self, name: &PipelineName) -> &[PipelineExecution] {
        let known = self.pipelines.executions.get(name);
        let known = known.and_then(Remote::value);
        known.map_or(&[], |list| list.items.as_slice())
    }

    /// One execution of a pipeline, as it was read last.
    pub fn pipeline_execution(
        &self,
        name: &PipelineName,
        id: &ExecutionId,
    ) -> Option<&PipelineExecution> {
        let lists = [&self.pipelines.executions, &self.pipelines.parallel];
        let found = lists.into_iter().filter_map(|lists| {
            let list = lists.get(name)?;
            let execution = list.value()?.items.iter().find(|one| one.id == *id)?;
            Some((list.fetched_at(), execution))
        });
        let newest = found.max_by_key(|(fetched_at, _)| *fetched_at);
        newest.map(|(_, execution)| execution)
    }

    /// The runs of the actions of an execution, in the order in which they began.
    pub fn action_executions(&self, execution: &ExecutionId) -> &[ActionExecution] {
        let known = self.pipelines.actions.get(execution);
        known.and_then(Remote::value).map_or(&[], Vec::as_slice)
    }

    /// The approvals that wait in all pipelines, the one that expires first first; those of which
    /// that is not known come last.
    pub fn approvals(&self) -> Vec<WaitingApproval> {
        let pipelines: BTreeSet<&PipelineName> = self
            .pipelines
            .states
            .keys()
            .chain(self.pipelines.parallel.keys())
            .collect();
        let mut found: Vec<WaitingApproval> = pipelines
            .into_iter()
            .flat_map(|pipeline| self.approvals_of(pipeline))
            .collect();
        let by_expiry = |one: &WaitingApproval| (one.expires_at.is_none(), one.expires_at);
        found.sort_by(|a, b| {
            let order = by_expiry(a).cmp(&by_expiry(b));
            order.then_with(|| a.id.cmp(&b.id))
        });
        found
    }

    /// The approvals that wait in a pipeline, in the order of its stages.
    pub fn approvals_of(&self, pipeline: &PipelineName) -> Vec<WaitingApproval> {
        let structure = self.pipeline_structure(pipeline);
        let state = self.pipeline_state(pipeline);
        let mut found = state.map_or_else(Vec::new, |state| in_state(state, structure));
        for approval in &mut found {
            let runs = self.action_executions(&approval.id.execution).iter();
            if let Some(run) = runs.rev().find(|run| approval.is_run(run)) {
                approval.resolve(run);
            }
        }
        for execution in self.parallel_executions(pipeline) {
            for approval in in_actions(pipeline, self.action_executions(&execution.id), structure) {
                if found.iter().all(|known| known.id != approval.id) {
                    found.push(approval);
                }
            }
        }
        found
    }

    /// An approval, as long as it waits.
    pub fn approval(&self, id: &ApprovalId) -> Option<WaitingApproval> {
        let mut waiting = self.approvals_of(&id.pipeline).into_iter();
        waiting.find(|approval| approval.id == *id)
    }

    /// The executions in flight of a pipeline whose mode is PARALLEL, newest first.
    pub fn parallel_executions(&self, pipeline: &PipelineName) -> &[PipelineExecution] {
        let known = self.pipelines.parallel.get(pipeline);
        let known = known.and_then(Remote::value);
        known.map_or(&[], |list| list.items.as_slice())
    }

    pub(super) fn take_pipelines(&mut self, data: Data, asked_at: Timestamp) {
        let known = &mut self.pipelines;
        match data {
            Data::Pipelines(list) => known.take_list(list, asked_at),
            Data::PipelineState { pipeline, state } => match state {
                Some(state) => {
                    put(known.states.entry(pipeline).or_default(), *state, asked_at);
                }
                None => known.lose(&pipeline, asked_at),
            },
            Data::PipelineStructure {
                pipeline,
                structure,
            } => match structure {
                Some(structure) => {
                    let place = known.structures.entry(pipeline).or_default();
                    put(place, *structure, asked_at);
                }
                None => known.lose(&pipeline, asked_at),
            },
            Data::PipelineExecutions {
                pipeline,
                executions: items,
                cut,
            } => {
                let place = known.executions.entry(pipeline).or_default();
                put(place, ExecutionList { items, cut }, asked_at);
            }
            Data::ParallelExecutions {
                pipeline,
                executions: items,
                cut,
            } => {
                let place = known.parallel.entry(pipeline).or_default();
                put(place, ExecutionList { items, cut }, asked_at);
            }
            Data::ActionExecutions {
                execution, actions, ..
            } => {
                put(
                    known.actions.entry(execution).or_default(),
                    actions,
                    asked_at,
                );
                known.forget_actions();
            }
            _ => {}
        }
    }
}

impl Pipelines {
    fn take_list(&mut self, mut list: Vec<PipelineSummary>, asked_at: Timestamp) {
        list.sort_by(|a, b| a.name.cmp(&b.name));
        let names: BTreeSet<PipelineName> = list.iter().map(|one| one.name.clone()).collect();
        let others = list.iter().filter(|one| {
            let mode = one.mode.as_ref();
            mode.is_some_and(|mode| *mode != ExecutionMode::Parallel)
        });
        let others: BTreeSet<PipelineName> = others.map(|one| one.name.clone()).collect();
        if put(&mut self.list, list, asked_at) {
            let gone: Vec<PipelineName> = self
                .states
                .keys()
                .chain(self.structures.keys())
                .chain(self.executions.keys())
                .chain(self.parallel.keys())
                .filter(|name| !names.contains(*name))
                .cloned()
                .collect();
            for name in gone {
                self.lose(&name, asked_at);
            }
            // Nobody asks for them any more once the mode is another.
            self.parallel.retain(|name, _| !others.contains(name));
        }
    }

    /// Forgets a pipeline that AWS no longer has, unless a newer answer has it.
    fn lose(&mut self, name: &PipelineName, asked_at: Timestamp) {
        let read_at = self.states.get(name).and_then(Remote::fetched_at);
        if read_at > Some(asked_at) {
            return;
        }
        self.states.remove(name);
        self.structures.remove(name);
        self.executions.remove(name);
        self.parallel.remove(name);
    }

    fn forget_actions(&mut self) {
        if self.actions.len() <= ACTIONS_KEPT {
            return;
        }
        let oldest = self
            .actions
            .iter()
            .min_by_key(|(_, runs)| runs.fetched_at());
        if let Some(oldest) = oldest.map(|(execution, _)| execution.clone()) {
            self.actions.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests;
