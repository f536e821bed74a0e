//! What a million log lines cost: to take in, to hold, to filter, to look through, to find a page
//! of.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cutover::domain::logs::buffer::{Buffer, Limits, Sought};
use cutover::domain::logs::fields::FieldPath;
use cutover::domain::logs::histogram::Buckets;
use cutover::domain::logs::level::Level;
use cutover::domain::logs::rules::{Bound, Comparison, Filters, Rule, RuleKind, Test};
use cutover::domain::logs::search::Search;
use cutover::domain::logs::{LogLine, StreamName};
use support::figures::Sample;
use support::lines::{LINES, UPDATE, line, streams, task};
use support::report::Report;

/// Lines of a page of `FilterLogEvents`.
const PAGE: usize = 10_000;
/// Lines that are looked at between two frames.
const SLICE: usize = 8_192;
/// Rows of a page on screen.
const ROWS: usize = 50;
/// Times that all lines are filtered.
const REPEATED: usize = 9;
/// Times that each short thing is measured.
const TIMES: usize = 2_000;

fn main() -> ExitCode {
    if !support::is_wanted() {
        return ExitCode::SUCCESS;
    }
    let streams = streams();
    let mut report = Report::new("a million log lines of 150 bytes from 20 streams");
    let mut buffer = memory(&mut report, &streams);
    filtering(&mut report, &mut buffer);
    reading(&mut report, &mut buffer);
    drop(buffer);
    taking(&mut report, &streams);
    report.finish()
}

/// Gives a million lines to a buffer, and tells how many it took in a second.
fn fill(buffer: &mut Buffer, streams: &[Arc<StreamName>], each: usize, with_id: bool) -> f64 {
    let mut spent = Duration::ZERO;
    for begin in (0..LINES).step_by(each) {
        let lines = (begin..begin + each).map(|number| line(number, streams, with_id));
        let lines: Vec<LogLine> = lines.collect();
        let began = Instant::now();
        black_box(buffer.take(lines));
        spent += began.elapsed();
    }
    f64::from(u32::try_from(LINES).unwrap()) / spent.as_secs_f64()
}

/// What the process has in memory, in MB; `None` where the system does not tell it so.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1_024.0 / 1e6)
}

/// All of the process's memory is counted: texts, bookkeeping, and what the allocator holds back.
fn memory(report: &mut Report, streams: &[Arc<StreamName>]) -> Buffer {
    let mut buffer = Buffer::new(Limits::default());
    fill(&mut buffer, streams, UPDATE, false);
    assert_eq!((buffer.len(), buffer.dropped()), (LINES, 0));
    if let Some(megabytes) = resident() {
        report.below("memory of the process", megabytes, "MB", 300.0);
    }
    let counted = f64::from(u32::try_from(buffer.bytes()).unwrap()) / 1e6;
    report.figure("memory by the buffer's own count", counted, "MB");
    buffer
}

fn text(kind: RuleKind, search: Search) -> Rule {
    Rule {
        kind,
        test: Test::Text(search),
        enabled: true,
    }
}

fn filters(rules: Vec<Rule>) -> Filters {
    Filters {
        rules,
        ..Filters::default()
    }
}

fn include(test: Test) -> Filters {
    filters(vec![Rule {
        kind: RuleKind::Include,
        test,
        enabled: true,
    }])
}

fn regex(text: &str) -> Test {
    Test::Text(Search::regex(text).unwrap())
}

/// What each filter takes for all lines, and what the longest of its slices takes.
fn filtering(report: &mut Report, buffer: &mut Buffer) {
    let status = Test::Field {
        path: FieldPath::new("status").unwrap(),
        comparison: Comparison::AtLeast(Bound::new(500.0).unwrap()),
    };
    let cases = [
        (
            "regex \"timeout|refused\"",
            regex("timeout|refused"),
            Some(200.0),
        ),
        (r"regex \d{3} ms", regex(r"\d{3} ms"), Some(200.0)),
        (
            r"regex cart/\d*7 in [89]\d ms",
            regex(r"cart/\d*7 in [89]\d ms"),
            Some(200.0),
        ),
        (
            r"regex [a-z]+::[a-z]+ \w+",
            regex(r"[a-z]+::[a-z]+ \w+"),
            Some(200.0),
        ),
        (
            "a plain text",
            Test::Text(Search::plain("Refused").unwrap()),
            None,
        ),
        ("fuzzy", Test::Fuzzy("crtsrvd".into()), None),
        ("a level", Test::Level(Level::Warn), None),
        ("a field", status, None),
        ("a task", Test::Task(task(3)), None),
    ];
    for (what, test, target) in cases {
        let mut slices = Sample::default();
        let mut whole = Sample::default();
        for _ in 0..REPEATED {
            buffer.set_filters(Filters::default());
            let began = Instant::now();
            buffer.set_filters(include(test.clone()));
            let mut done = false;
            while !done {
                let began = Instant::now();
                done = buffer.sift(SLICE);
                slices.add(began.elapsed());
            }
            whole.add(began.elapsed());
        }
        let what = format!("filter all lines, {what}");
        let (label, median) = (format!("{what}, p50 of {REPEATED}"), whole.percentile(50));
        match target {
            Some(target) => report.below(&label, median, "ms", target),
            None => report.figure(&label, median, "ms"),
        }
        let label = format!("  a slice of it between two frames: {what}");
        report.sample(&label, &slices, Some(8.0));
    }
}

/// What the screen asks for while one reads what a filter lets pass.
fn reading(report: &mut Report, buffer: &mut Buffer) {
    buffer.set_filters(include(regex("served")));
    while !buffer.sift(usize::MAX) {}
    let passing = buffer.passing();
    let place = |number: usize| number * 7_919 % passing;
    let rows = |number| {
        buffer.from_rank(place(number)).take(ROWS).for_each(|row| {
            black_box(row);
        });
    };
    report.sample("a page of 50 rows anywhere", &sample(rows), Some(1.0));
    let rank = |number| {
        let entry = buffer.at_place(place(number)).unwrap();
        black_box(buffer.rank_of(entry.id()));
    };
    report.sample("the rank of a line", &sample(rank), Some(1.0));
    let buckets = Buckets::until(buffer.last().unwrap().at(), 1, 180);
    let bars = |_| {
        black_box(buffer.histogram(&buckets, |stream| Some(stream.task().to_owned())));
    };
    report.sample("a histogram of each task", &sample(bars), Some(1.0));
    let copies = |_| {
        black_box(buffer.snapshot());
    };
    report.sample(
        "all lines as they are, for a file",
        &sample(copies),
        Some(8.0),
    );

    let absent = Search::plain("nowhere to be found").unwrap();
    let mut steps = Sample::default();
    let mut from = buffer.last().unwrap().id();
    loop {
        let began = Instant::now();
        let sought = buffer.previous_match(from, &absent, SLICE);
        steps.add(began.elapsed());
        match sought {
            Sought::GoOn(reached) => from = reached,
            _ => break,
        }
    }
    report.sample("a slice of a search for what is nowhere", &steps, Some(8.0));
}

fn sample(mut what: impl FnMut(usize)) -> Sample {
    let mut sample = Sample::default();
    for number in 0..TIMES {
        let began = Instant::now();
        what(number);
        sample.add(began.elapsed());
    }
    sample
}

/// How many lines come in within a second.
fn taking(report: &mut Report, streams: &[Arc<StreamName>]) {
    let exclude = Search::regex("healthz|took_ms\":9[0-9]").unwrap();
    let two = filters(vec![
        text(RuleKind::Include, Search::plain("cart").unwrap()),
        text(RuleKind::Exclude, exclude),
    ]);
    let cases = [
        ("live, without filters", UPDATE, false, Filters::default()),
        ("live, with two filters on", UPDATE, false, two.clone()),
        ("pages with ids, with two filters on", PAGE, true, two),
    ];
    for (what, each, with_id, filters) in cases {
        let mut buffer = Buffer::new(Limits::default());
        buffer.set_filters(filters);
        let rate = fill(&mut buffer, streams, each, with_id) / 1_000.0;
        let what = format!("thousand lines taken in a second, {what}");
        report.above(&what, rate, "k/s", 300.0);
    }
}
