//! How long it takes from the moment at which the service sends log lines until the last of them is
//! on screen, at 1,000 lines a second.
//!
//! The clock of the simulated AWS stands still, and each step of it makes the service send an update.
//! The time begins before the request for the step, so that it has the making of the update in it.
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

use support::figures::Sample;
use support::report::Report;
use support::simulator::Simulator;
use support::terminal::Terminal;
use vt100::Screen;

/// Lines in a real second.
const RATE: u64 = 1_000;
/// Real seconds that are measured for each size of update.
const SECONDS: u64 = 60;
/// Updates before the measurement: in their time what was written before is read too.
const BEFORE: u64 = 30;
/// Milliseconds from the send to the frame, at the 99th percentile.
const TARGET: f64 = 50.0;
const GROUP: &str = "/bench/web";

/// A service whose tasks write nothing by themselves.
const SCENARIO: &str = r#"
account = "123456789012"
region = "eu-west-1"

[[cluster]]
name = "shop"

[[image]]
name = "acme/web:1.0.0"

[image.log]
rate = 0.0001

[[image.log.line]]
text = "nothing to do"

[[service]]
cluster = "shop"
name = "web"
image = "acme/web:1.0.0"
desired = 4
since = "-2h"
logs = { group = "/bench/web" }
"#;

fn main() -> ExitCode {
    if !support::is_wanted() {
        return ExitCode::SUCCESS;
    }
    let simulator = Simulator::standing_still(SCENARIO);
    let mut flow = Flow {
        streams: simulator.log_streams(GROUP),
        simulator,
        written: 0,
    };
    let mut terminal = Terminal::start(&["demo", "--at", &flow.simulator.endpoint()], &[]);
    terminal.until("the first frame", shows("help"));
    terminal.type_keys(":services\r");
    terminal.until("the service", shows("web"));
    terminal.type_keys("l");
    terminal.until("a session", shows(" live "));
    let mut report = Report::new(format!(
        "from the send of log lines to their frame, {RATE} lines a second from {} streams, 200x50",
        flow.streams.len()
    ));
    for each in [500, 50] {
        let sample = flow.measure(&mut terminal, each);
        report.sample(&format!("{each} lines at once"), &sample, Some(TARGET));
        report.figure("the slowest", sample.longest(), "ms");
    }
    report.finish()
}

fn shows(text: &str) -> impl Fn(&Screen) -> bool {
    move |screen| screen.contents().contains(text)
}

/// Lines that are written and sent.
struct Flow {
    simulator: Simulator,
    streams: Vec<String>,
    /// How many were written to each stream.
    written: u64,
}

impl Flow {
    /// Sends updates of so many lines at the rate, and measures each until its last lines are there.
    fn measure(&mut self, terminal: &mut Terminal, each: u64) -> Sample {
        let pause = Duration::from_millis(1_000 * each / RATE);
        let updates = BEFORE + SECONDS * RATE / each;
        let mut sample = Sample::default();
        let mut next = Instant::now();
        for number in 0..updates {
            next = (next + pause).max(Instant::now());
            self.write(each);
            terminal.take_in(next);
            let began = Instant::now();
            self.simulator.advance(1);
            let last: Vec<String> = self.last();
            let shown = terminal.until(&format!("{last:?}"), |screen| {
                let text = screen.contents();
                last.iter().all(|line| text.contains(line))
            });
            if number >= BEFORE {
                sample.add(shown - began);
            }
        }
        sample
    }

    /// Writes the lines of the next update, as many to each stream.
    fn write(&mut self, each: u64) {
        let count = each / self.streams.len() as u64;
        for place in 0..self.streams.len() {
            let text = format!("GET /cart/{{seq}} 200 in 12 ms, {}", name(place));
            let stream = &self.streams[place];
            let text = format!("{text} answered {{seq}};{}", "x".repeat(80));
            self.simulator
                .write_logs(GROUP, stream, &text, (self.written, count));
        }
        self.written += count;
    }

    /// What the last lines of all streams have in them.
    fn last(&self) -> Vec<String> {
        let last = self.written - 1;
        let line = |place| format!("{} answered {last};", name(place));
        (0..self.streams.len()).map(line).collect()
    }
}

fn name(place: usize) -> String {
    format!("server {place}")
}
