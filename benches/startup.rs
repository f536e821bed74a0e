//! How long it takes from the start of the program to its first frame, before AWS has answered
//! anything, and to the releases board of the demo.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use std::process::ExitCode;

use support::figures::Sample;
use support::report::Report;
use support::simulator::Simulator;
use support::terminal::Terminal;

/// Starts of each kind that are measured, after one that warms the file cache.
const STARTS: usize = 20;

fn main() -> ExitCode {
    if !support::is_wanted() {
        return ExitCode::SUCCESS;
    }
    let mut report = Report::new("start of the program, 200x50");
    let aws = first_frames_on_aws();
    report.sample("first frame, AWS never answers", &aws, Some(100.0));
    let (first, board) = starts_of_the_demo(&["demo"], "checkout");
    report.sample("first frame of the demo", &first, Some(100.0));
    report.sample("releases board of the demo", &board, None);
    let fleet = [
        "demo",
        "--scenario",
        "fleet",
        "--services",
        "2000",
        "--clusters",
        "40",
    ];
    let (first, board) = starts_of_the_demo(&fleet, "in progress");
    report.sample("first frame, fleet of 2,000", &first, Some(100.0));
    report.sample("a release of the fleet on the board", &board, None);
    report.finish()
}

fn first_frames_on_aws() -> Sample {
    let simulator = Simulator::fleet();
    simulator.fault(r#""kind": "hang""#);
    let endpoint = simulator.endpoint();
    let environment = [
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_REGION", simulator.region()),
        ("AWS_ACCESS_KEY_ID", "AKIABENCH"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    let mut frames = Sample::default();
    for start in 0..=STARTS {
        let mut terminal = Terminal::start(&[], &environment);
        let shown = first_frame(&mut terminal);
        if start > 0 {
            frames.add(shown - terminal.started());
        }
    }
    frames
}

/// The times to the first frame and to a text of the board.
fn starts_of_the_demo(arguments: &[&str], text: &str) -> (Sample, Sample) {
    let (mut frames, mut boards) = (Sample::default(), Sample::default());
    for start in 0..=STARTS {
        let mut terminal = Terminal::start(arguments, &[]);
        let shown = first_frame(&mut terminal);
        let board = terminal.until("the releases board", |screen| {
            screen.contents().contains(text)
        });
        if start > 0 {
            frames.add(shown - terminal.started());
            boards.add(board - terminal.started());
        }
    }
    (frames, boards)
}

/// Waits for the last line of the first frame, the keys: then the whole frame is there.
fn first_frame(terminal: &mut Terminal) -> std::time::Instant {
    terminal.until("the first frame", |screen| {
        screen.alternate_screen() && screen.contents().contains("help")
    })
}
