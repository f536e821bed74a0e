//! Everything a key can do on a screen.

/// Where an action stands in the help.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// Moving about.
    Move,
    /// Looking at things.
    Look,
    /// Acting on AWS: each asks first.
    Act,
    /// Reading log lines.
    Logs,
    /// The program.
    Program,
}

impl Group {
    /// The groups in the help's order.
    pub const ALL: [Self; 5] = [Self::Move, Self::Look, Self::Act, Self::Logs, Self::Program];

    /// The heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Moving",
            Self::Look => "Looking",
            Self::Act => "Acting (each asks first)",
            Self::Logs => "Reading logs",
            Self::Program => "Program",
        }
    }
}

/// An action with its name, its default keys and what it does.
#[derive(Copy, Clone, Debug)]
pub struct ActionSpec {
    /// The name in the configuration's `[keys]`.
    pub name: &'static str,
    /// The default keys.
    pub keys: &'static [&'static str],
    /// Where it stands in the help.
    pub group: Group,
    /// What it does, for the help.
    pub summary: &'static str,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident, $name:literal, $keys:expr, $group:ident, $summary:literal;)*) => {
        /// What a key can do.
        #[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $summary] $variant,)*
        }

        /// All actions, in the help's order.
        pub const ACTIONS: &[Action] = &[$(Action::$variant,)*];

        impl Action {
            /// The action's name, default keys and summary.
            pub fn spec(self) -> &'static ActionSpec {
                match self {
                    $(Self::$variant => &ActionSpec {
                        name: $name,
                        keys: &$keys,
                        group: Group::$group,
                        summary: $summary,
                    },)*
                }
            }
        }
    };
}

impl Action {
    /// What the key does on a screen where the action itself has no place. `c` copies in e1s; here it
    /// cuts over wherever there is something to cut over, and copies where there never is.
    pub fn elsewhere(self) -> Option<Self> {
        (self == Self::CutOver).then_some(Self::Copy)
    }
}

actions! {
    Up, "up", ["up", "k"], Move, "one row up";
    Down, "down", ["down", "j"], Move, "one row down";
    PageUp, "page-up", ["pgup", "ctrl-b"], Move, "one page up";
    PageDown, "page-down", ["pgdn", "ctrl-f"], Move, "one page down";
    Top, "top", ["home", "g"], Move, "the first row";
    Bottom, "bottom", ["end", "G"], Move, "the last row";
    Open, "open", ["enter", "right"], Move, "open what is selected";
    Back, "back", ["esc", "left"], Move, "go back; first clears a filter";
    Last, "last", ["-"], Move, "the screen before this one";
    Filter, "filter", ["/"], Move, "filter the list: text, !text for the inverse, -f text fuzzy";
    Command, "command", [":"], Move, "go to a screen by its name";
    SortNext, "sort", ["o"], Move, "order by the next column";
    SortReverse, "sort-reverse", ["O"], Move, "turn the order round";
    FaultsOnly, "faults-only", ["z"], Move, "show only what is wrong";
    Describe, "describe", ["d"], Look, "everything about what is selected";
    Logs, "logs", ["l", "L"], Look, "log lines of what is selected";
    Tasks, "tasks", ["T"], Look, "tasks of what is selected";
    History, "history", ["p"], Look, "releases of the service, executions of the pipeline";
    TaskDefinition, "task-definition", ["t"], Look, "revisions of the task definition";
    Stopped, "stopped", ["x"], Look, "switch between running and stopped tasks";
    Copy, "copy", ["y"], Look, "copy the ARN to the clipboard";
    Browser, "browser", ["b"], Look, "open the link of what is selected, or the AWS console's page";
    CutOver, "cut-over", ["c"], Act, "cut over: let a release that waits go on; elsewhere: copy the ARN";
    ForceRedeploy, "force-redeploy", ["F"], Act, "start the same task definition again";
    RollBack, "roll-back", ["R"], Act, "roll back a release, or a stage of a pipeline";
    StopRelease, "stop-release", ["X"], Act, "stop a CodeDeploy release or an execution, without going back";
    Deploy, "deploy", ["U"], Act, "deploy the selected revision on the service";
    DesiredCount, "desired-count", ["S"], Act, "change the desired count";
    StopTask, "stop-task", ["ctrl-d", "ctrl-k"], Act, "stop the selected task";
    Approve, "approve", ["a"], Act, "approve what waits, with a reason";
    Reject, "reject", ["A"], Act, "reject what waits, with a reason";
    Retry, "retry", ["e"], Act, "try what failed in a stage of a pipeline again";
    RetryAll, "retry-all", ["E"], Act, "try a failed stage of a pipeline again, all of its actions";
    Start, "start", ["N"], Act, "start an execution of a pipeline";
    Abandon, "abandon", ["ctrl-x"], Act, "stop an execution and leave its actions to themselves";
    Transition, "transition", ["I"], Act, "switch the way into a stage on or off";
    Override, "override", ["V"], Act, "let an execution pass the condition that holds it";
    Follow, "follow", ["f"], Logs, "follow the newest line";
    Pause, "pause", ["space"], Logs, "pause; lines wait and none is lost";
    Wrap, "wrap", ["w"], Logs, "wrap long lines";
    Timestamps, "timestamps", ["ctrl-t"], Logs, "show or hide the time of each line";
    Help, "help", ["?"], Program, "the keys";
    Refresh, "refresh", ["ctrl-r", "f5"], Program, "ask AWS again now";
    Redraw, "redraw", ["ctrl-l"], Program, "draw the screen anew";
    Suspend, "suspend", ["ctrl-z"], Program, "suspend; fg brings it back";
    QuitOrBack, "quit", ["q"], Program, "go back; at home: quit";
    Quit, "quit-now", ["ctrl-c"], Program, "quit";
}
