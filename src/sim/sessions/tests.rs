//! What a live tail sends, message by message.

use aws_smithy_eventstream::frame::read_message_from;
use aws_smithy_eventstream::smithy::parse_response_headers;

use super::*;
use crate::sim::world::logs::{Delay, LineTemplate, WriterSpec};

const START: SimTime = SimTime(1_795_000_000_000);
const ACCOUNT: &str = "123456789012";
const REGION: &str = "eu-west-1";
const GROUP: &str = "/ecs/web";

struct Stage {
    world: World,
    sessions: Sessions,
    id: SessionId,
}

/// A message as its kind and content.
type Message = (String, Value);

#[expect(
    clippy::needless_pass_by_value,
    reason = "every input is made on the spot and handed over"
)]
impl Stage {
    fn new(extra: Value) -> Self {
        Self::with_fault(extra, None)
    }

    fn with_fault(extra: Value, fault: Option<(u64, SessionEnd)>) -> Self {
        let mut world = World::new(1, START);
        put(&mut world, "web/app/1", -1, "before");
        let mut sessions = Sessions::default();
        let new = NewSession {
            account: ACCOUNT.to_owned(),
            region: REGION.to_owned(),
            tail: open(&mut world, &extra).unwrap(),
            request_id: "r".to_owned(),
            session_id: "s".to_owned(),
            fault,
        };
        let id = sessions.open(new, START);
        let mut stage = Self {
            world,
            sessions,
            id,
        };
        let first = stage.messages();
        assert_eq!(first.len(), 2, "{first:?}");
        assert_eq!(first[0], ("initial-response".to_owned(), json!({})));
        assert_eq!(first[1].0, "sessionStart");
        assert_eq!(first[1].1["sessionId"], "s");
        stage
    }

    fn step(&mut self) -> Step {
        self.sessions.step(self.id, &mut self.world)
    }

    fn messages(&mut self) -> Vec<Message> {
        match self.step() {
            Step::Send(bytes) => messages(&bytes),
            other => panic!("{other:?}"),
        }
    }

    /// The only message that comes next.
    fn message(&mut self) -> Message {
        let mut messages = self.messages();
        assert_eq!(messages.len(), 1, "{messages:?}");
        messages.remove(0)
    }

    /// The texts of the next update.
    fn texts(&mut self) -> Vec<String> {
        let (kind, update) = self.message();
        assert_eq!(kind, "sessionUpdate");
        texts(&update)
    }

    /// Lets so many seconds of the simulator pass since the start.
    fn at(&mut self, seconds: f64) {
        self.world.advance(START.plus_seconds(seconds));
    }
}

fn open(world: &mut World, extra: &Value) -> Result<LiveTail, crate::sim::api::ApiError> {
    let mut input = json!({"logGroupIdentifiers": [arn(GROUP)]});
    for (name, value) in extra.as_object().unwrap() {
        input[name.as_str()] = value.clone();
    }
    LiveTail::open(world, ACCOUNT, REGION, &input)
}

fn arn(group: &str) -> String {
    format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}")
}

fn put(world: &mut World, stream: &str, millis: i64, text: &str) {
    let at = START.plus_millis(millis);
    let logs = &mut world.region_mut(ACCOUNT, REGION).logs;
    logs.append(GROUP, stream, at, text.to_owned());
}

fn messages(mut bytes: &[u8]) -> Vec<Message> {
    let mut messages = Vec::new();
    while !bytes.is_empty() {
        let message = read_message_from(&mut bytes).unwrap();
        let kind = parse_response_headers(&message).unwrap();
        let content = serde_json::from_slice(message.payload()).unwrap();
        messages.push((kind.smithy_type.as_str().to_owned(), content));
    }
    messages
}

fn texts(update: &Value) -> Vec<String> {
    let results = update["sessionResults"].as_array().unwrap();
    results
        .iter()
        .map(|one| one["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_update_comes_every_second_even_without_events() {
    let mut stage = Stage::new(json!({}));
    assert_eq!(stage.step(), Step::Wait(START.plus_seconds(1.0)));
    put(&mut stage.world, "web/app/1", 0, "one");
    put(&mut stage.world, "web/app/2", 999, "two");
    put(&mut stage.world, "web/app/2", 1_000, "three");
    stage.at(0.999);
    assert_eq!(stage.step(), Step::Wait(START.plus_seconds(1.0)));
    stage.at(3.5);
    // What was there at the start is not shown; what comes within a second is in its update.
    assert_eq!(stage.texts(), ["one", "two"]);
    assert_eq!(stage.texts(), ["three"]);
    let (_, empty) = stage.message();
    assert_eq!(
        empty,
        json!({"sessionMetadata": {"sampled": false}, "sessionResults": []})
    );
    assert_eq!(stage.step(), Step::Wait(START.plus_seconds(4.0)));
}

#[test]
fn an_event_says_where_it_comes_from() {
    let mut stage = Stage::new(json!({}));
    let logs = &mut stage.world.region_mut(ACCOUNT, REGION).logs;
    let times = (START.plus_millis(-9), START.plus_millis(7));
    logs.append_late(GROUP, "web/app/1", times, "late".to_owned());
    stage.at(1.0);
    let (_, update) = stage.message();
    assert_eq!(
        update["sessionResults"],
        json!([{
            "logStreamName": "web/app/1",
            "logGroupIdentifier": "123456789012:/ecs/web",
            "message": "late",
            "timestamp": START.0 - 9,
            "ingestionTime": START.0 + 7,
        }])
    );
}

#[test]
fn streams_and_patterns_choose_events() {
    for (extra, seen) in [
        (json!({"logStreamNames": ["web/app/2", "none"]}), "b"),
        (json!({"logStreamNamePrefixes": ["web/p", "x"]}), "c"),
        (json!({"logEventFilterPattern": "?a ?c"}), "ac"),
        (json!({"logEventFilterPattern": ""}), "abc"),
    ] {
        let mut stage = Stage::new(extra.clone());
        put(&mut stage.world, "web/app/1", 1, "a");
        put(&mut stage.world, "web/app/2", 2, "b");
        put(&mut stage.world, "web/proxy/1", 3, "c");
        stage.at(1.0);
        assert_eq!(stage.texts().concat(), seen, "{extra}");
    }
}

#[test]
fn above_500_events_an_update_is_sampled() {
    for (count, sampled) in [(500, false), (501, true), (4_999, true)] {
        let mut stage = Stage::new(json!({}));
        for number in 0..count {
            put(
                &mut stage.world,
                "web/app/1",
                1 + number % 999,
                &number.to_string(),
            );
        }
        stage.at(1.0);
        let (_, update) = stage.message();
        assert_eq!(update["sessionMetadata"]["sampled"], sampled, "{count}");
        let mut texts = texts(&update);
        assert_eq!(texts.len(), 500);
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), 500, "no event twice of {count}");
    }
}

#[test]
fn huge_events_do_not_make_an_update_that_clients_refuse() {
    let mut stage = Stage::new(json!({}));
    for _ in 0..20 {
        put(&mut stage.world, "web/app/1", 5, &"\u{1}".repeat(1_000_000));
    }
    stage.at(1.0);
    let Step::Send(bytes) = stage.step() else {
        panic!("an update is due");
    };
    // Each control character takes six bytes in JSON.
    assert!(bytes.len() < 64 * 1024 * 1024, "{}", bytes.len());
    let (_, update) = messages(&bytes).remove(0);
    assert_eq!(update["sessionMetadata"]["sampled"], true);
    assert_eq!(texts(&update).len(), 8);
}

#[test]
fn everything_that_a_writer_writes_is_seen_once() {
    let mut stage = Stage::new(json!({}));
    let logs = &mut stage.world.region_mut(ACCOUNT, REGION).logs;
    for seed in 0..3 {
        let spec = WriterSpec {
            seed,
            start: START.plus_millis(1),
            mean_interval_us: 19_100,
            templates: vec![LineTemplate::new(1, format!("{seed}/{{seq}}"))],
            delay: Delay {
                most_ms: 5_000,
                late_per_thousand: 100,
                late_ms: 30_000,
                ..Delay::default()
            },
        };
        logs.open_writer(GROUP, &format!("web/app/{seed}"), spec);
    }
    for seed in 0..3 {
        let stream = format!("web/app/{seed}");
        logs.close_writer(GROUP, &stream, START.plus_seconds(20.0));
    }
    stage.at(60.0);
    let mut seen: Vec<String> = (0..60).flat_map(|_| stage.texts()).collect();
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count);
    assert!((3_135..=3_144).contains(&count), "{count}");
}

#[test]
fn a_session_ends_after_three_hours() {
    let mut stage = Stage::new(json!({}));
    stage.at(4.0 * 3_600.0);
    for _ in 0..3 * 3_600 {
        assert_eq!(stage.message().0, "sessionUpdate");
    }
    let (kind, content) = stage.message();
    assert_eq!(kind, "SessionTimeoutException");
    assert!(content["message"].is_string());
    assert_eq!(stage.step(), Step::Close);
}

#[test]
fn faults_end_it_earlier() {
    for (end, last, after) in [
        (SessionEnd::Break, None, Step::Break),
        (SessionEnd::Close, None, Step::Close),
        (SessionEnd::Hang, None, Step::Hang),
        (
            SessionEnd::Timeout,
            Some("SessionTimeoutException"),
            Step::Close,
        ),
        (
            SessionEnd::Exception,
            Some("SessionStreamingException"),
            Step::Close,
        ),
    ] {
        let mut stage = Stage::with_fault(json!({}), Some((2, end)));
        stage.at(9.0);
        assert_eq!(stage.message().0, "sessionUpdate");
        assert_eq!(stage.message().0, "sessionUpdate");
        if let Some(last) = last {
            assert_eq!(stage.message().0, last);
        }
        assert_eq!(stage.step(), after, "{end:?}");
        assert_eq!(stage.step(), after, "{end:?} lasts");
    }
}

#[test]
fn a_message_can_be_cut_or_be_none() {
    for end in [SessionEnd::Truncate, SessionEnd::Garbage] {
        let mut stage = Stage::with_fault(json!({}), Some((0, end)));
        let Step::Send(bytes) = stage.step() else {
            panic!("{end:?} sends something");
        };
        assert!(read_message_from(&mut bytes.as_slice()).is_err());
    }
}

#[test]
fn open_sessions_are_counted_and_can_be_ended() {
    let mut stage = Stage::new(json!({}));
    assert_eq!(stage.sessions.count(ACCOUNT, REGION), 1);
    assert_eq!(stage.sessions.count(ACCOUNT, "elsewhere"), 0);
    stage.at(1.0);
    stage.message();
    let shown = stage.sessions.json();
    assert_eq!(shown["open"][0]["updates"], 1);
    assert_eq!(shown["open"][0]["groups"], json!([GROUP]));
    stage.sessions.end_all(SessionEnd::Timeout);
    assert_eq!(stage.message().0, "SessionTimeoutException");
    stage.sessions.close(stage.id);
    assert_eq!(stage.sessions.json(), json!({"opened": 1, "open": []}));
    assert_eq!(stage.step(), Step::Break);
}

#[test]
fn what_aws_refuses_is_refused() {
    let mut world = World::new(1, START);
    put(&mut world, "web/app/1", 0, "x");
    let logs = &mut world.region_mut(ACCOUNT, REGION).logs;
    let mut rare = crate::sim::world::logs::LogGroup::new(START);
    "INFREQUENT_ACCESS".clone_into(&mut rare.class);
    logs.insert_group("/rare", rare);
    logs.append("/other", "s", START, "x".to_owned());
    let foreign = "arn:aws:logs:eu-west-1:999999999999:log-group:/ecs/web";
    for (extra, code) in [
        (
            json!({"logGroupIdentifiers": null}),
            "InvalidParameterException",
        ),
        (
            json!({"logGroupIdentifiers": []}),
            "InvalidParameterException",
        ),
        (
            json!({"logGroupIdentifiers": [GROUP]}),
            "InvalidParameterException",
        ),
        (
            json!({"logGroupIdentifiers": [arn("/ecs/web:*")]}),
            "InvalidParameterException",
        ),
        (
            json!({"logGroupIdentifiers": vec![arn(GROUP); 11]}),
            "InvalidParameterException",
        ),
        (
            json!({"logGroupIdentifiers": [arn("/none")]}),
            "ResourceNotFoundException",
        ),
        (
            json!({"logGroupIdentifiers": [foreign]}),
            "ResourceNotFoundException",
        ),
        (
            json!({"logGroupIdentifiers": [arn("/rare")]}),
            "InvalidOperationException",
        ),
        (json!({"logStreamNames": []}), "InvalidParameterException"),
        (
            json!({"logStreamNames": ["a:b"]}),
            "InvalidParameterException",
        ),
        (
            json!({"logStreamNames": vec!["a"; 101]}),
            "InvalidParameterException",
        ),
        (
            json!({"logStreamNames": ["a"], "logStreamNamePrefixes": ["a"]}),
            "InvalidParameterException",
        ),
        (
            json!({"logGroupIdentifiers": [arn(GROUP), arn("/other")], "logStreamNamePrefixes": ["a"]}),
            "InvalidParameterException",
        ),
        (
            json!({"logEventFilterPattern": "{ $.a"}),
            "InvalidParameterException",
        ),
        (
            json!({"logEventFilterPattern": "x".repeat(1025)}),
            "InvalidParameterException",
        ),
        (
            json!({"logEventFilterPattern": 5}),
            "SerializationException",
        ),
    ] {
        let refused = open(&mut world, &extra).unwrap_err();
        assert_eq!(refused.code, code, "{extra}");
    }
    let both = json!({"logGroupIdentifiers": [arn(GROUP), arn("/other")]});
    let tail = open(&mut world, &both).unwrap();
    assert_eq!(tail.groups().collect::<Vec<_>>(), [GROUP, "/other"]);
}
