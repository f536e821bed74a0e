//! Answers one question by asking AWS, and sends what comes as messages.

mod pipelines;
mod sides;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::clock::Clock;
use crate::app::msg::{Data, Msg};
use crate::app::query::Query;
use crate::aws::{Aws, DesiredStatus, Urgency};
use crate::domain::arn::{ClusterArn, ServiceArn};
use crate::domain::failure::Failure;

/// What a question needs to be asked: the client, where answers go, the time.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) aws: Aws,
    pub(super) messages: mpsc::Sender<Msg>,
    pub(super) clock: Clock,
}

impl Asker {
    /// The same, for calls of another urgency.
    pub(super) fn with_urgency(&self, urgency: Urgency) -> Self {
        Self {
            aws: self.aws.with_urgency(urgency),
            ..self.clone()
        }
    }

    /// Asks a question once: its parts, then its end. A part that is missing for a reason that lasts
    /// is told, and is no reason to ask for the rest less often.
    pub(super) async fn ask(&self, query: &Query) -> Result<(), Failure> {
        let asked_at = self.clock.now();
        match self.answer(query, asked_at).await {
            Ok(None) => {
                self.end(query, asked_at, Ok(())).await;
                Ok(())
            }
            Ok(Some(unread)) => {
                self.end(query, asked_at, Ok(())).await;
                self.end(query, asked_at, Err(unread.clone())).await;
                if unread.is_lasting() {
                    Ok(())
                } else {
                    Err(unread)
                }
            }
            Err(failure) => {
                self.end(query, asked_at, Err(failure.clone())).await;
                Err(failure)
            }
        }
    }

    async fn end(&self, query: &Query, asked_at: Timestamp, outcome: Result<(), Failure>) {
        let ended = Msg::Ended {
            context: self.aws.context().id,
            query: query.clone(),
            asked_at,
            outcome,
        };
        // The receiver is gone only when the program ends.
        let _ended = self.messages.send(ended).await;
    }

    /// Says that a fault of cutover's own ended an asking; the log has where. It is asked again.
    pub(super) async fn own_fault(&self, query: &Query) {
        let text = format!(
            "a fault in cutover itself while reading {}: see :log",
            name(query)
        );
        // The receiver is gone only when the program ends.
        let _ended = self.messages.send(Msg::Notice(text)).await;
    }

    async fn tell(&self, asked_at: Timestamp, data: Data) {
        let context = self.aws.context().id;
        let message = Msg::Fetched {
            context,
            asked_at,
            data: Box::new(data),
        };
        let _ended = self.messages.send(message).await;
    }

    /// Asks, and tells what comes. The failure of a part that the answer can do without is its value.
    async fn answer(&self, query: &Query, asked_at: Timestamp) -> Result<Option<Failure>, Failure> {
        let data = match query {
            Query::Identity => Data::Identity(self.aws.identity().await?),
            Query::Clusters => return self.clusters(asked_at).await.map(whole),
            Query::Services(cluster) => {
                let services = self.aws.service_arns(cluster).await?;
                let listed = Data::ServiceArns {
                    cluster: cluster.clone(),
                    services: services.clone(),
                };
                self.tell(asked_at, listed).await;
                let read = self.services(asked_at, cluster, &services).await;
                return read.map(whole);
            }
            Query::Watch { cluster, services } => {
                let read = self.services(asked_at, cluster, services).await;
                return read.map(whole);
            }
            Query::ServiceDeployments { cluster, service } => {
                let read = self.aws.service_deployments(cluster, service).await?;
                let data = Data::ServiceDeployments {
                    service: service.clone(),
                    records: read.records,
                };
                self.tell(asked_at, data).await;
                return read.unread.map_or(Ok(None), Err);
            }
            Query::Tasks {
                cluster,
                service,
                stopped,
            } => {
                let desired = if *stopped {
                    DesiredStatus::Stopped
                } else {
                    DesiredStatus::Running
                };
                Data::Tasks {
                    cluster: cluster.clone(),
                    service: service.clone(),
                    stopped: *stopped,
                    tasks: self.aws.tasks(cluster, service.as_ref(), desired).await?,
                }
            }
            Query::Task { cluster, task } => Data::Task {
                arn: task.clone(),
                task: self.aws.task(cluster, task).await?.map(Box::new),
            },
            Query::TaskDefinition(arn) => {
                Data::TaskDefinition(Box::new(self.aws.task_definition(arn.as_str()).await?))
            }
            Query::Families => Data::Families(self.aws.families(|_| {}).await?),
            Query::Revisions(family) => Data::Revisions {
                family: family.clone(),
                revisions: self.aws.revisions(family, |_| {}).await?,
            },
            Query::CodeDeployments { ids, targets } => {
                return self.code_deployments(asked_at, ids, *targets).await;
            }
            Query::CodeDeployHistory { service, group } => {
                return self.code_history(asked_at, service, group).await;
            }
            Query::Applications => Data::Applications(self.aws.applications().await?),
            Query::Groups(application) => Data::Groups {
                application: application.clone(),
                groups: self.aws.deployment_groups(application).await?,
            },
            Query::GroupDeployments(group) => {
                return self.group_deployments(asked_at, group).await;
            }
            Query::Traffic {
                routes,
                groups,
                names,
                behind,
            } => {
                let (groups, names) = (groups.as_slice(), names.as_slice());
                return self.traffic(asked_at, routes, groups, names, behind).await;
            }
            Query::Pipelines
            | Query::PipelineState(_)
            | Query::PipelineStructure(_)
            | Query::PipelineExecutions(_)
            | Query::ParallelExecutions(_)
            | Query::ActionExecutions { .. } => match self.pipelines(query, asked_at).await? {
                Some(data) => data,
                None => return Ok(None),
            },
            Query::Alarms(names) => self.alarms(names).await?,
        };
        self.tell(asked_at, data).await;
        Ok(None)
    }

    async fn clusters(&self, asked_at: Timestamp) -> Result<(), Failure> {
        let arns = self.aws.cluster_arns(|_| {}).await?;
        // The counts tell which clusters to look into first, so that they come before the list.
        let found = self.aws.clusters(&arns).await;
        let (counts, outcome) = match found {
            Ok(found) => (found.items, Ok(())),
            Err(failure) => (Vec::new(), Err(failure)),
        };
        self.tell(asked_at, Data::Clusters(counts)).await;
        self.tell(asked_at, Data::ClusterArns(arns)).await;
        outcome
    }

    /// Describes services a batch at a time, so that a long list fills in as it arrives.
    async fn services(
        &self,
        asked_at: Timestamp,
        cluster: &ClusterArn,
        arns: &[ServiceArn],
    ) -> Result<(), Failure> {
        let (sender, mut batches) = mpsc::unbounded_channel();
        let asking = async {
            // The batches are told apart from the end, so that a failure loses none of them.
            let found = self.aws.services(cluster, arns, |batch| {
                let _ended = sender.send(batch.to_vec());
            });
            let found = found.await;
            drop(sender);
            found
        };
        let telling = async {
            while let Some(services) = batches.recv().await {
                self.tell(
                    asked_at,
                    Data::Services {
                        services,
                        missing: Vec::new(),
                    },
                )
                .await;
            }
        };
        let (found, ()) = tokio::join!(asking, telling);
        let missing = found?
            .missing
            .into_iter()
            .map(|(arn, _)| ServiceArn::new(arn))
            .collect();
        self.tell(
            asked_at,
            Data::Services {
                services: Vec::new(),
                missing,
            },
        )
        .await;
        Ok(())
    }
}

/// An answer of which no part is missing.
fn whole((): ()) -> Option<Failure> {
    None
}

/// A question in a word or two.
fn name(query: &Query) -> &'static str {
    match query {
        Query::Identity => "the identity",
        Query::Clusters => "clusters",
        Query::Services(_) | Query::Watch { .. } => "services",
        Query::ServiceDeployments { .. } => "releases",
        Query::Tasks { .. } | Query::Task { .. } => "tasks",
        Query::TaskDefinition(_) | Query::Families | Query::Revisions(_) => "task definitions",
        Query::CodeDeployments { .. }
        | Query::CodeDeployHistory { .. }
        | Query::Applications
        | Query::Groups(_)
        | Query::GroupDeployments(_) => "CodeDeploy",
        Query::Pipelines
        | Query::PipelineState(_)
        | Query::PipelineStructure(_)
        | Query::PipelineExecutions(_)
        | Query::ParallelExecutions(_)
        | Query::ActionExecutions { .. } => "CodePipeline",
        Query::Traffic { .. } => "load balancers",
        Query::Alarms(_) => "alarms",
    }
}
