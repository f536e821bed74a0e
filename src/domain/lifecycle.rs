//! How ECS shifts traffic: what a blue/green, linear or canary release was told to do, and the hooks
//! that hold it.

/// What a lifecycle hook does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookKind {
    /// A Lambda function decides.
    Lambda,
    /// It waits until somebody continues or rolls back.
    Pause,
    /// A kind that this version does not know, by its name.
    Unknown(String),
}

/// Where a lifecycle hook stands (ECS API reference, `DeploymentLifecycleHookStatus`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookStatus {
    /// A pause hook waits for somebody.
    AwaitingAction,
    /// A function is at work.
    InProgress,
    /// It let the release move on.
    Succeeded,
    /// It failed, and the release rolls back.
    Failed,
    /// Nobody answered in time: its timeout action follows.
    TimedOut,
    /// A status that this version does not know, by its name.
    Unknown(String),
}

/// What a hook does with a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookAction {
    /// The release moves on.
    Continue,
    /// The release rolls back.
    RollBack,
    /// An action that this version does not know, by its name.
    Unknown(String),
}

/// A hook of the present stage, as a service deployment reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifecycleHook {
    /// Names the hook; linear and canary releases get a new one at each step.
    pub id: Option<String>,
    /// What it does.
    pub kind: HookKind,
    /// The ARN of a Lambda function.
    pub target: Option<String>,
    /// Where it stands.
    pub status: HookStatus,
    /// When it times out.
    pub expires_at: Option<jiff::Timestamp>,
    /// What happens then.
    pub on_timeout: Option<HookAction>,
}

/// A hook as it is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookSetting {
    /// What it does.
    pub kind: HookKind,
    /// The ARN of a Lambda function.
    pub target: Option<String>,
    /// The stages that it holds, as they came, such as `POST_TEST_TRAFFIC_SHIFT`.
    pub stages: Vec<String>,
}

/// Traffic that moves in parts.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct TrafficSteps {
    /// The share of each step of a linear release, or of the first step of a canary, in percent.
    pub percent: f64,
    /// Minutes between two steps.
    pub bake_minutes: u32,
}

/// What a release was told to do: its `deploymentConfiguration`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ShiftSettings {
    /// Minutes that both sides run after all traffic has moved.
    pub bake_minutes: Option<u32>,
    /// The steps of a linear release.
    pub linear: Option<TrafficSteps>,
    /// The first step of a canary release.
    pub canary: Option<TrafficSteps>,
    /// Hooks at its stages.
    pub hooks: Vec<HookSetting>,
    /// Alarms that it watches.
    pub alarms: Vec<String>,
    /// Whether an alarm rolls it back.
    pub alarms_roll_back: bool,
}

/// The alarms of a service deployment as it reports them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmsReading {
    /// `MONITORING`, `MONITORING_COMPLETE`, `TRIGGERED`, `DISABLED`, as it came.
    pub status: String,
    /// Alarms that it watches.
    pub names: Vec<String>,
    /// Alarms that fired.
    pub triggered: Vec<String>,
}
