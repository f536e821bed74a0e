//! `cutover config`: writes, finds and explains the configuration.

use std::io::Write;
use std::process::ExitCode;

use super::args::ConfigCommand;
use super::environment;
use crate::config::flags::GlobalArgs;
use crate::config::paths::Paths;
use crate::config::{init, show};
use crate::keys::ACTIONS;

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
            init::write(&path, &actions(), *force)?;
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

/// The actions, for the part of a new configuration that is about keys.
fn actions() -> Vec<init::KeyLine> {
    ACTIONS
        .iter()
        .map(|action| {
            let spec = action.spec();
            init::KeyLine {
                action: spec.name,
                keys: spec.keys,
                summary: spec.summary,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::file;
    use crate::config::origin::Origins;
    use crate::config::settings::Settings;
    use crate::keys::Keymap;

    #[test]
    fn with_its_lines_about_keys_turned_on_every_key_is_as_it_was() {
        let template = init::template(&actions());
        let (_, keys) = template.split_once("\n[keys]\n").unwrap();
        let text = format!(
            "[keys]\n{}",
            keys.replace("\n#", "\n").trim_start_matches('#')
        );
        let mut settings = Settings::default();
        let outcome = file::apply(
            Path::new("c.toml"),
            &text,
            &mut settings,
            &mut Origins::default(),
        );
        assert!(outcome.errors.is_empty(), "{outcome:?}");
        assert_eq!(settings.keys.len(), ACTIONS.len());
        let (keymap, warnings) = Keymap::configured(&settings.keys);
        assert!(warnings.is_empty(), "{warnings:?}");
        for action in ACTIONS {
            assert_eq!(keymap.chords(*action), Keymap::standard().chords(*action));
        }
    }

    #[test]
    fn its_lines_fit_a_wide_terminal() {
        for line in init::template(&actions()).lines() {
            assert!(line.chars().count() <= 110, "{line}");
        }
    }
}
