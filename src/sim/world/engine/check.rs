//! What will become of a task that has just started to run: its checks pass or fail, its
//! containers stay or exit.

use super::timing::{self, Range};
use super::{Event, Step};
use crate::sim::world::Region;
use crate::sim::world::behaviour::Behaviour;
use crate::sim::world::ids::TaskNumber;
use crate::sim::world::task::Task;
use crate::sim::world::task_definition::HealthCheck;

/// What is ahead of a running task.
struct Outlook {
    /// Steps, each after a time within its range.
    steps: Vec<(Range, Step)>,
    /// When the scheduler takes it for healthy, unless something ends it before.
    settled: Range,
    /// Whether some check never passes.
    fails: bool,
}

impl Region {
    /// Plans the checks and exits of a task that runs from now on.
    pub(super) fn foresee(&mut self, number: TaskNumber) {
        let Some(task) = self.ecs.tasks.get(&number) else {
            return;
        };
        let Some(service) = self.ecs.services.get(&task.service) else {
            return;
        };
        let grace = service.has_load_balancer().then(|| service.grace_seconds());
        let outlook = outlook(task, grace);
        let mut last_pass = 0;
        for (range, step) in outlook.steps {
            let delay = range.pick(&mut self.ecs.rng);
            if matches!(step, Step::Passed(_)) {
                last_pass = delay.max(last_pass);
            }
            self.after(delay, Event::Step(number, step));
        }
        if !outlook.fails {
            let delay = outlook.settled.pick(&mut self.ecs.rng).max(last_pass);
            self.after(delay, Event::Step(number, Step::Settled));
        }
    }
}

/// `grace` is the grace period of the load balancer's check in seconds, or none without a load
/// balancer.
fn outlook(task: &Task, grace: Option<u32>) -> Outlook {
    let mut outlook = Outlook {
        steps: Vec::new(),
        settled: timing::SETTLE,
        fails: false,
    };
    let mut checks = false;
    for (position, (container, spec)) in task
        .containers
        .iter()
        .zip(&task.definition.containers)
        .enumerate()
    {
        let behaviour = container.rule.behaviour;
        if let Some(range) = exit(behaviour) {
            outlook.steps.push((range, Step::Exit(position)));
            outlook.fails |= spec.essential;
        }
        if let Some(check) = spec.health_check {
            checks = true;
            outlook.add_check(position, check, behaviour);
        }
    }
    if let Some(grace) = grace {
        outlook.add_target(task, grace, checks);
    }
    outlook
}

impl Outlook {
    fn add_check(&mut self, position: usize, check: HealthCheck, behaviour: Behaviour) {
        let first = Range::about_seconds(check.interval);
        match behaviour {
            Behaviour::Unhealthy => {
                let seconds = check
                    .start_period
                    .saturating_add(check.interval.saturating_mul(check.retries));
                self.steps
                    .push((Range::about_seconds(seconds), Step::FailedCheck(position)));
                self.fails = true;
            }
            Behaviour::Slow => {
                self.steps
                    .push((first.max(timing::SLOW_START), Step::Passed(position)));
            }
            _ => self.steps.push((first, Step::Passed(position))),
        }
    }

    /// `checks` says whether a container check exists, which then shows what an image that is
    /// unhealthy or slow does.
    fn add_target(&mut self, task: &Task, grace: u32, checks: bool) {
        let has = |wanted| {
            task.containers
                .iter()
                .any(|one| one.rule.behaviour == wanted)
        };
        self.settled = self.settled.max(timing::TARGET_HEALTHY);
        if has(Behaviour::Slow) {
            self.settled = self.settled.max(timing::SLOW_START);
        }
        if has(Behaviour::Unhealthy) && !checks {
            let range =
                timing::TARGET_UNHEALTHY.max(Range::about_seconds(grace.saturating_add(20)));
            self.steps.push((range, Step::FailedTarget));
            self.fails = true;
        }
    }
}

/// When a container of such an image exits by itself, if it does.
fn exit(behaviour: Behaviour) -> Option<Range> {
    match behaviour {
        Behaviour::Crash => Some(timing::CRASH),
        Behaviour::OutOfMemory => Some(timing::OUT_OF_MEMORY),
        _ => None,
    }
}
