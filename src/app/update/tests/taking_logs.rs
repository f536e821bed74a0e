//! Taking lines away from the logs screen: selecting, copying, saving.

use crate::app::availability::has_releases;
use crate::app::dialog::Dialog;
use crate::app::effect::{Effect, Save};
use crate::app::fixture::*;
use crate::app::logs::LogsState;
use crate::app::model::Model;
use crate::app::msg::{Msg, Saved};
use crate::app::screen::Screen;
use crate::domain::context::Scoped;
use crate::domain::fixture::{at, stream};
use crate::domain::logs::{Delivery, LogLine, LogSource};

fn state(model: &Model) -> &LogsState {
    model.navigation.current().logs.as_ref().unwrap()
}

/// What the last of the keys puts on the clipboard.
fn copied(model: &mut Model, keys: &str) -> Option<String> {
    match press(model, keys).pop() {
        Some(Effect::Copy(text)) => Some(text),
        _ => None,
    }
}

/// What the last of the keys saves.
fn saving(model: &mut Model, keys: &str) -> Option<Save> {
    match press(model, keys).pop() {
        Some(Effect::Save(save)) => Some(*save),
        _ => None,
    }
}

fn command(model: &mut Model, line: &str) -> Option<Save> {
    press(model, ":");
    type_text(model, line);
    saving(model, "enter")
}

/// The seconds of the lines of a text.
fn seconds(save: Save) -> Vec<String> {
    let text: String = save.content.parts().map(|(text, _)| text).collect();
    let last = |line: &str| line.rsplit(' ').next().unwrap_or_default().to_owned();
    text.lines().map(last).collect()
}

fn long(second: i64, bytes: usize) -> LogLine {
    LogLine {
        event: None,
        delivery: Delivery::default(),
        at: at(second),
        ingested_at: None,
        stream: stream("app", "one"),
        message: "x".repeat(bytes),
    }
}

#[test]
fn y_copies_the_newest_line_while_following_else_the_one_under_the_cursor() {
    let mut model = reading_lines(10);
    let newest = copied(&mut model, "y");
    assert_eq!(
        newest.as_deref(),
        Some("1970-01-01T00:00:09.000+00:00 one app line 9")
    );
    assert_eq!(notice(&model), "copied 1 line, 44 bytes");
    assert!(state(&model).follows(), "nothing moves");
    let above = copied(&mut model, "up up y").unwrap();
    assert!(above.ends_with("one app line 8"), "{above}");
    assert_eq!(copied(&mut model, "Y").as_deref(), Some("line 8"));
}

#[test]
fn a_selection_goes_from_where_it_began_to_the_cursor() {
    let mut model = reading_lines(10);
    let text = copied(&mut model, "up V up up Y");
    assert_eq!(text.as_deref(), Some("line 7\nline 8\nline 9"));
    assert_eq!(notice(&model), "copied 3 lines, 20 bytes");
    assert_eq!(state(&model).selection(), None, "copying ends it");
    let text = copied(&mut model, "up V down down Y");
    assert_eq!(text.as_deref(), Some("line 6\nline 7\nline 8"));
}

#[test]
fn a_selection_that_begins_while_following_stops_following_and_end_extends_it() {
    let mut model = reading_lines(4);
    press(&mut model, "V");
    assert!(!state(&model).follows());
    feed_lines(&mut model, vec![long(20, 1), long(21, 2)]);
    press(&mut model, "down down down");
    assert!(!state(&model).follows(), "the end is not left by a step");
    let text = copied(&mut model, "end Y");
    assert_eq!(text.as_deref(), Some("line 3\nx\nxx"));
    let text = copied(&mut model, "V home Y");
    assert!(text.unwrap().starts_with("line 0\nline 1\n"));
}

#[test]
fn esc_gives_a_selection_up_first_and_so_does_its_own_key() {
    let mut model = reading_lines(4);
    for end in ["esc", "V"] {
        press(&mut model, "V up");
        assert!(state(&model).selection().is_some());
        press(&mut model, end);
        assert_eq!(state(&model).selection(), None, "{end}");
        press(&mut model, "up");
        assert_eq!(state(&model).selection(), None, "{end}");
    }
}

#[test]
fn a_selection_holds_only_what_passes_the_filter() {
    let mut model = reading_lines(30);
    press(&mut model, "/");
    type_text(&mut model, "line 2");
    press(&mut model, "enter");
    let text = copied(&mut model, "V up up Y");
    assert_eq!(text.as_deref(), Some("line 27\nline 28\nline 29"));
    let text = copied(&mut model, "home V down Y");
    assert_eq!(text.as_deref(), Some("line 2\nline 20"));
}

#[test]
fn a_line_that_is_shown_as_a_whole_is_copied_alone() {
    let mut model = reading_lines(10);
    press(&mut model, "V up up enter");
    assert!(matches!(model.dialog, Some(Dialog::LogLine { .. })));
    assert_eq!(copied(&mut model, "Y").as_deref(), Some("line 7"));
    assert!(model.dialog.is_some(), "it stays in front");
    let text = copied(&mut model, "esc Y");
    assert_eq!(text.as_deref(), Some("line 7\nline 8\nline 9"));
}

#[test]
fn c_copies_where_there_is_never_anything_to_cut_over() {
    let mut model = reading_lines(3);
    assert_eq!(copied(&mut model, "c"), None, "web has releases");
    let source = LogSource::Stream {
        of: "build".into(),
        group: "builds".into(),
        stream: "one".into(),
        region: None,
    };
    let screen = Screen::Logs(Scoped::new(HERE, source));
    assert!(!has_releases(&screen) && has_releases(&model.navigation.current().screen));
}

#[test]
fn a_filter_that_hides_the_line_under_the_cursor_leaves_the_one_above_to_copy() {
    let mut model = reading_lines(10);
    press(&mut model, "up up up /");
    type_text(&mut model, "!line 7");
    press(&mut model, "enter");
    assert_eq!(copied(&mut model, "Y").as_deref(), Some("line 6"));
}

#[test]
fn what_no_terminal_takes_is_not_copied_and_can_be_saved() {
    let mut model = reading_lines(0);
    feed_lines(
        &mut model,
        (0..3).map(|second| long(second, 30_000)).collect(),
    );
    assert_eq!(copied(&mut model, "V up up y"), None);
    assert_eq!(
        notice(&model),
        "3 lines: too large for a terminal to copy (74,994 bytes); ctrl-s saves to a file"
    );
    assert!(state(&model).selection().is_some(), "nothing is lost");
    let save = saving(&mut model, "ctrl-s").unwrap();
    assert_eq!(seconds(save).len(), 3);
    assert!(copied(&mut model, "V up y").is_some());
}

#[test]
fn what_is_shown_is_saved_with_the_filter_and_all_without() {
    let mut model = reading_lines(30);
    press(&mut model, "/");
    type_text(&mut model, "line 2");
    press(&mut model, "enter");
    let shown = saving(&mut model, "ctrl-s").unwrap();
    assert_eq!(
        (shown.path.as_deref(), shown.name.as_str()),
        (None, "web-19700101-003320.log")
    );
    assert_eq!(seconds(shown).len(), 11);
    let all = command(&mut model, "save all ~/my logs").unwrap();
    assert_eq!(all.path.as_deref(), Some("~/my logs"));
    assert_eq!(seconds(all).len(), 30);
    press(&mut model, "V up");
    let selected = command(&mut model, "save here.log").unwrap();
    assert_eq!(selected.path.as_deref(), Some("here.log"));
    assert_eq!(seconds(selected), ["28", "29"]);
}

#[test]
fn what_is_saved_is_what_was_there_when_the_key_was_pressed() {
    let mut model = reading_lines(5_000);
    let save = saving(&mut model, "ctrl-s").unwrap();
    feed_lines(&mut model, vec![long(6_000, 1)]);
    press(&mut model, "2");
    let saved = seconds(save);
    assert_eq!(saved.len(), 5_000);
    assert_eq!(saved.last().map(String::as_str), Some("4999"));
}

#[test]
fn what_was_not_looked_at_yet_is_saved_too_if_it_passes() {
    let mut model = reading_lines(60_000);
    press(&mut model, "/");
    type_text(&mut model, "line 5");
    let save = saving(&mut model, "enter ctrl-s").unwrap();
    let buffer = model.log_buffer.as_ref().unwrap();
    assert!(buffer.looking().is_some(), "the screen is not done looking");
    assert_eq!(seconds(save).len(), 11_111);
}

#[test]
fn where_a_file_is_stays_on_screen_and_a_failure_too() {
    let mut model = reading_lines(3);
    let saved = Saved {
        path: "~/web.log".into(),
        lines: 3,
        bytes: 120,
    };
    say(&mut model, OPENED, Msg::Saved(Ok(saved)));
    assert_eq!(notice(&model), "saved ~/web.log: 3 lines, 120 bytes");
    assert_eq!(model.warning, model.notice);
    say(
        &mut model,
        OPENED,
        Msg::Saved(Err("~/web.log: disk full".into())),
    );
    assert_eq!(notice(&model), "not saved: ~/web.log: disk full");
}

#[test]
fn without_a_line_there_is_nothing_to_take() {
    let mut model = reading_lines(0);
    assert_eq!(press(&mut model, "y Y V ctrl-s"), []);
    assert_eq!(command(&mut model, "save"), None);
    assert_eq!(notice(&model), "there is no line to save");
    let mut model = watching();
    assert_eq!(command(&mut model, "save"), None);
    assert_eq!(notice(&model), ":save is for log lines: l opens them");
}

#[test]
fn a_note_tells_the_release_and_what_it_said() {
    let mut model = reading_lines(3);
    let error = |second, message: &str| LogLine {
        message: message.into(),
        ..long(second, 0)
    };
    let lines = vec![
        error(65, "ERROR no database"),
        error(65, "\tat shop.Main.main(Main.java:12)"),
        error(66, "a ``` fence and \u{1b}[2Jmore"),
    ];
    feed_lines(&mut model, lines);
    press(&mut model, "up up m");
    let save = command(&mut model, "export note.md").unwrap();
    assert_eq!(save.path.as_deref(), Some("note.md"));
    assert_eq!(save.name, "web-19700101-003320.md");
    let parts: Vec<(String, usize)> = save.content.parts().collect();
    assert_eq!(parts.len(), 1);
    insta::assert_snapshot!(parts[0].0);
}

#[test]
fn a_note_holds_the_selection_or_else_no_more_than_one_can_read() {
    let mut model = reading_lines(2_500);
    let note = |save: Save| save.content.parts().next().unwrap();
    let (text, lines) = note(command(&mut model, "export").unwrap());
    assert_eq!(lines, 2_000);
    assert!(text.contains("The newest 2000 of 2500 lines; :save writes all of them"));
    assert!(text.contains("one app line 2499\n") && !text.contains("app line 499\n"));
    press(&mut model, "home V down");
    let (text, lines) = note(command(&mut model, "export").unwrap());
    assert_eq!(lines, 2);
    assert!(text.contains("2 lines, selected.") && !text.contains("app line 2\n"));
}
