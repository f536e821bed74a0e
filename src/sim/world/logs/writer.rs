//! A container that logs: its lines are computed only when somebody reads them.
//!
//! Time is cut into slots of the mean interval, and each slot holds one line at a place that the
//! seed decides. So any slot can be computed without the ones before it: a task that has run for
//! a week costs nothing until its log is opened, and then only what is shown.

use jiff::Timestamp;

use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;

/// One kind of line that a container writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineTemplate {
    /// How often the line comes, compared with the others of its writer; 0 means never.
    pub weight: u32,
    /// The text. `{id}` becomes eight hexadecimal digits, `{uuid}` a UUID, `{n}` a number up to
    /// 9,999, `{ms}` a latency in milliseconds (mostly short, seldom long), `{ip}` a private
    /// address, and `{time}` the moment of the line in ISO 8601.
    pub text: String,
}

impl LineTemplate {
    /// A template with its weight.
    pub fn new(weight: u32, text: impl Into<String>) -> Self {
        Self {
            weight,
            text: text.into(),
        }
    }
}

/// What a container writes while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriterSpec {
    /// Decides every line: the same seed writes the same log.
    pub seed: u64,
    /// When the first line may come.
    pub start: SimTime,
    /// Milliseconds from line to line on average; at least 1.
    pub mean_interval_ms: i64,
    /// The lines to choose from; without any the writer is silent.
    pub templates: Vec<LineTemplate>,
}

/// A writer in a stream, open or closed.
#[derive(Clone, Debug)]
pub struct Writer {
    spec: WriterSpec,
    closed_at: Option<SimTime>,
    total_weight: u64,
}

impl Writer {
    /// A writer that is open from the start of its specification.
    pub fn new(spec: WriterSpec) -> Self {
        let total_weight = spec
            .templates
            .iter()
            .map(|line| u64::from(line.weight))
            .sum();
        Self {
            spec,
            closed_at: None,
            total_weight,
        }
    }

    /// Ends the writer: no line comes at or after `at`. A writer closes only once.
    pub fn close(&mut self, at: SimTime) {
        self.closed_at.get_or_insert(at);
    }

    fn interval(&self) -> i64 {
        self.spec.mean_interval_ms.max(1)
    }

    fn slot_start(&self, slot: u64) -> i64 {
        let slot = i64::try_from(slot).unwrap_or(i64::MAX);
        self.spec
            .start
            .0
            .saturating_add(slot.saturating_mul(self.interval()))
    }

    /// The moment of the line in `slot`.
    pub fn line_time(&self, slot: u64) -> SimTime {
        let offset = Rng::at(self.spec.seed, slot).range(0, self.interval());
        SimTime(self.slot_start(slot).saturating_add(offset))
    }

    /// The text of the line in `slot`.
    pub fn line_text(&self, slot: u64) -> String {
        let mut rng = Rng::at(self.spec.seed ^ 0x006C_696E_6574_6578, slot);
        let total = i64::try_from(self.total_weight).unwrap_or(i64::MAX);
        let mut left = rng.range(0, total);
        for template in &self.spec.templates {
            left -= i64::from(template.weight);
            if left < 0 {
                return fill(&template.text, self.line_time(slot), &mut rng);
            }
        }
        String::new()
    }

    /// How many lines exist at `now`: the slots below this number, and no others.
    pub fn lines_at(&self, now: SimTime) -> u64 {
        if self.total_weight == 0 {
            return 0;
        }
        // A line exists from its own moment on, and only if that came before the closing.
        let last = self
            .closed_at
            .map_or(now, |closed| now.min(closed.plus_millis(-1)));
        let passed = last.millis_since(self.spec.start);
        let Ok(passed) = u64::try_from(passed) else {
            return 0;
        };
        let whole = passed / self.interval().unsigned_abs();
        whole + u64::from(self.line_time(whole) <= last)
    }

    /// The first slot whose line comes at or after `at`.
    pub fn first_slot_from(&self, at: SimTime) -> u64 {
        let Ok(passed) = u64::try_from(at.millis_since(self.spec.start)) else {
            return 0;
        };
        let slot = passed / self.interval().unsigned_abs();
        slot + u64::from(self.line_time(slot) < at)
    }

    /// Bytes of the log at `now`, estimated from the mean length of the templates.
    pub fn estimated_bytes(&self, now: SimTime) -> u64 {
        let weighted: u64 = self
            .spec
            .templates
            .iter()
            .map(|line| u64::from(line.weight) * line.text.len() as u64)
            .sum();
        self.lines_at(now) * (weighted / self.total_weight.max(1))
    }
}

fn fill(text: &str, at: SimTime, rng: &mut Rng) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let placeholder = after.split_once('}');
        let value = placeholder.and_then(|(name, tail)| Some((value(name, at, rng)?, tail)));
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

fn value(name: &str, at: SimTime, rng: &mut Rng) -> Option<String> {
    Some(match name {
        "id" => rng.hex(8),
        "uuid" => rng.uuid(),
        "n" => rng.range(1, 10_000).to_string(),
        "ms" if rng.range(0, 20) == 0 => rng.range(200, 1200).to_string(),
        "ms" => rng.range(1, 90).to_string(),
        "ip" => format!("10.0.{}.{}", rng.range(0, 64), rng.range(1, 255)),
        "time" => Timestamp::from_millisecond(at.0).ok()?.to_string(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: SimTime = SimTime(1_700_000_000_000);

    fn writer() -> Writer {
        Writer::new(WriterSpec {
            seed: 5,
            start: START,
            mean_interval_ms: 1000,
            templates: vec![
                LineTemplate::new(3, "GET /{n} {ms}ms {json: 1}"),
                LineTemplate::new(1, "ERROR {id}"),
            ],
        })
    }

    #[test]
    fn a_line_exists_from_its_moment_on() {
        let writer = writer();
        for slot in 0..200 {
            let at = writer.line_time(slot);
            assert_eq!(writer.lines_at(at), slot + 1);
            assert_eq!(writer.lines_at(at.plus_millis(-1)), slot);
            assert_eq!(writer.first_slot_from(at), slot);
            assert_eq!(writer.first_slot_from(at.plus_millis(1)), slot + 1);
        }
    }

    #[test]
    fn closing_ends_the_lines_for_good() {
        let mut writer = writer();
        writer.close(START.plus_seconds(10.0));
        writer.close(START.plus_seconds(20.0));
        let after = writer.lines_at(START.plus_seconds(1000.0));
        assert_eq!(after, 10);
        assert!(writer.line_time(9) < START.plus_seconds(10.0));
    }

    #[test]
    fn templates_are_filled_and_weighted() {
        let writer = writer();
        let lines: Vec<String> = (0..400).map(|slot| writer.line_text(slot)).collect();
        let errors = lines
            .iter()
            .filter(|line| line.starts_with("ERROR "))
            .count();
        assert!((60..140).contains(&errors), "{errors} of 400");
        assert!(
            lines
                .iter()
                .all(|line| !line.contains("{n}") && !line.contains("{id}"))
        );
        assert!(lines.iter().any(|line| line.ends_with("{json: 1}")));
    }

    #[test]
    fn a_writer_without_templates_is_silent() {
        let mut spec = writer().spec;
        spec.templates.clear();
        assert_eq!(Writer::new(spec).lines_at(START.plus_seconds(100.0)), 0);
    }
}
