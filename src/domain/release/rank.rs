//! The order of the board: the worst on top.

use std::cmp::{Ordering, Reverse};

use jiff::Timestamp;

use super::{Release, ReleaseStatus, Warning};

/// Whether a release asks for somebody's eyes although it is over: it failed, and its service was
/// not put back.
pub fn is_attention(release: &Release) -> bool {
    matches!(
        release.status,
        ReleaseStatus::Failed | ReleaseStatus::RollbackFailed
    )
}

const WAITING: u8 = 3;
const OVER: u8 = 9;

/// Whether its own tasks, hooks or alarms say that it will fail.
fn fails(release: &Release) -> bool {
    let told = |warning: &Warning| match warning {
        Warning::HookFailed(_) | Warning::AlarmFired(_) => true,
        Warning::UnhealthyTargets { new, .. } => *new,
        Warning::TrafficDisagrees { .. } | Warning::AlarmIgnored(_) => false,
    };
    release.has_failures() || release.warnings.iter().any(told)
}

/// When nobody has to be asked any more; what never expires comes last.
fn expiry(release: &Release) -> (bool, Option<Timestamp>) {
    let at = release.gate.as_ref().and_then(|gate| gate.expires_at);
    (at.is_none(), at)
}

/// Lower comes first.
fn severity(release: &Release) -> u8 {
    match &release.status {
        ReleaseStatus::RollbackFailed => 0,
        ReleaseStatus::Failed => 1,
        ReleaseStatus::RollingBack => 2,
        ReleaseStatus::Waiting => WAITING,
        ReleaseStatus::InProgress | ReleaseStatus::Pending if fails(release) => 4,
        ReleaseStatus::InProgress | ReleaseStatus::Pending if release.traffic_disagrees() => 5,
        ReleaseStatus::Unknown(_) => 6,
        ReleaseStatus::InProgress => 7,
        ReleaseStatus::Pending => 8,
        ReleaseStatus::Succeeded
        | ReleaseStatus::Stopped
        | ReleaseStatus::Superseded
        | ReleaseStatus::RolledBack => OVER,
    }
}

/// Orders the board: by severity, then what waits for a person by when it expires, what is in flight
/// the oldest first (it is the one that hangs), and what is over the latest first. The id settles
/// ties, so that the order is stable.
pub fn board_order(a: &Release, b: &Release) -> Ordering {
    severity(a)
        .cmp(&severity(b))
        .then_with(|| match severity(a) {
            OVER => finished_order(a, b),
            WAITING => expiry(a)
                .cmp(&expiry(b))
                .then(a.started_at.cmp(&b.started_at)),
            _ => a.started_at.cmp(&b.started_at),
        })
        .then_with(|| a.id.cmp(&b.id))
}

/// Orders releases that are over and ask for nobody: the latest first.
pub fn finished_order(a: &Release, b: &Release) -> Ordering {
    Reverse(a.finished_at)
        .cmp(&Reverse(b.finished_at))
        .then_with(|| a.id.cmp(&b.id))
}
