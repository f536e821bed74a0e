//! The stages of a release, in order, with the time that each took.

use jiff::Timestamp;

/// How far a stage is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Passed.
    Done,
    /// It is there.
    Now,
    /// There, and it waits for a person.
    Waits,
    /// It failed here, or it was rolled back from here.
    Failed,
    /// Not yet.
    ToCome,
    /// It was left out.
    Skipped,
    /// Passed or left out: nobody looked at the time.
    Unknown,
}

/// A stage of a release.
#[derive(Clone, Debug, PartialEq)]
pub struct StageStep {
    /// The stage as AWS names it, such as `BAKE_TIME` or `AfterAllowTestTraffic`.
    pub name: String,
    /// The stage in words, for a screen.
    pub label: String,
    /// How far it is.
    pub state: StepState,
    /// When it began. ECS does not tell: then it is when cutover saw it first.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Whether both times are AWS's own. Where they are not, the time in the stage is at least what
    /// lies between them.
    pub exact: bool,
}

impl StageStep {
    /// The time in the stage, in seconds; `None` where its beginning is not known.
    pub fn seconds(&self, now: Timestamp) -> Option<i64> {
        let start = self.started_at?;
        let end = match self.state {
            StepState::Now | StepState::Waits => now,
            _ => self.finished_at?,
        };
        Some((end.as_second() - start.as_second()).max(0))
    }
}

/// The moving of traffic in parts.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ShiftProgress {
    /// The step that the release is at, from 1.
    pub step: u32,
    /// How many there are.
    pub steps: u32,
    /// The share of one step, or of the first step of a canary, in percent.
    pub percent: f64,
}

/// A stage of ECS, or a lifecycle event or a wait of CodeDeploy, in words that fit a strip.
pub(super) fn label_of(name: &str) -> String {
    let known = match name {
        "RECONCILE_SERVICE" => "reconcile",
        "PRE_SCALE_UP" => "before scale up",
        "SCALE_UP" => "scale up",
        "POST_SCALE_UP" => "scaled up",
        "TEST_TRAFFIC_SHIFT" | "AllowTestTraffic" => "test shift",
        "POST_TEST_TRAFFIC_SHIFT" | "AfterAllowTestTraffic" => "test shifted",
        "PRE_PRODUCTION_TRAFFIC_SHIFT" | "BeforeAllowTraffic" => "before production",
        "PRODUCTION_TRAFFIC_SHIFT" | "AllowTraffic" => "production shift",
        "POST_PRODUCTION_TRAFFIC_SHIFT" | "AfterAllowTraffic" => "production shifted",
        "BAKE_TIME" => "bake",
        "CLEAN_UP" => "clean up",
        "AfterInstall" => "installed",
        other => return words(other, ' '),
    };
    known.to_owned()
}

/// A name in lower case with a mark between its words, whether it was written `LIKE_THIS` or
/// `LikeThis`.
pub(super) fn words(name: &str, mark: char) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for c in name.chars() {
        if c == '_' || c == ' ' {
            text.push(mark);
            after_small = false;
            continue;
        }
        if c.is_uppercase() && after_small {
            text.push(mark);
        }
        after_small = c.is_lowercase() || c.is_numeric();
        text.extend(c.to_lowercase());
    }
    text
}
