//! When something happens to a release by itself.

use jiff::Timestamp;

use crate::domain::lifecycle::HookAction;

/// What the clock runs for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeadlineKind {
    /// Both sides run after all traffic has moved; then the old one goes.
    Bake,
    /// The traffic stays as it is; then the next part moves.
    StepBake,
    /// A hook times out.
    HookExpiry(Option<HookAction>),
    /// A CodeDeploy deployment that is Ready goes on, or is stopped.
    ReadyWait {
        /// Whether it goes on.
        continues: bool,
    },
    /// The original task set is terminated.
    TerminationWait,
}

/// A moment at which something happens by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// What the clock runs for.
    pub kind: DeadlineKind,
    /// When it is over.
    pub at: Timestamp,
    /// Whether the moment is known to a few seconds: AWS told it, or cutover saw the stage begin.
    /// Otherwise cutover found the release in that stage, and the moment may come sooner.
    pub exact: bool,
}

impl Deadline {
    /// Seconds until then; 0 once it has passed.
    pub fn seconds_left(&self, now: Timestamp) -> i64 {
        (self.at.as_second() - now.as_second()).max(0)
    }

    /// What the clock runs for, in a word or two.
    pub fn label(&self) -> &'static str {
        match self.kind {
            DeadlineKind::Bake => "bake",
            DeadlineKind::StepBake => "step bake",
            DeadlineKind::HookExpiry(_) => "hook expires",
            DeadlineKind::ReadyWait { .. } => "ready wait",
            DeadlineKind::TerminationWait => "termination wait",
        }
    }

    /// What happens then, for a sentence such as `27m, then it rolls back`.
    pub fn then(&self) -> &'static str {
        match &self.kind {
            DeadlineKind::Bake => "the old tasks go",
            DeadlineKind::StepBake => "the next part of the traffic moves",
            DeadlineKind::HookExpiry(Some(HookAction::Continue))
            | DeadlineKind::ReadyWait { continues: true } => "it goes on",
            DeadlineKind::HookExpiry(Some(HookAction::RollBack)) => "it rolls back",
            DeadlineKind::HookExpiry(_) => "its timeout action follows",
            DeadlineKind::ReadyWait { continues: false } => "it is stopped",
            DeadlineKind::TerminationWait => "the original task set goes",
        }
    }
}
