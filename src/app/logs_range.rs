//! Which time the logs screen shows: chosen by a key, by `:since` and `:at`, or by what it is about.

mod parse;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub use parse::{RangeError, parse_at, parse_since};

use super::log_sources::{release_of_source, tasks_of};
use super::model::Model;
use super::store::Store;
use crate::domain::arn::TaskArn;
use crate::domain::logs::LogSource;

/// Seconds before the opening of the screen from which lines are read, unless something asks for
/// more.
pub const LOOK_BACK_SECONDS: i64 = 15 * 60;
/// Seconds from the first line that the head shows.
const HEAD_SECONDS: i64 = 15 * 60;
/// Seconds before and behind a moment that are shown around it.
const AROUND_SECONDS: i64 = 5 * 60;
/// Seconds before the beginning of something, and behind its end, whose lines belong to it: clocks
/// differ, and a container's last lines can carry a time behind its stop.
const SLACK_SECONDS: i64 = 60;
/// The most that is read of a release before now, in seconds.
const RELEASE_SECONDS: i64 = 60 * 60;

/// How a range came to be.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum RangeChoice {
    /// As the screen opened: the last lines, and those that come.
    Tail,
    /// From the first line on, as far as it is known which that is.
    Head,
    /// The last seconds before the choice, and what comes.
    Last(i64),
    /// Around a moment.
    At(Timestamp),
    /// The last lines of a task, which stopped at this time.
    Stopped(Timestamp),
    /// The time of a release that is over.
    Release,
    /// Everything that was ever written.
    Whole,
}

/// From when and up to when lines are shown. It stays as it is while the screen is open, so that
/// what was read once is not read again.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Range {
    /// From this time on.
    pub from: Timestamp,
    /// Up to this time; `None` while lines may come.
    pub until: Option<Timestamp>,
    /// Whether new lines are waited for.
    pub live: bool,
    /// How it came to be.
    pub choice: RangeChoice,
}

impl Range {
    /// The last lines before a screen opens, and what comes.
    pub fn tail(now: Timestamp) -> Self {
        Self::open(earlier(now, LOOK_BACK_SECONDS), RangeChoice::Tail)
    }

    /// The last seconds, and what comes.
    pub fn last(seconds: i64, now: Timestamp) -> Self {
        Self::open(earlier(now, seconds), RangeChoice::Last(seconds))
    }

    /// The first lines of what began at a time; what comes as well, if that is not long ago.
    pub fn head(began: Timestamp, now: Timestamp) -> Self {
        let end = later(began, HEAD_SECONDS);
        Self::between(earlier(began, SLACK_SECONDS), end, now, RangeChoice::Head)
    }

    /// A window around a moment. If its end is yet to come, lines are waited for.
    pub fn at(moment: Timestamp, now: Timestamp) -> Self {
        let from = earlier(moment, AROUND_SECONDS);
        let end = later(moment, AROUND_SECONDS);
        Self::between(from, end, now, RangeChoice::At(moment))
    }

    /// The last lines of a task that stopped: from before it stopped, but not before it was made,
    /// until a little after.
    pub fn stopped(made: Option<Timestamp>, stopped: Timestamp) -> Self {
        let from = earlier(stopped, LOOK_BACK_SECONDS);
        let made = made.map(|made| earlier(made, SLACK_SECONDS));
        Self {
            from: made.map_or(from, |made| made.max(from)),
            until: Some(later(stopped, SLACK_SECONDS)),
            live: false,
            choice: RangeChoice::Stopped(stopped),
        }
    }

    /// The time of a release: while it is in flight or just over from its beginning on, of which no
    /// more than an hour is read; later from its beginning to its end, `newest` or not.
    pub fn release(
        began: Option<Timestamp>,
        ended: Option<Timestamp>,
        newest: bool,
        now: Timestamp,
    ) -> Self {
        let began = began.map(|began| earlier(began, SLACK_SECONDS));
        match (began, ended) {
            (Some(began), Some(ended)) if !newest => Self {
                from: began,
                until: Some(later(ended, SLACK_SECONDS)),
                live: false,
                choice: RangeChoice::Release,
            },
            (Some(began), _) if began >= earlier(now, RELEASE_SECONDS) => Self {
                from: began.min(earlier(now, LOOK_BACK_SECONDS)),
                ..Self::tail(now)
            },
            _ => Self::tail(now),
        }
    }

    /// Everything that was ever written, and what comes.
    pub fn whole() -> Self {
        Self::open(Timestamp::UNIX_EPOCH, RangeChoice::Whole)
    }

    fn open(from: Timestamp, choice: RangeChoice) -> Self {
        Self {
            from,
            until: None,
            live: true,
            choice,
        }
    }

    fn between(from: Timestamp, end: Timestamp, now: Timestamp, choice: RangeChoice) -> Self {
        let over = end < now;
        Self {
            from,
            until: over.then_some(end),
            live: !over,
            choice,
        }
    }

    /// The same, ending no later than another range, whose end is over.
    #[must_use]
    pub fn until_at_most(self, other: &Self) -> Self {
        let until = match (self.until, other.until) {
            (Some(own), Some(end)) => Some(own.min(end)),
            (own, end) => own.or(end),
        };
        Self {
            until,
            live: self.live && until.is_none(),
            ..self
        }
    }

    /// Whether a moment is within it.
    pub fn contains(&self, at: Timestamp) -> bool {
        at >= self.from && self.until.is_none_or(|until| at <= until)
    }

    /// The range in words, for the head of the screen. Times are told in a zone.
    pub fn label(&self, zone: &TimeZone) -> String {
        let clock = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string();
        let date = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string();
        let span = |until: Timestamp| {
            let (day, from, end) = (date(self.from), clock(self.from), clock(until));
            let other = date(until);
            if day == other {
                format!("{day} {from} to {end}")
            } else {
                format!("{day} {from} to {other} {end}")
            }
        };
        match (self.choice, self.until) {
            (RangeChoice::Whole, _) => "everything".into(),
            (RangeChoice::Last(seconds), _) => format!("last {}", seconds_in_words(seconds)),
            (RangeChoice::Stopped(at), _) => format!("before the stop at {}", clock(at)),
            (RangeChoice::Head, Some(until)) => format!("head, {}", span(until)),
            (_, Some(until)) => span(until),
            (_, None) => format!("since {}", clock(self.from)),
        }
    }
}

/// The range of the logs screen that is in front; `None` on any other screen.
pub fn range_in_front(model: &Model) -> Option<&Range> {
    let page = model.navigation.current();
    page.logs.as_ref()?.range.as_ref()
}

/// The range that a source opens with.
pub fn range_of_source(store: &Store, source: &LogSource, now: Timestamp) -> Range {
    match source {
        LogSource::Stream { .. } => Range::whole(),
        LogSource::Task { task, .. } | LogSource::Container { task, .. } => {
            end_of(store, task).unwrap_or_else(|| Range::tail(now))
        }
        LogSource::Release { service, .. } => {
            let Some(release) = release_of_source(store, source) else {
                return Range::tail(now);
            };
            let newest = store.newest_release(service);
            let newest = newest.is_some_and(|newest| newest.id == release.id);
            Range::release(release.started_at, release.finished_at, newest, now)
        }
        LogSource::Service { .. } | LogSource::Revision { .. } => Range::tail(now),
    }
}

/// The last lines of a task that has stopped.
pub fn end_of(store: &Store, task: &TaskArn) -> Option<Range> {
    let task = store.task(task)?;
    Some(Range::stopped(task.created_at, task.stopped_at?))
}

/// When what a source is about began, as far as it is known: a release, or the oldest of its tasks.
pub fn beginning(store: &Store, source: &LogSource) -> Option<Timestamp> {
    if let LogSource::Release { .. } = source {
        return release_of_source(store, source)?.started_at;
    }
    let tasks = tasks_of(store, source);
    tasks.into_values().filter_map(|task| task.created_at).min()
}

/// Seconds as they are written after `:since`.
fn seconds_in_words(seconds: i64) -> String {
    let units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];
    let mut rest = seconds.max(0);
    let mut words = String::new();
    for (unit, size) in units {
        if rest >= size {
            // Writing into a text cannot fail.
            let _ = write!(words, "{}{unit}", rest / size);
            rest %= size;
        }
    }
    if words.is_empty() { "0s".into() } else { words }
}

fn earlier(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_sub(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .max(Timestamp::UNIX_EPOCH)
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds))
        .unwrap_or(at)
}
