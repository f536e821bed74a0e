//! The cutover binary: parses the command line and hands over.

use std::process::ExitCode;

use clap::Parser;
use cutover::cli;

fn main() -> ExitCode {
    let cli = cli::args::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("cutover: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(cli::run(cli));
    // What is still being asked of AWS is not waited for.
    runtime.shutdown_background();
    outcome.unwrap_or_else(|error| {
        eprintln!("cutover: {error:#}");
        ExitCode::FAILURE
    })
}
