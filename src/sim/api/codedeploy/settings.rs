//! How the deployments of a group go: from the service model to the engine.

use serde_json::{Map, Value};

use crate::sim::api::ApiError;
use crate::sim::world::codedeploy::{RollbackEvent, Settings, TargetGroupPair};

/// The longest wait before the original is deleted, in minutes: two days.
const LONGEST_TERMINATION_WAIT: u64 = 2_880;

/// The members of CodeDeploy for servers, which ECS groups refuse.
const FOR_SERVERS: [(&str, &str); 5] = [
    ("autoScalingGroups", "InvalidAutoScalingGroupException"),
    ("ec2TagFilters", "InvalidEC2TagException"),
    ("onPremisesInstanceTagFilters", "InvalidTagException"),
    ("ec2TagSet", "InvalidEC2TagException"),
    ("onPremisesTagSet", "InvalidTagException"),
];

/// The cluster and the service that a group is for, by name.
pub fn service(members: &Map<String, Value>) -> Result<(String, String), ApiError> {
    let services = members.get("ecsServices").and_then(Value::as_array);
    let [one] = services.map(Vec::as_slice).unwrap_or_default() else {
        return Err(invalid_service(
            "For ECS deployment group, exactly one ecsServices element must be specified",
        ));
    };
    let name = |member: &str| one.get(member).and_then(Value::as_str);
    match (name("clusterName"), name("serviceName")) {
        (Some(cluster), Some(service)) if !cluster.is_empty() && !service.is_empty() => {
            Ok((cluster.to_owned(), service.to_owned()))
        }
        _ => Err(invalid_service(
            "The ECS service must have a clusterName and a serviceName",
        )),
    }
}

fn invalid_service(message: &str) -> ApiError {
    ApiError::new("InvalidECSServiceException", message)
}

/// The settings of a group from the members of `CreateDeploymentGroup`.
pub fn of_group(members: &Map<String, Value>) -> Result<Settings, ApiError> {
    for (name, code) in FOR_SERVERS {
        let given = match members.get(name) {
            Some(Value::Array(items)) => !items.is_empty(),
            other => other.is_some(),
        };
        if given {
            return Err(ApiError::new(
                code,
                format!("For ECS deployment group, {name} can not be specified"),
            ));
        }
    }
    check_style(members)?;
    let options = members.get("blueGreenDeploymentConfiguration");
    let options = options.ok_or_else(|| {
        ApiError::new(
            "InvalidBlueGreenDeploymentConfigurationException",
            "For ECS deployment group, blueGreenDeploymentConfiguration must be specified",
        )
    })?;
    Ok(Settings {
        ready_minutes: ready_minutes(options)?,
        termination_minutes: termination_minutes(options)?,
        rollback_on: rollback_events(members.get("autoRollbackConfiguration"))?,
        alarms: alarms(members.get("alarmConfiguration"))?,
        pair: pair(members.get("loadBalancerInfo"))?,
    })
}

fn check_style(members: &Map<String, Value>) -> Result<(), ApiError> {
    let style = |name: &str| {
        members
            .get("deploymentStyle")
            .and_then(|style| style.get(name))
            .and_then(Value::as_str)
    };
    if style("deploymentType") == Some("BLUE_GREEN")
        && style("deploymentOption") == Some("WITH_TRAFFIC_CONTROL")
    {
        return Ok(());
    }
    Err(ApiError::new(
        "InvalidDeploymentStyleException",
        "For ECS deployment group, deployment style must be BLUE_GREEN and WITH_TRAFFIC_CONTROL",
    ))
}

fn invalid_wait(message: &str) -> ApiError {
    ApiError::new("InvalidBlueGreenDeploymentConfigurationException", message)
}

fn minutes(option: Option<&Value>, name: &str) -> Result<u32, ApiError> {
    let given = option.and_then(|option| option.get(name));
    match given.map(Value::as_u64) {
        None => Ok(0),
        Some(Some(minutes)) if minutes <= LONGEST_TERMINATION_WAIT => {
            Ok(u32::try_from(minutes).unwrap_or(0))
        }
        Some(_) => Err(invalid_wait(&format!(
            "{name} must be between 0 and {LONGEST_TERMINATION_WAIT}"
        ))),
    }
}

fn ready_minutes(options: &Value) -> Result<Option<u32>, ApiError> {
    let option = options.get("deploymentReadyOption");
    let wait = minutes(option, "waitTimeInMinutes")?;
    let action = option.and_then(|option| option.get("actionOnTimeout"));
    match action.and_then(Value::as_str) {
        Some("STOP_DEPLOYMENT") if wait == 0 => Err(invalid_wait(
            "waitTimeInMinutes must be at least 1 when actionOnTimeout is STOP_DEPLOYMENT",
        )),
        Some("STOP_DEPLOYMENT") => Ok(Some(wait)),
        // The wait applies to STOP_DEPLOYMENT only.
        _ => Ok(None),
    }
}

fn termination_minutes(options: &Value) -> Result<Option<u32>, ApiError> {
    let option = options.get("terminateBlueInstancesOnDeploymentSuccess");
    let wait = minutes(option, "terminationWaitTimeInMinutes")?;
    let action = option.and_then(|option| option.get("action"));
    match action.and_then(Value::as_str) {
        Some("KEEP_ALIVE") => Ok(None),
        _ => Ok(Some(wait)),
    }
}

/// What makes CodeDeploy undo a deployment: nothing, unless it is enabled.
pub fn rollback_events(given: Option<&Value>) -> Result<Vec<RollbackEvent>, ApiError> {
    let Some(given) = given.filter(|one| one.get("enabled") == Some(&Value::Bool(true))) else {
        return Ok(Vec::new());
    };
    let words = given.get("events").and_then(Value::as_array);
    let words: Vec<&str> = words
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if words.is_empty() {
        return Err(ApiError::new(
            "InvalidAutoRollbackConfigException",
            "Auto rollback is enabled, but no triggering event type is specified",
        ));
    }
    Ok(words
        .into_iter()
        .filter_map(RollbackEvent::from_word)
        .collect())
}

/// The alarms that stop a deployment: none, unless they are enabled.
pub fn alarms(given: Option<&Value>) -> Result<Vec<String>, ApiError> {
    let Some(given) = given.filter(|one| one.get("enabled") == Some(&Value::Bool(true))) else {
        return Ok(Vec::new());
    };
    let alarms = given.get("alarms").and_then(Value::as_array);
    let names: Vec<String> = alarms
        .into_iter()
        .flatten()
        .filter_map(|alarm| alarm.get("name").and_then(Value::as_str))
        .map(str::to_owned)
        .collect();
    if names.is_empty() || names.iter().any(String::is_empty) {
        return Err(ApiError::new(
            "InvalidAlarmConfigException",
            "The alarm configuration is enabled, but it has no alarm with a name",
        ));
    }
    Ok(names)
}

fn pair(given: Option<&Value>) -> Result<TargetGroupPair, ApiError> {
    let invalid = |message: &str| ApiError::new("InvalidTargetGroupPairException", message);
    let pairs = given.and_then(|info| info.get("targetGroupPairInfoList"));
    let pairs = pairs.and_then(Value::as_array).map(Vec::as_slice);
    let [pair] = pairs.unwrap_or_default() else {
        return Err(ApiError::new(
            "InvalidLoadBalancerInfoException",
            "For ECS deployment group, exactly one targetGroupPairInfoList element must be \
             specified",
        ));
    };
    let groups: Vec<String> = pair
        .get("targetGroups")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|group| group.get("name").and_then(Value::as_str))
        .map(str::to_owned)
        .collect();
    if groups.len() != 2 || groups.first() == groups.last() {
        return Err(invalid(
            "A target group pair must have two different target groups",
        ));
    }
    let listener = |name: &str| {
        pair.get(name)
            .and_then(|route| route.pointer("/listenerArns/0"))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let production = listener("prodTrafficRoute")
        .ok_or_else(|| invalid("A target group pair must have a listener for prodTrafficRoute"))?;
    Ok(TargetGroupPair {
        groups,
        production,
        test: listener("testTrafficRoute"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn members() -> Map<String, Value> {
        json!({
            "deploymentStyle":
                {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
            "blueGreenDeploymentConfiguration": {
                "deploymentReadyOption":
                    {"actionOnTimeout": "STOP_DEPLOYMENT", "waitTimeInMinutes": 30},
                "terminateBlueInstancesOnDeploymentSuccess":
                    {"action": "TERMINATE", "terminationWaitTimeInMinutes": 5},
            },
            "autoRollbackConfiguration":
                {"enabled": true, "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]},
            "alarmConfiguration": {"enabled": true, "alarms": [{"name": "errors"}]},
            "loadBalancerInfo": {"targetGroupPairInfoList": [{
                "targetGroups": [{"name": "one"}, {"name": "two"}],
                "prodTrafficRoute": {"listenerArns": ["p"]},
            }]},
        })
        .as_object()
        .unwrap()
        .clone()
    }

    #[test]
    fn settings_are_read_from_the_model() {
        let settings = of_group(&members()).unwrap();
        assert_eq!(settings.ready_minutes, Some(30));
        assert_eq!(settings.termination_minutes, Some(5));
        assert_eq!(
            settings.rollback_on,
            [RollbackEvent::Failure, RollbackEvent::Alarm]
        );
        assert_eq!(settings.alarms, ["errors"]);
        assert_eq!(settings.pair.test, None);
    }

    #[test]
    fn what_is_wrong_has_an_error_of_its_own() {
        for (pointer, change, code) in [
            (
                "/deploymentStyle/deploymentType",
                json!("IN_PLACE"),
                "InvalidDeploymentStyleException",
            ),
            (
                "/blueGreenDeploymentConfiguration/deploymentReadyOption/waitTimeInMinutes",
                json!(0),
                "InvalidBlueGreenDeploymentConfigurationException",
            ),
            (
                "/blueGreenDeploymentConfiguration/terminateBlueInstancesOnDeploymentSuccess/terminationWaitTimeInMinutes",
                json!(2881),
                "InvalidBlueGreenDeploymentConfigurationException",
            ),
            (
                "/autoRollbackConfiguration/events",
                json!([]),
                "InvalidAutoRollbackConfigException",
            ),
            (
                "/alarmConfiguration/alarms",
                json!([]),
                "InvalidAlarmConfigException",
            ),
            (
                "/loadBalancerInfo/targetGroupPairInfoList/0/targetGroups",
                json!([{"name": "one"}, {"name": "one"}]),
                "InvalidTargetGroupPairException",
            ),
            (
                "/loadBalancerInfo/targetGroupPairInfoList",
                json!([]),
                "InvalidLoadBalancerInfoException",
            ),
        ] {
            let mut given = Value::Object(members());
            *given.pointer_mut(pointer).unwrap() = change;
            let error = of_group(given.as_object().unwrap()).unwrap_err();
            assert_eq!(error.code, code, "{pointer}");
        }
        let mut given = members();
        given.insert("autoScalingGroups".to_owned(), json!(["a"]));
        assert_eq!(
            of_group(&given).unwrap_err().code,
            "InvalidAutoScalingGroupException"
        );
        assert_eq!(
            service(&members()).unwrap_err().code,
            "InvalidECSServiceException"
        );
    }
}
