//! The fields of JSON and logfmt lines, read in place: a line is never parsed into a tree.

mod json;
mod logfmt;
mod path;
mod pretty;

use std::borrow::Cow;

pub use path::FieldPath;
pub use pretty::{Bounds, pretty};

#[cfg(test)]
mod tests;

/// A field's value as it stands in the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A text, without its escapes.
    Text(Cow<'a, str>),
    /// A number as it was written.
    Number(&'a str),
    /// `true` or `false`.
    Flag(bool),
    /// `null`.
    Null,
    /// An object as it was written.
    Object(&'a str),
    /// A list as it was written.
    List(&'a str),
}

impl Value<'_> {
    /// The value as a person reads it: a text without quotation marks, an object as it was written.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(text) | Self::Object(text) | Self::List(text) => text,
            Self::Flag(true) => "true",
            Self::Flag(false) => "false",
            Self::Null => "null",
        }
    }

    /// The value as a number, of a text that is one too.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(text) => text.parse().ok(),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

/// The fields of a line in their order: the members of a JSON object, or the pairs of a logfmt line.
/// A line without fields has none, and one that breaks off has those before the break.
pub fn fields(message: &str) -> Vec<(Cow<'_, str>, Value<'_>)> {
    if is_json(message) {
        members(message).collect()
    } else {
        logfmt::pairs(message).collect()
    }
}

/// Whether a line is a JSON object, by its first sign.
pub fn is_json(message: &str) -> bool {
    message.trim_start().starts_with('{')
}

/// The members of a JSON object, up to where it is malformed.
pub(super) fn members(text: &str) -> json::Members<'_> {
    json::Members::of(text)
}

/// The value at a path: of a member of JSON objects inside each other, or of a logfmt key.
pub fn find<'a>(message: &'a str, path: &FieldPath) -> Option<Value<'a>> {
    if !may_have(message, path) {
        return None;
    }
    if is_json(message) {
        return path::in_object(message, path.as_str());
    }
    let mut pairs = logfmt::pairs(message);
    pairs.find_map(|(key, value)| (key == path.as_str()).then_some(value))
}

/// Whether the first name of a path is anywhere in a line, or may be there in escapes. Most lines of
/// a million are passed over by this alone.
fn may_have(message: &str, path: &FieldPath) -> bool {
    let name = path.as_str().split('.').next().unwrap_or_default();
    message.contains(name) || message.contains('\\')
}

/// The line reduced to chosen fields, `key=value` in the order of the choice; `None` when it has
/// none of them.
pub fn reduce(message: &str, paths: &[FieldPath]) -> Option<String> {
    let found = paths.iter().filter_map(|path| {
        let value = find(message, path)?;
        Some(format!("{}={}", path.as_str(), value.text()))
    });
    let parts: Vec<String> = found.collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
