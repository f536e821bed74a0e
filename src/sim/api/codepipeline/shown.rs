//! Structures of an answer, member by member.

use serde_json::{Map, Value};

/// A structure that is made for an answer.
#[derive(Clone, Debug, Default)]
pub struct Shown(Map<String, Value>);

impl Shown {
    /// Adds a member.
    pub fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Adds a member that has a value.
    pub fn put_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// Adds a text that is there.
    pub fn put_text(&mut self, name: &str, text: Option<&String>) {
        self.put_some(name, text.map(String::as_str));
    }
}

impl From<Shown> for Value {
    fn from(shown: Shown) -> Self {
        Self::Object(shown.0)
    }
}
