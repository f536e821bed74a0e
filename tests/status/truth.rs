//! What AWS says, read with the plain SDK: the other side of the comparison.

use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_ecs::Client;
use aws_sdk_ecs::primitives::DateTime;
use aws_sdk_ecs::types::{
    DeploymentRolloutState, Service, ServiceDeployment, ServiceDeploymentRollbackMonitorsStatus,
    ServiceDeploymentStatus,
};
use aws_sdk_sts::config::Credentials;
use cutover::sim::server::SimServer;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A release that ended within this many seconds is on the board.
const RECENT: i64 = 24 * 3600;

/// A service with its service deployments, the newest first.
pub struct Known {
    pub service: Service,
    pub records: Vec<ServiceDeployment>,
}

/// Reads everything that there is.
pub struct Truth {
    client: Client,
}

impl Truth {
    pub async fn of(server: &SimServer) -> Self {
        let config = aws_config::defaults(BehaviorVersion::latest())
            .endpoint_url(server.endpoint())
            .region(Region::new(server.region().to_owned()))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .load()
            .await;
        Self {
            client: Client::new(&config),
        }
    }

    /// Answers the pause hook that a service's newest release waits at.
    pub async fn answer(&self, gate: &Value, action: &str) {
        let asked = self.client.continue_service_deployment();
        let answer = asked
            .service_deployment_arn(gate["release"].as_str().unwrap())
            .hook_id(gate["id"].as_str().unwrap())
            .action(action.into())
            .send()
            .await;
        answer.unwrap();
    }

    pub async fn services(&self) -> Vec<Known> {
        let mut known = Vec::new();
        let clusters = self.client.list_clusters().send().await.unwrap();
        for cluster in clusters.cluster_arns() {
            let pages = self.client.list_services().cluster(cluster);
            let listed: Result<Vec<String>, _> = pages
                .into_paginator()
                .items()
                .send()
                .collect::<Result<Vec<_>, _>>()
                .await;
            for arn in listed.unwrap() {
                known.push(self.service(cluster, &arn).await);
            }
        }
        known
    }

    async fn service(&self, cluster: &str, arn: &str) -> Known {
        let asked = self.client.describe_services().cluster(cluster);
        let mut answer = asked.services(arn).send().await.unwrap();
        let listed = self
            .client
            .list_service_deployments()
            .cluster(cluster)
            .service(arn)
            .send()
            .await
            .unwrap();
        let mut records = Vec::new();
        for brief in listed.service_deployments() {
            let asked = self.client.describe_service_deployments();
            let asked = asked.service_deployment_arns(brief.service_deployment_arn().unwrap());
            let described = asked.send().await.unwrap();
            records.extend(described.service_deployments.unwrap());
        }
        records.sort_by_key(|record| std::cmp::Reverse(record.created_at().unwrap().as_nanos()));
        Known {
            service: answer.services.take().unwrap().remove(0),
            records,
        }
    }

    /// Task definition and images of a service revision.
    pub async fn revision(&self, arn: &str) -> (String, Vec<String>) {
        let asked = self.client.describe_service_revisions();
        let answer = asked.service_revision_arns(arn).send().await.unwrap();
        let revision = &answer.service_revisions()[0];
        let definition = revision.task_definition().unwrap();
        let images = revision.container_images().iter();
        (
            definition.rsplit('/').next().unwrap().to_owned(),
            images
                .map(|image| image.image().unwrap().to_owned())
                .collect(),
        )
    }
}

/// The ids that have to be on the board: what is in flight, what ended within a day, and a failure
/// that is the newest of its service.
pub fn on_board(known: &[Known], now: Timestamp) -> BTreeMap<String, (usize, usize)> {
    let mut ids = BTreeMap::new();
    for (which, one) in known.iter().enumerate() {
        for (place, record) in one.records.iter().enumerate() {
            let ended = record.finished_at().map(DateTime::secs);
            let recent = ended.is_some_and(|at| now.as_second() - at < RECENT);
            let standing = place == 0
                && matches!(
                    status(one, place),
                    "failed" | "rollback_failed" | "in_progress" | "waiting"
                );
            if recent || standing || (place == 0 && ended.is_none()) {
                let id = record.service_deployment_arn().unwrap().to_owned();
                ids.insert(id, (which, place));
            }
        }
    }
    ids
}

/// The word for a release, from the words of ECS.
pub fn status(known: &Known, place: usize) -> &'static str {
    use ServiceDeploymentStatus as Status;
    let record = &known.records[place];
    let tripped = record.deployment_circuit_breaker().is_some_and(|breaker| {
        breaker.status() == Some(&ServiceDeploymentRollbackMonitorsStatus::Triggered)
    });
    let overtaken = record
        .status_reason()
        .is_some_and(|reason| reason.contains("superseded"));
    let waits = record
        .lifecycle_hook_details()
        .iter()
        .any(|hook| hook.status().unwrap().as_str() == "AWAITING_ACTION");
    match record.status().unwrap() {
        Status::Pending | Status::InProgress if waits => "waiting",
        Status::Pending => "pending",
        Status::InProgress | Status::StopRequested => "in_progress",
        Status::Successful => "succeeded",
        Status::RollbackRequested | Status::RollbackInProgress => "rolling_back",
        Status::RollbackSuccessful => "rolled_back",
        Status::RollbackFailed => "rollback_failed",
        Status::Stopped if overtaken => "superseded",
        Status::Stopped if tripped => "failed",
        Status::Stopped => "stopped",
        other => panic!("{other} is not expected here"),
    }
}

/// The word for the strategy of a release, as its record tells it.
pub fn mechanism(known: &Known, place: usize) -> String {
    let configuration = known.records[place].deployment_configuration().unwrap();
    let strategy = configuration
        .strategy()
        .map(aws_sdk_ecs::types::DeploymentStrategy::as_str);
    strategy.unwrap_or("ROLLING").to_lowercase()
}

/// The counts of the entry of `deployments[]` that runs a task definition, while there is one.
pub fn counts(service: &Service, definition: &str) -> Option<Value> {
    let moving = service
        .deployments()
        .iter()
        .any(|one| one.rollout_state() == Some(&DeploymentRolloutState::InProgress));
    let mut same = service.deployments().iter().filter(|one| {
        one.task_definition()
            .unwrap()
            .ends_with(&format!("/{definition}"))
    });
    match (moving, same.next(), same.next()) {
        // Two entries with one task definition cannot be told apart by it.
        (true, Some(one), None) => Some(json!({
            "desired": one.desired_count(), "running": one.running_count(),
            "pending": one.pending_count(), "failed": one.failed_tasks(),
        })),
        _ => None,
    }
}

/// A time of AWS, as a report writes it.
pub fn time(at: Option<&DateTime>) -> Value {
    let Some(at) = at else { return Value::Null };
    // Seconds come as a floating-point number, which can miss the millisecond by a hair.
    let milliseconds = i64::try_from((at.as_nanos() + 500_000) / 1_000_000).unwrap();
    json!(Timestamp::from_millisecond(milliseconds).unwrap())
}
