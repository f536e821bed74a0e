//! Clusters: listed by the page, described a hundred at a time.

use aws_sdk_ecs::types::ClusterField;

use super::Aws;
use super::answer::Found;
use super::budget::Group;
use super::call::{Operation, Pages};
use super::convert::cluster::cluster;
use super::convert::{collect, missing};
use super::failure::of_kind;
use crate::domain::arn::ClusterArn;
use crate::domain::cluster::Cluster;
use crate::domain::failure::{Failure, FailureKind};

const LIST_CLUSTERS: Operation = Operation::new("ecs:ListClusters", Group::ClusterReads);
const DESCRIBE_CLUSTERS: Operation = Operation::new("ecs:DescribeClusters", Group::ClusterReads);

/// AWS's limit of `ListClusters`, which is also that of `DescribeClusters`.
const PAGE: i32 = 100;
const BATCH: usize = 100;

impl Aws {
    /// The ARNs of all clusters; `on_page` sees each page as it comes.
    pub async fn cluster_arns(
        &self,
        mut on_page: impl FnMut(&[ClusterArn]) + Send,
    ) -> Result<Vec<ClusterArn>, Failure> {
        let mut arns = Vec::new();
        let mut pages = Pages::of(LIST_CLUSTERS);
        loop {
            let token = pages.token();
            let answer = self
                .call(LIST_CLUSTERS, |clients| {
                    let request = clients.ecs.list_clusters().max_results(PAGE);
                    request.set_next_token(token).send()
                })
                .await?;
            // The first list that is read: an endpoint that is not AWS may answer anything, and
            // an answer without a list is not the same as a list without clusters.
            let Some(listed) = answer.cluster_arns else {
                let message = "the answer holds no list of clusters";
                return Err(of_kind(LIST_CLUSTERS.name, FailureKind::Garbled, message));
            };
            let page: Vec<ClusterArn> = listed.into_iter().map(ClusterArn::new).collect();
            on_page(&page);
            arns.extend(page);
            if !pages.more(answer.next_token)? {
                return Ok(arns);
            }
        }
    }

    /// The clusters with their counts.
    pub async fn clusters(&self, arns: &[ClusterArn]) -> Result<Found<Cluster>, Failure> {
        let mut found = Found::default();
        for batch in arns.chunks(BATCH) {
            let answer = self
                .call(DESCRIBE_CLUSTERS, |clients| {
                    let names = batch.iter().map(ToString::to_string).collect();
                    let request = clients.ecs.describe_clusters().set_clusters(Some(names));
                    request.include(ClusterField::Statistics).send()
                })
                .await?;
            found.items.extend(collect(answer.clusters(), cluster));
            found.missing.extend(missing(answer.failures()));
        }
        Ok(found)
    }
}
