//! Takes in answers. An answer to an older question changes nothing that a newer one told.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;

use super::codedeploy::moved_by;
use super::sides::target_groups;
use super::{Store, TaskScope};
use crate::app::msg::Data;
use crate::app::query::Query;
use crate::domain::arn::{ClusterArn, ServiceArn, TargetGroupArn, TaskArn, TaskDefinitionArn};
use crate::domain::failure::Failure;
use crate::domain::remote::Remote;
use crate::domain::service::Service;
use crate::domain::task::Task;

/// Questions whose end is remembered, unless more than these are being asked.
pub(super) const QUERIES_KEPT: usize = 1024;
/// A question that was not answered for so many seconds is asked no longer.
const QUERY_FORGOTTEN_SECONDS: i64 = 2 * 3600;

impl Store {
    /// Takes in a part of an answer.
    pub fn take(&mut self, data: Data, asked_at: Timestamp) {
        match data {
            Data::Identity(identity) => {
                put(&mut self.identity, identity, asked_at);
            }
            Data::ClusterArns(arns) => self.list_clusters(arns, asked_at),
            Data::Clusters(clusters) => {
                for cluster in clusters {
                    let known = self.clusters.entry(cluster.arn.clone()).or_default();
                    put(known, cluster, asked_at);
                }
            }
            Data::ServiceArns { cluster, services } => {
                self.list_services(&cluster, services, asked_at);
            }
            Data::Services { services, missing } => {
                for arn in missing {
                    self.lose_service(&arn, asked_at);
                }
                for service in services {
                    self.take_service(service, asked_at);
                }
            }
            Data::ServiceDeployments {
                service,
                mut records,
            } => {
                // A release that begins between two pages of the list moves one record to both.
                let mut seen = HashSet::new();
                records.retain(|record| seen.insert(record.arn.clone()));
                self.take_records(&service, records, asked_at);
            }
            Data::Tasks {
                cluster,
                service,
                stopped,
                tasks,
            } => self.take_tasks((cluster, service, stopped), tasks, asked_at),
            Data::Task { arn, task } => self.take_task(arn, task.map(|task| *task), asked_at),
            Data::TaskDefinition(definition) => {
                let arn = definition.arn.clone();
                let known = self.task_definitions.entry(arn).or_default();
                put(known, *definition, asked_at);
            }
            Data::Families(families) => self.families.extend(families),
            Data::Revisions { family, revisions } => self.add_revisions(family, revisions),
            Data::CodeDeployments(deployments) => self.take_code_deployments(deployments, asked_at),
            Data::CodeDeployHistory {
                service,
                deployments,
            } => self.take_code_history(&service, deployments, asked_at),
            Data::Applications(names) => self.list_applications(names, asked_at),
            Data::Groups {
                application,
                groups,
            } => self.list_groups(application, groups, asked_at),
            Data::GroupDeployments { group, deployments } => {
                self.list_group_deployments(group, deployments, asked_at);
            }
            Data::Traffic { traffic, gone } => self.take_traffic(traffic, &gone, asked_at),
            Data::Alarms { alarms, gone } => self.take_alarms(alarms, &gone, asked_at),
            Data::Pipelines(_)
            | Data::PipelineState { .. }
            | Data::PipelineStructure { .. }
            | Data::PipelineExecutions { .. }
            | Data::ParallelExecutions { .. }
            | Data::ActionExecutions { .. } => self.take_pipelines(data, asked_at),
        }
    }

    /// Notes how a question ended. What was read before stays.
    pub fn end(&mut self, query: Query, asked_at: Timestamp, outcome: Result<(), Failure>) {
        let state = self.queries.entry(query).or_default();
        match outcome {
            Ok(()) => {
                put(state, (), asked_at);
            }
            Err(failure) if state.fetched_at().is_none_or(|known| known <= asked_at) => {
                state.fail(failure, asked_at);
            }
            Err(_) => {}
        }
        if self.queries.len() > self.queries_kept {
            self.forget_queries(asked_at);
        }
    }

    /// What is watched changes, and with it the questions: those that are asked no longer go.
    fn forget_queries(&mut self, now: Timestamp) {
        let recent = |at: Timestamp| now.as_second() - at.as_second() < QUERY_FORGOTTEN_SECONDS;
        self.queries.retain(|_, state| {
            state.fetched_at().is_some_and(recent)
                || state.failure().is_some_and(|(at, _)| recent(*at))
        });
        self.queries_kept = QUERIES_KEPT.max(self.queries.len() * 2);
    }

    fn list_clusters(&mut self, listed: Vec<ClusterArn>, asked_at: Timestamp) {
        if self.clusters_listed_at > Some(asked_at) {
            return;
        }
        self.clusters_listed_at = Some(asked_at);
        let listed: BTreeSet<ClusterArn> = listed.into_iter().collect();
        self.clusters.retain(|arn, _| listed.contains(arn));
        let orphans: Vec<ServiceArn> = self
            .cluster_of
            .iter()
            .filter(|(_, cluster)| !listed.contains(*cluster))
            .map(|(arn, _)| arn.clone())
            .collect();
        for arn in orphans {
            self.lose_service(&arn, asked_at);
        }
        for arn in listed {
            self.clusters.entry(arn).or_default();
        }
    }

    fn list_services(
        &mut self,
        cluster: &ClusterArn,
        listed: Vec<ServiceArn>,
        asked_at: Timestamp,
    ) {
        let listed_at = self.services_listed_at.get(cluster);
        if listed_at.is_some_and(|known| *known > asked_at) {
            return;
        }
        self.services_listed_at.insert(cluster.clone(), asked_at);
        let listed: BTreeSet<ServiceArn> = listed.into_iter().collect();
        let gone: Vec<ServiceArn> = self
            .cluster_of
            .iter()
            .filter(|(arn, of)| *of == cluster && !listed.contains(*arn))
            .map(|(arn, _)| arn.clone())
            .collect();
        for arn in gone {
            self.lose_service(&arn, asked_at);
        }
        for arn in listed {
            if self.gone.get(&arn).is_none_or(|gone| *gone <= asked_at) {
                self.gone.remove(&arn);
                self.cluster_of.insert(arn.clone(), cluster.clone());
                self.services.entry(arn).or_default();
            }
        }
    }

    /// Forgets a service that AWS no longer has, unless a newer answer has it.
    fn lose_service(&mut self, arn: &ServiceArn, asked_at: Timestamp) {
        let known_at = self.services.get(arn).and_then(Remote::fetched_at);
        if known_at > Some(asked_at) {
            return;
        }
        self.gone.insert(arn.clone(), asked_at);
        self.services.remove(arn);
        self.cluster_of.remove(arn);
        self.forget_observed(arn, |_| false);
        self.records.remove(arn);
        self.releases.remove(arn);
        self.diagnoses.remove(arn);
        self.evidence.remove(arn);
        self.forget_code_deployments(arn);
    }

    fn take_service(&mut self, service: Service, asked_at: Timestamp) {
        let arn = service.arn.clone();
        if self.gone.get(&arn).is_some_and(|gone| *gone > asked_at) {
            return;
        }
        let known = self.services.entry(arn.clone()).or_default();
        let cluster = service.cluster.clone();
        let balanced: Vec<TargetGroupArn> = target_groups(&service);
        let moved_by: Vec<String> = moved_by(&service).map(str::to_owned).collect();
        if put(known, service, asked_at) {
            self.gone.remove(&arn);
            self.cluster_of.insert(arn.clone(), cluster);
            self.add_code_deployments(&arn, moved_by);
            self.name_target_groups(balanced);
            self.assemble(&arn);
        }
    }

    fn take_tasks(&mut self, scope: TaskScope, mut tasks: Vec<Task>, asked_at: Timestamp) {
        let service = scope.1.clone();
        if let (Some(service), true) = (&service, scope.2) {
            self.keep_evidence(service, &tasks);
        }
        tasks.sort_by(|a, b| a.arn.cmp(&b.arn));
        put(self.tasks.entry(scope).or_default(), tasks, asked_at);
        if let Some(service) = service {
            self.diagnose(&service);
        }
    }

    fn take_task(&mut self, arn: TaskArn, task: Option<Task>, asked_at: Timestamp) {
        let last = self.task(&arn).filter(|_| task.is_none()).cloned();
        if let Some(last) = last {
            self.keep_forgotten(last);
        }
        put(self.single_tasks.entry(arn).or_default(), task, asked_at);
    }

    /// Pages arrive one by one, and a revision that was registered once stays: they add up.
    fn add_revisions(&mut self, family: String, revisions: Vec<TaskDefinitionArn>) {
        let known = self.revisions.entry(family).or_default();
        known.extend(revisions);
        known.sort_by(|a, b| (b.revision(), b).cmp(&(a.revision(), a)));
        known.dedup();
    }
}

/// Takes in a value unless a newer question was answered already.
pub(super) fn put<T>(remote: &mut Remote<T>, value: T, asked_at: Timestamp) -> bool {
    let newer = remote.fetched_at().is_none_or(|known| known <= asked_at);
    if newer {
        remote.succeed(value, asked_at);
    }
    newer
}
