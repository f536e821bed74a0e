//! The part of a scenario file that is about autoscaling.

use serde::Deserialize;

use super::file::ServiceEntry;
use crate::sim::api::autoscaling::role;
use crate::sim::world::Region;
use crate::sim::world::autoscaling::{ScalableTarget, Suspended, target_id};
use crate::sim::world::ids::ServiceNumber;

/// Between which counts a service is kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutoScalingEntry {
    /// The fewest tasks.
    pub min: u32,
    /// The most tasks.
    pub max: u32,
    /// What does not happen.
    #[serde(default)]
    pub suspended: Vec<SuspendedWord>,
}

/// A kind of scaling that is suspended.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspendedWord {
    /// To fewer tasks, by a policy.
    In,
    /// To more tasks, by a policy.
    Out,
    /// By a schedule.
    Scheduled,
}

/// Registers the service as a scalable target.
pub fn register(
    region: &mut Region,
    service: &ServiceEntry,
    entry: &AutoScalingEntry,
    number: ServiceNumber,
) -> Result<(), String> {
    if entry.min > entry.max || !(entry.min..=entry.max).contains(&service.desired) {
        return Err("autoscaling needs min <= desired <= max".to_owned());
    }
    let has = |word| entry.suspended.contains(&word);
    let resource = format!("service/{}/{}", service.cluster.get_ref(), service.name);
    let target = ScalableTarget {
        id: target_id(&region.ecs.place, &resource),
        min: entry.min,
        max: entry.max,
        role: role(&region.ecs.place),
        created_at: region.ecs.now,
        suspended: Suspended {
            scale_in: has(SuspendedWord::In),
            scale_out: has(SuspendedWord::Out),
            scheduled: has(SuspendedWord::Scheduled),
        },
    };
    region.register_target(&resource, number, target);
    Ok(())
}
