//! Typed access to the JSON input of an operation.

use serde_json::{Map, Value};

use super::ApiError;

/// The JSON object that a client sent, with the checks that AWS makes on each member.
///
/// A member that is `null` counts as absent. A member of the wrong JSON type is a
/// `SerializationException`, and a required member that is absent an
/// `InvalidParameterException`.
#[derive(Copy, Clone, Debug)]
pub struct Input<'a> {
    members: Option<&'a Map<String, Value>>,
}

impl<'a> Input<'a> {
    /// Reads `value`, which must be an object or null.
    pub fn new(value: &'a Value) -> Result<Self, ApiError> {
        match value {
            Value::Null => Ok(Self { members: None }),
            Value::Object(members) => Ok(Self {
                members: Some(members),
            }),
            other => Err(wrong_type(other, "a structure")),
        }
    }

    /// The raw value of a member that is there and not null.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        self.members
            .and_then(|members| members.get(name))
            .filter(|value| !value.is_null())
    }

    /// Whether the member is there and not null.
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// A string, if it is there.
    pub fn string(&self, name: &str) -> Result<Option<&'a str>, ApiError> {
        self.value(name).map(as_string).transpose()
    }

    /// A string that must be there and not be empty.
    pub fn required_string(&self, name: &str) -> Result<&'a str, ApiError> {
        match self.string(name)? {
            Some("") => Err(ApiError::invalid_parameter(constraint(
                "",
                name,
                "Member must have length greater than or equal to 1",
            ))),
            Some(text) => Ok(text),
            None => Err(missing(name)),
        }
    }

    /// One of the words of an enum, if it is there.
    pub fn word(&self, name: &str, words: &[&str]) -> Result<Option<&'a str>, ApiError> {
        let Some(text) = self.string(name)? else {
            return Ok(None);
        };
        if words.contains(&text) {
            return Ok(Some(text));
        }
        let rule = format!("Member must satisfy enum value set: [{}]", words.join(", "));
        Err(ApiError::invalid_parameter(constraint(text, name, &rule)))
    }

    /// A whole number, if it is there.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.value(name)
            .map(|value| {
                value
                    .as_i64()
                    .ok_or_else(|| wrong_type(value, "an Integer"))
            })
            .transpose()
    }

    /// A whole number within `low..=high`, if it is there.
    pub fn integer_within(&self, name: &str, low: i64, high: i64) -> Result<Option<i64>, ApiError> {
        let Some(number) = self.integer(name)? else {
            return Ok(None);
        };
        let rule = if number < low {
            format!("Member must have value greater than or equal to {low}")
        } else if number > high {
            format!("Member must have value less than or equal to {high}")
        } else {
            return Ok(Some(number));
        };
        Err(ApiError::invalid_parameter(constraint(
            &number.to_string(),
            name,
            &rule,
        )))
    }

    /// True or false, if it is there.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.value(name)
            .map(|value| {
                value
                    .as_bool()
                    .ok_or_else(|| wrong_type(value, "a Boolean"))
            })
            .transpose()
    }

    /// A list, if it is there.
    pub fn list(&self, name: &str) -> Result<Option<&'a [Value]>, ApiError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(other) => Err(wrong_type(other, "a List")),
        }
    }

    /// A list of strings; empty when it is absent.
    pub fn strings(&self, name: &str) -> Result<Vec<&'a str>, ApiError> {
        self.list(name)?
            .unwrap_or_default()
            .iter()
            .map(as_string)
            .collect()
    }

    /// A list of structures; empty when it is absent.
    pub fn structures(&self, name: &str) -> Result<Vec<Input<'a>>, ApiError> {
        self.list(name)?
            .unwrap_or_default()
            .iter()
            .map(Input::new)
            .collect()
    }

    /// A structure, if it is there.
    pub fn structure(&self, name: &str) -> Result<Option<Input<'a>>, ApiError> {
        self.value(name).map(Input::new).transpose()
    }

    /// Every member as it was sent; none when the input was null.
    pub fn members(&self) -> Option<&'a Map<String, Value>> {
        self.members
    }

    /// The members that are there and not null, in the order in which the client sent them.
    pub fn entries(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.members
            .into_iter()
            .flatten()
            .filter(|(_, value)| !value.is_null())
    }
}

/// The message of AWS for one value that breaks a rule of the service model.
pub fn constraint(value: &str, name: &str, rule: &str) -> String {
    format!(
        "1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: {rule}"
    )
}

/// The error of AWS for a required member that is absent.
pub fn missing(name: &str) -> ApiError {
    ApiError::invalid_parameter(format!(
        "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
    ))
}

fn as_string(value: &Value) -> Result<&str, ApiError> {
    value.as_str().ok_or_else(|| wrong_type(value, "a String"))
}

fn wrong_type(value: &Value, wanted: &str) -> ApiError {
    let found = match value {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "START_ARRAY",
        Value::Object(_) => "START_OBJECT",
    };
    ApiError::serialization(format!("{found} can not be converted to {wanted}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn wrong_types_are_serialization_errors() {
        let value = json!({"name": 1, "count": "x", "on": "yes", "list": {}, "names": [1]});
        let input = Input::new(&value).unwrap();
        for error in [
            input.string("name").unwrap_err(),
            input.integer("count").unwrap_err(),
            input.boolean("on").unwrap_err(),
            input.list("list").unwrap_err(),
            input.strings("names").unwrap_err(),
            Input::new(&json!([])).unwrap_err(),
        ] {
            assert_eq!(error.code, "SerializationException");
        }
    }

    #[test]
    fn null_is_absent_and_required_members_are_named() {
        let value = json!({"cluster": null, "empty": ""});
        let input = Input::new(&value).unwrap();
        assert_eq!(input.string("cluster"), Ok(None));
        assert!(!input.has("cluster"));
        let error = input.required_string("cluster").unwrap_err();
        assert!(error.message.contains("Value null at 'cluster'"), "{error}");
        assert!(input.required_string("empty").is_err());
    }

    #[test]
    fn numbers_and_words_keep_within_their_bounds() {
        let value = json!({"limit": 51, "zero": 0, "order": "Size"});
        let input = Input::new(&value).unwrap();
        assert!(input.integer_within("limit", 1, 50).is_err());
        assert!(input.integer_within("zero", 1, 50).is_err());
        assert_eq!(input.integer_within("limit", 1, 51), Ok(Some(51)));
        let error = input.word("order", &["Name", "Time"]).unwrap_err();
        assert!(error.message.ends_with("[Name, Time]"), "{error}");
    }
}
