//! Pipelines: where each one stands, what waits in it, and what a screen shows of one.
//!
//! CodePipeline has no call for the states of several pipelines and none that tells which have
//! moved, so each is asked for by itself: what moves often, what rests as rarely as the number of
//! pipelines demands. An account can have a thousand of them in a Region.

use std::time::Duration;

use super::pace::{REST, within};
use super::{Interest, stamp};
use crate::app::query::Query;
use crate::domain::pipeline::{
    ApprovalId, ExecutionId, ExecutionMode, PipelineName, PipelineState,
};

/// The pace of what moves while pipelines are on screen, where the budget allows it.
const MOVING: Duration = Duration::from_secs(5);
/// The pace of an approval that waits: only somebody's answer changes it.
const WAITING: Duration = Duration::from_secs(15);
/// The least time between two readings of a pipeline at rest. It is long enough for the readings to
/// be spread and to go behind all others.
const RESTING: Duration = Duration::from_secs(90);
/// How often a structure is read again although its version stayed.
const STRUCTURE: Duration = Duration::from_hours(1);

/// Calls a minute that pipelines at rest may cost while pipelines are on screen.
const RESTING_CALLS_PER_MINUTE: u64 = 90;
/// Calls a minute that pipelines which move or wait may cost while pipelines are on screen.
const MOVING_CALLS_PER_MINUTE: u64 = 60;

/// How often the states are read on a screen.
struct Paces {
    moving: Duration,
    waiting: Duration,
    resting: Duration,
}

/// How a pipeline stands, as far as it decides how often it is asked for.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Standing {
    Moving,
    Waiting,
    Resting,
}

impl Interest<'_> {
    /// All pipelines with where they stand.
    pub(super) fn pipelines(&mut self) {
        self.ask(Query::Pipelines, REST.max(self.on_screen()));
        let paces = self.paces_on_screen();
        self.sweep_pipelines(&paces);
    }

    /// One pipeline with its structure and the executions behind what its stages show.
    pub(super) fn pipeline(&mut self, name: &PipelineName) {
        self.state(name, self.pace_of_shown(name));
        self.structure(name);
        self.executions(name);
    }

    /// The executions of a pipeline.
    pub(super) fn executions(&mut self, name: &PipelineName) {
        let executions = self.store.pipeline_executions(name);
        let moves = executions.iter().any(|one| !one.status.is_over());
        let pace = if moves {
            self.on_screen()
        } else {
            REST.max(self.on_screen())
        };
        let newest = self.entered(name);
        self.ask_stamped(Query::PipelineExecutions(name.clone()), pace, newest);
    }

    /// One execution with the runs of its actions.
    pub(super) fn execution(&mut self, name: &PipelineName, id: &ExecutionId) {
        self.executions(name);
        self.structure(name);
        self.state(name, self.pace_of_shown(name));
        let known = self.store.pipeline_execution(name, id);
        let pace = if known.is_some_and(|one| one.status.is_over()) {
            REST.max(self.on_screen())
        } else {
            self.lively()
        };
        let query = Query::ActionExecutions {
            pipeline: name.clone(),
            execution: id.clone(),
        };
        self.ask(query, pace);
    }

    /// One approval and what it would let through.
    pub(super) fn gate(&mut self, id: &ApprovalId) {
        self.execution(&id.pipeline, &id.execution);
    }

    /// Where every pipeline stands, and in PARALLEL mode what waits in its executions.
    fn sweep_pipelines(&mut self, paces: &Paces) {
        let store = self.store;
        for summary in store.pipeline_list() {
            let name = &summary.name;
            let standing = self.standing(name);
            let pace = match standing {
                Standing::Moving => paces.moving,
                Standing::Waiting => paces.waiting,
                Standing::Resting => paces.resting,
            };
            self.state(name, pace);
            if store.pipeline_mode(name) == Some(&ExecutionMode::Parallel) {
                self.ask(Query::ParallelExecutions(name.clone()), pace);
            }
            if standing != Standing::Resting {
                self.structure(name);
            }
        }
    }

    fn paces_on_screen(&self) -> Paces {
        let store = self.store;
        let standings = store
            .pipeline_list()
            .iter()
            .map(|one| self.standing(&one.name));
        let active = standings
            .filter(|standing| *standing != Standing::Resting)
            .count();
        let resting = store.pipeline_list().len() - active;
        let busy = within(active, MOVING_CALLS_PER_MINUTE).max(self.refresh());
        Paces {
            moving: busy.max(MOVING),
            waiting: busy.max(WAITING),
            resting: within(resting, RESTING_CALLS_PER_MINUTE).max(RESTING),
        }
    }

    fn standing(&self, name: &PipelineName) -> Standing {
        let state = self.store.pipeline_state(name);
        if state.is_some_and(PipelineState::is_moving) {
            Standing::Moving
        } else if state.is_some_and(PipelineState::waits_for_approval)
            || !self.store.parallel_executions(name).is_empty()
        {
            Standing::Waiting
        } else {
            Standing::Resting
        }
    }

    fn pace_of_shown(&self, name: &PipelineName) -> Duration {
        match self.standing(name) {
            Standing::Moving => MOVING.max(self.refresh()),
            Standing::Waiting | Standing::Resting => self.on_screen(),
        }
    }

    /// A pipeline whose structure was changed is read again at once.
    fn state(&mut self, name: &PipelineName, pace: Duration) {
        let version = self.listed_version(name);
        self.ask_stamped(Query::PipelineState(name.clone()), pace, version);
    }

    /// A version of a structure never changes: it is read again when there is a newer one.
    fn structure(&mut self, name: &PipelineName) {
        let state = self.store.pipeline_state(name);
        let version = state.and_then(|state| state.version).map_or(0, u64::from);
        let version = version.max(self.listed_version(name));
        self.ask_stamped(Query::PipelineStructure(name.clone()), STRUCTURE, version);
    }

    fn listed_version(&self, name: &PipelineName) -> u64 {
        let summary = self.store.pipeline_summary(name);
        let version = summary.and_then(|summary| summary.version);
        version.map_or(0, u64::from)
    }

    /// Changes when an execution has entered a stage: then the list of executions has changed.
    fn entered(&self, name: &PipelineName) -> u64 {
        let Some(state) = self.store.pipeline_state(name) else {
            return 0;
        };
        let stages = state.stages.iter();
        let executions = stages.filter_map(|stage| {
            let latest = stage.latest.as_ref()?;
            Some((latest.id.as_str(), latest.status.name()))
        });
        stamp(&executions.collect::<Vec<_>>())
    }
}
