//! The lifecycle events of a CodeDeploy deployment to ECS.

use crate::sim::clock::SimTime;

/// A lifecycle event. The order is the order in which they happen.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lifecycle {
    /// Before the replacement task set is made.
    BeforeInstall,
    /// The replacement task set is made, and becomes healthy.
    Install,
    /// The replacement task set is there.
    AfterInstall,
    /// The test listener sends requests to it.
    AllowTestTraffic,
    /// The test listener has sent requests to it.
    AfterAllowTestTraffic,
    /// Before production traffic moves.
    BeforeAllowTraffic,
    /// Production traffic moves.
    AllowTraffic,
    /// Production traffic has moved.
    AfterAllowTraffic,
}

impl Lifecycle {
    /// All of them, in order.
    pub const ALL: [Self; 8] = [
        Self::BeforeInstall,
        Self::Install,
        Self::AfterInstall,
        Self::AllowTestTraffic,
        Self::AfterAllowTestTraffic,
        Self::BeforeAllowTraffic,
        Self::AllowTraffic,
        Self::AfterAllowTraffic,
    ];

    /// The event that a word of an `AppSpec` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// The word of CodeDeploy.
    pub fn word(self) -> &'static str {
        match self {
            Self::BeforeInstall => "BeforeInstall",
            Self::Install => "Install",
            Self::AfterInstall => "AfterInstall",
            Self::AllowTestTraffic => "AllowTestTraffic",
            Self::AfterAllowTestTraffic => "AfterAllowTestTraffic",
            Self::BeforeAllowTraffic => "BeforeAllowTraffic",
            Self::AllowTraffic => "AllowTraffic",
            Self::AfterAllowTraffic => "AfterAllowTraffic",
        }
    }

    /// Whether an `AppSpec` may name a function for it.
    pub fn takes_hook(self) -> bool {
        !matches!(
            self,
            Self::Install | Self::AllowTestTraffic | Self::AllowTraffic
        )
    }

    /// Whether it is about the test listener.
    pub fn is_test(self) -> bool {
        matches!(self, Self::AllowTestTraffic | Self::AfterAllowTestTraffic)
    }

    /// The one that follows.
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|one| *one > self)
    }
}

/// Where a lifecycle event is.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum EventStatus {
    /// It has not begun.
    #[default]
    Pending,
    /// It has begun.
    InProgress,
    /// It ended well.
    Succeeded,
    /// It ended badly.
    Failed,
    /// It was left out.
    Skipped,
    /// It was under way when the deployment was stopped.
    Unknown,
}

impl EventStatus {
    /// The word of CodeDeploy.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::InProgress => "InProgress",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Skipped => "Skipped",
            Self::Unknown => "Unknown",
        }
    }
}

/// Why a lifecycle event failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    /// `ScriptFailed`, `ScriptTimedOut` or `UnknownError`.
    pub code: &'static str,
    /// The function that failed; empty when it was none.
    pub script: String,
    /// Words for people.
    pub message: String,
}

/// A lifecycle event of one deployment.
#[derive(Clone, Debug)]
pub struct LifecycleEvent {
    /// Which one.
    pub kind: Lifecycle,
    /// Where it is.
    pub status: EventStatus,
    /// When it began.
    pub started_at: Option<SimTime>,
    /// When it ended.
    pub ended_at: Option<SimTime>,
    /// Why it failed, if it did.
    pub diagnostics: Option<Diagnostics>,
}

impl LifecycleEvent {
    /// An event that has not begun.
    pub fn new(kind: Lifecycle) -> Self {
        Self {
            kind,
            status: EventStatus::Pending,
            started_at: None,
            ended_at: None,
            diagnostics: None,
        }
    }
}
