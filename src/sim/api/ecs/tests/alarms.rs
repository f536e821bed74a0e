//! Alarms that fail a deployment.

use serde_json::{Value, json};

use super::shifts::{Shifts, blue_green};
use crate::sim::world::alarms::AlarmState;

fn watched(rollback: bool) -> Value {
    json!({"alarms": {"alarmNames": ["errors", "latency"], "enable": true, "rollback": rollback}})
}

fn rolling(rollback: bool) -> Value {
    watched(rollback)
}

#[test]
fn an_alarm_that_fires_while_baking_rolls_back() {
    let mut shifts = Shifts::new(&blue_green(&watched(true)));
    let arn = shifts.ground.deploy("web:2");
    let id = shifts.ground.service()["deployments"][0]["id"].clone();
    shifts.until_stage(&arn, "BAKE_TIME");
    assert_eq!(
        shifts.ground.release(&arn)["alarms"],
        json!({"status": "MONITORING", "alarmNames": ["errors", "latency"], "triggeredAlarmNames": []})
    );
    shifts.alarm("errors", AlarmState::Alarm);
    let release = shifts.ground.release(&arn);
    assert_eq!(release["status"], "ROLLBACK_REQUESTED");
    assert_eq!(
        release["alarms"],
        json!({
            "status": "TRIGGERED", "alarmNames": ["errors", "latency"],
            "triggeredAlarmNames": ["errors"],
        })
    );
    let event = format!(
        "(service web) (deployment {}) deployment failed: alarm detected.",
        id.as_str().unwrap()
    );
    assert!(shifts.ground.events().contains(&event));
    shifts.until_status(&arn, "ROLLBACK_SUCCESSFUL");
    shifts.is_back(&arn);
}

#[test]
fn an_alarm_that_already_fires_is_ignored_for_the_whole_deployment() {
    for configuration in [blue_green(&watched(true)), rolling(true)] {
        let mut shifts = Shifts::new(&configuration);
        shifts.alarm("errors", AlarmState::Alarm);
        let arn = shifts.ground.deploy("web:2");
        shifts.ground.pass(30.0);
        shifts.alarm("errors", AlarmState::Ok);
        shifts.alarm("errors", AlarmState::Alarm);
        shifts.until_status(&arn, "SUCCESSFUL");
        let alarms = shifts.ground.release(&arn)["alarms"].clone();
        assert_eq!(alarms["status"], "MONITORING_COMPLETE");
        assert_eq!(alarms["triggeredAlarmNames"], json!([]));
    }
}

#[test]
fn an_alarm_of_another_service_or_after_the_end_changes_nothing() {
    let mut shifts = Shifts::new(&blue_green(&watched(true)));
    let arn = shifts.ground.deploy("web:2");
    shifts.until_stage(&arn, "BAKE_TIME");
    shifts.alarm("other", AlarmState::Alarm);
    shifts.until_status(&arn, "SUCCESSFUL");
    shifts.alarm("errors", AlarmState::Alarm);
    shifts.ground.pass(60.0);
    assert_eq!(shifts.ground.release(&arn)["status"], "SUCCESSFUL");
}

#[test]
fn without_rollback_an_alarm_leaves_everything_where_it_is() {
    let mut shifts = Shifts::new(&blue_green(&watched(false)));
    let arn = shifts.ground.deploy("web:2");
    shifts.until_stage(&arn, "BAKE_TIME");
    shifts.alarm("latency", AlarmState::Alarm);
    assert_eq!(shifts.ground.release(&arn)["status"], "STOPPED");
    shifts.ground.pass(900.0);
    assert_eq!(
        shifts.images(),
        [("web:1".to_owned(), 3), ("web:2".to_owned(), 3)]
    );
    assert_eq!(shifts.real("production"), (0, 100));
    assert_eq!(
        shifts.ground.service()["deployments"][0]["rolloutState"],
        "FAILED"
    );
    // The next release begins with putting that in order.
    let next = shifts.ground.deploy("web:3");
    shifts.until_stage(&next, "PRE_SCALE_UP");
    assert_eq!(shifts.images(), [("web:1".to_owned(), 3)]);
    shifts.until_status(&next, "SUCCESSFUL");
}

#[test]
fn a_rolling_release_is_watched_after_its_last_task_has_settled() {
    let mut shifts = Shifts::new(&rolling(true));
    let arn = shifts.ground.deploy("web:2");
    shifts.ground.pass_until(300.0, |ground| {
        ground.service()["runningCount"] == 3
            && ground.service()["deployments"].as_array().unwrap().len() == 1
    });
    shifts.ground.pass(100.0);
    assert_eq!(shifts.ground.release(&arn)["status"], "IN_PROGRESS");
    shifts.alarm("latency", AlarmState::Alarm);
    assert_eq!(shifts.ground.release(&arn)["status"], "ROLLBACK_REQUESTED");
    shifts.until_status(&arn, "ROLLBACK_SUCCESSFUL");
    assert_eq!(shifts.images(), [("web:1".to_owned(), 3)]);
    assert_eq!(
        shifts.ground.release(&arn)["alarms"]["triggeredAlarmNames"],
        json!(["latency"])
    );
}
