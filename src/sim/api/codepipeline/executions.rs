//! `StartPipelineExecution`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::lookup;
use super::shape::START_INPUT;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::execution::Trigger;
use crate::sim::world::codepipeline::pipeline::{Mode, Pipeline};
use crate::sim::world::engine::pipelines::start::NewExecution;

/// Executions that may be under way at a time in a pipeline that does not supersede them.
const MOST: usize = 50;

/// `StartPipelineExecution`.
pub fn start(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::name(input, "name")?;
    let members = lookup::request(input, START_INPUT)?;
    let token = members.get("clientRequestToken").and_then(Value::as_str);
    if let Some(token) = token {
        check_token(token)?;
    }
    let (position, pipeline) = lookup::pipeline(region, name)?;
    let earlier = token.and_then(|token| {
        let mut executions = pipeline.executions.iter();
        executions.find(|one| one.client_token.as_deref() == Some(token))
    });
    if let Some(earlier) = earlier {
        return Ok(json!({"pipelineExecutionId": earlier.id}));
    }
    check_room(pipeline)?;
    let new = NewExecution {
        trigger: Trigger {
            kind: "StartPipelineExecution",
            detail: lookup::caller(&region.ecs.place),
        },
        variables: variables(pipeline, &members)?,
        revisions: revisions(pipeline, &members)?,
        client_token: token.map(str::to_owned),
    };
    let key = region.start_pipeline(position, new);
    let execution = key.and_then(|key| region.codepipeline.execution(key));
    Ok(json!({"pipelineExecutionId": execution.map(|one| &one.id)}))
}

fn check_token(token: &str) -> Result<(), ApiError> {
    lookup::check_length(token, "clientRequestToken", 1, 128)?;
    lookup::check_pattern(token, "clientRequestToken", "^[a-zA-Z0-9-]+$", |text| {
        text.chars()
            .all(|one| one.is_ascii_alphanumeric() || one == '-')
    })
}

/// Refuses one more execution than a QUEUED or PARALLEL pipeline may have.
pub fn check_room(pipeline: &Pipeline) -> Result<(), ApiError> {
    let under_way = pipeline
        .executions
        .iter()
        .filter(|one| !one.status.is_over());
    if pipeline.mode == Mode::Superseded || under_way.count() < MOST {
        return Ok(());
    }
    Err(ApiError::new(
        "ConcurrentPipelineExecutionsLimitExceededException",
        format!(
            "Pipeline '{}' has reached its limit of {MOST} concurrent executions",
            pipeline.name
        ),
    ))
}

fn pairs<'a>(
    members: &'a Map<String, Value>,
    list: &str,
    key: &'a str,
    value: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
    let items = members.get(list).and_then(Value::as_array);
    items.into_iter().flatten().map(move |one| {
        let text = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
        (text(key), text(value))
    })
}

fn variables(
    pipeline: &Pipeline,
    members: &Map<String, Value>,
) -> Result<BTreeMap<String, String>, ApiError> {
    let mut read = BTreeMap::new();
    for (name, value) in pairs(members, "variables", "name", "value") {
        lookup::check_length(value, "variables.value", 1, 1000)?;
        if !pipeline.variables.iter().any(|(known, _)| known == name) {
            return Err(lookup::invalid(format!(
                "Pipeline '{}' declares no variable with the name '{name}'",
                pipeline.name
            )));
        }
        read.insert(name.to_owned(), value.to_owned());
    }
    let unset = pipeline
        .variables
        .iter()
        .find(|(name, default)| default.is_none() && !read.contains_key(name));
    unset.map_or(Ok(read), |(name, _)| {
        Err(lookup::invalid(format!(
            "The pipeline variable '{name}' has no default value and none was given"
        )))
    })
}

fn revisions(
    pipeline: &Pipeline,
    members: &Map<String, Value>,
) -> Result<BTreeMap<String, String>, ApiError> {
    let mut read = BTreeMap::new();
    for (action, revision) in pairs(members, "sourceRevisions", "actionName", "revisionValue") {
        lookup::check_length(revision, "sourceRevisions.revisionValue", 1, 1500)?;
        if !pipeline.heads.contains_key(action) {
            return Err(lookup::invalid(format!(
                "Pipeline '{}' has no source action with the name '{action}'",
                pipeline.name
            )));
        }
        read.insert(action.to_owned(), revision.to_owned());
    }
    Ok(read)
}
