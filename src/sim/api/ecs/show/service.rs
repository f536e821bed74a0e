//! Services and the entries of their `deployments[]`.

use serde_json::{Map, Value, json};

use super::{object, put_members, task_set};
use crate::sim::api::ecs::settings;
use crate::sim::world::deployment::Deployment;
use crate::sim::world::ecs::Ecs;
use crate::sim::world::service::Service;

/// Members of a service that are shown as they were given.
const GIVEN: [&str; 16] = [
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "platformFamily",
    "roleArn",
    "loadBalancers",
    "serviceRegistries",
    "placementConstraints",
    "placementStrategy",
    "networkConfiguration",
    "healthCheckGracePeriodSeconds",
    "schedulingStrategy",
    "enableECSManagedTags",
    "propagateTags",
    "enableExecuteCommand",
    "availabilityZoneRebalancing",
];

/// Members of the service that each of its deployments repeats.
const DEPLOYED: [&str; 9] = [
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "platformFamily",
    "networkConfiguration",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "fargateEphemeralStorage",
    "vpcLatticeConfigurations",
];

/// A service, with its tags if they were asked for.
pub fn service(ecs: &Ecs, service: &Service, with_tags: bool) -> Value {
    let (running, pending) = Ecs::count(ecs.live_tasks(service));
    let cluster = ecs
        .clusters
        .get(&service.cluster)
        .map(|one| one.arn.as_str());
    let definition = service
        .primary()
        .map(|primary| primary.definition.arn.as_str())
        .or_else(|| {
            service
                .revisions
                .last()
                .map(|last| last.definition.arn.as_str())
        });
    let mut shown = object(json!({
        "serviceArn": service.arn,
        "serviceName": service.name,
        "clusterArn": cluster,
        "loadBalancers": [],
        "serviceRegistries": [],
        "status": service.status.word(),
        "desiredCount": service.desired,
        "runningCount": running,
        "pendingCount": pending,
        "taskDefinition": definition,
        "deploymentConfiguration": settings::show(&service.settings),
        "deployments": deployments(ecs, service),
        "events": events(service),
        "createdAt": service.created_at.json(),
        "placementConstraints": [],
        "placementStrategy": [],
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": service.controller.word()},
        "createdBy": format!("arn:aws:iam::{}:role/deploy", ecs.place.account),
        "enableECSManagedTags": false,
        "propagateTags": "NONE",
        "enableExecuteCommand": false,
        "availabilityZoneRebalancing": "DISABLED",
    }));
    put_members(&mut shown, &service.members, &GIVEN);
    if service.controller.has_task_sets() {
        show_task_sets(ecs, service, &mut shown);
    } else {
        put_history(ecs, service, &mut shown);
    }
    if with_tags {
        shown.insert("tags".to_owned(), json!(service.tags));
    }
    Value::Object(shown)
}

/// A service that another controller deploys has task sets, and no deployments.
fn show_task_sets(ecs: &Ecs, service: &Service, shown: &mut Map<String, Value>) {
    shown.insert(
        "taskSets".to_owned(),
        task_set::task_sets(ecs, service, false),
    );
    let primary = service.primary_task_set();
    match primary.or_else(|| service.task_sets.first()) {
        Some(set) => shown.insert("taskDefinition".to_owned(), json!(set.definition.arn)),
        None => shown.remove("taskDefinition"),
    };
    shown.insert(
        "deploymentConfiguration".to_owned(),
        json!({
            "maximumPercent": service.settings.maximum_percent,
            "minimumHealthyPercent": service.settings.minimum_healthy_percent,
        }),
    );
}

fn put_history(ecs: &Ecs, service: &Service, shown: &mut Map<String, Value>) {
    if let Some(release) = service.release() {
        shown.insert("currentServiceDeployment".to_owned(), json!(release.arn));
    }
    let mut revisions: Vec<_> = service.deployments.iter().map(|one| one.revision).collect();
    revisions.sort();
    revisions.dedup();
    let current: Vec<Value> = revisions
        .iter()
        .filter_map(|number| {
            let revision = service.revision(*number)?;
            let counts = ecs.revision_counts(service, *number);
            Some(json!({
                "arn": revision.arn,
                "requestedTaskCount": counts.requested,
                "runningTaskCount": counts.running,
                "pendingTaskCount": counts.pending,
            }))
        })
        .collect();
    shown.insert("currentServiceRevisions".to_owned(), Value::Array(current));
}

fn deployments(ecs: &Ecs, service: &Service) -> Value {
    service
        .deployments
        .iter()
        .enumerate()
        .map(|(position, one)| deployment(ecs, service, one, position == 0))
        .collect()
}

fn deployment(ecs: &Ecs, service: &Service, deployment: &Deployment, primary: bool) -> Value {
    let tasks = || {
        ecs.live_tasks(service)
            .filter(|task| task.deployment == deployment.number)
    };
    let (running, pending) = Ecs::count(tasks());
    let wanted = u32::try_from(tasks().filter(|task| task.wanted).count()).unwrap_or(u32::MAX);
    let mut shown = object(json!({
        "id": deployment.id,
        "status": if primary { "PRIMARY" } else { "ACTIVE" },
        "taskDefinition": deployment.definition.arn,
        "desiredCount": if primary { service.desired } else { wanted },
        "pendingCount": pending,
        "runningCount": running,
        "failedTasks": deployment.failed_tasks,
        "createdAt": deployment.created_at.json(),
        "updatedAt": deployment.updated_at.json(),
        "rolloutState": deployment.rollout.word(),
        "rolloutStateReason": deployment.rollout_reason,
    }));
    if let Some(revision) = service.revision(deployment.revision) {
        put_members(&mut shown, &revision.members, &DEPLOYED);
    }
    Value::Object(shown)
}

fn events(service: &Service) -> Value {
    service
        .events
        .iter()
        .map(
            |event| json!({"id": event.id, "createdAt": event.at.json(), "message": event.message}),
        )
        .collect()
}
