//! How ECS shows what it knows: the output structures of the service model.

pub mod cluster;
pub mod release;
pub mod service;
pub mod shift;
pub mod task;
pub mod task_definition;
pub mod task_set;

use serde_json::{Map, Value};

use crate::sim::clock::SimTime;

/// Puts a moment under `name`, if there is one.
fn put_time(shown: &mut Map<String, Value>, name: &str, at: Option<SimTime>) {
    if let Some(at) = at {
        shown.insert(name.to_owned(), at.json());
    }
}

/// Puts the members of `source` that have these names.
fn put_members(shown: &mut Map<String, Value>, source: &Map<String, Value>, names: &[&str]) {
    for name in names {
        if let Some(value) = source.get(*name) {
            shown.insert((*name).to_owned(), value.clone());
        }
    }
}

/// An object as a map, to add to it.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
