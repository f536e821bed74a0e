//! `cutover status`: prints the releases board once.

mod report;
mod table;

use std::io::Write;
use std::process::ExitCode;

use super::args::{GlobalArgs, OutputFormat, StatusArgs};
use super::environment;
use crate::aws::{self, ConnectOptions, Credentials, Timeouts};
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
    let mut out = std::io::stdout().lock();
    match status.output {
        OutputFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &report)?;
            writeln!(out)?;
        }
        OutputFormat::Table => write!(out, "{}", table::render(&report, model.now))?,
    }
    let complete = report.errors.is_empty();
    Ok(if complete {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
