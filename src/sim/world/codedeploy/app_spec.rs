//! `AppSpec` files for ECS: what a CodeDeploy deployment deploys, and the functions that validate it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::lifecycle::Lifecycle;

/// An `AppSpec` that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct AppSpec {
    /// The task definition by its ARN or name.
    pub task_definition: String,
    /// The container that the load balancer sends requests to.
    pub container: String,
    /// Its port.
    pub port: u16,
    /// Members of the new task set that differ from those of the present one, as ECS names them.
    pub members: Map<String, Value>,
    /// Lambda functions by the lifecycle event that they validate.
    pub hooks: BTreeMap<Lifecycle, String>,
}

/// Reads JSON or YAML. What is wrong with it is the error, in words for people.
pub fn read(content: &str) -> Result<AppSpec, String> {
    let file: Value = match serde_json::from_str(content) {
        Ok(value) => value,
        Err(_) => serde_saphyr::from_str(content)
            .map_err(|error| format!("The AppSpec is neither JSON nor YAML: {error}"))?,
    };
    let service = resource(&file)?;
    let kind = member(service, "Type").and_then(Value::as_str);
    if kind != Some("AWS::ECS::Service") {
        return Err(format!(
            "The resource type of an ECS deployment has to be AWS::ECS::Service, not {}.",
            kind.unwrap_or("absent")
        ));
    }
    let properties =
        member(service, "Properties").ok_or("The AppSpec has no Properties for its resource.")?;
    let balancer = member(properties, "LoadBalancerInfo")
        .ok_or("The AppSpec has no LoadBalancerInfo, which an ECS deployment needs.")?;
    Ok(AppSpec {
        task_definition: text(properties, "TaskDefinition")?,
        container: text(balancer, "ContainerName")?,
        port: port(balancer)?,
        members: changed_members(properties),
        hooks: hooks(&file)?,
    })
}

/// The `AppSpec` of a deployment of `task_definition`, as JSON.
pub fn write(
    task_definition: &str,
    container: &str,
    port: u16,
    hooks: &BTreeMap<String, String>,
) -> String {
    let hooks: Vec<Value> = hooks
        .iter()
        .map(|(event, function)| json!({event: function}))
        .collect();
    let mut file = json!({
        "version": 0.0,
        "Resources": [{"TargetService": {
            "Type": "AWS::ECS::Service",
            "Properties": {
                "TaskDefinition": task_definition,
                "LoadBalancerInfo": {"ContainerName": container, "ContainerPort": port},
            },
        }}],
    });
    if let (Some(members), false) = (file.as_object_mut(), hooks.is_empty()) {
        members.insert("Hooks".to_owned(), Value::Array(hooks));
    }
    file.to_string()
}

/// A member by its name; CodeDeploy does not mind how `resources` and `hooks` are capitalised.
fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let mut members = value.as_object()?.iter();
    members
        .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null())
        .map(|(_, value)| value)
}

/// The one resource: `Resources` is a list of objects with one name each, or one such object.
fn resource(file: &Value) -> Result<&Value, String> {
    let resources = member(file, "Resources").ok_or("The AppSpec has no Resources.")?;
    let named: Vec<&Value> = match resources {
        Value::Array(items) => items
            .iter()
            .filter_map(Value::as_object)
            .flat_map(Map::values)
            .collect(),
        Value::Object(members) => members.values().collect(),
        _ => Vec::new(),
    };
    match named.as_slice() {
        [one] => Ok(one),
        _ => Err("The AppSpec has to have exactly one resource.".to_owned()),
    }
}

fn text(value: &Value, name: &str) -> Result<String, String> {
    match member(value, name).and_then(Value::as_str) {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(format!("The AppSpec has no {name}.")),
    }
}

fn port(balancer: &Value) -> Result<u16, String> {
    let given = member(balancer, "ContainerPort");
    given
        .and_then(|port| match port {
            Value::String(digits) => digits.parse().ok(),
            other => other.as_u64().and_then(|port| u16::try_from(port).ok()),
        })
        .ok_or_else(|| "The AppSpec has no valid ContainerPort.".to_owned())
}

/// What the `AppSpec` says about the new task set besides its task definition.
fn changed_members(properties: &Value) -> Map<String, Value> {
    let mut members = Map::new();
    if let Some(version) = member(properties, "PlatformVersion").and_then(Value::as_str) {
        members.insert("platformVersion".to_owned(), json!(version));
    }
    if let Some(network) = member(properties, "NetworkConfiguration")
        && let Some(own) = member(network, "AwsvpcConfiguration")
    {
        let names = ["subnets", "securityGroups", "assignPublicIp"];
        let given: Map<String, Value> = names
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), member(own, name)?.clone())))
            .collect();
        let network = json!({"awsvpcConfiguration": given});
        members.insert("networkConfiguration".to_owned(), network);
    }
    if let Some(Value::Array(items)) = member(properties, "CapacityProviderStrategy") {
        let names = ["capacityProvider", "weight", "base"];
        let strategy: Vec<Map<String, Value>> = items
            .iter()
            .map(|item| {
                names
                    .iter()
                    .filter_map(|name| Some(((*name).to_owned(), member(item, name)?.clone())))
                    .collect()
            })
            .collect();
        members.insert("capacityProviderStrategy".to_owned(), json!(strategy));
    }
    members
}

fn hooks(file: &Value) -> Result<BTreeMap<Lifecycle, String>, String> {
    let Some(given) = member(file, "Hooks") else {
        return Ok(BTreeMap::new());
    };
    let entries: Vec<(&String, &Value)> = match given {
        Value::Array(items) => items
            .iter()
            .filter_map(Value::as_object)
            .flatten()
            .collect(),
        Value::Object(members) => members.iter().collect(),
        _ => return Err("The Hooks of the AppSpec have to be a list.".to_owned()),
    };
    entries
        .into_iter()
        .map(|(name, function)| {
            let event = Lifecycle::from_word(name).filter(|event| event.takes_hook());
            match (event, function.as_str()) {
                (Some(event), Some(function)) => Ok((event, function.to_owned())),
                _ => Err(format!("The AppSpec has an invalid hook '{name}'.")),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = r#"
version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "arn:aws:ecs:r:1:task-definition/web:2"
        LoadBalancerInfo:
          ContainerName: "web"
          ContainerPort: 8080
        PlatformVersion: "1.4.0"
        NetworkConfiguration:
          AwsvpcConfiguration:
            Subnets: ["subnet-1"]
            AssignPublicIp: "DISABLED"
Hooks:
  - AfterInstall: "check"
  - AfterAllowTestTraffic: "validate"
"#;

    #[test]
    fn yaml_and_json_mean_the_same() {
        let spec = read(YAML).unwrap();
        assert_eq!((spec.container.as_str(), spec.port), ("web", 8080));
        assert_eq!(spec.hooks[&Lifecycle::AfterAllowTestTraffic], "validate");
        assert_eq!(
            spec.members["networkConfiguration"]["awsvpcConfiguration"],
            json!({"subnets": ["subnet-1"], "assignPublicIp": "DISABLED"})
        );
        let value: Value = serde_saphyr::from_str(YAML).unwrap();
        assert_eq!(read(&value.to_string()).unwrap(), spec);
    }

    #[test]
    fn what_is_written_can_be_read() {
        let hooks = BTreeMap::from([("BeforeInstall".to_owned(), "f".to_owned())]);
        let spec = read(&write("web:3", "web", 80, &hooks)).unwrap();
        assert_eq!(spec.task_definition, "web:3");
        assert_eq!(spec.hooks[&Lifecycle::BeforeInstall], "f");
        assert!(
            read(&write("web:3", "web", 80, &BTreeMap::new()))
                .unwrap()
                .hooks
                .is_empty()
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        let good: Value = serde_saphyr::from_str(YAML).unwrap();
        for (pointer, change, problem) in [
            (
                "/Resources/0/TargetService/Type",
                json!("AWS::Lambda::Function"),
                "type",
            ),
            (
                "/Resources/0/TargetService/Properties/TaskDefinition",
                json!(1),
                "TaskDefinition",
            ),
            (
                "/Resources/0/TargetService/Properties/LoadBalancerInfo/ContainerPort",
                json!(70_000),
                "ContainerPort",
            ),
            ("/Resources", json!([]), "resource"),
            ("/Hooks", json!([{"Install": "f"}]), "hook 'Install'"),
        ] {
            let mut file = good.clone();
            *file.pointer_mut(pointer).unwrap() = change;
            let error = read(&file.to_string()).unwrap_err();
            assert!(error.contains(problem), "{error}");
        }
        assert!(read("version: [").is_err());
        assert!(read("").is_err());
    }
}
