//! Endpoints on a bad day: each becomes a failure that says what happened.

use cutover::aws::{Aws, Group};
use cutover::domain::failure::{Failure, FailureKind};
use tokio::net::TcpListener;

use crate::server::{Endpoint, Reply, options};

async fn failure_of(aws: &Aws) -> Failure {
    aws.cluster_arns(|_| {}).await.unwrap_err()
}

async fn failure_for(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Failure {
    let endpoint = Endpoint::always(reply).await;
    let failure = failure_of(&endpoint.connect().await).await;
    assert_eq!(endpoint.operations(), ["ListClusters"], "sent exactly once");
    assert_eq!(failure.call, "ecs:ListClusters");
    failure
}

#[tokio::test]
async fn errors_that_aws_names() {
    let cases = [
        ("ExpiredTokenException", FailureKind::ExpiredCredentials),
        (
            "UnrecognizedClientException",
            FailureKind::InvalidCredentials,
        ),
        ("AccessDeniedException", FailureKind::AccessDenied),
        ("ClusterNotFoundException", FailureKind::NotFound),
        ("UnknownOperationException", FailureKind::Unsupported),
        ("InvalidParameterException", FailureKind::Refused),
    ];
    for (code, kind) in cases {
        let failure = failure_for(move || Reply::error(code, "said by\u{1b}[31m AWS")).await;
        assert_eq!(failure.kind, kind, "{code}");
        assert_eq!(failure.code.as_deref(), Some(code));
        assert_eq!(failure.message, "said by AWS");
        assert_eq!(failure.request_id.as_deref(), Some("req-1"));
    }
}

#[tokio::test]
async fn a_throttle_slows_its_group_and_no_other() {
    let endpoint = Endpoint::always(|| Reply::error("ThrottlingException", "Rate exceeded")).await;
    let aws = endpoint.connect().await;
    assert_eq!(failure_of(&aws).await.kind, FailureKind::Throttled);
    let meter = aws.meter();
    assert_eq!(meter.calls_last_minute, 1);
    assert_eq!(meter.slowed.len(), 1);
    assert_eq!(meter.slowed[0].group, Group::ClusterReads);
}

#[tokio::test]
async fn html_is_no_operation() {
    let page = "<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>";
    let failure = failure_for(move || Reply::Http(500, "text/html", page.into())).await;
    assert_eq!(failure.kind, FailureKind::Unsupported);
    assert_eq!(
        failure.message,
        "the endpoint answered HTML, not AWS JSON (HTTP 500)"
    );
    let failure = failure_for(move || Reply::Http(200, "text/html", page.into())).await;
    assert_eq!(failure.kind, FailureKind::Garbled);
    assert_eq!(
        failure.message,
        "the endpoint answered HTML, not AWS JSON (HTTP 200)"
    );
}

#[tokio::test]
async fn a_fault_of_the_endpoint() {
    let failure = failure_for(|| Reply::Http(500, "text/plain", String::new())).await;
    assert_eq!(failure.kind, FailureKind::ServerFault);
    assert_eq!(failure.message, "HTTP 500 without a message");
    let failure = failure_for(|| Reply::Http(503, "text/plain", "overloaded".into())).await;
    assert_eq!(failure.kind, FailureKind::ServerFault);
    assert!(failure.message.contains("overloaded"), "{failure:?}");
    let failure = failure_for(|| Reply::Http(501, "text/plain", String::new())).await;
    assert_eq!(failure.kind, FailureKind::Unsupported);
}

#[tokio::test]
async fn an_answer_that_cannot_be_read() {
    let garbage = || {
        Reply::Http(
            200,
            "application/x-amz-json-1.1",
            "{\"clusterArns\": [".into(),
        )
    };
    let failure = failure_for(garbage).await;
    assert_eq!(failure.kind, FailureKind::Garbled);
    assert!(
        failure
            .message
            .starts_with("the answer could not be read (HTTP 200)")
    );
    let failure = failure_for(|| Reply::Raw(b"SSH-2.0-OpenSSH_9.6\r\n")).await;
    assert_eq!(failure.kind, FailureKind::Garbled, "{failure:?}");
}

#[tokio::test]
async fn an_answer_that_breaks_off() {
    let cut = || Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"cluster");
    let failure = failure_for(cut).await;
    assert_eq!(failure.kind, FailureKind::Garbled, "{failure:?}");
    let failure = failure_for(|| Reply::Raw(b"")).await;
    assert_eq!(failure.kind, FailureKind::Unreachable, "{failure:?}");
}

#[tokio::test]
async fn an_endpoint_that_never_answers() {
    let failure = failure_for(|| Reply::Silence).await;
    assert_eq!(failure.kind, FailureKind::Timeout);
    assert_eq!(failure.message, "no answer in time");
}

#[tokio::test]
async fn an_endpoint_that_refuses() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let failure = failure_of(&cutover::aws::connect(options(&url)).await).await;
    assert_eq!(failure.kind, FailureKind::Unreachable);
    assert!(failure.message.contains("refused"), "{failure:?}");
    assert!(!failure.message.contains('{'), "no dump: {failure:?}");
}

#[tokio::test]
async fn an_address_that_is_none() {
    for url in ["http://", "nonsense"] {
        let failure = failure_of(&cutover::aws::connect(options(url)).await).await;
        assert_eq!(failure.kind, FailureKind::Unreachable, "{url}: {failure:?}");
        assert!(!failure.message.is_empty());
    }
}
