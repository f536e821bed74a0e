//! Declarations of pipelines: what is read out of them, and what CodePipeline refuses.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use super::{conditions, lookup};
use crate::sim::api::ApiError;
use crate::sim::clock::SimTime;
use crate::sim::world::codepipeline::pipeline::{Action, Mode, Pipeline, Provider};
use crate::sim::world::codepipeline::stage::{Stage, Transition};

/// Stages of a pipeline at most, and actions of a stage.
const MOST: usize = 50;

/// Reads a declaration that has the shape of the service model.
pub fn read(mut declared: Map<String, Value>, now: SimTime) -> Result<Pipeline, ApiError> {
    let name = text(&declared, "name").to_owned();
    lookup::check_name(&name, "pipeline.name")?;
    check_role(text(&declared, "roleArn"), "pipeline.roleArn")?;
    check_stores(&declared)?;
    let kind = declared.get("pipelineType").and_then(Value::as_str);
    let kind = kind.unwrap_or("V1").to_owned();
    let mode = declared.get("executionMode").and_then(Value::as_str);
    let mode = mode.and_then(Mode::from_word).unwrap_or(Mode::Superseded);
    if kind == "V1" && mode != Mode::Superseded {
        return Err(structure(format!(
            "Pipelines of type V1 do not support the execution mode {}",
            mode.word()
        )));
    }
    let stages: Result<Vec<Stage>, ApiError> = list(&declared, "stages")
        .iter()
        .enumerate()
        .map(|(place, stage)| read_stage(stage, &format!("pipeline.stages.{}.member", place + 1)))
        .collect();
    let stages = stages?;
    check_stages(&stages)?;
    conditions::check(&stages, &kind, mode)?;
    check_artifacts(&stages)?;
    let variables = list(&declared, "variables").iter().map(|one| {
        let default = one.get("defaultValue").and_then(Value::as_str);
        (text_of(one, "name").to_owned(), default.map(str::to_owned))
    });
    let variables = variables.collect();
    declared.insert("version".to_owned(), json!(1));
    declared.insert("executionMode".to_owned(), json!(mode.word()));
    declared.insert("pipelineType".to_owned(), json!(kind));
    show_defaults(&mut declared);
    Ok(Pipeline {
        name,
        declaration: declared,
        kind,
        mode,
        version: 1,
        created_at: now,
        updated_at: now,
        variables,
        stages,
        executions: Vec::new(),
        started_runs: 0,
        heads: BTreeMap::new(),
    })
}

/// The order, configuration and artifacts of an action are shown where nothing was declared, too.
fn show_defaults(declared: &mut Map<String, Value>) {
    let stages = declared.get_mut("stages").and_then(Value::as_array_mut);
    for stage in stages.into_iter().flatten() {
        let actions = stage.get_mut("actions").and_then(Value::as_array_mut);
        for action in actions
            .into_iter()
            .flatten()
            .filter_map(Value::as_object_mut)
        {
            for (name, value) in [
                ("runOrder", json!(1)),
                ("configuration", json!({})),
                ("outputArtifacts", json!([])),
                ("inputArtifacts", json!([])),
            ] {
                action.entry(name).or_insert(value);
            }
        }
    }
}

pub(super) fn structure(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidStructureException", message)
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> &'a str {
    members
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

pub(super) fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(members: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    let found = members.get(name).and_then(Value::as_array);
    found.map_or(&[], Vec::as_slice)
}

fn check_role(role: &str, path: &str) -> Result<(), ApiError> {
    lookup::check_length(role, path, 0, 1024)?;
    let pattern = r"arn:aws(-[\w]+)*:iam::[0-9]{12}:role/.*";
    lookup::check_pattern(role, path, pattern, |role| {
        let mut parts = role.splitn(6, ':');
        let fits = [
            parts.next() == Some("arn"),
            parts.next().is_some_and(|one| one.starts_with("aws")),
            parts.next() == Some("iam"),
            parts.next() == Some(""),
            parts.next().is_some_and(|one| {
                one.len() == 12 && one.bytes().all(|byte| byte.is_ascii_digit())
            }),
            parts.next().is_some_and(|one| one.starts_with("role/")),
        ];
        fits.iter().all(|one| *one)
    })
}

fn check_stores(declared: &Map<String, Value>) -> Result<(), ApiError> {
    let one = declared.contains_key("artifactStore");
    let stores = declared.get("artifactStores");
    if one == stores.is_some() {
        return Err(structure(
            "The pipeline must have either an artifactStore or artifactStores, and not both",
        ));
    }
    let stores = stores.and_then(Value::as_object);
    for (region, store) in stores.into_iter().flatten() {
        if text_of(store, "type") != "S3" || text_of(store, "location").is_empty() {
            return Err(lookup::invalid(format!(
                "The artifact store of the Region {region} needs the type S3 and a location"
            )));
        }
    }
    Ok(())
}

fn read_stage(declared: &Value, path: &str) -> Result<Stage, ApiError> {
    let name = text_of(declared, "name");
    lookup::check_name(name, &format!("{path}.name"))?;
    let actions = declared.get("actions").and_then(Value::as_array);
    let actions: Result<Vec<Action>, ApiError> = actions
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(place, one)| read_action(one, &format!("{path}.actions.{}.member", place + 1)))
        .collect();
    let actions = actions?;
    if actions.is_empty() || actions.len() > MOST {
        return Err(ApiError::new(
            "InvalidStageDeclarationException",
            format!("Stage '{name}' must have between 1 and {MOST} actions"),
        ));
    }
    if let Some(twice) = repeated(actions.iter().map(|one| one.name.as_str())) {
        return Err(ApiError::new(
            "InvalidStageDeclarationException",
            format!("Stage '{name}' has more than one action with the name '{twice}'"),
        ));
    }
    Ok(Stage {
        name: name.to_owned(),
        actions,
        conditions: conditions::read(declared, path)?,
        transition: Transition::default(),
        waiting: Vec::new(),
        holder: None,
        latest: None,
    })
}

fn read_action(declared: &Value, path: &str) -> Result<Action, ApiError> {
    let name = text_of(declared, "name");
    lookup::check_name(name, &format!("{path}.name"))?;
    let type_id = declared.get("actionTypeId").cloned().unwrap_or_default();
    let provider_name = text_of(&type_id, "provider").to_owned();
    lookup::check_length(
        &provider_name,
        &format!("{path}.actionTypeId.provider"),
        1,
        35,
    )?;
    let provider = Provider::of(text_of(&type_id, "category"), &provider_name);
    let run_order = within(declared, path, "runOrder", 1, 999)?;
    let timeout_minutes = within(declared, path, "timeoutInMinutes", 5, 86_400)?;
    let role = optional(declared, "roleArn");
    if let Some(role) = &role {
        check_role(role, &format!("{path}.roleArn"))?;
    }
    let configuration = configuration(declared, path)?;
    let action = Action {
        name: name.to_owned(),
        provider,
        provider_name,
        type_id,
        run_order: run_order.unwrap_or(1),
        configuration,
        inputs: names(declared, "inputArtifacts"),
        outputs: names(declared, "outputArtifacts"),
        namespace: optional(declared, "namespace"),
        role,
        region: optional(declared, "region"),
        timeout_minutes,
    };
    check_configuration(&action)?;
    Ok(action)
}

pub(super) fn configuration(
    declared: &Value,
    path: &str,
) -> Result<BTreeMap<String, String>, ApiError> {
    let given = declared.get("configuration").and_then(Value::as_object);
    let mut read = BTreeMap::new();
    for (key, value) in given.into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        let path = format!("{path}.configuration");
        lookup::check_length(key, &path, 1, 50)?;
        lookup::check_length(value, &path, 1, 1000)?;
        read.insert(key.clone(), value.to_owned());
    }
    Ok(read)
}

fn optional(declared: &Value, name: &str) -> Option<String> {
    let given = declared.get(name).and_then(Value::as_str);
    given.map(str::to_owned)
}

fn names(declared: &Value, member: &str) -> Vec<String> {
    let items = declared.get(member).and_then(Value::as_array);
    let items = items.into_iter().flatten();
    items.map(|one| text_of(one, "name").to_owned()).collect()
}

fn within(
    declared: &Value,
    path: &str,
    member: &str,
    low: i64,
    high: i64,
) -> Result<Option<u32>, ApiError> {
    let Some(number) = declared.get(member).and_then(Value::as_i64) else {
        return Ok(None);
    };
    let rule = if number < low {
        format!("Member must have value greater than or equal to {low}")
    } else {
        format!("Member must have value less than or equal to {high}")
    };
    let fits = u32::try_from(number).ok();
    let fits = fits.filter(|_| (low..=high).contains(&number));
    let path = format!("{path}.{member}");
    fits.map(Some)
        .ok_or_else(|| lookup::breaks(&number.to_string(), &path, &rule))
}

/// Refuses an action that lacks what its provider needs.
fn check_configuration(action: &Action) -> Result<(), ApiError> {
    let needs: &[&str] = match action.provider {
        Provider::Connection => &["ConnectionArn", "FullRepositoryId", "BranchName"],
        Provider::CodeCommit => &["RepositoryName", "BranchName"],
        Provider::Ecr => &["RepositoryName"],
        Provider::S3Source => &["S3Bucket", "S3ObjectKey"],
        Provider::CodeBuild => &["ProjectName"],
        Provider::Ecs => &["ClusterName", "ServiceName"],
        Provider::CodeDeployToEcs => &["ApplicationName", "DeploymentGroupName"],
        Provider::Approval | Provider::Other => &[],
    };
    let missing = needs
        .iter()
        .find(|key| !action.configuration.contains_key(**key));
    missing.map_or(Ok(()), |key| {
        Err(ApiError::new(
            "InvalidActionDeclarationException",
            format!(
                "Action configuration for action '{}' is missing required configuration '{key}'",
                action.name
            ),
        ))
    })
}

pub(super) fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = HashSet::new();
    let mut names = names;
    names.find(|name| !seen.insert(*name))
}

/// "CodePipeline pipeline structure reference": two stages at least, sources in the first one and
/// nowhere else, and every name once.
fn check_stages(stages: &[Stage]) -> Result<(), ApiError> {
    if stages.len() < 2 {
        return Err(structure("Pipeline should have at least 2 stages"));
    }
    if stages.len() > MOST {
        return Err(structure(format!(
            "Pipeline should have at most {MOST} stages"
        )));
    }
    if let Some(name) = repeated(stages.iter().map(|one| one.name.as_str())) {
        return Err(structure(format!(
            "Pipeline has more than one stage with the name '{name}'"
        )));
    }
    for (place, stage) in stages.iter().enumerate() {
        for action in &stage.actions {
            let source = text_of(&action.type_id, "category") == "Source";
            if source && place > 0 {
                return Err(structure(format!(
                    "Pipeline has a source action '{}' in stage '{}', which is not its first stage",
                    action.name, stage.name
                )));
            }
            if !source && place == 0 {
                return Err(structure(format!(
                    "The first stage of a pipeline can have source actions only, and '{}' is none",
                    action.name
                )));
            }
        }
    }
    Ok(())
}

/// An artifact has one maker, and is made before it is read.
fn check_artifacts(stages: &[Stage]) -> Result<(), ApiError> {
    let mut made: BTreeSet<&str> = BTreeSet::new();
    for stage in stages {
        for order in stage.run_orders() {
            let together = || stage.actions.iter().filter(|one| one.run_order == order);
            for action in together() {
                let unknown = action
                    .inputs
                    .iter()
                    .find(|one| !made.contains(one.as_str()));
                if let Some(input) = unknown {
                    return Err(action_error(
                        action,
                        &format!(
                            "reads the input artifact '{input}', which no action before it makes"
                        ),
                    ));
                }
            }
            for action in together() {
                let twice = action.outputs.iter().find(|one| !made.insert(one.as_str()));
                if let Some(output) = twice {
                    return Err(action_error(
                        action,
                        &format!(
                            "makes the output artifact '{output}', which another action makes too"
                        ),
                    ));
                }
            }
        }
    }
    Ok(())
}

fn action_error(action: &Action, what: &str) -> ApiError {
    ApiError::new(
        "InvalidActionDeclarationException",
        format!("Action '{}' {what}", action.name),
    )
}
