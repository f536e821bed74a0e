//! `CreateTaskSet`, `UpdateTaskSet`, `DeleteTaskSet`, `DescribeTaskSets`,
//! `UpdateServicePrimaryTaskSet`.

use serde_json::{Map, Value, json};

use super::lookup::{self, failure, includes};
use super::shape::request;
use super::shape::task_set::CREATE_TASK_SET_REQUEST;
use super::{services, show, tags};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::ecs::Ecs;
use crate::sim::world::engine::task_sets::NewTaskSet;
use crate::sim::world::ids::{DeploymentNumber, ServiceNumber};
use crate::sim::world::service::{Service, ServiceStatus};
use crate::sim::world::task_set::{Controller, TaskSet, TaskSetStatus};

/// Task sets that a service may have at once.
const MOST: usize = 5;

/// `CreateTaskSet`: for services with an external controller.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let (service, new) = read(&region.ecs, input)?;
    lookup::check_target_groups(&region.elb, &new.members)?;
    let set = region.create_task_set(service, new);
    Ok(answer(&region.ecs, service, set))
}

/// Reads the input of `CreateTaskSet`.
pub fn read(ecs: &Ecs, input: Input<'_>) -> Result<(ServiceNumber, NewTaskSet), ApiError> {
    let mut members = request(input, CREATE_TASK_SET_REQUEST)?;
    let service = owner(ecs, input)?;
    check_external(service, "create a task set")?;
    if service.task_sets.len() >= MOST {
        return Err(ApiError::invalid_parameter(format!(
            "{MOST} deployments exist on the service. Unable to create new TaskSet since this \
             exceeds the maximum limit."
        )));
    }
    let definition = lookup::usable_task_definition(ecs, input.required_string("taskDefinition")?)?;
    let scale = read_scale(input)?.unwrap_or(0.0);
    let tags = tags::take(&mut members)?;
    for used in [
        "cluster",
        "service",
        "externalId",
        "taskDefinition",
        "scale",
        "clientToken",
    ] {
        members.remove(used);
    }
    services::fill_defaults(&mut members, &definition);
    // The grace period is a member of the service, not of its task sets.
    members.remove("healthCheckGracePeriodSeconds");
    services::check_members(&members, &definition)?;
    let new = NewTaskSet {
        definition,
        members,
        scale,
        started_by: None,
        external_id: input.string("externalId")?.map(str::to_owned),
        tags,
        status: TaskSetStatus::Active,
    };
    Ok((service.number, new))
}

/// The percentage that the member `scale` names.
fn read_scale(input: Input<'_>) -> Result<Option<f64>, ApiError> {
    let Some(scale) = input.structure("scale")? else {
        return Ok(None);
    };
    scale.word("unit", &["PERCENT"])?;
    let Some(value) = scale.value("value") else {
        return Ok(None);
    };
    match value.as_f64() {
        Some(percent) if (0.0..=100.0).contains(&percent) => Ok(Some(percent)),
        Some(_) => Err(ApiError::invalid_parameter(
            "Scale value must be between 0 and 100.",
        )),
        None => Err(ApiError::serialization(
            "the value at 'scale.value' can not be converted to a Number",
        )),
    }
}

/// `UpdateTaskSet`: changes its scale.
pub fn update(region: &mut Region, input: Input<'_>) -> Answer {
    let service = owner(&region.ecs, input)?;
    check_external(service, "update a task set")?;
    let set = live_set(service, input.required_string("taskSet")?)?;
    if !input.has("scale") {
        return Err(crate::sim::api::input::missing("scale"));
    }
    let scale = read_scale(input)?.unwrap_or(100.0);
    let (service, set) = (service.number, set.number);
    region.scale_task_set(service, set, scale);
    Ok(answer(&region.ecs, service, Some(set)))
}

/// `DeleteTaskSet`: one that still has a scale has to be forced.
pub fn delete(region: &mut Region, input: Input<'_>) -> Answer {
    let service = owner(&region.ecs, input)?;
    check_external(service, "delete a task set")?;
    let force = input.boolean("force")?.unwrap_or(false);
    let set = live_set(service, input.required_string("taskSet")?)?;
    if set.computed_desired(service.desired) > 0 && !force {
        return Err(ApiError::invalid_parameter(
            "The task set cannot be deleted while it is scaled above 0.",
        ));
    }
    let (service, set) = (service.number, set.number);
    region.delete_task_set(service, set);
    Ok(answer(&region.ecs, service, Some(set)))
}

/// `DescribeTaskSets`: those that are named, or all of the service.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let ecs = &region.ecs;
    let service = owner(ecs, input)?;
    let with_tags = includes(input, "TAGS", &["TAGS"])?;
    if !service.controller.has_task_sets() {
        return Err(wrong_controller(service, "describe task sets"));
    }
    let names = input.strings("taskSets")?;
    if names.is_empty() {
        let sets = show::task_set::task_sets(ecs, service, with_tags);
        return Ok(json!({"taskSets": sets, "failures": []}));
    }
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        match find(service, name) {
            Some(set) => found.push(show::task_set::task_set(ecs, service, set, with_tags)),
            None => failures.push(failure(name)),
        }
    }
    Ok(json!({"taskSets": found, "failures": failures}))
}

/// `UpdateServicePrimaryTaskSet`.
pub fn set_primary(region: &mut Region, input: Input<'_>) -> Answer {
    let service = owner(&region.ecs, input)?;
    check_external(service, "change the primary task set")?;
    let set = live_set(service, input.required_string("primaryTaskSet")?)?;
    let (service, set) = (service.number, set.number);
    region.make_primary(service, set);
    Ok(answer(&region.ecs, service, Some(set)))
}

/// The service that a request is about. All of these operations want it to be ACTIVE.
fn owner<'a>(ecs: &'a Ecs, input: Input<'_>) -> Result<&'a Service, ApiError> {
    input.required_string("cluster")?;
    let cluster = lookup::cluster(ecs, input)?;
    let service = lookup::live_service(ecs, cluster, input.required_string("service")?)?;
    if service.status == ServiceStatus::Active {
        Ok(service)
    } else {
        Err(ApiError::new(
            "ServiceNotActiveException",
            "Service was not ACTIVE.",
        ))
    }
}

fn check_external(service: &Service, what: &str) -> Result<(), ApiError> {
    if service.controller == Controller::External {
        Ok(())
    } else {
        Err(wrong_controller(service, what))
    }
}

fn wrong_controller(service: &Service, what: &str) -> ApiError {
    let word = service.controller.word();
    ApiError::invalid_parameter(format!(
        "Unable to {what} on services with deployment controller {word}."
    ))
}

/// A task set of the service by its id, the digits of its id, or its ARN.
fn find<'a>(service: &'a Service, name: &str) -> Option<&'a TaskSet> {
    let digits = |id: &str| id.strip_prefix("ecs-svc/").map(str::to_owned);
    let mut sets = service.task_sets.iter();
    sets.find(|set| set.arn == name || set.id == name || digits(&set.id).as_deref() == Some(name))
}

fn live_set<'a>(service: &'a Service, name: &str) -> Result<&'a TaskSet, ApiError> {
    find(service, name)
        .filter(|set| set.status != TaskSetStatus::Draining)
        .ok_or_else(|| {
            ApiError::new(
                "TaskSetNotFoundException",
                "The specified task set was not found.",
            )
        })
}

fn answer(ecs: &Ecs, service: ServiceNumber, set: Option<DeploymentNumber>) -> Value {
    let shown = ecs.services.get(&service).and_then(|service| {
        let set = service.task_set(set?)?;
        Some(show::task_set::task_set(ecs, service, set, true))
    });
    let mut members = Map::new();
    members.insert("taskSet".to_owned(), json!(shown));
    Value::Object(members)
}
