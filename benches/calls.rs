//! How much the cockpit asks of an account with 2,000 services in 40 clusters, with AWS's token
//! buckets in force: while it reads everything for the first time, at rest, and while releases are
//! in flight. Then what 500 pipelines cost. The program is the real one, and the minutes are real.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use support::report::Report;
use support::simulator::{Calls, PIPELINES, Simulator};
use support::terminal::Terminal;

/// Minutes at rest that are measured, where the environment names no other number.
const MINUTES: u64 = 3;
/// Names another number. A sweep over all services takes eight minutes.
const MINUTES_VARIABLE: &str = "CUTOVER_BENCH_MINUTES";
/// Calls in a minute that a cockpit at rest stays below.
const AT_REST: u32 = 60;
/// Releases that are started for the last figure.
const RELEASES: usize = 6;
/// An hour is more than any release of the fleet takes.
const UNTIL_REST: u32 = 3_600;
/// The cockpit is at rest when so many seconds pass with fewer calls than
const STILL: Duration = Duration::from_secs(20);
/// this, which is the target's pace.
const STILL_CALLS: u64 = 20;
/// Minutes at rest in which the calls for pipelines are counted.
const PIPELINE_MINUTES: u64 = 2;
/// How the names of CodePipeline's operations begin.
const CODEPIPELINE: &str = "codepipeline.";
/// The time between two looks at the counts of calls.
const LOOK: Duration = Duration::from_millis(200);
/// It may take so long until they do.
const PATIENCE: Duration = Duration::from_mins(10);

fn main() -> ExitCode {
    if !support::is_wanted() {
        return ExitCode::SUCCESS;
    }
    let mut report = Report::new("calls to AWS, 2,000 services in 40 clusters, token buckets on");
    let simulator = Simulator::fleet();
    let mut terminal = Terminal::start(&["demo", "--at", &simulator.endpoint()], &[]);
    first_reading(&mut report, &simulator, &mut terminal);
    simulator.advance(UNTIL_REST);
    until_still(&simulator, &mut terminal);
    at_rest(&mut report, &simulator, &mut terminal);
    in_flight(&mut report, &simulator, &mut terminal);
    let throttled = simulator.calls().throttled();
    report.calls("calls throttled in all", throttled, Some(1));
    drop((terminal, simulator));
    pipelines(&mut report);
    report.finish()
}

/// Hundreds of pipelines beside the releases board: what waits in them is looked for all the time.
fn pipelines(report: &mut Report) {
    let simulator = Simulator::pipelines();
    let mut terminal = Terminal::start(&["demo", "--at", &simulator.endpoint()], &[]);
    let deadline = Instant::now() + PATIENCE;
    while simulator.calls().of("codepipeline.GetPipelineState") < u64::from(PIPELINES) {
        assert!(Instant::now() < deadline, "not all pipelines were read");
        terminal.take_in(Instant::now() + LOOK);
    }
    let seconds = terminal.started().elapsed().as_secs_f64();
    let what = format!("until {PIPELINES} pipelines are read");
    report.figure(&what, seconds, "s");
    // What those that moved lately deploy is read next, once.
    minute(&simulator, &mut terminal);
    let began = simulator.calls();
    let mut worst = 0;
    for _ in 0..PIPELINE_MINUTES {
        let before = simulator.calls().of(CODEPIPELINE);
        minute(&simulator, &mut terminal);
        worst = worst.max(simulator.calls().of(CODEPIPELINE) - before);
    }
    let ended = simulator.calls();
    report.calls("for them, the busiest minute at rest", worst, Some(AT_REST));
    tell("pipelines at rest", &began, &ended);
    report.calls("calls throttled by then", ended.throttled(), Some(1));
}

fn first_reading(report: &mut Report, simulator: &Simulator, terminal: &mut Terminal) {
    let since = |at: Instant, terminal: &Terminal| (at - terminal.started()).as_secs_f64();
    terminal.until("the first frame", |screen| {
        screen.contents().contains("help")
    });
    terminal.type_keys(":services\r");
    let read = terminal.until("all services to be read", |screen| {
        let text = screen.contents();
        text.contains("2,000 services") && !text.contains("about 2,000")
    });
    report.figure("until all are read", since(read, terminal), "s");
    let calls = simulator.calls();
    report.calls("calls until then", calls.total(), None);
    report.calls("of them throttled", calls.throttled(), Some(1));
}

/// Waits until no question is asked for the first time any more: what is left is the pace of rest.
fn until_still(simulator: &Simulator, terminal: &mut Terminal) {
    let deadline = Instant::now() + PATIENCE;
    let mut before = simulator.calls();
    loop {
        terminal.take_in(Instant::now() + STILL);
        let now = simulator.calls();
        let asked = now.total() - before.total();
        if asked < STILL_CALLS {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "the cockpit came to no rest: {:?}",
            now.since(&before)
        );
        before = now;
    }
}

fn at_rest(report: &mut Report, simulator: &Simulator, terminal: &mut Terminal) {
    let minutes = std::env::var(MINUTES_VARIABLE)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(MINUTES);
    let began = simulator.calls();
    let mut worst = 0;
    for _ in 0..minutes {
        worst = worst.max(minute(simulator, terminal));
    }
    let ended = simulator.calls();
    let calls = ended.total() - began.total();
    let what = format!("at rest, each minute of {minutes}");
    report.calls(&what, calls.div_ceil(minutes), Some(AT_REST));
    report.calls("at rest, the busiest of them", worst, Some(AT_REST));
    tell("at rest", &began, &ended);
}

fn in_flight(report: &mut Report, simulator: &Simulator, terminal: &mut Terminal) {
    simulator.release(RELEASES);
    let began = simulator.calls();
    let calls = minute(simulator, terminal);
    let what = format!("the first minute of {RELEASES} releases in {RELEASES} clusters");
    report.calls(&what, calls, None);
    tell(&what, &began, &simulator.calls());
}

/// The calls of one minute.
fn minute(simulator: &Simulator, terminal: &mut Terminal) -> u64 {
    let before = simulator.calls().total();
    terminal.take_in(Instant::now() + Duration::from_mins(1));
    simulator.calls().total() - before
}

fn tell(what: &str, began: &Calls, ended: &Calls) {
    println!("{what}, by operation:");
    for (operation, calls) in ended.since(began) {
        println!("  {calls:>5}  {operation}");
    }
}
