//! The program's own log: on the log screen, and in a file for afterwards.

use std::fs::{File, create_dir_all};
use std::sync::Mutex;

use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::paths::Paths;
use crate::config::settings::LogLevel;

/// Starts the log. A file that cannot be written is no reason not to start: the text says so.
pub(super) fn start(level: LogLevel, paths: &Paths) -> Option<String> {
    let (file, problem) = match open(paths) {
        Ok(file) => (Some(file), None),
        Err(error) => {
            let path = paths.program_log.display();
            (
                None,
                Some(format!(
                    "the program's log {path} could not be written: {error}"
                )),
            )
        }
    };
    let wanted = Targets::new()
        .with_default(LevelFilter::WARN.min(level.filter()))
        .with_target("cutover", level.filter());
    let to_file = file.map(|file| {
        tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(Mutex::new(file))
    });
    let to_screen = tui_logger::TuiTracingSubscriberLayer;
    tracing_subscriber::registry()
        .with(to_screen.with_filter(wanted.clone()))
        .with(to_file.with_filter(wanted))
        .init();
    tui_logger::set_default_level(level_of(level));
    problem
}

fn open(paths: &Paths) -> std::io::Result<File> {
    create_dir_all(&paths.state_dir)?;
    File::create(&paths.program_log)
}

fn level_of(level: LogLevel) -> tui_logger::LevelFilter {
    match level {
        LogLevel::Off => tui_logger::LevelFilter::Off,
        LogLevel::Error => tui_logger::LevelFilter::Error,
        LogLevel::Warn => tui_logger::LevelFilter::Warn,
        LogLevel::Info => tui_logger::LevelFilter::Info,
        LogLevel::Debug => tui_logger::LevelFilter::Debug,
        LogLevel::Trace => tui_logger::LevelFilter::Trace,
    }
}
