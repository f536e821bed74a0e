//! Task definitions: families and their revisions.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::sim::clock::SimTime;

/// One container of a task definition, as far as the engine needs to know it.
#[derive(Clone, Debug)]
pub struct ContainerSpec {
    /// Unique within the task definition.
    pub name: String,
    /// As it was registered.
    pub image: String,
    /// Whether its exit stops the task.
    pub essential: bool,
    /// Its health check, if it has one.
    pub health_check: Option<HealthCheck>,
    /// Where its output goes when its log driver is awslogs.
    pub logs: Option<LogTarget>,
}

/// A container health check, in whole seconds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    /// Between two checks; ECS takes 5 to 300 and defaults to 30.
    pub interval: u32,
    /// Checks in a row that may fail; ECS takes 1 to 10 and defaults to 3.
    pub retries: u32,
    /// Grace at the start; ECS takes 0 to 300 and defaults to 0.
    pub start_period: u32,
}

/// The awslogs options of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogTarget {
    /// The log group.
    pub group: String,
    /// The start of the stream's name, `prefix/container/task-id`.
    pub prefix: String,
}

/// One revision of a family.
#[derive(Clone, Debug)]
pub struct TaskDefinition {
    /// The family.
    pub family: String,
    /// Counts from 1.
    pub revision: u32,
    /// `…:task-definition/family:revision`
    pub arn: String,
    /// What was registered, with the defaults of ECS filled in.
    pub members: Map<String, Value>,
    /// What the engine reads of `containerDefinitions`.
    pub containers: Vec<ContainerSpec>,
    /// When it was registered.
    pub registered_at: SimTime,
    /// When it was deregistered; a revision with this is INACTIVE.
    pub deregistered_at: Option<SimTime>,
    /// Its tags, a list of `{key, value}`.
    pub tags: Vec<Value>,
}

impl TaskDefinition {
    /// Whether new services and tasks may use it.
    pub fn is_active(&self) -> bool {
        self.deregistered_at.is_none()
    }

    /// `family:revision`
    pub fn short_name(&self) -> String {
        format!("{}:{}", self.family, self.revision)
    }

    /// A string member, such as `cpu`.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }
}

/// Every family of a region.
#[derive(Clone, Debug, Default)]
pub struct TaskDefinitions {
    families: BTreeMap<String, BTreeMap<u32, Arc<TaskDefinition>>>,
}

impl TaskDefinitions {
    /// The revision that the next registration of `family` gets.
    pub fn next_revision(&self, family: &str) -> u32 {
        self.families
            .get(family)
            .and_then(|revisions| revisions.keys().next_back())
            .map_or(1, |last| last.saturating_add(1))
    }

    /// Adds or replaces a revision.
    pub fn insert(&mut self, definition: TaskDefinition) -> Arc<TaskDefinition> {
        let shared = Arc::new(definition);
        self.families
            .entry(shared.family.clone())
            .or_default()
            .insert(shared.revision, Arc::clone(&shared));
        shared
    }

    /// The revision that `family:revision` names, or the newest ACTIVE one of `family`.
    pub fn find(&self, name: &str) -> Option<&Arc<TaskDefinition>> {
        match name.split_once(':') {
            Some((family, revision)) => self
                .families
                .get(family)?
                .get(&revision.parse::<u32>().ok()?),
            None => self
                .families
                .get(name)?
                .values()
                .rev()
                .find(|one| one.is_active()),
        }
    }

    /// Marks a revision INACTIVE and gives its new state.
    pub fn deregister(&mut self, name: &str, at: SimTime) -> Option<Arc<TaskDefinition>> {
        let mut changed = TaskDefinition::clone(self.find(name)?);
        if changed.deregistered_at.is_none() {
            changed.deregistered_at = Some(at);
        }
        Some(self.insert(changed))
    }

    /// Families in order of name, with their revisions from the oldest.
    pub fn families(&self) -> impl Iterator<Item = (&str, &BTreeMap<u32, Arc<TaskDefinition>>)> {
        self.families
            .iter()
            .map(|(name, revisions)| (name.as_str(), revisions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(family: &str, revision: u32) -> TaskDefinition {
        TaskDefinition {
            family: family.to_owned(),
            revision,
            arn: format!("{family}:{revision}"),
            members: Map::new(),
            containers: Vec::new(),
            registered_at: SimTime(0),
            deregistered_at: None,
            tags: Vec::new(),
        }
    }

    #[test]
    fn a_family_alone_means_its_newest_active_revision() {
        let mut all = TaskDefinitions::default();
        all.insert(definition("web", 1));
        all.insert(definition("web", 2));
        assert_eq!(all.find("web").unwrap().revision, 2);
        all.deregister("web:2", SimTime(5)).unwrap();
        assert_eq!(all.find("web").unwrap().revision, 1);
        assert_eq!(all.find("web:2").unwrap().deregistered_at, Some(SimTime(5)));
        assert_eq!(all.next_revision("web"), 3);
        assert_eq!(all.next_revision("other"), 1);
    }

    #[test]
    fn names_that_mean_nothing_find_nothing() {
        let mut all = TaskDefinitions::default();
        all.insert(definition("web", 1));
        assert!(all.find("web:9").is_none());
        assert!(all.find("web:x").is_none());
        assert!(all.find("other").is_none());
    }
}
