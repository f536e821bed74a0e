//! What is wrong: the state of all releases and services in a few numbers.

use super::model::Model;
use crate::domain::context::ContextId;
use crate::domain::release::{DeadlineKind, Release, ReleaseStatus, board_order, is_attention};
use crate::domain::service::{RolloutState, Service};
use crate::domain::text::count;

/// How many releases and approvals there are of each kind. A release counts once.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    /// In flight, with nothing wrong.
    pub moving: usize,
    /// In flight, with tasks that fail.
    pub failing: usize,
    /// Waiting for a person.
    pub waiting: usize,
    /// Approvals of pipelines that wait for a person.
    pub approvals: usize,
    /// Being rolled back.
    pub rolling_back: usize,
    /// Failed, and not put right since.
    pub failed: usize,
    /// Services with fewer tasks than wanted although no release moves them.
    pub short: usize,
}

impl Summary {
    /// Every release that is not over.
    pub fn in_flight(self) -> usize {
        self.moving + self.failing + self.waiting + self.rolling_back
    }
}

/// Whether a release is among those that somebody looks at: it is in flight, or it failed and still
/// stands. What a newer release has overtaken asks for nobody any more.
pub fn stands(release: &Release, is_newest: bool) -> bool {
    is_newest && (!release.status.is_over() || is_attention(release))
}

/// The word for a release in flight whose tasks fail.
pub const FAILING: &str = "failing";

/// The word for a release in flight that nothing but the clock holds; `None` for any other.
pub fn timer_word(release: &Release) -> Option<&'static str> {
    let kind = &release.deadline.as_ref()?.kind;
    (release.is_waiting_for_timer() && !is_failing(release)).then_some(match kind {
        DeadlineKind::Bake | DeadlineKind::StepBake => "baking",
        _ => "on a timer",
    })
}

/// Whether tasks of a release in flight fail, while nothing worse has happened to it yet.
pub fn is_failing(release: &Release) -> bool {
    let under_way = matches!(
        release.status,
        ReleaseStatus::Pending | ReleaseStatus::InProgress
    );
    under_way && release.has_failures()
}

/// Whether a release is shown as something wrong: it fails or goes back, or its service was left or
/// put back where it was and nothing newer has come since.
pub fn is_fault(release: &Release, is_newest: bool) -> bool {
    match release.status {
        ReleaseStatus::RollingBack | ReleaseStatus::Unknown(_) => true,
        ReleaseStatus::Failed | ReleaseStatus::RollbackFailed | ReleaseStatus::RolledBack => {
            is_newest
        }
        _ => is_failing(release),
    }
}

/// How a service is, the worst first.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServiceState {
    /// Nothing moves it, and none of the tasks that are wanted runs.
    Down,
    /// Its newest deployment failed.
    Failed,
    /// Tasks fail while it is moved.
    Failing,
    /// Nothing moves it, and some of its tasks are missing.
    Short,
    /// A release moves it.
    Moving,
    /// It has all its tasks.
    Well,
}

impl ServiceState {
    /// Whether it is wrong in a way that somebody should look at.
    pub fn is_fault(self) -> bool {
        self < Self::Moving
    }
}

/// How a service is.
pub fn service_state(service: &Service) -> ServiceState {
    let failed = service
        .primary()
        .is_some_and(|primary| primary.rollout_state == Some(RolloutState::Failed));
    match service.is_moving() {
        false if service.running == 0 && service.desired > 0 => ServiceState::Down,
        _ if failed => ServiceState::Failed,
        true if service.deployments.iter().any(|one| one.failed > 0) => ServiceState::Failing,
        true => ServiceState::Moving,
        false if service.running < service.desired => ServiceState::Short,
        false => ServiceState::Well,
    }
}

/// Whether the newest release of a service goes back.
pub fn is_rolling_back(newest: Option<&Release>) -> bool {
    newest.is_some_and(|release| release.status == ReleaseStatus::RollingBack)
}

/// The state of a service, with its newest release, in words: AWS's own where nothing else is to be
/// said.
pub fn service_words(service: &Service, newest: Option<&Release>) -> String {
    match service_state(service) {
        _ if service.status != "ACTIVE" => service.status.to_lowercase(),
        _ if is_rolling_back(newest) => ReleaseStatus::RollingBack.label().to_owned(),
        ServiceState::Failed => "release failed".into(),
        ServiceState::Failing => FAILING.into(),
        ServiceState::Down => "no task runs".into(),
        ServiceState::Short => {
            let missing = service.desired.saturating_sub(service.running) as usize;
            format!("{} short", count(missing, "task"))
        }
        ServiceState::Moving => "in progress".into(),
        ServiceState::Well => "active".into(),
    }
}

/// Counts the newest release of every service that is shown, and the services themselves.
pub fn summary(model: &Model) -> Summary {
    let mut counts = Summary {
        short: short_services(model),
        approvals: model
            .contexts
            .iter()
            .map(|store| store.approvals().len())
            .sum(),
        ..Summary::default()
    };
    for (_, release) in newest(model) {
        match &release.status {
            ReleaseStatus::Waiting => counts.waiting += 1,
            ReleaseStatus::RollingBack => counts.rolling_back += 1,
            _ if is_attention(release) => counts.failed += 1,
            status if status.is_over() => {}
            _ if is_failing(release) => counts.failing += 1,
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

fn short_services(model: &Model) -> usize {
    let rules = &model.preferences;
    let services = model.contexts.iter().flat_map(|store| {
        let services = store.services.values();
        services.filter_map(|remote| remote.value())
    });
    services
        .filter(|service| {
            let state = service_state(service);
            matches!(state, ServiceState::Down | ServiceState::Short)
        })
        .filter(|service| {
            rules.shows_service(&service.arn) && rules.shows_cluster(&service.cluster)
        })
        .count()
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
