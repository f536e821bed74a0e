//! Scalable targets: registered, described, deregistered.

use serde_json::{Value, json};

use super::invalid;
use crate::sim::api::ecs::page::{Form, Order, page_of};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::arn::Place;
use crate::sim::world::autoscaling::{ScalableTarget, Suspended, service_of, target_id};
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::service::ServiceStatus;

/// What is scaled of a service of ECS: the one dimension that is here.
pub const DIMENSION: &str = "ecs:service:DesiredCount";

/// The pages of `DescribeScalableTargets`.
const PAGES: Form = Form {
    size: "MaxResults",
    token: "NextToken",
    usual: 50,
    most: 50,
    invalid: || ApiError::new("InvalidNextTokenException", "Invalid pagination token"),
};

/// `RegisterScalableTarget`: makes a target, or changes what is said of one.
pub fn register(region: &mut Region, input: Input<'_>) -> Answer {
    let resource = resource(input)?;
    let service = service(region, resource)?;
    let present = region.autoscaling.targets.get(resource).cloned();
    let bound = |name: &str, present: Option<u32>| {
        let given = input.integer_within(name, 0, i64::from(i32::MAX))?;
        let given = given.and_then(|value| u32::try_from(value).ok());
        given.or(present).ok_or_else(|| {
            invalid("You must specify values for both MinCapacity and MaxCapacity of a new target")
        })
    };
    let min = bound("MinCapacity", present.as_ref().map(|one| one.min))?;
    let max = bound("MaxCapacity", present.as_ref().map(|one| one.max))?;
    if max < min {
        return Err(invalid(
            "Maximum capacity cannot be less than minimum capacity",
        ));
    }
    let suspended = input.structure("SuspendedState")?;
    let suspended = suspended.map(suspended_state).transpose()?;
    let id = target_id(&region.ecs.place, resource);
    let arn = arn(&region.ecs.place, &id);
    let target = ScalableTarget {
        id,
        min,
        max,
        role: role(&region.ecs.place),
        created_at: present
            .as_ref()
            .map_or(region.ecs.now, |one| one.created_at),
        suspended: suspended
            .or(present.map(|one| one.suspended))
            .unwrap_or_default(),
    };
    region.register_target(resource, service, target);
    Ok(json!({"ScalableTargetARN": arn}))
}

fn suspended_state(input: Input<'_>) -> Result<Suspended, ApiError> {
    let flag = |name| Ok::<_, ApiError>(input.boolean(name)?.unwrap_or(false));
    Ok(Suspended {
        scale_in: flag("DynamicScalingInSuspended")?,
        scale_out: flag("DynamicScalingOutSuspended")?,
        scheduled: flag("ScheduledScalingSuspended")?,
    })
}

/// `DescribeScalableTargets`: those that were asked for, as far as they are there.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let wanted = input.strings("ResourceIds")?;
    if wanted.len() > 50 {
        return Err(invalid("At most 50 resource IDs can be given"));
    }
    if input.has("ScalableDimension") && wanted.is_empty() {
        return Err(invalid(
            "If you specify a scalable dimension, you must also specify a resource ID",
        ));
    }
    let namespace = input.string("ServiceNamespace")?;
    let dimension = input.string("ScalableDimension")?;
    let here = namespace == Some("ecs") && dimension.is_none_or(|one| one == DIMENSION);
    let place = region.ecs.place.clone();
    let found = region
        .autoscaling
        .targets
        .iter()
        .filter(|(resource, _)| here && (wanted.is_empty() || wanted.contains(&resource.as_str())))
        .map(|(resource, target)| (resource.clone(), show(&place, resource, target)));
    page_of(&PAGES, input, "ScalableTargets", Order::Ascending, found)
}

/// `DeregisterScalableTarget`: the count stays as it is.
pub fn deregister(region: &mut Region, input: Input<'_>) -> Answer {
    let resource = resource(input)?;
    match region.autoscaling.targets.remove(resource) {
        Some(_) => Ok(json!({})),
        None => Err(ApiError::new(
            "ObjectNotFoundException",
            format!(
                "No scalable target found for service namespace: ecs, resource ID: {resource}, \
                 scalable dimension: {DIMENSION}"
            ),
        )),
    }
}

/// The resource id of a service of ECS.
fn resource(input: Input<'_>) -> Result<&str, ApiError> {
    let resource = input.required_string("ResourceId")?;
    let namespace = input.string("ServiceNamespace")?;
    let dimension = input.string("ScalableDimension")?;
    if namespace != Some("ecs") || dimension != Some(DIMENSION) {
        return Err(invalid(
            "Unsupported service namespace, resource type or scalable dimension",
        ));
    }
    if service_of(resource).is_none() {
        return Err(invalid(format!(
            "Unsupported resource type: {resource} is not service/cluster/name"
        )));
    }
    Ok(resource)
}

fn service(region: &Region, resource: &str) -> Result<ServiceNumber, ApiError> {
    let (cluster, name) = service_of(resource).unwrap_or_default();
    let ecs = &region.ecs;
    ecs.cluster(Some(cluster))
        .and_then(|cluster| ecs.service_in(cluster, name))
        .filter(|service| service.status == ServiceStatus::Active)
        .map(|service| service.number)
        .ok_or_else(|| invalid(format!("ECS service doesn't exist: {resource}")))
}

/// The role that AWS uses for services of ECS, whatever role a request names.
pub fn role(place: &Place) -> String {
    format!(
        "arn:aws:iam::{}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/\
         AWSServiceRoleForApplicationAutoScaling_ECSService",
        place.account
    )
}

fn arn(place: &Place, id: &str) -> String {
    format!(
        "arn:aws:application-autoscaling:{}:{}:scalable-target/{id}",
        place.region, place.account
    )
}

fn show(place: &Place, resource: &str, target: &ScalableTarget) -> Value {
    json!({
        "ServiceNamespace": "ecs",
        "ResourceId": resource,
        "ScalableDimension": DIMENSION,
        "MinCapacity": target.min,
        "MaxCapacity": target.max,
        "RoleARN": target.role,
        "CreationTime": target.created_at.json(),
        "SuspendedState": {
            "DynamicScalingInSuspended": target.suspended.scale_in,
            "DynamicScalingOutSuspended": target.suspended.scale_out,
            "ScheduledScalingSuspended": target.suspended.scheduled,
        },
        "ScalableTargetARN": arn(place, &target.id),
    })
}
