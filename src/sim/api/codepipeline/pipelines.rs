//! `CreatePipeline`, `GetPipeline`, `ListPipelines`.

use serde_json::{Value, json};

use super::shape::CREATE_PIPELINE_INPUT;
use super::{declare, lookup};
use crate::sim::api::ecs::page::Order;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::execution::Trigger;
use crate::sim::world::codepipeline::pipeline::Pipeline;
use crate::sim::world::engine::pipelines::start::NewExecution;

/// Pipelines that an account may have in a region.
const MOST: usize = 1000;

/// `CreatePipeline`: the new pipeline runs at once.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let members = lookup::request(input, CREATE_PIPELINE_INPUT)?;
    let declaration = members.get("pipeline").and_then(Value::as_object);
    let pipeline = declare::read(declaration.cloned().unwrap_or_default(), region.ecs.now)?;
    let tags = members.get("tags").cloned();
    let position = add(region, pipeline)?;
    let trigger = Trigger {
        kind: "CreatePipeline",
        detail: lookup::caller(&region.ecs.place),
    };
    region.start_pipeline(position, NewExecution::of_newest(trigger));
    let shown = region.codepipeline.pipelines.get(position);
    let mut answer = json!({"pipeline": shown.map(|one| &one.declaration)});
    if let (Some(tags), Some(answer)) = (tags, answer.as_object_mut()) {
        answer.insert("tags".to_owned(), tags);
    }
    Ok(answer)
}

/// Adds a pipeline that was read, without an execution; gives its position.
pub fn add(region: &mut Region, mut pipeline: Pipeline) -> Result<usize, ApiError> {
    let name = pipeline.name.clone();
    if region.codepipeline.names.contains_key(&name) {
        return Err(ApiError::new(
            "PipelineNameInUseException",
            format!(
                "A pipeline with the name '{name}' already exists in account '{}'",
                region.ecs.place.account
            ),
        ));
    }
    if region.codepipeline.pipelines.len() >= MOST {
        return Err(ApiError::new(
            "LimitExceededException",
            format!("The account has reached its limit of {MOST} pipelines in this Region"),
        ));
    }
    pipeline.heads = region.first_heads(&pipeline);
    let position = region.codepipeline.pipelines.len();
    region.codepipeline.pipelines.push(pipeline);
    region.codepipeline.names.insert(name, position);
    Ok(position)
}

/// `GetPipeline`.
pub fn get(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::name(input, "name")?;
    let version = input.integer("version")?;
    if let Some(low) = version.filter(|one| *one < 1) {
        let rule = "Member must have value greater than or equal to 1";
        return Err(lookup::breaks(&low.to_string(), "version", rule));
    }
    let (_, pipeline) = lookup::pipeline(region, name)?;
    if version.is_some_and(|one| one != i64::from(pipeline.version)) {
        return Err(ApiError::new(
            "PipelineVersionNotFoundException",
            format!(
                "Pipeline '{name}' has no version {}",
                version.unwrap_or_default()
            ),
        ));
    }
    let place = &region.ecs.place;
    Ok(json!({
        "pipeline": pipeline.declaration,
        "metadata": {
            "pipelineArn": arn(&place.region, &place.account, name),
            "created": pipeline.created_at.json(),
            "updated": pipeline.updated_at.json(),
        },
    }))
}

fn arn(region: &str, account: &str, name: &str) -> String {
    format!("arn:aws:codepipeline:{region}:{account}:{name}")
}

/// `ListPipelines`, in the order of their names.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let codepipeline = &region.codepipeline;
    let items = codepipeline.names.iter().filter_map(|(name, position)| {
        let pipeline = codepipeline.pipelines.get(*position)?;
        Some((name.clone(), summary(pipeline)))
    });
    lookup::page(input, "pipelines", (1000, 1000), Order::Ascending, items)
}

fn summary(pipeline: &Pipeline) -> Value {
    json!({
        "name": pipeline.name,
        "version": pipeline.version,
        "pipelineType": pipeline.kind,
        "executionMode": pipeline.mode.word(),
        "created": pipeline.created_at.json(),
        "updated": pipeline.updated_at.json(),
    })
}
