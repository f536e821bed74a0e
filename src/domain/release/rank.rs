//! The order of the board: the worst on top.

use std::cmp::{Ordering, Reverse};

use super::{Release, ReleaseStatus};

/// Whether a release asks for somebody's eyes although it is over: it failed, and its service was
/// not put back.
pub fn is_attention(release: &Release) -> bool {
    matches!(
        release.status,
        ReleaseStatus::Failed | ReleaseStatus::RollbackFailed
    )
}

/// Lower comes first.
fn severity(release: &Release) -> u8 {
    match &release.status {
        ReleaseStatus::RollbackFailed => 0,
        ReleaseStatus::Failed => 1,
        ReleaseStatus::RollingBack => 2,
        ReleaseStatus::Waiting => 3,
        ReleaseStatus::Unknown(_) => 4,
        ReleaseStatus::InProgress | ReleaseStatus::Pending if release.has_failures() => 2,
        ReleaseStatus::InProgress => 5,
        ReleaseStatus::Pending => 6,
        ReleaseStatus::Succeeded
        | ReleaseStatus::Stopped
        | ReleaseStatus::Superseded
        | ReleaseStatus::RolledBack => 9,
    }
}

/// Orders the board: by severity, then in flight the oldest first (it is the one that hangs), and
/// among those that are over the latest first. The id settles ties, so that the order is stable.
pub fn board_order(a: &Release, b: &Release) -> Ordering {
    severity(a)
        .cmp(&severity(b))
        .then_with(|| match severity(a) {
            9 => finished_order(a, b),
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
