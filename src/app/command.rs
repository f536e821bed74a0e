//! The command line after `:`.

use super::model::Model;
use super::screen::Screen;
use super::selection::{selected_source, selection};
use crate::domain::context::Scoped;

/// What a command line means.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Go to a screen.
    Go(Screen),
    /// End the program.
    Quit,
    /// It means nothing, and why.
    Nothing(String),
}

/// A command with its other names and what it does.
#[derive(Copy, Clone, Debug)]
pub struct CommandSpec {
    /// The name that completion offers.
    pub name: &'static str,
    /// Other names, as k9s and e1s have them.
    pub aliases: &'static [&'static str],
    /// What it does.
    pub summary: &'static str,
}

macro_rules! command {
    ($name:literal, $aliases:expr, $summary:literal) => {
        CommandSpec {
            name: $name,
            aliases: &$aliases,
            summary: $summary,
        }
    };
}

/// All commands.
pub const COMMANDS: [CommandSpec; 17] = [
    command!(
        "releases",
        ["rel", "home"],
        "releases in flight, then recent ones"
    ),
    command!("clusters", ["cl", "cluster"], "clusters"),
    command!("services", ["svc", "service"], "services of all clusters"),
    command!("tasks", ["task"], "tasks of what is selected"),
    command!(
        "taskdefs",
        ["td", "taskdef"],
        "families of task definitions"
    ),
    command!(
        "revisions",
        ["rev"],
        "revisions of the selected task definition"
    ),
    command!(
        "history",
        ["hist", "deployments"],
        "releases of the selected service"
    ),
    command!(
        "codedeploy",
        ["cd", "applications"],
        "applications of CodeDeploy, their groups and deployments"
    ),
    command!(
        "gates",
        ["inbox", "approvals"],
        "everything that waits for a person"
    ),
    command!(
        "pipelines",
        ["pl", "pipeline"],
        "pipelines, the worst on top"
    ),
    command!(
        "executions",
        ["ex", "exec"],
        "executions of the selected pipeline"
    ),
    command!("logs", [], "log lines of what is selected"),
    command!("log", [], "the program's own log"),
    command!("errors", ["err"], "what failed, and when"),
    command!("actions", ["act"], "what was done from here"),
    command!("help", ["h", "?"], "the keys"),
    command!("quit", ["q", "q!", "exit"], "end the program"),
];

/// Reads a command line. A unique beginning of a name is enough.
pub fn parse(model: &Model, line: &str) -> Command {
    let word = line.trim();
    let exact = COMMANDS
        .iter()
        .find(|command| command.name == word || command.aliases.contains(&word));
    let command = exact.or_else(|| match completions(word)[..] {
        [only] if !word.is_empty() => COMMANDS.iter().find(|command| command.name == only),
        _ => None,
    });
    match command {
        Some(command) => run(model, command.name),
        None if word.is_empty() => Command::Nothing(String::new()),
        None => Command::Nothing(match &completions(word)[..] {
            [] => format!("there is no screen {word:?}; :help lists them"),
            several => format!("{word:?} could be {}", several.join(" or ")),
        }),
    }
}

/// The names that begin with what is typed.
pub fn completions(typed: &str) -> Vec<&'static str> {
    let typed = typed.trim();
    COMMANDS
        .iter()
        .map(|command| command.name)
        .filter(|name| name.starts_with(typed))
        .collect()
}

fn run(model: &Model, name: &str) -> Command {
    let selected = selection(model);
    let context = selected.context;
    let nothing = |text: &str| Command::Nothing(text.to_owned());
    let screen = match name {
        "releases" => Screen::Releases,
        "clusters" => Screen::Clusters,
        "services" => Screen::Services(None),
        "taskdefs" => Screen::TaskDefinitions,
        "codedeploy" => Screen::Applications,
        "gates" => Screen::Gates,
        "pipelines" => Screen::Pipelines,
        "executions" => match selected.pipeline {
            Some(pipeline) => Screen::Executions(Scoped::new(context, pipeline)),
            None => return nothing("select a pipeline first"),
        },
        "log" => Screen::ProgramLog,
        "errors" => Screen::Errors,
        "actions" => Screen::Actions,
        "help" => Screen::Help,
        "quit" => return Command::Quit,
        "tasks" => match selected.cluster {
            Some(cluster) => Screen::Tasks {
                cluster: Scoped::new(context, cluster),
                service: selected.service,
                stopped: false,
            },
            None => return nothing("select a service or a cluster first"),
        },
        "history" => match selected.service {
            Some(service) => Screen::History(Scoped::new(context, service)),
            None => return nothing("select a service first"),
        },
        "revisions" => match super::selection::revisions_screen(model, &selected) {
            Some(screen) => screen,
            None => return nothing("select a service or a task definition first"),
        },
        "logs" => match selected_source(model, &selected) {
            Some(source) => Screen::Logs(Scoped::new(context, source)),
            None => return nothing("select a service or a task first"),
        },
        _ => return nothing("there is no such screen"),
    };
    Command::Go(screen)
}
