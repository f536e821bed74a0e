//! `FilterLogEvents`: the events of many streams in the order of their times.

use std::cmp::Ordering;
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
const LOOKED_AT: usize = 10_000;

/// A token can be used for so many milliseconds: 24 hours.
const TOKEN_LASTS: i64 = 24 * 3_600_000;

/// Newest first is only to be had from this moment on: 1 January 2024.
const NEWEST_FIRST_SINCE: SimTime = SimTime(1_704_067_200_000);

/// Which way a search goes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Direction {
    OldestFirst,
    NewestFirst,
}

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
    let mut direction = direction(input, window)?;
    let mut after = None;
    if let Some(token) = input.string("nextToken")? {
        // The direction of the token counts, whatever else the request says.
        let (way, position) = read_token(token, place.now)?;
        (direction, after) = (way, Some(position));
    }
    let (_, group) = place.named_group(input)?;
    let streams = wanted_streams(input, group)?;
    let search = Search {
        streams,
        window,
        direction,
        now: place.now,
    };
    let page = search.page(&filter, after, usize::try_from(limit).unwrap_or(1));
    let mut answer = Map::new();
    answer.insert("events".to_owned(), Value::Array(page.events));
    // Since 2020 AWS leaves this list empty.
    answer.insert("searchedLogStreams".to_owned(), json!([]));
    if let Some(last) = page.more_after {
        answer.insert(
            "nextToken".to_owned(),
            json!(token_of(direction, place.now, last)),
        );
    }
    Ok(Value::Object(answer))
}

fn direction(input: Input<'_>, window: Window) -> Result<Direction, ApiError> {
    if input.boolean("startFromHead")?.unwrap_or(true) {
        return Ok(Direction::OldestFirst);
    }
    if window.from < NEWEST_FIRST_SINCE {
        return Err(ApiError::invalid_parameter(
            "startFromHead can be false only with a startTime on or after 2024-01-01T00:00:00Z.",
        ));
    }
    Ok(Direction::NewestFirst)
}

fn pattern(input: Input<'_>) -> Result<&str, ApiError> {
    let pattern = input.string("filterPattern")?.unwrap_or_default();
    check_pattern("filterPattern", pattern)?;
    Ok(pattern)
}

/// Checks the length of a filter pattern.
pub fn check_pattern(member: &str, pattern: &str) -> Result<(), ApiError> {
    if pattern.chars().count() <= 1024 {
        return Ok(());
    }
    Err(ApiError::invalid_parameter(format!(
        "The {member} is longer than 1024 characters."
    )))
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
    direction: Direction,
    now: SimTime,
}

/// What a search found.
struct Page {
    events: Vec<Value>,
    /// The last event that was looked at, when there are more.
    more_after: Option<Position>,
}

/// The next event of one stream. The greatest head is the one that comes next.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    position: Position,
    direction: Direction,
    /// The place of the stream in the search.
    place: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.direction {
            Direction::OldestFirst => other.position.cmp(&self.position),
            Direction::NewestFirst => self.position.cmp(&other.position),
        }
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Search<'_> {
    fn page(&self, filter: &Filter, after: Option<Position>, limit: usize) -> Page {
        let mut heads: BinaryHeap<Head> = (0..self.streams.len())
            .filter_map(|place| self.next(place, self.start(place, after)?))
            .collect();
        let (mut events, mut bytes, mut looked_at) = (Vec::new(), 0, 0);
        let mut last = after;
        while let Some(Head {
            position, place, ..
        }) = heads.pop()
        {
            let Some((name, stream)) = self.streams.get(place) else {
                break;
            };
            let Some(event) = stream.event(position.key, self.now) else {
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

    /// Where one stream goes on after a position of the whole search.
    fn start(&self, place: usize, after: Option<Position>) -> Option<EventKey> {
        let (_, stream) = self.streams.get(place)?;
        let (first, last) = (
            EventKey::before(self.window.from),
            EventKey::start_of(self.window.until),
        );
        let Some(after) = after else {
            return Some(match self.direction {
                Direction::OldestFirst => first,
                Direction::NewestFirst => last,
            });
        };
        // Of the events of that moment, those of streams with a lower number come first; so going
        // forward they have all been seen, and going backward none of them.
        let moment = match stream.ordinal.cmp(&after.stream) {
            Ordering::Less => EventKey::before(after.at.plus_millis(1)),
            Ordering::Equal => after.key,
            Ordering::Greater => EventKey::before(after.at),
        };
        Some(match self.direction {
            Direction::OldestFirst => moment.max(first),
            Direction::NewestFirst => moment.min(last),
        })
    }

    fn next(&self, place: usize, from: EventKey) -> Option<Head> {
        let (_, stream) = self.streams.get(place)?;
        let key = match self.direction {
            Direction::OldestFirst => stream.key_after(from, self.now),
            Direction::NewestFirst => stream.key_before(from, self.now),
        };
        let key = key.filter(|key| (self.window.from..self.window.until).contains(&key.at))?;
        let position = Position {
            at: key.at,
            stream: stream.ordinal,
            key,
        };
        Some(Head {
            position,
            direction: self.direction,
            place,
        })
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

fn token_of(direction: Direction, now: SimTime, position: Position) -> String {
    let way = match direction {
        Direction::OldestFirst => 'f',
        Direction::NewestFirst => 'b',
    };
    format!(
        "{way}{:013}{:010}{}",
        now.0,
        position.stream,
        token::from_key(position.key)
    )
}

fn read_token(token: &str, now: SimTime) -> Result<(Direction, Position), ApiError> {
    let (way, digits) = token.split_at_checked(1).ok_or_else(token::invalid)?;
    let direction = match way {
        "f" => Direction::OldestFirst,
        "b" => Direction::NewestFirst,
        _ => return Err(token::invalid()),
    };
    let (made, digits) = digits.split_at_checked(13).ok_or_else(token::invalid)?;
    let made = made.parse().map_err(|_| token::invalid())?;
    if now.millis_since(SimTime(made)) > TOKEN_LASTS {
        return Err(token::invalid());
    }
    let (stream, digits) = digits.split_at_checked(10).ok_or_else(token::invalid)?;
    let key = token::to_key(digits)?;
    let stream = stream.parse().map_err(|_| token::invalid())?;
    Ok((
        direction,
        Position {
            at: key.at,
            stream,
            key,
        },
    ))
}
