//! Application Auto Scaling in one account and region: which services it keeps between which counts.
//!
//! There are no metrics here, so no policy ever scales. What AWS does at once is done: a service that
//! is registered with bounds that it is out of is brought within them.

use std::collections::BTreeMap;

use super::Region;
use super::arn::Place;
use super::ecs::fingerprint;
use super::engine::service::ServiceChange;
use super::ids::ServiceNumber;
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;

/// Kinds of scaling that do not happen.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Suspended {
    /// By a policy, to fewer tasks.
    pub scale_in: bool,
    /// By a policy, to more tasks.
    pub scale_out: bool,
    /// By a schedule.
    pub scheduled: bool,
}

/// A service whose desired count is scaled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScalableTarget {
    /// What ends its ARN.
    pub id: String,
    /// The fewest tasks.
    pub min: u32,
    /// The most tasks.
    pub max: u32,
    /// The role that changes the count.
    pub role: String,
    /// When it was registered.
    pub created_at: SimTime,
    /// What does not happen.
    pub suspended: Suspended,
}

/// The scalable targets, by resource id such as `service/prod/web`.
#[derive(Clone, Debug, Default)]
pub struct AutoScaling {
    /// Every target.
    pub targets: BTreeMap<String, ScalableTarget>,
}

/// What ends the ARN of a target. It follows from what the target is about, so that a world stays
/// what it was when one of its services is scaled.
pub fn target_id(place: &Place, resource: &str) -> String {
    let about = format!("{}/{}/{resource}", place.account, place.region);
    format!("0ec5{}", Rng::new(fingerprint(&about)).hex(32))
}

/// The cluster and the service that a resource id names.
pub fn service_of(resource: &str) -> Option<(&str, &str)> {
    resource.strip_prefix("service/")?.split_once('/')
}

impl Region {
    /// Registers a target, or puts this in the place of what was registered, and brings the service
    /// within the bounds.
    pub fn register_target(
        &mut self,
        resource: &str,
        service: ServiceNumber,
        target: ScalableTarget,
    ) {
        let present = self.ecs.services.get(&service).map(|one| one.desired);
        let desired = present.map(|present| present.max(target.min).min(target.max));
        self.autoscaling.targets.insert(resource.to_owned(), target);
        if desired != present {
            let change = ServiceChange {
                desired,
                ..ServiceChange::default()
            };
            self.update_service(service, change);
        }
    }
}
