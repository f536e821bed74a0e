//! New tasks.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Event, Step, timing};
use crate::sim::rng::Rng;
use crate::sim::world::Region;
use crate::sim::world::ids::{DeploymentNumber, RevisionNumber, ServiceNumber, TaskNumber};
use crate::sim::world::service::Service;
use crate::sim::world::task::{Container, Interface, Task, TaskStatus, TaskTimes};
use crate::sim::world::task_definition::TaskDefinition;

/// Availability zones by the letter at the end of their name.
const ZONES: [char; 3] = ['a', 'b', 'c'];
/// With the most tasks of a service, 5,000 of 16,064 addresses, this is enough.
const MOST_ADDRESS_TRIES: u32 = 64;

/// What a new task belongs to: a deployment or a task set.
struct Origin {
    deployment: DeploymentNumber,
    revision: RevisionNumber,
    started_by: String,
    definition: Arc<TaskDefinition>,
}

/// What a new task of the deployment or task set of this number belongs to.
fn origin(service: &Service, number: DeploymentNumber) -> Option<Origin> {
    if let Some(set) = service.task_set(number) {
        return Some(Origin {
            deployment: set.number,
            revision: set.revision,
            started_by: set.id.clone(),
            definition: Arc::clone(&set.definition),
        });
    }
    let mut all = service.deployments.iter();
    let deployment = all.find(|one| one.number == number)?;
    Some(Origin {
        deployment: deployment.number,
        revision: deployment.revision,
        started_by: deployment.id.clone(),
        definition: Arc::clone(&deployment.definition),
    })
}

impl Region {
    /// Makes a task of a deployment of a service, and lets its life begin.
    pub(super) fn start_task(
        &mut self,
        service: ServiceNumber,
        deployment: DeploymentNumber,
    ) -> Option<TaskNumber> {
        let number = self.new_task(service, deployment)?;
        self.step_after(timing::PROVISION, number, Step::Pull);
        Some(number)
    }

    /// Makes a task of a deployment or task set of a service that nothing happens to yet.
    pub(super) fn new_task(
        &mut self,
        service: ServiceNumber,
        deployment: DeploymentNumber,
    ) -> Option<TaskNumber> {
        let origin = origin(self.ecs.services.get(&service)?, deployment)?;
        let number = TaskNumber(self.ecs.next_number());
        let now = self.ecs.now;
        let owner = self.ecs.services.get(&service)?;
        let cluster = self.ecs.clusters.get(&owner.cluster)?;
        let revision = owner.revision(origin.revision)?;
        let definition = origin.definition;
        let tags = inherited_tags(owner, &definition);
        let rng = &mut self.ecs.rng;
        let id = rng.hex(32);
        let zone = rng.pick(&ZONES).copied().unwrap_or('a');
        let mut interface = interface(&revision.members, &definition, rng);
        if let Some(interface) = &mut interface {
            let taken = &mut self.ecs.addresses;
            claim_address(service, &mut interface.address, taken, rng);
        }
        let containers = containers(&definition, rng);
        let task = Task {
            number,
            arn: self.ecs.place.task(&cluster.name, &id),
            id: id.clone(),
            cluster: cluster.number,
            service,
            deployment: origin.deployment,
            revision: origin.revision,
            started_by: origin.started_by,
            definition,
            status: TaskStatus::Provisioning,
            wanted: true,
            healthy: false,
            containers,
            times: TaskTimes::new(now),
            stop: None,
            zone: format!("{}{zone}", self.ecs.place.region),
            interface,
            version: 1,
            tags,
        };
        self.insert_task(id, task);
        Some(number)
    }

    fn insert_task(&mut self, id: String, mut task: Task) {
        for (container, spec) in task.containers.iter_mut().zip(&task.definition.containers) {
            container.rule = self.ecs.image_rule(&spec.image);
        }
        self.ecs.task_ids.insert(id, task.number);
        if let Some(cluster) = self.ecs.clusters.get_mut(&task.cluster) {
            cluster.tasks.insert(task.number);
        }
        if let Some(service) = self.ecs.services.get_mut(&task.service) {
            service.tasks.insert(task.number);
        }
        self.ecs.tasks.insert(task.number, task);
    }

    /// Forgets a task that stopped an hour ago.
    pub(super) fn forget_task(&mut self, number: TaskNumber) {
        let Some(task) = self.ecs.tasks.remove(&number) else {
            return;
        };
        self.ecs.task_ids.remove(&task.id);
        if let Some(cluster) = self.ecs.clusters.get_mut(&task.cluster) {
            cluster.tasks.remove(&number);
        }
    }

    /// Forgets a task after the hour for which ECS remembers it.
    pub(super) fn forget_task_later(&mut self, number: TaskNumber) {
        self.after(timing::REMEMBERED, Event::ForgetTask(number));
    }
}

fn containers(definition: &TaskDefinition, rng: &mut Rng) -> Vec<Container> {
    let new = |_| Container {
        id: rng.uuid(),
        ..Container::default()
    };
    definition.containers.iter().map(new).collect()
}

/// The network interface that a task gets in the awsvpc network mode.
fn interface(
    members: &Map<String, Value>,
    definition: &TaskDefinition,
    rng: &mut Rng,
) -> Option<Interface> {
    if definition.text("networkMode") != Some("awsvpc") {
        return None;
    }
    let subnets: Vec<&str> = members
        .get("networkConfiguration")
        .and_then(|network| network.pointer("/awsvpcConfiguration/subnets"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let octets = rng.hex(10);
    let pairs: Vec<String> = octets
        .as_bytes()
        .chunks(2)
        .map(|pair| String::from_utf8_lossy(pair).into_owned())
        .collect();
    Some(Interface {
        attachment: rng.uuid(),
        id: format!("eni-0{}", rng.hex(16)),
        mac: format!("0a:{}", pairs.join(":")),
        address: address(rng),
        subnet: match rng.pick(&subnets) {
            Some(subnet) => (*subnet).to_owned(),
            None => format!("subnet-0{}", rng.hex(16)),
        },
    })
}

fn address(rng: &mut Rng) -> String {
    format!("10.0.{}.{}", rng.range(0, 64), rng.range(4, 255))
}

/// Takes an address that no other task of the service has: two targets of a target group would be
/// one. A service has fewer tasks than there are addresses.
fn claim_address(
    service: ServiceNumber,
    wanted: &mut String,
    taken: &mut HashSet<(ServiceNumber, String)>,
    rng: &mut Rng,
) {
    for _ in 0..MOST_ADDRESS_TRIES {
        if taken.insert((service, wanted.clone())) {
            return;
        }
        *wanted = address(rng);
    }
}

/// The tags that a task takes over, from its service or its task definition.
fn inherited_tags(service: &Service, definition: &TaskDefinition) -> Vec<Value> {
    match service.members.get("propagateTags").and_then(Value::as_str) {
        Some("SERVICE") => service.tags.clone(),
        Some("TASK_DEFINITION") => definition.tags.clone(),
        _ => Vec::new(),
    }
}
