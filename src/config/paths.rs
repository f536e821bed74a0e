//! Where the files live. macOS uses the same places as Linux: people keep them with their other
//! dot files.

use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::{Lookup, non_empty};

/// Where everything is that the program reads or writes on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The configuration. It need not exist.
    pub config_file: PathBuf,
    /// Whether the configuration was asked for by name, so that it has to exist.
    pub config_file_is_named: bool,
    /// Themes of one's own, `NAME.toml` each.
    pub themes_dir: PathBuf,
    /// What the program writes.
    pub state_dir: PathBuf,
    /// Every mutation, sent or refused, one JSON object a line.
    pub action_log: PathBuf,
    /// The program's own log.
    pub program_log: PathBuf,
    /// Log lines and notes that were saved without saying where to.
    pub saved_dir: PathBuf,
}

impl Paths {
    /// Follows the XDG base directory specification: `XDG_CONFIG_HOME` and `XDG_STATE_HOME` where
    /// they are absolute paths, else `~/.config` and `~/.local/state`. `named` is the value of
    /// `--config` and wins over `CUTOVER_CONFIG`.
    pub fn new(
        named: Option<&Path>,
        environment: Lookup<'_>,
        home: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let base = |variable: &str, under_home: &str| {
            non_empty(environment, variable)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
                .or_else(|| home.map(|home| home.join(under_home)))
                .map(|path| path.join("cutover"))
                .ok_or(ConfigError::NoHome)
        };
        let config_dir = base("XDG_CONFIG_HOME", ".config")?;
        let state_dir = base("XDG_STATE_HOME", ".local/state")?;
        let named = named
            .map(Path::to_path_buf)
            .or_else(|| non_empty(environment, "CUTOVER_CONFIG").map(PathBuf::from));
        Ok(Self {
            config_file_is_named: named.is_some(),
            config_file: named.unwrap_or_else(|| config_dir.join("config.toml")),
            themes_dir: config_dir.join("themes"),
            action_log: state_dir.join("actions.jsonl"),
            program_log: state_dir.join("cutover.log"),
            saved_dir: state_dir.join("saved"),
            state_dir,
        })
    }

    /// The home directory of the person, as the system knows it.
    pub fn home() -> Option<PathBuf> {
        etcetera::home_dir().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn the_defaults_are_under_home() {
        let paths = Paths::new(None, &nothing, Some(Path::new("/home/ada"))).unwrap();
        assert_eq!(
            paths.config_file,
            Path::new("/home/ada/.config/cutover/config.toml")
        );
        assert_eq!(
            paths.themes_dir,
            Path::new("/home/ada/.config/cutover/themes")
        );
        assert_eq!(
            paths.action_log,
            Path::new("/home/ada/.local/state/cutover/actions.jsonl")
        );
        assert_eq!(
            paths.program_log,
            Path::new("/home/ada/.local/state/cutover/cutover.log")
        );
        assert_eq!(
            paths.saved_dir,
            Path::new("/home/ada/.local/state/cutover/saved")
        );
        assert!(!paths.config_file_is_named);
    }

    #[test]
    fn xdg_moves_them_and_relative_paths_do_not_count() {
        let environment = |name: &str| match name {
            "XDG_CONFIG_HOME" => Some("/etc/ada".to_owned()),
            "XDG_STATE_HOME" => Some("not/absolute".to_owned()),
            _ => None,
        };
        let paths = Paths::new(None, &environment, Some(Path::new("/home/ada"))).unwrap();
        assert_eq!(paths.config_file, Path::new("/etc/ada/cutover/config.toml"));
        assert_eq!(paths.state_dir, Path::new("/home/ada/.local/state/cutover"));
    }

    #[test]
    fn a_named_file_wins_and_the_flag_wins_over_the_variable() {
        let environment =
            |name: &str| (name == "CUTOVER_CONFIG").then(|| "/tmp/variable.toml".to_owned());
        let home = Some(Path::new("/home/ada"));
        let paths = Paths::new(None, &environment, home).unwrap();
        assert_eq!(paths.config_file, Path::new("/tmp/variable.toml"));
        assert!(paths.config_file_is_named);
        let paths = Paths::new(Some(Path::new("flag.toml")), &environment, home).unwrap();
        assert_eq!(paths.config_file, Path::new("flag.toml"));
    }

    #[test]
    fn without_a_home_it_says_what_to_set() {
        let error = Paths::new(None, &nothing, None).unwrap_err();
        assert!(error.to_string().contains("XDG_CONFIG_HOME"), "{error}");
    }
}
