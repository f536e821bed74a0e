//! `CreateLogGroup`, `CreateLogStream` and `PutLogEvents`.

use serde_json::{Map, Value, json};

use crate::sim::api::input::{constraint, missing};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;
use crate::sim::world::logs::LogGroup;

use super::{EVENT_OVERHEAD, PAGE_BYTES, Place, no_group, no_stream};

/// The longest name of a group or a stream.
const LONGEST_NAME: usize = 512;
/// The most events in one call of `PutLogEvents`.
const MOST_EVENTS: usize = 10_000;
/// The longest message, in bytes. AWS raised it from 256 KB to 1 MB in 2025.
const LONGEST_MESSAGE: usize = 1_048_576;
/// A batch may not span more than a day, in milliseconds.
const LONGEST_SPAN: i64 = 24 * 3_600_000;
/// Events may be this far in the future, in milliseconds.
const FARTHEST_FUTURE: i64 = 2 * 3_600_000;
/// Events may be this old, in milliseconds.
const FARTHEST_PAST: i64 = 14 * 24 * 3_600_000;

pub fn create_log_group(place: &mut Place<'_>, input: Input<'_>) -> Answer {
    let name = input
        .string("logGroupName")?
        .ok_or_else(|| missing("logGroupName"))?;
    check_group_name("logGroupName", name)?;
    let class = input.word(
        "logGroupClass",
        &["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"],
    )?;
    let kms_key_id = input.string("kmsKeyId")?.map(str::to_owned);
    let deletion_protection = input.boolean("deletionProtectionEnabled")?.unwrap_or(false);
    check_tags(input)?;
    if place.logs.group(name).is_some() {
        return Err(ApiError::new(
            "ResourceAlreadyExistsException",
            "The specified log group already exists",
        ));
    }
    let mut group = LogGroup::new(place.now);
    class.unwrap_or("STANDARD").clone_into(&mut group.class);
    group.kms_key_id = kms_key_id;
    group.deletion_protection = deletion_protection;
    place.logs.insert_group(name, group);
    Ok(Value::Null)
}

pub fn create_log_stream(place: &mut Place<'_>, input: Input<'_>) -> Answer {
    let group = input
        .string("logGroupName")?
        .ok_or_else(|| missing("logGroupName"))?;
    let stream = input
        .string("logStreamName")?
        .ok_or_else(|| missing("logStreamName"))?;
    check_group_name("logGroupName", group)?;
    check_stream_name("logStreamName", stream)?;
    let now = place.now;
    let group = place.logs.group_mut(group).ok_or_else(no_group)?;
    if group.stream(stream).is_some() {
        return Err(ApiError::new(
            "ResourceAlreadyExistsException",
            "The specified log stream already exists",
        ));
    }
    group.stream_or_new(stream, now);
    Ok(Value::Null)
}

pub fn put_log_events(place: &mut Place<'_>, input: Input<'_>) -> Answer {
    let group = input
        .string("logGroupName")?
        .ok_or_else(|| missing("logGroupName"))?;
    let stream_name = input
        .string("logStreamName")?
        .ok_or_else(|| missing("logStreamName"))?;
    check_group_name("logGroupName", group)?;
    check_stream_name("logStreamName", stream_name)?;
    // Since 2023 the token is not needed any more. The entity is taken and not shown again.
    input.string("sequenceToken")?;
    input.structure("entity")?;
    let events = batch(input)?;
    let now = place.now;
    let group = place.logs.group_mut(group).ok_or_else(no_group)?;
    let stream = group.stream_mut(stream_name).ok_or_else(no_stream)?;
    let accepted = Accepted::of(&events, now);
    for (at, message) in events
        .get(accepted.from..accepted.until)
        .unwrap_or_default()
    {
        stream.append(*at, now, (*message).to_owned());
    }
    let seed = now.0.unsigned_abs() ^ events.len() as u64;
    let mut answer = Map::new();
    answer.insert(
        "nextSequenceToken".to_owned(),
        json!(Rng::new(seed).digits(56)),
    );
    if let Some(rejected) = accepted.rejected(events.len()) {
        answer.insert("rejectedLogEventsInfo".to_owned(), rejected);
    }
    Ok(Value::Object(answer))
}

/// The events of the batch, once they have passed every check that refuses all of them.
fn batch<'a>(input: Input<'a>) -> Result<Vec<(SimTime, &'a str)>, ApiError> {
    if !input.has("logEvents") {
        return Err(missing("logEvents"));
    }
    let mut events: Vec<(SimTime, &'a str)> = Vec::new();
    for (number, event) in (1..).zip(input.structures("logEvents")?) {
        let member = |name: &str| format!("logEvents.{number}.member.{name}");
        let at = event.integer_within("timestamp", 0, i64::MAX)?;
        let at = at.ok_or_else(|| missing(&member("timestamp")))?;
        let message = event
            .string("message")?
            .ok_or_else(|| missing(&member("message")))?;
        if message.is_empty() {
            let rule = "Member must have length greater than or equal to 1";
            return Err(ApiError::invalid_parameter(constraint(
                "",
                &member("message"),
                rule,
            )));
        }
        if message.len() + EVENT_OVERHEAD > LONGEST_MESSAGE {
            return Err(ApiError::invalid_parameter(format!(
                "Log event too large: {} bytes exceeds limit of {LONGEST_MESSAGE}",
                message.len() + EVENT_OVERHEAD
            )));
        }
        events.push((SimTime(at), message));
    }
    check_batch(&events)?;
    Ok(events)
}

fn check_batch(events: &[(SimTime, &str)]) -> Result<(), ApiError> {
    if events.is_empty() || events.len() > MOST_EVENTS {
        let rule = if events.is_empty() {
            "Member must have length greater than or equal to 1".to_owned()
        } else {
            format!("Member must have length less than or equal to {MOST_EVENTS}")
        };
        return Err(ApiError::invalid_parameter(constraint(
            "[]",
            "logEvents",
            &rule,
        )));
    }
    if !events.is_sorted_by_key(|(at, _)| *at) {
        return Err(ApiError::invalid_parameter(
            "Log events in a single PutLogEvents request must be in chronological order.",
        ));
    }
    let span = events
        .first()
        .zip(events.last())
        .map(|(first, last)| last.0.millis_since(first.0));
    if span.is_some_and(|span| span > LONGEST_SPAN) {
        return Err(ApiError::invalid_parameter(
            "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
        ));
    }
    let bytes: usize = events
        .iter()
        .map(|(_, message)| message.len() + EVENT_OVERHEAD)
        .sum();
    if bytes > PAGE_BYTES {
        return Err(ApiError::invalid_parameter(format!(
            "Upload too large: {bytes} bytes exceeds limit of {PAGE_BYTES}"
        )));
    }
    Ok(())
}

/// The part of a batch, in order of time, that is neither too old nor too new.
struct Accepted {
    from: usize,
    until: usize,
}

impl Accepted {
    fn of(events: &[(SimTime, &str)], now: SimTime) -> Self {
        let oldest = now.plus_millis(-FARTHEST_PAST);
        let newest = now.plus_millis(FARTHEST_FUTURE);
        Self {
            from: events.partition_point(|(at, _)| *at < oldest),
            until: events.partition_point(|(at, _)| *at <= newest),
        }
    }

    /// What AWS says about the rest, if anything was left out.
    fn rejected(&self, events: usize) -> Option<Value> {
        let mut info = Map::new();
        if self.until < events {
            info.insert("tooNewLogEventStartIndex".to_owned(), json!(self.until));
        }
        if self.from > 0 {
            info.insert("tooOldLogEventEndIndex".to_owned(), json!(self.from));
        }
        (!info.is_empty()).then_some(Value::Object(info))
    }
}

/// Checks the name of a group, or a prefix of one.
pub fn check_group_name(member: &str, name: &str) -> Result<(), ApiError> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || ".-_/#".contains(letter);
    check_name(member, name, r"[\.\-_/#A-Za-z0-9]+", allowed)
}

/// Checks the name of a stream, or a prefix of one.
pub fn check_stream_name(member: &str, name: &str) -> Result<(), ApiError> {
    check_name(member, name, "[^:*]*", |letter| {
        letter != ':' && letter != '*'
    })
}

fn check_name(
    member: &str,
    name: &str,
    pattern: &str,
    allowed: impl Fn(char) -> bool,
) -> Result<(), ApiError> {
    let rule = if name.is_empty() {
        "Member must have length greater than or equal to 1".to_owned()
    } else if name.chars().count() > LONGEST_NAME {
        format!("Member must have length less than or equal to {LONGEST_NAME}")
    } else if !name.chars().all(allowed) {
        format!("Member must satisfy regular expression pattern: {pattern}")
    } else {
        return Ok(());
    };
    Err(ApiError::invalid_parameter(constraint(name, member, &rule)))
}

fn check_tags(input: Input<'_>) -> Result<(), ApiError> {
    let Some(tags) = input.structure("tags")? else {
        return Ok(());
    };
    let mut count = 0;
    for (name, _) in tags.entries() {
        tags.string(name)?;
        count += 1;
    }
    if (1..=50).contains(&count) {
        return Ok(());
    }
    Err(ApiError::invalid_parameter(constraint(
        "{}",
        "tags",
        "Member must have length between 1 and 50",
    )))
}
