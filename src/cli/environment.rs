//! The process's environment and what is read from it.

use crate::config::flags::GlobalArgs;
use crate::config::load::{self, Loaded};
use crate::config::paths::Paths;
use crate::config::{self, terminal};
use crate::domain::context::{Context, ContextId};

use crate::app::model::Preferences;
use crate::config::settings::Settings;
use crate::runtime::LookSource;

/// Looks a variable of the process up; one that is not Unicode counts as not set.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Reads the configuration with this process's environment.
pub(super) fn load(global: &GlobalArgs) -> Result<Loaded, config::error::ConfigError> {
    load::load(global, &variable, Paths::home().as_deref())
}

/// What the core has to know of the settings.
pub(super) fn preferences(settings: &Settings) -> Preferences {
    Preferences {
        refresh: settings.refresh,
        live_logs: settings.live_logs,
        read_only: settings.read_only,
        production: settings.production.clone(),
        cluster: settings.cluster.clone(),
        service: settings.service.clone(),
        zone: settings.time_zone.zone(),
    }
}

/// What the look is made from on this terminal.
pub(super) fn look(loaded: &Loaded) -> LookSource {
    LookSource {
        theme: loaded.settings.theme.clone(),
        themes_dir: loaded.paths.themes_dir.clone(),
        depth: terminal::color_depth(&variable),
        symbols: loaded.settings.symbols,
        zone: loaded.settings.time_zone,
        background: terminal::background_from_environment(&variable),
        may_be_asked: terminal::may_be_asked(&variable),
    }
}

/// The context that the settings name, before the SDK has filled it in.
pub(super) fn context(settings: &Settings) -> Context {
    Context {
        id: ContextId(0),
        profile: settings.profile.clone(),
        region: settings.region.clone(),
        endpoint: settings.endpoint_url.clone(),
        demo: false,
    }
}
