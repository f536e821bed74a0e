//! `FilterLogEvents`: the events of many streams in the order of their times.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde_json::{Map, Value, json};

use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::clock::SimTime;
use crate::sim::world::logs::filter::Filter;
use crate::sim::world::logs::{Event, EventKey, LogGroup, LogStream};

use super::{EVENT_OVERHEAD, PAGE_BYTES, Place, Window, no_stream, token, write};

/// The most events in a page, and how many there are when the client does not say.
const PAGE: i64 = 10_000;

/// How many events one call looks at. AWS stops by time, not by number; what clients see is the
/// same: a page may be short, or empty, and still have a `nextToken`.
const LOOKED_AT: usize = 5_000;

/// The place of an event among those of all streams: the time, the number of the stream, and the
/// place within it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Position {
    at: SimTime,
    stream: u32,
    key: EventKey,
}

pub fn filter_log_events(place: &mut Place<'_>, input: Input<'_>) -> Answer {
    let window = Window::read(input, true)?;
    let limit = input.integer_within("limit", 1, PAGE)?.unwrap_or(PAGE);
    let filter = Filter::parse(pattern(input)?).map_err(ApiError::invalid_parameter)?;
    input.boolean("interleaved")?;
    input.boolean("unmask")?;
    let after = input.string("nextToken")?.map(position).transpose()?;
    let (_, group) = place.named_group(input)?;
    let streams = wanted_streams(input, group)?;
    let search = Search {
        streams,
        window,
        now: place.now,
    };
    let page = search.page(&filter, after, usize::try_from(limit).unwrap_or(1));
    let mut answer = Map::new();
    answer.insert("events".to_owned(), Value::Array(page.events));
    // Since 2020 AWS leaves this list empty.
    answer.insert("searchedLogStreams".to_owned(), json!([]));
    if let Some(last) = page.more_after {
        answer.insert("nextToken".to_owned(), json!(token_of(last)));
    }
    Ok(Value::Object(answer))
}

fn pattern(input: Input<'_>) -> Result<&str, ApiError> {
    let pattern = input.string("filterPattern")?.unwrap_or_default();
    if pattern.chars().count() <= 1024 {
        return Ok(pattern);
    }
    Err(ApiError::invalid_parameter(
        "The filterPattern is longer than 1024 characters.",
    ))
}

fn wanted_streams<'a>(
    input: Input<'a>,
    group: &'a LogGroup,
) -> Result<Vec<(&'a str, &'a LogStream)>, ApiError> {
    let names = input.strings("logStreamNames")?;
    let prefix = input.string("logStreamNamePrefix")?;
    if names.len() > 100 {
        return Err(ApiError::invalid_parameter(
            "At most 100 logStreamNames can be given.",
        ));
    }
    if input.has("logStreamNames") && prefix.is_some() {
        return Err(ApiError::invalid_parameter(
            "logStreamNamePrefix and logStreamNames are mutually exclusive parameters.",
        ));
    }
    if input.has("logStreamNames") && names.is_empty() {
        return Err(ApiError::invalid_parameter(
            "logStreamNames must not be empty.",
        ));
    }
    if let Some(prefix) = prefix {
        write::check_stream_name("logStreamNamePrefix", prefix)?;
    }
    if names.is_empty() {
        let all = group
            .streams()
            .iter()
            .map(|(name, stream)| (name.as_str(), stream));
        return Ok(all
            .filter(|(name, _)| prefix.is_none_or(|it| name.starts_with(it)))
            .collect());
    }
    let found = names.iter().map(|name| Some((*name, group.stream(name)?)));
    found.collect::<Option<_>>().ok_or_else(no_stream)
}

/// A search over streams.
struct Search<'a> {
    streams: Vec<(&'a str, &'a LogStream)>,
    window: Window,
    now: SimTime,
}

/// What a search found.
struct Page {
    events: Vec<Value>,
    /// The last event that was looked at, when there are more.
    more_after: Option<Position>,
}

impl Search<'_> {
    fn page(&self, filter: &Filter, after: Option<Position>, limit: usize) -> Page {
        let mut heads: BinaryHeap<Reverse<(Position, usize)>> = (0..)
            .zip(&self.streams)
            .filter_map(|(place, _)| self.first(place, after))
            .collect();
        let (mut events, mut bytes, mut looked_at) = (Vec::new(), 0, 0);
        let mut last = after;
        while let Some(Reverse((position, place))) = heads.pop() {
            let Some((name, stream)) = self.streams.get(place) else {
                break;
            };
            let Some(event) = stream.event(position.key) else {
                break;
            };
            if filter.matches(&event.message) {
                bytes += event.message.len() + EVENT_OVERHEAD;
                if events.len() == limit || (bytes > PAGE_BYTES && !events.is_empty()) {
                    return Page {
                        events,
                        more_after: last,
                    };
                }
                events.push(event_json(name, stream.ordinal, &event));
            }
            looked_at += 1;
            last = Some(position);
            heads.extend(self.next(place, position.key));
            if looked_at == LOOKED_AT && !heads.is_empty() {
                return Page {
                    events,
                    more_after: last,
                };
            }
        }
        Page {
            events,
            more_after: None,
        }
    }

    /// The first event of a stream that comes after a position of the whole search.
    fn first(&self, place: usize, after: Option<Position>) -> Option<Reverse<(Position, usize)>> {
        let (_, stream) = self.streams.get(place)?;
        let start = EventKey::before(self.window.from);
        let start = match after {
            None => start,
            Some(after) if after.stream == stream.ordinal => after.key.max(start),
            // Of streams with a lower number all events of that moment have been seen.
            Some(after) if after.stream > stream.ordinal => {
                EventKey::before(after.at.plus_millis(1)).max(start)
            }
            Some(after) => EventKey::before(after.at).max(start),
        };
        self.next(place, start)
    }

    fn next(&self, place: usize, after: EventKey) -> Option<Reverse<(Position, usize)>> {
        let (_, stream) = self.streams.get(place)?;
        let key = stream
            .key_after(after, self.now)
            .filter(|key| key.at < self.window.until)?;
        Some(Reverse((
            Position {
                at: key.at,
                stream: stream.ordinal,
                key,
            },
            place,
        )))
    }
}

fn event_json(stream: &str, ordinal: u32, event: &Event) -> Value {
    let EventKey { at, source, index } = event.key;
    json!({
        "logStreamName": stream,
        "timestamp": at.0,
        "message": event.message,
        "ingestionTime": event.ingested.0,
        "eventId": format!("{:016}{ordinal:010}{source:010}{index:020}", at.0),
    })
}

fn token_of(position: Position) -> String {
    format!("{:010}{}", position.stream, token::from_key(position.key))
}

fn position(token: &str) -> Result<Position, ApiError> {
    let (stream, digits) = token.split_at_checked(10).ok_or_else(token::invalid)?;
    let key = token::to_key(digits)?;
    Ok(Position {
        at: key.at,
        stream: stream.parse().map_err(|_| token::invalid())?,
        key,
    })
}
