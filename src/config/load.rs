//! Hearing every source in turn: the file, the environment, the flags.

use std::fs;
use std::io;
use std::path::Path;

use super::error::ConfigError;
use super::file;
use super::finding::{Finding, Place};
use super::flags::GlobalArgs;
use super::origin::{Origin, Origins};
use super::paths::Paths;
use super::settings::Settings;
use super::table::{Given, SETTINGS, Setting};
use super::{Lookup, non_empty};

/// The configuration that the program runs with, and how it came about.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The values that won.
    pub settings: Settings,
    /// Where each of them came from.
    pub origins: Origins,
    /// Where the files live.
    pub paths: Paths,
    /// Whether there was a configuration file to read.
    pub file_was_read: bool,
    /// What is doubtful and does not stop the program.
    pub warnings: Vec<Finding>,
}

/// Reads every source. `home` is the home directory, as [`Paths::home`] finds it.
pub fn load(
    arguments: &GlobalArgs,
    environment: Lookup<'_>,
    home: Option<&Path>,
) -> Result<Loaded, ConfigError> {
    let paths = Paths::new(arguments.config.as_deref(), environment, home)?;
    let text = read_file(&paths)?;
    let mut settings = Settings::default();
    let mut origins = Origins::default();
    let file::Outcome {
        mut errors,
        warnings,
    } = match &text {
        Some(text) => file::apply(&paths.config_file, text, &mut settings, &mut origins),
        None => file::Outcome::default(),
    };
    errors.extend(apply_environment(environment, &mut settings, &mut origins));
    if !errors.is_empty() {
        return Err(ConfigError::Invalid { findings: errors });
    }
    apply_flags(arguments, &mut settings, &mut origins);
    Ok(Loaded {
        settings,
        origins,
        paths,
        file_was_read: text.is_some(),
        warnings,
    })
}

/// The text of the file. The default file may be absent, one that was asked for may not.
fn read_file(paths: &Paths) -> Result<Option<String>, ConfigError> {
    match fs::read_to_string(&paths.config_file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !paths.config_file_is_named => {
            Ok(None)
        }
        Err(source) => Err(ConfigError::Read {
            path: paths.config_file.clone(),
            source,
        }),
    }
}

fn apply_environment(
    environment: Lookup<'_>,
    settings: &mut Settings,
    origins: &mut Origins,
) -> Vec<Finding> {
    let mut errors = Vec::new();
    for setting in SETTINGS {
        leave_to_sdk(setting, environment, settings, origins);
        let Some(variable) = setting.variable else {
            continue;
        };
        let Some(text) = non_empty(environment, variable) else {
            continue;
        };
        let place = Place::Variable(variable);
        if set_from_text(setting, &text, settings).is_some() {
            origins.note(setting.path, Origin::Place(place));
        } else {
            let message = format!("the value is \"{text}\", but must be {}", setting.expected);
            errors.push(Finding { place, message });
        }
    }
    errors
}

/// A variable of the SDK wins over the file, as every variable does. The value itself is left to
/// the SDK, which has rules of its own about these variables and their relatives.
fn leave_to_sdk(
    setting: &Setting,
    environment: Lookup<'_>,
    settings: &mut Settings,
    origins: &mut Origins,
) {
    let is_set = |name: &&&'static str| non_empty(environment, name).is_some();
    let Some(variable) = setting.sdk_variables.iter().find(is_set) else {
        return;
    };
    match setting.path {
        "profile" => settings.profile = None,
        "region" => settings.region = None,
        _ => settings.endpoint_url = None,
    }
    origins.note(setting.path, Origin::Sdk(variable));
}

/// A variable has only text, so a switch is read from the words that people use for one.
fn set_from_text(setting: &Setting, text: &str, settings: &mut Settings) -> Option<()> {
    let switch = match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    };
    (setting.set)(settings, &Given::Text(text))
        .or_else(|| switch.and_then(|switch| (setting.set)(settings, &Given::Switch(switch))))
}

/// The command line has checked its values already.
fn apply_flags(arguments: &GlobalArgs, settings: &mut Settings, origins: &mut Origins) {
    let mut note = |path: &'static str| {
        let flag = SETTINGS
            .iter()
            .find(|setting| setting.path == path)
            .and_then(|found| found.flag);
        if let Some(flag) = flag {
            origins.note(path, Origin::Flag(flag));
        }
    };
    let texts = [
        ("profile", &arguments.profile, &mut settings.profile),
        ("region", &arguments.region, &mut settings.region),
        (
            "endpoint_url",
            &arguments.endpoint_url,
            &mut settings.endpoint_url,
        ),
        ("cluster", &arguments.cluster, &mut settings.cluster),
        ("service", &arguments.service, &mut settings.service),
    ];
    for (path, from, to) in texts {
        if let Some(text) = from {
            *to = Some(text.clone());
            note(path);
        }
    }
    if arguments.read_only {
        settings.read_only = true;
        note("read_only");
    }
    if let Some(refresh) = arguments.refresh {
        settings.refresh = refresh;
        note("refresh");
    }
    if let Some(theme) = &arguments.theme {
        settings.theme = theme.clone();
        note("theme");
    }
    if let Some(symbols) = arguments.symbols {
        settings.symbols = symbols;
        note("symbols");
    }
    if let Some(log_level) = arguments.log_level {
        settings.log_level = log_level;
        note("log_level");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clap::Parser;
    use tempfile::TempDir;

    use super::super::settings::{LogLevel, Symbols, ThemeChoice};
    use super::*;
    use crate::cli::args::Cli;

    fn arguments(line: &[&str]) -> GlobalArgs {
        Cli::try_parse_from([&["cutover"], line].concat())
            .unwrap()
            .global
    }

    fn home_with(config: &str) -> TempDir {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join(".config/cutover")).unwrap();
        fs::write(home.path().join(".config/cutover/config.toml"), config).unwrap();
        home
    }

    fn run(line: &[&str], variables: &[(&str, &str)], home: &Path) -> Result<Loaded, ConfigError> {
        let environment = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        load(&arguments(line), &environment, Some(home))
    }

    #[test]
    fn without_any_source_there_are_defaults() {
        let home = tempfile::tempdir().unwrap();
        let loaded = run(&[], &[], home.path()).unwrap();
        assert_eq!(loaded.settings, Settings::default());
        assert!(!loaded.file_was_read);
    }

    #[test]
    fn a_flag_wins_over_a_variable_and_that_over_the_file() {
        let home = home_with("refresh = '5s'\ntheme = 'light'\nsymbols = 'ascii'\n");
        let variables = [
            ("CUTOVER_REFRESH", "7s"),
            ("CUTOVER_THEME", "high-contrast"),
        ];
        let loaded = run(&["--refresh", "9s"], &variables, home.path()).unwrap();
        assert_eq!(loaded.settings.refresh, Duration::from_secs(9));
        assert_eq!(
            loaded.settings.theme,
            ThemeChoice::Named("high-contrast".into())
        );
        assert_eq!(loaded.settings.symbols, Symbols::Ascii);
        assert_eq!(loaded.origins.of("refresh"), &Origin::Flag("--refresh"));
        assert_eq!(
            loaded.origins.of("theme"),
            &Origin::Place(Place::Variable("CUTOVER_THEME"))
        );
        assert!(
            loaded
                .origins
                .of("symbols")
                .to_string()
                .ends_with("config.toml:3")
        );
        assert_eq!(loaded.origins.of("log_level"), &Origin::Default);
    }

    #[test]
    fn every_flag_reaches_its_setting_and_notes_it() {
        let home = tempfile::tempdir().unwrap();
        for setting in SETTINGS.iter().filter(|setting| setting.flag.is_some()) {
            let flag = setting.flag.unwrap();
            let example = setting.example.trim_matches('"');
            let line = if setting.example == "true" {
                vec![flag]
            } else {
                vec![flag, example]
            };
            let loaded = run(&line, &[], home.path()).unwrap();
            assert_eq!(
                (setting.show)(&loaded.settings).as_deref(),
                Some(setting.example)
            );
            assert_eq!(loaded.origins.of(setting.path), &Origin::Flag(flag));
        }
    }

    #[test]
    fn every_variable_reaches_its_setting() {
        let home = tempfile::tempdir().unwrap();
        for setting in SETTINGS {
            let Some(variable) = setting.variable else {
                continue;
            };
            let example = setting.example.trim_matches('"');
            let loaded = run(&[], &[(variable, example)], home.path()).unwrap();
            assert_eq!(
                (setting.show)(&loaded.settings).as_deref(),
                Some(setting.example)
            );
        }
    }

    #[test]
    fn a_switch_in_a_variable_can_turn_off_what_the_file_turned_on() {
        let home = home_with("read_only = true");
        assert!(run(&[], &[], home.path()).unwrap().settings.read_only);
        for off in ["0", "false", "No", "off"] {
            let loaded = run(&[], &[("CUTOVER_READ_ONLY", off)], home.path()).unwrap();
            assert!(!loaded.settings.read_only, "{off}");
        }
        let loaded = run(&["--read-only"], &[("CUTOVER_READ_ONLY", "0")], home.path()).unwrap();
        assert!(loaded.settings.read_only);
    }

    #[test]
    fn an_empty_variable_says_nothing() {
        let home = home_with("log_level = 'debug'");
        let loaded = run(&[], &[("CUTOVER_LOG_LEVEL", "")], home.path()).unwrap();
        assert_eq!(loaded.settings.log_level, LogLevel::Debug);
    }

    #[test]
    fn a_variable_of_the_sdk_wins_over_the_file_but_not_over_a_flag() {
        let home = home_with("region = 'eu-west-1'\nprofile = 'a'\nendpoint_url = 'http://a'\n");
        let variables = [
            ("AWS_DEFAULT_REGION", "x"),
            ("AWS_PROFILE", "b"),
            ("AWS_ENDPOINT_URL", "http://b"),
        ];
        let loaded = run(&[], &variables, home.path()).unwrap();
        assert_eq!(loaded.settings.region, None);
        assert_eq!(loaded.settings.profile, None);
        assert_eq!(loaded.settings.endpoint_url, None);
        assert_eq!(
            loaded.origins.of("region"),
            &Origin::Sdk("AWS_DEFAULT_REGION")
        );
        let loaded = run(&["--region", "us-east-1"], &variables, home.path()).unwrap();
        assert_eq!(loaded.settings.region.as_deref(), Some("us-east-1"));
        assert_eq!(loaded.origins.of("region"), &Origin::Flag("--region"));
    }

    #[test]
    fn wrong_values_of_all_sources_are_told_together() {
        let home = home_with("refresh = 'soon'");
        let error = run(&[], &[("CUTOVER_READ_ONLY", "maybe")], home.path()).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("config.toml:1: refresh is 'soon', but must be"),
            "{text}"
        );
        assert!(
            text.contains("CUTOVER_READ_ONLY: the value is \"maybe\", but must be true or false")
        );
    }

    #[test]
    fn a_file_that_was_asked_for_must_exist() {
        let home = tempfile::tempdir().unwrap();
        let missing = home.path().join("missing.toml");
        let error = run(&["--config", missing.to_str().unwrap()], &[], home.path()).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("missing.toml") && text.contains("leave out --config"),
            "{text}"
        );
    }
}
