//! `CreateDeploymentGroup`, `GetDeploymentGroup`, `BatchGetDeploymentGroups`,
//! `ListDeploymentGroups`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::shape::CREATE_DEPLOYMENT_GROUP_INPUT;
use super::{lookup, settings, show};
use crate::sim::api::ecs::page::Order;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::codedeploy::config::Platform;
use crate::sim::world::codedeploy::{Application, Group};

/// Deployment groups that one `BatchGetDeploymentGroups` may name.
const MOST: usize = 100;
/// How traffic moves when a group doesn't say it.
const USUAL_CONFIG: &str = "CodeDeployDefault.ECSAllAtOnce";

/// `CreateDeploymentGroup`: for an ECS service with the controller CODE_DEPLOY.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let application = lookup::application_name(input)?;
    let name = lookup::group_name(input)?;
    lookup::required(
        input,
        "serviceRoleArn",
        "Service role",
        "RoleRequiredException",
    )?;
    let members = lookup::request(input, CREATE_DEPLOYMENT_GROUP_INPUT)?;
    let found = lookup::application(&region.codedeploy, application)?;
    check_new(found, name)?;
    let config = lookup::config(
        input
            .string("deploymentConfigName")?
            .unwrap_or(USUAL_CONFIG),
    )?;
    if config.platform != Platform::Ecs {
        return Err(ApiError::new(
            "InvalidDeploymentConfigNameException",
            format!("{} is not for the compute platform ECS", config.name),
        ));
    }
    let (cluster, service) = settings::service(&members)?;
    if let Some((owner, group)) = region.codedeploy.group_of(&cluster, &service) {
        return Err(ApiError::new(
            "ECSServiceMappingLimitExceededException",
            format!(
                "The ECS service {service} of cluster {cluster} is already associated with the \
                 deployment group {} of application {owner}",
                group.name
            ),
        ));
    }
    let group = Group {
        id: region.ecs.rng.uuid(),
        name: name.to_owned(),
        config,
        cluster,
        service,
        settings: settings::of_group(&members)?,
        members: kept(members),
        hooks: BTreeMap::new(),
        last_attempted: None,
        last_successful: None,
        target_revision: None,
    };
    let answer = json!({"deploymentGroupId": group.id});
    if let Some(found) = region.codedeploy.applications.get_mut(application) {
        found.groups.insert(name.to_owned(), group);
    }
    Ok(answer)
}

fn check_new(application: &Application, name: &str) -> Result<(), ApiError> {
    if application.platform != Platform::Ecs {
        return Err(ApiError::new(
            "InvalidInputException",
            format!(
                "This simulator has deployment groups for the compute platform ECS only, not for \
                 {}.",
                application.platform.word()
            ),
        ));
    }
    if application.groups.contains_key(name) {
        return Err(ApiError::new(
            "DeploymentGroupAlreadyExistsException",
            format!("Deployment Group already exists with name: {name}"),
        ));
    }
    Ok(())
}

/// What CodeDeploy shows of a group as it was given.
fn kept(mut members: Map<String, Value>) -> Map<String, Value> {
    for used in [
        "applicationName",
        "deploymentGroupName",
        "deploymentConfigName",
        "tags",
    ] {
        members.remove(used);
    }
    members
}

/// `GetDeploymentGroup`.
pub fn get(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::application_name(input)?;
    let group = lookup::group_name(input)?;
    let application = lookup::application(&region.codedeploy, name)?;
    let group = lookup::group(application, group)?;
    let shown = show::group(&region.codedeploy, application, group);
    Ok(json!({"deploymentGroupInfo": shown}))
}

/// `BatchGetDeploymentGroups`: names that mean nothing are left out.
pub fn batch_get(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::application_name(input)?;
    let names = lookup::batch(
        input,
        "deploymentGroupNames",
        "DeploymentGroupNameRequiredException",
        MOST,
        "BatchLimitExceededException",
    )?;
    let application = lookup::application(&region.codedeploy, name)?;
    let mut found: Vec<Value> = Vec::new();
    for name in names {
        lookup::check_group_name(name)?;
        let group = application.groups.get(name);
        found.extend(group.map(|group| show::group(&region.codedeploy, application, group)));
    }
    Ok(json!({"deploymentGroupsInfo": found}))
}

/// `ListDeploymentGroups`.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::application_name(input)?;
    let application = lookup::application(&region.codedeploy, name)?;
    let names = application.groups.keys();
    let items = names.map(|name| (name.clone(), json!(name)));
    let mut answer = lookup::page(input, "deploymentGroups", Order::Ascending, items)?;
    if let Some(members) = answer.as_object_mut() {
        members.insert("applicationName".to_owned(), json!(name));
    }
    Ok(answer)
}
