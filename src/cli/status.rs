//! `cutover status`: prints the releases board once.

mod approvals;
mod report;
mod table;
mod unread;

use std::io::{self, Write};
use std::process::ExitCode;

use super::args::{OutputFormat, StatusArgs};
use super::environment;
use crate::aws::{self, ConnectOptions, Credentials, Timeouts};
use crate::config::flags::GlobalArgs;
use crate::runtime::clock::Clock;
use crate::runtime::headless::read_board;

/// Reads the board and prints it. The exit code is 1 when something could not be read: then
/// `errors` says what, and what could be read is printed all the same.
pub(super) async fn run(global: &GlobalArgs, status: &StatusArgs) -> anyhow::Result<ExitCode> {
    let loaded = environment::load(global)?;
    for warning in &loaded.warnings {
        eprintln!("warning: {warning}");
    }
    let aws = aws::connect(ConnectOptions {
        context: environment::context(&loaded.settings),
        credentials: Credentials::Chain,
        read_only: true,
        timeouts: Timeouts::default(),
    })
    .await;
    let model = read_board(
        aws,
        environment::preferences(&loaded.settings),
        Clock::system(),
    )
    .await;
    let report = report::Report::of(&model);
    let text = match status.output {
        OutputFormat::Json => format!("{}\n", serde_json::to_string_pretty(&report)?),
        OutputFormat::Table => table::render(&report),
    };
    print(&text)?;
    let complete = report.errors.is_empty();
    Ok(if complete {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// Prints the report. A reader that has seen enough, such as `head`, is no failure.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
