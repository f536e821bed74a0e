//! Acting: plan, confirm, send, follow until what runs proves it.

use crate::cockpit::{Cockpit, DOWN, ENTER, ESC, TAB};
use crate::simulator::Simulator;

fn open(simulator: &Simulator) -> Cockpit {
    let mut cockpit = Cockpit::open(simulator, &["--refresh", "1s"]);
    cockpit.sees("web").sees("read-write");
    cockpit
}

/// `rolling` once its release has succeeded.
fn settled() -> Simulator {
    let simulator = Simulator::paused("rolling");
    simulator.advance_until(600, |simulator| {
        simulator.release_statuses("demo", "web")[0] == "SUCCESSFUL"
    });
    simulator
}

#[test]
fn a_release_in_flight_is_rolled_back_and_followed_to_its_end() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = open(&simulator);
    cockpit.sees("in progress");
    cockpit
        .keys("R")
        .sees("StopServiceDeployment")
        .sees("[ Cancel ]")
        .sees("web:8");
    cockpit.keys(TAB).sees("[ Roll back ]").keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls("ecs.StopServiceDeployment") == 1
    });
    simulator.advance_until(600, |simulator| {
        simulator.release_statuses("demo", "web")[0] == "ROLLBACK_SUCCESSFUL"
    });
    cockpit.sees("ROLLED BACK").sees("rolled back");
    assert_eq!(simulator.task_definition("demo", "web"), "web:8");
    assert_eq!(simulator.calls("ecs.StopServiceDeployment"), 1);
    cockpit
        .keys(&format!(":actions{ENTER}"))
        .sees("sent")
        .sees("ROLLED BACK");
}

#[test]
fn enter_on_the_open_dialog_cancels_and_sends_nothing() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = open(&simulator);
    cockpit.sees("in progress");
    cockpit
        .keys("R")
        .sees("[ Cancel ]")
        .keys(ENTER)
        .sees("nothing was sent");
    cockpit
        .keys("F")
        .sees("[ Cancel ]")
        .keys(ESC)
        .sees_no_more("[ Cancel ]");
    assert_eq!(simulator.calls("ecs.StopServiceDeployment"), 0);
    assert_eq!(simulator.calls("ecs.UpdateService"), 0);
}

#[test]
fn a_finished_release_is_rolled_back_to_the_last_one_that_succeeded() {
    let simulator = settled();
    let mut cockpit = open(&simulator);
    cockpit.sees("nothing in flight");
    cockpit
        .keys("R")
        .sees("UpdateService")
        .sees("web:8")
        .sees("is ACTIVE");
    cockpit.keys(TAB).keys(ENTER).sees("in progress");
    assert_eq!(simulator.task_definition("demo", "web"), "web:8");
    simulator.advance_until(600, |simulator| {
        simulator.release_statuses("demo", "web")[0] == "SUCCESSFUL"
    });
    cockpit.sees("web:8 runs");
}

#[test]
fn a_chosen_release_of_the_history_is_rolled_back_to() {
    let simulator = settled();
    let mut cockpit = open(&simulator);
    cockpit
        .sees("nothing in flight")
        .keys("p")
        .sees("web:7")
        .sees("web:9");
    // The newest runs now: the key says so, and nothing is sent.
    cockpit.keys("R").sees("it runs now");
    cockpit
        .keys(DOWN)
        .keys(DOWN)
        .keys("R")
        .sees("to web:7")
        .sees("[ Cancel ]");
    cockpit.keys(TAB).keys(ENTER).sees_no_more("[ Roll back ]");
    simulator.wait_for("the service to be moved", |simulator| {
        simulator.task_definition("demo", "web") == "web:7"
    });
}

#[test]
fn the_same_task_definition_is_started_again() {
    let simulator = settled();
    let mut cockpit = open(&simulator);
    cockpit.sees("nothing in flight");
    cockpit
        .keys("F")
        .sees("forceNewDeployment")
        .keys(TAB)
        .keys(ENTER)
        .sees("in progress");
    assert_eq!(simulator.task_definition("demo", "web"), "web:9");
    simulator.advance_until(600, |simulator| {
        simulator.release_statuses("demo", "web")[0] == "SUCCESSFUL"
    });
    cockpit.sees("web:9 runs");
}

#[test]
fn the_desired_count_is_changed_and_no_release_is_made() {
    let simulator = settled();
    let releases = simulator.release_statuses("demo", "web").len();
    let mut cockpit = open(&simulator);
    cockpit.sees("nothing in flight");
    cockpit
        .keys("S")
        .sees("tasks")
        .keys("6")
        .keys(ENTER)
        .sees("desiredCount")
        .sees("[ Cancel ]");
    cockpit.keys(TAB).keys(ENTER).sees_no_more("[ Cancel ]");
    simulator.advance_until(300, |simulator| {
        simulator.service("demo", "web").running_count == 6
    });
    cockpit.sees("6 of 6 tasks run");
    assert_eq!(simulator.release_statuses("demo", "web").len(), releases);
}

#[test]
fn a_task_is_stopped_and_the_service_starts_another() {
    let simulator = settled();
    let mut cockpit = open(&simulator);
    cockpit.sees("nothing in flight").keys("T").sees("RUNNING");
    cockpit
        .keys("\x04")
        .sees("StopTask")
        .sees("SIGTERM")
        .keys(TAB)
        .keys(ENTER);
    simulator.wait_for("the task to be told to stop", |simulator| {
        simulator.calls("ecs.StopTask") == 1
    });
    simulator.advance(120);
    cockpit.sees("the task is STOPPED");
    simulator.advance_until(300, |simulator| {
        simulator.service("demo", "web").running_count == 4
    });
}

#[test]
fn a_chosen_revision_is_deployed() {
    let simulator = settled();
    let mut cockpit = open(&simulator);
    cockpit.sees("nothing in flight").keys("t").sees("web:7");
    cockpit.keys("U").sees("it runs now");
    cockpit
        .keys(DOWN)
        .keys("U")
        .sees("Deploy web:8 on web")
        .sees("[ Cancel ]")
        .keys(TAB)
        .keys(ENTER);
    simulator.wait_for("the service to be moved", |simulator| {
        simulator.task_definition("demo", "web") == "web:8"
    });
}

#[test]
fn read_only_says_so_and_sends_nothing() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s", "--read-only"]);
    cockpit.sees("in progress").sees("read-only");
    for key in ["R", "F", "S"] {
        cockpit.keys(key).sees(&format!("{key}: read-only"));
    }
    assert_eq!(simulator.calls("ecs.StopServiceDeployment"), 0);
    assert_eq!(simulator.calls("ecs.UpdateService"), 0);
    cockpit.keys(&format!(":actions{ENTER}")).sees("refused");
}
