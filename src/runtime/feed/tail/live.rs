//! The side of the sessions: when one is opened, what an update means, what its end means.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Moment, Order, Tail, taken};
use crate::app::feed::{FeedEvent, PollReason};
use crate::aws::{LiveEnd, LiveUpdate};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::logs::LogLine;
use crate::runtime::feed::ledger::Window;
use crate::runtime::feed::patience::{DISORDER, FOUND, KEPT_OPEN, MOST_OPEN, MOST_TRIES, UNTAKEN};

/// AWS's word for as many sessions as an account may have.
const LIMIT: &str = "LimitExceededException";

/// The session of a group, or what comes before it.
#[derive(Clone, Debug)]
pub(super) enum Session {
    /// None is open; one is opened at a time, counted from the start of the feed.
    Closed {
        retry_at: Duration,
        why: Option<Failure>,
    },
    /// One is being opened.
    Opening { why: Option<Failure> },
    /// One is open.
    Open(Live),
}

/// An open session.
#[derive(Clone, Debug)]
pub(super) struct Live {
    began: Moment,
    heard: Moment,
    /// From when on it brings everything that is wanted.
    whole_since: Moment,
    /// When the first and the newest of its lines since then were taken in.
    first: Option<Timestamp>,
    newest: Option<Timestamp>,
    /// Whether everything before it was read.
    bridged: bool,
}

/// The way from what was read to what a session brings.
#[derive(Copy, Clone, Debug)]
pub(super) struct Bridge {
    /// When the first line that the session brought was taken in; `None` when it brought none.
    pub(super) end: Option<Timestamp>,
}

impl Default for Session {
    fn default() -> Self {
        Self::Closed {
            retry_at: Duration::ZERO,
            why: None,
        }
    }
}

impl Session {
    pub(super) fn began(&self) -> Option<Timestamp> {
        match self {
            Self::Open(live) => Some(live.began.clock),
            Self::Closed { .. } | Self::Opening { .. } => None,
        }
    }

    pub(super) fn trouble(&self) -> Option<&Failure> {
        match self {
            Self::Closed { why, .. } | Self::Opening { why } => why.as_ref(),
            Self::Open(_) => None,
        }
    }

    /// How long it has been open.
    pub(super) fn seconds(&self, now: Moment) -> u64 {
        match self {
            Self::Open(live) => now.elapsed.saturating_sub(live.began.elapsed).as_secs(),
            Self::Closed { .. } | Self::Opening { .. } => 0,
        }
    }

    /// The newest line, if everything before it was read.
    pub(super) fn bridged_newest(&self) -> Option<Timestamp> {
        match self {
            Self::Open(live) if live.bridged => live.newest,
            _ => None,
        }
    }

    /// The bridge that has to be read, if it is time to read it.
    pub(super) fn bridge(&self, now: Moment) -> Option<Bridge> {
        let Self::Open(live) = self else { return None };
        let found = now.clock.duration_since(live.whole_since.clock) >= FOUND;
        (!live.bridged && found).then_some(Bridge { end: live.first })
    }

    pub(super) fn bridged(&mut self) {
        if let Self::Open(live) = self {
            live.bridged = true;
        }
    }
}

impl Tail {
    /// A session was opened.
    pub(in crate::runtime::feed) fn opened(&mut self, now: Moment) {
        self.bridge += 1;
        self.off = None;
        self.tally.sessions += 1;
        self.session = Session::Open(Live {
            began: now,
            heard: now,
            whole_since: now,
            first: None,
            newest: None,
            bridged: false,
        });
    }

    /// A session could not be opened.
    pub(in crate::runtime::feed) fn not_opened(&mut self, failure: Failure, now: Moment) {
        self.failed += 1;
        let patience = self.patience;
        let give_up = self.failed >= MOST_TRIES;
        let (off, pause) = match failure.kind {
            FailureKind::AccessDenied => (
                Some(PollReason::NotPermitted(failure.clone())),
                patience.lasting,
            ),
            _ if failure.code.as_deref() == Some(LIMIT) => (
                Some(PollReason::TooManySessions(failure.clone())),
                patience.hope,
            ),
            FailureKind::Unsupported | FailureKind::Garbled | FailureKind::Refused => (
                Some(PollReason::NotAvailable(failure.clone())),
                patience.lasting,
            ),
            FailureKind::Throttled if give_up => {
                (Some(PollReason::Throttled(failure.clone())), patience.hope)
            }
            _ if give_up => (Some(PollReason::Failing(failure.clone())), patience.hope),
            _ => (None, patience.retry(self.failed)),
        };
        self.off = off;
        self.session = Session::Closed {
            retry_at: now.elapsed + pause,
            why: Some(failure),
        };
    }

    /// A session brought something: the lines of it that are wanted.
    pub(in crate::runtime::feed) fn updated(
        &mut self,
        update: LiveUpdate,
        now: Moment,
    ) -> Vec<LogLine> {
        let latest = self.note_times(&update.lines);
        self.heard_at = Some(now.clock);
        let earliest = update.lines.iter().map(taken).min();
        let Session::Open(live) = &mut self.session else {
            return Vec::new();
        };
        let before = live.newest.or(earliest);
        let pause = now.clock.duration_since(live.heard.clock);
        let known = live.newest.unwrap_or(live.whole_since.clock);
        live.heard = now;
        live.first = live.first.or(earliest);
        live.newest = live.newest.max(latest);
        // A session that lasts makes up for those that did not.
        if now.elapsed.saturating_sub(live.began.elapsed) > self.patience.silence {
            self.failed = 0;
        }
        if update.sampled
            && let (Some(before), Some(latest)) = (before, latest)
        {
            self.sampled(&update.lines, before, latest, now);
        } else if pause >= UNTAKEN {
            let from = earlier(known, DISORDER + self.delays.seen());
            let window = Window {
                from: from.max(self.range.since),
                until: now.clock,
            };
            self.open.add(window, later(now.clock, FOUND));
        }
        self.wanted(update.lines)
    }

    /// Leaves the moments open of which there was only a sample.
    fn sampled(&mut self, lines: &[LogLine], before: Timestamp, latest: Timestamp, now: Moment) {
        self.tally.sampled += 1;
        let times = || lines.iter().map(|line| line.at);
        let from = earlier(before, DISORDER + self.delays.seen());
        // Which lines are in a sample is not said: some that were taken in after all of them may not be.
        let until = later(latest, DISORDER + self.delays.ahead()).max(now.clock);
        let window = Window {
            from: times()
                .min()
                .map_or(from, |at| at.min(from))
                .max(self.range.since),
            until: times().max().map_or(until, |at| at.max(until)),
        };
        let Window { from, until } = window;
        self.open.add(window, later(now.clock, FOUND));
        self.events.push(FeedEvent::Sampled { from, until });
        if let Some(Window { from, until }) = self.open.give_up(MOST_OPEN, KEPT_OPEN) {
            self.tally.gaps += 1;
            let why = "more is written than can be read".to_owned();
            self.events.push(FeedEvent::Gap { from, until, why });
        }
    }

    /// A session ended by itself.
    pub(in crate::runtime::feed) fn ended(&mut self, end: LiveEnd, now: Moment) {
        self.end_session(now);
        self.tally.reconnects += 1;
        self.session = match end {
            LiveEnd::TimedOut => {
                self.failed = 0;
                Session::Closed {
                    retry_at: now.elapsed,
                    why: None,
                }
            }
            LiveEnd::Broken(failure) => {
                self.failed += 1;
                self.events.push(FeedEvent::Broken {
                    at: now.clock,
                    why: failure.message.clone(),
                });
                let give_up = self.failed > MOST_TRIES;
                self.off = give_up.then(|| PollReason::Failing(failure.clone()));
                let pause = if give_up {
                    self.patience.hope
                } else {
                    self.patience.retry(self.failed)
                };
                Session::Closed {
                    retry_at: now.elapsed + pause,
                    why: Some(failure),
                }
            }
        };
    }

    /// The session is over: what it made complete stays, and what comes has to be read.
    pub(super) fn end_session(&mut self, now: Moment) {
        self.tally.live_seconds += self.session.seconds(now);
        self.take_over();
        (self.stale, self.read_at) = (true, now.elapsed);
    }

    /// Takes over what the session made complete so far.
    pub(super) fn take_over(&mut self) {
        if let Some(newest) = self.session.bridged_newest() {
            self.complete = self.complete.max(Some(earlier(newest, DISORDER)));
        }
    }

    /// What came before has to be read again: streams joined. With `reopen` the session does not
    /// bring them either.
    pub(super) fn rebridge(&mut self, now: Moment, reopen: bool) {
        self.bridge += 1;
        let complete = self.complete;
        match &mut self.session {
            Session::Open(live) if !reopen => {
                live.whole_since = now;
                (live.first, live.bridged) = (None, false);
            }
            Session::Closed { .. } => {}
            Session::Open(_) | Session::Opening { .. } => {
                self.end_session(now);
                self.session = Session::default();
            }
        }
        self.complete = complete;
    }

    /// Opens, or ends, a session where that is due.
    pub(super) fn session_order(&mut self, now: Moment) -> Option<Order> {
        let wanted = self.wants_session(now);
        match &mut self.session {
            Session::Open(live) if wanted => {
                let silent = self.patience.silence;
                let quiet = now.elapsed.saturating_sub(live.heard.elapsed) >= silent
                    && now.clock.duration_since(live.heard.clock).unsigned_abs() >= silent;
                quiet.then(|| {
                    self.ended(LiveEnd::Broken(silence()), now);
                    Order::Close
                })
            }
            Session::Open(_) | Session::Opening { .. } if !wanted => {
                self.end_session(now);
                self.session = Session::default();
                Some(Order::Close)
            }
            Session::Closed { retry_at, why } if wanted && *retry_at <= now.elapsed => {
                let why = why.take();
                self.session = Session::Opening { why };
                Some(Order::Open {
                    delivery: self.deliveries.next(),
                    prefixes: self.streams.prefixes(),
                })
            }
            _ => None,
        }
    }

    fn wants_session(&self, now: Moment) -> bool {
        let over = self.range.until.is_some_and(|until| until <= now.clock);
        self.wish.not_live.is_none() && !self.wish.names.is_empty() && !over && !self.finished
    }
}

/// A session that says nothing.
fn silence() -> Failure {
    Failure {
        call: "logs:StartLiveTail".to_owned(),
        kind: FailureKind::Timeout,
        code: None,
        message: "the session says nothing any more".to_owned(),
        request_id: None,
    }
}

pub(super) fn earlier(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_sub(by).unwrap_or(Timestamp::MIN)
}

pub(super) fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}
