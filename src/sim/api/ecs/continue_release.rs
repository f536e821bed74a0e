//! `ContinueServiceDeployment`. Its messages are those of the developer guide's page on
//! troubleshooting blue/green deployments. The guide doesn't say their codes: these are the ones
//! of the service model that fit.

use serde_json::json;

use super::releases::find_release;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::engine::shift::hooks::ContinueRefused;
use crate::sim::world::shift::hook::HookAction;

/// `ContinueServiceDeployment`: a deployment that waits at a pause goes on, or is rolled back.
/// Without an action it goes on.
pub fn go_on(region: &mut Region, input: Input<'_>) -> Answer {
    let arn = input.required_string("serviceDeploymentArn")?;
    let hook = input.required_string("hookId")?;
    let action = input
        .word("action", &["ROLLBACK", "CONTINUE"])?
        .and_then(HookAction::parse)
        .unwrap_or(HookAction::Continue);
    if !is_hook_id(hook) {
        return Err(ApiError::invalid_parameter(
            "Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}",
        ));
    }
    let Some((service, position, _)) = find_release(&region.ecs, arn)? else {
        return Err(ApiError::new(
            "ServiceDeploymentNotFoundException",
            "The service deployment does not exist.",
        ));
    };
    let service = service.number;
    match region.answer_hook(service, position, hook, action) {
        Ok(()) => Ok(json!({"serviceDeploymentArn": arn})),
        Err(ContinueRefused::Ended) => Err(ApiError::client(
            "Continuing a service deployment is not allowed for service deployment in terminal \
             states.",
        )),
        Err(ContinueRefused::NoSuchHook) => Err(ApiError::invalid_parameter(
            "Provided hookId is either completed, unavailable, or not associated with the given \
             Resource ARN",
        )),
    }
}

/// Whether a text is `ecs-`, a type of lower-case letters, a dash, and something.
fn is_hook_id(text: &str) -> bool {
    text.strip_prefix("ecs-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(kind, id)| {
            !kind.is_empty() && kind.chars().all(|one| one.is_ascii_lowercase()) && !id.is_empty()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hook_ids_have_a_type_and_an_id() {
        assert!(is_hook_id("ecs-pause-e7tK9G_WRJqNF-1"));
        for wrong in ["pause-1", "ecs-", "ecs-pause-", "ecs--1", "ecs-PAUSE-1"] {
            assert!(!is_hook_id(wrong), "{wrong}");
        }
    }
}
