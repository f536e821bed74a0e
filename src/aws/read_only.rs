//! The second lock of a read-only cockpit: even a call made by mistake does not leave.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_types::config_bag::ConfigBag;

/// How the names of AWS operations that change nothing begin.
const READING: [&str; 4] = ["List", "Describe", "Get", "Filter"];

/// Whether an operation changes nothing, judged by its name.
fn only_reads(operation: &str) -> bool {
    READING.iter().any(|prefix| operation.starts_with(prefix))
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

    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
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
        ] {
            assert!(only_reads(name), "{name}");
        }
        for name in [
            "UpdateService",
            "StopTask",
            "RegisterTaskDefinition",
            "an unnamed call",
        ] {
            assert!(!only_reads(name), "{name}");
        }
    }
}
