//! `ListDeploymentTargets`, `GetDeploymentTarget`, `BatchGetDeploymentTargets`. A deployment to ECS
//! has one target, its service.

use serde_json::{Value, json};

use super::{lookup, show};
use crate::sim::api::ecs::page::Order;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::codedeploy::deployment::Deployment;

/// Targets that one `BatchGetDeploymentTargets` may name.
const MOST: usize = 25;

/// `ListDeploymentTargets`.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let (_, deployment) = started(region, input)?;
    let mut wanted: Option<Vec<&str>> = None;
    if let Some(filters) = input.structure("targetFilters")? {
        for (name, _) in filters.entries() {
            match name.as_str() {
                "TargetStatus" => wanted = Some(filters.strings(name)?),
                "ServerInstanceLabel" => {}
                other => {
                    return Err(ApiError::new(
                        "InvalidTargetFilterNameException",
                        format!("The target filter name {other} is invalid"),
                    ));
                }
            }
        }
    }
    let status = show::target_status(deployment);
    let fits = wanted.is_none_or(|wanted| wanted.contains(&status));
    let id = show::target_id(deployment);
    let items = fits.then(|| (id.clone(), json!(id)));
    lookup::page(input, "targetIds", Order::Ascending, items)
}

/// `GetDeploymentTarget`.
pub fn get(region: &mut Region, input: Input<'_>) -> Answer {
    let id = lookup::required(
        input,
        "targetId",
        "Deployment target id",
        "DeploymentTargetIdRequiredException",
    )?;
    let (position, deployment) = started(region, input)?;
    if id != show::target_id(deployment) {
        return Err(unknown_target(id));
    }
    Ok(json!({"deploymentTarget": show::target(region, position, deployment)}))
}

/// `BatchGetDeploymentTargets`.
pub fn batch_get(region: &mut Region, input: Input<'_>) -> Answer {
    let ids = lookup::batch(
        input,
        "targetIds",
        "DeploymentTargetIdRequiredException",
        MOST,
        "DeploymentTargetListSizeExceededException",
    )?;
    let (position, deployment) = started(region, input)?;
    let own = show::target_id(deployment);
    if let Some(unknown) = ids.iter().find(|id| **id != own) {
        return Err(unknown_target(unknown));
    }
    let target: Value = show::target(region, position, deployment);
    Ok(json!({"deploymentTargets": [target]}))
}

fn unknown_target(id: &str) -> ApiError {
    ApiError::new(
        "DeploymentTargetDoesNotExistException",
        format!("The deployment has no target with the id {id}"),
    )
}

/// A deployment that has started, with its position; one that hasn't has no target yet.
fn started<'a>(region: &'a Region, input: Input<'_>) -> Result<(usize, &'a Deployment), ApiError> {
    let (position, deployment) = lookup::deployment(&region.codedeploy, input)?;
    if deployment.started_at.is_some() {
        return Ok((position, deployment));
    }
    Err(ApiError::new(
        "DeploymentNotStartedException",
        format!("The deployment {} has not started", deployment.id),
    ))
}
