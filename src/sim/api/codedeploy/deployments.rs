//! `CreateDeployment`, `GetDeployment`, `BatchGetDeployments`, `GetApplicationRevision`.

use serde_json::{Map, Value, json};

use super::shape::CREATE_DEPLOYMENT_INPUT;
use super::{lookup, settings, show};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::codedeploy::app_spec;
use crate::sim::world::codedeploy::config::Platform;
use crate::sim::world::codedeploy::deployment::Revision;
use crate::sim::world::codedeploy::sha256::sha256;
use crate::sim::world::codedeploy::start::NewDeployment;

/// Deployments that one `BatchGetDeployments` may name.
const MOST: usize = 25;

/// `CreateDeployment`: the revision is the content of an `AppSpec`, or what the group deployed last.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let new = read(region, input)?;
    let position = region.create_deployment(new);
    let id = position
        .and_then(|position| region.codedeploy.deployments.get(position))
        .map(|one| one.id.clone());
    Ok(json!({"deploymentId": id}))
}

/// Reads the input of `CreateDeployment`.
pub fn read(region: &Region, input: Input<'_>) -> Result<NewDeployment, ApiError> {
    let name = lookup::application_name(input)?;
    let group_name = lookup::group_name(input)?;
    let members = lookup::request(input, CREATE_DEPLOYMENT_INPUT)?;
    let application = lookup::application(&region.codedeploy, name)?;
    let group = lookup::group(application, group_name)?;
    let config = input
        .string("deploymentConfigName")?
        .map(lookup::config)
        .transpose()?;
    if let Some(wrong) = config.filter(|one| one.platform != Platform::Ecs) {
        return Err(ApiError::new(
            "InvalidDeploymentConfigNameException",
            format!("{} is not for the compute platform ECS", wrong.name),
        ));
    }
    let content = content(&members, group.target_revision.as_ref())?;
    let spec = app_spec::read(&content)
        .map_err(|problem| ApiError::new("InvalidRevisionException", problem))?;
    if let Some(present) = region.codedeploy.under_way(name, group_name) {
        return Err(ApiError::new(
            "DeploymentLimitExceededException",
            format!(
                "The Deployment Group '{group_name}' already has an active Deployment '{}'",
                present.id
            ),
        ));
    }
    let mut changed = group.settings.clone();
    let mut shown = Map::new();
    if let Some(given) = members.get("autoRollbackConfiguration") {
        changed.rollback_on = settings::rollback_events(Some(given))?;
        shown.insert("autoRollbackConfiguration".to_owned(), given.clone());
    }
    if let Some(given) = members.get("overrideAlarmConfiguration") {
        changed.alarms = settings::alarms(Some(given))?;
        shown.insert("overrideAlarmConfiguration".to_owned(), given.clone());
    }
    Ok(NewDeployment {
        application: name.to_owned(),
        group: group_name.to_owned(),
        config,
        content,
        spec,
        description: input.string("description")?.map(str::to_owned),
        override_settings: Some(changed),
        members: shown,
        undoes: None,
    })
}

/// The `AppSpec` that a request names. Without a revision it is what the group deployed last.
fn content(members: &Map<String, Value>, last: Option<&Revision>) -> Result<String, ApiError> {
    let invalid = |message: String| ApiError::new("InvalidRevisionException", message);
    let Some(revision) = members.get("revision") else {
        return last.map(|one| one.content.clone()).ok_or_else(|| {
            ApiError::new("RevisionRequiredException", "Revision must be specified")
        });
    };
    let kind = revision.get("revisionType").and_then(Value::as_str);
    let member = match kind {
        Some("AppSpecContent") => "appSpecContent",
        Some("String") => "string",
        Some(other) => {
            return Err(invalid(format!(
                "This simulator reads no revisions of the type {other}. Send the AppSpec itself \
                 as AppSpecContent."
            )));
        }
        None => return Err(invalid("The revision has no revisionType".to_owned())),
    };
    let part = |name: &str| {
        revision
            .get(member)
            .and_then(|part| part.get(name))
            .and_then(Value::as_str)
    };
    let content = part("content").filter(|content| !content.is_empty());
    let content = content.ok_or_else(|| invalid(format!("The revision has no {member}")))?;
    if part("sha256").is_some_and(|given| given != sha256(content)) {
        return Err(invalid(
            "The sha256 of the revision is not that of its content".to_owned(),
        ));
    }
    Ok(content.to_owned())
}

/// `GetDeployment`.
pub fn get(region: &mut Region, input: Input<'_>) -> Answer {
    let (_, deployment) = lookup::deployment(&region.codedeploy, input)?;
    Ok(json!({"deploymentInfo": show::deployment(deployment)}))
}

/// `BatchGetDeployments`: ids that mean nothing are left out.
pub fn batch_get(region: &mut Region, input: Input<'_>) -> Answer {
    let ids = lookup::batch(
        input,
        "deploymentIds",
        "DeploymentIdRequiredException",
        MOST,
        "BatchLimitExceededException",
    )?;
    let mut found: Vec<Value> = Vec::new();
    for id in ids {
        lookup::check_deployment_id(id)?;
        let deployment = region.codedeploy.deployment(id);
        found.extend(deployment.map(|(_, one)| show::deployment(one)));
    }
    Ok(json!({"deploymentsInfo": found}))
}

/// `GetApplicationRevision`: the content of an `AppSpec` by its SHA-256, which `GetDeployment`
/// leaves out.
pub fn get_revision(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::application_name(input)?;
    lookup::application(&region.codedeploy, name)?;
    let revision = input
        .value("revision")
        .ok_or_else(|| ApiError::new("RevisionRequiredException", "Revision must be specified"))?;
    let part = |name: &str| {
        ["appSpecContent", "string"]
            .iter()
            .find_map(|member| revision.get(*member)?.get(name)?.as_str())
    };
    let wanted = part("sha256").map(str::to_owned);
    let wanted = wanted.or_else(|| part("content").map(sha256));
    let wanted = wanted.ok_or_else(|| {
        ApiError::new(
            "InvalidRevisionException",
            "The revision has to be an appSpecContent with its sha256",
        )
    })?;
    let uses: Vec<_> = region
        .codedeploy
        .deployments
        .iter()
        .filter(|one| one.application == name && one.revision.sha256 == wanted)
        .collect();
    let (Some(first), Some(last)) = (uses.first(), uses.last()) else {
        return Err(ApiError::new(
            "RevisionDoesNotExistException",
            format!("No revision found with sha256: {wanted}"),
        ));
    };
    let mut groups: Vec<&str> = uses.iter().map(|one| one.group.as_str()).collect();
    groups.sort_unstable();
    groups.dedup();
    Ok(json!({
        "applicationName": name,
        "revision": {
            "revisionType": "AppSpecContent",
            "appSpecContent": {"content": first.revision.content, "sha256": wanted},
        },
        "revisionInfo": {
            "deploymentGroups": groups,
            "firstUsedTime": first.created_at.json(),
            "lastUsedTime": last.created_at.json(),
            "registerTime": first.created_at.json(),
        },
    }))
}
