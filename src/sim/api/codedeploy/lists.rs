//! `ListDeployments`.

use serde_json::json;

use super::lookup;
use crate::sim::api::ecs::page::Order;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::codedeploy::deployment::Status;

/// `ListDeployments`: the newest first. A group is named together with its application, or neither
/// is.
pub fn deployments(region: &mut Region, input: Input<'_>) -> Answer {
    check_names(region, input)?;
    let application = input.string("applicationName")?;
    let group = input.string("deploymentGroupName")?;
    let statuses = input.strings("includeOnlyStatuses")?;
    if let Some(unknown) = statuses.iter().find(|one| !Status::WORDS.contains(one)) {
        return Err(ApiError::new(
            "InvalidDeploymentStatusException",
            format!("The deployment status {unknown} is invalid"),
        ));
    }
    let (start, end) = created_between(input)?;
    // No deployment of this simulator has an external id.
    let external = input.string("externalId")?.is_some();
    let found = region
        .codedeploy
        .deployments
        .iter()
        .enumerate()
        .rev()
        .filter(|_| !external)
        .filter(|(_, one)| application.is_none_or(|name| one.application == name))
        .filter(|(_, one)| group.is_none_or(|name| one.group == name))
        .filter(|(_, one)| statuses.is_empty() || statuses.contains(&one.status.word()))
        .filter(|(_, one)| {
            let created = one.created_at.epoch_seconds();
            start.is_none_or(|start| created >= start) && end.is_none_or(|end| created <= end)
        })
        .map(|(position, one)| (format!("{position:010}"), json!(one.id)));
    lookup::page(input, "deployments", Order::Descending, found)
}

fn check_names(region: &Region, input: Input<'_>) -> Result<(), ApiError> {
    match (
        input.has("applicationName"),
        input.has("deploymentGroupName"),
    ) {
        (false, false) => Ok(()),
        (true, false) => Err(ApiError::new(
            "DeploymentGroupNameRequiredException",
            "Deployment Group name must be specified together with the application name",
        )),
        _ => {
            let application = lookup::application_name(input)?;
            let group = lookup::group_name(input)?;
            let application = lookup::application(&region.codedeploy, application)?;
            lookup::group(application, group).map(|_| ())
        }
    }
}

/// The bounds of `createTimeRange` in epoch seconds, both inclusive.
fn created_between(input: Input<'_>) -> Result<(Option<f64>, Option<f64>), ApiError> {
    let Some(range) = input.structure("createTimeRange")? else {
        return Ok((None, None));
    };
    let bound = |name| {
        range.value(name).map(|value| {
            value.as_f64().ok_or_else(|| {
                ApiError::serialization(format!("createTimeRange.{name} has to be epoch seconds"))
            })
        })
    };
    let (start, end) = (bound("start").transpose()?, bound("end").transpose()?);
    match (start, end) {
        (Some(start), Some(end)) if start > end => Err(ApiError::new(
            "InvalidTimeRangeException",
            "The start of the time range is after its end",
        )),
        bounds => Ok(bounds),
    }
}
