//! Manual approvals.

use crate::sim::world::Region;
use crate::sim::world::codepipeline::RunKey;
use crate::sim::world::codepipeline::action_run::{RunError, RunStatus};

/// A person's answer to an approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it lets the execution pass.
    pub approved: bool,
    /// What the person says of it; may be empty.
    pub summary: String,
    /// The ARN of the person.
    pub by: String,
}

impl Region {
    pub(super) fn ask_for_approval(&mut self, key: RunKey) {
        let token = self.ecs.rng.uuid();
        self.change_run(key, |run| run.token = Some(token));
    }

    /// Answers an approval that waits; says whether it did.
    pub fn answer_approval(&mut self, key: RunKey, answer: Answer) -> bool {
        let waits = self.codepipeline.run(key);
        if waits.is_none_or(|run| run.status.is_over() || run.token.is_none()) {
            return false;
        }
        let Answer {
            approved,
            summary,
            by,
        } = answer;
        let error = (!approved).then(|| RunError {
            code: "JobFailed".to_owned(),
            message: format!("Rejected by {by}"),
        });
        self.change_run(key, |run| {
            run.updated_by = Some(by);
            run.summary = Some(summary).filter(|text| !text.is_empty());
        });
        let status = if approved {
            RunStatus::Succeeded
        } else {
            RunStatus::Failed
        };
        self.end_run(key, status, error);
        true
    }
}
