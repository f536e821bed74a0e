//! How long it takes from a key to the frame that shows what it did, while every call to AWS takes
//! five seconds and 2,000 services are on screen.
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
use support::terminal::{Terminal, lines};
use vt100::Screen;

/// Rounds through all keys of [`ROUND`].
const ROUNDS: usize = 30;
/// The pauses between a frame and the next key, in milliseconds: primes, as quick as people type,
/// so that keys meet the ticks of the program everywhere.
const PAUSES: [u64; 7] = [23, 47, 31, 71, 53, 29, 61];

/// A key, and how to see what it did.
struct Step {
    key: &'static str,
    shows: Shows,
}

#[derive(Copy, Clone)]
enum Shows {
    /// The cursor is on another row.
    Moved,
    /// A line begins with this.
    Line(&'static str),
    /// No line begins with this.
    NoLine(&'static str),
    /// The title line names this.
    Title(&'static str),
}

const fn step(key: &'static str, shows: Shows) -> Step {
    Step { key, shows }
}

const DOWN: &str = "\x1b[B";
const UP: &str = "\x1b[A";
const ESC: &str = "\x1b";

const ROUND: [Step; 18] = [
    step(DOWN, Shows::Moved),
    step(DOWN, Shows::Moved),
    step(DOWN, Shows::Moved),
    step(UP, Shows::Moved),
    step("/", Shows::Line("/")),
    step("o", Shows::Line("/o")),
    step("r", Shows::Line("/or")),
    step("d", Shows::Line("/ord")),
    step(ESC, Shows::NoLine("/")),
    step(DOWN, Shows::Moved),
    step("?", Shows::Title("help")),
    step(ESC, Shows::Title("services")),
    step(":", Shows::Line(":")),
    step("x", Shows::Line(":x")),
    step(ESC, Shows::NoLine(":")),
    step("d", Shows::Title("describe")),
    step(ESC, Shows::Title("services")),
    step(DOWN, Shows::Moved),
];

fn main() -> ExitCode {
    if !support::is_wanted() {
        return ExitCode::SUCCESS;
    }
    let simulator = Simulator::fleet();
    let mut terminal = Terminal::start(&["demo", "--at", &simulator.endpoint()], &[]);
    terminal.until("the first frame", |screen| {
        screen.contents().contains("help")
    });
    terminal.type_keys(":services\r");
    terminal.until("all services", all_are_read);
    simulator.fault(r#""kind": "delay", "milliseconds": 5000"#);
    let mut report = Report::new("from a key to its frame, 2,000 services on screen, 200x50");
    let keys = measure(&mut terminal);
    report.sample("every call takes 5 s", &keys, Some(16.0));
    report.figure("the slowest", keys.longest(), "ms");
    report.finish()
}

fn all_are_read(screen: &Screen) -> bool {
    let text = screen.contents();
    text.contains("2,000 services") && !text.contains("about 2,000")
}

fn measure(terminal: &mut Terminal) -> Sample {
    let mut sample = Sample::default();
    let mut pauses = PAUSES.into_iter().cycle();
    for _ in 0..ROUNDS {
        for step in &ROUND {
            let pause = Duration::from_millis(pauses.next().unwrap());
            terminal.take_in(Instant::now() + pause);
            let before = under_the_cursor(terminal.screen());
            let typed = terminal.type_keys(step.key);
            let shown = terminal.until(&format!("what {:?} does", step.key), |screen| {
                is_shown(step.shows, screen, before.as_deref())
            });
            sample.add(shown - typed);
        }
    }
    sample
}

fn is_shown(shows: Shows, screen: &Screen, before: Option<&str>) -> bool {
    let begins = |text: &str| lines(screen).any(|line| line.trim_start().starts_with(text));
    match shows {
        Shows::Moved => {
            let now = under_the_cursor(screen);
            now.is_some() && now.as_deref() != before
        }
        Shows::Line(text) => begins(text),
        Shows::NoLine(text) => !begins(text),
        Shows::Title(text) => lines(screen)
            .nth(1)
            .is_some_and(|title| title.contains(text)),
    }
}

/// The first columns of the row under the cursor: its name, and nothing that time changes.
fn under_the_cursor(screen: &Screen) -> Option<String> {
    let row = lines(screen).find(|line| line.starts_with('▌'))?;
    Some(row.chars().take(30).collect())
}
