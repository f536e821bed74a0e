//! Pages of log lines, and Live Tail, as the client asks for them.

use cutover::aws::{LiveTailRequest, LogReading, StreamPart};
use cutover::domain::failure::FailureKind;
use cutover::domain::logs::{Delivery, EventId};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::server::{Endpoint, Reply};

fn reading(part: StreamPart) -> LogReading {
    LogReading {
        region: None,
        group: "/ecs/web".into(),
        part,
        from: Timestamp::from_millisecond(1_000).unwrap(),
        until: Timestamp::from_millisecond(2_000).ok(),
        newest_first: false,
        token: None,
        delivery: Delivery(4),
    }
}

fn event(stream: &str, at: i64) -> Value {
    json!({"logStreamName": stream, "timestamp": at, "ingestionTime": at + 5, "message": "m",
           "eventId": format!("{stream}{at}")})
}

#[tokio::test]
async fn a_page_asks_for_what_is_wanted_and_tells_where_it_goes_on() {
    let endpoint = Endpoint::always(|| {
        let events = [event("web/app/1", 1_000), event("web/app/2", 2_000)];
        Reply::json(&json!({"events": events, "nextToken": "more"}))
    })
    .await;
    let aws = endpoint.connect().await;
    let names = ["web/app/1", "web/app/2"].map(str::to_owned).to_vec();
    let by_names = reading(StreamPart::Names(names.clone()));
    let page = aws.log_page(&by_names);
    let page = page.await.unwrap();
    assert_eq!(page.next.as_deref(), Some("more"));
    assert_eq!(page.lines[1].event, Some(EventId::of("web/app/22000")));
    assert_eq!(page.lines[1].delivery, Delivery(4));
    let body = endpoint.asked()[0].body.clone();
    let expected = json!({"logGroupName": "/ecs/web", "logStreamNames": names,
                          "startTime": 1_000, "endTime": 2_000});
    assert_eq!(body, expected);
    let newest = LogReading {
        newest_first: true,
        token: Some("t".into()),
        ..reading(StreamPart::Prefix("web/app/".into()))
    };
    aws.log_page(&newest).await.unwrap();
    let body = endpoint.asked()[1].body.clone();
    assert_eq!(body["startFromHead"], false);
    assert_eq!(body["nextToken"], "t");
    assert_eq!(body["logStreamNamePrefix"], "web/app/");
}

#[tokio::test]
async fn a_page_that_names_itself_as_the_next_one_is_a_failure() {
    let endpoint = Endpoint::always(|| Reply::json(&json!({"nextToken": "t"}))).await;
    let aws = endpoint.connect().await;
    let same = LogReading {
        token: Some("t".into()),
        ..reading(StreamPart::Prefix("web".into()))
    };
    let failure = aws.log_page(&same).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Garbled);
}

#[tokio::test]
async fn live_tail_goes_to_this_machine_by_its_own_name_and_says_why_it_is_refused() {
    let refusals = [
        ("AccessDeniedException", FailureKind::AccessDenied),
        ("LimitExceededException", FailureKind::Refused),
        ("ThrottlingException", FailureKind::Throttled),
        ("UnknownOperationException", FailureKind::Unsupported),
    ];
    for (code, kind) in refusals {
        let endpoint = Endpoint::always(move || Reply::error(code, "no")).await;
        let aws = endpoint.connect().await;
        let request = LiveTailRequest {
            region: None,
            group: "/ecs/web".into(),
            group_arn: "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web".into(),
            prefixes: vec!["web/app/".into()],
            delivery: Delivery(1),
        };
        let failure = aws.live_tail(request).await.err().unwrap();
        assert_eq!(
            (&failure.kind, failure.code.as_deref()),
            (&kind, Some(code))
        );
        let asked = endpoint.asked();
        assert_eq!(asked[0].operation, "StartLiveTail");
        assert!(!asked[0].head.contains("stream-"), "{}", asked[0].head);
        let body = json!({
            "logGroupIdentifiers": ["arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web"],
            "logStreamNamePrefixes": ["web/app/"],
        });
        assert_eq!(asked[0].body, body);
    }
}

#[tokio::test]
async fn a_page_of_a_web_server_is_no_live_tail() {
    let page = || Reply::Http(500, "text/html", "<html>no</html>".into());
    let endpoint = Endpoint::always(page).await;
    let aws = endpoint.connect().await;
    let request = LiveTailRequest {
        region: None,
        group: "/ecs/web".into(),
        group_arn: "arn:aws:logs:eu-west-1:1:log-group:/ecs/web".into(),
        prefixes: Vec::new(),
        delivery: Delivery(1),
    };
    let failure = aws.live_tail(request).await.err().unwrap();
    let kinds = [
        FailureKind::Unsupported,
        FailureKind::ServerFault,
        FailureKind::Garbled,
    ];
    assert!(kinds.contains(&failure.kind), "{failure:?}");
}
