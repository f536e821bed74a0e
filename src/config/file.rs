//! Reading the configuration file: every key is held against the table of settings.

use std::borrow::Cow;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::Document;
use super::finding::Finding;
use super::origin::{Origin, Origins};
use super::settings::Settings;
use super::suggest;
use super::table::{self, Given, KEYS_SECTION, SETTINGS};

/// What came of reading a file, beside the settings that it changed.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Values that cannot be used.
    pub errors: Vec<Finding>,
    /// Keys that nobody knows.
    pub warnings: Vec<Finding>,
}

/// Reads the text of the file `path` into the settings and notes where each value stands.
///
/// A key that nobody knows is a warning, since a newer version may have written it. A value that
/// cannot be used is an error, since the person meant something by it.
pub fn apply(path: &Path, text: &str, settings: &mut Settings, origins: &mut Origins) -> Outcome {
    let mut reader = Reader {
        document: Document::new(path, text),
        directory: path.parent().unwrap_or(Path::new("")),
        settings,
        origins,
        outcome: Outcome::default(),
    };
    match reader.document.parse() {
        Ok(table) => reader.read_table(&table, ""),
        Err(finding) => reader.outcome.errors.push(finding),
    }
    reader.outcome
}

struct Reader<'a> {
    document: Document<'a>,
    directory: &'a Path,
    settings: &'a mut Settings,
    origins: &'a mut Origins,
    outcome: Outcome,
}

type Key<'a> = Spanned<Cow<'a, str>>;
type Value<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn read_table(&mut self, table: &DeTable<'_>, section: &str) {
        for (key, value) in table {
            let name = key.get_ref();
            let path = if section.is_empty() {
                name.to_string()
            } else {
                format!("{section}.{name}")
            };
            if section == KEYS_SECTION {
                self.read_key_binding(&path, key, value);
            } else if table::find(&path).is_some() {
                self.read_setting(&path, key, value);
            } else if is_section(&path) {
                self.read_section(&path, value);
            } else {
                self.warn_unknown(&path, key);
            }
        }
    }

    fn read_section(&mut self, path: &str, value: &Value<'_>) {
        match value.get_ref().as_table() {
            Some(inner) => self.read_table(inner, path),
            None => self.refuse(
                path,
                value,
                &format!("a table; write [{path}] on a line of its own"),
            ),
        }
    }

    fn read_setting(&mut self, path: &str, key: &Key<'_>, value: &Value<'_>) {
        let Some(setting) = table::find(path) else {
            return;
        };
        if (setting.set)(self.settings, &given(value.get_ref())).is_none() {
            self.refuse(path, value, setting.expected);
            return;
        }
        if path == "theme" {
            self.settings.theme = self.settings.theme.clone().relative_to(self.directory);
        }
        self.note(path, key);
    }

    fn read_key_binding(&mut self, path: &str, key: &Key<'_>, value: &Value<'_>) {
        let keys: Vec<String> = match given(value.get_ref()) {
            Given::Text(text) => vec![text.to_owned()],
            Given::List(texts) => texts.into_iter().map(str::to_owned).collect(),
            Given::Switch(_) | Given::Other => {
                self.refuse(path, value, "a key or a list of keys, such as \"ctrl-r\"");
                return;
            }
        };
        self.settings.keys.insert(key.get_ref().to_string(), keys);
        self.note(path, key);
    }

    fn note(&mut self, path: &str, key: &Key<'_>) {
        self.origins
            .note(path, Origin::Place(self.document.place(&key.span())));
    }

    fn refuse(&mut self, path: &str, value: &Value<'_>, expected: &str) {
        let message = format!(
            "{path} is {}, but must be {expected}",
            self.document.source(value)
        );
        self.outcome
            .errors
            .push(self.document.finding(&value.span(), message));
    }

    fn warn_unknown(&mut self, path: &str, key: &Key<'_>) {
        let known = SETTINGS
            .iter()
            .map(|setting| setting.path)
            .chain([KEYS_SECTION]);
        let message = match suggest::nearest(path, known) {
            Some(near) => format!("unknown key {path}, it is ignored; did you mean {near}?"),
            None => format!("unknown key {path}, it is ignored"),
        };
        self.outcome
            .warnings
            .push(self.document.finding(&key.span(), message));
    }
}

fn is_section(path: &str) -> bool {
    path == KEYS_SECTION
        || SETTINGS
            .iter()
            .any(|setting| setting.section_and_key().0 == path)
}

fn given<'a>(value: &'a DeValue<'_>) -> Given<'a> {
    match value {
        DeValue::String(text) => Given::Text(text),
        DeValue::Boolean(switch) => Given::Switch(*switch),
        DeValue::Array(items) => items
            .iter()
            .map(|item| item.get_ref().as_str())
            .collect::<Option<Vec<_>>>()
            .map_or(Given::Other, Given::List),
        _ => Given::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::settings::ThemeChoice;
    use super::*;

    fn read(text: &str) -> (Settings, Origins, Outcome) {
        let mut settings = Settings::default();
        let mut origins = Origins::default();
        let outcome = apply(Path::new("/etc/c.toml"), text, &mut settings, &mut origins);
        (settings, origins, outcome)
    }

    fn texts(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_empty_file_changes_nothing() {
        let (settings, origins, outcome) = read("");
        assert_eq!(settings, Settings::default());
        assert_eq!(origins, Origins::default());
        assert!(outcome.errors.is_empty() && outcome.warnings.is_empty());
    }

    #[test]
    fn values_are_taken_and_their_lines_noted() {
        let (settings, origins, outcome) = read(
            "region = 'eu-west-1'\nread_only = true\nrefresh = '5s'\n\n[production]\nclusters = ['prod-*']\n\n\
             [keys]\nroll_back = 'ctrl-r'\nopen = ['enter', 'right']\n",
        );
        assert!(
            outcome.errors.is_empty() && outcome.warnings.is_empty(),
            "{outcome:?}"
        );
        assert_eq!(settings.region.as_deref(), Some("eu-west-1"));
        assert!(settings.read_only);
        assert_eq!(settings.refresh, Duration::from_secs(5));
        assert!(settings.production.is_production_cluster("prod-1"));
        assert_eq!(settings.keys["roll_back"], ["ctrl-r"]);
        assert_eq!(settings.keys["open"], ["enter", "right"]);
        assert_eq!(
            origins.of("production.clusters").to_string(),
            "/etc/c.toml:6"
        );
        assert_eq!(origins.of("keys.open").to_string(), "/etc/c.toml:10");
        assert_eq!(origins.of("theme"), &Origin::Default);
    }

    #[test]
    fn an_unknown_key_is_a_warning_with_its_line_and_a_suggestion() {
        let (settings, _, outcome) =
            read("regoin = 'x'\n[production]\ncluster = []\n[sounds]\nbell = 1\n");
        assert_eq!(settings, Settings::default());
        assert!(outcome.errors.is_empty());
        assert_eq!(
            texts(&outcome.warnings),
            [
                "/etc/c.toml:1: unknown key regoin, it is ignored; did you mean region?",
                "/etc/c.toml:3: unknown key production.cluster, it is ignored; \
                 did you mean production.clusters?",
                "/etc/c.toml:4: unknown key sounds, it is ignored",
            ]
        );
    }

    #[test]
    fn wrong_values_are_errors_and_all_of_them_are_told() {
        let (settings, _, outcome) = read(
            "read_only = 'yes'\nrefresh = 5\nproduction = true\nlog_level = 'loud'\n[keys]\nopen = 3\n",
        );
        assert_eq!(settings, Settings::default());
        assert_eq!(
            texts(&outcome.errors),
            [
                "/etc/c.toml:1: read_only is 'yes', but must be true or false",
                "/etc/c.toml:2: refresh is 5, but must be a duration of at least one second, \
                 such as \"2s\"",
                "/etc/c.toml:3: production is true, but must be a table; write [production] on a \
                 line of its own",
                "/etc/c.toml:4: log_level is 'loud', but must be \"off\", \"error\", \"warn\", \
                 \"info\", \"debug\" or \"trace\"",
                "/etc/c.toml:6: keys.open is 3, but must be a key or a list of keys, such as \
                 \"ctrl-r\"",
            ]
        );
    }

    #[test]
    fn what_is_not_toml_is_told_with_its_line() {
        let (_, _, outcome) = read("theme = 'dark'\nregion = \n");
        assert_eq!(outcome.errors.len(), 1);
        let text = outcome.errors[0].to_string();
        assert!(
            text.starts_with("/etc/c.toml:2: this is not TOML: "),
            "{text}"
        );
    }

    #[test]
    fn a_theme_path_starts_at_the_file() {
        let (settings, _, _) = read("theme = 'sea.toml'");
        assert_eq!(settings.theme, ThemeChoice::File("/etc/sea.toml".into()));
    }

    #[test]
    fn every_example_of_the_table_can_be_used() {
        for setting in SETTINGS {
            let (section, key) = setting.section_and_key();
            let header = if section.is_empty() {
                String::new()
            } else {
                format!("[{section}]\n")
            };
            let (settings, _, outcome) = read(&format!("{header}{key} = {}\n", setting.example));
            assert!(
                outcome.errors.is_empty() && outcome.warnings.is_empty(),
                "{outcome:?}"
            );
            assert_eq!((setting.show)(&settings).as_deref(), Some(setting.example));
            assert_ne!(
                setting.default,
                Some(setting.example),
                "{} shows nothing",
                setting.path
            );
        }
    }
}
