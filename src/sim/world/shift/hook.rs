//! Lifecycle hooks: Lambda functions that judge a deployment, and pauses that wait for a person.

use serde_json::Value;

use crate::sim::clock::SimTime;

/// A stage at which hooks can run.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum HookStage {
    /// What an earlier deployment has left is put in order.
    ReconcileService,
    /// Before the new tasks start.
    PreScaleUp,
    /// Once the new tasks are healthy.
    PostScaleUp,
    /// While test traffic is shifted, on the way back too.
    TestTrafficShift,
    /// Once test traffic has been shifted.
    PostTestTrafficShift,
    /// Before every step of the production traffic.
    PreProductionTrafficShift,
    /// At every step of the production traffic, on the way back too.
    ProductionTrafficShift,
    /// Once all production traffic has been shifted.
    PostProductionTrafficShift,
}

impl HookStage {
    const WORDS: [(&'static str, Self); 8] = [
        ("RECONCILE_SERVICE", Self::ReconcileService),
        ("PRE_SCALE_UP", Self::PreScaleUp),
        ("POST_SCALE_UP", Self::PostScaleUp),
        ("TEST_TRAFFIC_SHIFT", Self::TestTrafficShift),
        ("POST_TEST_TRAFFIC_SHIFT", Self::PostTestTrafficShift),
        (
            "PRE_PRODUCTION_TRAFFIC_SHIFT",
            Self::PreProductionTrafficShift,
        ),
        ("PRODUCTION_TRAFFIC_SHIFT", Self::ProductionTrafficShift),
        (
            "POST_PRODUCTION_TRAFFIC_SHIFT",
            Self::PostProductionTrafficShift,
        ),
    ];

    /// The stage that a word of ECS names.
    pub fn parse(word: &str) -> Option<Self> {
        let mut words = Self::WORDS.iter();
        words.find(|(one, _)| *one == word).map(|(_, this)| *this)
    }

    /// The word of ECS.
    pub fn word(self) -> &'static str {
        let mut words = Self::WORDS.iter();
        words
            .find(|(_, this)| *this == self)
            .map_or("", |(word, _)| *word)
    }

    /// Whether a pause may hold here. Not where hooks also run on the way back: it would hold the
    /// rollback.
    pub fn may_pause(self) -> bool {
        !matches!(self, Self::TestTrafficShift | Self::ProductionTrafficShift)
    }
}

/// What a hook does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookTarget {
    /// Calls this Lambda function, by its ARN.
    Lambda(String),
    /// Waits until somebody answers.
    Pause,
}

impl HookTarget {
    /// The word of ECS for its type.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Lambda(_) => "AWS_LAMBDA",
            Self::Pause => "PAUSE",
        }
    }
}

/// What happens to a deployment at a hook.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum HookAction {
    /// It goes on.
    Continue,
    /// It is rolled back.
    Rollback,
}

impl HookAction {
    /// The action that a word of ECS names.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "CONTINUE" => Some(Self::Continue),
            "ROLLBACK" => Some(Self::Rollback),
            _ => None,
        }
    }

    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::Continue => "CONTINUE",
            Self::Rollback => "ROLLBACK",
        }
    }
}

/// A hook as it is configured.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    /// The structure of the service model, as it was given.
    pub given: Value,
    /// What it does.
    pub target: HookTarget,
    /// Where it runs.
    pub stages: Vec<HookStage>,
    /// Minutes after which it times out, 1 to 20160.
    pub timeout: u32,
    /// What happens then.
    pub timeout_action: HookAction,
}

/// How a run of a hook stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum HookStatus {
    /// A pause waits for somebody.
    AwaitingAction,
    /// A function has not decided yet.
    InProgress,
    /// The deployment may go on.
    Succeeded,
    /// The deployment is rolled back.
    Failed,
    /// It has waited too long.
    TimedOut,
}

impl HookStatus {
    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::AwaitingAction => "AWAITING_ACTION",
            Self::InProgress => "IN_PROGRESS",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
        }
    }

    /// Whether it still holds the deployment.
    pub fn is_open(self) -> bool {
        matches!(self, Self::AwaitingAction | Self::InProgress)
    }
}

/// One run of a hook.
#[derive(Clone, Debug, PartialEq)]
pub struct HookRun {
    /// `ecs-pause-` or `ecs-lambda-` and 43 characters.
    pub id: String,
    /// The stage that it runs at.
    pub stage: HookStage,
    /// What it does.
    pub target: HookTarget,
    /// How it stands.
    pub status: HookStatus,
    /// When it times out.
    pub expires_at: SimTime,
    /// What happens then.
    pub timeout_action: HookAction,
    /// Runs of one round were started together.
    pub round: u32,
    /// Whether nobody waits for it any more, because the deployment went another way.
    pub dropped: bool,
}

impl HookRun {
    /// Whether it holds the deployment.
    pub fn holds(&self) -> bool {
        self.status.is_open() && !self.dropped
    }
}

/// What a Lambda function does when ECS calls it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LambdaResult {
    /// It answers SUCCEEDED.
    Succeeds,
    /// It answers FAILED.
    Fails,
    /// It answers `IN_PROGRESS` for ever.
    Hangs,
}

impl LambdaResult {
    /// The words that scenarios and names of functions use.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("succeeds", Self::Succeeds),
        ("fails", Self::Fails),
        ("hangs", Self::Hangs),
    ];

    /// What a function does by its name or ARN: the word that it ends with after a dash.
    /// One without such a word succeeds.
    pub fn from_name(name: &str) -> Self {
        let last = name.rsplit(['-', ':']).next().unwrap_or(name);
        let mut words = Self::WORDS.iter();
        words
            .find(|(word, _)| *word == last)
            .map_or(Self::Succeeds, |(_, this)| *this)
    }
}

/// What a scenario says about a Lambda function.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct LambdaRule {
    /// What it answers in the end.
    pub result: LambdaResult,
    /// For how many milliseconds it answers `IN_PROGRESS` before.
    pub after: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_does_what_its_name_says() {
        let arn = |name: &str| format!("arn:aws:lambda:eu-west-1:123456789012:function:{name}");
        for (name, result) in [
            ("smoke-test-fails", LambdaResult::Fails),
            ("fails", LambdaResult::Fails),
            ("approval-hangs", LambdaResult::Hangs),
            ("smoke-succeeds", LambdaResult::Succeeds),
            ("failsafe", LambdaResult::Succeeds),
        ] {
            assert_eq!(LambdaResult::from_name(&arn(name)), result, "{name}");
        }
    }

    #[test]
    fn pauses_hold_only_where_no_rollback_passes() {
        let not: Vec<&str> = HookStage::WORDS
            .iter()
            .filter(|(_, stage)| !stage.may_pause())
            .map(|(word, _)| *word)
            .collect();
        assert_eq!(not, ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"]);
        for (word, stage) in HookStage::WORDS {
            assert_eq!(HookStage::parse(word), Some(stage));
            assert_eq!(stage.word(), word);
        }
    }
}
