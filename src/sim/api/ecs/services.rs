//! `CreateService`, `DeleteService`, `ListServices`, `DescribeServices`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::clusters::valid_name;
use super::lookup::{self, failure, includes};
use super::page::{Order, page};
use super::shape::{request, service::CREATE_SERVICE_REQUEST};
use super::{controllers, settings, shift, show, tags};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::cluster::Cluster;
use crate::sim::world::deployment::DeploymentSettings;
use crate::sim::world::ecs::Ecs;
use crate::sim::world::engine::service::NewService;
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::service::ServiceStatus;
use crate::sim::world::task_definition::TaskDefinition;
use crate::sim::world::task_set::Controller;

/// Services that one `DescribeServices` may name.
const MOST: usize = 10;
/// Tasks that one service may have, a quota of ECS.
const MOST_TASKS: i64 = 5_000;

/// `CreateService`.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let (new, definition) = read(&region.ecs, input)?;
    lookup::check_target_groups(&region.elb, &new.members)?;
    let number = region.create_service(new, definition.as_ref());
    Ok(answer(&region.ecs, number, true))
}

/// Reads the input of `CreateService`: the service, and what it is to run first. An external
/// controller decides that later.
pub fn read(
    ecs: &Ecs,
    input: Input<'_>,
) -> Result<(NewService, Option<Arc<TaskDefinition>>), ApiError> {
    let mut members = request(input, CREATE_SERVICE_REQUEST)?;
    let cluster = lookup::cluster(ecs, input)?;
    let name = input.required_string("serviceName")?;
    check_name(ecs, cluster, name)?;
    check_strategy(&members)?;
    let controller = controllers::named(&members)?.unwrap_or_default();
    controllers::check_new(controller, &members)?;
    let definition = match input.string("taskDefinition")? {
        Some(definition) => Some(lookup::usable_task_definition(ecs, definition)?),
        None if controller == Controller::External => None,
        None => {
            return Err(ApiError::invalid_parameter(
                "TaskDefinition can not be blank.",
            ));
        }
    };
    let mut settings = DeploymentSettings::default();
    if let Some(given) = members.remove("deploymentConfiguration") {
        settings::apply(&mut settings, &given)?;
    }
    let desired = read_desired(input)?.unwrap_or(0);
    let tags = tags::take(&mut members)?;
    for used in [
        "cluster",
        "serviceName",
        "taskDefinition",
        "desiredCount",
        "clientToken",
    ] {
        members.remove(used);
    }
    members.remove("deploymentController");
    if let Some(definition) = &definition {
        fill_defaults(&mut members, definition);
        check_members(&members, definition)?;
    }
    shift::check_load_balancers(&members, settings.shift.strategy)?;
    let (cluster, name) = (cluster.number, name.to_owned());
    Ok((
        NewService {
            cluster,
            name,
            desired,
            settings,
            members,
            tags,
            controller,
        },
        definition,
    ))
}

fn check_name(ecs: &Ecs, cluster: &Cluster, name: &str) -> Result<(), ApiError> {
    if !valid_name(name) {
        return Err(ApiError::invalid_parameter(
            "Service name must match the pattern [a-zA-Z0-9_-]{1,255}.",
        ));
    }
    match ecs.service_in(cluster, name).map(|service| service.status) {
        Some(ServiceStatus::Active) => Err(ApiError::invalid_parameter(
            "Creation of service was not idempotent.",
        )),
        Some(ServiceStatus::Draining) => Err(ApiError::invalid_parameter(
            "Unable to Start a service that is still Draining.",
        )),
        Some(ServiceStatus::Inactive) | None => Ok(()),
    }
}

/// Refuses what this simulator can't do for a service yet, rather than doing something else.
pub fn check_strategy(members: &Map<String, Value>) -> Result<(), ApiError> {
    if members.get("schedulingStrategy").and_then(Value::as_str) == Some("DAEMON") {
        return Err(ApiError::invalid_parameter(
            "This simulator does not have the scheduling strategy DAEMON yet.",
        ));
    }
    Ok(())
}

/// The desired count that a request names.
pub fn read_desired(input: Input<'_>) -> Result<Option<u32>, ApiError> {
    let desired = input.integer_within("desiredCount", 0, MOST_TASKS)?;
    Ok(desired.and_then(|desired| u32::try_from(desired).ok()))
}

/// What ECS adds to what it was given.
pub fn fill_defaults(members: &mut Map<String, Value>, definition: &TaskDefinition) {
    if !members.contains_key("capacityProviderStrategy") {
        let fargate = definition
            .members
            .get("requiresCompatibilities")
            .and_then(Value::as_array)
            .is_some_and(|all| all.iter().any(|one| one == "FARGATE"));
        let usual = if fargate { "FARGATE" } else { "EC2" };
        members.entry("launchType").or_insert_with(|| json!(usual));
    }
    if members.get("launchType").and_then(Value::as_str) == Some("FARGATE") {
        members
            .entry("platformVersion")
            .or_insert_with(|| json!("LATEST"));
        members
            .entry("platformFamily")
            .or_insert_with(|| json!("Linux"));
    }
    if let Some(role) = members.remove("role") {
        members.insert("roleArn".to_owned(), role);
    }
    let balanced = members
        .get("loadBalancers")
        .and_then(Value::as_array)
        .is_some_and(|all| !all.is_empty());
    if balanced {
        members
            .entry("healthCheckGracePeriodSeconds")
            .or_insert_with(|| json!(0));
    }
}

/// The rules that tie a service to its task definition.
pub fn check_members(
    members: &Map<String, Value>,
    definition: &TaskDefinition,
) -> Result<(), ApiError> {
    let awsvpc = definition.text("networkMode") == Some("awsvpc");
    let network = members.contains_key("networkConfiguration");
    if awsvpc && !network {
        return Err(ApiError::invalid_parameter(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        ));
    }
    if network && !awsvpc {
        return Err(ApiError::invalid_parameter(
            "Network Configuration is not valid for the given networkMode of this task definition.",
        ));
    }
    let balancers = members.get("loadBalancers").and_then(Value::as_array);
    for balancer in balancers.into_iter().flatten() {
        let container = balancer
            .get("containerName")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if lookup::container_members(definition, container).is_none() {
            return Err(ApiError::invalid_parameter(format!(
                "The container {container} does not exist in the task definition."
            )));
        }
    }
    Ok(())
}

/// `DeleteService`.
pub fn delete(region: &mut Region, input: Input<'_>) -> Answer {
    let cluster = lookup::cluster(&region.ecs, input)?;
    let name = input.required_string("service")?;
    let force = input.boolean("force")?.unwrap_or(false);
    let service = lookup::live_service(&region.ecs, cluster, name)?;
    if service.status == ServiceStatus::Active && service.desired > 0 && !force {
        return Err(ApiError::invalid_parameter(
            "The service cannot be stopped while it is scaled above 0.",
        ));
    }
    let number = service.number;
    if service.status == ServiceStatus::Active {
        region.delete_service(number);
    }
    Ok(answer(&region.ecs, Some(number), false))
}

/// `ListServices`: 10 a page, unless the request says otherwise.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let ecs = &region.ecs;
    let cluster = lookup::cluster(ecs, input)?;
    let launch_types = ["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"];
    let launch_type = input.word("launchType", &launch_types)?;
    let strategy = input.word("schedulingStrategy", &["REPLICA", "DAEMON"])?;
    let management = input.word("resourceManagementType", &["CUSTOMER", "ECS"])?;
    let services = cluster
        .services
        .iter()
        .filter_map(|(name, number)| Some((name, ecs.services.get(number)?)))
        .filter(|(_, service)| service.status != ServiceStatus::Inactive)
        .filter(|(_, service)| {
            let own = service.members.get("launchType").and_then(Value::as_str);
            launch_type.is_none_or(|wanted| own == Some(wanted))
        })
        .filter(|_| strategy != Some("DAEMON") && management != Some("ECS"))
        .map(|(name, service)| (name.clone(), json!(service.arn)));
    page(input, "serviceArns", 10, Order::Ascending, services)
}

/// `DescribeServices`.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let ecs = &region.ecs;
    let cluster = lookup::cluster(ecs, input)?;
    let names = lookup::names(input, "services", "Services", MOST)?;
    let with_tags = includes(input, "TAGS", &["TAGS"])?;
    let (mut services, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        match ecs.service_in(cluster, name) {
            Some(service) => services.push(show::service::service(ecs, service, with_tags)),
            None if name.starts_with("arn:") => failures.push(failure(name)),
            None => failures.push(failure(&ecs.place.service(&cluster.name, name))),
        }
    }
    Ok(json!({"services": services, "failures": failures}))
}

/// An answer with one service.
pub fn answer(ecs: &Ecs, number: Option<ServiceNumber>, with_tags: bool) -> Value {
    let service = number.and_then(|number| ecs.services.get(&number));
    json!({"service": service.map(|one| show::service::service(ecs, one, with_tags))})
}
