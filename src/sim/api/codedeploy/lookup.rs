//! Finding what a request names, with the errors of CodeDeploy for what isn't there.

use crate::sim::api::{ApiError, Input};
use crate::sim::world::codedeploy::config::{self, Config};
use crate::sim::world::codedeploy::deployment::Deployment;
use crate::sim::world::codedeploy::{Application, CodeDeploy, Group};

/// The longest name of an application or deployment group.
const LONGEST_NAME: usize = 100;

/// The text of a member that has to be there; CodeDeploy has an error of its own for each.
pub fn required<'a>(
    input: Input<'a>,
    member: &str,
    noun: &str,
    code: &str,
) -> Result<&'a str, ApiError> {
    match input.string(member)? {
        Some(text) if !text.is_empty() => Ok(text),
        _ => Err(ApiError::new(code, format!("{noun} must be specified"))),
    }
}

/// Whether a text can be the name of an application or deployment group.
pub fn valid_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && name
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || "+=,.@_-".contains(one))
}

/// The name of an application in a request.
pub fn application_name(input: Input<'_>) -> Result<&str, ApiError> {
    let name = required(
        input,
        "applicationName",
        "Application name",
        "ApplicationNameRequiredException",
    )?;
    check_application_name(name)?;
    Ok(name)
}

/// Refuses a text that can be no name of an application.
pub fn check_application_name(name: &str) -> Result<(), ApiError> {
    if valid_name(name) {
        return Ok(());
    }
    Err(ApiError::new(
        "InvalidApplicationNameException",
        format!("Application name is invalid: {name}"),
    ))
}

/// The name of a deployment group in a request.
pub fn group_name(input: Input<'_>) -> Result<&str, ApiError> {
    let name = required(
        input,
        "deploymentGroupName",
        "Deployment Group name",
        "DeploymentGroupNameRequiredException",
    )?;
    check_group_name(name)?;
    Ok(name)
}

/// Refuses a text that can be no name of a deployment group.
pub fn check_group_name(name: &str) -> Result<(), ApiError> {
    if valid_name(name) {
        return Ok(());
    }
    Err(ApiError::new(
        "InvalidDeploymentGroupNameException",
        format!("Deployment Group name is invalid: {name}"),
    ))
}

/// The application of this name.
pub fn application<'a>(
    codedeploy: &'a CodeDeploy,
    name: &str,
) -> Result<&'a Application, ApiError> {
    codedeploy.applications.get(name).ok_or_else(|| {
        ApiError::new(
            "ApplicationDoesNotExistException",
            format!("No application found for name: {name}"),
        )
    })
}

/// The deployment group of this name.
pub fn group<'a>(application: &'a Application, name: &str) -> Result<&'a Group, ApiError> {
    application.groups.get(name).ok_or_else(|| {
        ApiError::new(
            "DeploymentGroupDoesNotExistException",
            format!("No Deployment Group found for name: {name}"),
        )
    })
}

/// The deployment that the member `deploymentId` names, with its position.
pub fn deployment<'a>(
    codedeploy: &'a CodeDeploy,
    input: Input<'_>,
) -> Result<(usize, &'a Deployment), ApiError> {
    let id = required(
        input,
        "deploymentId",
        "Deployment id",
        "DeploymentIdRequiredException",
    )?;
    check_deployment_id(id)?;
    codedeploy.deployment(id).ok_or_else(|| {
        ApiError::new(
            "DeploymentDoesNotExistException",
            format!("The deployment {id} could not be found"),
        )
    })
}

/// Refuses a text that can be no id of a deployment: `d-` and capitals and digits.
pub fn check_deployment_id(id: &str) -> Result<(), ApiError> {
    let valid = id.strip_prefix("d-").is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .chars()
                .all(|one| one.is_ascii_uppercase() || one.is_ascii_digit())
    });
    if valid {
        return Ok(());
    }
    Err(ApiError::new(
        "InvalidDeploymentIdException",
        format!("Specified DeploymentId is not in the valid format: {id}"),
    ))
}

/// The deployment configuration of this name.
pub fn config(name: &str) -> Result<&'static Config, ApiError> {
    if !valid_name(name) {
        return Err(ApiError::new(
            "InvalidDeploymentConfigNameException",
            format!("Deployment Config name is invalid: {name}"),
        ));
    }
    config::find(name).ok_or_else(|| {
        ApiError::new(
            "DeploymentConfigDoesNotExistException",
            format!("No Deployment Config found for name: {name}"),
        )
    })
}

/// The names in a list member of a batch, which has to have one and may have `most`.
pub fn batch<'a>(
    input: Input<'a>,
    member: &str,
    empty: &str,
    most: usize,
    too_many: &str,
) -> Result<Vec<&'a str>, ApiError> {
    let names = input.strings(member)?;
    if names.is_empty() {
        return Err(ApiError::new(
            empty,
            format!("At least one element of {member} must be specified"),
        ));
    }
    if names.len() > most {
        return Err(ApiError::new(
            too_many,
            format!("The maximum number of elements of {member} is {most}"),
        ));
    }
    Ok(names)
}

/// One page of a hundred results, as CodeDeploy has them.
pub fn page(
    input: Input<'_>,
    name: &str,
    order: crate::sim::api::ecs::page::Order,
    items: impl IntoIterator<Item = (String, serde_json::Value)>,
) -> crate::sim::api::Answer {
    crate::sim::api::ecs::page::page(input, name, 100, order, items).map_err(|error| {
        if error.code == "InvalidParameterException" {
            ApiError::new(
                "InvalidNextTokenException",
                "The specified nextToken is invalid.",
            )
        } else {
            error
        }
    })
}

/// What a request may contain, with the error that CodeDeploy has for a request that doesn't fit
/// its model.
pub fn request(
    input: Input<'_>,
    members: &[crate::sim::api::ecs::shape::Member],
) -> Result<serde_json::Map<String, serde_json::Value>, ApiError> {
    crate::sim::api::ecs::shape::request(input, members).map_err(|error| {
        if error.code == "InvalidParameterException" {
            ApiError::new("ValidationException", error.message)
        } else {
            error
        }
    })
}
