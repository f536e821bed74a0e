//! The operations of CodeBuild that this simulator has: those that tell of builds.

pub mod show;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::{Answer, ApiError, Input};
use crate::sim::world::{Region, World};

/// The most builds that one call describes.
const MOST_BUILDS: usize = 100;

/// Answers an operation of CodeBuild in an account and region; none when CodeBuild has no such
/// operation here.
pub fn handle(
    world: &mut World,
    account: &str,
    region: &str,
    operation: &str,
    input: &Value,
) -> Option<Answer> {
    match operation {
        "BatchGetBuilds" => {
            let region = world.region_mut(account, region);
            Some(Input::new(input).and_then(|input| batch_get_builds(region, input)))
        }
        _ => None,
    }
}

/// `BatchGetBuilds`: builds by id or ARN. Those that aren't there are named beside them.
pub fn batch_get_builds(region: &mut Region, input: Input<'_>) -> Answer {
    if !input.has("ids") {
        return Err(invalid(
            "1 validation error detected: Value null at 'ids' failed to satisfy constraint: \
             Member must not be null",
        ));
    }
    let ids = input.strings("ids")?;
    if !(1..=MOST_BUILDS).contains(&ids.len()) {
        return Err(invalid(format!(
            "1 validation error detected: Value at 'ids' failed to satisfy constraint: Member \
             must have length between 1 and {MOST_BUILDS}"
        )));
    }
    let (mut builds, mut missing) = (Vec::new(), Vec::new());
    for id in ids {
        match find(region, id)? {
            Some(build) => builds.push(build),
            None => missing.push(id),
        }
    }
    let mut answer = json!({"builds": builds});
    // The service model wants one entry at least.
    if let Some(answer) = answer.as_object_mut().filter(|_| !missing.is_empty()) {
        answer.insert("buildsNotFound".to_owned(), json!(missing));
    }
    Ok(answer)
}

/// The build that an id or an ARN names, as CodeBuild shows it.
fn find(region: &Region, id_or_arn: &str) -> Result<Option<Value>, ApiError> {
    let place = &region.ecs.place;
    let arn = format!(
        "arn:aws:codebuild:{}:{}:build/",
        place.region, place.account
    );
    let id = id_or_arn.strip_prefix(&arn).unwrap_or(id_or_arn);
    if !id.contains(':') {
        return Err(invalid(format!("Invalid build ID: {id}")));
    }
    let build = region.codebuild.build(id);
    Ok(build.map(|build| show::build(place, build, region.ecs.now)))
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidInputException", message)
}
