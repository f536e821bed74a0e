//! From a pipeline of a scenario to its declaration, as a client would send it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::pipeline::{PipelineEntry, StageEntry};
use crate::sim::world::arn::Place;

/// The artifact of the source, and that of the build.
const SOURCE: &str = "SourceOutput";
const BUILD: &str = "BuildOutput";

/// Where a service is, and how it is deployed.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its account and region.
    pub place: Place,
    /// Its cluster.
    pub cluster: String,
    /// Its name.
    pub service: String,
    /// The application and the deployment group, if CodeDeploy deploys it.
    pub codedeploy: Option<(String, String)>,
}

/// The declaration of a pipeline at `place`. `targets` are the services that its stages name.
pub fn declaration(
    place: &Place,
    entry: &PipelineEntry,
    targets: &BTreeMap<String, Target>,
) -> Map<String, Value> {
    let name = entry.name.get_ref();
    let mut artifact = SOURCE;
    let mut stages = vec![json!({"name": "Source", "actions": [source(place, entry)]})];
    for stage in &entry.stage {
        stages.push(declared_stage(place, stage, targets, &mut artifact));
    }
    let mut declared = Map::new();
    let account = &place.account;
    for (key, value) in [
        ("name", json!(name)),
        (
            "roleArn",
            json!(format!(
                "arn:aws:iam::{account}:role/service-role/codepipeline-{name}"
            )),
        ),
        ("pipelineType", json!("V2")),
        ("executionMode", json!(entry.mode)),
        ("stages", Value::Array(stages)),
    ] {
        declared.insert(key.to_owned(), value);
    }
    let (key, value) = stores(place, targets);
    declared.insert(key.to_owned(), value);
    declared
}

/// Where artifacts are kept: a bucket in each Region that the pipeline works in.
fn stores(place: &Place, targets: &BTreeMap<String, Target>) -> (&'static str, Value) {
    let store = |region: &str| {
        let bucket = format!("codepipeline-{region}-{}", place.account);
        json!({"type": "S3", "location": bucket})
    };
    let others = targets.values().map(|target| target.place.region.as_str());
    let mut regions: Vec<&str> = others.chain([place.region.as_str()]).collect();
    regions.sort_unstable();
    regions.dedup();
    if let [only] = regions.as_slice() {
        return ("artifactStore", store(only));
    }
    let stores: Map<String, Value> = regions
        .iter()
        .map(|region| ((*region).to_owned(), store(region)))
        .collect();
    ("artifactStores", Value::Object(stores))
}

fn source(place: &Place, entry: &PipelineEntry) -> Value {
    let (provider, configuration) = match &entry.ecr {
        Some(repository) => (
            "ECR",
            json!({"RepositoryName": repository, "ImageTag": "latest"}),
        ),
        None => {
            let own = || format!("acme/{}", entry.name.get_ref());
            let connection = format!(
                "arn:aws:codeconnections:{}:{}:connection/4dd5f5fc-1b0b-4b5c-8a32-7f5f6ff2a3b1",
                place.region, place.account
            );
            (
                "CodeStarSourceConnection",
                json!({
                    "ConnectionArn": connection,
                    "FullRepositoryId": entry.repository.clone().unwrap_or_else(own),
                    "BranchName": entry.branch,
                }),
            )
        }
    };
    let mut source = action("Source", "Source", provider, 1, &configuration);
    put(&mut source, "outputArtifacts", json!([{"name": SOURCE}]));
    put(&mut source, "namespace", json!("SourceVariables"));
    source
}

fn declared_stage(
    place: &Place,
    stage: &StageEntry,
    targets: &BTreeMap<String, Target>,
    artifact: &mut &'static str,
) -> Value {
    let mut order = 0;
    let mut actions = Vec::new();
    if let Some(project) = &stage.build {
        order += 1;
        let configuration = json!({"ProjectName": project});
        let mut build = action("Build", "Build", "CodeBuild", order, &configuration);
        put(&mut build, "inputArtifacts", json!([{"name": SOURCE}]));
        // An artifact has one maker: a second build tests what the first one made.
        if *artifact == SOURCE {
            put(&mut build, "outputArtifacts", json!([{"name": BUILD}]));
            *artifact = BUILD;
        }
        actions.push(build);
    }
    if let Some(text) = &stage.approve {
        order += 1;
        let mut configuration = json!({"CustomData": text});
        if let Some(link) = &stage.link {
            put(&mut configuration, "ExternalEntityLink", json!(link));
        }
        actions.push(action(
            "Approve",
            "Approval",
            "Manual",
            order,
            &configuration,
        ));
    }
    order += 1;
    for name in &stage.deploy {
        let Some(target) = targets.get(name.get_ref()) else {
            continue;
        };
        let one = match stage.deploy.len() {
            1 => "Deploy".to_owned(),
            _ => format!("Deploy-{}", target.service),
        };
        actions.push(deploy(place, &one, order, target, artifact));
    }
    if let Some(minutes) = stage.timeout {
        for action in &mut actions {
            put(action, "timeoutInMinutes", json!(minutes));
        }
    }
    let mut declared = json!({"name": stage.name, "actions": actions});
    if let Some(result) = &stage.on_failure {
        put(&mut declared, "onFailure", on_failure(result));
    }
    declared
}

fn on_failure(result: &str) -> Value {
    if result == "RETRY" {
        json!({"result": result, "retryConfiguration": {"retryMode": "FAILED_ACTIONS"}})
    } else {
        json!({"result": result})
    }
}

fn deploy(place: &Place, name: &str, order: u32, target: &Target, artifact: &str) -> Value {
    let (provider, configuration) = match &target.codedeploy {
        Some((application, group)) => (
            "CodeDeployToECS",
            json!({
                "ApplicationName": application,
                "DeploymentGroupName": group,
                "TaskDefinitionTemplateArtifact": artifact,
                "TaskDefinitionTemplatePath": "taskdef.json",
                "AppSpecTemplateArtifact": artifact,
                "AppSpecTemplatePath": "appspec.yaml",
                "Image1ArtifactName": artifact,
                "Image1ContainerName": "IMAGE1_NAME",
            }),
        ),
        None => (
            "ECS",
            json!({
                "ClusterName": target.cluster,
                "ServiceName": target.service,
                "FileName": "imagedefinitions.json",
            }),
        ),
    };
    let mut deploy = action(name, "Deploy", provider, order, &configuration);
    put(&mut deploy, "inputArtifacts", json!([{"name": artifact}]));
    if target.place.account != place.account {
        let role = format!(
            "arn:aws:iam::{}:role/deploy-from-pipelines",
            target.place.account
        );
        put(&mut deploy, "roleArn", json!(role));
    }
    if target.place.region != place.region {
        put(&mut deploy, "region", json!(target.place.region));
    }
    deploy
}

fn action(name: &str, category: &str, provider: &str, order: u32, configuration: &Value) -> Value {
    json!({
        "name": name,
        "actionTypeId":
            {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
        "runOrder": order,
        "configuration": configuration,
    })
}

fn put(value: &mut Value, name: &str, member: Value) {
    if let Some(members) = value.as_object_mut() {
        members.insert(name.to_owned(), member);
    }
}
