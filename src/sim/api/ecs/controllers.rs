//! What services that CodeDeploy or an external controller deploys take and refuse.

use serde_json::{Map, Value};

use super::{services, settings};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::engine::service::ServiceChange;
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::task_set::Controller;

/// Members of `UpdateService` that ask for other tasks, with the words of ECS for them.
const NOT_BY_UPDATE: [(&str, &str); 9] = [
    ("taskDefinition", "task definition"),
    ("networkConfiguration", "network parameters"),
    ("loadBalancers", "load balancers"),
    ("platformVersion", "platform version"),
    ("capacityProviderStrategy", "capacity provider strategy"),
    ("serviceRegistries", "service registries"),
    (
        "serviceConnectConfiguration",
        "service connect configuration",
    ),
    ("volumeConfigurations", "volume configurations"),
    ("vpcLatticeConfigurations", "VPC Lattice configurations"),
];

/// Members of `CreateService` that a service with an external controller leaves to its task sets.
const OF_TASK_SETS: [&str; 8] = [
    "taskDefinition",
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "networkConfiguration",
    "loadBalancers",
    "serviceRegistries",
    "serviceConnectConfiguration",
];

/// The deployment controller that a request names.
pub fn named(members: &Map<String, Value>) -> Result<Option<Controller>, ApiError> {
    let Some(word) = members
        .get("deploymentController")
        .and_then(|one| one.get("type"))
        .and_then(Value::as_str)
    else {
        return Ok(None);
    };
    match Controller::from_word(word) {
        Some(controller) => Ok(Some(controller)),
        None => Err(ApiError::invalid_parameter(format!(
            "Unsupported deployment controller '{word}'."
        ))),
    }
}

/// The rules for a new service with this controller.
pub fn check_new(controller: Controller, members: &Map<String, Value>) -> Result<(), ApiError> {
    let given = |name: &str| match members.get(name) {
        Some(Value::Array(items)) => !items.is_empty(),
        other => other.is_some(),
    };
    match controller {
        Controller::Ecs => Ok(()),
        Controller::CodeDeploy => {
            let balancers = members.get("loadBalancers").and_then(Value::as_array);
            if balancers.map_or(0, Vec::len) == 1 {
                refuse_ecs_settings(controller, members)
            } else {
                Err(ApiError::invalid_parameter(
                    "A service with a CODE_DEPLOY deployment controller must have exactly one \
                     load balancer with a target group.",
                ))
            }
        }
        Controller::External => match OF_TASK_SETS.iter().find(|name| given(name)) {
            Some(name) => Err(ApiError::invalid_parameter(format!(
                "{name} cannot be specified for a service with an EXTERNAL deployment \
                 controller. Specify it when you create a task set."
            ))),
            None => refuse_ecs_settings(controller, members),
        },
    }
}

/// The circuit breaker, alarms, and strategies are parts of the ECS controller.
fn refuse_ecs_settings(
    controller: Controller,
    members: &Map<String, Value>,
) -> Result<(), ApiError> {
    let settings = members.get("deploymentConfiguration");
    let on = |name: &str| {
        settings
            .and_then(|all| all.get(name))
            .and_then(|one| one.get("enable"))
            == Some(&Value::Bool(true))
    };
    let word = controller.word();
    if on("deploymentCircuitBreaker") {
        return Err(ApiError::invalid_parameter(format!(
            "Deployment circuit breaker feature is not supported for services with a {word} \
             deployment controller."
        )));
    }
    if on("alarms") {
        return Err(ApiError::invalid_parameter(format!(
            "Deployment alarms are not supported for services with a {word} deployment controller."
        )));
    }
    Ok(())
}

/// The rules for a change of a service with this controller.
pub fn check_update(controller: Controller, members: &Map<String, Value>) -> Result<(), ApiError> {
    if let Some(wanted) = named(members)?
        && wanted != controller
    {
        return Err(ApiError::invalid_parameter(format!(
            "This simulator does not change the deployment controller of a service, which is {}.",
            controller.word()
        )));
    }
    if !controller.has_task_sets() {
        return Ok(());
    }
    let (word, advice) = match controller {
        Controller::External => ("an EXTERNAL", "Create a new task set instead."),
        _ => (
            "a CODE_DEPLOY",
            "Use AWS CodeDeploy to trigger a new deployment.",
        ),
    };
    if let Some((_, noun)) = NOT_BY_UPDATE
        .iter()
        .find(|(name, _)| members.contains_key(*name))
    {
        return Err(ApiError::invalid_parameter(format!(
            "Unable to update {noun} on services with {word} deployment controller. {advice}"
        )));
    }
    if members.get("forceNewDeployment") == Some(&Value::Bool(true)) {
        return Err(ApiError::invalid_parameter(format!(
            "Cannot force a new deployment on services with {word} deployment controller. {advice}"
        )));
    }
    refuse_ecs_settings(controller, members)
}

/// `UpdateService` of a service with task sets: the desired count, and what needs no new task.
pub fn update(
    region: &mut Region,
    input: Input<'_>,
    number: ServiceNumber,
    mut members: Map<String, Value>,
) -> Answer {
    let present = region.ecs.services.get(&number);
    let mut changed = present
        .map(|service| service.settings.clone())
        .unwrap_or_default();
    if let Some(given) = members.remove("deploymentConfiguration") {
        settings::apply(&mut changed, &given)?;
    }
    for used in [
        "cluster",
        "service",
        "desiredCount",
        "forceNewDeployment",
        "deploymentController",
    ] {
        members.remove(used);
    }
    let change = ServiceChange {
        desired: services::read_desired(input)?,
        settings: Some(changed),
        members,
        deploy: None,
    };
    region.update_service(number, change);
    Ok(services::answer(&region.ecs, Some(number), true))
}
