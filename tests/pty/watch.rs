//! Watching a release from its start to its end.

use crate::cockpit::{Cockpit, ENTER, ESC};
use crate::simulator::Simulator;

#[test]
fn a_good_release_is_watched_to_its_success() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit
        .sees("DEMO")
        .sees("123456789012")
        .sees("in progress")
        .sees("web");
    simulator.advance_until(600, |simulator| {
        simulator.release_statuses("demo", "web")[0] == "SUCCESSFUL"
    });
    cockpit.sees("nothing in flight").sees("succeeded");
    assert_eq!(simulator.task_definition("demo", "web"), "web:9");
}

#[test]
fn a_bad_release_shows_its_cause_and_ends_rolled_back_never_succeeded() {
    let simulator = Simulator::paused("bad-rolling");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit.sees("in progress");
    simulator.advance_until(300, |simulator| {
        let deployments = simulator
            .service("demo", "web")
            .deployments
            .unwrap_or_default();
        deployments
            .iter()
            .any(|deployment| deployment.failed_tasks > 0)
    });
    cockpit.sees("failing").sees("container web exits 1");
    simulator.advance_until(600, |simulator| {
        simulator.release_statuses("demo", "web")[0] == "ROLLBACK_SUCCESSFUL"
    });
    cockpit.sees("rolled back").sees("stays on");
    cockpit
        .keys(ENTER)
        .sees("ROLLED BACK")
        .sees("circuit breaker threshold was exceeded");
    assert!(!cockpit.screen().contains("SUCCEEDED"));
    assert_eq!(simulator.task_definition("demo", "web"), "web:8");
}

#[test]
fn every_screen_opens_by_its_name_and_esc_leads_home() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit.sees("in progress");
    for (name, text) in [
        ("clusters", "INSTANCES"),
        ("services", "TASK DEFINITION"),
        ("tasks", "RUNNING"),
        ("taskdefs", "FAMILY"),
        ("errors", "nothing has failed"),
        ("actions", "nothing was done"),
        ("log", "connected: profile"),
        ("help", "Acting"),
    ] {
        // From the board, so that what is selected is the release.
        cockpit
            .keys(&format!(":{name}{ENTER}"))
            .sees(&format!(" {name}"))
            .sees(text);
        cockpit.keys(ESC).sees(" releases ──");
    }
}

#[test]
fn from_a_release_to_its_tasks_containers_and_lines_and_back() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit
        .sees("in progress")
        .keys(ENTER)
        .sees("old web:8")
        .sees("new web:9");
    cockpit.keys("T").sees("RUNNING");
    cockpit.keys(ENTER).sees("container");
    cockpit.keys(ENTER).sees("logs");
    simulator.advance(30);
    cockpit.sees("GET ");
    cockpit
        .keys(ESC)
        .keys(ESC)
        .keys(ESC)
        .keys(ESC)
        .sees("releases");
}

#[test]
fn keys_that_arrive_in_one_burst_act_one_after_another() {
    let simulator = Simulator::paused("tour");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit.sees("payments").sees("gateway");
    for _ in 0..5 {
        cockpit
            .keys(&format!("/gateway{ENTER}d"))
            .sees("describe")
            .sees("events");
        cockpit.keys(ESC).sees("shown 1 of");
        cockpit.keys(&format!(":releases{ENTER}/{ENTER}"));
        cockpit.sees("payments").sees("gateway");
    }
}

#[test]
fn the_filter_takes_every_key_and_esc_clears_it() {
    let simulator = Simulator::paused("tour");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit.sees("payments").sees("thumbnailer");
    // F, R and S act on a service elsewhere: in the filter they are letters.
    cockpit.keys("/FRS").sees_no_more("payments");
    cockpit.keys(ESC).sees("payments");
    cockpit
        .keys("/paym")
        .sees_no_more("thumbnailer")
        .keys(ENTER)
        .keys(ESC)
        .sees("thumbnailer");
    assert_eq!(simulator.calls("ecs.UpdateService"), 0);
}
