//! Where a field is.

use super::Value;
use super::json::{Elements, Members};

/// The path of a field: names with dots between them, `$.` in front or not, such as `user.id`. A
/// number picks an element of a list. A name that has dots itself, such as `log.level`, is found as
/// it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(String);

impl FieldPath {
    /// Takes a path as it was typed; `None` when it names nothing.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let path = text
            .strip_prefix("$.")
            .or(text.strip_prefix('.'))
            .unwrap_or(text);
        let broken = path.is_empty() || path.contains(char::is_whitespace);
        (!broken).then(|| Self(path.to_owned()))
    }

    /// The path without `$.` in front.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The value at a path of an object, the first one that fits.
pub fn in_object<'a>(object: &'a str, path: &str) -> Option<Value<'a>> {
    Members::of(object).find_map(|(key, value)| {
        let rest = path.strip_prefix(key.as_ref())?;
        if rest.is_empty() {
            return Some(value);
        }
        in_value(&value, rest.strip_prefix('.')?)
    })
}

fn in_value<'a>(value: &Value<'a>, path: &str) -> Option<Value<'a>> {
    match value {
        Value::Object(object) => in_object(object, path),
        Value::List(list) => {
            let (number, rest) = path.split_once('.').unwrap_or((path, ""));
            let element = Elements::of(list).nth(number.parse().ok()?)?;
            if rest.is_empty() {
                Some(element)
            } else {
                in_value(&element, rest)
            }
        }
        _ => None,
    }
}
