//! What is checked before an action beside the facts: images and autoscaling.

use crate::cockpit::{Cockpit, DOWN, ENTER, ESC, TAB};
use crate::simulator::Simulator;

/// Opens the services of `image-gone` with the cursor on web.
fn open(simulator: &Simulator) -> Cockpit {
    let mut cockpit = Cockpit::open(simulator, &["--refresh", "1s"]);
    cockpit
        .sees("api")
        .keys(&format!(":services{ENTER}"))
        .sees("web")
        .keys("/web\r")
        .sees("1 of 2");
    cockpit
}

#[test]
fn a_rollback_to_an_image_that_is_gone_says_so_first() {
    let simulator = Simulator::paused("image-gone");
    let mut cockpit = open(&simulator);
    cockpit
        .keys("R")
        .sees("web:8")
        .sees("image shop/web:1.1.0 is gone from ECR (123456789012, eu-west-1)")
        .sees("no task of web:8 can start")
        .sees("image envoy:1.32 was not checked: it is in Docker Hub")
        .sees("autoscaling (2 to 6 tasks) is suspended: scaling out")
        .sees("[ Cancel ]");
    assert_eq!(simulator.calls("ecr.DescribeImages"), 1);
    // It is a warning: whoever knows better can go on.
    cockpit.keys(TAB).sees("[ Roll back ]").keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls("ecs.UpdateService") == 1
    });
    assert_eq!(
        simulator.calls("ecr.DescribeImages"),
        1,
        "once for the plan"
    );
}

#[test]
fn a_chosen_release_whose_image_is_there_is_in_order() {
    let simulator = Simulator::paused("image-gone");
    let mut cockpit = open(&simulator);
    cockpit
        .keys("p")
        .sees("web:7")
        .keys(DOWN)
        .keys(DOWN)
        .keys("R")
        .sees("to web:7")
        .sees("image shop/web:1.0.0 is in ECR");
}

#[test]
fn what_may_not_be_read_is_a_note() {
    let simulator = Simulator::paused("image-gone");
    let mut cockpit = open(&simulator);
    simulator.faults(
        r#"[{"operation":"ecr.*","kind":"error","code":"AccessDeniedException","message":"no"},
            {"operation":"application-autoscaling.*","kind":"error","code":"AccessDeniedException",
             "message":"no"}]"#,
    );
    cockpit
        .keys("R")
        .sees("image shop/web:1.1.0 was not checked: access denied")
        .sees("autoscaling was not checked: access denied")
        .sees("[ Cancel ]");
}

#[test]
fn what_does_not_answer_does_not_hold_up_a_plan() {
    let simulator = Simulator::paused("image-gone");
    let mut cockpit = open(&simulator);
    simulator.faults(
        r#"[{"operation":"ecr.*","kind":"hang"},{"operation":"application-autoscaling.*","kind":"hang"}]"#,
    );
    cockpit
        .keys("R")
        .sees("was not checked: no answer within 3 s")
        .sees("[ Cancel ]")
        .keys(ESC)
        .sees_no_more("[ Cancel ]");
}

#[test]
fn a_count_outside_of_what_autoscaling_keeps_is_told() {
    let simulator = Simulator::paused("image-gone");
    let mut cockpit = open(&simulator);
    cockpit
        .keys("S")
        .sees("tasks")
        .keys("9")
        .keys(ENTER)
        .sees("9 is outside of the 2 to 6 tasks of autoscaling")
        .sees("image shop/web:1.2.0 is in ECR");
}

#[test]
fn a_rollback_whose_image_is_gone_fails_and_is_called_so() {
    let simulator = Simulator::paused("image-gone");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit
        .sees("1 in flight")
        .keys("R")
        .sees("StopServiceDeployment")
        .sees("image shop/api:4.1.0 is gone from ECR")
        .keys(TAB)
        .sees("[ Roll back ]")
        .keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls("ecs.StopServiceDeployment") == 1
    });
    simulator.advance_until(600, |simulator| {
        simulator.release_statuses("shop", "api")[0] == "ROLLBACK_FAILED"
    });
    // The worst is on top.
    cockpit
        .sees("✖ rollback failed")
        .sees("Service deployment rollback failed")
        .keys(ENTER)
        .sees("✖ ROLLBACK FAILED");
    let screen = cockpit.screen();
    assert!(!screen.contains("ROLLED BACK"), "{screen}");
    cockpit
        .keys(&format!(":actions{ENTER}"))
        .sees("the rollback failed");
}
