//! `StartLiveTail`: what a session was asked for, and what it shows of each second.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::sim::api::input::{constraint, missing};
use crate::sim::api::{ApiError, Input};
use crate::sim::clock::SimTime;
use crate::sim::world::World;
use crate::sim::world::logs::filter::Filter;
use crate::sim::world::logs::{Arrival, LogStream, Logs};

use super::{Place, no_group, search, write};

/// The most log groups in a session.
const MOST_GROUPS: usize = 10;

/// The most names or prefixes of streams in a session.
const MOST_STREAMS: usize = 100;

/// The most events in one update. Above that AWS samples.
const MOST_EVENTS: usize = 500;

/// The most bytes of text in one update. AWS names no number; this keeps an update of the longest
/// events within the 16 MB that clients take as one message of an event stream.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What a live tail shows: the groups, the streams, and the events in them.
#[derive(Clone, Debug)]
pub struct LiveTail {
    /// The ARNs of the groups, as the client gave them.
    identifiers: Vec<String>,
    /// The names of the groups, each once.
    groups: BTreeSet<String>,
    streams: Streams,
    pattern: Option<String>,
    filter: Filter,
}

/// The streams of a session.
#[derive(Clone, Debug)]
enum Streams {
    All,
    Names(Vec<String>),
    Prefixes(Vec<String>),
}

/// What was taken in within a second.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// The content of `sessionUpdate`.
    pub content: Value,
    /// How many events are in it.
    pub events: usize,
}

/// An event of an update, before its text is needed.
struct Found<'a> {
    arrival: Arrival,
    ordinal: u32,
    group: &'a str,
    name: &'a str,
    stream: &'a LogStream,
    /// The text, if the filter wanted to see it.
    message: Option<String>,
}

impl LiveTail {
    /// Understands a request, or refuses it as AWS does.
    pub fn open(
        world: &mut World,
        account: &str,
        region: &str,
        input: &Value,
    ) -> Result<Self, ApiError> {
        let (now, input) = (world.now(), Input::new(input)?);
        let logs = &mut world.region_mut(account, region).logs;
        let place = Place {
            logs,
            now,
            account,
            region,
        };
        let identifiers = identifiers(input)?;
        let mut groups = BTreeSet::new();
        for identifier in &identifiers {
            groups.insert(group(&place, identifier)?);
        }
        let streams = Streams::read(input, groups.len())?;
        let pattern = input.string("logEventFilterPattern")?;
        search::check_pattern("logEventFilterPattern", pattern.unwrap_or_default())?;
        let filter = Filter::parse(pattern.unwrap_or_default());
        Ok(Self {
            identifiers: identifiers.iter().map(|it| (*it).to_owned()).collect(),
            groups,
            streams,
            pattern: pattern.map(str::to_owned),
            filter: filter.map_err(ApiError::invalid_parameter)?,
        })
    }

    /// The names of the groups.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().map(String::as_str)
    }

    /// The content of `sessionStart`.
    pub fn session_start(&self, request_id: &str, session_id: &str) -> Value {
        let mut content = Map::new();
        content.insert("requestId".to_owned(), json!(request_id));
        content.insert("sessionId".to_owned(), json!(session_id));
        content.insert("logGroupIdentifiers".to_owned(), json!(self.identifiers));
        match &self.streams {
            Streams::All => None,
            Streams::Names(names) => content.insert("logStreamNames".to_owned(), json!(names)),
            Streams::Prefixes(prefixes) => {
                content.insert("logStreamNamePrefixes".to_owned(), json!(prefixes))
            }
        };
        if let Some(pattern) = &self.pattern {
            content.insert("logEventFilterPattern".to_owned(), json!(pattern));
        }
        Value::Object(content)
    }

    /// What was taken in after `after` and up to `until`, in the order in which that happened.
    /// A group or stream that came meanwhile is seen, and one that went is not missed.
    pub fn update(&self, logs: &Logs, account: &str, after: SimTime, until: SimTime) -> Update {
        let mut found = self.found(logs, after, until);
        found.sort_by_key(|one| (one.arrival, one.group, one.ordinal));
        let (events, sampled) = sampled(&found, until, account);
        Update {
            events: events.len(),
            content: json!({
                "sessionMetadata": {"sampled": sampled},
                "sessionResults": events,
            }),
        }
    }

    fn found<'a>(&'a self, logs: &'a Logs, after: SimTime, until: SimTime) -> Vec<Found<'a>> {
        let mut all = Vec::new();
        for group in &self.groups {
            let Some(streams) = logs.group(group).map(super::LogGroup::streams) else {
                continue;
            };
            for (name, stream) in streams.iter().filter(|(name, _)| self.streams.has(name)) {
                let arrivals = stream.arrivals(after, until).into_iter();
                all.extend(arrivals.filter_map(|arrival| {
                    let message = match &self.filter {
                        Filter::All => None,
                        filter => {
                            let text = stream.event(arrival.key, until)?.message;
                            Some(text).filter(|text| filter.matches(text)).map(Some)?
                        }
                    };
                    Some(Found {
                        arrival,
                        ordinal: stream.ordinal,
                        group,
                        name,
                        stream,
                        message,
                    })
                }));
            }
        }
        all
    }
}

impl Found<'_> {
    fn text(&self, now: SimTime) -> Option<String> {
        let seen = self.message.clone();
        seen.or_else(|| Some(self.stream.event(self.arrival.key, now)?.message))
    }
}

/// At most as many events as fit into an update, and whether others were left out. AWS does not
/// say which ones it takes; here they are spread evenly over the second.
fn sampled(found: &[Found<'_>], until: SimTime, account: &str) -> (Vec<Value>, bool) {
    let mut sampled = found.len() > MOST_EVENTS;
    let taken = found.len().min(MOST_EVENTS);
    let chosen = (0..taken).filter_map(|number| found.get(number * found.len() / taken));
    let (mut events, mut bytes) = (Vec::new(), 0);
    for one in chosen {
        let Some(message) = one.text(until) else {
            continue;
        };
        bytes += message.len();
        if bytes > MOST_BYTES {
            sampled = true;
            break;
        }
        events.push(json!({
            "logStreamName": one.name,
            "logGroupIdentifier": format!("{account}:{}", one.group),
            "message": message,
            "timestamp": one.arrival.key.at.0,
            "ingestionTime": one.arrival.ingested.0,
        }));
    }
    (events, sampled)
}

impl Streams {
    fn read(input: Input<'_>, groups: usize) -> Result<Self, ApiError> {
        let (names, prefixes) = ("logStreamNames", "logStreamNamePrefixes");
        let given = match (input.has(names), input.has(prefixes)) {
            (false, false) => return Ok(Self::All),
            (true, true) => {
                return Err(ApiError::invalid_parameter(
                    "LogStreamNames and LogStreamNamePrefixes are mutually exclusive parameters.",
                ));
            }
            (true, false) => names,
            (false, true) => prefixes,
        };
        if groups > 1 {
            return Err(ApiError::invalid_parameter(format!(
                "{given} can be given only with a single log group."
            )));
        }
        let listed = input.strings(given)?;
        check_count(given, listed.len(), MOST_STREAMS)?;
        for name in &listed {
            write::check_stream_name(given, name)?;
        }
        let listed = listed.into_iter().map(str::to_owned).collect();
        Ok(if given == names {
            Self::Names(listed)
        } else {
            Self::Prefixes(listed)
        })
    }

    fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Names(names) => names.iter().any(|one| one == name),
            Self::Prefixes(prefixes) => prefixes.iter().any(|one| name.starts_with(one)),
        }
    }
}

fn identifiers(input: Input<'_>) -> Result<Vec<&str>, ApiError> {
    let member = "logGroupIdentifiers";
    if !input.has(member) {
        return Err(missing(member));
    }
    let identifiers = input.strings(member)?;
    check_count(member, identifiers.len(), MOST_GROUPS)?;
    Ok(identifiers)
}

fn check_count(member: &str, count: usize, most: usize) -> Result<(), ApiError> {
    let rule = match count {
        0 => "Member must have length greater than or equal to 1".to_owned(),
        count if count > most => format!("Member must have length less than or equal to {most}"),
        _ => return Ok(()),
    };
    Err(ApiError::invalid_parameter(constraint("[]", member, &rule)))
}

/// The name of the group that an ARN stands for. Unlike other operations this one takes no names.
fn group(place: &Place<'_>, identifier: &str) -> Result<String, ApiError> {
    if !identifier.starts_with("arn:") || identifier.ends_with('*') {
        return Err(ApiError::invalid_parameter(format!(
            "'{identifier}' is not the ARN of a log group without an asterisk at its end."
        )));
    }
    let name = place.group_of_identifier(identifier)?;
    let group = place.logs.group(name).ok_or_else(no_group)?;
    if group.class == "STANDARD" {
        return Ok(name.to_owned());
    }
    Err(ApiError::new(
        "InvalidOperationException",
        format!(
            "Live Tail is not available for log groups of the class {}.",
            group.class
        ),
    ))
}
