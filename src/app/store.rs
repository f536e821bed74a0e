//! What is known of one context: the last answers, how old they are, and what follows from them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::msg::Data;
use super::query::Query;
use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::domain::cluster::Cluster;
use crate::domain::context::{Context, Identity};
use crate::domain::diagnosis::{Diagnosis, diagnose};
use crate::domain::failure::Failure;
use crate::domain::release::{self, Release};
use crate::domain::remote::Remote;
use crate::domain::service::{Service, ServiceEvent};
use crate::domain::service_deployment::ServiceDeployment;
use crate::domain::task::Task;
use crate::domain::task_definition::TaskDefinition;

/// Stopped tasks that are kept for each service after AWS has forgotten them.
const EVIDENCE_PER_SERVICE: usize = 200;

/// Names the running or the stopped tasks of a service or a cluster.
pub type TaskScope = (ClusterArn, Option<ServiceArn>, bool);

/// Everything known of one context.
#[derive(Clone, Debug)]
pub struct Store {
    /// The context.
    pub context: Context,
    /// Who the calls are made as.
    pub identity: Remote<Identity>,
    /// Clusters with their counts; `None` as a value for one that was only listed.
    pub clusters: BTreeMap<ClusterArn, Remote<Cluster>>,
    /// Services; without a value for one that was only listed.
    pub services: BTreeMap<ServiceArn, Remote<Service>>,
    /// The cluster of each service: the old ARN format does not name it.
    pub cluster_of: HashMap<ServiceArn, ClusterArn>,
    /// ECS's records of the releases of a service.
    pub records: BTreeMap<ServiceArn, Remote<Vec<ServiceDeployment>>>,
    /// The releases of a service, the newest first, made of the two above.
    pub releases: BTreeMap<ServiceArn, Vec<Release>>,
    /// Why the newest release of a service fails.
    pub diagnoses: BTreeMap<ServiceArn, Diagnosis>,
    /// Tasks by scope.
    pub tasks: BTreeMap<TaskScope, Remote<Vec<Task>>>,
    /// Tasks looked at one by one; a value of `None` for one that AWS no longer knows.
    pub single_tasks: BTreeMap<TaskArn, Remote<Option<Task>>>,
    /// Stopped tasks, kept when AWS has forgotten them.
    pub evidence: BTreeMap<ServiceArn, BTreeMap<TaskArn, Task>>,
    /// Revisions of task definitions.
    pub task_definitions: BTreeMap<TaskDefinitionArn, Remote<TaskDefinition>>,
    /// Families of task definitions.
    pub families: BTreeSet<String>,
    /// Revisions of a family, newest first.
    pub revisions: BTreeMap<String, Vec<TaskDefinitionArn>>,
    /// When each question was last answered whole, and what went wrong since.
    pub queries: BTreeMap<Query, Remote<()>>,
    /// Calls in the last minute.
    pub calls_per_minute: usize,
    /// Whether a throttle has slowed some calls down.
    pub slowed: bool,
}

impl Store {
    /// Nothing is known yet.
    pub fn new(context: Context) -> Self {
        Self {
            context,
            identity: Remote::default(),
            clusters: BTreeMap::new(),
            services: BTreeMap::new(),
            cluster_of: HashMap::new(),
            records: BTreeMap::new(),
            releases: BTreeMap::new(),
            diagnoses: BTreeMap::new(),
            tasks: BTreeMap::new(),
            single_tasks: BTreeMap::new(),
            evidence: BTreeMap::new(),
            task_definitions: BTreeMap::new(),
            families: BTreeSet::new(),
            revisions: BTreeMap::new(),
            queries: BTreeMap::new(),
            calls_per_minute: 0,
            slowed: false,
        }
    }

    /// A service, once it has been read.
    pub fn service(&self, arn: &ServiceArn) -> Option<&Service> {
        self.services.get(arn)?.value()
    }

    /// The services of a cluster that have been read, by name.
    pub fn services_of<'a>(&'a self, cluster: &'a ClusterArn) -> impl Iterator<Item = &'a Service> {
        self.services
            .values()
            .filter_map(Remote::value)
            .filter(move |service| service.cluster == *cluster)
    }

    /// ECS's records of a service's releases.
    pub fn records_of(&self, service: &ServiceArn) -> &[ServiceDeployment] {
        self.records
            .get(service)
            .and_then(Remote::value)
            .map_or(&[], Vec::as_slice)
    }

    /// The newest release of a service.
    pub fn newest_release(&self, service: &ServiceArn) -> Option<&Release> {
        self.releases.get(service)?.first()
    }

    /// A revision of a task definition, once it has been read.
    pub fn task_definition(&self, arn: &TaskDefinitionArn) -> Option<&TaskDefinition> {
        self.task_definitions.get(arn)?.value()
    }

    /// A task, wherever it was seen last.
    pub fn task(&self, arn: &TaskArn) -> Option<&Task> {
        if let Some(remote) = self.single_tasks.get(arn)
            && let Some(Some(task)) = remote.value()
        {
            return Some(task);
        }
        let listed = self.tasks.values().filter_map(Remote::value).flatten();
        let kept = self.evidence.values().flat_map(BTreeMap::values);
        listed.chain(kept).find(|task| task.arn == *arn)
    }

    /// Takes in a part of an answer. An answer to an older question changes nothing that a newer one
    /// told.
    pub fn take(&mut self, data: Data, asked_at: Timestamp) {
        match data {
            Data::Identity(identity) => self.identity.succeed(identity, asked_at),
            Data::ClusterArns(arns) => {
                self.clusters.retain(|arn, _| arns.contains(arn));
                for arn in arns {
                    self.clusters.entry(arn).or_default();
                }
            }
            Data::Clusters(clusters) => {
                for cluster in clusters {
                    put(
                        self.clusters.entry(cluster.arn.clone()).or_default(),
                        cluster,
                        asked_at,
                    );
                }
            }
            Data::ServiceArns { cluster, services } => self.list_services(&cluster, services),
            Data::Services { services, missing } => {
                for arn in missing {
                    self.forget_service(&arn);
                }
                for service in services {
                    self.take_service(service, asked_at);
                }
            }
            Data::ServiceDeployments { service, records } => {
                put(
                    self.records.entry(service.clone()).or_default(),
                    records,
                    asked_at,
                );
                self.assemble(&service);
            }
            Data::Tasks {
                cluster,
                service,
                stopped,
                tasks,
            } => {
                self.take_tasks((cluster, service, stopped), tasks, asked_at);
            }
            Data::Task { arn, task } => {
                put(
                    self.single_tasks.entry(arn).or_default(),
                    task.map(|task| *task),
                    asked_at,
                );
            }
            Data::TaskDefinition(definition) => {
                let arn = definition.arn.clone();
                put(
                    self.task_definitions.entry(arn).or_default(),
                    *definition,
                    asked_at,
                );
            }
            Data::Families(families) => self.families.extend(families),
            Data::Revisions { family, revisions } => {
                self.revisions.insert(family, revisions);
            }
            Data::LogLines { .. } => {}
        }
    }

    /// Notes how a question ended. What was read before stays.
    pub fn end(&mut self, query: Query, asked_at: Timestamp, outcome: Result<(), Failure>) {
        let state = self.queries.entry(query).or_default();
        match outcome {
            Ok(()) => state.succeed((), asked_at),
            Err(failure) => state.fail(failure, asked_at),
        }
    }

    fn list_services(&mut self, cluster: &ClusterArn, listed: Vec<ServiceArn>) {
        let listed: BTreeSet<ServiceArn> = listed.into_iter().collect();
        let gone: Vec<ServiceArn> = self
            .cluster_of
            .iter()
            .filter(|(arn, of)| *of == cluster && !listed.contains(*arn))
            .map(|(arn, _)| arn.clone())
            .collect();
        for arn in gone {
            self.forget_service(&arn);
        }
        for arn in listed {
            self.cluster_of.insert(arn.clone(), cluster.clone());
            self.services.entry(arn).or_default();
        }
    }

    fn forget_service(&mut self, arn: &ServiceArn) {
        self.services.remove(arn);
        self.cluster_of.remove(arn);
        self.records.remove(arn);
        self.releases.remove(arn);
        self.diagnoses.remove(arn);
        self.evidence.remove(arn);
    }

    fn take_service(&mut self, service: Service, asked_at: Timestamp) {
        let arn = service.arn.clone();
        self.cluster_of.insert(arn.clone(), service.cluster.clone());
        if put(
            self.services.entry(arn.clone()).or_default(),
            service,
            asked_at,
        ) {
            self.assemble(&arn);
        }
    }

    fn take_tasks(&mut self, scope: TaskScope, tasks: Vec<Task>, asked_at: Timestamp) {
        if let (Some(service), true) = (&scope.1, scope.2) {
            let kept = self.evidence.entry(service.clone()).or_default();
            for task in tasks.iter().filter(|task| task.is_stopped()) {
                kept.insert(task.arn.clone(), task.clone());
            }
            forget_oldest(kept);
        }
        let service = scope.1.clone();
        put(self.tasks.entry(scope).or_default(), tasks, asked_at);
        if let Some(service) = service {
            self.diagnose(&service);
        }
    }

    /// Makes the releases of a service anew.
    fn assemble(&mut self, arn: &ServiceArn) {
        let Some(service) = self.services.get(arn).and_then(Remote::value) else {
            return;
        };
        let records = self
            .records
            .get(arn)
            .and_then(Remote::value)
            .map_or(&[][..], Vec::as_slice);
        let newest = release::current(service, records);
        let earlier = release::past(records, newest.as_ref().map(|release| &release.id));
        let releases = newest.into_iter().chain(earlier).collect();
        self.releases.insert(arn.clone(), releases);
        self.diagnose(arn);
    }

    fn diagnose(&mut self, arn: &ServiceArn) {
        let deployment = self
            .newest_release(arn)
            .and_then(|release| release.new.as_ref())
            .and_then(|side| side.deployment.clone());
        let tasks: Vec<Task> = self
            .evidence
            .get(arn)
            .map(|kept| kept.values().cloned().collect())
            .unwrap_or_default();
        match deployment.and_then(|deployment| diagnose(&tasks, Some(&deployment))) {
            Some(found) => {
                self.diagnoses.insert(arn.clone(), found);
            }
            None => {
                self.diagnoses.remove(arn);
            }
        }
    }

    /// The events of a service, newest first.
    pub fn events_of(&self, service: &ServiceArn) -> &[ServiceEvent] {
        self.service(service)
            .map_or(&[], |service| service.events.as_slice())
    }
}

/// Takes in a value unless a newer question was answered already.
fn put<T>(remote: &mut Remote<T>, value: T, asked_at: Timestamp) -> bool {
    let newer = remote.fetched_at().is_none_or(|known| known <= asked_at);
    if newer {
        remote.succeed(value, asked_at);
    }
    newer
}

fn forget_oldest(kept: &mut BTreeMap<TaskArn, Task>) {
    while kept.len() > EVIDENCE_PER_SERVICE {
        let oldest = kept
            .values()
            .min_by_key(|task| task.stopped_at)
            .map(|task| task.arn.clone());
        match oldest {
            Some(arn) => kept.remove(&arn),
            None => return,
        };
    }
}
