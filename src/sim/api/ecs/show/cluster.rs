//! Clusters.

use serde_json::{Value, json};

use super::{object, put_members};
use crate::sim::world::cluster::Cluster;
use crate::sim::world::ecs::Ecs;
use crate::sim::world::service::ServiceStatus;
use crate::sim::world::task::{Task, TaskStatus};

/// A cluster with the optional `fields` that were asked for.
pub fn cluster(ecs: &Ecs, cluster: &Cluster, fields: &[&str]) -> Value {
    let tasks = || {
        cluster
            .tasks
            .iter()
            .filter_map(|number| ecs.tasks.get(number))
    };
    let (running, pending) = Ecs::count(tasks());
    let services = |status| {
        cluster
            .services
            .values()
            .filter_map(|number| ecs.services.get(number))
            .filter(|service| service.status == status)
            .count()
    };
    let has = |field| fields.contains(&field);
    let mut shown = object(json!({
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": "ACTIVE",
        "registeredContainerInstancesCount": 0,
        "runningTasksCount": running,
        "pendingTasksCount": pending,
        "activeServicesCount": services(ServiceStatus::Active),
        "statistics": [],
        "tags": if has("TAGS") { cluster.tags.as_slice() } else { &[] },
        "settings": [],
        "capacityProviders": [],
        "defaultCapacityProviderStrategy": [],
    }));
    put_members(
        &mut shown,
        &cluster.members,
        &["capacityProviders", "defaultCapacityProviderStrategy"],
    );
    if has("SETTINGS") {
        let usual = json!([{"name": "containerInsights", "value": "disabled"}]);
        shown.insert("settings".to_owned(), usual);
        put_members(&mut shown, &cluster.members, &["settings"]);
    }
    if has("CONFIGURATIONS") {
        put_members(&mut shown, &cluster.members, &["configuration"]);
    }
    if has("STATISTICS") {
        let draining = services(ServiceStatus::Draining);
        shown.insert(
            "statistics".to_owned(),
            statistics(tasks(), services(ServiceStatus::Active), draining),
        );
    }
    Value::Object(shown)
}

/// The counts by launch type, as names and values that are strings.
fn statistics<'a>(tasks: impl Iterator<Item = &'a Task>, active: usize, draining: usize) -> Value {
    let (mut running, mut pending, mut draining_tasks) = (0, 0, 0);
    for task in tasks {
        match task.status {
            TaskStatus::Running => running += 1,
            TaskStatus::Stopped => {}
            status if status.is_pending() => pending += 1,
            _ => draining_tasks += 1,
        }
    }
    let counts = [
        ("runningEC2TasksCount", 0),
        ("runningFargateTasksCount", running),
        ("pendingEC2TasksCount", 0),
        ("pendingFargateTasksCount", pending),
        ("drainingEC2TasksCount", 0),
        ("drainingFargateTasksCount", draining_tasks),
        ("activeEC2ServiceCount", 0),
        ("activeFargateServiceCount", active),
        ("drainingEC2ServiceCount", 0),
        ("drainingFargateServiceCount", draining),
    ];
    counts
        .iter()
        .map(|(name, count)| json!({"name": name, "value": count.to_string()}))
        .collect()
}
