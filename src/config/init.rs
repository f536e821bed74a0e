//! `cutover config init`: a configuration to start from, with everything in it commented out.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::error::ConfigError;
use super::table::{KEYS_SECTION, SETTINGS, Setting};

/// An action with the keys that it has by default.
#[derive(Copy, Clone, Debug)]
pub struct KeyLine {
    /// Its name, which `[keys]` takes.
    pub action: &'static str,
    /// Its keys.
    pub keys: &'static [&'static str],
    /// What it does.
    pub summary: &'static str,
}

impl KeyLine {
    fn text(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(|key| format!("{key:?}")).collect();
        let binding = format!("#{} = [{}]", self.action, keys.join(", "));
        format!("{binding:<42} # {}", self.summary)
    }
}

/// The text of a new configuration. Sentences start with `# `; a setting has no space behind the
/// `#`, so that taking one character away turns it on.
pub fn template(actions: &[KeyLine]) -> String {
    let mut lines: Vec<String> = INTRODUCTION.iter().map(ToString::to_string).collect();
    let mut section = "";
    for setting in SETTINGS {
        lines.push(String::new());
        let (own_section, _) = setting.section_and_key();
        if own_section != section {
            section = own_section;
            lines.push(format!("[{section}]"));
        }
        lines.extend(block(setting));
    }
    lines.push(String::new());
    lines.extend(ABOUT_KEYS.iter().map(ToString::to_string));
    lines.push(format!("[{KEYS_SECTION}]"));
    lines.extend(actions.iter().map(KeyLine::text));
    lines.join("\n") + "\n"
}

const INTRODUCTION: [&str; 3] = [
    "# The configuration of cutover. Every key is optional.",
    "# To change a setting, take away the # in front of it. A flag wins over an environment",
    "# variable, that wins over this file. `cutover config show` says what is in effect.",
];

const ABOUT_KEYS: [&str; 2] = [
    "# Keys of your own, one action a line: ACTION = \"KEY\" or ACTION = [\"KEY\", \"KEY\"].",
    "# These are the actions with the keys that they have.",
];

fn block(setting: &Setting) -> Vec<String> {
    let mut lines: Vec<String> = setting
        .about
        .iter()
        .map(|text| format!("# {text}"))
        .collect();
    let sources: Vec<&str> = setting.flag.into_iter().chain(setting.variable).collect();
    if !sources.is_empty() {
        lines.push(format!("# Also: {}.", sources.join(", ")));
    }
    lines.push(format!("#{}", line(setting)));
    lines
}

/// The setting with its default, or with an example where the default is that nothing is set.
fn line(setting: &Setting) -> String {
    let (_, key) = setting.section_and_key();
    format!("{key} = {}", setting.default.unwrap_or(setting.example))
}

/// Writes a new configuration, and the directories that lead to it. An existing file is only
/// replaced with `force`.
pub fn write(path: &Path, actions: &[KeyLine], force: bool) -> Result<(), ConfigError> {
    let failed = |source| ConfigError::Write {
        path: path.to_path_buf(),
        source,
    };
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(failed)?;
    }
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let mut file = options.open(path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => ConfigError::Exists {
            path: path.to_path_buf(),
        },
        _ => failed(source),
    })?;
    file.write_all(template(actions).as_bytes()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::super::origin::Origins;
    use super::super::settings::Settings;
    use super::*;

    const ACTIONS: [KeyLine; 2] = [
        KeyLine {
            action: "open",
            keys: &["enter", "right"],
            summary: "open what is selected",
        },
        KeyLine {
            action: "roll-back",
            keys: &["R"],
            summary: "roll back a release in flight",
        },
    ];

    fn uncommented(keep: impl Fn(&str) -> bool) -> String {
        let uncomment = |text: &str| {
            let bare = text.strip_prefix('#').filter(|rest| !rest.starts_with(' '));
            match bare {
                Some(bare) if keep(bare) => bare.to_owned(),
                _ => text.to_owned(),
            }
        };
        template(&ACTIONS)
            .lines()
            .map(|text| uncomment(text) + "\n")
            .collect()
    }

    fn read(text: &str) -> Settings {
        let mut settings = Settings::default();
        let mut origins = Origins::default();
        let outcome = file::apply(Path::new("c.toml"), text, &mut settings, &mut origins);
        assert!(
            outcome.errors.is_empty() && outcome.warnings.is_empty(),
            "{outcome:?}"
        );
        for setting in SETTINGS {
            let active = text.lines().any(|own| own == line(setting));
            let noted = origins.of(setting.path) != &super::super::origin::Origin::Default;
            assert_eq!(active, noted, "{}", setting.path);
        }
        settings
    }

    #[test]
    fn as_written_it_changes_nothing() {
        assert_eq!(read(&template(&ACTIONS)), Settings::default());
    }

    #[test]
    fn with_the_defaults_uncommented_it_is_the_defaults() {
        let has_default = |text: &str| {
            SETTINGS
                .iter()
                .any(|setting| setting.default.is_some() && line(setting) == text)
        };
        assert_eq!(read(&uncommented(has_default)), Settings::default());
    }

    #[test]
    fn with_everything_uncommented_every_setting_is_set() {
        let settings = read(&uncommented(|_| true));
        for setting in SETTINGS {
            let value = (setting.show)(&settings);
            assert_eq!(
                value.as_deref(),
                Some(setting.default.unwrap_or(setting.example))
            );
        }
        for action in ACTIONS {
            assert_eq!(settings.keys[action.action], action.keys);
        }
    }

    #[test]
    fn lines_fit_a_terminal() {
        for line in template(&ACTIONS).lines() {
            assert!(line.chars().count() <= 92, "{line}");
        }
    }

    #[test]
    fn it_makes_directories_and_does_not_overwrite_without_force() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a/b/config.toml");
        write(&path, &ACTIONS, false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), template(&ACTIONS));
        fs::write(&path, "theme = 'dark'\n").unwrap();
        let error = write(&path, &ACTIONS, false).unwrap_err();
        assert!(error.to_string().contains("--force"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "theme = 'dark'\n");
        write(&path, &ACTIONS, true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), template(&ACTIONS));
    }

    #[test]
    fn a_place_that_cannot_be_written_is_told() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("file"), "").unwrap();
        let error = write(&directory.path().join("file/config.toml"), &ACTIONS, false).unwrap_err();
        assert!(matches!(error, ConfigError::Write { .. }), "{error}");
    }
}
