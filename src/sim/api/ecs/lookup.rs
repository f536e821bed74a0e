//! Finding what a request names, with the errors of ECS for what isn't there.

use serde_json::{Map, Value, json};

use crate::sim::api::{ApiError, Input};
use crate::sim::world::cluster::Cluster;
use crate::sim::world::ecs::Ecs;
use crate::sim::world::elb::Elb;
use crate::sim::world::service::{Service, ServiceStatus};
use crate::sim::world::task_definition::TaskDefinition;
use std::sync::Arc;

/// The cluster that the member `cluster` names; `default` when it is absent.
pub fn cluster<'a>(ecs: &'a Ecs, input: Input<'_>) -> Result<&'a Cluster, ApiError> {
    ecs.cluster(input.string("cluster")?)
        .ok_or_else(|| ApiError::new("ClusterNotFoundException", "Cluster not found."))
}

/// The service of `cluster` that `name` means, if it isn't INACTIVE.
pub fn live_service<'a>(
    ecs: &'a Ecs,
    cluster: &Cluster,
    name: &str,
) -> Result<&'a Service, ApiError> {
    ecs.service_in(cluster, name)
        .filter(|service| service.status != ServiceStatus::Inactive)
        .ok_or_else(|| ApiError::new("ServiceNotFoundException", "Service not found."))
}

/// The task definition that `name` means: a family, `family:revision`, or an ARN.
pub fn task_definition<'a>(ecs: &'a Ecs, name: &str) -> Option<&'a Arc<TaskDefinition>> {
    let short = if name.starts_with("arn:") {
        ecs.place.resource(name)?.strip_prefix("task-definition/")?
    } else {
        name
    };
    ecs.task_definitions.find(short)
}

/// A task definition that a service may use.
pub fn usable_task_definition(ecs: &Ecs, name: &str) -> Result<Arc<TaskDefinition>, ApiError> {
    let found =
        task_definition(ecs, name).ok_or_else(|| ApiError::client("TaskDefinition not found."))?;
    if !found.is_active() {
        return Err(ApiError::client("TaskDefinition is inactive"));
    }
    Ok(Arc::clone(found))
}

/// The names in the member `member`, of which there have to be between 1 and `most`.
pub fn names<'a>(
    input: Input<'a>,
    member: &str,
    noun: &str,
    most: usize,
) -> Result<Vec<&'a str>, ApiError> {
    let names = input.strings(member)?;
    if names.is_empty() {
        return Err(ApiError::invalid_parameter(format!(
            "{noun} cannot be empty."
        )));
    }
    if names.len() > most {
        return Err(ApiError::invalid_parameter(format!(
            "{noun} cannot have more than {most} elements."
        )));
    }
    Ok(names)
}

/// Whether the list member `include` has `word`. Unknown words are errors.
pub fn includes(input: Input<'_>, word: &str, words: &[&str]) -> Result<bool, ApiError> {
    let asked = input.strings("include")?;
    if let Some(unknown) = asked.iter().find(|one| !words.contains(one)) {
        return Err(ApiError::invalid_parameter(format!(
            "Unsupported value '{unknown}' in include, it has to be one of: {}",
            words.join(", ")
        )));
    }
    Ok(asked.contains(&word))
}

/// An entry of `failures[]` for something that isn't there.
pub fn failure(arn: &str) -> Value {
    json!({"arn": arn, "reason": "MISSING"})
}

/// The members of a container as they were registered.
pub fn container_members<'a>(definition: &'a TaskDefinition, name: &str) -> Option<&'a Value> {
    definition
        .members
        .get("containerDefinitions")
        .and_then(Value::as_array)?
        .iter()
        .find(|one| one.get("name").and_then(Value::as_str) == Some(name))
}

/// Refuses load balancers of a service whose target group isn't there, or that no listener sends
/// anything to.
pub fn check_target_groups(elb: &Elb, members: &Map<String, Value>) -> Result<(), ApiError> {
    let load_balancers = members.get("loadBalancers").and_then(Value::as_array);
    let arns = load_balancers
        .into_iter()
        .flatten()
        .filter_map(|one| one.get("targetGroupArn")?.as_str());
    for arn in arns {
        if elb.target_group(arn).is_none() {
            return Err(ApiError::invalid_parameter(format!(
                "The target group {arn} does not exist."
            )));
        }
        if elb.rules_to(arn).is_empty() {
            return Err(ApiError::invalid_parameter(format!(
                "The target group with targetGroupArn {arn} does not have an associated load \
                 balancer."
            )));
        }
    }
    Ok(())
}
