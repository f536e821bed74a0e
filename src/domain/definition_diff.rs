//! What differs between two revisions of a task definition, as far as a release is judged by it.

use std::collections::BTreeMap;

use super::task_definition::{ContainerDefinition, TaskDefinition};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Only the new one has it.
    Added {
        /// What it is, such as `env RETRY_MAX of app`.
        what: String,
    },
    /// Only the old one has it.
    Removed {
        /// What it was.
        what: String,
    },
    /// Both have it, and it is not the same.
    Changed {
        /// What it is.
        what: String,
        /// The old and the new value; `None` where they are not to be shown.
        values: Option<(String, String)>,
    },
}

impl Difference {
    /// The difference in a few words, `arrow` standing between the old and the new value.
    pub fn sentence(&self, arrow: &str) -> String {
        match self {
            Self::Added { what } => format!("+ {what}"),
            Self::Removed { what } => format!("- {what}"),
            Self::Changed {
                what,
                values: Some((old, new)),
            } => format!("{what} {old} {arrow} {new}"),
            Self::Changed { what, values: None } => format!("{what} changed"),
        }
    }
}

/// Everything that differs: first the images, then the other facts of the containers, then those of
/// the task.
pub fn differences(old: &TaskDefinition, new: &TaskDefinition) -> Vec<Difference> {
    let mut found = Vec::new();
    let one = old.containers.len() == 1 && new.containers.len() == 1;
    for container in &new.containers {
        match named(old, &container.name) {
            Some(before) => compare(&mut found, before, container, one),
            None => found.push(Difference::Added {
                what: format!("container {}, image {}", container.name, container.image),
            }),
        }
    }
    for container in &old.containers {
        if named(new, &container.name).is_none() {
            found.push(Difference::Removed {
                what: format!("container {}", container.name),
            });
        }
    }
    optional(&mut found, "task cpu", old.cpu.as_ref(), new.cpu.as_ref());
    optional(
        &mut found,
        "task memory",
        old.memory.as_ref(),
        new.memory.as_ref(),
    );
    optional(
        &mut found,
        "network mode",
        old.network_mode.as_ref(),
        new.network_mode.as_ref(),
    );
    let role = |role: &Option<String>| role.as_deref().map(short_role);
    optional(
        &mut found,
        "task role",
        role(&old.task_role).as_ref(),
        role(&new.task_role).as_ref(),
    );
    optional(
        &mut found,
        "execution role",
        role(&old.execution_role).as_ref(),
        role(&new.execution_role).as_ref(),
    );
    found.sort_by_key(|difference| match difference {
        Difference::Changed { what, .. } => !what.starts_with("image"),
        _ => true,
    });
    found
}

fn named<'a>(definition: &'a TaskDefinition, name: &str) -> Option<&'a ContainerDefinition> {
    let mut containers = definition.containers.iter();
    containers.find(|container| container.name == name)
}

fn short_role(role: &str) -> String {
    role.rsplit('/').next().unwrap_or(role).to_owned()
}

/// The facts of a container. With only one container its name would say nothing.
fn compare(
    found: &mut Vec<Difference>,
    old: &ContainerDefinition,
    new: &ContainerDefinition,
    only: bool,
) {
    let of = if only {
        String::new()
    } else {
        format!(" of {}", new.name)
    };
    let text = |n: i32| n.to_string();
    images(found, &of, &old.image, &new.image);
    environment(found, &of, &old.environment, &new.environment);
    secrets(found, &of, &old.secrets, &new.secrets);
    changed(found, &format!("cpu{of}"), &text(old.cpu), &text(new.cpu));
    optional(
        found,
        &format!("memory{of}"),
        old.memory.map(text).as_ref(),
        new.memory.map(text).as_ref(),
    );
    optional(
        found,
        &format!("memory reservation{of}"),
        old.memory_reservation.map(text).as_ref(),
        new.memory_reservation.map(text).as_ref(),
    );
    let ports = |ports: &[u16]| {
        let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
        ports.join("+")
    };
    changed(
        found,
        &format!("ports{of}"),
        &ports(&old.ports),
        &ports(&new.ports),
    );
    if old.command != new.command {
        hidden(found, format!("command{of}"));
    }
    let yes = |is: bool| if is { "yes" } else { "no" };
    changed(
        found,
        &format!("essential{of}"),
        yes(old.essential),
        yes(new.essential),
    );
    changed(
        found,
        &format!("health check{of}"),
        yes(old.health_check),
        yes(new.health_check),
    );
    if old.logs != new.logs {
        hidden(found, format!("log configuration{of}"));
    }
}

/// Where only the tag moved, only the tags are told.
fn images(found: &mut Vec<Difference>, of: &str, old: &str, new: &str) {
    let split = |image: &str| -> (String, String) {
        let name = image.rfind('/').map_or(0, |slash| slash + 1);
        let tag = image
            .get(name..)
            .and_then(|rest| rest.find(['@', ':']))
            .map(|at| name + at);
        match tag.and_then(|at| image.split_at_checked(at)) {
            Some((name, tag)) => (name.to_owned(), tag.chars().skip(1).collect()),
            None => (image.to_owned(), "latest".to_owned()),
        }
    };
    let ((old_name, old_tag), (new_name, new_tag)) = (split(old), split(new));
    if old_name == new_name {
        changed(found, &format!("image{of}"), &old_tag, &new_tag);
    } else {
        changed(found, &format!("image{of}"), old, new);
    }
}

/// Values can be secret by mistake: only those that cannot be are told.
fn environment(
    found: &mut Vec<Difference>,
    of: &str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) {
    for (name, value) in new {
        let what = format!("env {name}{of}");
        match old.get(name) {
            None => found.push(Difference::Added { what }),
            Some(before) if before == value => {}
            Some(before) if is_harmless(before) && is_harmless(value) => {
                changed(found, &what, before, value);
            }
            Some(_) => hidden(found, what),
        }
    }
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        found.push(Difference::Removed {
            what: format!("env {name}{of}"),
        });
    }
}

/// Whether a value is a small number, a switch or a log level: no secret is as short as these.
fn is_harmless(value: &str) -> bool {
    const WORDS: [&str; 12] = [
        "true", "false", "on", "off", "yes", "no", "trace", "debug", "info", "warn", "warning",
        "error",
    ];
    let number = (1..=4).contains(&value.len()) && value.chars().all(|c| c.is_ascii_digit());
    number || WORDS.contains(&value.to_ascii_lowercase().as_str())
}

fn secrets(
    found: &mut Vec<Difference>,
    of: &str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) {
    for (name, from) in new {
        let what = format!("secret {name}{of}");
        match old.get(name) {
            None => found.push(Difference::Added { what }),
            Some(before) if before != from => hidden(found, what),
            Some(_) => {}
        }
    }
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        found.push(Difference::Removed {
            what: format!("secret {name}{of}"),
        });
    }
}

fn hidden(found: &mut Vec<Difference>, what: String) {
    found.push(Difference::Changed { what, values: None });
}

fn changed(found: &mut Vec<Difference>, what: &str, old: &str, new: &str) {
    if old != new {
        found.push(Difference::Changed {
            what: what.to_owned(),
            values: Some((old.to_owned(), new.to_owned())),
        });
    }
}

fn optional(found: &mut Vec<Difference>, what: &str, old: Option<&String>, new: Option<&String>) {
    match (old, new) {
        (Some(old), Some(new)) => changed(found, what, old, new),
        (None, Some(new)) => found.push(Difference::Added {
            what: format!("{what} {new}"),
        }),
        (Some(old), None) => found.push(Difference::Removed {
            what: format!("{what} {old}"),
        }),
        (None, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::arn::TaskDefinitionArn;
    use crate::domain::task_definition::LogDestination;

    fn container(image: &str, environment: &[(&str, &str)]) -> ContainerDefinition {
        ContainerDefinition {
            name: "app".into(),
            image: image.into(),
            essential: true,
            cpu: 0,
            memory: Some(512),
            memory_reservation: None,
            environment: environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            secrets: BTreeMap::new(),
            ports: vec![8080],
            command: Vec::new(),
            health_check: false,
            logs: LogDestination::None,
        }
    }

    fn definition(containers: Vec<ContainerDefinition>) -> TaskDefinition {
        TaskDefinition {
            arn: TaskDefinitionArn::new("arn:aws:ecs:r:1:task-definition/shop:1"),
            status: "ACTIVE".into(),
            cpu: Some("256".into()),
            memory: Some("512".into()),
            network_mode: Some("awsvpc".into()),
            task_role: Some("arn:aws:iam::1:role/shop".into()),
            execution_role: None,
            containers,
            registered_at: None,
            registered_by: None,
            deregistered_at: None,
        }
    }

    fn told(old: &TaskDefinition, new: &TaskDefinition) -> Vec<String> {
        differences(old, new)
            .iter()
            .map(|difference| difference.sentence("→"))
            .collect()
    }

    #[test]
    fn equal_definitions_do_not_differ() {
        let one = definition(vec![container("shop:1", &[("A", "1")])]);
        assert!(told(&one, &one).is_empty());
    }

    #[test]
    fn the_image_comes_first_and_by_its_tag() {
        let registry = "1.dkr.ecr.eu-west-1.amazonaws.com:443/team/shop";
        let old = definition(vec![container(
            &format!("{registry}:1f3c"),
            &[("RETRY_MAX", "3")],
        )]);
        let mut new = definition(vec![container(
            &format!("{registry}:9be0"),
            &[("RETRY_MAX", "5")],
        )]);
        new.memory = Some("1024".into());
        assert_eq!(
            told(&old, &new),
            [
                "image 1f3c → 9be0",
                "env RETRY_MAX 3 → 5",
                "task memory 512 → 1024"
            ]
        );
    }

    #[test]
    fn values_that_could_be_secret_are_not_told() {
        let old = definition(vec![container(
            "shop:1",
            &[("TOKEN", "abc"), ("PIN", "12345678")],
        )]);
        let new = definition(vec![container(
            "shop:1",
            &[("TOKEN", "abd"), ("PIN", "12345679")],
        )]);
        assert_eq!(told(&old, &new), ["env PIN changed", "env TOKEN changed"]);
    }

    #[test]
    fn what_comes_and_goes_is_told() {
        let old = definition(vec![container("shop:1", &[("OLD", "x")])]);
        let mut sidecar = container("proxy@sha256:00", &[]);
        sidecar.name = "proxy".into();
        let mut new = definition(vec![container("shop:1", &[("NEW", "y")]), sidecar]);
        new.task_role = None;
        new.execution_role = Some("arn:aws:iam::1:role/exec".into());
        assert_eq!(
            told(&old, &new),
            [
                "+ env NEW of app",
                "- env OLD of app",
                "+ container proxy, image proxy@sha256:00",
                "- task role shop",
                "+ execution role exec",
            ]
        );
    }
}
