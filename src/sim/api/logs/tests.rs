//! Every operation, called as the wire calls it.

use serde_json::{Value, json};

use crate::sim::api::ApiError;
use crate::sim::clock::SimTime;
use crate::sim::world::World;
use crate::sim::world::logs::{Delay, LineTemplate, WriterSpec};

use super::handle;

const ACCOUNT: &str = "123456789012";
const REGION: &str = "eu-west-1";
const NOW: i64 = 1_795_000_000_000;
const DAY: i64 = 86_400_000;

struct Client(World);

#[expect(
    clippy::needless_pass_by_value,
    reason = "every input is made on the spot and handed over"
)]
impl Client {
    fn new() -> Self {
        Self(World::new(1, SimTime(NOW)))
    }

    /// A client of a world with the group `/ecs/web`, which has these streams.
    fn with_streams(names: &[&str]) -> Self {
        let mut client = Self::new();
        client.ok("CreateLogGroup", json!({"logGroupName": "/ecs/web"}));
        for name in names {
            let input = json!({"logGroupName": "/ecs/web", "logStreamName": name});
            client.ok("CreateLogStream", input);
        }
        client
    }

    fn call(&mut self, operation: &str, input: &Value) -> Result<Value, ApiError> {
        handle(&mut self.0, ACCOUNT, REGION, operation, input).unwrap()
    }

    fn ok(&mut self, operation: &str, input: Value) -> Value {
        self.call(operation, &input).unwrap()
    }

    fn code(&mut self, operation: &str, input: Value) -> String {
        self.call(operation, &input).unwrap_err().code
    }

    fn put(&mut self, stream: &str, events: &[(i64, &str)]) -> Value {
        let events: Vec<Value> = events
            .iter()
            .map(|(at, message)| json!({"timestamp": NOW + at, "message": message}))
            .collect();
        self.ok(
            "PutLogEvents",
            json!({"logGroupName": "/ecs/web", "logStreamName": stream, "logEvents": events}),
        )
    }

    /// Runs a search to its end and gives the messages of each page.
    fn search(&mut self, mut input: Value) -> Vec<Vec<String>> {
        let mut pages = Vec::new();
        loop {
            let page = self.ok("FilterLogEvents", input.clone());
            pages.push(messages(&page));
            let Some(token) = page.get("nextToken") else {
                return pages;
            };
            input["nextToken"] = token.clone();
        }
    }
}

fn messages(page: &Value) -> Vec<String> {
    page["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn there_is_no_such_operation() {
    assert!(
        handle(
            &mut Client::new().0,
            ACCOUNT,
            REGION,
            "StartQuery",
            &json!({})
        )
        .is_none()
    );
}

#[test]
fn groups_and_streams_are_made_once() {
    let mut client = Client::with_streams(&["web/app/1"]);
    let group = json!({"logGroupName": "/ecs/web"});
    let stream = json!({"logGroupName": "/ecs/web", "logStreamName": "web/app/1"});
    assert_eq!(
        client.code("CreateLogGroup", group),
        "ResourceAlreadyExistsException"
    );
    assert_eq!(
        client.code("CreateLogStream", stream),
        "ResourceAlreadyExistsException"
    );
    let elsewhere = json!({"logGroupName": "/nowhere", "logStreamName": "a"});
    assert_eq!(
        client.code("CreateLogStream", elsewhere),
        "ResourceNotFoundException"
    );
}

#[test]
fn names_keep_to_the_patterns_of_aws() {
    let mut client = Client::with_streams(&[]);
    for name in ["", "a b", "a:b", "ü", &"x".repeat(513)] {
        assert_eq!(
            client.code("CreateLogGroup", json!({"logGroupName": name})),
            "InvalidParameterException",
            "{name}"
        );
    }
    for name in ["", "a:b", "a*b", &"x".repeat(513)] {
        let input = json!({"logGroupName": "/ecs/web", "logStreamName": name});
        assert_eq!(
            client.code("CreateLogStream", input),
            "InvalidParameterException",
            "{name}"
        );
    }
    assert_eq!(
        client.code("CreateLogGroup", json!({})),
        "InvalidParameterException"
    );
    assert_eq!(
        client.code(
            "CreateLogGroup",
            json!({"logGroupName": "a", "logGroupClass": "CHEAP"})
        ),
        "InvalidParameterException"
    );
    assert_eq!(
        client.code("CreateLogGroup", json!({"logGroupName": "a", "tags": {}})),
        "InvalidParameterException"
    );
}

#[test]
fn a_batch_is_refused_as_a_whole() {
    let mut client = Client::with_streams(&["s"]);
    let mut code = |events: Value| {
        client.code(
            "PutLogEvents",
            json!({"logGroupName": "/ecs/web", "logStreamName": "s", "logEvents": events}),
        )
    };
    let event = |at: i64, message: &str| json!({"timestamp": NOW + at, "message": message});
    let many: Vec<Value> = (0..10_001).map(|_| event(0, "x")).collect();
    let big: Vec<Value> = (0..2).map(|_| event(0, &"x".repeat(600_000))).collect();
    for events in [
        json!([]),
        json!(many),
        json!(big),
        json!([event(0, &"x".repeat(1_048_570))]),
        json!([event(0, "")]),
        json!([{"message": "x"}]),
        json!([{"timestamp": NOW}]),
        json!([event(0, "later"), event(-1, "earlier")]),
        json!([event(-DAY - 1, "a day before"), event(0, "now")]),
    ] {
        assert_eq!(code(events), "InvalidParameterException");
    }
    assert_eq!(code(json!("text")), "SerializationException");
    let missing =
        json!({"logGroupName": "/ecs/web", "logStreamName": "none", "logEvents": [event(0, "x")]});
    assert_eq!(
        client.code("PutLogEvents", missing),
        "ResourceNotFoundException"
    );
}

#[test]
fn events_that_are_too_old_or_too_new_are_left_out() {
    let mut client = Client::with_streams(&["s"]);
    let old = client.put("s", &[(-15 * DAY, "old"), (-14 * DAY, "just in time")]);
    assert_eq!(
        old["rejectedLogEventsInfo"],
        json!({"tooOldLogEventEndIndex": 1})
    );
    let new = client.put(
        "s",
        &[(0, "now"), (7_200_000, "soon"), (7_200_001, "too soon")],
    );
    assert_eq!(
        new["rejectedLogEventsInfo"],
        json!({"tooNewLogEventStartIndex": 2})
    );
    assert_eq!(
        client.put("s", &[(1, "fine")]).get("rejectedLogEventsInfo"),
        None
    );
    let page = client.ok(
        "GetLogEvents",
        json!({"logGroupName": "/ecs/web", "logStreamName": "s", "startFromHead": true}),
    );
    assert_eq!(messages(&page), ["just in time", "now", "fine", "soon"]);
}

#[test]
fn one_stream_is_read_in_both_directions() {
    let mut client = Client::with_streams(&["s"]);
    let lines: Vec<String> = (0..10).map(|number| format!("line {number}")).collect();
    let events: Vec<(i64, &str)> = (0..).zip(lines.iter().map(String::as_str)).collect();
    client.put("s", &events);
    let read = json!({"logGroupName": "/ecs/web", "logStreamName": "s", "limit": 4});
    let with = |token: &Value| {
        let mut input = read.clone();
        input["nextToken"] = token.clone();
        input
    };
    // Without a direction the newest events come first.
    let page = client.ok("GetLogEvents", read.clone());
    assert_eq!(messages(&page), lines[6..]);
    let older = client.ok("GetLogEvents", with(&page["nextBackwardToken"]));
    assert_eq!(messages(&older), lines[2..6]);
    let oldest = client.ok("GetLogEvents", with(&older["nextBackwardToken"]));
    assert_eq!(messages(&oldest), lines[..2]);
    let end = client.ok("GetLogEvents", with(&oldest["nextBackwardToken"]));
    assert_eq!(messages(&end), Vec::<String>::new());
    assert_eq!(end["nextBackwardToken"], oldest["nextBackwardToken"]);
    // Forward from there it is the same way back.
    let forward = client.ok("GetLogEvents", with(&oldest["nextForwardToken"]));
    assert_eq!(messages(&forward), lines[2..6]);
    // At the end the token repeats, and finds what comes later.
    let last = client.ok("GetLogEvents", with(&page["nextForwardToken"]));
    assert_eq!(messages(&last), Vec::<String>::new());
    assert_eq!(last["nextForwardToken"], page["nextForwardToken"]);
    client.put("s", &[(50, "new")]);
    let last = client.ok("GetLogEvents", with(&page["nextForwardToken"]));
    assert_eq!(messages(&last), ["new"]);
}

#[test]
fn an_empty_stream_can_be_followed() {
    let mut client = Client::with_streams(&["s"]);
    let read = json!({"logGroupName": "/ecs/web", "logStreamName": "s"});
    let empty = client.ok("GetLogEvents", read.clone());
    assert_eq!(messages(&empty), Vec::<String>::new());
    client.put("s", &[(0, "first")]);
    let mut next = read;
    next["nextToken"] = empty["nextForwardToken"].clone();
    assert_eq!(messages(&client.ok("GetLogEvents", next)), ["first"]);
}

#[test]
fn the_end_of_the_window_is_out_for_reading_and_in_for_searching() {
    let mut client = Client::with_streams(&["s"]);
    client.put("s", &[(0, "a"), (1, "b"), (2, "c")]);
    let input = json!({"logGroupName": "/ecs/web", "logStreamName": "s",
        "startTime": NOW + 1, "endTime": NOW + 2});
    assert_eq!(messages(&client.ok("GetLogEvents", input)), ["b"]);
    let input = json!({"logGroupName": "/ecs/web", "startTime": NOW + 1, "endTime": NOW + 2});
    assert_eq!(client.search(input), [["b", "c"]]);
    let input = json!({"logGroupName": "/ecs/web", "startTime": 2, "endTime": 1});
    assert_eq!(
        client.code("FilterLogEvents", input),
        "InvalidParameterException"
    );
}

#[test]
fn streams_are_searched_together_in_order_of_time() {
    let mut client = Client::with_streams(&["b", "a"]);
    client.put("a", &[(0, "a0"), (5, "a5"), (5, "a5 again"), (9, "a9")]);
    client.put("b", &[(1, "b1"), (5, "b5"), (8, "b8")]);
    let everything = ["a0", "b1", "b5", "a5", "a5 again", "b8", "a9"];
    for limit in 1..9 {
        let input = json!({"logGroupName": "/ecs/web", "limit": limit});
        let pages = client.search(input);
        assert_eq!(pages.concat(), everything, "{limit} a page");
        assert!(pages.iter().all(|page| page.len() <= limit));
    }
    let input = json!({"logGroupName": "/ecs/web", "logStreamNamePrefix": "b"});
    assert_eq!(client.search(input), [["b1", "b5", "b8"]]);
    let input = json!({"logGroupName": "/ecs/web", "logStreamNames": ["a"]});
    assert_eq!(client.search(input).concat().len(), 4);
}

#[test]
fn a_search_can_go_from_the_newest_event_back() {
    let mut client = Client::with_streams(&["b", "a"]);
    client.put("a", &[(0, "a0"), (5, "a5"), (5, "a5 again"), (9, "a9")]);
    client.put("b", &[(1, "b1"), (5, "b5"), (8, "b8")]);
    for limit in 1..9 {
        let input = json!({"logGroupName": "/ecs/web", "limit": limit, "startFromHead": false,
            "startTime": NOW, "endTime": NOW + 8});
        let found = client.search(input).concat();
        assert_eq!(
            found,
            ["b8", "a5 again", "a5", "b5", "b1", "a0"],
            "{limit} a page"
        );
    }
    let input = json!({"logGroupName": "/ecs/web", "startFromHead": false});
    assert_eq!(
        client.code("FilterLogEvents", input),
        "InvalidParameterException"
    );
}

#[test]
fn a_search_that_finds_nothing_for_long_gives_empty_pages() {
    let mut client = Client::new();
    client.0.region_mut(ACCOUNT, REGION).logs.open_writer(
        "/ecs/web",
        "web/app/1",
        WriterSpec {
            seed: 3,
            start: SimTime(NOW - 12_000_000),
            mean_interval_us: 1_000_000,
            templates: vec![LineTemplate::new(1, "GET / {ms}ms")],
            delay: Delay::default(),
        },
    );
    let logs = &mut client.0.region_mut(ACCOUNT, REGION).logs;
    logs.append(
        "/ecs/web",
        "web/app/1",
        SimTime(NOW - 1000),
        "ERROR at last".to_owned(),
    );
    let pages = client.search(json!({"logGroupName": "/ecs/web", "filterPattern": "ERROR"}));
    assert_eq!(pages.len(), 2);
    assert_eq!(pages.first(), Some(&Vec::new()));
    assert_eq!(pages.concat(), ["ERROR at last"]);
    let all = client.search(json!({"logGroupName": "/ecs/web"}));
    assert_eq!(all.first().map(Vec::len), Some(10_000));
    assert_eq!(all.concat().len(), 12_001);
}

#[test]
fn a_page_takes_no_more_than_its_bytes() {
    let mut client = Client::with_streams(&["s"]);
    let text = "x".repeat(300_000);
    for at in 0..7 {
        client.put("s", &[(at, &text)]);
    }
    let pages = client.search(json!({"logGroupName": "/ecs/web"}));
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    let read = json!({"logGroupName": "/ecs/web", "logStreamName": "s", "startFromHead": true});
    assert_eq!(messages(&client.ok("GetLogEvents", read)).len(), 3);
}

#[test]
fn a_token_of_a_search_lasts_a_day() {
    let mut client = Client::with_streams(&["s"]);
    client.put("s", &[(0, "a"), (1, "b")]);
    let mut input = json!({"logGroupName": "/ecs/web", "limit": 1});
    input["nextToken"] = client.ok("FilterLogEvents", input.clone())["nextToken"].clone();
    client.0.advance(SimTime(NOW + DAY));
    assert_eq!(
        messages(&client.ok("FilterLogEvents", input.clone())),
        ["b"]
    );
    client.0.advance(SimTime(NOW + DAY + 1));
    assert_eq!(
        client.code("FilterLogEvents", input),
        "InvalidParameterException"
    );
}

#[test]
fn what_is_late_is_found_once_it_was_taken_in() {
    let mut client = Client::with_streams(&["s"]);
    let times = (SimTime(NOW), SimTime(NOW + 5_000));
    let logs = &mut client.0.region_mut(ACCOUNT, REGION).logs;
    logs.append_late("/ecs/web", "s", times, "late".to_owned());
    let search = json!({"logGroupName": "/ecs/web"});
    assert!(client.search(search.clone()).concat().is_empty());
    client.0.advance(SimTime(NOW + 5_000));
    let page = client.ok("FilterLogEvents", search);
    assert_eq!(page["events"][0]["timestamp"], NOW);
    assert_eq!(page["events"][0]["ingestionTime"], NOW + 5_000);
}

#[test]
fn a_search_with_bad_input_is_refused() {
    let mut client = Client::with_streams(&["s"]);
    for (extra, code) in [
        (
            json!({"filterPattern": "GET /"}),
            "InvalidParameterException",
        ),
        (
            json!({"filterPattern": "[a, b ="}),
            "InvalidParameterException",
        ),
        (
            json!({"filterPattern": "%(a)%"}),
            "InvalidParameterException",
        ),
        (
            json!({"filterPattern": "x".repeat(1025)}),
            "InvalidParameterException",
        ),
        (json!({"logStreamNames": []}), "InvalidParameterException"),
        (
            json!({"logStreamNames": ["s"], "logStreamNamePrefix": "s"}),
            "InvalidParameterException",
        ),
        (
            json!({"logStreamNames": vec!["s"; 101]}),
            "InvalidParameterException",
        ),
        (
            json!({"logStreamNames": ["none"]}),
            "ResourceNotFoundException",
        ),
        (json!({"limit": 0}), "InvalidParameterException"),
        (json!({"limit": 10_001}), "InvalidParameterException"),
        (json!({"nextToken": "made up"}), "InvalidParameterException"),
        (
            json!({"logGroupIdentifier": "/ecs/web"}),
            "InvalidParameterException",
        ),
        (
            json!({"logGroupName": "/none"}),
            "ResourceNotFoundException",
        ),
        (json!({"logGroupName": null}), "InvalidParameterException"),
        (json!({"startTime": "yesterday"}), "SerializationException"),
        (json!({"startFromHead": "no"}), "SerializationException"),
    ] {
        let mut input = json!({"logGroupName": "/ecs/web"});
        for (name, value) in extra.as_object().unwrap() {
            input[name.as_str()] = value.clone();
        }
        assert_eq!(client.code("FilterLogEvents", input), code, "{extra}");
    }
}

#[test]
fn groups_are_found_by_name_and_paged() {
    let mut client = Client::new();
    for name in ["/ecs/b", "/ecs/a", "/lambda/A", "/ecs/c"] {
        client.ok("CreateLogGroup", json!({"logGroupName": name}));
    }
    let names = |answer: &Value| -> Vec<String> {
        let groups = answer["logGroups"].as_array().unwrap().iter();
        groups
            .map(|group| group["logGroupName"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = client.ok(
        "DescribeLogGroups",
        json!({"logGroupNamePrefix": "/ecs", "limit": 2}),
    );
    assert_eq!(names(&first), ["/ecs/a", "/ecs/b"]);
    let input = json!({"logGroupNamePrefix": "/ecs", "limit": 2, "nextToken": first["nextToken"]});
    let second = client.ok("DescribeLogGroups", input);
    assert_eq!(names(&second), ["/ecs/c"]);
    assert_eq!(second.get("nextToken"), None);
    let pattern = client.ok("DescribeLogGroups", json!({"logGroupNamePattern": "/a"}));
    assert_eq!(names(&pattern), ["/ecs/a", "/lambda/A"]);
    let arn = format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/ecs/c");
    let both = client.ok(
        "DescribeLogGroups",
        json!({"logGroupIdentifiers": [arn, "/ecs/a"]}),
    );
    assert_eq!(names(&both), ["/ecs/a", "/ecs/c"]);
    for input in [
        json!({"logGroupNamePrefix": "a", "logGroupNamePattern": "a"}),
        json!({"limit": 51}),
        json!({"nextToken": "xyz"}),
        json!({"logGroupNamePrefix": "a b"}),
    ] {
        assert_eq!(
            client.code("DescribeLogGroups", input),
            "InvalidParameterException"
        );
    }
}

#[test]
fn streams_are_ordered_by_name_or_by_their_last_event() {
    let mut client = Client::with_streams(&["a", "b", "c"]);
    client.put("b", &[(5, "x")]);
    client.put("a", &[(9, "x")]);
    let mut order = |mut input: Value| {
        let mut names = Vec::new();
        input["logGroupName"] = json!("/ecs/web");
        input["limit"] = json!(1);
        loop {
            let answer = client.ok("DescribeLogStreams", input.clone());
            let row = &answer["logStreams"][0];
            names.push(row["logStreamName"].as_str().unwrap().to_owned());
            let Some(token) = answer.get("nextToken") else {
                return names.concat();
            };
            input["nextToken"] = token.clone();
        }
    };
    assert_eq!(order(json!({})), "abc");
    assert_eq!(order(json!({"descending": true})), "cba");
    assert_eq!(order(json!({"orderBy": "LastEventTime"})), "cba");
    assert_eq!(
        order(json!({"orderBy": "LastEventTime", "descending": true})),
        "abc"
    );
    assert_eq!(order(json!({"logStreamNamePrefix": "b"})), "b");
    let arn = format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/ecs/web:*");
    let answer = client.ok("DescribeLogStreams", json!({"logGroupIdentifier": arn}));
    assert_eq!(
        answer["logStreams"][0]["lastEventTimestamp"],
        json!(NOW + 9)
    );
    assert_eq!(answer["logStreams"][2].get("lastEventTimestamp"), None);
    for (input, code) in [
        (json!({"orderBy": "Size"}), "InvalidParameterException"),
        (
            json!({"orderBy": "LastEventTime", "logStreamNamePrefix": "a"}),
            "InvalidParameterException",
        ),
        (json!({"nextToken": "6162"}), "InvalidParameterException"),
        (
            json!({"logGroupName": "/none"}),
            "ResourceNotFoundException",
        ),
        (
            json!({"logGroupName": null, "logGroupIdentifier": "arn:aws:logs:x:1:log-group:y"}),
            "ResourceNotFoundException",
        ),
    ] {
        let mut whole = json!({"logGroupName": "/ecs/web"});
        for (name, value) in input.as_object().unwrap() {
            whole[name.as_str()] = value.clone();
        }
        assert_eq!(client.code("DescribeLogStreams", whole), code, "{input}");
    }
}
