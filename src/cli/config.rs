//! `cutover config`: writes, finds and explains the configuration.

use std::io::Write;
use std::process::ExitCode;

use super::args::ConfigCommand;
use super::environment;
use crate::config::flags::GlobalArgs;
use crate::config::paths::Paths;
use crate::config::{init, show};

/// Does one of the configuration's commands. A broken file does not stop `init` and `path`.
pub(super) fn run(global: &GlobalArgs, command: &ConfigCommand) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let paths = || {
        let home = Paths::home();
        Paths::new(
            global.config.as_deref(),
            &environment::variable,
            home.as_deref(),
        )
    };
    match command {
        ConfigCommand::Init { force } => {
            let path = paths()?.config_file;
            init::write(&path, *force)?;
            writeln!(
                out,
                "wrote {}: every setting is in it, commented out",
                path.display()
            )?;
        }
        ConfigCommand::Path => writeln!(out, "{}", paths()?.config_file.display())?,
        ConfigCommand::Show => {
            let loaded = environment::load(global)?;
            write!(out, "{}", show::text(&loaded))?;
            for warning in &loaded.warnings {
                eprintln!("warning: {warning}");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
