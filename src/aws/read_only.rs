//! The second lock of a read-only cockpit: even a call made by mistake does not leave.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// How the names of AWS operations that change nothing begin.
const READING: [&str; 5] = ["List", "Describe", "Get", "BatchGet", "Filter"];

/// Whether an operation changes nothing, judged by its name.
fn only_reads(operation: &str) -> bool {
    // A Live Tail session changes nothing either, whatever its name says.
    operation == "StartLiveTail" || READING.iter().any(|prefix| operation.starts_with(prefix))
}

/// A call that a read-only cockpit did not let out.
#[derive(Debug, thiserror::Error)]
#[error("{operation} changes something, and this cockpit is read-only")]
pub(super) struct RefusedReadOnly {
    operation: String,
}

/// Refuses every operation that is not known to only read, before anything is sent.
#[derive(Debug)]
pub(super) struct ReadOnly;

impl Intercept for ReadOnly {
    fn name(&self) -> &'static str {
        "ReadOnly"
    }

    /// The first hook at which the operation is known; no request exists yet.
    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = config
            .load::<Metadata>()
            .map_or("an unnamed call", Metadata::name);
        if only_reads(operation) {
            return Ok(());
        }
        Err(RefusedReadOnly {
            operation: operation.to_owned(),
        }
        .into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reading_names_pass() {
        for name in [
            "ListClusters",
            "DescribeTasks",
            "GetCallerIdentity",
            "FilterLogEvents",
            "StartLiveTail",
            "BatchGetDeployments",
            "BatchGetDeploymentTargets",
            "GetPipelineState",
            "ListActionExecutions",
        ] {
            assert!(only_reads(name), "{name}");
        }
        for name in [
            "UpdateService",
            "StopTask",
            "RegisterTaskDefinition",
            "CreateDeployment",
            "ContinueDeployment",
            "StopDeployment",
            "BatchDelete",
            "PutApprovalResult",
            "RollbackStage",
            "RetryStageExecution",
            "OverrideStageCondition",
            "DisableStageTransition",
            "StartPipelineExecution",
            "an unnamed call",
        ] {
            assert!(!only_reads(name), "{name}");
        }
    }
    #[tokio::test]
    async fn a_change_made_by_mistake_does_not_leave() {
        use crate::aws::failure::from_sdk;
        use crate::domain::failure::FailureKind;
        use aws_sdk_ecs::config::{BehaviorVersion, Credentials, Region};

        // Port 1 refuses: had the call left, it would come back as unreachable.
        let config = aws_sdk_ecs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("id", "key", None, None, "test"))
            .endpoint_url("http://127.0.0.1:1")
            .interceptor(ReadOnly)
            .build();
        let client = aws_sdk_ecs::Client::from_conf(config);
        let refused = client.update_service().service("web").send().await;
        let failure = from_sdk("ecs:UpdateService", &refused.unwrap_err());
        assert_eq!(failure.kind, FailureKind::ReadOnly);
        assert!(failure.message.contains("UpdateService changes something"));
        let read = client.list_clusters().send().await;
        let failure = from_sdk("ecs:ListClusters", &read.unwrap_err());
        assert_eq!(failure.kind, FailureKind::Unreachable);
    }
}
