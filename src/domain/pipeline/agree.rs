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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{at, record, releasing};
    use crate::domain::pipeline::fixture::{deploying, structure};
    use crate::domain::pipeline::link::{deploys_of, last_run};
    use crate::domain::release::past;
    use crate::domain::service_deployment::ServiceDeploymentStatus as Record;

    /// What is said at a second of an action and of a release that began at second 1000 and, where
    /// it is over, ended at 1100.
    fn said_at(second: i64, action: ActionStatus, release: Record) -> Option<String> {
        let deploy = deploys_of(&structure(), &releasing(), None).remove(0);
        let run = last_run(&deploy, &deploying(action, 1_000)).unwrap();
        let release = past(&[record("a", release, 1, 2, 1_000)], None).remove(0);
        disagreement(&run, &release, at(second))
    }

    #[test]
    fn an_action_that_has_not_heard_of_a_rollback_is_told() {
        let back = |second| said_at(second, ActionStatus::InProgress, Record::RollbackSuccessful);
        let sentence = "CodePipeline says In Progress, ECS rolled back 3 min ago";
        assert_eq!(back(1_280).as_deref(), Some(sentence));
        let sentence = "CodePipeline says In Progress, ECS rolled back 20 s ago";
        assert_eq!(back(1_120).as_deref(), Some(sentence));
        let sentence = "CodePipeline says In Progress, ECS is rolling back";
        let going = said_at(1_120, ActionStatus::InProgress, Record::RollbackInProgress);
        assert_eq!(going.as_deref(), Some(sentence));
    }

    #[test]
    fn an_action_that_gave_up_on_what_went_on_is_told() {
        let goes_on = said_at(2_000, ActionStatus::Failed, Record::InProgress);
        let sentence = "CodePipeline says Failed, ECS goes on";
        assert_eq!(goes_on.as_deref(), Some(sentence));
        let succeeded = said_at(8_400, ActionStatus::Failed, Record::Successful);
        let sentence = "CodePipeline says Failed, ECS succeeded 2 h ago";
        assert_eq!(succeeded.as_deref(), Some(sentence));
        let abandoned = said_at(2_000, ActionStatus::Abandoned, Record::InProgress);
        let sentence = "CodePipeline says Abandoned, ECS goes on";
        assert_eq!(abandoned.as_deref(), Some(sentence));
    }

    #[test]
    fn a_success_that_was_none_is_told() {
        let said = said_at(1_160, ActionStatus::Succeeded, Record::RollbackSuccessful);
        let sentence = "CodePipeline says Succeeded, ECS rolled back 1 min ago";
        assert_eq!(said.as_deref(), Some(sentence));
    }

    #[test]
    fn what_agrees_or_only_lags_is_not_told() {
        let quiet = [
            (1_050, ActionStatus::InProgress, Record::InProgress),
            (1_200, ActionStatus::InProgress, Record::Successful),
            (1_050, ActionStatus::Succeeded, Record::InProgress),
            (9_000, ActionStatus::Succeeded, Record::Successful),
            (9_000, ActionStatus::Failed, Record::RollbackSuccessful),
            (9_000, ActionStatus::Unknown("New".into()), Record::Stopped),
        ];
        for (second, action, release) in quiet {
            assert_eq!(
                said_at(second, action.clone(), release.clone()),
                None,
                "{action:?} {release:?}"
            );
        }
        let late = said_at(1_460, ActionStatus::InProgress, Record::Successful);
        let sentence = "CodePipeline says In Progress, ECS succeeded 6 min ago";
        assert_eq!(late.as_deref(), Some(sentence));
    }
}
