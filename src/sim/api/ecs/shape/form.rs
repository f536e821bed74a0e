//! Values of forms, which are all strings, as the types that a shape wants.

use serde_json::{Map, Value};

use super::{Member, Shape};

/// The members of a form with the types of their shapes. What isn't of its type stays as it is,
/// and is refused where types are checked.
pub fn typed(given: &Map<String, Value>, members: &[Member]) -> Map<String, Value> {
    given
        .iter()
        .map(|(name, value)| {
            let member = members.iter().find(|member| member.name == name);
            let value = member.map_or_else(|| value.clone(), |one| convert(value, &one.shape));
            (name.clone(), value)
        })
        .collect()
}

fn convert(value: &Value, shape: &Shape) -> Value {
    let converted = match (shape, value) {
        (Shape::Structure(members), Value::Object(given)) => {
            Some(Value::Object(typed(given, members)))
        }
        (Shape::List(inner), Value::Array(items)) => {
            Some(items.iter().map(|item| convert(item, inner)).collect())
        }
        // An empty list is written as a name without a value.
        (Shape::List(_), Value::String(text)) if text.is_empty() => Some(Value::Array(Vec::new())),
        (Shape::Whole, Value::String(text)) => text.parse::<i64>().ok().map(Value::from),
        (Shape::Number, Value::String(text)) => text.parse::<f64>().ok().map(Value::from),
        (Shape::Flag, Value::String(text)) => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    converted.unwrap_or_else(|| value.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::may;
    use super::*;

    #[test]
    fn texts_become_what_their_shapes_want() {
        const INNER: &[Member] = &[may("Weight", Shape::Whole)];
        const SHAPE: &[Member] = &[
            may("Port", Shape::Whole),
            may("Share", Shape::Number),
            may("Enabled", Shape::Flag),
            may("Names", Shape::List(&Shape::Text)),
            may("Empty", Shape::List(&Shape::Text)),
            may("Groups", Shape::List(&Shape::Structure(INNER))),
        ];
        let form = json!({
            "Port": "80", "Share": "1.5", "Enabled": "true", "Names": ["1"], "Empty": "",
            "Groups": [{"Weight": "10"}], "Other": "1",
        });
        assert_eq!(
            Value::Object(typed(form.as_object().unwrap(), SHAPE)),
            json!({
                "Port": 80, "Share": 1.5, "Enabled": true, "Names": ["1"], "Empty": [],
                "Groups": [{"Weight": 10}], "Other": "1",
            })
        );
        let wrong = json!({"Port": "eighty"});
        assert_eq!(
            Value::Object(typed(wrong.as_object().unwrap(), SHAPE)),
            wrong
        );
    }
}
