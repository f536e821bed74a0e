//! The world moves between reading and sending.

use crate::cockpit::{Cockpit, ENTER, TAB};
use crate::simulator::Simulator;

#[test]
fn a_release_that_ended_meanwhile_is_not_rolled_back() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit
        .sees("in progress")
        .keys("R")
        .sees("StopServiceDeployment");
    simulator.advance_until(600, |simulator| {
        simulator.release_statuses("demo", "web")[0] == "SUCCESSFUL"
    });
    cockpit.keys(TAB).keys(ENTER).sees("nothing was sent");
    assert_eq!(simulator.calls("ecs.StopServiceDeployment"), 0);
    cockpit
        .keys(ENTER)
        .keys(&format!(":actions{ENTER}"))
        .sees("the facts moved");
}

#[test]
fn a_refusal_by_aws_is_shown_and_written_down() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit
        .sees("in progress")
        .keys("R")
        .sees("StopServiceDeployment");
    simulator.faults(
        r#"[{"operation":"ecs.StopServiceDeployment","kind":"error","code":"AccessDeniedException",
            "status":400,"message":"not authorized to perform ecs:StopServiceDeployment"}]"#,
    );
    cockpit
        .keys(TAB)
        .keys(ENTER)
        .sees("ask for the permission ecs:StopServiceDeployment");
    cockpit
        .keys(ENTER)
        .keys(&format!(":errors{ENTER}"))
        .sees("access denied");
}

#[test]
fn a_dialog_that_was_closed_while_aws_was_slow_stays_closed() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit.sees("in progress");
    simulator.faults(r#"[{"operation":"*","kind":"delay","milliseconds":1500}]"#);
    cockpit
        .keys("R")
        .sees("Roll back web")
        .keys("\x1b")
        .sees("nothing was sent");
    let before = simulator.calls("ecs.ListServiceDeployments");
    simulator.wait_for("the facts to have been read", |simulator| {
        simulator.calls("ecs.ListServiceDeployments") > before + 1
    });
    assert!(!cockpit.screen().contains("[ Cancel ]"));
}

/// Presses the button of the dialog that is open, of which the world has made something else.
#[track_caller]
fn confirm_too_late(cockpit: &mut Cockpit, moved: &str) {
    cockpit
        .keys(TAB)
        .keys(ENTER)
        .sees("nothing was sent")
        .sees(moved);
}

#[test]
fn a_pause_that_somebody_else_answered_meanwhile_is_not_answered_again() {
    let simulator = Simulator::paused("blue-green");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    simulator.advance_until(600, |simulator| simulator.waiting_hook().is_some());
    let hook = simulator.waiting_hook().unwrap().hook_id.unwrap();
    cockpit
        .sees("waiting for you")
        .keys("c")
        .sees("ContinueServiceDeployment, action CONTINUE");
    simulator.answer_pause();
    confirm_too_late(&mut cockpit, &format!("hook {hook} is now SUCCEEDED"));
    assert_eq!(simulator.calls("ecs.ContinueServiceDeployment"), 1);
    simulator.advance_until(900, |simulator| simulator.status() == "SUCCESSFUL");
}

#[test]
fn a_blue_green_release_that_ended_meanwhile_is_not_rolled_back() {
    let simulator = Simulator::paused("blue-green");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    simulator.advance_until(600, |simulator| simulator.waiting_hook().is_some());
    simulator.answer_pause();
    simulator.advance_until(300, |simulator| simulator.stage() == "BAKE_TIME");
    cockpit
        .sees("baking")
        .keys("R")
        .sees("StopServiceDeployment, stop type ROLLBACK");
    simulator.advance_until(900, |simulator| simulator.status() == "SUCCESSFUL");
    confirm_too_late(&mut cockpit, "the release in flight has ended");
    assert_eq!(simulator.calls("ecs.StopServiceDeployment"), 0);
    assert_eq!(simulator.calls("ecs.UpdateService"), 0);
}

#[test]
fn a_deployment_that_somebody_else_rerouted_meanwhile_is_not_let_go_on_again() {
    let simulator = Simulator::paused("codedeploy-ready");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    simulator.advance_until(300, |simulator| {
        simulator.deployment_statuses()[0] == "Ready"
    });
    let deployment = simulator.deployments()[0].deployment_id.clone().unwrap();
    cockpit
        .sees("waiting for you")
        .keys("c")
        .sees("ContinueDeployment, READY_WAIT");
    simulator.reroute();
    simulator.advance_until(60, |simulator| {
        simulator.deployment_statuses()[0] == "InProgress"
    });
    confirm_too_late(&mut cockpit, &format!("deployment {deployment} is now"));
    assert_eq!(simulator.calls("codedeploy.ContinueDeployment"), 1);
}

#[test]
fn a_deployment_that_ended_meanwhile_is_not_rolled_back() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit
        .sees("in progress")
        .keys("R")
        .sees("CodeDeploy StopDeployment with automatic rollback");
    simulator.advance_until(1200, |simulator| {
        simulator.deployment_statuses()[0] == "Succeeded"
    });
    confirm_too_late(&mut cockpit, "the deployment in flight has ended");
    assert_eq!(simulator.calls("codedeploy.StopDeployment"), 0);
    assert_eq!(simulator.calls("codedeploy.CreateDeployment"), 0);
}
