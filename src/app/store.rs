//! What is known of one context: the last answers, how old they are, and what follows from them.

mod assemble;
mod codedeploy;
mod evidence;
mod pipelines;
mod sides;
mod take;
#[cfg(test)]
mod tests;

pub use codedeploy::moved_by;
pub use pipelines::{ExecutionList, Pipelines};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::query::Query;
use crate::domain::alarm::Alarm;
use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::domain::cluster::Cluster;
use crate::domain::codedeploy::{CodeDeployment, DeploymentGroup, GroupId};
use crate::domain::context::{Context, Identity};
use crate::domain::diagnosis::Diagnosis;
use crate::domain::release::{Release, ReleaseId, StageLog};
use crate::domain::remote::Remote;
use crate::domain::service::{Service, ServiceEvent};
use crate::domain::service_deployment::ServiceDeployment;
use crate::domain::task::Task;
use crate::domain::task_definition::TaskDefinition;
use crate::domain::traffic::Traffic;

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
    /// Tasks by scope, each list in the order of the ARNs.
    pub tasks: BTreeMap<TaskScope, Remote<Vec<Task>>>,
    /// Tasks looked at one by one; a value of `None` for one that AWS no longer knows.
    pub single_tasks: BTreeMap<TaskArn, Remote<Option<Task>>>,
    /// Stopped tasks of a service, kept when AWS has forgotten them.
    pub evidence: BTreeMap<ServiceArn, BTreeMap<TaskArn, Task>>,
    /// Revisions of task definitions.
    pub task_definitions: BTreeMap<TaskDefinitionArn, Remote<TaskDefinition>>,
    /// Families of task definitions.
    pub families: BTreeSet<String>,
    /// Revisions of a family, newest first.
    pub revisions: BTreeMap<String, Vec<TaskDefinitionArn>>,
    /// CodeDeploy deployments by their ids.
    pub code_deployments: BTreeMap<String, Remote<CodeDeployment>>,
    /// The ids of the deployments that move a service: those that its task sets name, those of its
    /// group as far as that was read, and what rolls them back.
    pub code_deployments_of: BTreeMap<ServiceArn, Vec<String>>,
    /// The deployment groups of each application; none yet for one that was only listed.
    pub applications: BTreeMap<String, Vec<DeploymentGroup>>,
    /// The ids of the deployments of a group, newest first.
    pub group_deployments: BTreeMap<GroupId, Vec<String>>,
    /// The pipelines of CodePipeline.
    pub pipelines: Pipelines,
    /// What load balancers really do, as it was read last.
    pub traffic: Traffic,
    /// Alarms by name.
    pub alarms: BTreeMap<String, Alarm>,
    /// When cutover saw each stage of a release first.
    pub observed: BTreeMap<ReleaseId, StageLog>,
    /// When each question was last answered whole, and what went wrong since.
    pub queries: BTreeMap<Query, Remote<()>>,
    /// Calls in the last minute.
    pub calls_per_minute: usize,
    /// Whether a throttle has slowed some calls down.
    pub slowed: bool,
    /// Tasks that were looked at one by one, as they were when AWS still knew them.
    forgotten_tasks: BTreeMap<TaskArn, Task>,
    /// When AWS said that a service is not there.
    gone: HashMap<ServiceArn, Timestamp>,
    /// When the clusters, and the services of each cluster, were listed last.
    clusters_listed_at: Option<Timestamp>,
    services_listed_at: HashMap<ClusterArn, Timestamp>,
    /// When each rule, listener, target group and alarm was read last, by ARN or name.
    sides_read_at: HashMap<String, Timestamp>,
    /// When the applications, and the groups or deployments in something, were listed last.
    listed_at: HashMap<Query, Timestamp>,
    /// The number of questions from which on old ones are dropped.
    queries_kept: usize,
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
            code_deployments: BTreeMap::new(),
            code_deployments_of: BTreeMap::new(),
            applications: BTreeMap::new(),
            group_deployments: BTreeMap::new(),
            pipelines: Pipelines::default(),
            traffic: Traffic::default(),
            alarms: BTreeMap::new(),
            observed: BTreeMap::new(),
            queries: BTreeMap::new(),
            calls_per_minute: 0,
            slowed: false,
            forgotten_tasks: BTreeMap::new(),
            gone: HashMap::new(),
            clusters_listed_at: None,
            services_listed_at: HashMap::new(),
            sides_read_at: HashMap::new(),
            listed_at: HashMap::new(),
            queries_kept: take::QUERIES_KEPT,
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

    /// When AWS last said that a service is not there; `None` while it is.
    pub fn service_gone_at(&self, arn: &ServiceArn) -> Option<Timestamp> {
        self.gone.get(arn).copied()
    }

    /// A service of a cluster by its name.
    pub fn service_named(&self, cluster: &ClusterArn, name: &str) -> Option<&ServiceArn> {
        // The long ARN format follows from the cluster's; only the old one has to be searched.
        let (head, cluster_name) = cluster.as_str().split_once(":cluster/")?;
        let long = ServiceArn::new(format!("{head}:service/{cluster_name}/{name}"));
        if let Some((known, of)) = self.cluster_of.get_key_value(&long) {
            return (of == cluster).then_some(known);
        }
        self.cluster_of
            .iter()
            .find(|(arn, of)| *of == cluster && arn.name() == name)
            .map(|(arn, _)| arn)
    }

    /// A task, wherever it was seen last.
    pub fn task(&self, arn: &TaskArn) -> Option<&Task> {
        if let Some(remote) = self.single_tasks.get(arn)
            && let Some(Some(task)) = remote.value()
        {
            return Some(task);
        }
        let listed = self.tasks.values().filter_map(Remote::value);
        let mut found = listed.filter_map(|tasks| {
            let place = tasks.binary_search_by(|task| task.arn.cmp(arn)).ok()?;
            tasks.get(place)
        });
        found
            .next()
            .or_else(|| self.evidence.values().find_map(|kept| kept.get(arn)))
            .or_else(|| self.forgotten_tasks.get(arn))
    }

    /// The events of a service, newest first.
    pub fn events_of(&self, service: &ServiceArn) -> &[ServiceEvent] {
        self.service(service)
            .map_or(&[], |service| service.events.as_slice())
    }
}
