//! Pipelines: where each one stands, what waits in it, and what a screen shows of one.
//!
//! CodePipeline has no call for the states of several pipelines and none that tells which have
//! moved, so each is asked for by itself: what moves often, what rests as rarely as the number of
//! pipelines demands. An account can have a thousand of them in a Region.

use std::time::Duration;

use super::pace::{REST, SLOW, within};
use super::{Depth, Interest, RECENT_SECONDS, stamp};
use crate::app::pipeline_links::deploys_of;
use crate::app::query::Query;
use crate::app::screen::Screen;
use crate::domain::pipeline::waiting::in_state;
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
const STRUCTURE: Duration = Duration::from_hours(6);
/// The pace of what moves or waits while other things are on screen: what begins to wait for a
/// person is announced on every screen.
const ELSEWHERE: Duration = Duration::from_secs(30);

/// Executions that one call tells.
const EXECUTIONS_A_PAGE: usize = 100;

/// Calls a minute that pipelines at rest may cost while pipelines are on screen.
const RESTING_CALLS_PER_MINUTE: u64 = 90;
/// Calls a minute that pipelines which move or wait may cost while pipelines are on screen.
const MOVING_CALLS_PER_MINUTE: u64 = 60;

/// The same while other things are on screen.
const ELSEWHERE_RESTING_CALLS_PER_MINUTE: u64 = 30;
/// The same.
const ELSEWHERE_MOVING_CALLS_PER_MINUTE: u64 = 30;

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
        let standings = self.standings();
        let (moving, resting) = (MOVING_CALLS_PER_MINUTE, RESTING_CALLS_PER_MINUTE);
        let paces = self.paces(&standings, moving, resting);
        self.sweep_pipelines(&standings, &paces);
    }

    /// What begins to wait in a pipeline is noticed on every screen, if not at once. It makes no
    /// screen fresher.
    pub(super) fn pipelines_everywhere(&mut self) {
        if self.depth != Depth::All {
            return;
        }
        self.ask(Query::Pipelines, SLOW);
        let standings = self.standings();
        let paces = self.paces(
            &standings,
            ELSEWHERE_MOVING_CALLS_PER_MINUTE,
            ELSEWHERE_RESTING_CALLS_PER_MINUTE,
        );
        let paces = Paces {
            moving: paces.moving.max(ELSEWHERE),
            waiting: paces.waiting.max(ELSEWHERE),
            resting: paces.resting,
        };
        self.sweep_pipelines(&standings, &paces);
        self.behind_release();
    }

    /// The pipelines that deploy the service whose release is on screen, wherever they are: where
    /// they stand, and when their deploy actions ran.
    fn behind_release(&mut self) {
        let model = self.model;
        let Screen::Release { service, .. } = &model.navigation.current().screen else {
            return;
        };
        let here = self.store.context.id;
        let deploys = deploys_of(model, service).into_iter();
        for deploy in deploys.filter(|deploy| deploy.context == here) {
            let pipeline = &deploy.id.pipeline;
            self.state(pipeline, self.pace_of_shown(pipeline));
            let state = self.store.pipeline_state(pipeline);
            let stage = state.and_then(|state| state.stage(&deploy.id.stage));
            let Some(latest) = stage.and_then(|stage| stage.latest.as_ref()) else {
                continue;
            };
            let pace = if latest.is_in_flight() {
                self.on_screen()
            } else {
                SLOW
            };
            let query = Query::ActionExecutions {
                pipeline: pipeline.clone(),
                execution: latest.id.clone(),
            };
            self.ask_stamped(query, pace, stamp(&latest.status.name()));
        }
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
        // A long list costs a call for each of its pages.
        let pages = executions.len().div_ceil(EXECUTIONS_A_PAGE).max(1);
        let pages = u32::try_from(pages).unwrap_or(u32::MAX);
        let pace = if moves {
            self.on_screen().saturating_mul(pages)
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
    fn sweep_pipelines(&mut self, standings: &[Standing], paces: &Paces) {
        let store = self.store;
        for (summary, standing) in store.pipeline_list().iter().zip(standings) {
            let name = &summary.name;
            let pace = match standing {
                Standing::Moving => paces.moving,
                Standing::Waiting => paces.waiting,
                Standing::Resting => paces.resting,
            };
            self.state(name, pace);
            if store.pipeline_mode(name) == Some(&ExecutionMode::Parallel) {
                self.ask(Query::ParallelExecutions(name.clone()), pace);
            }
            if *standing != Standing::Resting || self.ran_lately(name) {
                self.structure(name);
            }
            self.waiting_runs(name);
        }
    }

    /// The text of an approval has its variables filled in only where its run is told.
    fn waiting_runs(&mut self, name: &PipelineName) {
        let Some(state) = self.store.pipeline_state(name) else {
            return;
        };
        for approval in in_state(state, None) {
            let query = Query::ActionExecutions {
                pipeline: name.clone(),
                execution: approval.id.execution,
            };
            self.ask_stamped(query, SLOW, stamp(&approval.token));
        }
    }

    /// Whether an action changed within the time that releases stay on the board: then it may be what
    /// brought one of them.
    fn ran_lately(&self, name: &PipelineName) -> bool {
        let now = self.model.now.as_second();
        let state = self.store.pipeline_state(name);
        let mut changes = state.into_iter().flat_map(PipelineState::changes);
        changes.any(|at| now - at.as_second() < RECENT_SECONDS)
    }

    /// How each pipeline stands, in the order of the list.
    fn standings(&self) -> Vec<Standing> {
        let list = self.store.pipeline_list().iter();
        list.map(|one| self.standing(&one.name)).collect()
    }

    /// The paces at which pipelines that move or wait, and those at rest, stay within so many calls
    /// a minute.
    fn paces(&self, standings: &[Standing], moving_calls: u64, resting_calls: u64) -> Paces {
        let resting = standings
            .iter()
            .filter(|standing| **standing == Standing::Resting)
            .count();
        let active = standings.len() - resting;
        let busy = within(active, moving_calls).max(self.refresh());
        Paces {
            moving: busy.max(MOVING),
            waiting: busy.max(WAITING),
            resting: within(resting, resting_calls).max(RESTING),
        }
    }

    fn standing(&self, name: &PipelineName) -> Standing {
        let state = self.store.pipeline_state(name);
        if state.is_some_and(PipelineState::is_moving) {
            Standing::Moving
        } else if state.is_some_and(PipelineState::has_in_flight)
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

#[cfg(test)]
mod tests;
