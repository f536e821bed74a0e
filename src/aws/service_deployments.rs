//! Service deployments, ECS's own records of releases, with the task definitions of their service
//! revisions.
//!
//! A record that is over and a service revision never change, so each is described once. Watching
//! a service with one release in flight then costs one List and one Describe.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::budget::Group;
use super::cache::RevisionFacts;
use super::call::{Operation, Pages};
use super::convert::collect;
use super::convert::service_deployment::{from_brief, revision_facts, service_deployment};
use super::{Aws, ServiceDeployments};
use crate::domain::arn::{ClusterArn, ServiceArn, ServiceDeploymentArn, ServiceRevisionArn};
use crate::domain::failure::Failure;
use crate::domain::service_deployment::{RevisionSummary, ServiceDeployment};

const LIST: Operation = Operation::new("ecs:ListServiceDeployments", Group::ServiceDeploymentReads);
const DESCRIBE: Operation = Operation::new(
    "ecs:DescribeServiceDeployments",
    Group::ServiceDeploymentReads,
);
const DESCRIBE_REVISIONS: Operation = Operation::new(
    "ecs:DescribeServiceRevisions",
    Group::ServiceDeploymentReads,
);

/// AWS's limit of `ListServiceDeployments`.
const PAGE: i32 = 100;

/// AWS's limit of both Describe calls.
const BATCH: usize = 20;

impl Aws {
    /// All records of a service that AWS keeps (90 days), newest first. Where the identity may list
    /// them and not describe them, a record holds what the list tells, and `unread` says why.
    pub async fn service_deployments(
        &self,
        cluster: &ClusterArn,
        service: &ServiceArn,
    ) -> Result<ServiceDeployments, Failure> {
        let mut records = self.list_service_deployments(cluster, service).await?;
        let arns: Vec<_> = records.iter().map(|record| record.arn.clone()).collect();
        let mut unread = None;
        match self.describe_service_deployments(&arns).await {
            Ok(described) => {
                for record in &mut records {
                    if let Some(whole) = described.get(&record.arn) {
                        record.clone_from(whole);
                    }
                }
            }
            Err(failure) if failure.is_lasting() => unread = Some(failure),
            Err(failure) => return Err(failure),
        }
        match self.learn_revisions(&records).await {
            Ok(()) => {}
            Err(failure) if failure.is_lasting() => unread = unread.or(Some(failure)),
            Err(failure) => return Err(failure),
        }
        self.fill_revisions(&mut records);
        records.sort_by_key(|record| Reverse((record.created_at, record.arn.clone())));
        Ok(ServiceDeployments { records, unread })
    }

    async fn list_service_deployments(
        &self,
        cluster: &ClusterArn,
        service: &ServiceArn,
    ) -> Result<Vec<ServiceDeployment>, Failure> {
        let mut records = Vec::new();
        let mut pages = Pages::of(LIST);
        loop {
            let token = pages.token();
            let answer = self
                .call(LIST, |clients| {
                    let request = clients.ecs.list_service_deployments();
                    let request = request.cluster(cluster.as_str()).service(service.as_str());
                    request.max_results(PAGE).set_next_token(token).send()
                })
                .await?;
            records.extend(collect(answer.service_deployments(), |brief| {
                from_brief(brief, cluster, service)
            }));
            if !pages.more(answer.next_token)? {
                return Ok(records);
            }
        }
    }

    /// The records by ARN: those that are over from memory, the rest from AWS.
    async fn describe_service_deployments(
        &self,
        arns: &[ServiceDeploymentArn],
    ) -> Result<HashMap<ServiceDeploymentArn, ServiceDeployment>, Failure> {
        let mut found = HashMap::new();
        let mut wanted = Vec::new();
        for arn in arns {
            match self.caches().records.get(arn) {
                Some(record) => {
                    found.insert(arn.clone(), record.clone());
                }
                None => wanted.push(arn.to_string()),
            }
        }
        for batch in wanted.chunks(BATCH) {
            let answer = self
                .call(DESCRIBE, |clients| {
                    let request = clients.ecs.describe_service_deployments();
                    request
                        .set_service_deployment_arns(Some(batch.to_vec()))
                        .send()
                })
                .await?;
            for record in collect(answer.service_deployments(), service_deployment) {
                if record.status.is_over() {
                    let mut caches = self.caches();
                    caches.records.insert(record.arn.clone(), record.clone());
                }
                found.insert(record.arn.clone(), record);
            }
        }
        Ok(found)
    }

    /// Adds the task definitions and images of the service revisions that are known.
    fn fill_revisions(&self, records: &mut [ServiceDeployment]) {
        let caches = self.caches();
        for summary in records.iter_mut().flat_map(summaries_mut) {
            if let Some(facts) = caches.revisions.get(&summary.arn) {
                summary.task_definition.clone_from(&facts.task_definition);
                summary.images.clone_from(&facts.images);
                summary.target_group.clone_from(&facts.target_group);
                summary.production_route.clone_from(&facts.production_route);
                summary.test_route.clone_from(&facts.test_route);
            }
        }
    }

    async fn learn_revisions(&self, records: &[ServiceDeployment]) -> Result<(), Failure> {
        let mut wanted: Vec<ServiceRevisionArn> = {
            let caches = self.caches();
            let arns = records
                .iter()
                .flat_map(summaries)
                .map(|summary| &summary.arn);
            arns.filter(|arn| !caches.revisions.contains(arn))
                .cloned()
                .collect()
        };
        wanted.sort_unstable();
        wanted.dedup();
        for batch in wanted.chunks(BATCH) {
            let answer = self
                .call(DESCRIBE_REVISIONS, |clients| {
                    let arns = batch.iter().map(ToString::to_string).collect();
                    let request = clients.ecs.describe_service_revisions();
                    request.set_service_revision_arns(Some(arns)).send()
                })
                .await?;
            let mut caches = self.caches();
            for (arn, facts) in collect(answer.service_revisions(), revision_facts) {
                caches.revisions.insert(arn, facts);
            }
            // One that AWS does not know any more is not asked for again.
            for arn in batch {
                if !caches.revisions.contains(arn) {
                    caches
                        .revisions
                        .insert(arn.clone(), RevisionFacts::default());
                }
            }
        }
        Ok(())
    }
}

fn summaries(record: &ServiceDeployment) -> impl Iterator<Item = &RevisionSummary> {
    record.target.iter().chain(&record.sources)
}

fn summaries_mut(record: &mut ServiceDeployment) -> impl Iterator<Item = &mut RevisionSummary> {
    record.target.iter_mut().chain(&mut record.sources)
}
