//! Where CodePipeline and what moves the release tell different stories.
//!
//! The deploy action asks ECS from time to time and draws its own conclusions. It can say that it is
//! in progress for 40 minutes after the circuit breaker has rolled the service back
//! (aws/containers-roadmap 1399), and give up on a release that succeeds later.

use jiff::Timestamp;

use super::ActionStatus;
use super::link::DeployRun;
use crate::domain::release::{Mechanism, Release, ReleaseStatus};

/// How long CodePipeline may take to see that a release has succeeded, in seconds: it asks every
/// half a minute or so.
const LAG_SECONDS: i64 = 5 * 60;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What is wrong with what CodePipeline says of a release that it drives, in one sentence; `None`
/// where the two agree, or where one only has not heard of the other yet. That an action succeeded
/// while the release still bakes or waits for a steady state is normal.
pub fn disagreement(run: &DeployRun, release: &Release, now: Timestamp) -> Option<String> {
    let said = match &run.status {
        ActionStatus::InProgress => "In Progress",
        ActionStatus::Succeeded => "Succeeded",
        ActionStatus::Failed => "Failed",
        ActionStatus::Abandoned => "Abandoned",
        ActionStatus::Unknown(_) => return None,
    };
    let done = contradiction(&run.status, release, now)?;
    let mover = match release.mechanism {
        Mechanism::CodeDeploy => "CodeDeploy",
        _ => "ECS",
    };
    let when = release
        .finished_at
        .filter(|_| release.status.is_over())
        .map_or_else(String::new, |at| format!(" {}", ago(at, now)));
    Some(format!("CodePipeline says {said}, {mover} {done}{when}"))
}

/// What the release did, where that is not what the action says.
fn contradiction(said: &ActionStatus, release: &Release, now: Timestamp) -> Option<&'static str> {
    use ReleaseStatus as Status;
    let late = release
        .finished_at
        .is_some_and(|at| now.as_second() - at.as_second() > LAG_SECONDS);
    match (said, &release.status) {
        (ActionStatus::InProgress, Status::Succeeded) if late => Some("succeeded"),
        (ActionStatus::Failed | ActionStatus::Abandoned, Status::Succeeded) => Some("succeeded"),
        (ActionStatus::Failed | ActionStatus::Abandoned, status) if goes_on(status) => {
            Some("goes on")
        }
        (ActionStatus::InProgress | ActionStatus::Succeeded, status) => failed(status),
        _ => None,
    }
}

fn goes_on(status: &ReleaseStatus) -> bool {
    matches!(
        status,
        ReleaseStatus::Pending | ReleaseStatus::InProgress | ReleaseStatus::Waiting
    )
}

fn failed(status: &ReleaseStatus) -> Option<&'static str> {
    match status {
        ReleaseStatus::RolledBack => Some("rolled back"),
        ReleaseStatus::RollingBack => Some("is rolling back"),
        ReleaseStatus::RollbackFailed => Some("failed to roll back"),
        ReleaseStatus::Failed => Some("failed"),
        ReleaseStatus::Stopped => Some("was stopped"),
        ReleaseStatus::Superseded => Some("has a newer release"),
        _ => None,
    }
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = (now.as_second() - at.as_second()).max(0);
    match seconds {
        0..MINUTE => format!("{seconds} s ago"),
        MINUTE..HOUR => format!("{} min ago", seconds / MINUTE),
        HOUR..DAY => format!("{} h ago", seconds / HOUR),
        _ => format!("{} d ago", seconds / DAY),
    }
}
