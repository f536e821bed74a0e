//! One reading with `FilterLogEvents`: its calls and pages, and how far it is.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::ledger::Window;
use crate::aws::StreamPart;
use crate::domain::logs::{Delivery, LogLine};

/// What a reading is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Everything from where it was complete on. It is the end of the bridge with this number, if
    /// that is the one that is open when the reading ends: the way from what was read to what a
    /// session brings.
    CatchUp { bridge: Option<u32> },
    /// A stretch of time that was left open.
    Window(Window),
    /// Streams that were not wanted before.
    Join(Vec<String>),
}

/// One page that is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageOrder {
    pub(super) part: StreamPart,
    pub(super) from: Timestamp,
    pub(super) until: Option<Timestamp>,
    pub(super) newest_first: bool,
    pub(super) token: Option<String>,
    pub(super) delivery: Delivery,
}

/// A reading under way.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) purpose: Purpose,
    pub(super) from: Timestamp,
    pub(super) until: Option<Timestamp>,
    pub(super) newest_first: bool,
    pub(super) delivery: Delivery,
    /// The calls that are still to be made, the one under way first.
    parts: VecDeque<StreamPart>,
    token: Option<String>,
    /// Whether a page is being waited for.
    pub(super) waiting: bool,
    /// When to ask for the page again, after a failure.
    pub(super) retry_at: Duration,
    /// Failures in a row.
    pub(super) failed: u32,
    pub(super) pages: u64,
    pub(super) lines: u64,
    /// The earliest lines of the pages so far, while the newest pages come first: the next page may
    /// have more lines of their millisecond, which come before them.
    held: Vec<LogLine>,
    /// The latest time at which `CloudWatch` is known to have taken in a line before the first page
    /// was read: what it took in a little before that is in the answer.
    pub(super) newest: Option<Timestamp>,
}

impl Job {
    pub(super) fn new(
        purpose: Purpose,
        window: (Timestamp, Option<Timestamp>),
        parts: Vec<StreamPart>,
        delivery: Delivery,
        newest: Option<Timestamp>,
    ) -> Self {
        Self {
            purpose,
            from: window.0,
            until: window.1,
            newest_first: false,
            delivery,
            parts: parts.into(),
            token: None,
            waiting: false,
            retry_at: Duration::ZERO,
            failed: 0,
            pages: 0,
            lines: 0,
            held: Vec::new(),
            newest,
        }
    }

    /// The page to ask for; `None` when there is none left.
    pub(super) fn order(&mut self) -> Option<PageOrder> {
        let part = self.parts.front()?.clone();
        self.waiting = true;
        Some(PageOrder {
            part,
            from: self.from,
            until: self.until,
            newest_first: self.newest_first,
            token: self.token.clone(),
            delivery: self.delivery,
        })
    }

    /// Goes on to the next page or call; tells whether there is one.
    pub(super) fn next(&mut self, token: Option<String>) -> bool {
        (self.waiting, self.failed) = (false, 0);
        self.pages += 1;
        self.token = token;
        if self.token.is_none() {
            self.parts.pop_front();
        }
        !self.parts.is_empty()
    }

    /// What can be told of the lines of a page, which are in order. `more` says whether another page
    /// follows.
    pub(super) fn in_order(&mut self, mut lines: Vec<LogLine>, more: bool) -> Vec<LogLine> {
        lines.append(&mut self.held);
        let first = lines.first().map(|line| line.at);
        if self.newest_first && more {
            let same = lines.partition_point(|line| Some(line.at) <= first);
            let rest = lines.split_off(same);
            self.held = lines;
            return rest;
        }
        lines
    }

    /// Whether it reads by names of streams, one of which may not exist.
    pub(super) fn is_by_names(&self) -> bool {
        matches!(self.parts.front(), Some(StreamPart::Names(_)))
    }

    /// Whether it is in the middle of the pages of a call.
    pub(super) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// The calls that are still to be made.
    pub(super) fn into_parts(self) -> Vec<StreamPart> {
        self.parts.into()
    }

    /// Begins again, with other calls or the same ones.
    pub(super) fn restart(&mut self, parts: Option<Vec<StreamPart>>) {
        if let Some(parts) = parts {
            self.parts = parts.into();
        }
        (self.waiting, self.token) = (false, None);
        self.held.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{at, stream};

    fn lines(numbered: &[(i64, &str)]) -> Vec<LogLine> {
        let line = |(second, message): &(i64, &str)| LogLine {
            event: None,
            delivery: Delivery(1),
            at: at(*second),
            ingested_at: None,
            stream: stream("app", "one"),
            message: (*message).to_owned(),
        };
        numbered.iter().map(line).collect()
    }

    fn messages(lines: &[LogLine]) -> Vec<&str> {
        lines.iter().map(|line| line.message.as_str()).collect()
    }

    #[test]
    fn a_stack_trace_that_two_pages_share_keeps_its_order() {
        let part = StreamPart::Prefix("web".into());
        let purpose = Purpose::CatchUp { bridge: None };
        let mut job = Job::new(purpose, (at(0), None), vec![part], Delivery(1), None);
        job.newest_first = true;
        let newest = lines(&[(5, "at c"), (5, "at d"), (6, "later")]);
        assert_eq!(messages(&job.in_order(newest, true)), ["later"]);
        assert!(job.in_order(Vec::new(), true).is_empty());
        let before = lines(&[(4, "sooner"), (5, "error"), (5, "at b")]);
        let told = job.in_order(before, true);
        assert_eq!(messages(&told), ["error", "at b", "at c", "at d"]);
        let told = job.in_order(lines(&[(3, "first")]), false);
        assert_eq!(messages(&told), ["first", "sooner"]);
        job.newest_first = false;
        let told = job.in_order(lines(&[(3, "first"), (4, "second")]), true);
        assert_eq!(messages(&told), ["first", "second"]);
    }
}
