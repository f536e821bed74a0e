//! Whether a hook that was told to continue has let its release move on.

use super::{Observation, Progress, release_of};
use crate::domain::arn::ServiceDeploymentArn;
use crate::domain::lifecycle::{HookStatus, LifecycleHook};
use crate::domain::release::{Release, ReleaseStatus};
use crate::domain::service_deployment::ServiceDeployment;

/// Judges the answer to `hook`, which held the release at `stage`.
pub(super) fn answered(
    arn: &ServiceDeploymentArn,
    hook: &str,
    stage: Option<&str>,
    seen: Observation<'_>,
) -> Progress {
    let record = seen.history.iter().find(|record| record.arn == *arn);
    let (Some(record), Some(release)) = (record, release_of(arn, seen)) else {
        return Progress::Waiting("the service deployment to be read".into());
    };
    ended(&release).unwrap_or_else(|| standing(record, hook, stage))
}

/// How the release ended or goes back; `None` while it is on its way.
fn ended(release: &Release) -> Option<Progress> {
    let why = || {
        let reason = release.reason.as_deref();
        reason.unwrap_or("ECS gave no reason").to_owned()
    };
    let progress = match release.status {
        ReleaseStatus::Succeeded => Progress::Reached("the release succeeded".into()),
        ReleaseStatus::RollingBack => Progress::Missed(format!("it rolls back: {}", why())),
        ReleaseStatus::RolledBack => Progress::Missed(format!("ROLLED BACK: {}", why())),
        ReleaseStatus::Failed | ReleaseStatus::RollbackFailed => {
            Progress::Missed(format!("{}: {}", release.status.label(), why()))
        }
        ReleaseStatus::Stopped | ReleaseStatus::Superseded => {
            Progress::Missed(format!("the release {}", super::ended(&release.status)))
        }
        _ => return None,
    };
    Some(progress)
}

fn standing(record: &ServiceDeployment, id: &str, stage: Option<&str>) -> Progress {
    let hook = record
        .hooks
        .iter()
        .find(|hook| hook.id.as_deref() == Some(id));
    match hook.map(|hook| &hook.status) {
        Some(HookStatus::AwaitingAction) => {
            return Progress::Waiting(format!("hook {id} to take the answer"));
        }
        Some(HookStatus::TimedOut) => {
            return Progress::Missed(format!("hook {id} timed out before the answer"));
        }
        Some(HookStatus::Failed) => return Progress::Missed(format!("hook {id} failed")),
        _ => {}
    }
    let next = record.hooks.iter().find(|hook| waits(hook, id));
    let now = record.lifecycle_stage.as_deref();
    let words = now.unwrap_or_default().to_lowercase().replace('_', " ");
    match next.and_then(|hook| hook.id.as_deref()) {
        Some(next) => Progress::Reached(format!("it moved on, and waits again: hook {next}")),
        None if now.is_some() && now != stage => Progress::Reached(format!("it moved on: {words}")),
        None => Progress::Waiting("the release to move on".into()),
    }
}

/// Whether another hook waits for a person.
fn waits(hook: &LifecycleHook, answered: &str) -> bool {
    hook.status == HookStatus::AwaitingAction && hook.id.as_deref() != Some(answered)
}
