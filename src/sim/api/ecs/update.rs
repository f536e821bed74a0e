//! `UpdateService`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::shape::{request, service::UPDATE_SERVICE_REQUEST};
use super::{controllers, lookup, services, settings, shift};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::ecs::Ecs;
use crate::sim::world::engine::service::ServiceChange;
use crate::sim::world::service::{Service, ServiceStatus};
use crate::sim::world::task_definition::TaskDefinition;

/// Members that need new tasks when they change, besides the task definition.
const NEEDS_DEPLOYMENT: [&str; 8] = [
    "capacityProviderStrategy",
    "networkConfiguration",
    "platformVersion",
    "loadBalancers",
    "serviceRegistries",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
];

/// `UpdateService`: what isn't named stays. A deployment begins when the tasks have to change, or
/// when the request forces one.
pub fn update(region: &mut Region, input: Input<'_>) -> Answer {
    let mut members = request(input, UPDATE_SERVICE_REQUEST)?;
    let cluster = lookup::cluster(&region.ecs, input)?;
    let service = region
        .ecs
        .service_in(cluster, input.required_string("service")?)
        .ok_or_else(|| ApiError::new("ServiceNotFoundException", "Service not found."))?;
    let number = service.number;
    if service.status != ServiceStatus::Active {
        return Err(ApiError::new(
            "ServiceNotActiveException",
            "Service was not ACTIVE.",
        ));
    }
    services::check_strategy(&members)?;
    controllers::check_update(service.controller, &members)?;
    if service.controller.has_task_sets() {
        return controllers::update(region, input, number, members);
    }
    let definition = target(&region.ecs, service, input)?;
    let mut settings = service.settings.clone();
    if let Some(given) = members.remove("deploymentConfiguration") {
        settings::apply(&mut settings, &given)?;
    }
    let force = input.boolean("forceNewDeployment")?.unwrap_or(false);
    for used in [
        "cluster",
        "service",
        "taskDefinition",
        "desiredCount",
        "forceNewDeployment",
        "deploymentController",
    ] {
        members.remove(used);
    }
    if members.contains_key("capacityProviderStrategy") {
        // A strategy takes the place of the launch type.
        members.insert("launchType".to_owned(), Value::Null);
    }
    let merged = merge(&service.members, &members);
    services::check_members(&merged, &definition)?;
    shift::check_load_balancers(&merged, settings.shift.strategy)?;
    lookup::check_target_groups(&region.elb, &members)?;
    let deploys = force || changes_tasks(service, &members, &definition);
    let change = ServiceChange {
        desired: services::read_desired(input)?,
        settings: Some(settings),
        members,
        deploy: deploys.then_some(definition),
    };
    region.update_service(number, change);
    Ok(services::answer(&region.ecs, Some(number), true))
}

/// The task definition that the service is to run: the one named, or the one it runs.
fn target(ecs: &Ecs, service: &Service, input: Input<'_>) -> Result<Arc<TaskDefinition>, ApiError> {
    let present = service.primary().map(|primary| &primary.definition);
    match (input.string("taskDefinition")?, present) {
        (Some(name), Some(present))
            if lookup::task_definition(ecs, name).is_some_and(|one| one.arn == present.arn) =>
        {
            Ok(Arc::clone(present))
        }
        (Some(name), _) => lookup::usable_task_definition(ecs, name),
        (None, Some(present)) => Ok(Arc::clone(present)),
        (None, None) => Err(ApiError::client("TaskDefinition not found.")),
    }
}

fn changes_tasks(
    service: &Service,
    members: &Map<String, Value>,
    definition: &TaskDefinition,
) -> bool {
    let same = service
        .primary()
        .is_some_and(|primary| primary.definition.arn == definition.arn);
    !same
        || NEEDS_DEPLOYMENT.iter().any(|name| {
            members
                .get(*name)
                .is_some_and(|value| service.members.get(*name) != Some(value))
        })
}

fn merge(present: &Map<String, Value>, change: &Map<String, Value>) -> Map<String, Value> {
    let mut merged = present.clone();
    for (name, value) in change {
        merged.insert(name.clone(), json!(value));
    }
    merged
}
