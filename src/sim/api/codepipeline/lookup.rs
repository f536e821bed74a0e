//! Finding what a request names, with the errors of CodePipeline for what isn't there.

use serde_json::{Map, Value};

use crate::sim::api::ecs::page::{self, Order};
use crate::sim::api::ecs::shape::{self, Member};
use crate::sim::api::input::constraint;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::accounts::caller_arn;
use crate::sim::world::arn::Place;
use crate::sim::world::codepipeline::ExecutionKey;
use crate::sim::world::codepipeline::pipeline::Pipeline;

/// The pattern of the names of pipelines, stages and actions.
const NAME: &str = r"[A-Za-z0-9.@\-_]+";
/// The pattern of the ids of executions and of approval tokens.
const ID: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/// A `ValidationException`.
pub fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("ValidationException", message)
}

/// The error of a value that breaks a rule of the service model.
pub fn breaks(value: &str, path: &str, rule: &str) -> ApiError {
    invalid(constraint(value, path, rule))
}

/// What a request contains, with the error that CodePipeline has for one that doesn't fit its
/// model.
pub fn request(input: Input<'_>, members: &[Member]) -> Result<Map<String, Value>, ApiError> {
    shape::request(input, members).map_err(as_validation)
}

fn as_validation(error: ApiError) -> ApiError {
    if error.code == "InvalidParameterException" {
        invalid(error.message)
    } else {
        error
    }
}

/// Refuses a text that is too short or too long, in characters.
pub fn check_length(value: &str, path: &str, low: usize, high: usize) -> Result<(), ApiError> {
    let length = value.chars().count();
    let rule = if length < low {
        format!("Member must have length greater than or equal to {low}")
    } else if length > high {
        format!("Member must have length less than or equal to {high}")
    } else {
        return Ok(());
    };
    Err(breaks(value, path, &rule))
}

/// Refuses a text that doesn't have the pattern, which `fits` knows.
pub fn check_pattern(
    value: &str,
    path: &str,
    pattern: &str,
    fits: impl Fn(&str) -> bool,
) -> Result<(), ApiError> {
    if fits(value) {
        return Ok(());
    }
    let rule = format!("Member must satisfy regular expression pattern: {pattern}");
    Err(breaks(value, path, &rule))
}

/// Refuses a text that can be no name of a pipeline, a stage or an action.
pub fn check_name(value: &str, path: &str) -> Result<(), ApiError> {
    check_length(value, path, 1, 100)?;
    check_pattern(value, path, NAME, |text| {
        text.chars()
            .all(|one| one.is_ascii_alphanumeric() || ".@-_".contains(one))
    })
}

/// Refuses a text that can be no id of an execution and no token.
pub fn check_id(value: &str, path: &str) -> Result<(), ApiError> {
    check_pattern(value, path, ID, is_id)
}

fn is_id(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text
            .chars()
            .all(|one| one == '-' || one.is_ascii_digit() || ('a'..='f').contains(&one))
}

/// A text that has to be there.
pub fn required<'a>(input: Input<'a>, member: &str) -> Result<&'a str, ApiError> {
    let text = input.string(member)?;
    text.ok_or_else(|| as_validation(crate::sim::api::input::missing(member)))
}

/// A name that has to be there.
pub fn name<'a>(input: Input<'a>, member: &str) -> Result<&'a str, ApiError> {
    let text = required(input, member)?;
    check_name(text, member)?;
    Ok(text)
}

/// An id that has to be there.
pub fn id<'a>(input: Input<'a>, member: &str) -> Result<&'a str, ApiError> {
    let text = required(input, member)?;
    check_id(text, member)?;
    Ok(text)
}

/// One of the words of an enum, which has to be there.
pub fn word<'a>(input: Input<'a>, member: &str, words: &[&str]) -> Result<&'a str, ApiError> {
    required(input, member)?;
    let word = input.word(member, words).map_err(as_validation)?;
    Ok(word.unwrap_or_default())
}

/// The pipeline of this name, with its position.
pub fn pipeline<'a>(region: &'a Region, name: &str) -> Result<(usize, &'a Pipeline), ApiError> {
    region.codepipeline.pipeline(name).ok_or_else(|| {
        let account = &region.ecs.place.account;
        ApiError::new(
            "PipelineNotFoundException",
            format!("Account '{account}' does not have a pipeline with name '{name}'"),
        )
    })
}

/// The position of a stage of a pipeline.
pub fn stage(pipeline: &Pipeline, name: &str) -> Result<usize, ApiError> {
    pipeline.stage(name).ok_or_else(|| {
        ApiError::new(
            "StageNotFoundException",
            format!(
                "Stage with name '{name}' was not found in pipeline '{}'",
                pipeline.name
            ),
        )
    })
}

/// An execution of a pipeline.
pub fn execution(position: usize, pipeline: &Pipeline, id: &str) -> Result<ExecutionKey, ApiError> {
    let found = pipeline.execution(id).map(|(execution, _)| ExecutionKey {
        pipeline: position,
        execution,
    });
    found.ok_or_else(|| {
        ApiError::new(
            "PipelineExecutionNotFoundException",
            format!(
                "Pipeline '{}' does not have an execution with id '{id}'",
                pipeline.name
            ),
        )
    })
}

/// The ARN of everybody who calls: the person on call, as STS says too.
pub fn caller(place: &Place) -> String {
    caller_arn(&place.account)
}

/// One page of a list: results usually and at most, and the items with their keys.
pub fn page(
    input: Input<'_>,
    name: &str,
    bounds: (i64, i64),
    order: Order,
    items: impl IntoIterator<Item = (String, Value)>,
) -> Answer {
    // A number out of bounds and a bad token have the same code there, and not here.
    let size = input.integer_within("maxResults", 1, bounds.1);
    size.map_err(as_validation)?;
    if let Some(token) = input.string("nextToken")? {
        check_length(token, "nextToken", 1, 2048)?;
    }
    page::page_of(input, name, bounds, order, items).map_err(|error| {
        if error.code == "InvalidParameterException" {
            ApiError::new("InvalidNextTokenException", "The next token is invalid")
        } else {
            error
        }
    })
}
