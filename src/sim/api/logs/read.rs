//! `GetLogEvents`: one stream, page by page, in either direction.

use serde_json::{Value, json};

use crate::sim::api::input::missing;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::clock::SimTime;
use crate::sim::world::logs::{Event, EventKey, LogStream};

use super::{EVENT_OVERHEAD, PAGE_BYTES, Place, Window, no_stream, token, write};

/// The most events in a page, and how many there are when the client does not say.
const PAGE: i64 = 10_000;

/// Where a page begins, and which way it goes.
enum Start {
    /// Forward, with the events after this one.
    After(EventKey),
    /// Backward, with the events before this one.
    Before(EventKey),
}

pub fn get_log_events(place: &mut Place<'_>, input: Input<'_>) -> Answer {
    let name = input
        .string("logStreamName")?
        .ok_or_else(|| missing("logStreamName"))?;
    write::check_stream_name("logStreamName", name)?;
    let window = Window::read(input, false)?;
    let limit = input.integer_within("limit", 1, PAGE)?.unwrap_or(PAGE);
    let limit = usize::try_from(limit).unwrap_or(1);
    input.boolean("unmask")?;
    let start = start(input, window)?;
    let (_, group) = place.named_group(input)?;
    let stream = group.stream(name).ok_or_else(no_stream)?;
    let events = match start {
        Start::After(key) => forward(stream, key, window, limit, place.now),
        Start::Before(key) => backward(stream, key, window, limit, place.now),
    };
    // A page without events repeats the token that asked for it: that is how clients know the end.
    let here = match start {
        Start::After(key) | Start::Before(key) => key,
    };
    let (oldest, newest) = match (events.first(), events.last(), &start) {
        (Some(first), Some(last), _) => (first.key, last.key),
        // Nothing is there yet: forward must find what comes later.
        (_, _, Start::Before(_)) if !input.has("nextToken") => {
            (here, EventKey::before(window.from))
        }
        _ => (here, here),
    };
    Ok(json!({
        "events": events.iter().map(event_json).collect::<Vec<_>>(),
        "nextForwardToken": format!("f/{}", token::from_key(newest)),
        "nextBackwardToken": format!("b/{}", token::from_key(oldest)),
    }))
}

fn start(input: Input<'_>, window: Window) -> Result<Start, ApiError> {
    if let Some(token) = input.string("nextToken")? {
        return match token.split_once('/') {
            Some(("f", digits)) => token::to_key(digits).map(Start::After),
            Some(("b", digits)) => token::to_key(digits).map(Start::Before),
            _ => Err(token::invalid()),
        };
    }
    Ok(if input.boolean("startFromHead")?.unwrap_or(false) {
        Start::After(EventKey::before(window.from))
    } else {
        Start::Before(EventKey::start_of(window.until))
    })
}

fn forward(
    stream: &LogStream,
    after: EventKey,
    window: Window,
    limit: usize,
    now: SimTime,
) -> Vec<Event> {
    let mut at = after.max(EventKey::before(window.from));
    let keys = std::iter::from_fn(|| {
        at = stream
            .key_after(at, now)
            .filter(|key| key.at < window.until)?;
        Some(at)
    });
    page(stream, keys, limit, now)
}

fn backward(
    stream: &LogStream,
    before: EventKey,
    window: Window,
    limit: usize,
    now: SimTime,
) -> Vec<Event> {
    let mut at = before.min(EventKey::start_of(window.until));
    let keys = std::iter::from_fn(|| {
        at = stream
            .key_before(at, now)
            .filter(|key| key.at >= window.from)?;
        Some(at)
    });
    let mut events = page(stream, keys, limit, now);
    events.reverse();
    events
}

/// As many events as the limit and the size of a page allow, but at least one.
fn page(
    stream: &LogStream,
    keys: impl Iterator<Item = EventKey>,
    limit: usize,
    now: SimTime,
) -> Vec<Event> {
    let mut bytes = 0;
    let mut events = Vec::new();
    for event in keys.filter_map(|key| stream.event(key, now)).take(limit) {
        bytes += event.message.len() + EVENT_OVERHEAD;
        if bytes > PAGE_BYTES && !events.is_empty() {
            break;
        }
        events.push(event);
    }
    events
}

fn event_json(event: &Event) -> Value {
    json!({
        "timestamp": event.key.at.0,
        "message": event.message,
        "ingestionTime": event.ingested.0,
    })
}
