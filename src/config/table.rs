//! The one table of settings. Reading the file, reading the environment, `config init` and
//! `config show` all walk it, so that they cannot disagree.

use clap::ValueEnum;

use super::duration;
use super::pattern::Pattern;
use super::settings::{LEAST_REFRESH, Settings, ThemeChoice, name_of};

/// The section of the file that maps actions to keys. Its names are checked where the actions are
/// known, so it is no setting of the table.
pub const KEYS_SECTION: &str = "keys";

/// What a source says about a setting, before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given<'a> {
    /// A text.
    Text(&'a str),
    /// True or false.
    Switch(bool),
    /// A list of texts.
    List(Vec<&'a str>),
    /// Anything else that TOML can say.
    Other,
}

impl Given<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn switch(&self) -> Option<bool> {
        match self {
            Self::Switch(switch) => Some(*switch),
            _ => None,
        }
    }

    fn patterns(&self) -> Option<Vec<Pattern>> {
        match self {
            Self::List(texts) => texts.iter().map(|text| Pattern::new(text)).collect(),
            _ => None,
        }
    }

    fn non_empty(&self) -> Option<String> {
        self.text()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    fn choice<T: ValueEnum>(&self) -> Option<T> {
        T::from_str(self.text()?, false).ok()
    }
}

/// Everything there is to know about one setting.
#[derive(Debug)]
pub struct Setting {
    /// Its place in the file; a dot separates the section from the key.
    pub path: &'static str,
    /// The default as TOML, or `None` where the default is that nothing is set.
    pub default: Option<&'static str>,
    /// A value that somebody might want, as TOML.
    pub example: &'static str,
    /// The flag that sets it.
    pub flag: Option<&'static str>,
    /// The variable of cutover that sets it.
    pub variable: Option<&'static str>,
    /// The variables that the AWS SDK reads for the same purpose, the strongest first.
    pub sdk_variables: &'static [&'static str],
    /// What it is for: sentences, one a line.
    pub about: &'static [&'static str],
    /// What a value must be; fits behind "must be".
    pub expected: &'static str,
    /// Checks a value and sets it; `None` when the value is not what is expected.
    pub set: fn(&mut Settings, &Given<'_>) -> Option<()>,
    /// The value as TOML, or `None` when nothing is set.
    pub show: fn(&Settings) -> Option<String>,
}

impl Setting {
    /// The section of the file and the key in it; the section is empty for the top of the file.
    pub fn section_and_key(&self) -> (&'static str, &'static str) {
        self.path.rsplit_once('.').unwrap_or(("", self.path))
    }
}

/// The setting with that path.
pub fn find(path: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.path == path)
}

/// A text as TOML writes it.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(patterns: &[Pattern]) -> String {
    let texts: Vec<String> = patterns
        .iter()
        .map(|pattern| quoted(pattern.as_str()))
        .collect();
    format!("[{}]", texts.join(", "))
}

/// Every setting except the keys, in the order of the file: the top first, then the sections.
pub static SETTINGS: &[Setting] = &[
    Setting {
        path: "profile",
        default: None,
        example: "\"oncall\"",
        flag: Some("--profile"),
        variable: None,
        sdk_variables: &["AWS_PROFILE"],
        about: &[
            "The profile of ~/.aws/config to use.",
            "Not set: the AWS SDK chooses.",
        ],
        expected: "the name of a profile",
        set: |settings, given| given.non_empty().map(|text| settings.profile = Some(text)),
        show: |settings| settings.profile.as_deref().map(quoted),
    },
    Setting {
        path: "region",
        default: None,
        example: "\"eu-west-1\"",
        flag: Some("--region"),
        variable: None,
        sdk_variables: &["AWS_REGION", "AWS_DEFAULT_REGION"],
        about: &["The AWS region to open.", "Not set: the AWS SDK chooses."],
        expected: "the name of a region, such as \"eu-west-1\"",
        set: |settings, given| given.non_empty().map(|text| settings.region = Some(text)),
        show: |settings| settings.region.as_deref().map(quoted),
    },
    Setting {
        path: "endpoint_url",
        default: None,
        example: "\"http://127.0.0.1:4577\"",
        flag: Some("--endpoint-url"),
        variable: None,
        sdk_variables: &["AWS_ENDPOINT_URL"],
        about: &[
            "Send every call to this address instead of to AWS, such as that of `cutover sim`.",
            "Not set: the AWS SDK chooses.",
        ],
        expected: "an address that starts with http:// or https://",
        set: |settings, given| {
            let text = given.non_empty().filter(|text| is_endpoint(text))?;
            settings.endpoint_url = Some(text);
            Some(())
        },
        show: |settings| settings.endpoint_url.as_deref().map(quoted),
    },
    Setting {
        path: "cluster",
        default: None,
        example: "\"prod-core\"",
        flag: Some("--cluster"),
        variable: None,
        sdk_variables: &[],
        about: &[
            "Show only this cluster, by name or ARN.",
            "Not set: every cluster.",
        ],
        expected: "the name or ARN of a cluster",
        set: |settings, given| given.non_empty().map(|text| settings.cluster = Some(text)),
        show: |settings| settings.cluster.as_deref().map(quoted),
    },
    Setting {
        path: "service",
        default: None,
        example: "\"payments\"",
        flag: Some("--service"),
        variable: None,
        sdk_variables: &[],
        about: &[
            "Show only this service, by name or ARN.",
            "Not set: every service.",
        ],
        expected: "the name or ARN of a service",
        set: |settings, given| given.non_empty().map(|text| settings.service = Some(text)),
        show: |settings| settings.service.as_deref().map(quoted),
    },
    Setting {
        path: "read_only",
        default: Some("false"),
        example: "true",
        flag: Some("--read-only"),
        variable: Some("CUTOVER_READ_ONLY"),
        sdk_variables: &[],
        about: &["Refuse every call that would change something in AWS."],
        expected: "true or false",
        set: |settings, given| given.switch().map(|switch| settings.read_only = switch),
        show: |settings| Some(settings.read_only.to_string()),
    },
    Setting {
        path: "refresh",
        default: Some("\"2s\""),
        example: "\"5s\"",
        flag: Some("--refresh"),
        variable: Some("CUTOVER_REFRESH"),
        sdk_variables: &[],
        about: &[
            "How often to read what is on screen and in flight; at least 1s.",
            "What is at rest or off screen is read less often.",
        ],
        expected: REFRESH_EXPECTED,
        set: |settings, given| {
            settings.refresh = parse_refresh(given.text()?)?;
            Some(())
        },
        show: |settings| Some(quoted(&duration::format(settings.refresh))),
    },
    Setting {
        path: "theme",
        default: Some("\"auto\""),
        example: "\"colour-blind\"",
        flag: Some("--theme"),
        variable: Some("CUTOVER_THEME"),
        sdk_variables: &[],
        about: &[
            "The colours: auto, dark, light, high-contrast, colour-blind, the name of a theme of",
            "your own in themes/ beside the default configuration, or the path of a theme file.",
            "auto is light on a terminal that says it is light, else dark. NO_COLOR wins over it.",
        ],
        expected: "\"auto\", the name of a theme, or the path of a theme file",
        set: |settings, given| {
            settings.theme = ThemeChoice::parse(given.text()?)?;
            Some(())
        },
        show: |settings| Some(quoted(&settings.theme.to_string())),
    },
    Setting {
        path: "symbols",
        default: Some("\"unicode\""),
        example: "\"ascii\"",
        flag: Some("--symbols"),
        variable: Some("CUTOVER_SYMBOLS"),
        sdk_variables: &[],
        about: &["unicode, or ascii for plain fonts and screen readers."],
        expected: "\"unicode\" or \"ascii\"",
        set: |settings, given| {
            settings.symbols = given.choice()?;
            Some(())
        },
        show: |settings| Some(quoted(&name_of(&settings.symbols))),
    },
    Setting {
        path: "log_level",
        default: Some("\"info\""),
        example: "\"debug\"",
        flag: Some("--log-level"),
        variable: Some("CUTOVER_LOG_LEVEL"),
        sdk_variables: &[],
        about: &["How much the program's own log says: off, error, warn, info, debug or trace."],
        expected: "\"off\", \"error\", \"warn\", \"info\", \"debug\" or \"trace\"",
        set: |settings, given| {
            settings.log_level = given.choice()?;
            Some(())
        },
        show: |settings| Some(quoted(&name_of(&settings.log_level))),
    },
    Setting {
        path: "time_zone",
        default: Some("\"local\""),
        example: "\"utc\"",
        flag: None,
        variable: None,
        sdk_variables: &[],
        about: &["How points in time are shown: local, or utc."],
        expected: "\"local\" or \"utc\"",
        set: |settings, given| {
            settings.time_zone = given.choice()?;
            Some(())
        },
        show: |settings| Some(quoted(&name_of(&settings.time_zone))),
    },
    Setting {
        path: "production.accounts",
        default: Some("[]"),
        example: "[\"123456789012\", \"*-prod\"]",
        flag: None,
        variable: None,
        sdk_variables: &[],
        about: &[
            "Accounts that are production, by id or alias. * stands for any text, ? for one",
            "character; upper and lower case differ.",
        ],
        expected: "a list of patterns, such as [\"123456789012\", \"*-prod\"]",
        set: |settings, given| {
            settings.production.accounts = given.patterns()?;
            Some(())
        },
        show: |settings| Some(list(&settings.production.accounts)),
    },
    Setting {
        path: "production.clusters",
        default: Some("[]"),
        example: "[\"prod-*\"]",
        flag: None,
        variable: None,
        sdk_variables: &[],
        about: &["Clusters that are production, by name, in any account."],
        expected: "a list of patterns, such as [\"prod-*\"]",
        set: |settings, given| {
            settings.production.clusters = given.patterns()?;
            Some(())
        },
        show: |settings| Some(list(&settings.production.clusters)),
    },
    Setting {
        path: "notify.gates",
        default: Some("\"bell\""),
        example: "\"osc9\"",
        flag: None,
        variable: None,
        sdk_variables: &[],
        about: &[
            "How the terminal is told that something begins to wait for you: none, bell, or osc9 for",
            "a desktop notification, where the terminal knows OSC 9. It is on screen in any case.",
        ],
        expected: "\"none\", \"bell\" or \"osc9\"",
        set: |settings, given| {
            settings.notify_gates = given.choice()?;
            Some(())
        },
        show: |settings| Some(quoted(&name_of(&settings.notify_gates))),
    },
    Setting {
        path: "logs.live",
        default: Some("true"),
        example: "false",
        flag: None,
        variable: None,
        sdk_variables: &[],
        about: &[
            "Whether log lines come by Live Tail of CloudWatch Logs, which AWS bills by the minute",
            "while the logs screen is open. Without it they are read again and again.",
        ],
        expected: "true or false",
        set: |settings, given| {
            settings.live_logs = given.switch()?;
            Some(())
        },
        show: |settings| Some(settings.live_logs.to_string()),
    },
];

/// What the pace must be; fits behind "must be".
pub const REFRESH_EXPECTED: &str = "a duration of at least one second, such as \"2s\"";

/// Reads a pace: a duration of at least [`LEAST_REFRESH`].
pub fn parse_refresh(text: &str) -> Option<std::time::Duration> {
    duration::parse(text).filter(|pace| *pace >= LEAST_REFRESH)
}

/// Whether a text can be the address of an endpoint. Whether something answers there is found out
/// when it is called.
pub fn is_endpoint(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        text.strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::settings::{GateNotice, LogLevel, Symbols, TimeZoneChoice};
    use super::*;

    #[test]
    fn paths_are_unique_and_sections_stay_together() {
        let mut seen = Vec::new();
        let mut sections = Vec::new();
        for setting in SETTINGS {
            assert!(
                !seen.contains(&setting.path),
                "{} stands twice",
                setting.path
            );
            seen.push(setting.path);
            let (section, _) = setting.section_and_key();
            if sections.last() != Some(&section) {
                assert!(!sections.contains(&section), "section {section} is split");
                sections.push(section);
            }
        }
        assert_eq!(
            sections.first(),
            Some(&""),
            "keys after a section would belong to it"
        );
    }

    #[test]
    fn the_defaults_of_the_table_are_the_defaults_of_the_program() {
        let settings = Settings::default();
        for setting in SETTINGS {
            assert_eq!(
                (setting.show)(&settings).as_deref(),
                setting.default,
                "{}",
                setting.path
            );
        }
    }

    #[test]
    fn every_choice_is_named_where_it_is_expected() {
        fn check<T: ValueEnum>(path: &str) {
            let setting = find(path).unwrap();
            for value in T::value_variants() {
                let name = value.to_possible_value().unwrap().get_name().to_owned();
                assert!(setting.expected.contains(&quoted(&name)), "{path} {name}");
                let mut settings = Settings::default();
                assert_eq!((setting.set)(&mut settings, &Given::Text(&name)), Some(()));
                assert_eq!((setting.show)(&settings), Some(quoted(&name)));
            }
        }
        check::<Symbols>("symbols");
        check::<LogLevel>("log_level");
        check::<TimeZoneChoice>("time_zone");
        check::<GateNotice>("notify.gates");
    }

    #[test]
    fn the_wrong_type_is_refused_by_every_setting() {
        for setting in SETTINGS {
            let mut settings = Settings::default();
            assert_eq!(
                (setting.set)(&mut settings, &Given::Other),
                None,
                "{}",
                setting.path
            );
            assert_eq!(settings, Settings::default(), "{}", setting.path);
        }
    }

    #[test]
    fn the_pace_has_a_least() {
        assert_eq!(parse_refresh("1s"), Some(LEAST_REFRESH));
        assert_eq!(parse_refresh("999ms"), None);
        assert_eq!(parse_refresh("2"), None);
    }

    #[test]
    fn an_endpoint_has_a_scheme_and_a_host() {
        assert!(is_endpoint("http://127.0.0.1:4577"));
        assert!(is_endpoint("https://ecs.example.com/path"));
        for refused in ["", "127.0.0.1:4577", "http://", "http:///x", "ftp://host"] {
            assert!(!is_endpoint(refused), "{refused}");
        }
    }
}
