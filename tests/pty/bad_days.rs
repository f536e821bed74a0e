//! Bad input and bad days: a clear message, nothing lost, and the cockpit stays open.

use crate::cockpit::{Cockpit, ENTER};
use crate::simulator::Simulator;

const KEYS: [(&str, &str); 3] = [
    ("AWS_REGION", "us-east-1"),
    ("AWS_ACCESS_KEY_ID", "AKIATEST"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
];

#[test]
fn without_credentials_it_opens_and_says_what_to_do() {
    let mut cockpit = Cockpit::run(&["--region", "us-east-1"], &[], 120, 40);
    cockpit.sees("no credentials").sees("aws sso login");
    cockpit.keys("q").ends();
    assert!(cockpit.terminal_is_restored());
}

#[test]
fn an_unknown_profile_and_a_missing_region_are_named() {
    let mut cockpit = Cockpit::run(&["--profile", "nobody"], &[], 120, 40);
    cockpit.wait("the profile or the Region to be named", |screen| {
        screen.contains("nobody") || screen.contains("no Region")
    });
    let mut cockpit = Cockpit::run(&[], &KEYS[1..], 120, 40);
    cockpit.sees("--region");
}

#[test]
fn an_endpoint_that_refuses_is_said_to_be_unreachable() {
    // Port 1 of the loopback interface: nothing listens there.
    let mut cockpit = Cockpit::run(&["--endpoint-url", "http://127.0.0.1:1"], &KEYS, 120, 40);
    cockpit.sees("unreachable").sees("--endpoint-url");
}

#[test]
fn a_failing_endpoint_is_told_at_once_and_old_data_stays_and_looks_old() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit.sees("in progress");
    for (fault, words) in [
        (
            r#"[{"operation":"ecs.*","kind":"html","status":500}]"#,
            "not supported here",
        ),
        (
            r#"[{"operation":"ecs.*","kind":"garbage"}]"#,
            "answer not understood",
        ),
        (
            r#"[{"operation":"ecs.*","kind":"error","code":"ThrottlingException","status":400,"message":"Rate exceeded"}]"#,
            "throttled",
        ),
        (r#"[{"operation":"ecs.*","kind":"drop"}]"#, "unreachable"),
    ] {
        simulator.faults(fault);
        // The clock stands still: what is shown is not old yet.
        cockpit
            .keys("\x12")
            .sees(&format!("0 s, failing: {words}"))
            .sees("in progress");
        simulator.advance(9);
        cockpit
            .sees(&format!("STALE 9s: {words}"))
            .sees("in progress");
        simulator.faults("[]");
        cockpit
            .keys("\x12")
            .sees_no_more("STALE")
            .sees_no_more("failing");
    }
}

#[test]
fn a_call_without_permission_costs_only_what_it_would_have_told() {
    let simulator = Simulator::paused("rolling");
    simulator.faults(
        r#"[{"operation":"ecs.ListServiceDeployments","kind":"error","code":"AccessDeniedException",
            "status":400,"message":"User is not authorized to perform: ecs:ListServiceDeployments"}]"#,
    );
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit.sees("in progress").sees("web");
    cockpit
        .keys(&format!(":errors{ENTER}"))
        .sees("ecs:ListServiceDeployments")
        .sees("access denied");
}

#[test]
fn an_endpoint_that_never_answers_leaves_the_keys_alive() {
    let simulator = Simulator::paused("rolling");
    simulator.faults(r#"[{"operation":"*","kind":"hang"}]"#);
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit
        .sees("releases")
        .keys("?")
        .sees("Acting")
        .keys("q")
        .keys("q")
        .ends();
    assert!(cockpit.terminal_is_restored());
}

#[test]
fn a_broken_configuration_is_named_with_its_line() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/cutover");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "# mine\nrefresh = 7\n").unwrap();
    let mut cockpit = Cockpit::run_in(home, &["demo"], &[], 120, 40);
    let code = cockpit.ends();
    let said = cockpit.screen();
    assert!(
        said.contains("config.toml:2") && said.contains("refresh"),
        "{said}"
    );
    assert_eq!(code, 1);
}
