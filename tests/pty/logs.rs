//! Reading the log lines of releases and tasks.

use crate::cockpit::{Cockpit, ENTER, ESC};
use crate::simulator::Simulator;

/// Seconds after which everything that was taken in is found by a search.
const FOUND: u32 = 15;

/// The lines of the release on the board, with a live tail open.
fn follow(simulator: &Simulator) -> Cockpit {
    let mut cockpit = Cockpit::open(simulator, &["--refresh", "1s"]);
    cockpit.sees("in progress").keys("l").sees("following");
    cockpit
}

#[test]
fn a_release_is_read_with_old_against_new_and_its_errors_counted() {
    let simulator = Simulator::paused("bad-release-logs");
    simulator.advance(120);
    let mut cockpit = follow(&simulator);
    cockpit.sees("live").sees("billed for");
    cockpit.sees("old checkout:57").sees("new checkout:58");
    cockpit.sees("new began").sees("errors,");
    cockpit.keys("zz").sees("errors only").sees("TypeError");
    cockpit.wait("nothing but errors", |screen| !screen.contains("INFO"));
    cockpit.keys("&lerror").keys(ENTER).sees("level>=error");
    cockpit.keys(" ").sees("off").keys(ESC);
    cockpit.sees_no_more("Filters");
    cockpit.keys("z").sees("INFO").keys("v");
    cockpit.wait("two columns", |screen| {
        let divided = screen.lines().filter(|line| line.contains(" │ "));
        divided.count() > 10
    });
    cockpit.keys("E").sees("⏎ whole line");
    cockpit.keys(ESC).sees(" releases ──");
    simulator.wait_for("the end of the session", |simulator| {
        simulator.live_tails() == 0
    });
}

#[test]
fn a_session_that_breaks_leaves_no_gap_and_doubles_nothing() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = follow(&simulator);
    simulator.wait_for("a session", |simulator| simulator.live_tails() == 1);
    let stream = simulator.stream_of("demo", "web");
    simulator.writes_many(&stream, 900, 3);
    cockpit.keys("/of many").keys(ENTER);
    for end in ["break", "garbage", "timeout"] {
        let before = simulator.calls("logs.StartLiveTail");
        simulator.end_live_tails(end);
        simulator.advance(1);
        simulator.wait_for("another session", |simulator| {
            simulator.calls("logs.StartLiveTail") > before && simulator.live_tails() == 1
        });
    }
    simulator.advance(FOUND);
    cockpit
        .sees("live")
        .sees("line 900 of many")
        .sees("900 of ");
}

#[test]
fn without_live_tail_lines_are_asked_for_and_the_screen_says_why() {
    let simulator = Simulator::paused("rolling");
    simulator.faults(
        r#"[{"operation": "logs.StartLiveTail", "kind": "error", "code": "AccessDeniedException",
             "message": "not authorized to perform logs:StartLiveTail"}]"#,
    );
    let mut cockpit = follow(&simulator);
    cockpit.sees("polling: logs:StartLiveTail is not permitted");
    cockpit.keys("/by asking").keys(ENTER);
    let stream = simulator.stream_of("demo", "web");
    simulator.writes(&stream, "it came by asking");
    simulator.advance(FOUND);
    cockpit.sees("it came by asking");
}

#[test]
fn no_line_is_a_command() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = follow(&simulator);
    simulator.wait_for("a session", |simulator| simulator.live_tails() == 1);
    let stream = simulator.stream_of("demo", "web");
    let long = "long ".repeat(40_000);
    for hostile in [
        "\u{1b}[2J\u{1b}]0;owned\u{7}cleared",
        "\u{9b}31mcoloured\u{8}\u{8}\u{8}",
        "\u{202e}turned\u{202c} عربي 漢字 👩‍👩‍👧",
        "{\"message\":\"\\u001b[2Jnested\"}",
        long.as_str(),
    ] {
        simulator.writes(&stream, hostile);
    }
    simulator.writes(&stream, "the last one");
    simulator.advance(2);
    cockpit.sees("cleared").sees("coloured").sees("turned");
    cockpit.sees("nested").sees("the last one").keys("w");
    cockpit.sees("wrapped").sees("the last one");
    cockpit.keys("J").sees("pretty").sees("nested");
    let raw = String::from_utf8_lossy(&cockpit.raw()).into_owned();
    for command in [
        "]0;owned",
        "\u{1b}[2Jcleared",
        "\u{9b}",
        "\u{202e}",
        "\u{1b}[2Jnested",
    ] {
        assert!(!raw.contains(command), "{command:?}");
    }
}

#[test]
fn a_failed_release_opens_on_the_last_lines_of_its_task() {
    let simulator = Simulator::paused("bad-rolling");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit.sees("in progress");
    simulator.advance_until(300, |simulator| {
        let service = simulator.service("demo", "web");
        let deployments = service.deployments.unwrap_or_default();
        deployments
            .iter()
            .any(|deployment| deployment.failed_tasks > 0)
    });
    cockpit.sees("container web exits 1").keys("P");
    cockpit.sees("started");
    simulator.advance(60);
    cockpit.sees("stopped: container web exits 1");
    cockpit
        .sees("DB_URL is not set")
        .keys("E")
        .sees("⏎ whole line");
    cockpit.keys(ENTER).sees("exits 1");
}
