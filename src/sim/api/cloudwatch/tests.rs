use serde_json::{Value, json};

use super::handle;
use crate::sim::api::ApiError;
use crate::sim::clock::SimTime;
use crate::sim::world::{DEFAULT_ACCOUNT, World};

const REGION: &str = "us-east-1";

fn call(world: &mut World, operation: &str, input: &Value) -> Result<Value, ApiError> {
    handle(world, DEFAULT_ACCOUNT, REGION, operation, input).unwrap()
}

fn alarm(name: &str) -> Value {
    json!({
        "AlarmName": name, "MetricName": "Errors", "Namespace": "Shop", "Statistic": "Sum",
        "Period": 60, "EvaluationPeriods": 1, "Threshold": 5,
        "ComparisonOperator": "GreaterThanThreshold",
    })
}

fn world(names: &[&str]) -> World {
    let mut world = World::new(1, SimTime(1_795_000_000_000));
    for name in names {
        assert_eq!(
            call(&mut world, "PutMetricAlarm", &alarm(name)),
            Ok(Value::Null)
        );
    }
    world
}

fn names(answer: &Value) -> Vec<&str> {
    let alarms = answer["MetricAlarms"].as_array().unwrap();
    alarms
        .iter()
        .map(|one| one["AlarmName"].as_str().unwrap())
        .collect()
}

#[test]
fn an_alarm_is_made_set_and_read() {
    let mut world = world(&["errors"]);
    let read = |world: &mut World| {
        let answer = call(
            world,
            "DescribeAlarms",
            &json!({"AlarmNames": ["errors", "none"]}),
        );
        answer.unwrap()["MetricAlarms"][0].clone()
    };
    let before = read(&mut world);
    assert_eq!(before["StateValue"], "INSUFFICIENT_DATA");
    assert_eq!(before["Threshold"], json!(5.0));
    assert_eq!(
        before["AlarmArn"],
        "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors"
    );
    world.advance(SimTime(1_795_000_060_000));
    let set = json!({
        "AlarmName": "errors", "StateValue": "ALARM", "StateReason": "by hand",
        "StateReasonData": "{}",
    });
    assert_eq!(call(&mut world, "SetAlarmState", &set), Ok(Value::Null));
    let after = read(&mut world);
    assert_eq!(after["StateValue"], "ALARM");
    assert_eq!(after["StateReason"], "by hand");
    assert_eq!(after["StateReasonData"], "{}");
    assert_eq!(after["StateUpdatedTimestamp"], json!(1_795_000_060.0));
    assert_eq!(
        after["AlarmConfigurationUpdatedTimestamp"],
        before["AlarmConfigurationUpdatedTimestamp"]
    );
    // Another definition leaves the state alone.
    call(&mut world, "PutMetricAlarm", &alarm("errors")).unwrap();
    assert_eq!(read(&mut world)["StateValue"], "ALARM");
}

#[test]
fn alarms_are_found_by_prefix_state_and_kind() {
    let mut world = world(&["web-5xx", "web-slow", "jobs"]);
    let set = json!({"AlarmName": "web-slow", "StateValue": "OK", "StateReason": ""});
    call(&mut world, "SetAlarmState", &set).unwrap();
    for (input, expected) in [
        (json!({}), vec!["jobs", "web-5xx", "web-slow"]),
        (
            json!({"AlarmNamePrefix": "web"}),
            vec!["web-5xx", "web-slow"],
        ),
        (json!({"StateValue": "OK"}), vec!["web-slow"]),
        (json!({"AlarmTypes": ["CompositeAlarm"]}), vec![]),
        (
            json!({"AlarmTypes": ["MetricAlarm"], "AlarmNames": ["jobs"]}),
            vec!["jobs"],
        ),
        (json!({"ParentsOfAlarmName": "jobs"}), vec![]),
        (json!({"ActionPrefix": "arn:"}), vec![]),
    ] {
        let answer = call(&mut world, "DescribeAlarms", &input).unwrap();
        assert_eq!(names(&answer), expected, "{input}");
        assert_eq!(answer["CompositeAlarms"], json!([]));
    }
}

#[test]
fn alarms_come_in_pages() {
    let mut world = world(&["a", "b", "c"]);
    let first = call(&mut world, "DescribeAlarms", &json!({"MaxRecords": 2})).unwrap();
    assert_eq!(names(&first), ["a", "b"]);
    let input = json!({"MaxRecords": 2, "NextToken": first["NextToken"]});
    let second = call(&mut world, "DescribeAlarms", &input).unwrap();
    assert_eq!(names(&second), ["c"]);
    assert!(second.get("NextToken").is_none());
}

#[test]
fn wrong_calls_have_their_errors() {
    let mut world = world(&["a"]);
    let mut both = alarm("b");
    both["ExtendedStatistic"] = json!("p99");
    let mut half = alarm("b");
    half.as_object_mut().unwrap().remove("MetricName");
    let set = |name: &str, value: &str, data: &str| {
        json!({
            "AlarmName": name, "StateValue": value, "StateReason": "r", "StateReasonData": data,
        })
    };
    for (operation, input, code) in [
        (
            "DescribeAlarms",
            json!({"MaxRecords": 101}),
            "ValidationError",
        ),
        (
            "DescribeAlarms",
            json!({"NextToken": "?"}),
            "InvalidNextToken",
        ),
        (
            "DescribeAlarms",
            json!({"StateValue": "LOUD"}),
            "ValidationError",
        ),
        (
            "DescribeAlarms",
            json!({"AlarmNames": ["a"], "AlarmNamePrefix": "a"}),
            "InvalidParameterCombinationException",
        ),
        (
            "DescribeAlarms",
            json!({"AlarmNames": 1}),
            "SerializationException",
        ),
        ("PutMetricAlarm", json!({}), "ValidationError"),
        (
            "PutMetricAlarm",
            both,
            "InvalidParameterCombinationException",
        ),
        ("PutMetricAlarm", half, "MissingRequiredParameterException"),
        ("SetAlarmState", set("b", "OK", "{}"), "ResourceNotFound"),
        ("SetAlarmState", set("a", "OK", "{"), "InvalidFormatFault"),
        ("SetAlarmState", set("a", "LOUD", "{}"), "ValidationError"),
    ] {
        let error = call(&mut world, operation, &input).unwrap_err();
        assert_eq!(error.code, code, "{operation} {input}");
    }
    assert!(handle(&mut world, "1", REGION, "DeleteAlarms", &json!({})).is_none());
}
