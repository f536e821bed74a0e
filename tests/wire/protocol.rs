//! Routing, awsJson and the query protocol.

use serde_json::json;

use crate::raw::{call, send, signature, simulator};

#[tokio::test]
async fn an_answer_has_the_headers_of_aws() {
    let server = simulator().await;
    let received = call(&server, "logs.DescribeLogGroups", "{}").await.unwrap();
    assert_eq!(received.status, 200);
    assert!(
        received
            .head
            .contains("content-type: application/x-amz-json-1.1")
    );
    assert!(received.head.contains("x-amzn-requestid: "));
    assert_eq!(received.json(), json!({"logGroups": []}));
    server.shutdown().await;
}

#[tokio::test]
async fn errors_name_their_type() {
    let server = simulator().await;
    for (label, body, code) in [
        ("logs.CreateLogGroup", "{}", "InvalidParameterException"),
        (
            "logs.CreateLogGroup",
            r#"{"logGroupName": 7}"#,
            "SerializationException",
        ),
        ("logs.CreateLogGroup", "{", "SerializationException"),
        ("logs.CreateLogGroup", "[]", "SerializationException"),
        (
            "logs.GetLogEvents",
            r#"{"logGroupName": "a", "logStreamName": "b"}"#,
            "ResourceNotFoundException",
        ),
        ("logs.StartLiveTail", "{}", "InvalidParameterException"),
        (
            "logs.PutSubscriptionFilter",
            "{}",
            "UnknownOperationException",
        ),
        ("ecs.RunTask", "{}", "UnknownOperationException"),
        (
            "CodeCommit_20150413.ListRepositories",
            "{}",
            "UnknownOperationException",
        ),
    ] {
        let received = call(&server, label, body).await.unwrap();
        assert_eq!(
            (received.status, received.code().as_str()),
            (400, code),
            "{label} {body}"
        );
        assert!(received.json()["message"].is_string());
    }
    server.shutdown().await;
}

#[tokio::test]
async fn an_unsigned_call_is_refused() {
    let server = simulator().await;
    let target = [("x-amz-target", "Logs_20140328.DescribeLogGroups")];
    let received = send(&server, "POST", "/", &target, "{}").await.unwrap();
    assert_eq!(received.status, 403);
    assert_eq!(received.code(), "MissingAuthenticationTokenException");
    let broken = [target[0], ("authorization", "Bearer abc")];
    let received = send(&server, "POST", "/", &broken, "{}").await.unwrap();
    assert_eq!(received.code(), "IncompleteSignatureException");
    server.shutdown().await;
}

#[tokio::test]
async fn forms_are_answered_in_xml() {
    let server = simulator().await;
    let signature = signature("sts", "us-east-1");
    let headers = [
        ("authorization", signature.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let form = "Action=GetCallerIdentity&Version=2011-06-15";
    let received = send(&server, "POST", "/", &headers, form).await.unwrap();
    assert_eq!(received.status, 200);
    assert!(received.head.contains("content-type: text/xml"));
    assert!(received.body.contains("<Account>123456789012</Account>"));
    for (form, code) in [
        (
            "Action=AssumeRole&Version=2011-06-15",
            "<Code>InvalidAction</Code>",
        ),
        ("Version=2011-06-15", "<Code>MissingAction</Code>"),
    ] {
        let received = send(&server, "POST", "/", &headers, form).await.unwrap();
        assert_eq!(received.status, 400);
        assert!(received.body.contains(code), "{received:?}");
    }
    server.shutdown().await;
}

#[tokio::test]
async fn regions_are_worlds_of_their_own() {
    let server = simulator().await;
    call(
        &server,
        "logs.CreateLogGroup",
        r#"{"logGroupName": "/here"}"#,
    )
    .await
    .unwrap();
    let elsewhere = signature("logs", "ap-northeast-1");
    let headers = [
        ("x-amz-target", "Logs_20140328.DescribeLogGroups"),
        ("authorization", &elsewhere),
    ];
    let received = send(&server, "POST", "/", &headers, "{}").await.unwrap();
    assert_eq!(received.json(), json!({"logGroups": []}));
    let received = call(&server, "logs.DescribeLogGroups", "{}").await.unwrap();
    let arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/here";
    assert_eq!(received.json()["logGroups"][0]["logGroupArn"], arn);
    server.shutdown().await;
}

#[tokio::test]
async fn a_body_without_end_is_not_read() {
    let server = simulator().await;
    let body = "x".repeat(17 * 1024 * 1024);
    // The server may close before everything is sent, and then nothing can be read.
    if let Some(received) = call(&server, "logs.PutLogEvents", &body).await {
        assert_eq!(received.status, 413);
    }
    let received = call(&server, "logs.DescribeLogGroups", "{}").await.unwrap();
    assert_eq!(received.status, 200);
    server.shutdown().await;
}
