//! `ListTagsForResource`, and the tags of other requests.

use serde_json::{Map, Value, json};

use super::lookup;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::ecs::Ecs;

/// Tags that one resource may have.
const MOST: usize = 50;

/// Takes the tags out of a request that has already been held against its shape.
pub fn take(members: &mut Map<String, Value>) -> Result<Vec<Value>, ApiError> {
    let Some(Value::Array(tags)) = members.remove("tags") else {
        return Ok(Vec::new());
    };
    if tags.len() > MOST {
        return Err(ApiError::invalid_parameter(
            "Too many tags: a resource can have 50.",
        ));
    }
    for tag in &tags {
        let key = tag.get("key").and_then(Value::as_str).unwrap_or_default();
        let value = tag.get("value").and_then(Value::as_str).unwrap_or_default();
        if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
            return Err(ApiError::invalid_parameter(
                "A tag needs a key of 1 to 128 characters and a value of at most 256.",
            ));
        }
    }
    Ok(tags)
}

/// `ListTagsForResource`.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let arn = input.required_string("resourceArn")?;
    let tags = find(&region.ecs, arn)?;
    Ok(json!({"tags": tags}))
}

fn find<'a>(ecs: &'a Ecs, arn: &str) -> Result<&'a [Value], ApiError> {
    let missing = || {
        ApiError::invalid_parameter(
            "The specified resource is not found. Check the resource ARN and try again.",
        )
    };
    let resource = ecs.place.resource(arn).ok_or_else(missing)?;
    let (kind, path) = resource.split_once('/').ok_or_else(missing)?;
    let tags = match kind {
        "cluster" => ecs.cluster(Some(path)).map(|one| one.tags.as_slice()),
        "task-definition" => lookup::task_definition(ecs, arn).map(|one| one.tags.as_slice()),
        "service" | "task" => {
            let (cluster, _) = path.split_once('/').ok_or_else(missing)?;
            let cluster = ecs
                .cluster(Some(cluster))
                .ok_or_else(|| ApiError::new("ClusterNotFoundException", "Cluster not found."))?;
            if kind == "service" {
                ecs.service_in(cluster, arn).map(|one| one.tags.as_slice())
            } else {
                ecs.task_in(cluster, arn).map(|one| one.tags.as_slice())
            }
        }
        _ => None,
    };
    tags.ok_or_else(missing)
}
