//! What a person wants of a pipeline.

use crate::domain::pipeline::{ExecutionId, PipelineName};

/// A wish about a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineIntent {
    /// The pipeline.
    pub pipeline: PipelineName,
    /// The wish.
    pub wish: PipelineWish,
}

/// A wish that a key expresses on a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PipelineWish {
    /// Answer an approval.
    Answer {
        /// The stage that it is in.
        stage: String,
        /// The approval action.
        action: String,
        /// The execution that waits.
        execution: ExecutionId,
        /// Whether the execution may go on.
        approve: bool,
        /// Why, in the person's words; at most 512 characters.
        reason: String,
    },
    /// Start an execution of the newest revision.
    Start,
    /// Stop an execution.
    StopExecution {
        /// The execution.
        execution: ExecutionId,
        /// Whether actions under way are left to themselves instead of waited for.
        abandon: bool,
        /// Why, in the person's words; at most 200 characters.
        reason: String,
    },
    /// Try a failed stage again with the execution that failed in it.
    RetryStage {
        /// The stage.
        stage: String,
        /// Whether all of its actions run again, and not only those that failed.
        all: bool,
    },
    /// Bring back into a stage what an earlier execution brought there.
    RollBackStage {
        /// The stage.
        stage: String,
        /// The execution that succeeded in it; `None` for the one that the planner picks.
        to: Option<ExecutionId>,
    },
    /// Switch the way into a stage on or off.
    SetTransition {
        /// The stage.
        stage: String,
        /// Whether executions may enter.
        enabled: bool,
        /// Why it is switched off, in the person's words; at most 300 characters.
        reason: String,
    },
    /// Let an execution pass a condition that holds it.
    OverrideCondition {
        /// The stage.
        stage: String,
    },
}

impl PipelineWish {
    /// What the button does that confirms it.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Answer { approve: true, .. } => "Approve",
            Self::Answer { approve: false, .. } => "Reject",
            Self::Start => "Start",
            Self::StopExecution { abandon: false, .. } => "Stop",
            Self::StopExecution { abandon: true, .. } => "Stop and abandon",
            Self::RetryStage { .. } => "Retry",
            Self::RollBackStage { .. } => "Roll back",
            Self::SetTransition { enabled: true, .. } => "Switch on",
            Self::SetTransition { enabled: false, .. } => "Switch off",
            Self::OverrideCondition { .. } => "Override",
        }
    }

    /// The stage that the wish is about, where it is about one.
    pub fn stage(&self) -> Option<&str> {
        match self {
            Self::Answer { stage, .. }
            | Self::RetryStage { stage, .. }
            | Self::RollBackStage { stage, .. }
            | Self::SetTransition { stage, .. }
            | Self::OverrideCondition { stage } => Some(stage),
            Self::Start | Self::StopExecution { .. } => None,
        }
    }

    /// The words that go with the wish, where it takes some: for whom they are, and the most
    /// characters that AWS takes (CodePipeline API reference).
    pub fn words(&self) -> Option<Words> {
        match self {
            Self::Answer { approve, .. } => Some(Words {
                most: 512,
                required: !approve,
                plain: false,
            }),
            Self::StopExecution { .. } => Some(Words {
                most: 200,
                required: false,
                plain: false,
            }),
            Self::SetTransition { enabled: false, .. } => Some(Words {
                most: 300,
                required: true,
                plain: true,
            }),
            _ => None,
        }
    }

    /// The same wish with the person's words.
    #[must_use]
    pub fn with_words(mut self, words: &str) -> Self {
        if let Self::Answer { reason, .. }
        | Self::StopExecution { reason, .. }
        | Self::SetTransition { reason, .. } = &mut self
        {
            words.trim().clone_into(reason);
        }
        self
    }
}

/// What is asked for in a person's own words.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The most characters.
    pub most: usize,
    /// Whether it cannot be left empty.
    pub required: bool,
    /// Whether AWS takes letters, digits and a few signs only.
    pub plain: bool,
}

/// The signs that AWS takes in the reason for a transition that is switched off, beside letters and
/// digits (API reference, `DisableStageTransition`).
const PLAIN_SIGNS: &str = "!@ ().*?-";

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || PLAIN_SIGNS.contains(c)
}

/// A text with a hyphen for everything that a plain one cannot hold.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if is_plain(c) { c } else { '-' })
        .collect()
}

impl Words {
    /// Why AWS would not take a text, for the person who typed it.
    pub fn check(self, text: &str) -> Result<(), String> {
        let count = text.chars().count();
        if count > self.most {
            return Err(format!(
                "the reason has {count} characters, and AWS takes {}",
                self.most
            ));
        }
        if self.required && text.is_empty() {
            return Err("a reason is wanted for this".to_owned());
        }
        match text.chars().find(|c| self.plain && !is_plain(*c)) {
            Some(c) => Err(format!(
                "AWS takes no {c:?} in this reason: letters, digits and {PLAIN_SIGNS} only"
            )),
            None => Ok(()),
        }
    }
}

impl PipelineIntent {
    /// The wish as a title, such as `Approve shop at Production/Release`.
    pub fn title(&self) -> String {
        let name = &self.pipeline;
        match &self.wish {
            PipelineWish::Answer {
                stage,
                action,
                approve,
                ..
            } => {
                let verb = if *approve { "Approve" } else { "Reject" };
                format!("{verb} {name} at {stage}/{action}")
            }
            PipelineWish::Start => format!("Start {name}"),
            PipelineWish::StopExecution {
                execution, abandon, ..
            } => {
                let how = if *abandon { " and abandon" } else { "" };
                format!("Stop{how} {} of {name}", execution.short())
            }
            PipelineWish::RetryStage { stage, all } => {
                let what = if *all { "all of " } else { "" };
                format!("Retry {what}{stage} of {name}")
            }
            PipelineWish::RollBackStage { stage, to: None } => {
                format!("Roll back {stage} of {name}")
            }
            PipelineWish::RollBackStage {
                stage,
                to: Some(to),
            } => format!("Roll back {stage} of {name} to {}", to.short()),
            PipelineWish::SetTransition { stage, enabled, .. } => {
                let way = if *enabled { "on" } else { "off" };
                format!("Switch {way} the way into {stage} of {name}")
            }
            PipelineWish::OverrideCondition { stage } => {
                format!("Override the condition of {stage} of {name}")
            }
        }
    }
}
