//! The program's client against the simulated AWS: what it reads agrees with itself, and what it
//! sends takes effect.

use cutover::aws::{
    Aws, ConnectOptions, Credentials, DesiredStatus, LogReading, StreamPart, Timeouts, connect,
};
use cutover::domain::arn::{ClusterArn, ServiceArn, TaskDefinitionArn};
use cutover::domain::call::Call;
use cutover::domain::context::{Context, ContextId};
use cutover::domain::failure::FailureKind;
use cutover::domain::logs::{Delivery, LogSource, log_plan};
use cutover::domain::service::Service;
use cutover::domain::service_deployment::ServiceDeploymentStatus;
use cutover::sim::server::SimServer;
use jiff::Timestamp;

use crate::changes::confirmed;
use crate::raw::{simulator_with, steer};

pub async fn scenario(name: &str) -> (SimServer, Aws) {
    let name = name.to_owned();
    let server = simulator_with(|options| options.scenario = Some(name)).await;
    let aws = connected(&server).await;
    (server, aws)
}

/// The program's client against a simulator.
pub async fn connected(server: &SimServer) -> Aws {
    connect(ConnectOptions {
        context: Context {
            id: ContextId::default(),
            profile: None,
            region: Some(server.region().to_owned()),
            endpoint: Some(server.endpoint()),
            demo: true,
        },
        credentials: Credentials::Fixed {
            access_key_id: "AKIADEMODEMODEMODEMO".into(),
            secret_access_key: "not-a-secret".into(),
        },
        read_only: false,
        timeouts: Timeouts::default(),
    })
    .await
}

pub async fn advance(server: &SimServer, seconds: u32) {
    let body = format!("{{\"seconds\": {seconds}}}");
    steer(server, "POST", "/_sim/advance", &body).await;
}

pub async fn all_services(aws: &Aws) -> Vec<Service> {
    let mut services = Vec::new();
    for cluster in aws.cluster_arns(|_| {}).await.unwrap() {
        let arns = aws.service_arns(&cluster).await.unwrap();
        let found = aws.services(&cluster, &arns, |_| {}).await.unwrap();
        assert_eq!(found.missing, []);
        services.extend(found.items);
    }
    services
}

async fn again(aws: &Aws, service: &Service) -> Service {
    let arns = std::slice::from_ref(&service.arn);
    let found = aws.services(&service.cluster, arns, |_| {}).await.unwrap();
    found.items.into_iter().next().unwrap()
}

#[tokio::test]
async fn what_is_read_agrees_with_itself() {
    for name in ["rolling", "bad-rolling", "tour"] {
        let (server, aws) = scenario(name).await;
        advance(&server, 120).await;
        assert_eq!(aws.identity().await.unwrap().account, "123456789012");
        let arns = aws.cluster_arns(|_| {}).await.unwrap();
        let clusters = aws.clusters(&arns).await.unwrap().items;
        let services = all_services(&aws).await;
        let counted: u32 = clusters.iter().map(|cluster| cluster.active_services).sum();
        assert_eq!(services.len(), counted as usize, "{name}");
        for service in &services {
            check_service(&aws, service).await;
        }
        check_logs(&aws, &services[0]).await;
        let calls = steer(&server, "GET", "/_sim/calls", "").await;
        assert_eq!(calls["errors"], serde_json::json!({}), "{name}");
        server.shutdown().await;
    }
}

async fn check_service(aws: &Aws, service: &Service) {
    let records = aws
        .service_deployments(&service.cluster, &service.arn)
        .await
        .unwrap()
        .records;
    let current = service.current_deployment.as_ref();
    let current = current.map(|arn| records.iter().find(|record| record.arn == *arn).unwrap());
    for record in &records {
        let target = record.target.as_ref().unwrap();
        assert!(target.task_definition.is_some(), "{record:?}");
        assert!(!target.images.is_empty(), "{record:?}");
    }
    assert!(records.is_sorted_by(|a, b| a.created_at >= b.created_at));
    if let Some(record) = current {
        assert_eq!(
            service.is_moving(),
            !record.status.is_over(),
            "{service:?} {record:?}"
        );
    }
    let running = aws
        .tasks(&service.cluster, Some(&service.arn), DesiredStatus::Running)
        .await;
    let running = running.unwrap();
    let up = running
        .iter()
        .filter(|task| task.last_status == "RUNNING")
        .count();
    assert_eq!(up, service.running as usize, "{}", service.arn);
    for task in &running {
        let deployments = service.deployments.iter().map(|one| &one.task_definition);
        let task_sets = service.task_sets.iter().map(|one| &one.task_definition);
        let runs_it = deployments
            .chain(task_sets)
            .any(|definition| *definition == task.task_definition);
        assert!(runs_it, "{task:?} {service:?}");
        assert!(task.started_by.is_some());
    }
    let definition = aws
        .task_definition(service.task_definition.as_str())
        .await
        .unwrap();
    assert_eq!(definition.arn, service.task_definition);
}

async fn check_logs(aws: &Aws, service: &Service) {
    let arn = Some(&service.arn);
    let running = aws.tasks(&service.cluster, arn, DesiredStatus::Running);
    let running = running.await.unwrap();
    let definition = aws.task_definition(service.task_definition.as_str());
    let definition = definition.await.unwrap();
    let source = LogSource::Service {
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
    };
    let plan = log_plan(&source, &running, |_| Ok(&definition));
    assert_eq!(plan.streams.len(), 1, "{plan:?}");
    let streams = &plan.streams[0];
    let reading = LogReading {
        region: streams.region.clone(),
        group: streams.group.clone(),
        part: StreamPart::Names(streams.names.clone()),
        from: Timestamp::UNIX_EPOCH,
        until: None,
        newest_first: false,
        token: None,
        delivery: Delivery(1),
    };
    let page = aws.log_page(&reading).await.unwrap();
    assert!(!page.lines.is_empty());
    assert!(page.lines.is_sorted_by_key(|line| line.at));
    for line in &page.lines {
        let known = running
            .iter()
            .any(|task| task.arn.name() == line.stream.task());
        assert!(known, "{line:?}");
    }
}

#[tokio::test]
async fn a_long_list_comes_whole_and_without_a_throttle() {
    let server = simulator_with(|options| {
        options.scenario = Some("fleet".to_owned());
        options.services = Some(600);
        options.clusters = Some(12);
    })
    .await;
    let aws = connected(&server).await;
    assert_eq!(all_services(&aws).await.len(), 600);
    assert_eq!(aws.meter().slowed, []);
    let calls = steer(&server, "GET", "/_sim/calls", "").await;
    assert_eq!(calls["errors"], serde_json::json!({}));
    server.shutdown().await;
}

#[tokio::test]
async fn a_redeploy_a_count_and_a_rollback_take_effect() {
    let (server, aws) = scenario("rolling").await;
    advance(&server, 3600).await;
    let service = all_services(&aws).await.remove(0);
    assert!(!service.is_moving(), "{service:?}");
    let (cluster, arn) = (service.cluster.clone(), service.arn.clone());

    let scale = Call::UpdateDesiredCount {
        cluster: cluster.clone(),
        service: arn.clone(),
        desired: service.desired + 1,
    };
    assert!(
        aws.send(&confirmed(scale))
            .await
            .unwrap()
            .request_id
            .is_some()
    );
    advance(&server, 600).await;
    let scaled = again(&aws, &service).await;
    assert_eq!(
        (scaled.desired, scaled.running),
        (service.desired + 1, service.desired + 1)
    );
    assert_eq!(
        scaled.current_deployment, service.current_deployment,
        "no release of its own"
    );

    let force = Call::ForceNewDeployment {
        cluster: cluster.clone(),
        service: arn.clone(),
    };
    aws.send(&confirmed(force)).await.unwrap();
    let forced = again(&aws, &service).await;
    assert!(forced.is_moving());
    assert_eq!(forced.task_definition, service.task_definition);

    let deployment = forced.current_deployment.clone().unwrap();
    let stop = Call::StopServiceDeployment {
        deployment: deployment.clone(),
    };
    aws.send(&confirmed(stop.clone())).await.unwrap();
    advance(&server, 1800).await;
    let records = aws
        .service_deployments(&cluster, &arn)
        .await
        .unwrap()
        .records;
    let stopped = records
        .iter()
        .find(|record| record.arn == deployment)
        .unwrap();
    assert_eq!(stopped.status, ServiceDeploymentStatus::RollbackSuccessful);
    let refused = aws.send(&confirmed(stop)).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::Conflict, "{refused:?}");
    server.shutdown().await;
}

#[tokio::test]
async fn a_stopped_task_tells_who_stopped_it() {
    let (server, aws) = scenario("rolling").await;
    advance(&server, 3600).await;
    let service = all_services(&aws).await.remove(0);
    let (cluster, arn) = (&service.cluster, Some(&service.arn));
    let tasks = aws
        .tasks(cluster, arn, DesiredStatus::Running)
        .await
        .unwrap();
    let stop = Call::StopTask {
        cluster: cluster.clone(),
        task: tasks[0].arn.clone(),
        reason: "stopped in a test".into(),
    };
    aws.send(&confirmed(stop)).await.unwrap();
    advance(&server, 300).await;
    let stopped = aws
        .tasks(cluster, arn, DesiredStatus::Stopped)
        .await
        .unwrap();
    let task = stopped
        .iter()
        .find(|task| task.arn == tasks[0].arn)
        .unwrap();
    assert!(task.is_stopped() && task.stopped_on_purpose());
    assert_eq!(task.stopped_reason.as_deref(), Some("stopped in a test"));
    let one = aws.task(cluster, &task.arn).await.unwrap().unwrap();
    assert_eq!(&one, task);
    assert_eq!(
        again(&aws, &service).await.running,
        service.running,
        "another took its place"
    );
    server.shutdown().await;
}

#[tokio::test]
async fn an_inactive_revision_comes_back_as_a_copy() {
    let (server, aws) = scenario("rolling").await;
    advance(&server, 3600).await;
    let service = all_services(&aws).await.remove(0);
    let family = service.task_definition.family().to_owned();
    let before = aws.revisions(&family, |_| {}).await.unwrap();
    let oldest = before.last().unwrap().clone();
    assert_ne!(oldest, service.task_definition);
    let copy = Call::RegisterCopyAndUpdate {
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
        source: oldest.clone(),
    };
    let made = aws.send(&confirmed(copy)).await.unwrap().detail.unwrap();
    let made = TaskDefinitionArn::new(made);
    assert_eq!(aws.revisions(&family, |_| {}).await.unwrap()[0], made);
    let (old, new) = (
        aws.task_definition(oldest.as_str()).await.unwrap(),
        aws.task_definition(made.as_str()).await.unwrap(),
    );
    assert!(new.is_active());
    assert_eq!(old.containers, new.containers);
    assert_eq!(again(&aws, &service).await.task_definition, made);
    server.shutdown().await;
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let (server, aws) = scenario("rolling").await;
    let nowhere = ClusterArn::new("nowhere");
    let failure = aws.service_arns(&nowhere).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::NotFound);
    assert!(failure.request_id.is_some());
    let cluster = aws.cluster_arns(|_| {}).await.unwrap().remove(0);
    let none = [ServiceArn::new("none")];
    let found = aws.services(&cluster, &none, |_| {}).await.unwrap();
    assert_eq!((found.items.len(), found.missing.len()), (0, 1));
    let failure = aws.task_definition("none:1").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::NotFound, "{failure:?}");
    server.shutdown().await;
}
