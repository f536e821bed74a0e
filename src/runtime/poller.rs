//! Starts and stops polls so that they match the subscriptions.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::poll::{Asker, Memory};
use crate::app::query::{Query, Subscription};
use crate::domain::failure::FailureKind;

/// The longest pause after failures in a row.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// The pause after an endpoint said that it does not have the operation.
const UNSUPPORTED_PAUSE: Duration = Duration::from_mins(10);
/// The least time between two askings of the same question, whatever changed.
const LEAST_GAP: Duration = Duration::from_secs(1);

/// What a poll is told while it runs.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Demand {
    pace: Duration,
    stamp: u64,
    /// Counts up when the person asks for an answer now.
    nudge: u64,
}

struct Poll {
    demand: watch::Sender<Demand>,
    _stop: DropGuard,
}

/// The polls that run. One question is one task, which asks, pauses and asks again.
pub(super) struct Poller {
    asker: Asker,
    polls: HashMap<Query, Poll>,
}

impl Poller {
    /// No poll runs yet.
    pub(super) fn new(asker: Asker) -> Self {
        Self {
            asker,
            polls: HashMap::new(),
        }
    }

    /// Starts what is newly wanted, stops what is wanted no longer, and passes on what changed.
    pub(super) fn reconcile(&mut self, wanted: &[Subscription]) {
        let mut kept = HashMap::with_capacity(wanted.len());
        for subscription in wanted {
            let poll = match self.polls.remove(&subscription.query) {
                Some(poll) => {
                    poll.demand.send_if_modified(|demand| {
                        let next = Demand {
                            pace: subscription.pace,
                            stamp: subscription.stamp,
                            ..*demand
                        };
                        std::mem::replace(demand, next) != next
                    });
                    poll
                }
                None => self.start(subscription),
            };
            kept.insert(subscription.query.clone(), poll);
        }
        self.polls = kept;
    }

    /// Asks a question now, if it is being asked at all.
    pub(super) fn nudge(&self, query: &Query) {
        if let Some(poll) = self.polls.get(query) {
            poll.demand.send_modify(|demand| demand.nudge += 1);
        }
    }

    fn start(&self, subscription: &Subscription) -> Poll {
        let demand = Demand {
            pace: subscription.pace,
            stamp: subscription.stamp,
            nudge: 0,
        };
        let (sender, receiver) = watch::channel(demand);
        let stop = CancellationToken::new();
        let asker = self.asker.clone();
        let query = subscription.query.clone();
        tokio::spawn(
            stop.clone()
                .run_until_cancelled_owned(poll(asker, query, receiver)),
        );
        Poll {
            demand: sender,
            _stop: stop.drop_guard(),
        }
    }
}

async fn poll(asker: Asker, query: Query, mut demand: watch::Receiver<Demand>) {
    let mut memory = Memory::default();
    let mut failures: u32 = 0;
    loop {
        let asked = *demand.borrow_and_update();
        let began = Instant::now();
        let outcome = AssertUnwindSafe(asker.ask(&query, &mut memory))
            .catch_unwind()
            .await;
        let least = match &outcome {
            Ok(Err(failure)) if failure.kind == FailureKind::Unsupported => UNSUPPORTED_PAUSE,
            _ => Duration::ZERO,
        };
        failures = match outcome {
            Ok(Ok(())) => 0,
            Ok(Err(failure)) => {
                if wants_new_credentials(&failure.kind) {
                    asker.aws.reconnect().await;
                }
                failures + 1
            }
            Err(_) => {
                asker.own_fault(&query).await;
                failures + 1
            }
        };
        if !pause(&mut demand, asked, began, (failures, least)).await {
            return;
        }
    }
}

fn wants_new_credentials(kind: &FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::NoCredentials
            | FailureKind::ExpiredCredentials
            | FailureKind::InvalidCredentials
    )
}

/// Waits for the next asking; `false` when nobody wants one any more. Each failure in a row doubles
/// the pause; a nudge ends it at once.
async fn pause(
    demand: &mut watch::Receiver<Demand>,
    asked: Demand,
    began: Instant,
    (failures, least): (u32, Duration),
) -> bool {
    let ended = Instant::now();
    loop {
        let now = *demand.borrow_and_update();
        let pace = if now.nudge != asked.nudge {
            Duration::ZERO
        } else if failures > 0 {
            let factor = 2_u32.saturating_pow(failures.min(6));
            now.pace
                .saturating_mul(factor)
                .min(LONGEST_PAUSE.max(now.pace))
                .max(least)
        } else if now.stamp != asked.stamp {
            LEAST_GAP.saturating_sub(began.elapsed())
        } else {
            now.pace
        };
        tokio::select! {
            () = tokio::time::sleep_until(ended + pace) => return true,
            changed = demand.changed() => if changed.is_err() {
                return false;
            },
        }
    }
}
