//! Command lines, and what they mean on a screen.

use super::*;
use crate::app::fixture::*;
use crate::app::logs_range::{RangeChoice, range_in_front};
use crate::app::model::Mode;
use crate::domain::fixture::at;

fn reading() -> Model {
    let mut model = watching();
    press(&mut model, "l");
    assert!(matches!(screen(&model), Screen::Logs(_)));
    model
}

fn run_line(model: &mut Model, line: &str) {
    press(model, ":");
    type_text(model, line);
    press(model, "enter");
}

/// What stands in the line of input.
fn typed(model: &Model) -> Option<&str> {
    match &model.mode {
        Mode::Command(input) => Some(input.value()),
        _ => None,
    }
}

fn names(model: &Model, typed: &str) -> Vec<&'static str> {
    let found = completions(model, typed);
    found.iter().map(|command| command.name).collect()
}

#[test]
fn since_and_at_choose_the_time_that_is_shown() {
    let mut model = reading();
    for (line, seconds) in [
        ("since 90s", 90),
        ("since 1h30m", 5_400),
        ("since 2d", 172_800),
    ] {
        run_line(&mut model, line);
        let range = range_in_front(&model).unwrap();
        assert_eq!(range.choice, RangeChoice::Last(seconds), "{line}");
        assert!(notice(&model).starts_with("log lines: last"), "{line}");
    }
    run_line(&mut model, "at 00:13");
    let range = range_in_front(&model).unwrap();
    assert_eq!(range.choice, RangeChoice::At(at(13 * 60)));
    assert_eq!(typed(&model), None);
}

#[test]
fn what_names_no_time_stays_to_be_mended() {
    let mut model = reading();
    let before = *range_in_front(&model).unwrap();
    for (line, why) in [
        ("since", "say how far back"),
        ("since 2", "\"2\" has no unit"),
        ("since 2x", "\"2x\" is no duration"),
        ("at 25:00", "\"25:00\" is no time"),
        ("at 2030-01-01 00:00", "is yet to come"),
    ] {
        run_line(&mut model, line);
        assert_eq!(typed(&model), Some(line));
        let line = format!("{line} ");
        let told = hint(&model, &line).unwrap();
        assert!(told.contains(why), "{line}: {told}");
        press(&mut model, "esc");
    }
    assert_eq!(*range_in_front(&model).unwrap(), before);
    run_line(&mut model, "since 2");
    type_text(&mut model, "h");
    press(&mut model, "enter");
    let range = range_in_front(&model).unwrap();
    assert_eq!(range.choice, RangeChoice::Last(7_200));
}

#[test]
fn the_line_tells_what_it_would_do_before_it_does() {
    let model = reading();
    let told = hint(&model, "since 2h");
    assert_eq!(told.as_deref(), Some("last 2h"));
    assert_eq!(hint(&model, "since"), None, "the name may go on");
    assert_eq!(hint(&model, "releases "), None);
}

#[test]
fn elsewhere_the_commands_of_the_logs_screen_say_where_they_belong() {
    let mut model = watching();
    run_line(&mut model, "since 2h");
    assert_eq!(notice(&model), ":since is for log lines: l opens them");
    assert!(matches!(screen(&model), Screen::Releases));
    assert_eq!(
        names(&model, "s"),
        ["services"],
        "and leave beginnings alone"
    );
    let model = reading();
    assert!(names(&model, "s").contains(&"since"));
}

#[test]
fn tab_completes_a_name_and_leaves_room_for_its_argument() {
    let mut model = reading();
    press(&mut model, ":");
    type_text(&mut model, "si");
    press(&mut model, "tab");
    assert_eq!(typed(&model), Some("since "));
}

#[test]
fn a_screen_takes_no_argument() {
    let mut model = reading();
    run_line(&mut model, "clusters now");
    assert!(
        notice(&model).contains("there is no screen"),
        "{}",
        notice(&model)
    );
}
