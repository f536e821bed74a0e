//! The lines that a container may write, and how their gaps are filled.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;

/// The most events that one entry is cut into; what comes after stays in the last one.
pub(super) const MOST_PARTS: usize = 64;

/// The longest filling of `{pad:…}`, in characters: as long as an event may be.
const LONGEST_PAD: usize = 1_048_576;

/// One kind of entry that a container writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineTemplate {
    /// How often the entry comes, compared with the others of its writer; 0 means never.
    pub weight: u32,
    /// The text. `{id}` becomes eight hexadecimal digits, `{uuid}` a UUID, `{n}` a number up to
    /// 9,999, `{ms}` a latency in milliseconds (mostly short, seldom long), `{ip}` a private
    /// address, `{time}` the moment of the line in ISO 8601, `{clf}` the same as access logs
    /// write it, `{seq}` the number of the entry in its writer from 1 on, and `{pad:N}` a text of
    /// N letters.
    pub text: String,
    /// Whether a text of several lines is one event, as with a multi-line pattern of the log
    /// driver. Otherwise each line is an event of its own, as the driver sends it without one.
    pub together: bool,
}

impl LineTemplate {
    /// A template with its weight, whose lines are events of their own.
    pub fn new(weight: u32, text: impl Into<String>) -> Self {
        Self {
            weight,
            text: text.into(),
            together: false,
        }
    }

    /// How many events an entry makes.
    pub(super) fn parts(&self) -> usize {
        if self.together {
            1
        } else {
            self.text.splitn(MOST_PARTS, '\n').count()
        }
    }

    /// The text of one event of the entry with this number.
    pub(super) fn part(&self, part: usize, number: u64, at: SimTime, rng: &mut Rng) -> String {
        let filled = fill(&self.text, number, at, rng);
        if self.parts() == 1 {
            return filled;
        }
        let line = filled.splitn(MOST_PARTS, '\n').nth(part);
        line.unwrap_or_default().to_owned()
    }
}

fn fill(text: &str, number: u64, at: SimTime, rng: &mut Rng) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let placeholder = after.split_once('}');
        let value =
            placeholder.and_then(|(name, tail)| Some((value(name, number, at, rng)?, tail)));
        if let Some((value, tail)) = value {
            filled.push_str(&value);
            rest = tail;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled + rest
}

fn value(name: &str, number: u64, at: SimTime, rng: &mut Rng) -> Option<String> {
    if let Some(length) = name.strip_prefix("pad:") {
        return Some(pad(length.parse().ok()?));
    }
    Some(match name {
        "id" => rng.hex(8),
        "uuid" => rng.uuid(),
        "n" => rng.range(1, 10_000).to_string(),
        "ms" if rng.range(0, 20) == 0 => rng.range(200, 1200).to_string(),
        "ms" => rng.range(1, 90).to_string(),
        "ip" => format!("10.0.{}.{}", rng.range(0, 64), rng.range(1, 255)),
        "time" => Timestamp::from_millisecond(at.0).ok()?.to_string(),
        "clf" => access_log_time(at)?,
        "seq" => (number + 1).to_string(),
        _ => return None,
    })
}

/// Such as `21/Nov/2026:10:00:00 +0000`.
fn access_log_time(at: SimTime) -> Option<String> {
    let time = Timestamp::from_millisecond(at.0).ok()?;
    let time = time.to_zoned(TimeZone::UTC);
    Some(time.strftime("%d/%b/%Y:%H:%M:%S %z").to_string())
}

fn pad(length: usize) -> String {
    let letters = ('a'..='z').cycle();
    letters.take(length.min(LONGEST_PAD)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: SimTime = SimTime(1_700_000_000_000);

    fn filled(text: &str) -> String {
        fill(text, 41, AT, &mut Rng::new(1))
    }

    #[test]
    fn gaps_are_filled_and_other_braces_stay() {
        assert_eq!(filled("{seq} {json: 1} {pad:3}"), "42 {json: 1} abc");
        assert_eq!(filled("{clf}"), "14/Nov/2023:22:13:20 +0000");
        assert_eq!(filled("{time}"), "2023-11-14T22:13:20Z");
        let json = filled(r#"{"level":"info","n":{n},"id":"{id}"}"#);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert!(value["n"].is_u64(), "{json}");
        assert_eq!(value["id"].as_str().map(str::len), Some(8));
    }

    #[test]
    fn a_pad_is_never_longer_than_an_event() {
        assert_eq!(filled("{pad:99999999}").len(), LONGEST_PAD);
        assert_eq!(filled("{pad:x}"), "{pad:x}");
    }

    #[test]
    fn an_entry_of_several_lines_is_several_events() {
        let mut template = LineTemplate::new(1, "ERROR {id}\n  at a\n  at {id}");
        assert_eq!(template.parts(), 3);
        let part = |template: &LineTemplate, part| template.part(part, 0, AT, &mut Rng::new(7));
        let whole: Vec<String> = (0..3).map(|number| part(&template, number)).collect();
        assert_eq!(whole.get(1).map(String::as_str), Some("  at a"));
        template.together = true;
        assert_eq!(template.parts(), 1);
        assert_eq!(part(&template, 0), whole.join("\n"));
    }

    #[test]
    fn the_last_event_takes_what_is_too_much() {
        let text = vec!["x"; MOST_PARTS + 5].join("\n");
        let template = LineTemplate::new(1, text);
        assert_eq!(template.parts(), MOST_PARTS);
        let last = template.part(MOST_PARTS - 1, 0, AT, &mut Rng::new(1));
        assert_eq!(last.lines().count(), 6);
    }
}
