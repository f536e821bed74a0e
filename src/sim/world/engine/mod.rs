//! The engine that moves a region: tasks live and die, deployments roll, breakers trip.
//!
//! It is driven by a queue of timed events, so services at rest cost nothing.

pub mod act;
pub mod act_pipelines;
pub mod act_task_sets;
pub mod begin;
pub mod check;
pub mod finish;
pub mod life;
pub mod output;
pub mod pipelines;
pub mod place;
pub mod plan;
pub mod rollback;
pub mod schedule;
pub mod service;
pub mod shift;
pub mod steady;
pub mod stop;
pub mod targets;
pub mod task_sets;
pub mod timing;
pub mod watch;

use super::Region;
use super::codedeploy::Turn;
use super::codepipeline;
use super::ids::{ServiceNumber, TaskNumber};
use crate::sim::clock::SimTime;
use shift::hooks::HookMoment;

/// Something that will happen in a region.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A task takes the next step of its life.
    Step(TaskNumber, Step),
    /// The scheduler looks at a service.
    Wake(ServiceNumber),
    /// A service deployment (its position in the history) leaves PENDING.
    BeginRelease(ServiceNumber, usize),
    /// A service deployment that was told to roll back begins to.
    BeginRollback(ServiceNumber, usize),
    /// A timer of a service deployment that shifts traffic, with its serial number.
    Shift(ServiceNumber, usize, u32),
    /// Something happens to a run of a hook of a service deployment, by its position there.
    Hook(ServiceNumber, usize, usize, HookMoment),
    /// The listener rules of a service follow what was asked.
    Route(ServiceNumber),
    /// An action of the scenario, by its position.
    Act(usize),
    /// A stopped task can't be described any more.
    ForgetTask(TaskNumber),
    /// The state of an alarm has changed.
    AlarmChanged,
    /// A CodeDeploy deployment (its position in the list) has its turn.
    CodeDeploy(usize, Turn),
    /// A pipeline has its turn.
    Pipeline(codepipeline::Turn),
    /// A deleted service can't be described any more.
    ForgetService(ServiceNumber),
}

/// A step in the life of a task.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The network interface is there; images are pulled.
    Pull,
    /// The pull has ended, well or not.
    Pulled,
    /// The containers run.
    Run,
    /// The health check of the container at this position passes.
    Passed(usize),
    /// Every check that the scheduler waits for has passed.
    Settled,
    /// The health check of the container at this position has failed too often.
    FailedCheck(usize),
    /// The load balancer's health check has failed too often.
    FailedTarget,
    /// The container at this position exits by itself.
    Exit(usize),
    /// The connections are drained; the containers are told to stop.
    StopContainers,
    /// The containers have stopped.
    Deprovision,
    /// The task is over.
    End,
}

impl Region {
    /// Lets happen in order what is due by `to`, until the region has something for another one.
    pub fn advance_to_delivery(&mut self, to: SimTime) {
        while self.codepipeline.outbox.is_empty() {
            let Some((at, event)) = self.ecs.queue.pop_due(to) else {
                return;
            };
            self.ecs.now = self.ecs.now.max(at);
            self.handle(event);
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Step(task, step) => self.step(task, step),
            Event::Wake(service) => self.wake_up(service),
            Event::BeginRelease(service, release) => self.begin_release(service, release),
            Event::BeginRollback(service, release) => self.begin_rollback(service, release),
            Event::Shift(service, release, serial) => self.shift_timer(service, release, serial),
            Event::Hook(service, release, place, moment) => {
                self.hook_moment(service, release, place, moment);
            }
            Event::Route(service) => self.route(service),
            Event::Act(position) => self.act(position),
            Event::ForgetTask(task) => self.forget_task(task),
            Event::AlarmChanged => self.alarms_changed(),
            Event::CodeDeploy(position, turn) => self.codedeploy_turn(position, turn),
            Event::Pipeline(turn) => self.pipeline_turn(turn),
            Event::ForgetService(service) => self.forget_service(service),
        }
    }

    /// Whatever depends on alarms looks at them.
    fn alarms_changed(&mut self) {
        self.alarms_changed_for_services();
        self.alarms_changed_for_codedeploy();
        self.alarms_changed_for_pipelines();
    }

    /// Lets `event` happen after `milliseconds`.
    pub(in crate::sim::world) fn after(&mut self, milliseconds: i64, event: Event) {
        let at = self.ecs.now.plus_millis(milliseconds);
        self.ecs.queue.push(at, event);
    }

    /// Lets a task take a step after a time within `range`, in milliseconds.
    pub(super) fn step_after(&mut self, range: timing::Range, task: TaskNumber, step: Step) {
        let delay = range.pick(&mut self.ecs.rng);
        self.after(delay, Event::Step(task, step));
    }

    /// Adds a line to the event log of a service, after its name as ECS words it.
    pub(super) fn log_event(&mut self, service: ServiceNumber, message: &str) {
        let now = self.ecs.now;
        let id = self.ecs.rng.uuid();
        if let Some(service) = self.ecs.services.get_mut(&service) {
            let message = format!("(service {}) {message}", service.name);
            service.log(id, now, message);
        }
    }
}
