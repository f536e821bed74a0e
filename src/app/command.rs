//! The command line after `:`.

mod logs;
#[cfg(test)]
mod tests;

use super::model::Model;
use super::screen::Screen;
use super::selection::{selected_source, selection};
use crate::app::logs::Extent;
use crate::app::logs_range::Range;
use crate::domain::context::Scoped;
use crate::keys::Place;

pub use logs::hint;

/// What a command line means.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Go to a screen.
    Go(Screen),
    /// End the program.
    Quit,
    /// Show another time of the log lines.
    Show(Range),
    /// Save log lines to a file.
    Save {
        /// Which ones; `None` for those that are selected, or else shown.
        extent: Option<Extent>,
        /// The file as it was typed; `None` for one of its own name.
        path: Option<String>,
    },
    /// Write the note of an incident to a file.
    Export {
        /// The file as it was typed; `None` for one of its own name.
        path: Option<String>,
    },
    /// What was typed cannot be understood: it stays to be mended, and [`hint`] says why.
    Mend,
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
    /// What is typed behind it; empty when nothing is.
    pub argument: &'static str,
    /// Where it means something.
    pub place: Place,
    /// What it does.
    pub summary: &'static str,
}

macro_rules! command {
    ($name:literal, $aliases:expr, $summary:literal) => {
        command!($name, $aliases, "", Place::Everywhere, $summary)
    };
    ($name:literal, $aliases:expr, $argument:literal, $place:expr, $summary:literal) => {
        CommandSpec {
            name: $name,
            aliases: &$aliases,
            argument: $argument,
            place: $place,
            summary: $summary,
        }
    };
}

/// All commands.
pub const COMMANDS: [CommandSpec; 21] = [
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
    command!(
        "since",
        [],
        "DURATION",
        Place::InLogs,
        "log lines of the last 90s, 15m, 1h30m or 2d, and what comes"
    ),
    command!(
        "at",
        [],
        "TIME",
        Place::InLogs,
        "log lines around 02:13, 02:13:30, yesterday 02:13 or 2026-11-20 02:13"
    ),
    command!(
        "save",
        [],
        "[all] [PATH]",
        Place::InLogs,
        "save the log lines that are shown, or all, to a file; none is ever overwritten"
    ),
    command!(
        "export",
        [],
        "[PATH]",
        Place::InLogs,
        "write a note of the incident: the release, its timeline, errors, log lines"
    ),
    command!("log", [], "the program's own log"),
    command!("errors", ["err"], "what failed, and when"),
    command!("actions", ["act"], "what was done from here"),
    command!("help", ["h", "?"], "the keys"),
    command!("quit", ["q", "q!", "exit"], "end the program"),
];

/// Reads a command line. A unique beginning of a name is enough.
pub fn parse(model: &Model, line: &str) -> Command {
    let line = line.trim();
    let (word, argument) = split(line);
    match find(model, word) {
        Some(command) if !command.argument.is_empty() => logs::parse(model, command, argument),
        Some(command) if argument.is_empty() => run(model, command.name),
        _ if line.is_empty() => Command::Nothing(String::new()),
        _ => Command::Nothing(match &completions(model, line)[..] {
            [] => format!("there is no screen {line:?}; :help lists them"),
            several => {
                let names: Vec<&str> = several.iter().map(|command| command.name).collect();
                format!("{line:?} could be {}", names.join(" or "))
            }
        }),
    }
}

/// The commands whose names begin with what is typed, of those that mean something on the screen in
/// front.
pub fn completions(model: &Model, typed: &str) -> Vec<&'static CommandSpec> {
    let typed = typed.trim();
    let in_logs = matches!(model.navigation.current().screen, Screen::Logs(_));
    COMMANDS
        .iter()
        .filter(|command| command.place.holds(in_logs) && command.name.starts_with(typed))
        .collect()
}

/// The command of a word: its name or one of its other names, or a beginning that only it has.
fn find(model: &Model, word: &str) -> Option<&'static CommandSpec> {
    let exact = COMMANDS
        .iter()
        .find(|command| command.name == word || command.aliases.contains(&word));
    exact.or_else(|| match completions(model, word)[..] {
        [only] if !word.is_empty() => Some(only),
        _ => None,
    })
}

/// The first word of a line, and what stands behind it.
fn split(line: &str) -> (&str, &str) {
    let (word, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (word, argument.trim())
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
