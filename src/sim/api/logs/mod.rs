//! The operations of CloudWatch Logs.

mod describe;
pub mod live_tail;
mod read;
mod search;
mod token;
mod write;

use serde_json::Value;

use crate::sim::clock::SimTime;
use crate::sim::world::World;
use crate::sim::world::logs::{LogGroup, Logs};

use super::{Answer, ApiError, Input};

/// What an operation works on: the logs of one account and region, and the moment.
struct Place<'a> {
    logs: &'a mut Logs,
    now: SimTime,
    account: &'a str,
    region: &'a str,
}

/// Performs `operation`; none when CloudWatch Logs here has no such operation.
pub fn handle(
    world: &mut World,
    account: &str,
    region: &str,
    operation: &str,
    input: &Value,
) -> Option<Answer> {
    let perform: fn(&mut Place<'_>, Input<'_>) -> Answer = match operation {
        "CreateLogGroup" => write::create_log_group,
        "CreateLogStream" => write::create_log_stream,
        "PutLogEvents" => write::put_log_events,
        "DescribeLogGroups" => describe::describe_log_groups,
        "DescribeLogStreams" => describe::describe_log_streams,
        "GetLogEvents" => read::get_log_events,
        "FilterLogEvents" => search::filter_log_events,
        _ => return None,
    };
    let now = world.now();
    let logs = &mut world.region_mut(account, region).logs;
    let mut place = Place {
        logs,
        now,
        account,
        region,
    };
    Some(Input::new(input).and_then(|input| perform(&mut place, input)))
}

impl Place<'_> {
    /// The ARN of a group, without the `:*` at its end.
    fn group_arn(&self, name: &str) -> String {
        format!(
            "arn:aws:logs:{}:{}:log-group:{name}",
            self.region, self.account
        )
    }

    /// The group that a reading operation names, by name or by ARN, but not by both.
    fn named_group<'a>(&'a self, input: Input<'a>) -> Result<(&'a str, &'a LogGroup), ApiError> {
        let name = input.string("logGroupName")?;
        let identifier = input.string("logGroupIdentifier")?;
        let name = match (name, identifier) {
            (Some(_), Some(_)) => {
                return Err(ApiError::invalid_parameter(
                    "LogGroup name and LogGroup ARN are mutually exclusive parameters.",
                ));
            }
            (None, None) => {
                return Err(ApiError::invalid_parameter(
                    "Either LogGroup name or LogGroup identifier must be given.",
                ));
            }
            (Some(name), None) => name,
            (None, Some(identifier)) => self.group_of_identifier(identifier)?,
        };
        write::check_group_name("logGroupName", name)?;
        Ok((name, self.logs.group(name).ok_or_else(no_group)?))
    }

    /// The name in an identifier, which is a name or an ARN of this account and region.
    fn group_of_identifier<'b>(&self, identifier: &'b str) -> Result<&'b str, ApiError> {
        if !identifier.starts_with("arn:") {
            return Ok(identifier);
        }
        let identifier = identifier.strip_suffix(":*").unwrap_or(identifier);
        identifier
            .strip_prefix(self.group_arn("").as_str())
            .ok_or_else(no_group)
    }
}

fn no_group() -> ApiError {
    ApiError::resource_not_found("The specified log group does not exist.")
}

fn no_stream() -> ApiError {
    ApiError::resource_not_found("The specified log stream does not exist.")
}

/// The window of time that a reading operation asks for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Window {
    /// The first moment that is in it.
    from: SimTime,
    /// The first moment that is not in it any more.
    until: SimTime,
}

impl Window {
    /// Reads `startTime` and `endTime`. `GetLogEvents` leaves the end out, `FilterLogEvents`
    /// takes it in.
    fn read(input: Input<'_>, end_included: bool) -> Result<Self, ApiError> {
        let from = input.integer_within("startTime", 0, i64::MAX)?.unwrap_or(0);
        let end = input.integer_within("endTime", 0, i64::MAX)?;
        if end.is_some_and(|end| end < from) {
            return Err(ApiError::invalid_parameter(
                "The endTime must not be earlier than the startTime.",
            ));
        }
        let end = end.map_or(i64::MAX, |end| end.saturating_add(i64::from(end_included)));
        Ok(Self {
            from: SimTime(from),
            until: SimTime(end),
        })
    }
}

/// The most bytes of events in one page: 1 MB, where each event counts its message and 26 bytes.
const PAGE_BYTES: usize = 1_048_576;

/// What AWS adds to the length of each message when it counts bytes.
const EVENT_OVERHEAD: usize = 26;

#[cfg(test)]
mod tests;
