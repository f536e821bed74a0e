//! Alarms of every type.

use aws_sdk_cloudwatch::types::{CompositeAlarm, LogAlarm, MetricAlarm, StateValue};
use aws_smithy_types::DateTime;

use super::{text, time};
use crate::domain::alarm::{Alarm, AlarmState};
use crate::domain::text::printable;

/// Converts an alarm on a metric; `None` without its name.
pub(in crate::aws) fn metric_alarm(source: &MetricAlarm) -> Option<Alarm> {
    let since = source
        .state_transitioned_timestamp()
        .or(source.state_updated_timestamp());
    alarm(
        source.alarm_name(),
        source.state_value(),
        since,
        source.state_reason(),
    )
}

/// Converts an alarm on other alarms; `None` without its name.
pub(in crate::aws) fn composite_alarm(source: &CompositeAlarm) -> Option<Alarm> {
    let since = source
        .state_transitioned_timestamp()
        .or(source.state_updated_timestamp());
    alarm(
        source.alarm_name(),
        source.state_value(),
        since,
        source.state_reason(),
    )
}

/// Converts an alarm on log lines; `None` without its name.
pub(in crate::aws) fn log_alarm(source: &LogAlarm) -> Option<Alarm> {
    let since = source
        .state_transitioned_timestamp()
        .or(source.state_updated_timestamp());
    alarm(
        source.alarm_name(),
        source.state_value(),
        since,
        source.state_reason(),
    )
}

/// The update of a state can be younger than its change: then only the reason is new.
fn alarm(
    name: Option<&str>,
    value: Option<&StateValue>,
    since: Option<&DateTime>,
    reason: Option<&str>,
) -> Option<Alarm> {
    Some(Alarm {
        name: text(name)?,
        state: state(value),
        since: time(since),
        reason: text(reason),
    })
}

fn state(source: Option<&StateValue>) -> AlarmState {
    match source.map(StateValue::as_str).unwrap_or_default() {
        "OK" => AlarmState::Ok,
        "ALARM" => AlarmState::Alarm,
        "INSUFFICIENT_DATA" => AlarmState::InsufficientData,
        other => AlarmState::Unknown(printable(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_known_and_a_new_one_keeps_its_name() {
        for name in StateValue::values() {
            let known = state(Some(&StateValue::from(*name)));
            assert!(!matches!(known, AlarmState::Unknown(_)), "{name}");
        }
        let new = state(Some(&StateValue::from("SNOOZED")));
        assert_eq!(new, AlarmState::Unknown("SNOOZED".into()));
    }

    #[test]
    fn an_alarm_fires_since_its_state_changed_and_not_since_its_reason_did() {
        let source = MetricAlarm::builder()
            .alarm_name("errors")
            .state_value(StateValue::Alarm)
            .state_reason("2 datapoints")
            .state_updated_timestamp(DateTime::from_secs(200))
            .state_transitioned_timestamp(DateTime::from_secs(100))
            .build();
        let read = metric_alarm(&source).unwrap();
        assert_eq!(read.state, AlarmState::Alarm);
        assert_eq!(read.since.unwrap().as_second(), 100);
        assert_eq!(read.reason.as_deref(), Some("2 datapoints"));
        assert_eq!(metric_alarm(&MetricAlarm::builder().build()), None);
    }

    #[test]
    fn alarms_of_other_types_are_read_alike() {
        let composite = CompositeAlarm::builder().alarm_name("both").build();
        assert_eq!(composite_alarm(&composite).unwrap().name, "both");
        let log = LogAlarm::builder().alarm_name("lines").build();
        assert_eq!(log_alarm(&log).unwrap().name, "lines");
    }
}
