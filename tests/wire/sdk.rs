//! The real SDK against the simulator.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use aws_sdk_ecs::types::{ContainerDefinition, ServiceDeploymentStatus};
use aws_sdk_sts::config::Credentials;
use cutover::sim::server::SimServer;

use crate::raw::{START, simulator, simulator_with, steer};

async fn config(server: &SimServer) -> SdkConfig {
    config_with_key(server, "test").await
}

/// The configuration of a client that signs with this access key.
pub async fn config_with_key(server: &SimServer, key: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(server.endpoint())
        .region(Region::new("ap-northeast-1"))
        .credentials_provider(Credentials::new(key, "test", None, None, "test"))
        .load()
        .await
}

#[tokio::test]
async fn it_says_who_calls() {
    let server = simulator().await;
    let client = aws_sdk_sts::Client::new(&config(&server).await);
    let identity = client.get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some("123456789012"));
    assert_eq!(
        identity.arn(),
        Some("arn:aws:sts::123456789012:assumed-role/oncall/oncall")
    );
    server.shutdown().await;
}

#[tokio::test]
async fn logs_can_be_written_and_read() {
    let server = simulator().await;
    let client = aws_sdk_cloudwatchlogs::Client::new(&config(&server).await);
    client
        .create_log_group()
        .log_group_name("/ecs/web")
        .send()
        .await
        .unwrap();
    let stream = client
        .create_log_stream()
        .log_group_name("/ecs/web")
        .log_stream_name("a");
    stream.send().await.unwrap();
    let event = InputLogEvent::builder()
        .timestamp(START.0)
        .message("hello")
        .build()
        .unwrap();
    let put = client
        .put_log_events()
        .log_group_name("/ecs/web")
        .log_stream_name("a");
    put.log_events(event).send().await.unwrap();
    let found = client
        .filter_log_events()
        .log_group_name("/ecs/web")
        .filter_pattern("hello")
        .send()
        .await
        .unwrap();
    assert_eq!(found.events()[0].message(), Some("hello"));
    let error = client
        .create_log_group()
        .log_group_name("/ecs/web")
        .send()
        .await
        .unwrap_err();
    assert!(
        error
            .into_service_error()
            .is_resource_already_exists_exception()
    );
    server.shutdown().await;
}

#[tokio::test]
async fn a_release_can_be_made_and_followed() {
    let server = simulator().await;
    let client = aws_sdk_ecs::Client::new(&config(&server).await);
    client
        .create_cluster()
        .cluster_name("shop")
        .send()
        .await
        .unwrap();
    for image in ["web:1", "web:2"] {
        let container = ContainerDefinition::builder()
            .name("web")
            .image(image)
            .memory(256)
            .build();
        let register = client.register_task_definition().family("web");
        register
            .container_definitions(container)
            .send()
            .await
            .unwrap();
    }
    let create = client
        .create_service()
        .cluster("shop")
        .service_name("web")
        .desired_count(2);
    create.task_definition("web:1").send().await.unwrap();
    steer(&server, "POST", "/_sim/advance", r#"{"seconds": 300}"#).await;
    let update = client.update_service().cluster("shop").service("web");
    let updated = update.task_definition("web:2").send().await.unwrap();
    assert_eq!(updated.service().unwrap().deployments().len(), 2);
    steer(&server, "POST", "/_sim/advance", r#"{"seconds": 600}"#).await;
    let listed = client
        .list_service_deployments()
        .cluster("shop")
        .service("web")
        .send()
        .await
        .unwrap();
    let statuses: Vec<_> = listed
        .service_deployments()
        .iter()
        .filter_map(|one| one.status())
        .collect();
    assert_eq!(statuses, vec![&ServiceDeploymentStatus::Successful; 2]);
    let missing = client
        .describe_services()
        .cluster("none")
        .services("web")
        .send()
        .await;
    let error = missing.unwrap_err().into_service_error();
    assert!(error.is_cluster_not_found_exception(), "{error:?}");
    server.shutdown().await;
}

#[tokio::test]
async fn a_fleet_can_be_listed_within_the_limits() {
    let server = simulator_with(|options| {
        options.scenario = Some("fleet".to_owned());
        options.services = Some(150);
        options.clusters = Some(3);
    })
    .await;
    let mut config = config(&server).await.to_builder();
    config.set_region(Region::new("us-east-1"));
    let client = aws_sdk_ecs::Client::new(&config.build());
    let mut services = 0;
    for cluster in client.list_clusters().send().await.unwrap().cluster_arns() {
        let pages = client.list_services().cluster(cluster).max_results(100);
        let mut pages = pages.into_paginator().items().send();
        while let Some(service) = pages.next().await {
            service.unwrap();
            services += 1;
        }
    }
    assert_eq!(services, 150);
    let calls = steer(&server, "GET", "/_sim/calls", "").await;
    assert_eq!(calls["errors"], serde_json::json!({}));
    server.shutdown().await;
}
