//! The state of all releases in a few numbers.

use super::model::Model;
use crate::domain::context::ContextId;
use crate::domain::release::{Release, ReleaseStatus, board_order, is_attention};

/// How many releases there are of each kind. A release counts once.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    /// In flight, with nothing wrong.
    pub moving: usize,
    /// In flight, with tasks that fail.
    pub failing: usize,
    /// Waiting for a person.
    pub waiting: usize,
    /// Being rolled back.
    pub rolling_back: usize,
    /// Failed, and not put right since.
    pub failed: usize,
}

impl Summary {
    /// Every release that is not over.
    pub fn in_flight(self) -> usize {
        self.moving + self.failing + self.waiting + self.rolling_back
    }
}

/// Counts the newest release of every service that is shown.
pub fn summary(model: &Model) -> Summary {
    let mut counts = Summary::default();
    for (_, release) in newest(model) {
        match &release.status {
            ReleaseStatus::Waiting => counts.waiting += 1,
            ReleaseStatus::RollingBack => counts.rolling_back += 1,
            _ if is_attention(release) => counts.failed += 1,
            status if status.is_over() => {}
            _ if release.has_failures() => counts.failing += 1,
            _ => counts.moving += 1,
        }
    }
    counts
}

/// The release that most needs somebody's eyes; `None` when nothing is in flight and nothing has
/// failed.
pub fn worst(model: &Model) -> Option<(ContextId, &Release)> {
    newest(model)
        .filter(|(_, release)| !release.status.is_over() || is_attention(release))
        .min_by(|(_, a), (_, b)| board_order(a, b))
}

fn newest(model: &Model) -> impl Iterator<Item = (ContextId, &Release)> {
    let rules = &model.preferences;
    model.contexts.iter().flat_map(move |store| {
        store
            .releases
            .values()
            .filter_map(|releases| releases.first())
            .filter(|release| {
                rules.shows_service(&release.service) && rules.shows_cluster(&release.cluster)
            })
            .map(|release| (store.context.id, release))
    })
}
