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
