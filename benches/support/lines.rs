//! Log lines of 150 bytes from 20 streams, 5 in each millisecond: JSON, plain lines and an access
//! log.

use std::sync::Arc;

use cutover::domain::logs::{Delivery, EventId, LogLine, StreamName};
use jiff::Timestamp;

/// Lines that are held.
pub const LINES: usize = 1_000_000;
/// Lines that come at once, as many as an update of Live Tail has.
pub const UPDATE: usize = 500;
/// Streams that the lines come from, in turn.
pub const STREAMS: usize = 20;
/// The log group.
pub const GROUP: &str = "/ecs/shop";
/// Bytes of a line.
const LENGTH: usize = 150;
/// Lines of each millisecond.
const AT_ONCE: usize = 5;
/// The time of the first line: 2026-11-21 02:37:40 UTC.
const BEGIN: i64 = 1_795_228_660_000;

/// The streams of 20 tasks.
pub fn streams() -> Vec<Arc<StreamName>> {
    let stream = |number| {
        Arc::new(StreamName {
            region: None,
            group: GROUP.into(),
            stream: format!("ecs/app/{}", task(number)),
        })
    };
    (0..STREAMS).map(stream).collect()
}

/// The id of a task.
pub fn task(number: usize) -> String {
    format!("{number:032x}")
}

/// The line with a number.
pub fn line(number: usize, streams: &[Arc<StreamName>], with_id: bool) -> LogLine {
    let at = BEGIN + i64::try_from(number / AT_ONCE).unwrap();
    LogLine {
        event: with_id.then(|| EventId::of(&number.to_string())),
        delivery: Delivery(1),
        at: Timestamp::from_millisecond(at).unwrap(),
        ingested_at: Some(Timestamp::from_millisecond(at + 300).unwrap()),
        stream: Arc::clone(&streams[number % streams.len()]),
        message: message(number),
    }
}

/// One line in a hundred is an error.
fn message(number: usize) -> String {
    let (level, status) = match number % 100 {
        0 => ("error", 502),
        place if place % 10 == 0 => ("warn", 200),
        _ => ("info", 200),
    };
    let millisecond = number / AT_ONCE % 1_000;
    let took = number % 97;
    let mut text = match number % 5 {
        0 | 1 => format!(
            r#"{{"time":"2026-11-21T02:00:00.{millisecond:03}Z","level":"{level}","msg":"request served","path":"/cart/{number}","status":{status},"took_ms":{took},"pad":""#
        ),
        2 | 3 => format!(
            "2026-11-21T02:00:00.{millisecond:03}Z {} shop::cart served /cart/{number} in {took} ms ",
            level.to_uppercase()
        ),
        _ => format!(
            r#"10.0.3.{took} - - [21/Nov/2026:02:00:00 +0000] "GET /cart/{number} HTTP/1.1" {status} 512 "#
        ),
    };
    let end = if text.starts_with('{') { "\"}" } else { "" };
    let missing = LENGTH.saturating_sub(text.len() + end.len());
    text.extend(std::iter::repeat_n('x', missing));
    text + end
}
