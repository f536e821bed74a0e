//! What CodeDeploy told: its deployments, and which services they move.

use jiff::Timestamp;

use super::Store;
use super::take::put;
use crate::app::interest::RECENT_SECONDS;
use crate::app::query::Query;
use crate::domain::arn::{ServiceArn, TaskDefinitionArn};
use crate::domain::codedeploy::{CodeDeployment, DeploymentGroup, GroupId};
use crate::domain::release::ReleaseId;
use crate::domain::service::{Controller, Service};

/// The CodeDeploy deployments that the task sets of a service name.
pub fn moved_by(service: &Service) -> impl Iterator<Item = &str> {
    let sets = service
        .task_sets
        .iter()
        .filter(|_| service.controller == Controller::CodeDeploy);
    sets.filter_map(|set| set.external_id.as_deref())
}

impl Store {
    /// A CodeDeploy deployment, once it has been read.
    pub fn code_deployment(&self, id: &str) -> Option<&CodeDeployment> {
        self.code_deployments.get(id)?.value()
    }

    /// What is known of the deployments that move or moved a service.
    pub fn code_deployments_for(&self, service: &ServiceArn) -> Vec<CodeDeployment> {
        let ids = self.code_deployments_of.get(service).into_iter().flatten();
        ids.filter_map(|id| self.code_deployment(id))
            .cloned()
            .collect()
    }

    /// The deployment group of a service: that of its newest deployment, or the one that names the
    /// service.
    pub fn group_of(&self, service: &ServiceArn) -> Option<&GroupId> {
        let ids = self.code_deployments_of.get(service).into_iter().flatten();
        let newest = ids
            .filter_map(|id| self.code_deployment(id))
            .max_by_key(|deployment| deployment.created_at);
        newest
            .map(|deployment| &deployment.group)
            .or_else(|| self.group_that_names(service))
    }

    fn group_that_names(&self, arn: &ServiceArn) -> Option<&GroupId> {
        let service = self
            .service(arn)
            .filter(|service| service.controller == Controller::CodeDeploy)?;
        let mut groups = self.applications.values().flatten();
        groups
            .find(|group| group.moves(service))
            .map(|group| &group.id)
    }

    pub(super) fn take_code_deployments(
        &mut self,
        deployments: Vec<CodeDeployment>,
        asked_at: Timestamp,
    ) {
        let mut moved: Vec<ServiceArn> = Vec::new();
        for deployment in deployments {
            moved.extend(self.moved_with(&deployment));
            self.put_code_deployment(deployment, asked_at);
        }
        moved.sort_unstable();
        moved.dedup();
        for service in moved {
            self.assemble(&service);
        }
    }

    pub(super) fn take_code_history(
        &mut self,
        service: &ServiceArn,
        deployments: Vec<CodeDeployment>,
        asked_at: Timestamp,
    ) {
        let ids = deployments.iter().map(|one| one.id.clone()).collect();
        self.add_code_deployments(service, ids);
        for deployment in deployments {
            self.put_code_deployment(deployment, asked_at);
        }
        self.assemble(service);
    }

    pub(super) fn list_applications(&mut self, names: Vec<String>, asked_at: Timestamp) {
        if !self.is_newest_list(Query::Applications, asked_at) {
            return;
        }
        self.applications.retain(|name, _| names.contains(name));
        for name in names {
            self.applications.entry(name).or_default();
        }
    }

    pub(super) fn list_groups(
        &mut self,
        application: String,
        groups: Vec<DeploymentGroup>,
        asked_at: Timestamp,
    ) {
        if !self.is_newest_list(Query::Groups(application.clone()), asked_at) {
            return;
        }
        for group in &groups {
            self.note_last_attempt(group, asked_at);
        }
        self.applications.insert(application, groups);
    }

    /// The last deployment of a group, where it is recent, is one of its service's: the one that it
    /// rolled back has left no task set that names it.
    fn note_last_attempt(&mut self, group: &DeploymentGroup, now: Timestamp) {
        let Some(last) = &group.last_attempted else {
            return;
        };
        let ended = last.finished_at.or(last.created_at);
        let age = ended.map(|at| now.as_second() - at.as_second());
        let service = group.cluster.as_ref().zip(group.service.as_ref());
        let arn = service.and_then(|(cluster, service)| {
            let mut clusters = self.clusters.keys();
            let cluster = clusters.find(|arn| arn.name() == cluster)?;
            self.service_named(cluster, service).cloned()
        });
        if let (Some(arn), Some(..RECENT_SECONDS)) = (arn, age) {
            self.add_code_deployments(&arn, vec![last.id.clone()]);
        }
    }

    pub(super) fn list_group_deployments(
        &mut self,
        group: GroupId,
        deployments: Vec<CodeDeployment>,
        asked_at: Timestamp,
    ) {
        if self.is_newest_list(Query::GroupDeployments(group.clone()), asked_at) {
            let ids = deployments.iter().map(|one| one.id.clone()).collect();
            self.group_deployments.insert(group, ids);
        }
        self.take_code_deployments(deployments, asked_at);
    }

    /// Notes a deployment that moves a service, before a task set names it.
    pub fn note_code_deployment(&mut self, service: &ServiceArn, deployment: String) {
        self.add_code_deployments(service, vec![deployment]);
    }

    /// Notes which deployments move a service.
    pub(super) fn add_code_deployments(&mut self, service: &ServiceArn, ids: Vec<String>) {
        if ids.is_empty() {
            return;
        }
        let known = self.code_deployments_of.entry(service.clone()).or_default();
        known.extend(ids);
        known.sort_unstable();
        known.dedup();
    }

    pub(super) fn forget_code_deployments(&mut self, service: &ServiceArn) {
        for id in self.code_deployments_of.remove(service).unwrap_or_default() {
            self.observed.remove(&ReleaseId(id.clone()));
            self.code_deployments.remove(&id);
        }
    }

    /// The services that a deployment moves. What rolls it back, and what it rolls back, moves them
    /// as well.
    fn moved_with(&mut self, deployment: &CodeDeployment) -> Vec<ServiceArn> {
        let kin: Vec<String> = [&deployment.rolled_back_by, &deployment.rolls_back]
            .into_iter()
            .flatten()
            .chain([&deployment.id])
            .cloned()
            .collect();
        let of = self.code_deployments_of.iter();
        let services: Vec<ServiceArn> = of
            .filter(|(_, ids)| kin.iter().any(|id| ids.binary_search(id).is_ok()))
            .map(|(service, _)| service.clone())
            .collect();
        for service in &services {
            self.add_code_deployments(service, kin.clone());
        }
        services
    }

    /// The task definition that a deployment brings, as its task set tells it while it is there.
    fn brought_by(&self, deployment: &str) -> Option<TaskDefinitionArn> {
        let of = self.code_deployments_of.iter();
        let services = of
            .filter(|(_, ids)| ids.iter().any(|id| id == deployment))
            .filter_map(|(arn, _)| self.service(arn));
        let mut sets = services.flat_map(|service| &service.task_sets);
        let set = sets.find(|set| set.external_id.as_deref() == Some(deployment))?;
        Some(set.task_definition.clone())
    }

    /// A history is read without the targets of its deployments: what a target once told stays. So
    /// does the task definition, which CodeDeploy does not always tell, and which nobody tells any
    /// more once a rollback has taken the task set away.
    fn put_code_deployment(&mut self, mut deployment: CodeDeployment, asked_at: Timestamp) {
        if deployment.task_definition.is_none() {
            deployment.task_definition = self.brought_by(&deployment.id);
        }
        let known = self
            .code_deployments
            .entry(deployment.id.clone())
            .or_default();
        if let Some(before) = known.value() {
            if deployment.task_definition.is_none() {
                let told = &before.task_definition;
                deployment.task_definition.clone_from(told);
            }
            if deployment.target.is_none() {
                deployment.target.clone_from(&before.target);
            }
            if deployment.routing.is_none() && deployment.configuration == before.configuration {
                deployment.routing.clone_from(&before.routing);
            }
        }
        if !deployment.status.is_over() {
            let log = self.observed.entry(ReleaseId(deployment.id.clone()));
            log.or_default().observe_deployment(&deployment, asked_at);
        }
        put(known, deployment, asked_at);
    }

    fn is_newest_list(&mut self, query: Query, asked_at: Timestamp) -> bool {
        let known = self.listed_at.get(&query).copied();
        if known.is_some_and(|known| known > asked_at) {
            return false;
        }
        self.listed_at.insert(query, asked_at);
        true
    }
}
