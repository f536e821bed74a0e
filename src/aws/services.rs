//! Services: listed by the hundred, described ten at a time.

use futures_util::{StreamExt as _, stream};

use super::Aws;
use super::answer::Found;
use super::budget::Group;
use super::call::{Operation, Pages};
use super::convert::service::service;
use super::convert::{collect, missing};
use crate::domain::arn::{ClusterArn, ServiceArn};
use crate::domain::failure::Failure;
use crate::domain::service::Service;

const LIST_SERVICES: Operation = Operation::new("ecs:ListServices", Group::ServiceReads);
const DESCRIBE_SERVICES: Operation = Operation::new("ecs:DescribeServices", Group::ServiceReads);

/// `ListServices` answers 10 unless asked for more; 100 is AWS's limit.
const PAGE: i32 = 100;

/// AWS's limit of `DescribeServices`.
const BATCH: usize = 10;

/// Batches on their way at once: enough to keep up with the budget's pace when an answer takes
/// a third of a second.
const AT_ONCE: usize = 4;

impl Aws {
    /// The ARNs of all services of a cluster.
    pub async fn service_arns(&self, cluster: &ClusterArn) -> Result<Vec<ServiceArn>, Failure> {
        let mut arns = Vec::new();
        let mut pages = Pages::of(LIST_SERVICES);
        loop {
            let token = pages.token();
            let answer = self
                .call(LIST_SERVICES, |clients| {
                    let request = clients.ecs.list_services().cluster(cluster.as_str());
                    request.max_results(PAGE).set_next_token(token).send()
                })
                .await?;
            arns.extend(answer.service_arns().iter().map(ServiceArn::new));
            if !pages.more(answer.next_token)? {
                return Ok(arns);
            }
        }
    }

    /// The services by ARN or name, in the order asked for; `on_batch` sees each ten as they come.
    pub async fn services(
        &self,
        cluster: &ClusterArn,
        arns: &[ServiceArn],
        mut on_batch: impl FnMut(&[Service]) + Send,
    ) -> Result<Found<Service>, Failure> {
        let batches = stream::iter(arns.chunks(BATCH).map(<[ServiceArn]>::to_vec));
        let mut answers = batches
            .map(|batch| self.describe_services(cluster, batch))
            .buffered(AT_ONCE);
        let mut found = Found::default();
        while let Some(answer) = answers.next().await {
            let batch = answer?;
            on_batch(&batch.items);
            found.items.extend(batch.items);
            found.missing.extend(batch.missing);
        }
        Ok(found)
    }

    async fn describe_services(
        &self,
        cluster: &ClusterArn,
        batch: Vec<ServiceArn>,
    ) -> Result<Found<Service>, Failure> {
        let answer = self
            .call(DESCRIBE_SERVICES, |clients| {
                let names = batch.iter().map(ToString::to_string).collect();
                let request = clients.ecs.describe_services().cluster(cluster.as_str());
                request.set_services(Some(names)).send()
            })
            .await?;
        Ok(Found {
            items: collect(answer.services(), |item| service(item, cluster)),
            missing: missing(answer.failures()),
        })
    }
}
