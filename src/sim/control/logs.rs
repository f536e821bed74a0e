//! `POST /_sim/logs`: chosen lines in a chosen stream.

use serde::Deserialize;

use crate::sim::clock::SimTime;
use crate::sim::world::World;

/// The most lines that one request may append; a stream keeps no more than that.
const MOST_LINES: u64 = 100_000;

/// Lines for a stream. The group and the stream are made if they are missing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppendLines {
    /// The account; the default one if it is absent.
    account: Option<String>,
    /// The region; the one of the scenario if it is absent.
    region: Option<String>,
    group: String,
    stream: String,
    /// Lines one by one.
    #[serde(default)]
    lines: Vec<Line>,
    /// Numbered lines, of which one can say later that none is missing.
    numbered: Option<Numbered>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    message: String,
    /// Seconds from now to its timestamp, which may be negative.
    #[serde(default)]
    at: f64,
    /// Seconds from its timestamp, or from now if that is later, until it can be read.
    #[serde(default)]
    delay: f64,
}

/// Lines that differ by their number.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbered {
    /// The text, in which `{seq}` is the number.
    text: String,
    count: u64,
    /// The number of the first line.
    #[serde(default = "one")]
    first: u64,
    /// Seconds over which their timestamps are spread, from now on.
    #[serde(default)]
    over: f64,
    /// Seconds from the timestamp of each until it can be read.
    #[serde(default)]
    delay: f64,
}

fn one() -> u64 {
    1
}

impl AppendLines {
    /// Why they can't be appended, if they can't.
    pub fn problem(&self) -> Option<String> {
        let numbered = self.numbered.as_ref().map_or(0, |one| one.count);
        let count = numbered.saturating_add(self.lines.len() as u64);
        if count > MOST_LINES {
            return Some(format!("at most {MOST_LINES} lines at once, not {count}"));
        }
        let delays = self.lines.iter().map(|line| line.delay);
        let mut delays = delays.chain(self.numbered.iter().flat_map(|one| [one.delay, one.over]));
        let bad = delays.find(|seconds| !(0.0..=86_400.0).contains(seconds))?;
        Some(format!("delay and over must be from 0 to 86400, not {bad}"))
    }

    /// Appends them at the moment of the world, and says how many they were.
    pub fn append(self, world: &mut World) -> u64 {
        let account = self
            .account
            .unwrap_or_else(|| world.accounts.default_id().to_owned());
        let region = self.region.unwrap_or_else(|| {
            let first = world.first_region();
            first.unwrap_or("us-east-1").to_owned()
        });
        let now = world.now();
        let logs = &mut world.region_mut(&account, &region).logs;
        let mut count = 0;
        let mut put = |at: SimTime, delay: f64, message: String| {
            let ingested = at.max(now).plus_seconds(delay);
            logs.append_late(&self.group, &self.stream, (at, ingested), message);
            count += 1;
        };
        for line in self.lines {
            put(now.plus_seconds(line.at), line.delay, line.message);
        }
        if let Some(numbered) = self.numbered {
            for place in 0..numbered.count {
                let number = numbered.first.saturating_add(place).to_string();
                let part = portion(place, numbered.count);
                let at = now.plus_seconds(numbered.over * part);
                put(at, numbered.delay, numbered.text.replace("{seq}", &number));
            }
        }
        count
    }
}

/// `place` of `count` as a number from 0 up to 1.
#[expect(clippy::cast_precision_loss, reason = "both are small")]
fn portion(place: u64, count: u64) -> f64 {
    place as f64 / count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: SimTime = SimTime(1_795_000_000_000);

    fn lines(text: &str) -> AppendLines {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn lines_come_at_their_time_and_are_seen_later() {
        let mut world = World::new(1, START);
        let count = lines(
            r#"{"group": "/a", "stream": "s", "lines": [{"message": "x"}, {"message": "y", "at": -5, "delay": 3}],
                "numbered": {"text": "n {seq}", "count": 4, "first": 10, "over": 2}}"#,
        )
        .append(&mut world);
        assert_eq!(count, 6);
        let logs = &world.region_mut("123456789012", "us-east-1").logs;
        let stream = logs.group("/a").unwrap().stream("s").unwrap();
        let seen = |now: SimTime| -> Vec<String> {
            let first = stream.first(now);
            std::iter::successors(first, |key| stream.key_after(*key, now))
                .map(|key| stream.event(key, now).unwrap().message)
                .collect()
        };
        assert_eq!(seen(START), ["x", "n 10"]);
        assert_eq!(seen(START.plus_seconds(1.0)), ["x", "n 10", "n 11", "n 12"]);
        assert_eq!(
            seen(START.plus_seconds(3.0)),
            ["y", "x", "n 10", "n 11", "n 12", "n 13"]
        );
    }

    #[test]
    fn what_is_out_of_bounds_is_named() {
        let all = r#"{"group": "/a", "stream": "s", "numbered": {"text": "n", "count": 100001}}"#;
        assert!(lines(all).problem().unwrap().contains("100001"));
        let late = r#"{"group": "/a", "stream": "s", "lines": [{"message": "x", "delay": -1}]}"#;
        assert!(lines(late).problem().unwrap().contains("-1"));
        let good = r#"{"group": "/a", "stream": "s", "lines": [{"message": "x", "at": -1}]}"#;
        assert_eq!(lines(good).problem(), None);
    }
}
