//! The side of the readings: which one is next, what a page means, what a failure means.

use std::time::Duration;

use jiff::Timestamp;

use super::live::{earlier, later};
use super::{Moment, Order, Tail, taken};
use crate::app::feed::FeedEvent;
use crate::aws::LogPage;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::logs::LogLine;
use crate::runtime::feed::job::{Job, Purpose};
use crate::runtime::feed::patience::{DISORDER, FOUND};
use crate::runtime::feed::streams::Streams;

/// AWS gives the newest lines first only from 1 January 2024 on: in seconds.
const NEWEST_FIRST_SINCE: i64 = 1_704_067_200;

/// The least pause before a group is read again that does not exist.
const MISSING: Duration = Duration::from_secs(10);

impl Tail {
    /// Reads a page where that is due.
    pub(super) fn read_order(&mut self, now: Moment) -> Option<Order> {
        if self.job.is_none() {
            self.job = self.next_job(now);
        }
        let job = self.job.as_mut()?;
        if job.waiting || now.elapsed < job.retry_at {
            return None;
        }
        job.order().map(Order::Read)
    }

    fn next_job(&mut self, now: Moment) -> Option<Job> {
        if self.finished || self.wish.names.is_empty() || now.elapsed < self.read_at && self.stale {
            return None;
        }
        if self.stale {
            return Some(self.catch_up(None, None));
        }
        if !self.joined.is_empty() {
            let names = std::mem::take(&mut self.joined);
            let streams = Streams::new(names.iter().cloned(), true);
            let window = (self.range.since, self.range.until);
            return Some(self.new_job(Purpose::Join(names), window, &streams));
        }
        if let Some(bridge) = self.session.bridge(now) {
            let end = bridge
                .end
                .map(|first| later(first, DISORDER + self.delays.ahead()));
            return Some(self.catch_up(Some(self.bridge), end));
        }
        if let Some(window) = self.open.take(now.clock) {
            let bounds = (window.from, Some(window.until));
            return Some(self.new_job(Purpose::Window(window), bounds, &self.streams));
        }
        let polls = self.session.began().is_none() && self.read_at <= now.elapsed;
        polls.then(|| self.catch_up(None, None))
    }

    /// Everything from where it is complete on, and back by the longest delay.
    fn catch_up(&self, bridge: Option<u32>, end: Option<Timestamp>) -> Job {
        let since = self.range.since;
        let from = match self.complete {
            Some(complete) => earlier(complete, self.delays.late()).max(since),
            None => since,
        };
        let until = self.range.until.or(end);
        let purpose = Purpose::CatchUp { bridge };
        // At first the newest lines matter most.
        let newest_first =
            self.complete.is_none() && self.newest_first && from.as_second() >= NEWEST_FIRST_SINCE;
        let mut job = self.new_job(purpose, (from, until), &self.streams);
        job.newest_first = newest_first;
        job
    }

    fn new_job(
        &self,
        purpose: Purpose,
        window: (Timestamp, Option<Timestamp>),
        streams: &Streams,
    ) -> Job {
        let parts = streams.parts(self.by_prefix);
        Job::new(purpose, window, parts, self.deliveries.next(), self.newest)
    }

    /// A page was read: the lines of it that are wanted.
    pub(in crate::runtime::feed) fn read(&mut self, page: LogPage, now: Moment) -> Vec<LogLine> {
        self.note_times(&page.lines);
        self.tally.pages += 1;
        (self.note, self.heard_at) = (None, Some(now.clock));
        let latest = page.lines.iter().map(taken).max();
        let lines = self.wanted(page.lines);
        let Some(mut job) = self.job.take() else {
            return lines;
        };
        if job.pages == 0 {
            job.newest = job.newest.max(latest);
        }
        job.lines += lines.len() as u64;
        let lines = job.in_order(lines, page.next.is_some());
        if job.next(page.next) {
            self.job = Some(job);
        } else {
            self.finish(&job, now);
        }
        lines
    }

    fn finish(&mut self, job: &Job, now: Moment) {
        match &job.purpose {
            Purpose::CatchUp { bridge } => self.caught_up(job, *bridge, now),
            Purpose::Window(window) => self.events.push(FeedEvent::Filled {
                from: window.from,
                until: window.until,
                lines: job.lines,
            }),
            Purpose::Join(_) => {}
        }
    }

    fn caught_up(&mut self, job: &Job, bridge: Option<u32>, now: Moment) {
        let over = self.range.until.map(|until| later(until, FOUND));
        self.finished = over.is_some_and(|over| over <= now.clock);
        self.complete = self.complete.max(job.newest.and_then(found_before));
        self.stale = false;
        self.read_at = now.elapsed + self.wish.pace;
        if bridge == Some(self.bridge) {
            self.session.bridged();
            if self.tally.reconnects > 0 {
                self.events.push(FeedEvent::Filled {
                    from: job.from,
                    until: job.until.unwrap_or(now.clock),
                    lines: job.lines,
                });
            }
        }
    }

    /// A page could not be read.
    pub(in crate::runtime::feed) fn not_read(&mut self, failure: &Failure, now: Moment) {
        let Some(mut job) = self.job.take() else {
            return;
        };
        job.waiting = false;
        job.failed += 1;
        let missing = failure.kind == FailureKind::NotFound;
        if missing && !failure.message.contains("group") && job.is_by_names() {
            self.by_prefix = true;
            let parts = self.new_job(job.purpose.clone(), (job.from, job.until), &self.streams);
            job.restart(Some(parts.into_parts()));
        } else if failure.kind == FailureKind::Refused && job.newest_first {
            self.newest_first = false;
            job.newest_first = false;
            job.restart(None);
        } else if missing || failure.is_lasting() {
            return self.put_off(job, failure, now);
        } else {
            if failure.kind == FailureKind::Refused && job.has_token() {
                // A token is good for a day only.
                job.restart(None);
            }
            self.note = Some(self.sentence(failure));
            job.retry_at = now.elapsed + self.patience.retry(job.failed);
        }
        self.job = Some(job);
    }

    /// What cannot be read, and why. A session brings new lines whatever comes of a reading.
    fn sentence(&self, failure: &Failure) -> String {
        let group = &self.group;
        let lines = if self.session.began().is_some() {
            "older lines"
        } else {
            "lines"
        };
        match failure.kind {
            FailureKind::NotFound => format!("the log group {group} does not exist yet"),
            FailureKind::AccessDenied => {
                format!("{lines} of {group} cannot be read: {}", failure.advice())
            }
            _ => format!("{lines} of {group} cannot be read: {}", failure.short()),
        }
    }

    /// Leaves a reading that cannot succeed for the time being to a later one.
    fn put_off(&mut self, job: Job, failure: &Failure, now: Moment) {
        self.note = Some(self.sentence(failure));
        match job.purpose {
            Purpose::Window(window) => self.open.add(window, now.clock),
            Purpose::Join(names) => self.joined.extend(names),
            Purpose::CatchUp { .. } => {}
        }
        let pause = if failure.is_lasting() {
            self.patience.lasting
        } else {
            self.wish.pace.max(MISSING)
        };
        self.stale = true;
        self.read_at = now.elapsed + pause;
    }
}

/// What was taken in before this time is found for certain, when something that was taken in at a
/// time has been found.
pub(super) fn found_before(newest: Timestamp) -> Option<Timestamp> {
    newest.checked_sub(FOUND).ok()
}
