//! What the scheduler does next: a pure rule over what it sees.

use crate::sim::world::ids::TaskNumber;
use crate::sim::world::rules::{maximum_running, minimum_healthy};

/// A task that is meant to run, as the scheduler sees it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The task.
    pub task: TaskNumber,
    /// Whether the PRIMARY deployment owns it.
    pub primary: bool,
    /// Whether it has passed every check.
    pub healthy: bool,
}

/// What the service wants.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// How many tasks it is to have.
    pub desired: u32,
    /// Percent of `desired` that stay healthy.
    pub minimum_healthy_percent: u32,
    /// Percent of `desired` that may start or run at once.
    pub maximum_percent: u32,
    /// Whether the PRIMARY deployment has failed, so that it replaces nothing any more.
    pub failed: bool,
}

/// What to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// How many tasks of the PRIMARY deployment to start.
    pub start: u32,
    /// Which tasks to stop.
    pub stop: Vec<TaskNumber>,
}

/// Decides what to start and stop so that the PRIMARY deployment comes to own every task, never
/// with fewer healthy tasks or with more tasks in all than the service allows.
pub fn plan(wish: &Wish, seen: &[Seen]) -> Plan {
    let mut draft = Draft::new(wish, seen);
    draft.shed_surplus();
    draft.replace_old();
    draft.make_room();
    Plan {
        start: draft.start(),
        stop: draft.stop,
    }
}

struct Draft<'a> {
    wish: &'a Wish,
    kept: Vec<Seen>,
    stop: Vec<TaskNumber>,
    minimum: u32,
    maximum: u32,
}

impl<'a> Draft<'a> {
    fn new(wish: &'a Wish, seen: &[Seen]) -> Self {
        Self {
            wish,
            kept: seen.to_vec(),
            stop: Vec::new(),
            minimum: minimum_healthy(wish.desired, wish.minimum_healthy_percent),
            maximum: maximum_running(wish.desired, wish.maximum_percent),
        }
    }

    fn count(&self, which: impl Fn(&Seen) -> bool) -> u32 {
        u32::try_from(self.kept.iter().filter(|seen| which(seen)).count()).unwrap_or(u32::MAX)
    }

    fn healthy(&self) -> u32 {
        self.count(|seen| seen.healthy)
    }

    fn total(&self) -> u32 {
        self.count(|_| true)
    }

    /// How many tasks the PRIMARY deployment lacks.
    fn need(&self) -> u32 {
        self.wish
            .desired
            .saturating_sub(self.count(|seen| seen.primary))
    }

    /// Stops the newest task that fits, and says whether there was one.
    fn stop_one(&mut self, which: impl Fn(&Seen) -> bool) -> bool {
        let Some(position) = self.kept.iter().rposition(which) else {
            return false;
        };
        self.stop.push(self.kept.remove(position).task);
        true
    }

    /// The PRIMARY deployment has more tasks than it is to have: those that aren't healthy go
    /// first.
    fn shed_surplus(&mut self) {
        while self.count(|seen| seen.primary) > self.wish.desired {
            let stopped = self.stop_one(|seen| seen.primary && !seen.healthy)
                || (self.healthy() > self.minimum
                    && self.stop_one(|seen| seen.primary && seen.healthy));
            if !stopped {
                return;
            }
        }
    }

    /// Old tasks that no check has passed serve nobody; healthy ones go as soon as there are
    /// more healthy tasks than wanted.
    fn replace_old(&mut self) {
        if !self.wish.failed {
            while self.stop_one(|seen| !seen.primary && !seen.healthy) {}
        }
        while self.healthy() > self.wish.desired.max(self.minimum)
            && self.stop_one(|seen| !seen.primary && seen.healthy)
        {}
    }

    /// Where the maximum leaves no room for new tasks, old ones go first, down to the minimum.
    fn make_room(&mut self) {
        if self.wish.failed {
            return;
        }
        while self.maximum.saturating_sub(self.total()) < self.need()
            && self.healthy() > self.minimum
            && self.stop_one(|seen| !seen.primary && seen.healthy)
        {}
    }

    fn start(&self) -> u32 {
        if self.wish.failed {
            return 0;
        }
        self.need().min(self.maximum.saturating_sub(self.total()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wish(desired: u32, minimum: u32, maximum: u32) -> Wish {
        Wish {
            desired,
            minimum_healthy_percent: minimum,
            maximum_percent: maximum,
            failed: false,
        }
    }

    fn seen(old_healthy: u32, new_healthy: u32, new_starting: u32) -> Vec<Seen> {
        let kinds = [
            (false, true, old_healthy),
            (true, true, new_healthy),
            (true, false, new_starting),
        ];
        let mut tasks = Vec::new();
        for (primary, healthy, count) in kinds {
            for _ in 0..count {
                let task = TaskNumber(u32::try_from(tasks.len()).unwrap());
                tasks.push(Seen {
                    task,
                    primary,
                    healthy,
                });
            }
        }
        tasks
    }

    #[test]
    fn with_room_above_new_tasks_come_before_old_ones_go() {
        assert_eq!(
            plan(&wish(4, 100, 200), &seen(4, 0, 0)),
            Plan {
                start: 4,
                stop: vec![]
            }
        );
        let next = plan(&wish(4, 100, 200), &seen(4, 1, 3));
        assert_eq!((next.start, next.stop.len()), (0, 1));
    }

    #[test]
    fn without_room_above_old_ones_go_first_down_to_the_minimum() {
        let next = plan(&wish(4, 50, 100), &seen(4, 0, 0));
        assert_eq!((next.start, next.stop.len()), (2, 2));
        let next = plan(&wish(4, 50, 100), &seen(2, 0, 2));
        assert_eq!((next.start, next.stop.len()), (0, 0));
    }

    #[test]
    fn a_maximum_of_150_percent_goes_in_steps() {
        let next = plan(&wish(4, 100, 150), &seen(4, 0, 0));
        assert_eq!((next.start, next.stop.len()), (2, 0));
        let next = plan(&wish(4, 100, 150), &seen(4, 2, 0));
        assert_eq!((next.start, next.stop.len()), (2, 2));
    }

    #[test]
    fn a_failed_deployment_starts_and_replaces_nothing() {
        let failed = Wish {
            failed: true,
            ..wish(4, 100, 200)
        };
        assert_eq!(plan(&failed, &seen(4, 0, 0)), Plan::default());
    }

    #[test]
    fn scaling_down_sheds_what_is_not_healthy_first() {
        let next = plan(&wish(2, 100, 200), &seen(0, 2, 1));
        assert_eq!(
            next,
            Plan {
                start: 0,
                stop: vec![TaskNumber(2)]
            }
        );
        assert_eq!(plan(&wish(0, 100, 200), &seen(1, 2, 0)).stop.len(), 3);
    }

    fn any_seen() -> impl Strategy<Value = Vec<Seen>> {
        prop::collection::vec((any::<bool>(), any::<bool>()), 0..12).prop_map(|kinds| {
            kinds
                .into_iter()
                .zip(0..)
                .map(|((primary, healthy), number)| Seen {
                    task: TaskNumber(number),
                    primary,
                    healthy,
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn a_plan_keeps_the_minimum_and_the_maximum(
            desired in 0u32..8, minimum in 0u32..=100, maximum in 100u32..=300,
            failed in any::<bool>(), seen in any_seen(),
        ) {
            let wish = Wish { failed, ..wish(desired, minimum, maximum) };
            let next = plan(&wish, &seen);
            let kept: Vec<_> = seen.iter().filter(|one| !next.stop.contains(&one.task)).collect();
            let before = seen.iter().filter(|one| one.healthy).count();
            let after = kept.iter().filter(|one| one.healthy).count();
            let least = usize::try_from(minimum_healthy(desired, minimum)).unwrap();
            prop_assert!(after >= before.min(least));
            let most = maximum_running(desired, maximum);
            let total = u32::try_from(kept.len()).unwrap() + next.start;
            prop_assert!(next.start == 0 || total <= most);
            let primary = u32::try_from(kept.iter().filter(|one| one.primary).count()).unwrap();
            prop_assert!(next.start == 0 || primary + next.start <= desired);
        }
    }
}
