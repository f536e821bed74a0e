//! Log lines leave the program: by the clipboard of the terminal, and as files.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::cockpit::{Cockpit, DOWN, ENTER, ESC};
use crate::simulator::Simulator;

const UP: &str = "\x1b[A";
const CTRL_S: &str = "\x13";

/// The logs of a service whose new revision is in trouble, in a home that the test can look into.
fn reading(simulator: &Simulator) -> (Cockpit, PathBuf) {
    simulator.advance(120);
    let home: TempDir = tempfile::tempdir().unwrap();
    let path = home.path().to_owned();
    let endpoint = simulator.endpoint();
    let arguments = ["demo", "--at", endpoint.as_str()];
    let mut cockpit = Cockpit::run_in(home, &arguments, &[], 160, 40);
    cockpit
        .sees("checkout")
        .keys("l")
        .sees("POST /api/checkout");
    (cockpit, path)
}

/// What OSC 52 put on the clipboard last.
fn clipboard(cockpit: &Cockpit) -> Option<String> {
    const BEGIN: &[u8] = b"\x1b]52;c;";
    let raw = cockpit.raw();
    let begin = raw.windows(BEGIN.len()).rposition(|bytes| bytes == BEGIN)?;
    let coded = raw.get(begin + BEGIN.len()..)?;
    let end = coded.iter().position(|byte| matches!(byte, 7 | 0x1b))?;
    String::from_utf8(decoded(&coded[..end])).ok()
}

/// Base64 as RFC 4648 has it.
fn decoded(coded: &[u8]) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for byte in coded.iter().filter(|byte| **byte != b'=') {
        let value = alphabet.iter().position(|known| known == byte).unwrap();
        bits = bits << 6 | u32::try_from(value).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    bytes
}

/// The only file in a folder whose name ends in something.
fn only_file(folder: &Path, ending: &str) -> String {
    let names = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let found: Vec<PathBuf> = names
        .filter(|path| path.extension() == Some(ending.as_ref()))
        .collect();
    let [file] = &found[..] else {
        panic!("{found:?}");
    };
    std::fs::read_to_string(file).unwrap()
}

fn is_line(line: &str) -> bool {
    line.starts_with("20") && line.contains("+00:00 ") && line.contains(" checkout ")
}

#[test]
fn a_selection_is_copied_through_the_terminal() {
    let simulator = Simulator::paused("bad-release-logs");
    let (mut cockpit, _) = reading(&simulator);
    cockpit
        .keys(" ")
        .sees("PAUSED")
        .keys(UP)
        .keys("V")
        .keys(UP)
        .keys(UP);
    cockpit
        .sees("3 lines selected")
        .keys("y")
        .sees("copied 3 lines");
    let text = clipboard(&cockpit).unwrap();
    assert!(
        text.lines().count() >= 3 && text.lines().next().is_some_and(is_line),
        "{text}"
    );
    cockpit
        .keys("V")
        .sees("1 line selected")
        .keys(ESC)
        .sees_no_more("selected");
    cockpit.keys(DOWN).keys("Y").sees("copied 1 line");
    let message = clipboard(&cockpit).unwrap();
    assert!(!message.contains("+00:00"), "{message}");
}

#[test]
fn what_is_shown_is_saved_and_all_of_it_where_one_says() {
    let simulator = Simulator::paused("bad-release-logs");
    let (mut cockpit, home) = reading(&simulator);
    cockpit
        .keys(&format!("/POST{ENTER}"))
        .sees_no_more("/health");
    cockpit
        .keys(CTRL_S)
        .sees("saved ~/.local/state/cutover/saved/checkout-");
    let shown = only_file(&home.join(".local/state/cutover/saved"), "log");
    let lines = || shown.lines().filter(|line| is_line(line));
    assert!(lines().count() > 0 && !shown.contains("/health"), "{shown}");
    cockpit
        .keys(&format!(":save all ~/all.log{ENTER}"))
        .sees("saved ~/all.log: ");
    let all = std::fs::read_to_string(home.join("all.log")).unwrap();
    assert!(all.lines().count() > shown.lines().count());
    assert!(!all.contains(|c: char| c.is_control() && c != '\n'));
    cockpit
        .keys(&format!(":save ~/all.log{ENTER}"))
        .sees("saved ~/all-2.log: ");
    cockpit
        .keys(&format!(":save ~/nowhere/all.log{ENTER}"))
        .sees("not saved: ~/nowhere/all.log: No such");
    assert_eq!(std::fs::read_to_string(home.join("all.log")).unwrap(), all);
}

#[test]
fn an_incident_is_written_down_with_its_release_and_its_errors() {
    let simulator = Simulator::paused("bad-release-logs");
    let (mut cockpit, home) = reading(&simulator);
    cockpit
        .keys(&format!(":export ~/note.md{ENTER}"))
        .sees("saved ~/note.md: ");
    let note = std::fs::read_to_string(home.join("note.md")).unwrap();
    for told in [
        "# Incident: checkout",
        "| cluster | prod |",
        "## Timeline",
        "the release starts",
        "## First errors",
        "## Log lines",
    ] {
        assert!(note.contains(told), "{told} is not in\n{note}");
    }
}

#[test]
fn another_time_is_shown_and_a_wrong_one_can_be_mended() {
    let simulator = Simulator::paused("bad-release-logs");
    let (mut cockpit, _) = reading(&simulator);
    cockpit
        .keys(&format!(":since 2{ENTER}"))
        .sees("\"2\" has no unit");
    cockpit
        .keys(&format!("h{ENTER}"))
        .sees("log lines: last 2h");
    cockpit.sees("POST /api/checkout");
}
