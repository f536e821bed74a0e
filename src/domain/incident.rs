//! The note of an incident: a release, what happened to it, and what its containers said.

use std::fmt::Write as _;

use super::logs::histogram::Count;
use super::text::printable;

/// Characters that mean something to Markdown, or to the HTML in it.
const SPECIAL: &[char] = &[
    '\\', '`', '*', '_', '{', '}', '[', ']', '<', '>', '|', '#', '~', '&',
];

/// What is known of a release, in words. Nothing needs to be free of Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Incident {
    /// What the note is about.
    pub title: String,
    /// When it was written and by whom, as a sentence.
    pub written: String,
    /// What the release is: names with their values.
    pub facts: Vec<(&'static str, String)>,
    /// What happened to it, the earliest first: times with words.
    pub timeline: Vec<(String, String)>,
}

/// What containers said.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The sides of the release that have lines, or one name for all of them.
    pub sides: Vec<String>,
    /// Minutes that have lines, with what was counted on each side.
    pub minutes: Vec<(String, Vec<Count>)>,
    /// The first errors of each side, as text of several lines; empty where there is none.
    pub first_errors: Vec<String>,
    /// Lines that the person marked, as text of several lines.
    pub marked: String,
    /// Which lines the last part holds, as a sentence.
    pub told: String,
    /// The lines, as text of several lines.
    pub lines: String,
}

/// The note as Markdown.
pub fn markdown(incident: &Incident, evidence: &Evidence) -> String {
    let mut text = format!(
        "# {}\n\n{}\n",
        escaped(&incident.title),
        escaped(&incident.written)
    );
    write_facts(&incident.facts, &mut text);
    write_timeline(&incident.timeline, &mut text);
    write_minutes(evidence, &mut text);
    write_errors(evidence, &mut text);
    if !evidence.marked.is_empty() {
        text.push_str("\n## Marked lines\n");
        write_lines(&evidence.marked, &mut text);
    }
    // Writing into a text cannot fail.
    let _ = write!(text, "\n## Log lines\n\n{}\n", escaped(&evidence.told));
    if !evidence.lines.is_empty() {
        write_lines(&evidence.lines, &mut text);
    }
    text
}

fn write_facts(facts: &[(&'static str, String)], text: &mut String) {
    text.push_str("\n| what | is |\n| --- | --- |\n");
    for (name, value) in facts {
        let _ = writeln!(text, "| {name} | {} |", escaped(value));
    }
}

fn write_timeline(timeline: &[(String, String)], text: &mut String) {
    text.push_str("\n## Timeline\n\n");
    if timeline.is_empty() {
        text.push_str("Nothing is known to have happened.\n");
        return;
    }
    text.push_str("| time | what happened |\n| --- | --- |\n");
    for (time, words) in timeline {
        let _ = writeln!(text, "| {time} | {} |", escaped(words));
    }
}

fn write_minutes(evidence: &Evidence, text: &mut String) {
    text.push_str("\n## Errors per minute\n\n");
    if evidence.minutes.is_empty() {
        text.push_str("There is no line.\n");
        return;
    }
    text.push_str("| minute |");
    for side in &evidence.sides {
        let side = escaped(side);
        let _ = write!(text, " {side}: errors | {side}: lines |");
    }
    text.push_str("\n| --- |");
    text.push_str(&" ---: | ---: |".repeat(evidence.sides.len()));
    text.push('\n');
    for (minute, counts) in &evidence.minutes {
        let _ = write!(text, "| {minute} |");
        for count in counts {
            let _ = write!(text, " {} | {} |", count.errors, count.lines);
        }
        text.push('\n');
    }
}

fn write_errors(evidence: &Evidence, text: &mut String) {
    text.push_str("\n## First errors\n");
    for (side, errors) in evidence.sides.iter().zip(&evidence.first_errors) {
        let _ = write!(text, "\n### {}\n", escaped(side));
        if errors.is_empty() {
            text.push_str("\nNo line reports an error.\n");
        } else {
            write_lines(errors, text);
        }
    }
}

/// Lines as they are, within a fence that none of them can close.
fn write_lines(lines: &str, text: &mut String) {
    let longest = lines
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = write!(
        text,
        "\n{fence}text\n{}\n{fence}\n",
        lines.trim_end_matches('\n')
    );
}

/// Text that shows as it is, on one line.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in printable(text).chars() {
        if SPECIAL.contains(&c) {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incident() -> Incident {
        Incident {
            title: "web, release 8hGqabcd".into(),
            written: "Written 2026-11-21T02:20:00+00:00 with cutover.".into(),
            facts: vec![
                ("service", "web".into()),
                (
                    "cause",
                    "app exits 1: \"a|b\" <script>\u{1b}[2J\nmore".into(),
                ),
            ],
            timeline: vec![("02:13:05".into(), "the release starts".into())],
        }
    }

    fn evidence() -> Evidence {
        let count = |lines, errors| Count { lines, errors };
        Evidence {
            sides: vec!["old web:41".into(), "new web:42".into()],
            minutes: vec![
                ("02:13".into(), vec![count(12, 0), count(0, 0)]),
                ("02:14".into(), vec![count(11, 0), count(4, 2)]),
            ],
            first_errors: vec![String::new(), "ERROR no database\n  at Main\n".into()],
            marked: "a line\n".into(),
            told: "All 2 lines that pass the filters.".into(),
            lines: "one\n```` is no fence\n".into(),
        }
    }

    #[test]
    fn a_note_tells_everything_in_its_place() {
        insta::assert_snapshot!(markdown(&incident(), &evidence()));
    }

    #[test]
    fn a_note_of_nothing_says_so() {
        insta::assert_snapshot!(markdown(&Incident::default(), &Evidence::default()));
    }
}
