//! Why a stage of a pipeline failed, in one line.

use jiff::Timestamp;

use super::latest_with;
use crate::domain::pipeline::{
    ActionStatus, ConditionStatus, PipelineState, StageState, StageStatus,
};

/// Why a stage failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageFailure {
    /// The stage.
    pub stage: String,
    /// The action that failed; `None` where a condition did.
    pub action: Option<String>,
    /// The code, such as `JobFailed`.
    pub code: Option<String>,
    /// What the provider, the condition or the person who rejected it says.
    pub message: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

impl StageFailure {
    /// The whole in one line.
    pub fn sentence(&self) -> String {
        let what = match &self.action {
            Some(action) => format!("{action} in {}", self.stage),
            None => self.stage.clone(),
        };
        let told: Vec<&str> = [self.code.as_deref(), self.message.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        if told.is_empty() {
            format!("{what} failed, and nobody tells why")
        } else {
            format!("{what}: {}", told.join(": "))
        }
    }
}

/// Why the stage that failed last did; `None` where none has.
pub fn failure(state: &PipelineState) -> Option<StageFailure> {
    let failed = state.stages.iter().filter(|stage| {
        let latest = stage.latest.as_ref();
        latest.is_some_and(|latest| latest.status == StageStatus::Failed)
    });
    failed.map(of_failed_stage).max_by_key(|failure| failure.at)
}

fn of_failed_stage(stage: &StageState) -> StageFailure {
    let condition = failed_condition(stage);
    let action = latest_with(stage, |run| run.status == ActionStatus::Failed);
    let run = action.and_then(|action| action.latest.as_ref());
    let error = run.and_then(|run| run.error.as_ref());
    match condition {
        Some(message) => StageFailure {
            stage: stage.name.clone(),
            action: None,
            code: None,
            message: Some(message),
            at: None,
        },
        None => StageFailure {
            stage: stage.name.clone(),
            action: action.map(|action| action.name.clone()),
            code: error.and_then(|error| error.code.clone()),
            message: error
                .and_then(|error| error.message.clone())
                .or_else(|| run?.summary.clone()),
            at: run.and_then(|run| run.changed_at),
        },
    }
}

/// What a condition of a stage that does not hold says.
fn failed_condition(stage: &StageState) -> Option<String> {
    let conditions = [
        ("entry", &stage.before_entry),
        ("success", &stage.on_success),
    ];
    conditions.into_iter().find_map(|(kind, condition)| {
        let condition = condition.as_ref()?;
        let failed = matches!(
            condition.status,
            Some(ConditionStatus::Failed | ConditionStatus::Errored)
        );
        let told = || condition.summary.clone().unwrap_or_default();
        let words = failed.then(|| format!("its {kind} condition does not hold: {}", told()))?;
        Some(words.trim_end_matches([':', ' ']).to_owned())
    })
}
