//! The parts of a scenario file that are about CodeDeploy and task sets.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::file::{AtEntry, ServiceEntry};
use crate::sim::api::{ApiError, Input, codedeploy};
use crate::sim::world::Region;
use crate::sim::world::elb::Stand;
use crate::sim::world::engine::act::Act;
use crate::sim::world::engine::act_task_sets::TaskSetAct;

/// How CodeDeploy deploys a service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeDeployEntry {
    /// The application; `AppECS-` with the names of cluster and service without it, as the console
    /// of ECS calls it.
    pub application: Option<String>,
    /// The deployment group; `DgpECS-` with the names of cluster and service without it.
    pub group: Option<String>,
    /// The deployment configuration, without `CodeDeployDefault.`.
    #[serde(default = "all_at_once")]
    pub config: String,
    /// Minutes that a deployment waits for somebody to reroute the traffic, before it is stopped;
    /// without it, it goes on by itself.
    pub ready_wait: Option<u32>,
    /// Minutes before the original task set is deleted.
    #[serde(default)]
    pub termination_wait: u32,
    /// What makes CodeDeploy undo a deployment.
    #[serde(default = "failure_and_alarm")]
    pub rollback: Vec<String>,
    /// Alarms that stop a deployment.
    #[serde(default)]
    pub alarms: Vec<String>,
    /// Whether there is a listener for test traffic.
    #[serde(default = "yes")]
    pub test_listener: bool,
    /// Functions by the lifecycle event that they validate.
    #[serde(default)]
    pub hooks: BTreeMap<String, String>,
}

/// What is done to the task sets of a service, besides what can be done to any service.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct TaskSetWord(pub TaskSetAct);

impl TryFrom<String> for TaskSetWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        TaskSetAct::WORDS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, act)| Self(*act))
            .ok_or_else(|| {
                let words: Vec<&str> = TaskSetAct::WORDS.iter().map(|(word, _)| *word).collect();
                format!("'{word}' is none of: {}", words.join(", "))
            })
    }
}

fn all_at_once() -> String {
    "ECSAllAtOnce".to_owned()
}

fn failure_and_alarm() -> Vec<String> {
    vec![
        "DEPLOYMENT_FAILURE".to_owned(),
        "DEPLOYMENT_STOP_ON_ALARM".to_owned(),
    ]
}

fn yes() -> bool {
    true
}

/// What is wrong with how a service says that it is deployed, if anything.
pub fn problem(entry: &ServiceEntry) -> Option<&'static str> {
    if entry.codedeploy.is_some() && !entry.load_balancer {
        return Some("codedeploy needs load_balancer = true");
    }
    if entry.codedeploy.is_some() && entry.external {
        return Some("codedeploy and external exclude each other");
    }
    let other = entry.codedeploy.is_some() || entry.external;
    if other && entry.breaker.is_some() {
        return Some("breaker belongs to services that ECS deploys");
    }
    None
}

/// The acts of an entry that are about task sets.
pub fn act(entry: &AtEntry) -> Option<Act> {
    entry.task_set.as_ref().map(|word| Act::TaskSet(word.0))
}

/// The names of the application and of the deployment group of a service.
pub fn names(service: &ServiceEntry, entry: &CodeDeployEntry) -> (String, String) {
    let (cluster, name) = (service.cluster.get_ref(), &service.name);
    let usual = |prefix: &str| format!("{prefix}-{cluster}-{name}");
    let application = entry.application.clone();
    let group = entry.group.clone();
    (
        application.unwrap_or_else(|| usual("AppECS")),
        group.unwrap_or_else(|| usual("DgpECS")),
    )
}

/// Makes the application and the deployment group of a service, as a client would.
pub fn set_up(
    region: &mut Region,
    service: &ServiceEntry,
    entry: &CodeDeployEntry,
    stand: &Stand,
) -> Result<(), ApiError> {
    let (application, group) = names(service, entry);
    if !region.codedeploy.applications.contains_key(&application) {
        let input = json!({"applicationName": application, "computePlatform": "ECS"});
        codedeploy::applications::create(region, Input::new(&input)?)?;
    }
    let now = region.ecs.now;
    for alarm in &entry.alarms {
        region.alarms.put(alarm, now);
    }
    let input = group_input(region, service, entry, stand, &application, &group);
    codedeploy::groups::create(region, Input::new(&input)?)?;
    if let Some(made) = region.codedeploy.group_mut(&application, &group) {
        made.hooks.clone_from(&entry.hooks);
    }
    Ok(())
}

fn group_input(
    region: &Region,
    service: &ServiceEntry,
    entry: &CodeDeployEntry,
    stand: &Stand,
    application: &str,
    group: &str,
) -> Value {
    let target_group = |arn: &str| {
        let found = region.elb.target_group(arn);
        json!({"name": found.map(|one| one.name.as_str())})
    };
    let ready = match entry.ready_wait {
        Some(minutes) => {
            json!({"actionOnTimeout": "STOP_DEPLOYMENT", "waitTimeInMinutes": minutes})
        }
        None => json!({"actionOnTimeout": "CONTINUE_DEPLOYMENT", "waitTimeInMinutes": 0}),
    };
    let test = entry
        .test_listener
        .then(|| json!({"listenerArns": [stand.test_listener]}));
    let alarms: Vec<Value> = entry
        .alarms
        .iter()
        .map(|name| json!({"name": name}))
        .collect();
    let account = &region.ecs.place.account;
    json!({
        "applicationName": application,
        "deploymentGroupName": group,
        "deploymentConfigName": format!("CodeDeployDefault.{}", entry.config),
        "serviceRoleArn": format!("arn:aws:iam::{account}:role/ecsCodeDeployRole"),
        "alarmConfiguration": {
            "enabled": !alarms.is_empty(), "ignorePollAlarmFailure": false, "alarms": alarms,
        },
        "autoRollbackConfiguration":
            {"enabled": !entry.rollback.is_empty(), "events": entry.rollback},
        "deploymentStyle":
            {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
        "blueGreenDeploymentConfiguration": {
            "deploymentReadyOption": ready,
            "terminateBlueInstancesOnDeploymentSuccess": {
                "action": "TERMINATE", "terminationWaitTimeInMinutes": entry.termination_wait,
            },
        },
        "ecsServices":
            [{"clusterName": service.cluster.get_ref(), "serviceName": service.name}],
        "loadBalancerInfo": {"targetGroupPairInfoList": [{
            "targetGroups": [target_group(&stand.blue), target_group(&stand.green)],
            "prodTrafficRoute": {"listenerArns": [stand.production_listener]},
            "testTrafficRoute": test,
        }]},
    })
}
