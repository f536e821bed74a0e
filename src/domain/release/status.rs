//! The words for how a release goes.

use crate::domain::service_deployment::{ServiceDeployment, ServiceDeploymentStatus};

/// How a release goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReleaseStatus {
    /// Asked for, not begun.
    Pending,
    /// Under way.
    InProgress,
    /// Under way, and waiting for a person.
    Waiting,
    /// The new revision runs.
    Succeeded,
    /// Ended without success, and nothing was rolled back.
    Failed,
    /// Stopped by somebody.
    Stopped,
    /// A newer release took its place: no failure.
    Superseded,
    /// Going back to the old revision.
    RollingBack,
    /// The old revision runs again: never a success.
    RolledBack,
    /// Going back failed: what runs has to be looked at.
    RollbackFailed,
    /// A status that this version does not know, by its name.
    Unknown(String),
}

impl ReleaseStatus {
    /// The word for a screen.
    pub fn label(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in progress",
            Self::Waiting => "waits for you",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Superseded => "superseded",
            Self::RollingBack => "rolling back",
            Self::RolledBack => "rolled back",
            Self::RollbackFailed => "rollback failed",
            Self::Unknown(name) => name,
        }
    }

    /// The word in `status -o json`.
    pub fn key(&self) -> String {
        match self {
            Self::Waiting => "waiting".into(),
            Self::Unknown(name) => name.to_lowercase(),
            other => other.label().replace(' ', "_"),
        }
    }

    /// Whether the release is over. An unknown status counts as not over, so that it stays on top.
    pub fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Succeeded
                | Self::Failed
                | Self::Stopped
                | Self::Superseded
                | Self::RolledBack
                | Self::RollbackFailed
        )
    }

    /// Reads the status off ECS's record. `newer` tells whether a later record of the same service
    /// began before this one ended: then a stop means that the newer one took its place.
    pub fn of_record(record: &ServiceDeployment, newer: bool) -> Self {
        match &record.status {
            ServiceDeploymentStatus::Pending | ServiceDeploymentStatus::InProgress
                if super::waiting::waits_for_somebody(record) =>
            {
                Self::Waiting
            }
            ServiceDeploymentStatus::Pending => Self::Pending,
            ServiceDeploymentStatus::InProgress | ServiceDeploymentStatus::StopRequested => {
                Self::InProgress
            }
            ServiceDeploymentStatus::Successful => Self::Succeeded,
            ServiceDeploymentStatus::RollbackRequested
            | ServiceDeploymentStatus::RollbackInProgress => Self::RollingBack,
            ServiceDeploymentStatus::RollbackSuccessful => Self::RolledBack,
            ServiceDeploymentStatus::RollbackFailed => Self::RollbackFailed,
            ServiceDeploymentStatus::Stopped if newer => Self::Superseded,
            ServiceDeploymentStatus::Stopped if breaker_tripped(record) => Self::Failed,
            ServiceDeploymentStatus::Stopped => Self::Stopped,
            ServiceDeploymentStatus::Unknown(name) => Self::Unknown(name.clone()),
        }
    }
}

fn breaker_tripped(record: &ServiceDeployment) -> bool {
    record
        .breaker
        .as_ref()
        .is_some_and(|reading| reading.status == "TRIGGERED")
}
