//! Pages of lists. The marker of a page is the ARN of the last item of the page before.

use serde_json::{Map, Value, json};

use super::invalid;
use crate::sim::api::{Answer, ApiError, Input};

/// The most items in a page, and how many there are when the client doesn't say.
const MOST: i64 = 400;

/// The page that the client asks for out of `items`, each with its ARN, under `member` of the
/// answer.
pub fn page<T>(
    input: Input<'_>,
    member: &str,
    items: &[T],
    arn: impl Fn(&T) -> &str,
    show: impl Fn(&T) -> Value,
) -> Answer {
    let size = input.integer_within("PageSize", 1, MOST)?.unwrap_or(MOST);
    let size = usize::try_from(size).unwrap_or(1);
    let start = match input.string("Marker")? {
        None | Some("") => 0,
        Some(marker) => after(items, marker, &arn)?,
    };
    let rest = items.get(start..).unwrap_or_default();
    let page = rest.get(..size).unwrap_or(rest);
    let mut answer = Map::new();
    let shown: Vec<Value> = page.iter().map(show).collect();
    answer.insert(member.to_owned(), Value::Array(shown));
    if let Some(last) = page.last().filter(|_| rest.len() > size) {
        answer.insert("NextMarker".to_owned(), json!(arn(last)));
    }
    Ok(Value::Object(answer))
}

fn after<T>(items: &[T], marker: &str, arn: &impl Fn(&T) -> &str) -> Result<usize, ApiError> {
    items
        .iter()
        .position(|item| arn(item) == marker)
        .map(|position| position.saturating_add(1))
        .ok_or_else(|| invalid(format!("The marker '{marker}' is not valid")))
}

/// The items that `wanted` names, in the order of the request; `missing` is the error when one
/// isn't there.
pub fn named<'a, T>(
    wanted: &[&str],
    find: impl Fn(&str) -> Option<&'a T>,
    missing: impl Fn(&str) -> ApiError,
) -> Result<Vec<&'a T>, ApiError> {
    wanted
        .iter()
        .map(|one| find(one).ok_or_else(|| missing(one)))
        .collect()
}
