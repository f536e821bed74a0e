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

/// The screens on which an action can have a place. Two actions whose screens never meet may share a
/// key.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Every screen.
    Everywhere,
    /// Only where log lines are read.
    InLogs,
    /// Every screen but that one.
    OutsideLogs,
}

impl Place {
    /// Whether the action can have a place where log lines are read, or where they are not.
    pub fn holds(self, in_logs: bool) -> bool {
        match self {
            Self::Everywhere => true,
            Self::InLogs => in_logs,
            Self::OutsideLogs => !in_logs,
        }
    }
}

impl Action {
    /// Where the action can have a place. Fingers that know k9s, `less` and `lnav` find their keys where
    /// lines are read, although the letters mean something else on lists.
    pub fn place(self) -> Place {
        match self {
            Self::Bottom
            | Self::SortNext
            | Self::SortReverse
            | Self::FaultsOnly
            | Self::TaskDefinition
            | Self::Stopped
            | Self::Deploy
            | Self::StopTask
            | Self::Retry
            | Self::RetryAll
            | Self::Start
            | Self::Abandon
            | Self::Transition
            | Self::Override => Place::OutsideLogs,
            _ if self.spec().group == Group::Logs => Place::InLogs,
            _ => Place::Everywhere,
        }
    }

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
    LastLines, "last-lines", ["P"], Look, "last lines of the task that stopped or failed";
    Tasks, "tasks", ["T"], Look, "tasks of what is selected";
    History, "history", ["p"], Look, "releases of the service, executions of the pipeline";
    TaskDefinition, "task-definition", ["t"], Look, "revisions of the task definition";
    Stopped, "stopped", ["x"], Look, "switch between running and stopped tasks";
    Copy, "copy", ["y"], Look, "copy the ARN to the clipboard; where lines are read, the line";
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
    Follow, "follow", ["G", "end"], Logs, "follow the newest line";
    Pause, "pause", ["space"], Logs, "pause; lines wait below and none is lost";
    Search, "search", ["s"], Logs, "search and highlight: text, or -r regular expression";
    NextMatch, "next-match", ["n"], Logs, "the next line that the search finds";
    PreviousMatch, "previous-match", ["N"], Logs, "the line before that the search finds";
    NextError, "next-error", ["e", "]"], Logs, "the next error";
    PreviousError, "previous-error", ["E", "["], Logs, "the error before";
    Level, "level", ["z"], Logs, "show warnings and worse, then only errors, then all";
    Filters, "filters", ["&", "tab"], Logs, "the filters: add, switch on and off, remove";
    Around, "around", ["C"], Logs, "lines around what passes the filters: 0, 1, 3 or 10";
    Sides, "sides", ["v"], Logs, "old and new side by side, or merged";
    Histogram, "histogram", ["i"], Logs, "lines and errors per minute of each side";
    Hue, "hue", ["h"], Logs, "colour lines by release or by task";
    Json, "json", ["J"], Logs, "JSON as it came, reduced to chosen fields, or pretty";
    Fields, "fields", ["K"], Logs, "choose the fields that JSON lines are reduced to";
    Wrap, "wrap", ["w"], Logs, "wrap long lines";
    Timestamps, "timestamps", ["t", "ctrl-t"], Logs, "times: as configured, UTC, how long ago, none";
    Mark, "mark", ["m"], Logs, "mark the line; while following, put a mark after the newest";
    NextMark, "next-mark", ["'", "u"], Logs, "the next marked line";
    PreviousMark, "previous-mark", ["\""], Logs, "the marked line before";
    Select, "select", ["V"], Logs, "select lines from here to the cursor: y copies them";
    CopyMessage, "copy-message", ["Y"], Logs, "copy only what the line says, without its time and task";
    Save, "save", ["ctrl-s"], Logs, "save the lines that are shown, or selected, to a file";
    FullScreen, "full-screen", ["f"], Logs, "only the lines, on the whole screen";
    Tail, "tail", ["0"], Logs, "the newest lines, as the screen opens";
    Head, "head", ["1"], Logs, "the first lines of what is shown";
    LastMinute, "last-minute", ["2"], Logs, "lines of the last minute, and what comes";
    Last5Minutes, "last-5-minutes", ["3"], Logs, "lines of the last 5 minutes, and what comes";
    Last15Minutes, "last-15-minutes", ["4"], Logs, "lines of the last 15 minutes, and what comes";
    Last30Minutes, "last-30-minutes", ["5"], Logs, "lines of the last 30 minutes, and what comes";
    LastHour, "last-hour", ["6"], Logs, "lines of the last hour, and what comes";
    Help, "help", ["?"], Program, "the keys";
    Refresh, "refresh", ["ctrl-r", "f5"], Program, "ask AWS again now";
    Redraw, "redraw", ["ctrl-l"], Program, "draw the screen anew";
    Suspend, "suspend", ["ctrl-z"], Program, "suspend; fg brings it back";
    QuitOrBack, "quit", ["q"], Program, "go back; at home: quit";
    Quit, "quit-now", ["ctrl-c"], Program, "quit";
}
