//! Clusters.

use serde_json::{Value, json};

use super::{object, put_members};
use crate::sim::world::cluster::Cluster;
use crate::sim::world::ecs::Ecs;
use crate::sim::world::service::{Service, ServiceStatus};
use crate::sim::world::task::TaskStatus;

/// A cluster with the optional `fields` that were asked for.
pub fn cluster(ecs: &Ecs, cluster: &Cluster, fields: &[&str]) -> Value {
    let tasks = || {
        cluster
            .tasks
            .iter()
            .filter_map(|number| ecs.tasks.get(number))
    };
    let (running, pending) = Ecs::count(tasks());
    let active = services(ecs, cluster, ServiceStatus::Active).count();
    let has = |field| fields.contains(&field);
    let mut shown = object(json!({
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": "ACTIVE",
        "registeredContainerInstancesCount": 0,
        "runningTasksCount": running,
        "pendingTasksCount": pending,
        "activeServicesCount": active,
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
        shown.insert("statistics".to_owned(), statistics(ecs, cluster));
    }
    Value::Object(shown)
}

fn services<'a>(
    ecs: &'a Ecs,
    cluster: &'a Cluster,
    status: ServiceStatus,
) -> impl Iterator<Item = &'a Service> {
    let all = cluster
        .services
        .values()
        .filter_map(|number| ecs.services.get(number));
    all.filter(move |service| service.status == status)
}

/// The counts by launch type, as names and values that are strings.
fn statistics(ecs: &Ecs, cluster: &Cluster) -> Value {
    let mut shown = Vec::new();
    for (noun, fargate) in [("EC2", false), ("Fargate", true)] {
        let (running, pending, draining) = task_counts(ecs, cluster, fargate);
        let count = |status| {
            let all = services(ecs, cluster, status);
            all.filter(|service| service.is_fargate() == fargate)
                .count()
        };
        for (name, count) in [
            (format!("running{noun}TasksCount"), running),
            (format!("pending{noun}TasksCount"), pending),
            (format!("draining{noun}TasksCount"), draining),
            (
                format!("active{noun}ServiceCount"),
                count(ServiceStatus::Active),
            ),
            (
                format!("draining{noun}ServiceCount"),
                count(ServiceStatus::Draining),
            ),
        ] {
            shown.push(json!({"name": name, "value": count.to_string()}));
        }
    }
    Value::Array(shown)
}

/// Running, pending and draining tasks of a launch type.
fn task_counts(ecs: &Ecs, cluster: &Cluster, fargate: bool) -> (usize, usize, usize) {
    let mut counts = (0, 0, 0);
    for task in cluster
        .tasks
        .iter()
        .filter_map(|number| ecs.tasks.get(number))
    {
        let owner = ecs.services.get(&task.service);
        if owner.is_some_and(Service::is_fargate) != fargate {
            continue;
        }
        match task.status {
            TaskStatus::Running => counts.0 += 1,
            TaskStatus::Stopped => {}
            status if status.is_pending() => counts.1 += 1,
            _ => counts.2 += 1,
        }
    }
    counts
}
