//! Blue/green, linear and canary releases from their start to each of their ends, steered by keys.

use aws_sdk_ecs::types::DeploymentLifecycleHookStatus::InProgress;

use crate::cockpit::{Cockpit, DOWN, ENTER, ESC, TAB};
use crate::simulator::{Rule, Simulator};

/// Opens the cockpit, and in it the release in flight.
fn watch(simulator: &Simulator) -> Cockpit {
    let mut cockpit = Cockpit::open(simulator, &["--refresh", "1s"]);
    cockpit
        .sees("1 in flight")
        .keys(ENTER)
        .sees("release of web");
    cockpit
}

/// A simulator with a scenario of the test's own.
fn written(scenario: &str) -> Simulator {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("scenario.toml");
    std::fs::write(&file, scenario).unwrap();
    Simulator::paused(file.to_str().unwrap())
}

/// Moves the clock, a second at a time, until the release is at a stage.
#[track_caller]
fn reach(simulator: &Simulator, stage: &str) {
    for _ in 0..400 {
        if simulator.stage() == stage {
            return;
        }
        simulator.advance(1);
    }
    panic!("never at {stage}");
}

/// Moves the clock until a pause hook waits, and returns its id.
#[track_caller]
fn reach_pause(simulator: &Simulator) -> String {
    simulator.advance_until(600, |simulator| simulator.waiting_hook().is_some());
    simulator.waiting_hook().unwrap().hook_id.unwrap()
}

/// Answers the pause with the key to cut over.
#[track_caller]
fn cut_over(simulator: &Simulator, cockpit: &mut Cockpit, hook: &str) {
    let before = simulator.calls("ecs.ContinueServiceDeployment");
    cockpit
        .sees("WAITS FOR YOU")
        .keys("c")
        .sees("ContinueServiceDeployment, action CONTINUE")
        .sees("[ Cancel ]")
        .keys(TAB)
        .sees("[ Cut over ]")
        .keys(ENTER);
    simulator.wait_for("the answer", |simulator| {
        simulator.calls("ecs.ContinueServiceDeployment") == before + 1
    });
    simulator.advance_until(30, |simulator| {
        let waits = simulator.waiting_hook();
        waits.is_none_or(|waits| waits.hook_id.as_deref() != Some(hook))
    });
    cockpit.sees_no_more("WAITS FOR YOU");
}

/// Rolls back with the key, by the call that is expected, and checks the end.
#[track_caller]
fn roll_back(simulator: &Simulator, cockpit: &mut Cockpit, call: &str, how: &str) {
    let operation = format!("ecs.{call}");
    let before = simulator.calls(&operation);
    cockpit
        .keys("R")
        .sees(&format!("{call}, {how}"))
        .sees("[ Cancel ]")
        .keys(TAB)
        .sees("[ Roll back ]")
        .keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls(&operation) == before + 1
    });
    ends_rolled_back(simulator, cockpit);
    cockpit
        .keys(&format!(":actions{ENTER}"))
        .sees("ROLLED BACK: the old revision runs");
    assert_eq!(simulator.calls(&operation), before + 1);
}

/// Moves the clock until the rollback is over. Everything is on `web:8` then, and the screen says
/// that it was rolled back and not that it succeeded.
#[track_caller]
fn ends_rolled_back(simulator: &Simulator, cockpit: &mut Cockpit) {
    simulator.advance_until(600, |simulator| {
        assert_ne!(simulator.status(), "SUCCESSFUL");
        simulator.status() == "ROLLBACK_SUCCESSFUL"
    });
    runs(simulator, "web:8", "web:9");
    cockpit.sees("ROLLED BACK");
    let screen = cockpit.screen();
    assert!(!screen.contains("SUCCEEDED"), "{screen}");
    // What was read while it went on is not told of its end.
    assert!(!screen.contains(" real"), "{screen}");
    cockpit.keys(ESC).sees("nothing in flight");
    cockpit.sees("rolled back").sees("stays on :8");
}

/// Moves the clock until the release has succeeded, and checks that everything is on `web:9`.
#[track_caller]
fn ends_well(simulator: &Simulator, cockpit: &mut Cockpit) {
    simulator.advance_until(900, |simulator| {
        let status = simulator.status();
        assert!(!status.starts_with("ROLLBACK"), "{status}");
        status == "SUCCESSFUL"
    });
    runs(simulator, "web:9", "web:8");
    cockpit.sees("SUCCEEDED");
    cockpit.keys(ESC).sees("nothing in flight").sees("on :9");
}

/// One revision has all traffic and all tasks, and the other has nothing.
#[track_caller]
fn runs(simulator: &Simulator, this: &str, that: &str) {
    assert_eq!(simulator.task_definition("demo", "web"), this);
    assert_eq!(simulator.percent(Rule::Production, this), 100);
    assert_eq!(simulator.percent(Rule::Production, that), 0);
    let service = simulator.service("demo", "web");
    assert_eq!((service.running_count, service.pending_count), (4, 0));
    let arn = service.deployments()[0].task_definition();
    assert_eq!(service.deployments().len(), 1);
    assert!(arn.unwrap().ends_with(&format!("/{this}")), "{arn:?}");
}

#[test]
fn a_blue_green_release_is_cut_over_and_succeeds() {
    let simulator = Simulator::paused("blue-green");
    let mut cockpit = watch(&simulator);
    let hook = reach_pause(&simulator);
    assert_eq!(simulator.percent(Rule::Test, "web:9"), 100);
    assert_eq!(simulator.percent(Rule::Production, "web:9"), 0);
    cockpit.sees("then it ROLLS BACK");
    cut_over(&simulator, &mut cockpit, &hook);
    reach(&simulator, "BAKE_TIME");
    assert_eq!(simulator.percent(Rule::Production, "web:9"), 100);
    cockpit
        .sees("BAKING")
        .keys("c")
        .sees("no call to skip a bake");
    ends_well(&simulator, &mut cockpit);
    assert_eq!(simulator.calls("ecs.ContinueServiceDeployment"), 1);
    cockpit
        .keys(&format!(":actions{ENTER}"))
        .sees("it moved on: ");
}

/// Rolls a blue/green release back that is at a stage before its pause.
#[track_caller]
fn rolled_back_before_the_pause(stage: &str, label: &str) {
    let simulator = Simulator::paused("blue-green");
    let mut cockpit = watch(&simulator);
    reach(&simulator, stage);
    assert_eq!(simulator.percent(Rule::Production, "web:9"), 0);
    cockpit.sees(label);
    let call = "StopServiceDeployment";
    roll_back(&simulator, &mut cockpit, call, "stop type ROLLBACK");
    assert_eq!(simulator.percent(Rule::Test, "web:9"), 0);
}

#[test]
fn a_blue_green_release_is_rolled_back_while_it_scales_up() {
    rolled_back_before_the_pause("SCALE_UP", "SCALE UP");
}

#[test]
fn a_blue_green_release_is_rolled_back_once_it_has_scaled_up() {
    rolled_back_before_the_pause("POST_SCALE_UP", "SCALED UP");
}

#[test]
fn a_blue_green_release_is_rolled_back_while_test_traffic_shifts() {
    rolled_back_before_the_pause("TEST_TRAFFIC_SHIFT", "TEST SHIFT");
}

#[test]
fn a_blue_green_release_is_rolled_back_while_it_is_paused() {
    let simulator = Simulator::paused("blue-green");
    let mut cockpit = watch(&simulator);
    reach_pause(&simulator);
    cockpit.sees("WAITS FOR YOU");
    let call = "ContinueServiceDeployment";
    roll_back(&simulator, &mut cockpit, call, "action ROLLBACK");
    assert_eq!(simulator.percent(Rule::Test, "web:9"), 0);
    assert_eq!(simulator.calls("ecs.StopServiceDeployment"), 0);
}

/// Cuts a blue/green release over and rolls it back at a stage after that.
#[track_caller]
fn rolled_back_after_the_cutover(stage: &str, label: &str) {
    let simulator = Simulator::paused("blue-green");
    let mut cockpit = watch(&simulator);
    let hook = reach_pause(&simulator);
    cut_over(&simulator, &mut cockpit, &hook);
    reach(&simulator, stage);
    // The listener rule follows within seconds.
    simulator.advance_until(5, |simulator| {
        simulator.percent(Rule::Production, "web:9") == 100
    });
    assert_eq!(simulator.stage(), stage);
    cockpit.sees(label);
    let call = "StopServiceDeployment";
    roll_back(&simulator, &mut cockpit, call, "stop type ROLLBACK");
    assert_eq!(simulator.percent(Rule::Test, "web:9"), 0);
}

#[test]
fn a_blue_green_release_is_rolled_back_while_production_traffic_shifts() {
    rolled_back_after_the_cutover("PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION SHIFT");
}

#[test]
fn a_blue_green_release_is_rolled_back_once_production_traffic_has_shifted() {
    rolled_back_after_the_cutover("POST_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION SHIFTED");
}

#[test]
fn a_blue_green_release_is_rolled_back_while_it_bakes() {
    rolled_back_after_the_cutover("BAKE_TIME", "BAKING");
}

#[test]
fn a_blue_green_release_is_rolled_back_while_the_old_tasks_go() {
    rolled_back_after_the_cutover("CLEAN_UP", "CLEAN UP");
}

#[test]
fn a_pause_that_nobody_answers_rolls_back() {
    let simulator = Simulator::paused("blue-green");
    let mut cockpit = watch(&simulator);
    reach_pause(&simulator);
    cockpit.sees("WAITS FOR YOU").sees("then it ROLLS BACK");
    simulator.advance(1700);
    assert!(simulator.waiting_hook().is_some(), "it timed out too early");
    ends_rolled_back(&simulator, &mut cockpit);
    assert_eq!(simulator.calls("ecs.ContinueServiceDeployment"), 0);
    assert_eq!(simulator.calls("ecs.StopServiceDeployment"), 0);
    cockpit.keys(ENTER).sees("timed out");
}

#[test]
fn a_pause_that_goes_on_by_itself_succeeds() {
    let named = include_str!("../../src/sim/scenario/named/blue-green.toml");
    let text = named.replace("action = \"ROLLBACK\"", "action = \"CONTINUE\"");
    assert_ne!(text, named);
    let simulator = written(&text);
    let mut cockpit = watch(&simulator);
    reach_pause(&simulator);
    cockpit.sees("WAITS FOR YOU").sees("then it goes on");
    simulator.advance(1700);
    assert!(simulator.waiting_hook().is_some(), "it timed out too early");
    ends_well(&simulator, &mut cockpit);
    assert_eq!(simulator.calls("ecs.ContinueServiceDeployment"), 0);
}

#[test]
fn a_linear_release_goes_step_by_step_to_its_success() {
    let simulator = Simulator::paused("linear");
    let mut cockpit = watch(&simulator);
    for (step, percent) in [(1, 25), (2, 50), (3, 75)] {
        simulator.advance_until(300, |simulator| {
            simulator.percent(Rule::Production, "web:9") >= percent
        });
        assert_eq!(simulator.percent(Rule::Production, "web:9"), percent);
        assert_eq!(simulator.percent(Rule::Production, "web:8"), 100 - percent);
        assert_eq!(simulator.stage(), "PRODUCTION_TRAFFIC_SHIFT");
        cockpit
            .sees(&format!("step {step} of 4"))
            .sees(&format!("{percent} wanted"));
    }
    cockpit.keys("c").sees("no call to skip the bake of a step");
    reach(&simulator, "BAKE_TIME");
    assert_eq!(simulator.percent(Rule::Production, "web:9"), 100);
    ends_well(&simulator, &mut cockpit);
    assert_eq!(simulator.calls("ecs.ContinueServiceDeployment"), 0);
}

#[test]
fn a_linear_release_is_rolled_back_between_two_steps() {
    let simulator = Simulator::paused("linear");
    let mut cockpit = watch(&simulator);
    simulator.advance_until(300, |simulator| {
        simulator.percent(Rule::Production, "web:9") == 50
    });
    cockpit.sees("step 2 of 4");
    let call = "StopServiceDeployment";
    roll_back(&simulator, &mut cockpit, call, "stop type ROLLBACK");
    assert_eq!(simulator.percent(Rule::Test, "web:9"), 0);
}

#[test]
fn a_linear_release_is_rolled_back_while_it_bakes() {
    let simulator = Simulator::paused("linear");
    let mut cockpit = watch(&simulator);
    simulator.advance_until(600, |simulator| simulator.stage() == "BAKE_TIME");
    assert_eq!(simulator.percent(Rule::Production, "web:9"), 100);
    cockpit.sees("the old tasks go");
    let call = "StopServiceDeployment";
    roll_back(&simulator, &mut cockpit, call, "stop type ROLLBACK");
}

/// A named scenario whose release in flight has just begun, and in which nobody else answers.
fn from_its_start(named: &str) -> Simulator {
    const DEPLOY: &str = "deploy = \"web:2.0.0\"";
    let end = named.rfind(DEPLOY).unwrap() + DEPLOY.len();
    let (before, release) = named[..end].rsplit_once("time = ").unwrap();
    let (_, release) = release.split_once('\n').unwrap();
    written(&format!("{before}time = \"-1s\"\n{release}\n"))
}

/// Lets a release go on until it is at a stage, rolls it back there, and checks the end.
#[track_caller]
fn rolled_back_at(named: &str, stage: &str) {
    let simulator = from_its_start(named);
    let mut cockpit = watch(&simulator);
    while simulator.stage() != stage {
        assert!(
            !simulator.status().ends_with("SUCCESSFUL"),
            "never at {stage}"
        );
        match simulator.waiting_hook() {
            Some(hook) => cut_over(&simulator, &mut cockpit, &hook.hook_id.unwrap()),
            None => simulator.advance(1),
        }
    }
    let (call, how) = match simulator.waiting_hook() {
        Some(_) => ("ContinueServiceDeployment", "action ROLLBACK"),
        None => ("StopServiceDeployment", "stop type ROLLBACK"),
    };
    roll_back(&simulator, &mut cockpit, call, how);
    assert_eq!(simulator.percent(Rule::Test, "web:9"), 0);
}

/// A module of tests, one for each stage that a release of a named scenario passes.
macro_rules! rolled_back_at_each_stage {
    ($scenario:ident, $file:literal: $($name:ident $stage:literal),* $(,)?) => {
        mod $scenario {
            $(
                #[test]
                fn $name() {
                    let named = include_str!(concat!("../../src/sim/scenario/named/", $file));
                    super::rolled_back_at(named, $stage);
                }
            )*
        }
    };
}

rolled_back_at_each_stage!(
    linear_is_rolled_back, "linear.toml":
    at_scale_up "SCALE_UP",
    after_scale_up "POST_SCALE_UP",
    at_test_traffic_shift "TEST_TRAFFIC_SHIFT",
    after_test_traffic_shift "POST_TEST_TRAFFIC_SHIFT",
    at_production_traffic_shift "PRODUCTION_TRAFFIC_SHIFT",
    after_production_traffic_shift "POST_PRODUCTION_TRAFFIC_SHIFT",
    at_bake_time "BAKE_TIME",
    at_clean_up "CLEAN_UP",
);

rolled_back_at_each_stage!(
    canary_is_rolled_back, "canary.toml":
    at_scale_up "SCALE_UP",
    at_test_traffic_shift "TEST_TRAFFIC_SHIFT",
    after_test_traffic_shift "POST_TEST_TRAFFIC_SHIFT",
    at_production_traffic_shift "PRODUCTION_TRAFFIC_SHIFT",
    after_production_traffic_shift "POST_PRODUCTION_TRAFFIC_SHIFT",
    at_bake_time "BAKE_TIME",
    at_clean_up "CLEAN_UP",
);

#[test]
fn a_canary_is_let_through_and_succeeds() {
    let simulator = Simulator::paused("canary");
    let mut cockpit = watch(&simulator);
    cockpit.sees("step 1 of 2");
    assert_eq!(simulator.percent(Rule::Production, "web:9"), 10);
    cockpit.keys("c").sees("no call to skip the bake of a step");
    let hook = reach_pause(&simulator);
    assert_eq!(simulator.percent(Rule::Production, "web:9"), 10);
    cut_over(&simulator, &mut cockpit, &hook);
    ends_well(&simulator, &mut cockpit);
    assert_eq!(simulator.calls("ecs.ContinueServiceDeployment"), 1);
}

#[test]
fn a_canary_asks_before_each_of_its_steps_under_another_name() {
    let named = include_str!("../../src/sim/scenario/named/canary.toml");
    // The same without the last event, which answers the first pause.
    let (text, answer) = named.rsplit_once("[[at]]").unwrap();
    assert!(answer.contains("CONTINUE"));
    let simulator = written(text);
    let mut cockpit = watch(&simulator);
    let first = reach_pause(&simulator);
    assert_eq!(simulator.percent(Rule::Production, "web:9"), 0);
    cut_over(&simulator, &mut cockpit, &first);
    let second = reach_pause(&simulator);
    assert_ne!(first, second);
    assert_eq!(simulator.percent(Rule::Production, "web:9"), 10);
    cut_over(&simulator, &mut cockpit, &second);
    ends_well(&simulator, &mut cockpit);
    assert_eq!(simulator.calls("ecs.ContinueServiceDeployment"), 2);
}

#[test]
fn a_canary_is_rolled_back_while_its_first_part_bakes() {
    let simulator = Simulator::paused("canary");
    let mut cockpit = watch(&simulator);
    cockpit.sees("step 1 of 2");
    assert_eq!(simulator.percent(Rule::Production, "web:9"), 10);
    let call = "StopServiceDeployment";
    roll_back(&simulator, &mut cockpit, call, "stop type ROLLBACK");
}

#[test]
fn a_canary_is_rolled_back_where_it_is_paused() {
    let simulator = Simulator::paused("canary");
    let mut cockpit = watch(&simulator);
    reach_pause(&simulator);
    cockpit.sees("WAITS FOR YOU");
    let call = "ContinueServiceDeployment";
    roll_back(&simulator, &mut cockpit, call, "action ROLLBACK");
}

#[test]
fn a_canary_that_nobody_answers_rolls_back() {
    let simulator = Simulator::paused("canary");
    let mut cockpit = watch(&simulator);
    reach_pause(&simulator);
    cockpit.sees("WAITS FOR YOU");
    simulator.advance(1700);
    assert!(simulator.waiting_hook().is_some(), "it timed out too early");
    ends_rolled_back(&simulator, &mut cockpit);
    assert_eq!(simulator.calls("ecs.ContinueServiceDeployment"), 0);
}

#[test]
fn an_alarm_rolls_a_canary_back_and_one_that_fired_before_does_not() {
    let simulator = Simulator::paused("bad-canary");
    let mut cockpit = watch(&simulator);
    cockpit.sees("alarm web-latency fired before it began and is ignored");
    simulator.advance(60);
    assert_eq!(simulator.status(), "IN_PROGRESS");
    assert_eq!(simulator.percent(Rule::Production, "web:9"), 10);
    simulator.advance_until(120, |simulator| {
        simulator.status() == "ROLLBACK_IN_PROGRESS"
    });
    cockpit
        .sees("ROLLING BACK")
        .keys("R")
        .sees("rolling back already");
    ends_rolled_back(&simulator, &mut cockpit);
    assert_eq!(simulator.calls("ecs.StopServiceDeployment"), 0);
    let alarms = simulator.release().alarms.unwrap();
    assert_eq!(alarms.triggered_alarm_names(), ["web-5xx"]);
    cockpit.keys(ENTER).sees("alarm web-5xx fired");
}

#[test]
fn a_function_that_refuses_rolls_back_before_production_traffic_moves() {
    let simulator = Simulator::paused("hook-failure");
    let mut cockpit = watch(&simulator);
    simulator.advance_until(120, |simulator| {
        let hooks = simulator.release().lifecycle_hook_details;
        let hooks = hooks.unwrap_or_default();
        hooks.iter().any(|hook| hook.status == Some(InProgress))
    });
    assert_eq!(simulator.percent(Rule::Test, "web:8"), 100);
    cockpit
        .sees("the hook expires in")
        .keys("c")
        .sees("has no call to answer in its place");
    simulator.advance_until(300, |simulator| {
        assert_eq!(simulator.percent(Rule::Production, "web:8"), 0);
        simulator.status() == "ROLLBACK_SUCCESSFUL"
    });
    // Only web:7 was there before.
    runs(&simulator, "web:7", "web:8");
    cockpit.sees("ROLLED BACK").sees("hook smoke-test failed");
    assert!(!cockpit.screen().contains("SUCCEEDED"));
    cockpit.keys(ESC).sees("stays on :7");
    assert_eq!(simulator.calls("ecs.ContinueServiceDeployment"), 0);
}

#[test]
fn a_release_that_a_newer_one_overtakes_is_superseded_and_not_failed() {
    let simulator = Simulator::paused("superseded");
    let mut cockpit = watch(&simulator);
    simulator.advance_until(60, |simulator| {
        simulator.task_definition("demo", "web") == "web:10"
    });
    simulator.advance_until(120, |simulator| {
        simulator.release_statuses("demo", "web")[1] == "STOPPED"
    });
    cockpit.keys(ESC).sees("superseded");
    simulator.advance_until(1200, |simulator| simulator.status() == "SUCCESSFUL");
    assert_eq!(
        simulator.release_statuses("demo", "web"),
        ["SUCCESSFUL", "STOPPED", "SUCCESSFUL", "SUCCESSFUL"]
    );
    assert_eq!(simulator.task_definition("demo", "web"), "web:10");
    assert_eq!(simulator.percent(Rule::Production, "web:10"), 100);
    cockpit
        .sees("nothing in flight")
        .sees("on :10")
        .sees("superseded");
    assert!(!cockpit.screen().contains("failed"), "{}", cockpit.screen());
    cockpit.keys("p").sees("web:9").sees("superseded");
    cockpit.keys(DOWN).keys(ENTER).sees("SUPERSEDED");
}

#[test]
fn a_pause_and_a_function_hold_the_same_stage_and_both_have_to_let_go() {
    let named = include_str!("../../src/sim/scenario/named/blue-green.toml");
    let both = "[[service.hook]]\nstages = [\"POST_TEST_TRAFFIC_SHIFT\"]\n\
                function = \"smoke-test-succeeds\"\n\n[[at]]";
    let simulator = from_its_start(&named.replacen("[[at]]", both, 1));
    let mut cockpit = watch(&simulator);
    let hook = reach_pause(&simulator);
    assert_eq!(simulator.release().lifecycle_hook_details().len(), 2);
    cockpit.sees("WAITS FOR YOU").sees("smoke-test-succeeds");
    cut_over(&simulator, &mut cockpit, &hook);
    ends_well(&simulator, &mut cockpit);
}

#[test]
fn a_canary_of_ecs_cannot_be_stopped_without_going_back() {
    let simulator = Simulator::paused("canary");
    let mut cockpit = watch(&simulator);
    reach_pause(&simulator);
    cockpit
        .sees("WAITS FOR YOU")
        .keys("X")
        .sees("ECS stops a release only with a rollback");
    assert_eq!(simulator.calls("ecs.StopServiceDeployment"), 0);
    assert_eq!(simulator.status(), "IN_PROGRESS");
}
