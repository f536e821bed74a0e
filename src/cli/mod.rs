//! The command line: what can be typed, and one file for each command.

pub mod args;
mod cockpit;
mod completions;
mod config;
mod demo;
mod environment;
mod program_log;
mod sim;
mod sim_clock;
pub mod status;

use std::process::ExitCode;

use args::{Cli, Command};

/// Does what the command line says. The exit code is 0 when it was done, 1 when it failed, and 2
/// when it could not be begun, as for a wrong flag.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let global = cli.global;
    match cli.command {
        None => cockpit::run(&global).await,
        Some(Command::Demo(demo)) => demo::run(&global, demo).await,
        Some(Command::Sim(sim)) => sim::run(sim).await,
        Some(Command::Status(status)) => status::run(&global, &status).await,
        Some(Command::Config(command)) => config::run(&global, &command),
        Some(Command::Completions { shell }) => completions::run(shell),
    }
}
