//! Starts and stops polls so that they match the subscriptions.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::pace::{Asked, Demand, Trouble, own_share};
use super::poll::Asker;
use crate::app::query::{Query, Subscription};
use crate::aws::Urgency;
use crate::domain::failure::FailureKind;

/// Answers that are remembered after their question was dropped.
const REMEMBERED: usize = 5_000;

struct Poll {
    demand: watch::Sender<Demand>,
    _stop: DropGuard,
}

/// When each question was answered last. A screen that is left and opened again goes on from
/// there: coming back costs nothing that is not due.
#[derive(Clone, Default)]
struct Answers {
    known: Arc<Mutex<HashMap<Query, Asked>>>,
}

impl Answers {
    fn of(&self, query: &Query) -> Option<Asked> {
        self.locked().get(query).copied()
    }

    fn note(&self, query: &Query, asked: Asked) {
        if asked.failures == 0 {
            self.locked().insert(query.clone(), asked);
        } else {
            self.locked().remove(query);
        }
    }

    fn keep(&self, is_polled: impl Fn(&Query) -> bool) {
        let mut known = self.locked();
        if known.len() > REMEMBERED {
            known.retain(|query, _| is_polled(query));
        }
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<Query, Asked>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The polls that run. One question is one task, which asks, pauses and asks again.
pub(super) struct Poller {
    asker: Asker,
    polls: HashMap<Query, Poll>,
    answers: Answers,
    /// Polls that were started so far.
    started: u32,
}

impl Poller {
    /// No poll runs yet.
    pub(super) fn new(asker: Asker) -> Self {
        Self {
            asker,
            polls: HashMap::new(),
            answers: Answers::default(),
            started: 0,
        }
    }

    /// Starts what is newly wanted, stops what is wanted no longer, and passes on what changed.
    pub(super) fn reconcile(&mut self, wanted: &[Subscription]) {
        let mut kept = HashMap::with_capacity(wanted.len());
        for subscription in wanted {
            let (query, poll) = match self.polls.remove_entry(&subscription.query) {
                Some((query, poll)) => {
                    poll.demand.send_if_modified(|demand| {
                        let next = Demand {
                            pace: subscription.pace,
                            stamp: subscription.stamp,
                            ..*demand
                        };
                        std::mem::replace(demand, next) != next
                    });
                    (query, poll)
                }
                None => (subscription.query.clone(), self.start(subscription)),
            };
            kept.insert(query, poll);
        }
        self.polls = kept;
        self.answers.keep(|query| self.polls.contains_key(query));
    }

    /// Asks a question now, if it is being asked at all.
    pub(super) fn nudge(&self, query: &Query) {
        if let Some(poll) = self.polls.get(query) {
            poll.demand.send_modify(|demand| demand.nudge += 1);
        }
    }

    fn start(&mut self, subscription: &Subscription) -> Poll {
        self.started = self.started.wrapping_add(1);
        let before = self.answers.of(&subscription.query);
        let demand = Demand {
            pace: subscription.pace,
            stamp: subscription.stamp,
            nudge: before.map_or(0, |asked| asked.demand.nudge),
        };
        let (sender, receiver) = watch::channel(demand);
        let stop = CancellationToken::new();
        let poll = poll(
            self.asker.clone(),
            subscription.query.clone(),
            receiver,
            self.answers.clone(),
            before,
            own_share(self.started),
        );
        tokio::spawn(stop.clone().run_until_cancelled_owned(poll));
        Poll {
            demand: sender,
            _stop: stop.drop_guard(),
        }
    }
}

async fn poll(
    asker: Asker,
    query: Query,
    mut demand: watch::Receiver<Demand>,
    answers: Answers,
    mut before: Option<Asked>,
    own_share: f64,
) {
    loop {
        if let Some(asked) = &before
            && !pause(&mut demand, asked).await
        {
            return;
        }
        let wanted = *demand.borrow_and_update();
        let began = Instant::now();
        let asker = asker.with_urgency(if wanted.is_slow() {
            Urgency::Spare
        } else {
            Urgency::Now
        });
        let trouble = ask(&asker, &query).await.err();
        let on_schedule = before.is_some_and(|before| before.is_scheduled(wanted));
        let asked = Asked {
            demand: wanted,
            began,
            ended: Instant::now(),
            failures: match trouble {
                Some(_) => 1 + before.map_or(0, |before| before.failures),
                None => 0,
            },
            trouble: trouble.unwrap_or_default(),
            share: if on_schedule { 1.0 } else { own_share },
        };
        answers.note(&query, asked);
        before = Some(asked);
    }
}

/// Asks once. A fault of cutover's own ends only this asking.
async fn ask(asker: &Asker, query: &Query) -> Result<(), Trouble> {
    let outcome = AssertUnwindSafe(asker.ask(query)).catch_unwind();
    match outcome.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(failure)) => {
            if wants_new_credentials(&failure.kind) {
                asker.aws.reconnect().await;
            }
            Err(trouble(&failure.kind))
        }
        Err(_) => {
            asker.own_fault(query).await;
            Err(Trouble::Passing)
        }
    }
}

/// Waits for the next asking; `false` when nobody wants one any more.
async fn pause(demand: &mut watch::Receiver<Demand>, asked: &Asked) -> bool {
    loop {
        let wanted = *demand.borrow_and_update();
        tokio::select! {
            () = tokio::time::sleep_until(asked.due(wanted)) => return true,
            changed = demand.changed() => if changed.is_err() {
                return false;
            },
        }
    }
}

fn trouble(kind: &FailureKind) -> Trouble {
    match kind {
        FailureKind::AccessDenied => Trouble::Denied,
        FailureKind::Unsupported => Trouble::Unsupported,
        _ => Trouble::Passing,
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
