//! The flags that win over the environment and the file.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::settings::{LogLevel, Symbols, ThemeChoice};
use super::table;

const AWS: &str = "AWS options";
const SCREEN: &str = "Screen options";
const PROGRAM: &str = "Program options";

/// The flags that stand before or after a command. Each wins over the environment and the file.
#[derive(Clone, Debug, Default, Args)]
pub struct GlobalArgs {
    /// Profile of ~/.aws/config to use
    #[arg(long, global = true, value_name = "NAME", help_heading = AWS)]
    pub profile: Option<String>,

    /// AWS region to open, such as eu-west-1
    #[arg(long, global = true, value_name = "REGION", help_heading = AWS)]
    pub region: Option<String>,

    /// Send every call to this address instead of to AWS
    ///
    /// Without it, the AWS SDK follows `AWS_ENDPOINT_URL` and its own files.
    #[arg(long, global = true, value_name = "URL", value_parser = endpoint_url, help_heading = AWS)]
    pub endpoint_url: Option<String>,

    /// Only this cluster, by name or ARN
    #[arg(long, global = true, value_name = "CLUSTER", help_heading = AWS)]
    pub cluster: Option<String>,

    /// Only this service, by name or ARN
    #[arg(long, global = true, value_name = "SERVICE", help_heading = AWS)]
    pub service: Option<String>,

    /// Refuse every call that would change something in AWS
    #[arg(long, global = true, help_heading = AWS)]
    pub read_only: bool,

    /// How often to read what is on screen and in flight, such as 2s
    ///
    /// At least 1s. What is at rest or off screen is read less often.
    #[arg(long, global = true, value_name = "DURATION", value_parser = refresh, help_heading = AWS)]
    pub refresh: Option<Duration>,

    /// Colours: auto, a theme's name, or a theme file
    ///
    /// The themes that come with cutover are dark, light, high-contrast and colour-blind. auto is
    /// light on a terminal that says it is light, else dark. `NO_COLOR` turns colours off.
    #[arg(long, global = true, value_name = "THEME", value_parser = theme, help_heading = SCREEN)]
    pub theme: Option<ThemeChoice>,

    /// Symbols beside the words; ascii is for plain fonts and screen readers
    #[arg(long, global = true, value_enum, value_name = "SET", help_heading = SCREEN)]
    pub symbols: Option<Symbols>,

    /// Read this configuration instead of the default one
    #[arg(long, global = true, value_name = "FILE", help_heading = PROGRAM)]
    pub config: Option<PathBuf>,

    /// How much the program's own log says
    #[arg(long, global = true, value_enum, value_name = "LEVEL", help_heading = PROGRAM)]
    pub log_level: Option<LogLevel>,
}

fn refresh(text: &str) -> Result<Duration, String> {
    table::parse_refresh(text).ok_or_else(|| format!("must be {}", table::REFRESH_EXPECTED))
}

fn theme(text: &str) -> Result<ThemeChoice, String> {
    ThemeChoice::parse(text).ok_or_else(|| "must be auto, a name or a path".to_owned())
}

/// Reads the address of an endpoint.
pub fn endpoint_url(text: &str) -> Result<String, String> {
    if table::is_endpoint(text) {
        Ok(text.to_owned())
    } else {
        Err("must be an address that starts with http:// or https://".to_owned())
    }
}
