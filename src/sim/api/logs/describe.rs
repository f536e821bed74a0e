//! `DescribeLogGroups` and `DescribeLogStreams`.

use serde_json::{Map, Value, json};

use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::clock::SimTime;
use crate::sim::world::logs::{LogGroup, LogStream};

use super::{Place, token, write};

/// The most groups or streams in a page, and how many there are when the client does not say.
const PAGE: i64 = 50;

pub fn describe_log_groups(place: &mut Place<'_>, input: Input<'_>) -> Answer {
    let wanted = WantedGroups::read(place, input)?;
    let limit = limit(input)?;
    let after = after(input)?;
    let mut groups = place
        .logs
        .groups()
        .iter()
        .filter(|(name, group)| wanted.takes(name, group))
        .filter(|(name, _)| after.as_deref().is_none_or(|after| name.as_str() > after));
    let page: Vec<_> = groups.by_ref().take(limit).collect();
    let more = groups.next().is_some();
    let mut answer = Map::new();
    let rows: Vec<Value> = page
        .iter()
        .map(|(name, group)| group_json(place, name, group))
        .collect();
    answer.insert("logGroups".to_owned(), Value::Array(rows));
    if let Some((last, _)) = page.last().filter(|_| more) {
        answer.insert("nextToken".to_owned(), json!(token::from_text(last)));
    }
    Ok(Value::Object(answer))
}

/// Which groups are asked for.
struct WantedGroups<'a> {
    prefix: Option<&'a str>,
    /// A part of the name, in lower case: AWS does not mind the case of a pattern.
    pattern: Option<String>,
    class: Option<&'a str>,
    names: Option<Vec<&'a str>>,
}

impl<'a> WantedGroups<'a> {
    fn read(place: &Place<'_>, input: Input<'a>) -> Result<Self, ApiError> {
        let prefix = input.string("logGroupNamePrefix")?;
        let pattern = input.string("logGroupNamePattern")?;
        if prefix.is_some() && pattern.is_some() {
            return Err(ApiError::invalid_parameter(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
            ));
        }
        for (member, name) in [
            ("logGroupNamePrefix", prefix),
            ("logGroupNamePattern", pattern),
        ] {
            name.filter(|name| !name.is_empty() || member == "logGroupNamePrefix")
                .map_or(Ok(()), |name| write::check_group_name(member, name))?;
        }
        // There are no linked accounts here: what is asked about them changes nothing.
        input.strings("accountIdentifiers")?;
        input.boolean("includeLinkedAccounts")?;
        let identifiers = input.strings("logGroupIdentifiers")?;
        if identifiers.len() > 50 {
            return Err(ApiError::invalid_parameter(
                "At most 50 logGroupIdentifiers can be given.",
            ));
        }
        // An identifier of another account or region names nothing here.
        let names: Vec<&str> = identifiers
            .iter()
            .filter_map(|it| place.group_of_identifier(it).ok())
            .collect();
        Ok(Self {
            prefix,
            pattern: pattern.map(str::to_lowercase),
            class: input.word(
                "logGroupClass",
                &["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"],
            )?,
            names: (!identifiers.is_empty()).then_some(names),
        })
    }

    fn takes(&self, name: &str, group: &LogGroup) -> bool {
        self.prefix.is_none_or(|prefix| name.starts_with(prefix))
            && self
                .pattern
                .as_ref()
                .is_none_or(|part| name.to_lowercase().contains(part))
            && self.class.is_none_or(|class| group.class == class)
            && self
                .names
                .as_ref()
                .is_none_or(|names| names.contains(&name))
    }
}

fn group_json(place: &Place<'_>, name: &str, group: &LogGroup) -> Value {
    let arn = place.group_arn(name);
    let mut row = json!({
        "logGroupName": name,
        "creationTime": group.created.0,
        "metricFilterCount": 0,
        "arn": format!("{arn}:*"),
        "storedBytes": group.stored_bytes(place.now),
        "logGroupClass": group.class,
        "logGroupArn": arn,
        "deletionProtectionEnabled": group.deletion_protection,
    });
    if let (Some(key), Some(row)) = (&group.kms_key_id, row.as_object_mut()) {
        row.insert("kmsKeyId".to_owned(), json!(key));
    }
    row
}

pub fn describe_log_streams(place: &mut Place<'_>, input: Input<'_>) -> Answer {
    let (group_name, group) = place.named_group(input)?;
    let prefix = input.string("logStreamNamePrefix")?;
    if let Some(prefix) = prefix {
        write::check_stream_name("logStreamNamePrefix", prefix)?;
    }
    let order = input.word("orderBy", &["LogStreamName", "LastEventTime"])?;
    let by_time = order == Some("LastEventTime");
    if by_time && prefix.is_some() {
        return Err(ApiError::invalid_parameter(
            "Cannot order by LastEventTime with a logStreamNamePrefix.",
        ));
    }
    let descending = input.boolean("descending")?.unwrap_or(false);
    let limit = limit(input)?;
    let after = after(input)?;

    let mut rows: Vec<Row<'_>> = group
        .streams()
        .iter()
        .filter(|(name, _)| prefix.is_none_or(|prefix| name.starts_with(prefix)))
        .map(|(name, stream)| Row {
            time: by_time.then(|| last_event(stream, place.now)),
            name,
            stream,
        })
        .collect();
    rows.sort_by(|a, b| (a.time, a.name).cmp(&(b.time, b.name)));
    if descending {
        rows.reverse();
    }
    let start = match &after {
        None => 0,
        Some(after) => start_after(&rows, after, descending)?,
    };
    let rest = rows.get(start..).unwrap_or_default();
    let page = rest.get(..limit).unwrap_or(rest);
    let group_arn = place.group_arn(group_name);
    let mut answer = Map::new();
    let streams = page
        .iter()
        .map(|row| row.json(&group_arn, place.now))
        .collect();
    answer.insert("logStreams".to_owned(), Value::Array(streams));
    if let Some(last) = page.last().filter(|_| rest.len() > limit) {
        answer.insert("nextToken".to_owned(), json!(last.token()));
    }
    Ok(Value::Object(answer))
}

/// A stream in the order that is asked for.
struct Row<'a> {
    /// The time of the last event, when that is the order.
    time: Option<i64>,
    name: &'a String,
    stream: &'a LogStream,
}

impl Row<'_> {
    fn token(&self) -> String {
        token::from_text(&format!("{}:{}", self.time.unwrap_or(-1), self.name))
    }

    fn json(&self, group_arn: &str, now: SimTime) -> Value {
        let name = self.name;
        let mut row = json!({
            "logStreamName": name,
            "creationTime": self.stream.created.0,
            "arn": format!("{group_arn}:log-stream:{name}"),
            // AWS stopped counting the bytes of a stream in 2019.
            "storedBytes": 0,
        });
        let times = [
            (
                "firstEventTimestamp",
                self.stream.first(now).map(|key| key.at),
            ),
            (
                "lastEventTimestamp",
                self.stream.last(now).map(|key| key.at),
            ),
            ("lastIngestionTime", self.stream.last_ingestion(now)),
        ];
        if let Some(row) = row.as_object_mut() {
            for (member, time) in times {
                time.map(|time| row.insert(member.to_owned(), json!(time.0)));
            }
        }
        row
    }
}

fn last_event(stream: &LogStream, now: SimTime) -> i64 {
    stream.last(now).map_or(0, |key| key.at.0)
}

/// Where the page after the row of a token starts.
fn start_after(rows: &[Row<'_>], after: &str, descending: bool) -> Result<usize, ApiError> {
    let (time, name) = after.split_once(':').ok_or_else(token::invalid)?;
    let time: i64 = time.parse().map_err(|_| token::invalid())?;
    Ok(rows.partition_point(|row| {
        let order = (row.time.unwrap_or(-1), row.name.as_str()).cmp(&(time, name));
        if descending {
            order.is_ge()
        } else {
            order.is_le()
        }
    }))
}

fn limit(input: Input<'_>) -> Result<usize, ApiError> {
    let limit = input.integer_within("limit", 1, PAGE)?.unwrap_or(PAGE);
    Ok(usize::try_from(limit).unwrap_or(1))
}

fn after(input: Input<'_>) -> Result<Option<String>, ApiError> {
    input.string("nextToken")?.map(token::to_text).transpose()
}
