//! Calls that came too late: what they were about had moved on by itself.

use crate::domain::failure::{Failure, FailureKind};

/// Says of a failure that the release was faster than the call, where that is what AWS means.
pub(super) fn named(mut failure: Failure) -> Failure {
    let code = failure.code.as_deref().unwrap_or_default();
    let Some(what) = meaning(&failure.call, code) else {
        return failure;
    };
    failure.kind = FailureKind::Conflict;
    failure.message = format!("{what} ({code}: {})", failure.message);
    failure
}

fn meaning(call: &str, code: &str) -> Option<&'static str> {
    match (call, code) {
        ("codedeploy:StopDeployment", "DeploymentAlreadyCompletedException")
        | ("codepipeline:StopPipelineExecution", "PipelineExecutionNotStoppableException") => {
            Some("it ended before it could be stopped")
        }
        ("codedeploy:ContinueDeployment", "DeploymentAlreadyCompletedException") => {
            Some("it ended before it could be told to go on")
        }
        ("codedeploy:ContinueDeployment", "DeploymentIsNotInReadyStateException") => {
            Some("it does not wait for an answer, or not any more")
        }
        ("codedeploy:CreateDeployment", "DeploymentLimitExceededException") => {
            Some("another deployment began first")
        }
        ("ecs:StopServiceDeployment", "ConflictException") => {
            Some("it ended, or was stopped by somebody else, before it could be stopped")
        }
        (
            "ecs:ContinueServiceDeployment",
            "ClientException" | "InvalidParameterException" | "ConflictException",
        ) => Some("the hook may have been answered, or timed out, before this answer came"),
        ("codepipeline:PutApprovalResult", "ApprovalAlreadyCompletedException") => {
            Some("somebody answered the approval first")
        }
        ("codepipeline:PutApprovalResult", "InvalidApprovalTokenException") => {
            Some("the approval waits for another execution now, or for none")
        }
        ("codepipeline:StopPipelineExecution", "DuplicatedStopRequestException") => {
            Some("somebody else stops it already")
        }
        (
            "codepipeline:RetryStageExecution" | "codepipeline:OverrideStageCondition",
            "NotLatestPipelineExecutionException",
        ) => Some("another execution is in the stage now"),
        ("codepipeline:RetryStageExecution", "StageNotRetryableException") => {
            Some("the stage cannot be retried, or not any more")
        }
        ("codepipeline:OverrideStageCondition", "ConditionNotOverridableException") => {
            Some("the condition cannot be overridden, or not any more")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(call: &str, code: &str) -> Failure {
        named(Failure {
            call: call.into(),
            kind: FailureKind::Refused,
            code: Some(code.into()),
            message: "no".into(),
            request_id: Some("r-1".into()),
        })
    }

    #[test]
    fn a_stop_that_lost_against_success_says_so() {
        let late = told(
            "codedeploy:StopDeployment",
            "DeploymentAlreadyCompletedException",
        );
        assert_eq!(late.kind, FailureKind::Conflict);
        assert_eq!(
            late.message,
            "it ended before it could be stopped (DeploymentAlreadyCompletedException: no)"
        );
        assert_eq!(late.request_id.as_deref(), Some("r-1"));
        let late = told("ecs:StopServiceDeployment", "ConflictException");
        assert!(late.message.starts_with("it ended, or was stopped"));
    }

    #[test]
    fn other_failures_stay_as_they_are() {
        let other = told("ecs:UpdateService", "ConflictException");
        assert_eq!(
            (other.kind, other.message.as_str()),
            (FailureKind::Refused, "no")
        );
    }
}
