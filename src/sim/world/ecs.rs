//! The state of ECS in one account and region.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::arn::{Place, is_arn, last_part};
use super::behaviour::{Behaviour, ImageRule};
use super::cluster::Cluster;
use super::engine::Event;
use super::engine::act::Action;
use super::ids::{ClusterNumber, ServiceNumber, TaskNumber};
use super::queue::Queue;
use super::service::Service;
use super::shift::hook::LambdaRule;
use super::task::{Task, TaskStatus};
use super::task_definition::TaskDefinitions;
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;

/// Everything that ECS knows in one account and region, and what will happen there.
#[derive(Clone, Debug)]
pub struct Ecs {
    /// Where this is.
    pub place: Place,
    /// The moment up to which everything has happened.
    pub now: SimTime,
    /// Decides ids and jitter.
    pub rng: Rng,
    /// Clusters by number.
    pub clusters: BTreeMap<ClusterNumber, Cluster>,
    /// The names of the clusters.
    pub cluster_names: BTreeMap<String, ClusterNumber>,
    /// Services by number.
    pub services: BTreeMap<ServiceNumber, Service>,
    /// Tasks by number, stopped ones too until they are forgotten.
    pub tasks: BTreeMap<TaskNumber, Task>,
    /// The private addresses of the tasks that have not stopped, by service.
    pub addresses: HashSet<(ServiceNumber, String)>,
    /// The ids of the tasks.
    pub task_ids: HashMap<String, TaskNumber>,
    /// Task definitions.
    pub task_definitions: TaskDefinitions,
    /// What a scenario says about images, by the name of the image.
    pub images: BTreeMap<String, ImageRule>,
    /// What a scenario says about Lambda functions, by their names.
    pub lambdas: BTreeMap<String, LambdaRule>,
    /// What a scenario lets people do, by position.
    pub actions: Vec<Action>,
    /// What will happen.
    pub queue: Queue<Event>,
    next_number: u32,
}

impl Ecs {
    /// An empty ECS. `seed` decides its ids and jitter, together with the place.
    pub fn new(place: Place, seed: u64, now: SimTime) -> Self {
        let text = format!("{}/{}", place.account, place.region);
        Self {
            rng: Rng::new(seed ^ fingerprint(&text)),
            place,
            now,
            clusters: BTreeMap::new(),
            cluster_names: BTreeMap::new(),
            services: BTreeMap::new(),
            tasks: BTreeMap::new(),
            addresses: HashSet::new(),
            task_ids: HashMap::new(),
            task_definitions: TaskDefinitions::default(),
            images: BTreeMap::new(),
            lambdas: BTreeMap::new(),
            actions: Vec::new(),
            queue: Queue::default(),
            next_number: 0,
        }
    }

    /// A number that no other part of this region has.
    pub fn next_number(&mut self) -> u32 {
        self.next_number = self.next_number.wrapping_add(1);
        self.next_number
    }

    /// The cluster that a name or ARN means; without one it is `default`, as in ECS.
    pub fn cluster(&self, name_or_arn: Option<&str>) -> Option<&Cluster> {
        let wanted = name_or_arn.unwrap_or("default");
        let name = if is_arn(wanted) {
            self.place.resource(wanted)?.strip_prefix("cluster/")?
        } else {
            wanted
        };
        self.clusters.get(self.cluster_names.get(name)?)
    }

    /// The service of `cluster` that a name or ARN means. Both forms of ARN work, the one that
    /// names the cluster and the old one that doesn't.
    pub fn service_in(&self, cluster: &Cluster, name_or_arn: &str) -> Option<&Service> {
        let name = if is_arn(name_or_arn) {
            let path = self.place.resource(name_or_arn)?.strip_prefix("service/")?;
            match path.split_once('/') {
                Some((owner, name)) if owner == cluster.name => name,
                Some(_) => return None,
                None => path,
            }
        } else {
            name_or_arn
        };
        self.services.get(cluster.services.get(name)?)
    }

    /// The task of `cluster` that an id or ARN means.
    pub fn task_in(&self, cluster: &Cluster, id_or_arn: &str) -> Option<&Task> {
        if is_arn(id_or_arn) && !self.place.resource(id_or_arn)?.starts_with("task/") {
            return None;
        }
        let number = self.task_ids.get(last_part(id_or_arn))?;
        self.tasks
            .get(number)
            .filter(|task| task.cluster == cluster.number)
    }

    /// Tasks of a service that have not stopped, with what they are.
    pub fn live_tasks<'a>(&'a self, service: &'a Service) -> impl Iterator<Item = &'a Task> {
        service
            .tasks
            .iter()
            .filter_map(|number| self.tasks.get(number))
    }

    /// Running and pending tasks among `tasks`, as ECS counts them.
    pub fn count<'a>(tasks: impl Iterator<Item = &'a Task>) -> (u32, u32) {
        let mut counts = (0u32, 0u32);
        for task in tasks {
            if task.status == TaskStatus::Running {
                counts.0 = counts.0.saturating_add(1);
            } else if task.status.is_pending() {
                counts.1 = counts.1.saturating_add(1);
            }
        }
        counts
    }

    /// How the containers of `image` behave: what the scenario says, or else its tag.
    pub fn image_rule(&self, image: &str) -> ImageRule {
        self.images
            .get(image)
            .cloned()
            .unwrap_or_else(|| ImageRule {
                behaviour: Behaviour::from_image(image),
                message: None,
                log: None,
            })
    }
}

/// A number that stands for a text, the same in every run (FNV-1a with 64 bits).
pub fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
