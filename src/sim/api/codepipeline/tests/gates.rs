//! Conditions of stages.

use serde_json::{Value, json};

use super::harness::{Ground, START, declaration};
use crate::sim::world::alarms::AlarmState;

fn rule(name: &str, provider: &str, configuration: &Value) -> Value {
    json!({
        "name": name, "configuration": configuration,
        "ruleTypeId": {"category": "Rule", "owner": "AWS", "provider": provider, "version": "1"},
    })
}

/// A pipeline whose last stage has a condition.
fn with(member: &str, result: &str, rules: &[Value]) -> Ground {
    let mut declared = declaration("QUEUED");
    declared["stages"][3][member] = json!({"conditions": [{"result": result, "rules": rules}]});
    Ground::with(&declared)
}

/// Lets an execution come to the condition of the last stage, and some time pass.
fn arrive(ground: &mut Ground, seconds: u32) -> String {
    let id = ground.start();
    ground.pass(300);
    ground.answer("Approved");
    ground.pass(seconds);
    id
}

fn override_input(id: &str, kind: &str) -> Value {
    json!({
        "pipelineName": "shop", "stageName": "Deploy", "pipelineExecutionId": id,
        "conditionType": kind,
    })
}

#[test]
fn an_alarm_keeps_an_execution_out() {
    let rules = [rule(
        "no-alarm",
        "CloudWatchAlarm",
        &json!({"AlarmName": "errors"}),
    )];
    let mut ground = with("beforeEntry", "FAIL", &rules);
    ground.region().alarms.put("errors", START);
    ground
        .region()
        .set_alarm_state("errors", AlarmState::Alarm, "too many");
    let id = arrive(&mut ground, 1);
    let state = ground.stage("Deploy")["beforeEntryConditionState"].clone();
    assert_eq!(state["latestExecution"]["status"], "InProgress");
    ground.pass(10);
    assert_eq!(ground.status(&id), "Failed");
    let state = ground.stage("Deploy")["beforeEntryConditionState"].clone();
    assert_eq!(state["latestExecution"]["status"], "Failed");
    let rule = &state["conditionStates"][0]["ruleStates"][0];
    assert_eq!(rule["ruleName"], "no-alarm");
    assert_eq!(rule["latestExecution"]["status"], "Failed");
    assert!(
        rule["latestExecution"]["errorDetails"]["message"]
            .as_str()
            .unwrap()
            .contains("errors")
    );
    assert_eq!(ground.action("Deploy", "Deploy"), json!(null));
    // Somebody knows better.
    let code = ground.error("OverrideStageCondition", &override_input(&id, "ON_SUCCESS"));
    assert_eq!(code, "ConditionNotOverridableException");
    ground.ok(
        "OverrideStageCondition",
        &override_input(&id, "BEFORE_ENTRY"),
    );
    let state = ground.stage("Deploy")["beforeEntryConditionState"].clone();
    assert_eq!(state["latestExecution"]["status"], "Overridden");
    ground.pass(60);
    assert_eq!(ground.status(&id), "Succeeded");
}

#[test]
fn a_stage_whose_condition_failed_is_looked_at_again() {
    let rules = [rule(
        "no-alarm",
        "CloudWatchAlarm",
        &json!({"AlarmName": "errors"}),
    )];
    let mut ground = with("beforeEntry", "FAIL", &rules);
    // An alarm that isn't there can't be judged.
    let id = arrive(&mut ground, 10);
    let state = ground.stage("Deploy")["beforeEntryConditionState"].clone();
    assert_eq!(state["latestExecution"]["status"], "Errored");
    ground.region().alarms.put("errors", START);
    let retry = json!({
        "pipelineName": "shop", "stageName": "Deploy", "pipelineExecutionId": id,
        "retryMode": "FAILED_ACTIONS",
    });
    ground.ok("RetryStageExecution", &retry);
    ground.pass(60);
    assert_eq!(ground.status(&id), "Succeeded");
    let state = ground.stage("Deploy")["beforeEntryConditionState"].clone();
    assert_eq!(state["latestExecution"]["status"], "Succeeded");
}

#[test]
fn an_alarm_that_fires_while_it_is_watched_rolls_the_stage_back() {
    let watched = json!({"AlarmName": "errors", "WaitTime": "30"});
    let rules = [rule("watch", "CloudWatchAlarm", &watched)];
    let mut ground = with("onSuccess", "ROLLBACK", &rules);
    ground.region().alarms.put("errors", START);
    let first = arrive(&mut ground, 60);
    assert_eq!(ground.status(&first), "InProgress");
    ground.pass(1800);
    assert_eq!(ground.status(&first), "Succeeded");
    let second = arrive(&mut ground, 120);
    ground
        .region()
        .set_alarm_state("errors", AlarmState::Alarm, "too many");
    ground.pass(1);
    assert_eq!(ground.status(&second), "Failed");
    let latest = ground.stage("Deploy")["latestExecution"].clone();
    assert_eq!(latest["type"], "ROLLBACK");
    assert_eq!(latest["status"], "InProgress");
}

#[test]
fn a_function_decides() {
    for (function, status) in [("check", "Succeeded"), ("check-fails", "Failed")] {
        let rules = [rule(
            "ask",
            "LambdaInvoke",
            &json!({"FunctionName": function}),
        )];
        let mut ground = with("onSuccess", "FAIL", &rules);
        let id = arrive(&mut ground, 60);
        assert_eq!(ground.status(&id), status, "{function}");
        if status == "Failed" {
            ground.ok("OverrideStageCondition", &override_input(&id, "ON_SUCCESS"));
            assert_eq!(ground.status(&id), "Succeeded");
            let state = ground.stage("Deploy")["onSuccessConditionState"].clone();
            assert_eq!(state["latestExecution"]["status"], "Overridden");
        }
    }
}

#[test]
fn a_variable_or_a_closed_window_lets_an_execution_pass_by() {
    let branch = |name: &str| {
        json!({
            "Variable": "#{SourceVariables.BranchName}", "Value": name, "Operator": "EQ",
        })
    };
    for (provider, configuration, status) in [
        ("VariableCheck", branch("main"), "Succeeded"),
        ("VariableCheck", branch("develop"), "Skipped"),
        (
            "DeploymentWindow",
            json!({"Cron": "* * * * * * 2023"}),
            "Succeeded",
        ),
        (
            "DeploymentWindow",
            json!({"Cron": "* * * * * * 2022"}),
            "Skipped",
        ),
        ("DeploymentWindow", json!({"Cron": "at night"}), "Skipped"),
    ] {
        let mut ground = with(
            "beforeEntry",
            "SKIP",
            &[rule("look", provider, &configuration)],
        );
        let id = arrive(&mut ground, 60);
        assert_eq!(
            ground.stage("Deploy")["latestExecution"]["status"],
            status,
            "{configuration}"
        );
        assert_eq!(ground.status(&id), "Succeeded");
    }
}

#[test]
fn a_stop_ends_a_condition() {
    let rules = [rule(
        "ask",
        "LambdaInvoke",
        &json!({"FunctionName": "check-hangs"}),
    )];
    let mut ground = with("beforeEntry", "FAIL", &rules);
    let id = arrive(&mut ground, 10);
    let input = json!({"pipelineName": "shop", "pipelineExecutionId": id});
    ground.ok("StopPipelineExecution", &input);
    assert_eq!(ground.status(&id), "Stopped");
    let state = ground.stage("Deploy")["beforeEntryConditionState"].clone();
    assert_eq!(state["latestExecution"]["status"], "Cancelled");
    ground.pass(1500);
    assert_eq!(ground.status(&id), "Stopped");
}

#[test]
fn a_condition_that_is_still_looked_at_can_be_overridden_in_the_latest_execution_only() {
    let rules = [rule(
        "ask",
        "LambdaInvoke",
        &json!({"FunctionName": "check-hangs"}),
    )];
    let mut ground = with("beforeEntry", "FAIL", &rules);
    let first = arrive(&mut ground, 10);
    ground.ok(
        "OverrideStageCondition",
        &override_input(&first, "BEFORE_ENTRY"),
    );
    ground.pass(60);
    assert_eq!(ground.status(&first), "Succeeded");
    arrive(&mut ground, 10);
    let code = ground.error(
        "OverrideStageCondition",
        &override_input(&first, "BEFORE_ENTRY"),
    );
    assert_eq!(code, "NotLatestPipelineExecutionException");
}
