//! How CodeDeploy shows what it knows: the output structures of the service model.

use serde_json::{Map, Value, json};

use crate::sim::clock::SimTime;
use crate::sim::world::Region;
use crate::sim::world::codedeploy::deployment::{Deployment, Revision, Side, Status};
use crate::sim::world::codedeploy::lifecycle::LifecycleEvent;
use crate::sim::world::codedeploy::{Application, CodeDeploy, Group};

/// An application.
pub fn application(application: &Application) -> Value {
    json!({
        "applicationId": application.id,
        "applicationName": application.name,
        "createTime": application.created_at.json(),
        "linkedToGitHub": false,
        "computePlatform": application.platform.word(),
    })
}

/// A deployment group.
pub fn group(codedeploy: &CodeDeploy, application: &Application, group: &Group) -> Value {
    let mut shown = object(json!({
        "applicationName": application.name,
        "deploymentGroupId": group.id,
        "deploymentGroupName": group.name,
        "deploymentConfigName": group.config.name,
        "ec2TagFilters": [],
        "onPremisesInstanceTagFilters": [],
        "autoScalingGroups": [],
        "triggerConfigurations": [],
        "computePlatform": application.platform.word(),
        "outdatedInstancesStrategy": "UPDATE",
        "terminationHookEnabled": false,
    }));
    for (name, value) in &group.members {
        shown.insert(name.clone(), value.clone());
    }
    if let Some(target) = &group.target_revision {
        shown.insert("targetRevision".to_owned(), revision(target));
    }
    for (name, position) in [
        ("lastAttemptedDeployment", group.last_attempted),
        ("lastSuccessfulDeployment", group.last_successful),
    ] {
        let deployment = position.and_then(|position| codedeploy.deployments.get(position));
        if let Some(deployment) = deployment {
            shown.insert(name.to_owned(), last(deployment));
        }
    }
    Value::Object(shown)
}

fn last(deployment: &Deployment) -> Value {
    let mut shown = object(json!({
        "deploymentId": deployment.id,
        "status": deployment.status.word(),
        "createTime": deployment.created_at.json(),
    }));
    put_time(&mut shown, "endTime", deployment.completed_at);
    Value::Object(shown)
}

/// A revision. Its content is left out, as CodeDeploy does: `GetApplicationRevision` has it.
fn revision(revision: &Revision) -> Value {
    json!({
        "revisionType": "AppSpecContent",
        "appSpecContent": {"sha256": revision.sha256},
    })
}

/// A deployment.
pub fn deployment(deployment: &Deployment) -> Value {
    let creator = if deployment.is_rollback() {
        "codeDeployRollback"
    } else {
        "user"
    };
    let mut shown = object(json!({
        "applicationName": deployment.application,
        "deploymentGroupName": deployment.group,
        "deploymentConfigName": deployment.config.name,
        "deploymentId": deployment.id,
        "revision": revision(&deployment.revision),
        "status": deployment.status.word(),
        "createTime": deployment.created_at.json(),
        "creator": creator,
        "ignoreApplicationStopFailures": false,
        "updateOutdatedInstancesOnly": false,
        "instanceTerminationWaitTimeStarted": deployment.termination_wait,
        "fileExistsBehavior": "DISALLOW",
        "deploymentStatusMessages": [],
        "computePlatform": "ECS",
    }));
    for (name, value) in &deployment.members {
        shown.insert(name.clone(), value.clone());
    }
    put_time(&mut shown, "startTime", deployment.started_at);
    put_time(&mut shown, "completeTime", deployment.completed_at);
    if let Some(previous) = &deployment.previous {
        shown.insert("previousRevision".to_owned(), revision(previous));
    }
    if let Some(error) = &deployment.error {
        let error = json!({"code": error.code, "message": error.message});
        shown.insert("errorInformation".to_owned(), error);
    }
    if let Some(description) = &deployment.description {
        shown.insert("description".to_owned(), json!(description));
    }
    if deployment.started_at.is_some() {
        shown.insert("deploymentOverview".to_owned(), overview(deployment));
    }
    put_rollback(&mut shown, deployment);
    Value::Object(shown)
}

fn put_rollback(shown: &mut Map<String, Value>, deployment: &Deployment) {
    let mut info = Map::new();
    for (name, value) in [
        ("rollbackDeploymentId", &deployment.rollback.rollback),
        (
            "rollbackTriggeringDeploymentId",
            &deployment.rollback.triggering,
        ),
        ("rollbackMessage", &deployment.rollback.message),
    ] {
        if let Some(value) = value {
            info.insert(name.to_owned(), json!(value));
        }
    }
    if !info.is_empty() {
        shown.insert("rollbackInfo".to_owned(), Value::Object(info));
    }
}

/// The one target of the deployment, counted where it is.
fn overview(deployment: &Deployment) -> Value {
    let own = target_status(deployment);
    let kinds = [
        "Pending",
        "InProgress",
        "Succeeded",
        "Failed",
        "Skipped",
        "Ready",
    ];
    kinds
        .iter()
        .map(|kind| ((*kind).to_owned(), json!(u32::from(*kind == own))))
        .collect::<Map<String, Value>>()
        .into()
}

/// The status of the deployment's one target.
pub fn target_status(deployment: &Deployment) -> &'static str {
    match deployment.status {
        Status::Created | Status::Queued => "Pending",
        Status::InProgress => "InProgress",
        Status::Ready => "Ready",
        Status::Succeeded => "Succeeded",
        Status::Failed => "Failed",
        Status::Stopped => "Skipped",
    }
}

/// The id of the deployment's one target.
pub fn target_id(deployment: &Deployment) -> String {
    format!("{}:{}", deployment.cluster, deployment.service_name)
}

/// The deployment's one target.
pub fn target(region: &Region, position: usize, deployment: &Deployment) -> Value {
    let place = &region.ecs.place;
    let arn = place.service(&deployment.cluster, &deployment.service_name);
    let events: Vec<Value> = deployment.events.iter().map(event).collect();
    let sides: Vec<Value> = region.sides(position).iter().map(side).collect();
    json!({
        "deploymentTargetType": "ECSTarget",
        "ecsTarget": {
            "deploymentId": deployment.id,
            "targetId": target_id(deployment),
            "targetArn": arn,
            "lastUpdatedAt": deployment.updated_at.json(),
            "lifecycleEvents": events,
            "status": target_status(deployment),
            "taskSetsInfo": sides,
        },
    })
}

fn event(event: &LifecycleEvent) -> Value {
    let mut shown = object(json!({
        "lifecycleEventName": event.kind.word(),
        "status": event.status.word(),
    }));
    put_time(&mut shown, "startTime", event.started_at);
    put_time(&mut shown, "endTime", event.ended_at);
    if let Some(diagnostics) = &event.diagnostics {
        shown.insert(
            "diagnostics".to_owned(),
            json!({
                "errorCode": diagnostics.code,
                "scriptName": diagnostics.script,
                "message": diagnostics.message,
                "logTail": "",
            }),
        );
    }
    Value::Object(shown)
}

/// A task set. The model spells `identifer` like this.
fn side(side: &Side) -> Value {
    json!({
        "identifer": side.id,
        "desiredCount": side.desired,
        "pendingCount": side.pending,
        "runningCount": side.running,
        "status": side.status,
        "trafficWeight": f64::from(side.weight),
        "targetGroup": {"name": side.group},
        "taskSetLabel": side.label,
    })
}

fn put_time(shown: &mut Map<String, Value>, name: &str, at: Option<SimTime>) {
    if let Some(at) = at {
        shown.insert(name.to_owned(), at.json());
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
