//! The operations on task definitions.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::clusters::valid_name;
use super::lookup::{self, includes};
use super::page::{Order, page};
use super::shape::{request, task_definition::REGISTER_TASK_DEFINITION_REQUEST};
use super::{show, tags};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::task_definition::{TaskDefinition, is_essential};

/// `RegisterTaskDefinition`.
pub fn register(region: &mut Region, input: Input<'_>) -> Answer {
    let definition = enter(region, input)?;
    Ok(json!({
        "taskDefinition":
            show::task_definition::task_definition(&region.ecs.place, &definition),
        "tags": definition.tags,
    }))
}

/// Adds the revision that the input of `RegisterTaskDefinition` describes.
pub fn enter(region: &mut Region, input: Input<'_>) -> Result<Arc<TaskDefinition>, ApiError> {
    let mut members = request(input, REGISTER_TASK_DEFINITION_REQUEST)?;
    let tags = tags::take(&mut members)?;
    let family = members
        .get("family")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if !valid_name(&family) {
        return Err(ApiError::client(
            "Family must match the pattern [a-zA-Z0-9_-]{1,255}.",
        ));
    }
    check_containers(&members)?;
    check_fargate(&members)?;
    fill_defaults(&mut members);
    let ecs = &mut region.ecs;
    let at = ecs.now;
    let definitions = &mut ecs.task_definitions;
    let made = definitions.register(&ecs.place, &family, members, tags, at);
    region.name_images(made.images());
    Ok(made)
}

/// `DeregisterTaskDefinition`: it becomes INACTIVE and can still be described.
pub fn deregister(region: &mut Region, input: Input<'_>) -> Answer {
    let name = input.required_string("taskDefinition")?;
    let ecs = &mut region.ecs;
    let short = lookup::task_definition(ecs, name).map(|found| found.short_name());
    let named_revision = name
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains(':'));
    let found = short
        .filter(|_| named_revision)
        .and_then(|short| ecs.task_definitions.deregister(&short, ecs.now))
        .ok_or_else(|| {
            ApiError::client("The specified task definition does not exist. Specify a valid account, family, revision and try again.")
        })?;
    Ok(json!({"taskDefinition": show::task_definition::task_definition(&ecs.place, &found)}))
}

/// `DescribeTaskDefinition`.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let name = input.required_string("taskDefinition")?;
    let with_tags = includes(input, "TAGS", &["TAGS"])?;
    let ecs = &region.ecs;
    let found = lookup::task_definition(ecs, name)
        .ok_or_else(|| ApiError::client("Unable to describe task definition."))?;
    let mut answer = Map::new();
    let shown = show::task_definition::task_definition(&ecs.place, found);
    answer.insert("taskDefinition".to_owned(), shown);
    if with_tags {
        answer.insert("tags".to_owned(), json!(found.tags));
    }
    Ok(Value::Object(answer))
}

/// `ListTaskDefinitionFamilies`.
pub fn list_families(region: &mut Region, input: Input<'_>) -> Answer {
    let prefix = input.string("familyPrefix")?.unwrap_or_default();
    let status = input
        .word("status", &["ACTIVE", "INACTIVE", "ALL"])?
        .unwrap_or("ACTIVE");
    let families = region
        .ecs
        .task_definitions
        .families()
        .filter(|(name, _)| name.starts_with(prefix))
        .filter(|(_, revisions)| match status {
            "ALL" => true,
            wanted => revisions.values().any(|one| one.is_active()) == (wanted == "ACTIVE"),
        })
        .map(|(name, _)| (name.to_owned(), json!(name)));
    page(input, "families", 100, Order::Ascending, families)
}

/// `ListTaskDefinitions`.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let prefix = input.string("familyPrefix")?;
    let statuses = ["ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"];
    let status = input.word("status", &statuses)?.unwrap_or("ACTIVE");
    let descending = input.word("sort", &["ASC", "DESC"])? == Some("DESC");
    let mut arns: Vec<(String, Value)> = region
        .ecs
        .task_definitions
        .families()
        .filter(|(name, _)| prefix.is_none_or(|prefix| *name == prefix))
        .flat_map(|(_, revisions)| revisions.values())
        .filter(|one| match status {
            "ACTIVE" => one.is_active(),
            "INACTIVE" => !one.is_active(),
            _ => false,
        })
        // The separator sorts before every letter of a name, as the end of a name does.
        .map(|one| {
            (
                format!("{}\u{1}{:010}", one.family, one.revision),
                json!(one.arn),
            )
        })
        .collect();
    let order = if descending {
        Order::Descending
    } else {
        Order::Ascending
    };
    if descending {
        arns.reverse();
    }
    page(input, "taskDefinitionArns", 100, order, arns)
}

fn check_containers(members: &Map<String, Value>) -> Result<(), ApiError> {
    let containers = list_of(members, "containerDefinitions");
    if containers.is_empty() {
        return Err(ApiError::client("Container list cannot be empty."));
    }
    let mut names = Vec::new();
    for container in containers {
        let name = text(container, "name").unwrap_or_default();
        if !valid_name(name) {
            return Err(ApiError::client(
                "Container.name should not be null or empty and must match [a-zA-Z0-9_-]{1,255}.",
            ));
        }
        if text(container, "image").is_none_or(str::is_empty) {
            return Err(ApiError::client(
                "Container.image should not be null or empty.",
            ));
        }
        if names.contains(&name) {
            return Err(ApiError::client(format!(
                "Container name '{name}' is used twice."
            )));
        }
        names.push(name);
    }
    if !containers.iter().any(is_essential) {
        return Err(ApiError::client(
            "Invalid setting for container list. At least one container must be essential.",
        ));
    }
    Ok(())
}

/// A task definition that asks for Fargate needs the network mode and the sizes that it needs.
fn check_fargate(members: &Map<String, Value>) -> Result<(), ApiError> {
    let fargate = list_of(members, "requiresCompatibilities")
        .iter()
        .any(|one| one == "FARGATE");
    if !fargate {
        return Ok(());
    }
    if members.get("networkMode").and_then(Value::as_str) != Some("awsvpc") {
        return Err(ApiError::client(
            "Fargate only supports network mode ‘awsvpc’.",
        ));
    }
    if !members.contains_key("cpu") || !members.contains_key("memory") {
        return Err(ApiError::client(
            "Fargate requires task definition to have cpu and memory defined at the task level.",
        ));
    }
    Ok(())
}

/// What ECS adds to what it was given.
fn fill_defaults(members: &mut Map<String, Value>) {
    members.entry("volumes").or_insert_with(|| json!([]));
    members
        .entry("placementConstraints")
        .or_insert_with(|| json!([]));
    if let Some(containers) = members
        .get_mut("containerDefinitions")
        .and_then(Value::as_array_mut)
    {
        for container in containers.iter_mut().filter_map(Value::as_object_mut) {
            for name in [
                "portMappings",
                "environment",
                "mountPoints",
                "volumesFrom",
                "systemControls",
            ] {
                container.entry(name).or_insert_with(|| json!([]));
            }
            container.entry("essential").or_insert(Value::Bool(true));
            container.entry("cpu").or_insert_with(|| json!(0));
            if let Some(check) = container
                .get_mut("healthCheck")
                .and_then(Value::as_object_mut)
            {
                for (name, usual) in [("interval", 30), ("timeout", 5), ("retries", 3)] {
                    check.entry(name).or_insert_with(|| json!(usual));
                }
            }
        }
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn list_of<'a>(members: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    members
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
