//! Log lines as text for elsewhere: for the clipboard, for a file.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::buffer::{Entry, LineRef};
use super::{Origins, Side};
use crate::domain::text::{printable, printable_lines};

/// Characters of a task's id: enough to find it by.
const TASK: usize = 8;

/// How lines are written.
///
/// A line is its time to the millisecond with the distance from UTC, the side of the release where
/// it is known, the beginning of the task's id, the container, and the whole message. What belongs
/// to the line above it, such as a stack trace, stands below that one as it came, and a remark
/// follows two dashes.
#[derive(Clone, Debug, PartialEq)]
pub struct Plain {
    /// The zone of the times.
    pub zone: TimeZone,
    /// What the streams belong to.
    pub origins: Origins,
}

impl Plain {
    /// Writes an entry with a line break behind it. Nothing of it is a control character but for
    /// line breaks.
    pub fn write(&self, entry: &Entry<'_>, out: &mut String) {
        match entry {
            Entry::Line(line) if line.continues => write_message(entry, out),
            _ => self.write_alone(entry, out),
        }
    }

    /// The same for one whose line above is not written before it: its time stands in front of it
    /// even where it belongs to that one.
    pub fn write_alone(&self, entry: &Entry<'_>, out: &mut String) {
        match entry {
            Entry::Line(line) => self.write_lead(line, out),
            Entry::Mark(mark) => {
                out.push_str(&self.time(mark.at));
                out.push_str(" -- ");
            }
        }
        write_message(entry, out);
    }

    fn write_lead(&self, line: &LineRef<'_>, out: &mut String) {
        let side = self
            .origins
            .get(line.stream)
            .and_then(|origin| origin.side)
            .map_or("", Side::label);
        let task: String = line.stream.task().chars().take(TASK).collect();
        out.push_str(&self.time(line.at));
        out.push(' ');
        for word in [side, &task, line.stream.container()] {
            if !word.is_empty() {
                out.push_str(&printable(word));
                out.push(' ');
            }
        }
    }

    /// A time as it is written in front of a line.
    pub fn time(&self, at: Timestamp) -> String {
        let at = at.to_zoned(self.zone.clone());
        at.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }
}

/// Writes only what an entry says, with a line break behind it. Nothing of it is a control character
/// but for line breaks.
pub fn write_message(entry: &Entry<'_>, out: &mut String) {
    let (message, cut) = match entry {
        Entry::Line(line) => (line.message, line.cut),
        Entry::Mark(mark) => (mark.text, None),
    };
    // Lines were stripped when they came in. Here they leave for places that cutover does not draw,
    // so nothing depends on that.
    out.push_str(printable_lines(message).trim_end_matches('\n'));
    if let Some(whole) = cut {
        // Writing into a text cannot fail.
        let _ = write!(out, " [cut: {} of {whole} bytes]", message.len());
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{at, stream};
    use crate::domain::logs::buffer::{Buffer, Limits, Mark};
    use crate::domain::logs::{Delivery, LogLine};
    use proptest::prelude::*;

    fn line(second: i64, message: &str) -> LogLine {
        LogLine {
            event: None,
            delivery: Delivery::default(),
            at: at(second),
            ingested_at: None,
            stream: stream("app", "4f1ce2d37a7a4c0e"),
            message: message.into(),
        }
    }

    fn written(lines: Vec<LogLine>, zone: TimeZone) -> String {
        let mut buffer = Buffer::new(Limits::default());
        buffer.take(lines);
        buffer.mark(Mark {
            at: at(9_000),
            text: "release b ended".into(),
        });
        let origins = Origins::default();
        let plain = Plain { zone, origins };
        let mut out = String::new();
        for entry in buffer.from_rank(0) {
            plain.write(&entry, &mut out);
        }
        out
    }

    #[test]
    fn a_line_tells_when_and_who() {
        let lines = vec![
            line(60, "ERROR no database"),
            line(60, "java.lang.IllegalStateException: no database"),
            line(60, "  at shop.Main.main(Main.java:12)"),
            line(61, "two\nlines\n"),
        ];
        let zone = TimeZone::fixed(jiff::tz::offset(9));
        insta::assert_snapshot!(written(lines, zone));
    }

    #[test]
    fn what_was_cut_says_so() {
        let long = "x".repeat(100_000);
        let out = written(vec![line(60, &long)], TimeZone::UTC);
        let (first, _) = out.split_once('\n').unwrap();
        assert!(first.ends_with("x [cut: 65536 of 100000 bytes]"));
    }

    proptest! {
        #[test]
        fn nothing_hostile_leaves(message in "\\PC*[\u{1b}\u{9b}\u{7}\u{202e}\r]\\PC*") {
            let out = written(vec![line(60, &message)], TimeZone::UTC);
            let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            prop_assert!(!out.contains(bad), "{out:?}");
        }
    }
}
