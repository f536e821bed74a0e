//! The terminal is taken over and given back, whatever happens.

use std::process::Command;

use crate::cockpit::{Cockpit, ENTER};
use crate::simulator::Simulator;

fn signal(cockpit: &Cockpit, name: &str) {
    let pid = cockpit.process_id().to_string();
    assert!(
        Command::new("kill")
            .args([name, &pid])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn q_at_home_quits_and_restores() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = Cockpit::open(&simulator, &[]);
    assert_eq!(cockpit.sees("in progress").keys("q").ends(), 0);
    assert!(cockpit.terminal_is_restored());
}

#[test]
fn a_kill_restores() {
    for name in ["-TERM", "-HUP", "-INT"] {
        let simulator = Simulator::paused("rolling");
        let mut cockpit = Cockpit::open(&simulator, &[]);
        cockpit.sees("in progress");
        signal(&cockpit, name);
        cockpit.ends();
        assert!(cockpit.terminal_is_restored(), "{name}");
    }
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_restores_before_it_speaks() {
    let simulator = Simulator::paused("rolling");
    let endpoint = simulator.endpoint();
    let arguments = ["demo", "--at", endpoint.as_str()];
    let mut cockpit = Cockpit::run(&arguments, &[("CUTOVER_REHEARSE_PANIC", "1")], 120, 40);
    assert_ne!(cockpit.sees("in progress").keys("\x1b[24~").ends(), 0);
    assert!(cockpit.terminal_is_restored());
    assert!(
        cockpit.screen().contains("a rehearsed panic"),
        "{}",
        cockpit.screen()
    );
}

#[test]
fn ctrl_z_hands_the_terminal_to_the_shell_and_fg_takes_it_back() {
    let simulator = Simulator::paused("rolling");
    let binary = env!("CARGO_BIN_EXE_cutover");
    let mut shell = Cockpit::run_program("bash", &["--norc", "--noprofile", "-i"], &[], 100, 30);
    shell
        .keys(&format!(
            "{binary} demo --at {}{ENTER}",
            simulator.endpoint()
        ))
        .sees("in progress");
    shell.keys("\x1a").sees("Stopped");
    assert!(shell.shows_the_shell());
    shell
        .keys(&format!("fg{ENTER}"))
        .sees("in progress")
        .sees_no_more("Stopped");
    shell.keys("q").sees("Stopped");
    assert!(shell.shows_the_shell());
}

#[test]
fn a_resize_storm_ends_in_the_last_size() {
    let simulator = Simulator::paused("tour");
    let mut cockpit = Cockpit::open(&simulator, &[]);
    cockpit.sees("checkout");
    for step in 0..60_u16 {
        cockpit.resize(20 + step * 3, 5 + step % 40);
    }
    cockpit
        .resize(20, 5)
        .wait("the worst release in one line", |screen| {
            !screen.trim().is_empty() && screen.lines().all(|line| line.chars().count() <= 20)
        });
    cockpit
        .resize(1, 1)
        .resize(200, 50)
        .sees("checkout")
        .sees("STRATEGY");
}

#[test]
fn without_a_terminal_it_says_what_to_use_instead() {
    let output = Command::new(env!("CARGO_BIN_EXE_cutover"))
        .arg("demo")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("cutover status"), "{said}");
    assert!(!output.status.success() && output.stdout.is_empty());
}

#[test]
fn copying_goes_through_the_terminal() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = Cockpit::open(&simulator, &[]);
    cockpit.sees("in progress").keys("y").sees("copied");
    let raw = cockpit.raw();
    assert!(
        raw.windows(5).any(|bytes| bytes == b"\x1b]52;"),
        "no OSC 52 was written"
    );
}

#[test]
fn a_terminal_that_says_it_is_light_gets_the_light_theme_and_no_key_is_lost() {
    let simulator = Simulator::paused("rolling");
    let endpoint = simulator.endpoint();
    let arguments = ["demo", "--at", endpoint.as_str()];
    let environment = [("COLORFGBG", ""), ("COLORTERM", "truecolor")];
    let mut cockpit = Cockpit::run(&arguments, &environment, 120, 40);
    cockpit.sees("in progress");
    let ground = |cockpit: &Cockpit| {
        cockpit.with_screen(|screen| screen.cell(20, 60).map(vt100::Cell::bgcolor))
    };
    let dark = ground(&cockpit);
    let raw = cockpit.raw();
    assert!(
        raw.windows(5).any(|bytes| bytes == b"\x1b]11;"),
        "it did not ask"
    );
    cockpit
        .keys("\x1b]11;rgb:ffff/ffff/ffff\x1b\\?")
        .sees("Acting");
    assert_ne!(ground(&cockpit), dark);
}

#[test]
fn no_color_means_no_colour_and_the_words_stay() {
    let simulator = Simulator::paused("bad-rolling");
    simulator.advance(25);
    let endpoint = simulator.endpoint();
    let arguments = ["demo", "--at", endpoint.as_str(), "--symbols", "ascii"];
    let mut cockpit = Cockpit::run(&arguments, &[("NO_COLOR", "1")], 100, 30);
    cockpit.sees("failing");
    let coloured = cockpit.with_screen(|screen| {
        let (rows, columns) = screen.size();
        let cells =
            (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        cells
            .filter_map(|(row, column)| screen.cell(row, column))
            .any(|cell| {
                (cell.fgcolor(), cell.bgcolor()) != (vt100::Color::Default, vt100::Color::Default)
            })
    });
    assert!(!coloured);
    assert!(cockpit.screen().is_ascii(), "{}", cockpit.screen());
}
