//! `DescribeAlarms`, `PutMetricAlarm` and `SetAlarmState`.

use serde_json::{Map, Value, json};

use super::invalid;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::alarms::{Alarm, AlarmState};
use crate::sim::world::arn::Place;

/// The most alarms in a page and in a list of names.
const MOST: i64 = 100;
/// The usual size of a page.
const PAGE: i64 = 50;
/// The longest name, in characters.
const LONGEST_NAME: usize = 255;

/// Which alarms are asked for.
struct Wanted<'a> {
    names: Vec<&'a str>,
    prefix: Option<&'a str>,
    state: Option<&'a str>,
    action: Option<&'a str>,
    /// Whether metric alarms are asked for at all: there are no other ones here.
    metric: bool,
}

impl<'a> Wanted<'a> {
    fn read(input: Input<'a>) -> Result<Self, ApiError> {
        let names = input.strings("AlarmNames")?;
        let prefix = input.string("AlarmNamePrefix")?;
        if names.len() > 100 {
            return Err(invalid(
                "Value at 'alarmNames' failed to satisfy constraint: Member must have length \
                 less than or equal to 100",
            ));
        }
        if !names.is_empty() && prefix.is_some() {
            return Err(ApiError::new(
                "InvalidParameterCombinationException",
                "AlarmNames and AlarmNamePrefix cannot be specified together.",
            ));
        }
        let types = input.strings("AlarmTypes")?;
        // Composite alarms have children and parents; none of these is one.
        let family = input.has("ChildrenOfAlarmName") || input.has("ParentsOfAlarmName");
        Ok(Self {
            names,
            prefix,
            state: input.string("StateValue")?,
            action: input.string("ActionPrefix")?,
            metric: !family && (types.is_empty() || types.contains(&"MetricAlarm")),
        })
    }

    fn takes(&self, alarm: &Alarm) -> bool {
        self.metric
            && (self.names.is_empty() || self.names.contains(&alarm.name.as_str()))
            && self
                .prefix
                .is_none_or(|prefix| alarm.name.starts_with(prefix))
            && self.state.is_none_or(|state| alarm.state.word() == state)
            && self.action.is_none_or(|prefix| has_action(alarm, prefix))
    }
}

fn has_action(alarm: &Alarm, prefix: &str) -> bool {
    ["OKActions", "AlarmActions", "InsufficientDataActions"]
        .iter()
        .filter_map(|member| alarm.members.get(*member)?.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .any(|action| action.starts_with(prefix))
}

/// `DescribeAlarms`. The token of a page is the name of the last alarm of the page before.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let wanted = Wanted::read(input)?;
    let size = input.integer_within("MaxRecords", 1, MOST)?.unwrap_or(PAGE);
    let size = usize::try_from(size).unwrap_or(1);
    let after = input.string("NextToken")?;
    if after.is_some_and(|after| region.alarms.get(after).is_none()) {
        return Err(ApiError::new("InvalidNextToken", "Invalid token."));
    }
    let mut rest = region
        .alarms
        .iter()
        .filter(|alarm| after.is_none_or(|after| alarm.name.as_str() > after))
        .filter(|alarm| wanted.takes(alarm));
    let page: Vec<&Alarm> = rest.by_ref().take(size).collect();
    let more = rest.next().is_some();
    let place = &region.ecs.place;
    let shown: Vec<Value> = page.iter().map(|alarm| show(place, alarm)).collect();
    let mut answer = json!({"CompositeAlarms": [], "MetricAlarms": shown});
    if let (Some(last), Some(answer)) = (page.last().filter(|_| more), answer.as_object_mut()) {
        answer.insert("NextToken".to_owned(), json!(last.name));
    }
    Ok(answer)
}

/// `PutMetricAlarm`.
pub fn put(region: &mut Region, input: Input<'_>) -> Answer {
    let name = input.required_string("AlarmName")?;
    if name.chars().count() > LONGEST_NAME {
        return Err(invalid("The name of an alarm has at most 255 characters"));
    }
    check(input)?;
    let mut members = Map::new();
    for (member, value) in input.entries() {
        if member != "AlarmName" && member != "Tags" {
            members.insert(member.clone(), value.clone());
        }
    }
    // The threshold is a double on the wire, however it was written.
    if let Some(threshold) = members.get_mut("Threshold") {
        *threshold = json!(threshold.as_f64());
    }
    let now = region.ecs.now;
    region.alarms.define(name, members, now);
    Ok(Value::Null)
}

fn check(input: Input<'_>) -> Result<(), ApiError> {
    let missing = |name: &str| {
        ApiError::new(
            "MissingRequiredParameterException",
            format!("The parameter {name} is required"),
        )
    };
    for needed in ["EvaluationPeriods", "ComparisonOperator"] {
        if !input.has(needed) {
            return Err(missing(needed));
        }
    }
    for number in ["EvaluationPeriods", "DatapointsToAlarm", "Period"] {
        input.integer_within(number, 1, i64::from(i32::MAX))?;
    }
    for actions in ["OKActions", "AlarmActions", "InsufficientDataActions"] {
        if input.strings(actions)?.len() > 5 {
            return Err(invalid(format!("{actions} can have at most 5 items")));
        }
    }
    if input.has("Metrics") {
        if input.has("MetricName") {
            return Err(ApiError::new(
                "InvalidParameterCombinationException",
                "MetricName and Metrics cannot be specified together.",
            ));
        }
        return Ok(());
    }
    for needed in ["MetricName", "Namespace", "Period"] {
        if !input.has(needed) {
            return Err(missing(needed));
        }
    }
    if input.has("Statistic") == input.has("ExtendedStatistic") {
        return Err(ApiError::new(
            "InvalidParameterCombinationException",
            "Exactly one of Statistic and ExtendedStatistic must be specified.",
        ));
    }
    Ok(())
}

/// `SetAlarmState`.
pub fn set_state(region: &mut Region, input: Input<'_>) -> Answer {
    let name = input.required_string("AlarmName")?;
    let word = input.required_string("StateValue")?;
    let state = AlarmState::from_word(word).unwrap_or(AlarmState::InsufficientData);
    let reason = input.string("StateReason")?.unwrap_or_default();
    if reason.chars().count() > 1023 {
        return Err(invalid("StateReason can have at most 1023 characters"));
    }
    let data = input.string("StateReasonData")?;
    if let Some(data) = data
        && serde_json::from_str::<Value>(data).is_err()
    {
        return Err(ApiError::new(
            "InvalidFormatFault",
            "StateReasonData is not valid JSON",
        ));
    }
    if region.alarms.get(name).is_none() {
        return Err(ApiError {
            code: "ResourceNotFound".to_owned(),
            message: format!("Unable to find alarm {name}"),
            status: 404,
        });
    }
    region.set_alarm_state(name, state, reason);
    if let Some(data) = data {
        region.alarms.set_reason_data(name, data);
    }
    Ok(Value::Null)
}

fn show(place: &Place, alarm: &Alarm) -> Value {
    let mut shown = Map::new();
    let (region, account) = (&place.region, &place.account);
    let arn = format!("arn:aws:cloudwatch:{region}:{account}:alarm:{}", alarm.name);
    shown.insert("AlarmName".to_owned(), json!(alarm.name));
    shown.insert("AlarmArn".to_owned(), json!(arn));
    shown.insert("ActionsEnabled".to_owned(), json!(true));
    for empty in [
        "OKActions",
        "AlarmActions",
        "InsufficientDataActions",
        "Dimensions",
    ] {
        shown.insert(empty.to_owned(), json!([]));
    }
    shown.extend(alarm.members.clone());
    if shown.contains_key("Metrics") {
        shown.remove("Dimensions");
    }
    for (member, value) in [
        ("StateValue", json!(alarm.state.word())),
        ("StateReason", json!(alarm.reason)),
        (
            "AlarmConfigurationUpdatedTimestamp",
            alarm.configured_at.json(),
        ),
        ("StateUpdatedTimestamp", alarm.updated_at.json()),
        ("StateTransitionedTimestamp", alarm.changed_at.json()),
    ] {
        shown.insert(member.to_owned(), value);
    }
    if let Some(data) = &alarm.reason_data {
        shown.insert("StateReasonData".to_owned(), json!(data));
    }
    Value::Object(shown)
}
