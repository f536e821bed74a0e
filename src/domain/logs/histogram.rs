//! How many lines there were in each minute, and how many of them report an error.

use std::collections::{BTreeMap, VecDeque};
use std::ops::AddAssign;

use jiff::{SignedDuration, Timestamp};

use super::StreamName;

/// Minutes of a stream that are counted: a week of them. The oldest are forgotten first.
const MINUTES_KEPT: usize = 7 * 24 * 60;
/// Milliseconds in a minute.
const MINUTE: i64 = 60_000;

/// Lines, and those among them that report an error. A trace is one error.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct Count {
    /// All lines.
    pub lines: u64,
    /// Those of level error or graver, without the lines that belong to one above them.
    pub errors: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.errors += other.errors;
    }
}

/// The bars that a histogram is asked for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Buckets {
    /// Where the first one begins; the minute that it is in counts as a whole.
    pub from: Timestamp,
    /// Minutes in each, at least 1.
    pub minutes: u32,
    /// How many there are.
    pub count: usize,
}

impl Buckets {
    /// The bars of so many minutes each that end with the one in which `until` is.
    pub fn until(until: Timestamp, minutes: u32, count: usize) -> Self {
        let minutes = minutes.max(1);
        let width = i64::from(minutes);
        let last = minute_of(until).div_euclid(width) * width;
        let before = i64::try_from(count.saturating_sub(1)).unwrap_or(i64::MAX);
        let first = last.saturating_sub(width.saturating_mul(before));
        Self {
            from: start_of(first),
            minutes,
            count,
        }
    }

    /// When a bar begins.
    pub fn start(&self, bucket: usize) -> Timestamp {
        let behind = i64::try_from(bucket).unwrap_or(i64::MAX);
        let minutes = behind.saturating_mul(i64::from(self.minutes.max(1)));
        start_of(minute_of(self.from).saturating_add(minutes))
    }

    /// The bar that a minute is in.
    fn place(&self, minute: i64) -> Option<usize> {
        let behind = minute.checked_sub(minute_of(self.from))?;
        let bucket = usize::try_from(behind.div_euclid(i64::from(self.minutes.max(1)))).ok()?;
        (bucket < self.count).then_some(bucket)
    }
}

/// The minute since the epoch that a time is in.
fn minute_of(at: Timestamp) -> i64 {
    at.as_millisecond().div_euclid(MINUTE)
}

fn start_of(minute: i64) -> Timestamp {
    let since = SignedDuration::from_millis(minute.saturating_mul(MINUTE));
    Timestamp::from_duration(since).unwrap_or(if minute < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// What was counted of one stream. It is a record of what was seen: lines that were dropped to make
/// room stay counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Minutes {
    counts: VecDeque<(i64, Count)>,
    total: Count,
}

impl Minutes {
    /// Counts a line by the milliseconds of its time. A line of the newest minute is found at once,
    /// a late one by bisection.
    pub fn add(&mut self, millisecond: i64, error: bool) {
        let one = Count {
            lines: 1,
            errors: u64::from(error),
        };
        self.total += one;
        let minute = millisecond.div_euclid(MINUTE);
        let place = match self.counts.back() {
            Some((last, _)) if *last <= minute => self.counts.len() - usize::from(*last == minute),
            _ => self.counts.partition_point(|(known, _)| *known < minute),
        };
        match self.counts.get_mut(place) {
            Some((known, count)) if *known == minute => *count += one,
            _ => self.counts.insert(place, (minute, one)),
        }
        if self.counts.len() > MINUTES_KEPT {
            self.counts.pop_front();
        }
    }

    /// All that was ever counted.
    pub fn total(&self) -> Count {
        self.total
    }

    /// What it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        self.counts.capacity() * size_of::<(i64, Count)>()
    }

    fn add_to(&self, bars: &mut [Count], buckets: &Buckets) {
        let first = minute_of(buckets.from);
        let begin = self.counts.partition_point(|(minute, _)| *minute < first);
        for (minute, count) in self.counts.range(begin..) {
            let place = buckets.place(*minute);
            let Some(bar) = place.and_then(|place| bars.get_mut(place)) else {
                return;
            };
            *bar += *count;
        }
    }
}

/// Adds up streams by their group; those of no group are left out.
pub(super) fn histogram<'a, G: Ord>(
    streams: impl Iterator<Item = (&'a StreamName, &'a Minutes)>,
    buckets: &Buckets,
    group: impl Fn(&StreamName) -> Option<G>,
) -> BTreeMap<G, Vec<Count>> {
    let mut groups: BTreeMap<G, Vec<Count>> = BTreeMap::new();
    for (stream, minutes) in streams {
        if let Some(group) = group(stream) {
            let empty = || vec![Count::default(); buckets.count];
            minutes.add_to(groups.entry(group).or_insert_with(empty), buckets);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn bars_end_with_the_minute_of_now() {
        let buckets = Buckets::until(at("2026-11-21T02:41:30Z"), 5, 3);
        assert_eq!(buckets.from, at("2026-11-21T02:30:00Z"));
        assert_eq!(buckets.start(2), at("2026-11-21T02:40:00Z"));
        assert_eq!(
            buckets.place(minute_of(at("2026-11-21T02:44:59Z"))),
            Some(2)
        );
        assert_eq!(buckets.place(minute_of(at("2026-11-21T02:45:00Z"))), None);
        assert_eq!(buckets.place(minute_of(at("2026-11-21T02:29:59Z"))), None);
    }

    #[test]
    fn late_lines_count_in_their_own_minute() {
        let mut minutes = Minutes::default();
        for (minute, error) in [(5, false), (9, true), (5, true), (7, false), (9, false)] {
            minutes.add(minute * MINUTE + 59_999, error);
        }
        let buckets = Buckets {
            from: start_of(5),
            minutes: 1,
            count: 4,
        };
        let stream = StreamName {
            region: None,
            group: "web".into(),
            stream: "ecs/app/one".into(),
        };
        let bars = histogram([(&stream, &minutes)].into_iter(), &buckets, |name| {
            Some(name.container().to_owned())
        });
        let counts: Vec<(u64, u64)> = bars["app"].iter().map(|c| (c.lines, c.errors)).collect();
        assert_eq!(counts, [(2, 1), (0, 0), (1, 0), (0, 0)]);
        assert_eq!(
            minutes.total(),
            Count {
                lines: 5,
                errors: 2
            }
        );
    }

    #[test]
    fn a_week_is_kept() {
        let mut minutes = Minutes::default();
        let kept = i64::try_from(MINUTES_KEPT).unwrap();
        for minute in 0..kept + 10 {
            minutes.add(minute * MINUTE, false);
        }
        assert_eq!(minutes.counts.len(), MINUTES_KEPT);
        assert_eq!(minutes.counts.front().map(|(minute, _)| *minute), Some(10));
    }
}
