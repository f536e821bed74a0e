//! Conditions of stages: what has to hold before an execution enters, once its actions have
//! succeeded, and what is looked at once they have failed.

use std::collections::BTreeMap;

use super::action_run::RunError;
use crate::sim::clock::SimTime;

/// When a condition is looked at.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// Before the actions of the stage start.
    BeforeEntry,
    /// Once all of them have succeeded.
    OnSuccess,
    /// Once one of them has failed.
    OnFailure,
}

/// What follows when a condition does not hold, or when a stage has failed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// The stage goes back to an execution that succeeded in it.
    Rollback,
    /// The stage fails.
    Fail,
    /// The stage is tried again, once.
    Retry,
    /// The execution passes by the stage.
    Skip,
}

impl Consequence {
    /// The consequence that a word of the service model names.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "ROLLBACK" => Some(Self::Rollback),
            "FAIL" => Some(Self::Fail),
            "RETRY" => Some(Self::Retry),
            "SKIP" => Some(Self::Skip),
            _ => None,
        }
    }
}

/// A condition as it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What follows when it does not hold.
    pub result: Consequence,
    /// It holds when all of these succeed.
    pub rules: Vec<Rule>,
}

/// What a rule looks at.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum RuleProvider {
    /// What a Lambda function says.
    LambdaInvoke,
    /// The state of an alarm.
    CloudWatchAlarm,
    /// The time of the day and the week.
    DeploymentWindow,
    /// The value of a variable.
    VariableCheck,
    /// Anything else, which succeeds.
    Other,
}

impl RuleProvider {
    /// The provider of this name.
    pub fn of(name: &str) -> Self {
        match name {
            "LambdaInvoke" => Self::LambdaInvoke,
            "CloudWatchAlarm" => Self::CloudWatchAlarm,
            "DeploymentWindow" => Self::DeploymentWindow,
            "VariableCheck" => Self::VariableCheck,
            _ => Self::Other,
        }
    }
}

/// A rule as it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Unique in its condition.
    pub name: String,
    /// What it looks at.
    pub provider: RuleProvider,
    /// Its configuration, with variables that are not filled in.
    pub configuration: BTreeMap<String, String>,
}

/// The conditions of a stage, as they are declared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageConditions {
    /// What is looked at, and when.
    pub gates: BTreeMap<Gate, Condition>,
    /// What follows when the stage fails, when no condition decides it.
    pub on_failure: Option<Consequence>,
    /// Whether a stage that is tried again by itself starts with its first action.
    pub retries_all: bool,
}

/// How a condition or a rule stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ConditionStatus {
    /// It is looked at.
    InProgress,
    /// It holds.
    Succeeded,
    /// It does not hold.
    Failed,
    /// It could not be looked at.
    Errored,
    /// Its execution was stopped.
    Cancelled,
    /// Somebody let the execution pass all the same.
    Overridden,
}

impl ConditionStatus {
    /// The word of CodePipeline for a condition.
    pub fn word(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Errored => "Errored",
            Self::Cancelled => "Cancelled",
            Self::Overridden => "Overridden",
        }
    }

    /// The word for a rule, which has fewer of them.
    pub fn rule_word(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Succeeded => "Succeeded",
            Self::Failed | Self::Errored => "Failed",
            Self::Cancelled | Self::Overridden => "Abandoned",
        }
    }
}

/// A rule that is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRun {
    /// A UUID.
    pub id: String,
    /// How it stands.
    pub status: ConditionStatus,
    /// What it says of itself.
    pub summary: Option<String>,
    /// When that changed.
    pub changed_at: SimTime,
    /// What went wrong.
    pub error: Option<RunError>,
}

/// A condition that is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionRun {
    /// How it stands.
    pub status: ConditionStatus,
    /// What CodePipeline says of it.
    pub summary: Option<String>,
    /// When that changed.
    pub changed_at: SimTime,
    /// Its rules, in the order of the declaration.
    pub rules: Vec<RuleRun>,
}
