//! Task definitions: families and their revisions.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::arn::Place;
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

    /// The images of its containers.
    pub fn images(&self) -> impl Iterator<Item = &str> {
        self.containers.iter().map(|one| one.image.as_str())
    }

    /// A string member, such as `cpu`.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }
}

/// What the engine reads of the `containerDefinitions` in `members`.
pub fn containers(members: &Map<String, Value>) -> Vec<ContainerSpec> {
    let all = members
        .get("containerDefinitions")
        .and_then(Value::as_array);
    all.into_iter().flatten().map(container).collect()
}

/// Whether the exit of a container of `containerDefinitions` stops its task.
pub fn is_essential(container: &Value) -> bool {
    container
        .get("essential")
        .and_then(Value::as_bool)
        .unwrap_or(true)
}

fn container(value: &Value) -> ContainerSpec {
    let check = value.get("healthCheck").filter(|check| {
        // `["NONE"]` switches off the check that the image itself has.
        check.pointer("/command/0").and_then(Value::as_str) != Some("NONE")
    });
    ContainerSpec {
        name: text(value, "name").unwrap_or_default().to_owned(),
        image: text(value, "image").unwrap_or_default().to_owned(),
        essential: is_essential(value),
        health_check: check.map(|check| HealthCheck {
            interval: whole(check, "interval", 30),
            retries: whole(check, "retries", 3),
            start_period: whole(check, "startPeriod", 0),
        }),
        logs: log_target(value),
    }
}

/// Where a container logs, if its driver is awslogs and its options name a stream prefix.
fn log_target(value: &Value) -> Option<LogTarget> {
    let configuration = value.get("logConfiguration")?;
    let option = |name| configuration.get("options")?.get(name)?.as_str();
    if text(configuration, "logDriver") != Some("awslogs") {
        return None;
    }
    Some(LogTarget {
        group: option("awslogs-group")?.to_owned(),
        prefix: option("awslogs-stream-prefix")?.to_owned(),
    })
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn whole(value: &Value, name: &str, usual: u32) -> u32 {
    value
        .get(name)
        .and_then(Value::as_u64)
        .and_then(|number| u32::try_from(number).ok())
        .unwrap_or(usual)
}

/// Every family of a region.
#[derive(Clone, Debug, Default)]
pub struct TaskDefinitions {
    families: BTreeMap<String, BTreeMap<u32, Arc<TaskDefinition>>>,
    first_revisions: BTreeMap<String, u32>,
}

impl TaskDefinitions {
    /// The revision that the next registration of `family` gets.
    pub fn next_revision(&self, family: &str) -> u32 {
        self.families
            .get(family)
            .and_then(|revisions| revisions.keys().next_back())
            .map(|last| last.saturating_add(1))
            .or_else(|| self.first_revisions.get(family).copied())
            .unwrap_or(1)
    }

    /// Adds the next revision of `family`, with members that hold every default already.
    pub fn register(
        &mut self,
        place: &Place,
        family: &str,
        members: Map<String, Value>,
        tags: Vec<Value>,
        at: SimTime,
    ) -> Arc<TaskDefinition> {
        let revision = self.next_revision(family);
        self.insert(TaskDefinition {
            family: family.to_owned(),
            revision,
            arn: place.task_definition(family, revision),
            containers: containers(&members),
            members,
            registered_at: at,
            deregistered_at: None,
            tags,
        })
    }

    /// Lets the next revision of `family` be `revision`, if it has none yet: a scenario begins
    /// in the middle of a history.
    pub fn begin_family(&mut self, family: &str, revision: u32) {
        self.first_revisions
            .entry(family.to_owned())
            .or_insert(revision);
    }

    /// Adds or replaces a revision.
    fn insert(&mut self, definition: TaskDefinition) -> Arc<TaskDefinition> {
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

    fn with(families: &[&str]) -> TaskDefinitions {
        let place = Place::new("123456789012", "eu-west-1");
        let mut all = TaskDefinitions::default();
        for family in families {
            all.register(&place, family, Map::new(), Vec::new(), SimTime(0));
        }
        all
    }

    #[test]
    fn a_family_alone_means_its_newest_active_revision() {
        let mut all = with(&["web", "web"]);
        assert_eq!(all.find("web").unwrap().revision, 2);
        all.deregister("web:2", SimTime(5)).unwrap();
        assert_eq!(all.find("web").unwrap().revision, 1);
        assert_eq!(all.find("web:2").unwrap().deregistered_at, Some(SimTime(5)));
        assert_eq!(all.next_revision("web"), 3);
        assert_eq!(all.next_revision("other"), 1);
        all.begin_family("other", 41);
        assert_eq!(all.next_revision("other"), 41);
    }

    #[test]
    fn names_that_mean_nothing_find_nothing() {
        let all = with(&["web"]);
        assert!(all.find("web:9").is_none());
        assert!(all.find("web:x").is_none());
        assert!(all.find("other").is_none());
    }
}
