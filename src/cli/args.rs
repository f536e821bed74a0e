//! What can be typed on the command line. Only types: what they do is decided elsewhere.

use std::net::SocketAddr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;

use crate::config::duration;
use crate::config::flags::{self, GlobalArgs};

const EXAMPLES: &str = "\
Examples:
  cutover demo                          look around, without any AWS account
  cutover                               open what the AWS SDK finds by default
  cutover --profile oncall --read-only  watch, and be unable to change anything
  cutover --cluster prod-core --service payments
  cutover status -o json                print the releases board once, for scripts
  cutover config init                   write a configuration to start from

In the cockpit: ? lists the keys, q leaves. Nothing is ever sent that changes
something in AWS before you have confirmed a plan that names the exact call.";

const DEMO_EXAMPLES: &str = "\
Examples:
  cutover demo                            an interesting evening on call
  cutover demo --scenario bad-rolling     a release that fails and rolls back
  cutover demo --scenario fleet --services 2000 --clusters 40
  cutover demo --speed 10                 ten simulated seconds in every second
  cutover demo --at http://127.0.0.1:4577 one that cutover sim serves";

const SIM_EXAMPLES: &str = "\
Examples:
  cutover sim                             an empty world on 127.0.0.1:4577
  cutover sim --scenario rolling --paused
  aws --endpoint-url http://127.0.0.1:4577 ecs list-clusters
  curl -d '{\"seconds\":60}' http://127.0.0.1:4577/_sim/advance";

const STATUS_EXAMPLES: &str = "\
Examples:
  cutover status                          every release in flight, and recent ones
  cutover status --cluster prod-core
  cutover status -o json | jq '.releases[] | select(.status == \"waiting\")'";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  cutover completions bash > ~/.local/share/bash-completion/completions/cutover
  cutover completions zsh > ~/.zfunc/_cutover
  cutover completions fish > ~/.config/fish/completions/cutover.fish";

/// The release cockpit for Amazon ECS in the terminal.
///
/// One screen shows every release in flight, whatever mechanism moves it, and the few keys that
/// steer it. Without a command, the cockpit opens on AWS with the credentials and the region that
/// the AWS SDK finds: profiles, SSO, credential processes, the environment, instance metadata.
#[derive(Clone, Debug, Parser)]
#[command(name = "cutover", version, after_long_help = EXAMPLES)]
pub struct Cli {
    /// What every command understands.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do instead of opening the cockpit on AWS.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Open the cockpit on the simulated AWS: no account, no network, nothing to break
    Demo(DemoArgs),
    /// Serve the simulated AWS alone, for any AWS client
    Sim(SimArgs),
    /// Print the releases board once
    Status(StatusArgs),
    /// Write, find or explain the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print completions for a shell
    #[command(after_long_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell to complete in
        #[arg(value_enum)]
        shell: Shell,
    },
}

/// What the simulated world is made of, for the commands that run one.
#[derive(Clone, Debug, Args)]
pub struct WorldArgs {
    /// World to simulate: the name of a scenario, or a TOML file
    #[arg(long, value_name = "NAME|FILE")]
    pub scenario: Option<String>,

    /// Same seed, same world, same ids
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Simulated seconds that pass in a second
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,

    /// Let time stand still until it is advanced
    #[arg(long)]
    pub paused: bool,

    /// Number of services, for scenarios that can have any
    #[arg(long, value_name = "N")]
    pub services: Option<u32>,

    /// Number of clusters, for scenarios that can have any
    #[arg(long, value_name = "N")]
    pub clusters: Option<u32>,

    /// Number of pipelines, for scenarios that can have any
    #[arg(long, value_name = "N")]
    pub pipelines: Option<u32>,
}

/// The flags of `cutover demo`.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = DEMO_EXAMPLES)]
pub struct DemoArgs {
    /// The world.
    #[command(flatten)]
    pub world: WorldArgs,

    /// Open a simulated AWS that runs already, as cutover sim printed it
    #[arg(
        long,
        value_name = "URL",
        value_parser = flags::endpoint_url,
        conflicts_with_all = ["scenario", "seed", "speed", "paused", "services", "clusters", "pipelines"]
    )]
    pub at: Option<String>,
}

/// The flags of `cutover sim`.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = SIM_EXAMPLES)]
pub struct SimArgs {
    /// The world.
    #[command(flatten)]
    pub world: WorldArgs,

    /// Address to serve on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4577")]
    pub listen: SocketAddr,

    /// Simulated time at the start, such as 2026-11-21T02:41:00Z; without it, now
    #[arg(long, value_name = "RFC3339")]
    pub start: Option<Timestamp>,

    /// Wait this long before every answer, such as 200ms
    #[arg(long, value_name = "DURATION", value_parser = latency, default_value = "0s")]
    pub latency: Duration,

    /// Never answer with throttling: leave out AWS's limits on calls
    #[arg(long)]
    pub no_limits: bool,
}

/// The flags of `cutover status`.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = STATUS_EXAMPLES)]
pub struct StatusArgs {
    /// How to print it
    #[arg(
        short,
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "table"
    )]
    pub output: OutputFormat,
}

/// In which form `cutover status` prints.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people
    Table,
    /// For programs; the schema is in the documentation
    Json,
}

/// What `cutover config` can do.
#[derive(Clone, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Write a configuration with every setting in it, commented out
    Init {
        /// Replace the file if it exists
        #[arg(long)]
        force: bool,
    },
    /// Print where the configuration is read from
    Path,
    /// Print the settings in effect, and where each comes from
    Show,
}

fn latency(text: &str) -> Result<Duration, String> {
    duration::parse(text).ok_or_else(|| "must be a duration, such as \"200ms\"".to_owned())
}

fn speed(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|speed: &f64| speed.is_finite() && *speed > 0.0)
        .ok_or_else(|| "must be a number above 0, such as 10".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn help_of(path: &[&str]) -> String {
        let mut command = Cli::command().term_width(96);
        command.build();
        let mut found = &mut command;
        for name in path {
            found = found.find_subcommand_mut(name).unwrap();
        }
        found.render_long_help().to_string()
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help() {
        insta::assert_snapshot!("help", help_of(&[]));
        insta::assert_snapshot!("help_demo", help_of(&["demo"]));
        insta::assert_snapshot!("help_sim", help_of(&["sim"]));
        insta::assert_snapshot!("help_status", help_of(&["status"]));
        insta::assert_snapshot!("help_config", help_of(&["config"]));
        insta::assert_snapshot!("help_completions", help_of(&["completions"]));
    }

    #[test]
    fn global_flags_stand_before_or_after_the_command() {
        for line in [
            ["cutover", "--region", "x", "status"],
            ["cutover", "status", "--region", "x"],
        ] {
            let cli = Cli::try_parse_from(line).unwrap();
            assert_eq!(cli.global.region.as_deref(), Some("x"));
            assert!(matches!(cli.command, Some(Command::Status(_))));
        }
    }

    #[test]
    fn sim_has_the_documented_defaults() {
        let cli = Cli::try_parse_from(["cutover", "sim"]).unwrap();
        let Some(Command::Sim(arguments)) = cli.command else {
            panic!("{cli:?}")
        };
        assert_eq!(arguments.listen.to_string(), "127.0.0.1:4577");
        assert_eq!(arguments.latency, Duration::ZERO);
        assert!(!arguments.no_limits && !arguments.world.paused);
        assert_eq!((arguments.world.scenario, arguments.start), (None, None));
    }

    #[test]
    fn wrong_values_are_refused_with_what_is_expected() {
        for (line, expected) in [
            (
                ["cutover", "--refresh=500ms", "status"],
                "at least one second",
            ),
            (["cutover", "--endpoint-url=localhost", "status"], "http://"),
            (["cutover", "demo", "--speed=0"], "above 0"),
            (["cutover", "demo", "--speed=inf"], "above 0"),
            (["cutover", "sim", "--latency=5"], "200ms"),
            (["cutover", "sim", "--start=yesterday"], "yesterday"),
            (["cutover", "status", "-o=xml"], "table"),
        ] {
            let error = Cli::try_parse_from(line).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
