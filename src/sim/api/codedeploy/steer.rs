//! `ContinueDeployment`, `StopDeployment`.

use serde_json::{Value, json};

use super::lookup;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;

/// `ContinueDeployment`: ends the wait for the rerouting of traffic, or the one before the original
/// task set is deleted.
pub fn go_on(region: &mut Region, input: Input<'_>) -> Answer {
    let wait = input.string("deploymentWaitType")?.unwrap_or("READY_WAIT");
    let (position, deployment) = lookup::deployment(&region.codedeploy, input)?;
    let id = deployment.id.clone();
    if !["READY_WAIT", "TERMINATION_WAIT"].contains(&wait) {
        return Err(ApiError::new(
            "InvalidDeploymentWaitTypeException",
            format!("The deployment wait type {wait} is invalid"),
        ));
    }
    if deployment.status.is_final() {
        return Err(completed(&id));
    }
    let went_on = if wait == "READY_WAIT" {
        region.end_ready_wait(position)
    } else {
        region.end_termination_wait(position)
    };
    if went_on {
        // The model has no output for it.
        return Ok(Value::Null);
    }
    Err(ApiError::new(
        "DeploymentIsNotInReadyStateException",
        format!("The deployment {id} is not in a state in which a {wait} can be ended"),
    ))
}

/// `StopDeployment`: it takes a moment, in which the deployment can still end by itself.
pub fn stop(region: &mut Region, input: Input<'_>) -> Answer {
    let roll_back = input.boolean("autoRollbackEnabled")?;
    let (position, deployment) = lookup::deployment(&region.codedeploy, input)?;
    let id = deployment.id.clone();
    if !region.request_stop(position, roll_back) {
        return Err(completed(&id));
    }
    Ok(json!({
        "status": "Pending",
        "statusMessage": "Stopping the deployment is pending.",
    }))
}

fn completed(id: &str) -> ApiError {
    ApiError::new(
        "DeploymentAlreadyCompletedException",
        format!("Deployment {id} is already in a terminal state"),
    )
}
