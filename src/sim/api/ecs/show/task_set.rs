//! Task sets.

use serde_json::{Map, Value, json};

use super::{object, put_members};
use crate::sim::world::ecs::Ecs;
use crate::sim::world::service::Service;
use crate::sim::world::task_set::TaskSet;

/// Members of its revision that a task set shows.
const GIVEN: [&str; 8] = [
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "platformFamily",
    "networkConfiguration",
    "loadBalancers",
    "serviceRegistries",
    "fargateEphemeralStorage",
];

/// Every task set of a service, the oldest first.
pub fn task_sets(ecs: &Ecs, service: &Service, with_tags: bool) -> Value {
    let sets = service.task_sets.iter();
    sets.map(|set| task_set(ecs, service, set, with_tags))
        .collect()
}

/// A task set, with its tags if they were asked for.
pub fn task_set(ecs: &Ecs, service: &Service, set: &TaskSet, with_tags: bool) -> Value {
    let own = |task: &&crate::sim::world::task::Task| task.deployment == set.number;
    let (running, pending) = Ecs::count(ecs.live_tasks(service).filter(own));
    let cluster = ecs.clusters.get(&service.cluster);
    let mut shown = object(json!({
        "id": set.id,
        "taskSetArn": set.arn,
        "serviceArn": service.arn,
        "clusterArn": cluster.map(|one| one.arn.as_str()),
        "status": set.status.word(),
        "taskDefinition": set.definition.arn,
        "computedDesiredCount": set.computed_desired(service.desired),
        "pendingCount": pending,
        "runningCount": running,
        "createdAt": set.created_at.json(),
        "updatedAt": set.updated_at.json(),
        "loadBalancers": [],
        "serviceRegistries": [],
        "scale": {"value": set.scale, "unit": "PERCENT"},
        "stabilityStatus": if set.steady { "STEADY_STATE" } else { "STABILIZING" },
        "stabilityStatusAt": set.steady_at.json(),
        "tags": if with_tags { set.tags.as_slice() } else { &[] },
    }));
    put_origin(set, &mut shown);
    if let Some(revision) = service.revision(set.revision) {
        put_members(&mut shown, &revision.members, &GIVEN);
    }
    Value::Object(shown)
}

fn put_origin(set: &TaskSet, shown: &mut Map<String, Value>) {
    for (name, value) in [
        ("startedBy", &set.started_by),
        ("externalId", &set.external_id),
    ] {
        if let Some(value) = value {
            shown.insert(name.to_owned(), json!(value));
        }
    }
}
