//! The AppSpec of a deployment: only what it says about the task definition.
//!
//! CodeDeploy takes it as JSON or as YAML (CodeDeploy user guide, AppSpec file structure for
//! Amazon ECS deployments). It is somebody's own text: whatever cannot be read in it is not known.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::arn::TaskDefinitionArn;
use crate::domain::text::printable;

#[derive(Deserialize)]
struct AppSpec {
    #[serde(rename = "Resources", alias = "resources")]
    resources: Resources,
}

/// A list of objects with one name each, or one object.
#[derive(Deserialize)]
#[serde(untagged)]
enum Resources {
    List(Vec<BTreeMap<String, Resource>>),
    One(BTreeMap<String, Resource>),
}

#[derive(Deserialize)]
struct Resource {
    #[serde(rename = "Properties", alias = "properties")]
    properties: Option<Properties>,
}

#[derive(Deserialize)]
struct Properties {
    #[serde(rename = "TaskDefinition", alias = "taskDefinition")]
    task_definition: Option<String>,
}

/// The task definition that an AppSpec brings.
pub(super) fn task_definition(content: &str) -> Option<TaskDefinitionArn> {
    let spec: AppSpec = serde_json::from_str(content)
        .ok()
        .or_else(|| serde_saphyr::from_str(content).ok())?;
    let resources = match spec.resources {
        Resources::List(list) => list,
        Resources::One(one) => vec![one],
    };
    let mut all = resources.iter().flat_map(BTreeMap::values);
    let named = all.find_map(|resource| {
        let properties = resource.properties.as_ref()?;
        properties.task_definition.as_deref()
    })?;
    let clean = printable(named.trim());
    (!clean.is_empty()).then(|| TaskDefinitionArn::new(clean))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ARN: &str = "arn:aws:ecs:eu-west-1:1:task-definition/web:7";

    #[test]
    fn json_and_yaml_say_the_same() {
        let json = format!(
            r#"{{"version": 0.0, "Resources": [{{"TargetService": {{"Type": "AWS::ECS::Service",
            "Properties": {{"TaskDefinition": "{ARN}", "LoadBalancerInfo":
            {{"ContainerName": "app", "ContainerPort": 80}}}}}}}}], "Hooks": [{{"BeforeInstall": "f"}}]}}"#
        );
        let yaml = format!(
            "version: 0.0\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n      \
             Properties:\n        TaskDefinition: \"{ARN}\"\n        LoadBalancerInfo:\n          \
             ContainerName: app\n          ContainerPort: 80\nHooks:\n  - BeforeInstall: f\n"
        );
        let one =
            format!(r#"{{"Resources": {{"S": {{"Properties": {{"TaskDefinition": "{ARN}"}}}}}}}}"#);
        for text in [json, yaml, one] {
            assert_eq!(
                task_definition(&text),
                Some(TaskDefinitionArn::new(ARN)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_says_nothing_is_nothing() {
        for text in [
            "",
            "{}",
            "[1, 2]",
            "Resources:\n  - TargetService:\n      Type: x\n",
            "Resources: 5",
            "{\"Resources\": [{\"T\": {\"Properties\": {\"TaskDefinition\": \" \"}}}]}",
        ] {
            assert_eq!(task_definition(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_fault(text in ".*") {
            let _known = task_definition(&text);
        }
    }
}
