//! Everything that a release is made from, and the releases of a service made of it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Release, ReleaseId, StageLog, assemble, codedeploy, task_sets};
use crate::domain::alarm::Alarm;
use crate::domain::codedeploy::CodeDeployment;
use crate::domain::service::{Controller, Service};
use crate::domain::service_deployment::ServiceDeployment;
use crate::domain::traffic::Traffic;

/// Everything that the releases of a service are made from. Any part can be empty: it was not read
/// yet, or it cannot be read.
#[derive(Copy, Clone, Debug)]
pub struct Sources<'a> {
    /// The service.
    pub service: &'a Service,
    /// ECS's own records of its releases, in any order.
    pub history: &'a [ServiceDeployment],
    /// CodeDeploy's records of its releases, in any order.
    pub codedeploy: &'a [CodeDeployment],
    /// What its load balancers really do.
    pub traffic: &'a Traffic,
    /// The alarms that were read, by name.
    pub alarms: &'a BTreeMap<String, Alarm>,
    /// When cutover saw each stage of ECS first.
    pub observed: &'a BTreeMap<ReleaseId, StageLog>,
}

static NO_TRAFFIC: LazyLock<Traffic> = LazyLock::new(Traffic::default);
static NO_ALARMS: BTreeMap<String, Alarm> = BTreeMap::new();
static NOTHING_OBSERVED: BTreeMap<ReleaseId, StageLog> = BTreeMap::new();

impl<'a> Sources<'a> {
    /// A service and ECS's records of its releases, with nothing else known.
    pub fn of(service: &'a Service, history: &'a [ServiceDeployment]) -> Self {
        Self {
            service,
            history,
            codedeploy: &[],
            traffic: &NO_TRAFFIC,
            alarms: &NO_ALARMS,
            observed: &NOTHING_OBSERVED,
        }
    }
}

/// The newest release of a service: the one in flight, or the one that what runs now came from.
pub fn current_of(sources: &Sources) -> Option<Release> {
    match sources.service.controller {
        Controller::CodeDeploy => codedeploy::newest(sources),
        Controller::External => task_sets::moved_outside(sources),
        Controller::Ecs | Controller::Unknown(_) => assemble::newest(sources),
    }
}

/// The earlier releases of a service, newest first, without the one that `current` names.
pub fn past_of(sources: &Sources, current: Option<&ReleaseId>) -> Vec<Release> {
    let mut releases = assemble::recorded(sources.history, current, sources.observed);
    releases.extend(codedeploy::earlier(sources, current));
    in_order(releases)
}

/// What [`current_of`] tells, where only the service and ECS's records are known.
pub fn current(service: &Service, history: &[ServiceDeployment]) -> Option<Release> {
    current_of(&Sources::of(service, history))
}

/// The releases that ECS's records alone tell, newest first, without the one that `current` names.
pub fn past(history: &[ServiceDeployment], current: Option<&ReleaseId>) -> Vec<Release> {
    in_order(assemble::recorded(history, current, &NOTHING_OBSERVED))
}

fn in_order(mut releases: Vec<Release>) -> Vec<Release> {
    releases.sort_by(|a, b| {
        b.started_at
            .cmp(&a.started_at)
            .then_with(|| b.id.cmp(&a.id))
    });
    releases
}
