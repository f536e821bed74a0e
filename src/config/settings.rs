//! What the program runs with, once every source has been heard.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use jiff::tz::TimeZone;
use tracing::level_filters::LevelFilter;

use super::pattern::Pattern;

/// The shortest pace that may be asked for. AWS's quotas are shared with the tools that deploy, so
/// a cockpit must not spend them faster than this.
pub const LEAST_REFRESH: Duration = Duration::from_secs(1);

/// The pace of what is on screen and in flight when nothing else is asked for.
pub const DEFAULT_REFRESH: Duration = Duration::from_secs(2);

/// The settings, plain data that any part of the program may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The profile in AWS's own configuration files; `None` leaves the choice to the SDK.
    pub profile: Option<String>,
    /// The region, such as `eu-west-1`; `None` leaves the choice to the SDK.
    pub region: Option<String>,
    /// The endpoint for every service; `None` leaves the choice to the SDK.
    pub endpoint_url: Option<String>,
    /// Only this cluster, by name or ARN; `None` is every cluster.
    pub cluster: Option<String>,
    /// Only this service, by name or ARN; `None` is every service.
    pub service: Option<String>,
    /// Whether nothing may be changed in AWS.
    pub read_only: bool,
    /// The pace of what is on screen and in flight, at least [`LEAST_REFRESH`].
    pub refresh: Duration,
    /// Whether log lines may come by Live Tail, which AWS bills by the minute.
    pub live_logs: bool,
    /// Which theme colours the screen.
    pub theme: ThemeChoice,
    /// Which symbols stand beside the words.
    pub symbols: Symbols,
    /// How much the program's own log says.
    pub log_level: LogLevel,
    /// How points in time are shown.
    pub time_zone: TimeZoneChoice,
    /// What counts as production.
    pub production: ProductionRules,
    /// How the terminal is told that something begins to wait for the person.
    pub notify_gates: GateNotice,
    /// Keys of one's own: the name of an action, and the keys that start it. The names and keys
    /// are checked where the actions are known.
    pub keys: BTreeMap<String, Vec<String>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            profile: None,
            region: None,
            endpoint_url: None,
            cluster: None,
            service: None,
            read_only: false,
            refresh: DEFAULT_REFRESH,
            live_logs: true,
            theme: ThemeChoice::Auto,
            symbols: Symbols::Unicode,
            log_level: LogLevel::Info,
            time_zone: TimeZoneChoice::Local,
            production: ProductionRules::default(),
            notify_gates: GateNotice::Bell,
            keys: BTreeMap::new(),
        }
    }
}

/// Which theme is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThemeChoice {
    /// `light` on a terminal that says it is light, else `dark`.
    Auto,
    /// A theme by name: one of one's own, or one that comes with the program.
    Named(String),
    /// A theme file by path.
    File(PathBuf),
}

impl ThemeChoice {
    /// Reads a choice: `auto`, a path (it has a separator or ends in `.toml`), or a name. Only an
    /// empty text is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let is_toml = Path::new(text)
            .extension()
            .is_some_and(|extension| extension == "toml");
        match text {
            "" => None,
            "auto" => Some(Self::Auto),
            path if is_toml || path.contains(std::path::is_separator) => {
                Some(Self::File(PathBuf::from(path)))
            }
            name => Some(Self::Named(name.to_owned())),
        }
    }

    /// The same choice with a relative path taken from `directory`, as it is meant when it stands
    /// in a file there.
    #[must_use]
    pub fn relative_to(self, directory: &Path) -> Self {
        match self {
            Self::File(path) => Self::File(directory.join(path)),
            other => other,
        }
    }
}

impl fmt::Display for ThemeChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => formatter.write_str("auto"),
            Self::Named(name) => formatter.write_str(name),
            Self::File(path) => write!(formatter, "{}", path.display()),
        }
    }
}

/// Which set of symbols is drawn.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum Symbols {
    /// Symbols that most terminal fonts have.
    Unicode,
    /// Only ASCII, for plain fonts and for screen readers.
    Ascii,
}

/// How the terminal is told that a gate has appeared. It is said on screen in any case.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum GateNotice {
    /// Not at all.
    None,
    /// By its bell, which terminals ring, flash or show as a mark on the tab.
    Bell,
    /// By a desktop notification: the control sequence OSC 9, which several terminals know.
    Osc9,
}

/// How much goes to the program's own log.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What failed.
    Error,
    /// And what is doubtful.
    Warn,
    /// And what happened.
    Info,
    /// And every call to AWS.
    Debug,
    /// And the workings inside.
    Trace,
}

impl LogLevel {
    /// The filter for the log that stands for this level.
    pub fn filter(self) -> LevelFilter {
        match self {
            Self::Off => LevelFilter::OFF,
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
            Self::Trace => LevelFilter::TRACE,
        }
    }
}

/// In which zone points in time are shown.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum TimeZoneChoice {
    /// The zone of this machine.
    Local,
    /// Coordinated universal time.
    Utc,
}

impl TimeZoneChoice {
    /// The zone itself. That of this machine is read from its settings.
    pub fn zone(self) -> TimeZone {
        match self {
            Self::Local => TimeZone::system(),
            Self::Utc => TimeZone::UTC,
        }
    }
}

/// What counts as production, where the screen looks different and an action asks for the name of
/// its target to be typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductionRules {
    /// Patterns for the account's id or its alias.
    pub accounts: Vec<Pattern>,
    /// Patterns for the cluster's name.
    pub clusters: Vec<Pattern>,
}

impl ProductionRules {
    /// Whether an account is production, by its id (12 digits) or its alias where one is known.
    pub fn is_production_account(&self, id: &str, alias: Option<&str>) -> bool {
        self.accounts
            .iter()
            .any(|pattern| pattern.matches(id) || alias.is_some_and(|name| pattern.matches(name)))
    }

    /// Whether a cluster is production, by its name (not its ARN).
    pub fn is_production_cluster(&self, name: &str) -> bool {
        self.clusters.iter().any(|pattern| pattern.matches(name))
    }
}

/// The name by which a choice is written in files, variables and flags.
pub fn name_of<T: ValueEnum>(value: &T) -> String {
    value
        .to_possible_value()
        .map(|possible| possible.get_name().to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_auto_a_path_or_a_name() {
        assert_eq!(ThemeChoice::parse("auto"), Some(ThemeChoice::Auto));
        assert_eq!(
            ThemeChoice::parse("light"),
            Some(ThemeChoice::Named("light".into()))
        );
        assert_eq!(
            ThemeChoice::parse("my.toml"),
            Some(ThemeChoice::File("my.toml".into()))
        );
        assert_eq!(
            ThemeChoice::parse("a/b"),
            Some(ThemeChoice::File("a/b".into()))
        );
        assert_eq!(ThemeChoice::parse(""), None);
    }

    #[test]
    fn a_theme_path_in_a_file_starts_at_that_file() {
        let choice = ThemeChoice::File("sea.toml".into()).relative_to(Path::new("/etc/cutover"));
        assert_eq!(choice, ThemeChoice::File("/etc/cutover/sea.toml".into()));
        let choice = ThemeChoice::File("/srv/sea.toml".into()).relative_to(Path::new("/etc"));
        assert_eq!(choice, ThemeChoice::File("/srv/sea.toml".into()));
    }

    #[test]
    fn production_is_told_by_id_alias_or_cluster() {
        let rules = ProductionRules {
            accounts: vec![
                Pattern::new("1234*").unwrap(),
                Pattern::new("*-prod").unwrap(),
            ],
            clusters: vec![Pattern::new("prod-*").unwrap()],
        };
        assert!(rules.is_production_account("123456789012", None));
        assert!(rules.is_production_account("999999999999", Some("acme-prod")));
        assert!(!rules.is_production_account("999999999999", Some("acme-test")));
        assert!(!rules.is_production_account("999999999999", None));
        assert!(rules.is_production_cluster("prod-core"));
        assert!(!rules.is_production_cluster("test-prod-core"));
    }

    #[test]
    fn without_rules_nothing_is_production() {
        let rules = ProductionRules::default();
        assert!(!rules.is_production_account("123456789012", Some("prod")));
        assert!(!rules.is_production_cluster("prod"));
    }
}
