//! The real SDK against the simulator.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use aws_sdk_sts::config::Credentials;
use cutover::sim::server::SimServer;

use crate::raw::{START, simulator};

async fn config(server: &SimServer) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(server.endpoint())
        .region(Region::new("ap-northeast-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
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
