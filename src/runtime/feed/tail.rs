//! The feed of one log group: what is opened and read when, so that no line is missing.
//!
//! This is the rule alone, without calls, channels or a clock of its own: events go in with the
//! moment of their arrival, orders come out.
//!
//! Two ways lead to a line. A Live Tail session brings what `CloudWatch` takes in from its start on,
//! in the order of that taking in. `FilterLogEvents` finds what was taken in, by the times that
//! lines carry, some seconds later. So what is complete is told by the times of taking in, and a
//! reading goes back from there by the longest delay that lines were seen to have.
//!
//! When a session begins, everything from what was complete up to its start has to be read once
//! more, after what was taken in before its start can be found: the bridge. When a session ends,
//! what it brought is complete up to a little before its newest line, or, if it was not bridged yet,
//! up to where it was before. Moments of which a session gave only a sample are read by themselves.
//! A line can so come twice, and never not at all.

mod live;
mod reads;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jiff::Timestamp;

use super::delays::Delays;
use super::job::{Job, PageOrder, Purpose};
use super::ledger::{Ledger, Window};
use super::patience::Patience;
use super::streams::Streams;
use crate::app::feed::{FeedEvent, FeedMode, FeedState, FeedTally, PollReason};
use crate::domain::logs::{Delivery, LogLine};
use live::Session;

/// A moment, by a clock that only runs forward and by the program's.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Since the feed began. Pauses are counted by it.
    pub(super) elapsed: Duration,
    /// What the program's clock says. What `CloudWatch` needs time for is counted by it.
    pub(super) clock: Timestamp,
}

/// What does not change while a feed runs.
#[derive(Copy, Clone, Debug)]
pub(super) struct Range {
    /// From when on lines are read.
    pub(super) since: Timestamp,
    /// Up to when; `None` for as long as somebody looks.
    pub(super) until: Option<Timestamp>,
}

/// What can change while a feed runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    /// The names of the streams.
    pub(super) names: BTreeSet<String>,
    /// Why Live Tail is not to be used, if it is not.
    pub(super) not_live: Option<PollReason>,
    /// The pace of reading without it.
    pub(super) pace: Duration,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Open a session.
    Open {
        delivery: Delivery,
        prefixes: Vec<String>,
    },
    /// End the session, or give up opening it.
    Close,
    /// Read a page.
    Read(PageOrder),
}

/// Numbers deliveries, for all feeds of a run of the program.
#[derive(Clone, Debug, Default)]
pub(super) struct Deliveries {
    last: Arc<AtomicU32>,
}

impl Deliveries {
    fn next(&self) -> Delivery {
        Delivery(self.last.fetch_add(1, Ordering::Relaxed).wrapping_add(1))
    }
}

/// The feed of one log group.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact by itself that any of the others can meet"
)]
#[derive(Debug)]
pub(super) struct Tail {
    group: String,
    range: Range,
    patience: Patience,
    deliveries: Deliveries,
    wish: Wish,
    streams: Streams,
    session: Session,
    /// Failures of sessions in a row.
    failed: u32,
    /// Why Live Tail was given up for a while.
    off: Option<PollReason>,
    /// Numbers the bridges.
    bridge: u32,
    /// The latest time at which `CloudWatch` took in a line that was seen.
    newest: Option<Timestamp>,
    /// Everything taken in up to here was read.
    complete: Option<Timestamp>,
    delays: Delays,
    open: Ledger,
    job: Option<Job>,
    /// Whether it is high time to read: at the beginning, and after a session ended.
    stale: bool,
    /// Streams that joined and were not read yet.
    joined: Vec<String>,
    /// When to read again.
    read_at: Duration,
    /// Whether streams are read by what their names begin with, as one of them does not exist.
    by_prefix: bool,
    /// Whether AWS gives the newest lines first.
    newest_first: bool,
    note: Option<String>,
    heard_at: Option<Timestamp>,
    finished: bool,
    tally: FeedTally,
    events: Vec<FeedEvent>,
}

impl Tail {
    /// Nothing is open, nothing read.
    pub(super) fn new(
        group: String,
        range: Range,
        grows: bool,
        wish: Wish,
        patience: Patience,
        deliveries: Deliveries,
    ) -> Self {
        Self {
            group,
            range,
            patience,
            deliveries,
            streams: Streams::new(wish.names.iter().cloned(), grows),
            wish,
            session: Session::default(),
            failed: 0,
            off: None,
            bridge: 0,
            newest: None,
            complete: None,
            delays: Delays::default(),
            open: Ledger::default(),
            job: None,
            stale: true,
            joined: Vec::new(),
            read_at: Duration::ZERO,
            by_prefix: false,
            newest_first: true,
            note: None,
            heard_at: None,
            finished: false,
            tally: FeedTally::default(),
            events: Vec::new(),
        }
    }

    /// Takes in what is wanted now.
    pub(super) fn want(&mut self, wish: Wish, now: Moment) {
        let before = self.streams.prefixes();
        let fresh = self.streams.join(&wish.names);
        self.wish = wish;
        if fresh.is_empty() {
            return;
        }
        self.by_prefix = false;
        self.joined.extend(fresh);
        // What the session brought of them was left out so far.
        self.take_over();
        let found = self.newest.and_then(reads::found_before);
        self.complete = self
            .complete
            .zip(found)
            .map(|(complete, found)| complete.min(found));
        self.rebridge(now, self.streams.prefixes() != before);
    }

    /// What has to be done now. `room` says whether there is room for what a reading brings.
    pub(super) fn due(&mut self, now: Moment, room: bool) -> Vec<Order> {
        let mut orders = Vec::new();
        orders.extend(self.session_order(now));
        if room {
            orders.extend(self.read_order(now));
        }
        orders
    }

    /// Lines were left out because nobody took them: they are read later.
    pub(super) fn left_out(&mut self, lines: &[LogLine], now: Moment) {
        let times = || lines.iter().map(|line| line.at);
        if let (Some(from), Some(until)) = (times().min(), times().max()) {
            self.open.add(Window { from, until }, now.clock);
        }
    }

    /// Nobody looks any more: what was under way is done again when somebody does. `unsent` was
    /// brought and not taken.
    pub(super) fn suspend<'a>(&mut self, unsent: impl Iterator<Item = &'a [LogLine]>, now: Moment) {
        self.end_session(now);
        self.session = Session::default();
        match self.job.take().map(|job| job.purpose) {
            Some(Purpose::Window(window)) => self.open.add(window, now.clock),
            Some(Purpose::Join(names)) => self.joined.extend(names),
            Some(Purpose::CatchUp { .. }) | None => {}
        }
        for lines in unsent {
            self.left_out(lines, now);
        }
        self.stale = true;
    }

    /// Somebody looks again; time is counted anew.
    pub(super) fn resume(&mut self, wish: Wish, now: Moment) {
        (self.failed, self.off, self.read_at) = (0, None, Duration::ZERO);
        self.want(wish, now);
    }

    /// What there is to tell, in order.
    pub(super) fn events(&mut self) -> Vec<FeedEvent> {
        std::mem::take(&mut self.events)
    }

    /// A sentence about what cannot be read.
    pub(super) fn note(&self) -> Option<&String> {
        self.note.as_ref()
    }

    /// How it goes.
    pub(super) fn state(&self, now: Moment) -> FeedState {
        let open = self.open.span();
        let under_way = self.session.seconds(now);
        let milliseconds = open.map_or(0, |window| window.length().as_millis());
        FeedState {
            mode: self.mode(),
            complete_until: self.complete_until(),
            heard_at: self.heard_at,
            filling: self.job.as_ref().is_some_and(|job| self.fills(job)),
            tally: FeedTally {
                live_seconds: self.tally.live_seconds + under_way,
                open_milliseconds: u64::try_from(milliseconds).unwrap_or(0),
                ..self.tally
            },
        }
    }

    /// Whether a reading is more than a look for what is new.
    fn fills(&self, job: &Job) -> bool {
        match job.purpose {
            Purpose::CatchUp { .. } => self.complete.is_none() || self.stale || job.pages > 0,
            Purpose::Window(_) | Purpose::Join(_) => true,
        }
    }

    fn mode(&self) -> FeedMode {
        if self.finished {
            return FeedMode::Complete;
        }
        if let Some(since) = self.session.began() {
            return FeedMode::Live { since };
        }
        if let Some(why) = self.wish.not_live.clone().or_else(|| self.off.clone()) {
            return FeedMode::Polling { why };
        }
        match self.session.trouble() {
            Some(why) => FeedMode::Reconnecting {
                attempt: self.failed.max(1),
                why: why.clone(),
            },
            None => FeedMode::Connecting,
        }
    }

    fn complete_until(&self) -> Option<Timestamp> {
        let complete = match self.session.bridged_newest() {
            Some(newest) => self.complete.max(Some(newest)),
            None => self.complete,
        };
        let open = self.open.span().map(|window| window.from);
        complete.map(|complete| open.map_or(complete, |open| open.min(complete)))
    }

    /// Takes note of when lines were taken in; the latest of these times.
    fn note_times(&mut self, lines: &[LogLine]) -> Option<Timestamp> {
        for line in lines {
            self.delays.note(line);
        }
        let latest = lines.iter().map(taken).max();
        self.newest = self.newest.max(latest);
        latest
    }

    /// The lines of streams that are wanted.
    fn wanted(&self, mut lines: Vec<LogLine>) -> Vec<LogLine> {
        lines.retain(|line| self.streams.wants(&line.stream.stream));
        lines
    }
}

/// When a line was taken in, or what comes nearest to it.
fn taken(line: &LogLine) -> Timestamp {
    line.ingested_at.unwrap_or(line.at)
}
