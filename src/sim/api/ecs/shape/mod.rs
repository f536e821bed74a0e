//! The parts of the ECS service model that clients write and read back: what ECS keeps of a
//! request, and what it refuses.

pub mod cluster;
pub mod container;
pub mod form;
pub mod service;
pub mod task_definition;
pub mod task_set;

use serde_json::{Map, Value};

use crate::sim::api::input::{constraint, missing};
use crate::sim::api::{ApiError, Input};

/// The shape of a value.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A string.
    Text,
    /// A string out of a list.
    Words(&'static [&'static str]),
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// True or false.
    Flag,
    /// A map of strings.
    Texts,
    /// Any JSON.
    Anything,
    /// A list of values of one shape.
    List(&'static Shape),
    /// An object with these members.
    Structure(&'static [Member]),
}

/// A member of a structure.
#[derive(Clone, Debug)]
pub struct Member {
    name: &'static str,
    shape: Shape,
    required: bool,
}

/// A member that may be absent.
pub const fn may(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        shape,
        required: false,
    }
}

/// A member that has to be there.
pub const fn must(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        shape,
        required: true,
    }
}

/// What ECS keeps of a request: members that the model lacks and nulls are left out. A wrong
/// type, an unknown word or an absent required member is an error.
pub fn request(input: Input<'_>, members: &[Member]) -> Result<Map<String, Value>, ApiError> {
    structure(input.members().unwrap_or(&Map::new()), members, "")
}

/// The same for a structure that stands at `path` in its request.
fn structure(
    given: &Map<String, Value>,
    members: &[Member],
    path: &str,
) -> Result<Map<String, Value>, ApiError> {
    let at = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    let mut kept = Map::new();
    for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
        if let Some(member) = members.iter().find(|member| member.name == name) {
            kept.insert(name.clone(), check(value, &member.shape, &at(name))?);
        }
    }
    let absent = members
        .iter()
        .find(|one| one.required && !kept.contains_key(one.name));
    absent.map_or(Ok(kept), |member| Err(missing(&at(member.name))))
}

fn check(value: &Value, shape: &Shape, path: &str) -> Result<Value, ApiError> {
    let fits = match (shape, value) {
        (Shape::Structure(members), Value::Object(given)) => {
            return structure(given, members, path).map(Value::Object);
        }
        (Shape::List(inner), Value::Array(items)) => {
            let items = items.iter().enumerate();
            let kept: Result<Vec<Value>, ApiError> = items
                .map(|(position, item)| check(item, inner, &format!("{path}[{position}]")))
                .collect();
            return kept.map(Value::Array);
        }
        (Shape::Words(words), Value::String(text)) => {
            if !words.contains(&text.as_str()) {
                let rule = format!("Member must satisfy enum value set: [{}]", words.join(", "));
                return Err(ApiError::invalid_parameter(constraint(text, path, &rule)));
            }
            true
        }
        (Shape::Texts, Value::Object(entries)) => entries.values().all(Value::is_string),
        (Shape::Text, Value::String(_))
        | (Shape::Number, Value::Number(_))
        | (Shape::Flag, Value::Bool(_))
        | (Shape::Anything, _) => true,
        (Shape::Whole, Value::Number(number)) => number.is_i64(),
        _ => false,
    };
    if fits {
        Ok(value.clone())
    } else {
        Err(wrong(path, shape.words()))
    }
}

impl Shape {
    fn words(&self) -> &'static str {
        match self {
            Self::Text | Self::Words(_) => "a String",
            Self::Whole => "an Integer",
            Self::Number => "a Number",
            Self::Flag => "a Boolean",
            Self::Texts => "a map of Strings",
            Self::Anything => "a document",
            Self::List(_) => "a List",
            Self::Structure(_) => "a structure",
        }
    }
}

fn wrong(path: &str, wanted: &str) -> ApiError {
    ApiError::serialization(format!(
        "the value at '{path}' can not be converted to {wanted}"
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn register(value: &Value) -> Result<Map<String, Value>, ApiError> {
        let input = Input::new(value).unwrap();
        request(input, task_definition::REGISTER_TASK_DEFINITION_REQUEST)
    }

    #[test]
    fn what_the_model_lacks_is_left_out() {
        let kept = register(&json!({
            "family": "web", "color": "red", "cpu": null,
            "containerDefinitions": [{"name": "app", "image": "web:1", "colour": 1}],
        }));
        assert_eq!(
            Value::Object(kept.unwrap()),
            json!({"family": "web", "containerDefinitions": [{"name": "app", "image": "web:1"}]})
        );
    }

    #[test]
    fn wrong_types_words_and_absences_are_named() {
        let error = register(&json!({"family": 1})).unwrap_err();
        assert_eq!(error.code, "SerializationException");
        let error = register(&json!({"family": "web"})).unwrap_err();
        assert!(error.message.contains("containerDefinitions"), "{error}");
        let error = register(&json!({
            "family": "web", "networkMode": "magic", "containerDefinitions": [],
        }));
        assert_eq!(error.unwrap_err().code, "InvalidParameterException");
        let error = register(&json!({
            "family": "web",
            "containerDefinitions": [{"name": "app", "healthCheck": {"interval": 5}}],
        }));
        assert!(
            error
                .unwrap_err()
                .message
                .contains("containerDefinitions[0].healthCheck.command")
        );
    }
}
