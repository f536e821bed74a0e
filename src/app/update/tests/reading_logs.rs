//! The logs screen: follow, pause, scroll, filter.

use crate::app::fixture::*;
use crate::app::logs::LogsState;
use crate::app::model::Model;
use crate::app::msg::{Data, Msg};
use crate::app::screen::Screen;
use crate::domain::fixture::*;
use crate::domain::logs::{LogLine, LogSource};
use crate::domain::task_definition::LogDestination;

fn source() -> LogSource {
    LogSource::Service {
        cluster: cluster("prod"),
        service: service_arn("web"),
    }
}

/// A line at each of the seconds, numbered by it.
fn lines(model: &mut Model, seconds: std::ops::Range<i64>) {
    let lines = seconds
        .map(|second| LogLine {
            event: None,
            at: at(second),
            ingested_at: None,
            stream: stream("app", "one"),
            message: format!("line {second}"),
        })
        .collect();
    let data = Data::LogLines {
        source: source(),
        lines,
        notes: vec![],
    };
    tell(model, OPENED, data);
}

fn reading() -> Model {
    let mut model = watching();
    press(&mut model, "l");
    assert!(matches!(screen(&model), Screen::Logs(_)));
    lines(&mut model, 0..10);
    model
}

fn state(model: &Model) -> &LogsState {
    model.navigation.current().logs.as_ref().unwrap()
}

fn count(model: &Model) -> usize {
    model.log_buffer.as_ref().unwrap().len()
}

#[test]
fn the_newest_line_is_followed_until_one_scrolls_up() {
    let mut model = reading();
    lines(&mut model, 10..12);
    assert_eq!((state(&model).up, count(&model)), (0, 12));
    press(&mut model, "up up");
    lines(&mut model, 12..15);
    assert_eq!(state(&model).up, 5, "what is being read stays in place");
    press(&mut model, "f");
    assert_eq!(state(&model).up, 0);
    press(&mut model, "home");
    assert_eq!(state(&model).up, 14, "the first line, and no further");
    press(&mut model, "down");
    assert_eq!(state(&model).up, 13);
    press(&mut model, "end");
    assert_eq!(state(&model).up, 0);
}

#[test]
fn while_paused_lines_wait_and_none_is_lost() {
    let mut model = reading();
    press(&mut model, "space");
    assert!(state(&model).paused);
    lines(&mut model, 8..14);
    let buffer = model.log_buffer.as_ref().unwrap();
    assert_eq!((buffer.len(), buffer.waiting()), (10, 4));
    press(&mut model, "up space");
    assert!(!state(&model).paused);
    assert_eq!((count(&model), state(&model).up), (14, 5));
    press(&mut model, "space");
    lines(&mut model, 14..16);
    press(&mut model, "f");
    assert_eq!((count(&model), state(&model).up), (16, 0));
    assert!(!state(&model).paused);
}

#[test]
fn late_lines_above_what_is_being_read_do_not_push_it() {
    let mut model = reading();
    lines(&mut model, 20..24);
    press(&mut model, "up up");
    lines(&mut model, 14..18);
    assert_eq!(state(&model).up, 2);
}

#[test]
fn what_is_scrolled_past_the_end_is_taken_back_once_it_is_drawn() {
    let mut model = reading();
    press(&mut model, "home");
    say(&mut model, OPENED, Msg::Scrollable { furthest: 4 });
    assert_eq!(state(&model).up, 4);
    press(&mut model, "down");
    assert_eq!(state(&model).up, 3);
}

#[test]
fn the_end_key_follows_again_even_from_a_pause() {
    let mut model = reading();
    press(&mut model, "up space");
    lines(&mut model, 10..12);
    press(&mut model, "end");
    assert_eq!((count(&model), state(&model).up), (12, 0));
    assert!(!state(&model).paused);
}

#[test]
fn a_pause_holds_behind_the_help_too() {
    let mut model = reading();
    press(&mut model, "space ?");
    lines(&mut model, 10..12);
    press(&mut model, "esc");
    let buffer = model.log_buffer.as_ref().unwrap();
    assert_eq!((buffer.len(), buffer.waiting()), (10, 2));
}

#[test]
fn only_lines_that_pass_the_filter_push_what_is_being_read() {
    let mut model = reading();
    lines(&mut model, 10..14);
    press(&mut model, "/ 1 enter up");
    lines(&mut model, 20..22);
    assert_eq!(state(&model).up, 2, "of line 20 and line 21 one passes");
    press(&mut model, "esc");
    assert!(matches!(screen(&model), Screen::Logs(_)));
    assert_eq!(
        state(&model).up,
        3,
        "line 12 stays, whatever passes below it"
    );
    press(&mut model, "w ctrl-t");
    assert!(state(&model).wrap && state(&model).hide_times);
}

#[test]
fn lines_stay_behind_the_help_and_go_when_one_leaves() {
    let mut model = reading();
    press(&mut model, "?");
    lines(&mut model, 10..11);
    press(&mut model, "esc");
    assert_eq!(count(&model), 11);
    press(&mut model, "esc");
    assert!(model.log_buffer.is_none());
    lines(&mut model, 11..12);
    assert!(model.log_buffer.is_none());
}

#[test]
fn lines_of_another_source_are_not_mixed_in() {
    let mut model = reading();
    let other = Data::LogLines {
        source: LogSource::Task {
            cluster: cluster("prod"),
            task: task_arn("one"),
        },
        lines: vec![],
        notes: vec!["not mine".into()],
    };
    tell(&mut model, OPENED, other);
    assert!(model.log_buffer.as_ref().unwrap().notes.is_empty());
}

#[test]
fn containers_whose_lines_cannot_be_found_are_named_while_that_is_so() {
    let mut model = reading();
    let tasks = Data::Tasks {
        cluster: cluster("prod"),
        service: Some(service_arn("web")),
        stopped: false,
        tasks: vec![running("one")],
    };
    tell(&mut model, OPENED, tasks);
    let missing = |model: &Model| model.log_buffer.as_ref().unwrap().missing.clone();
    assert_eq!(missing(&model), ["web:2 is not read yet"]);
    let mut silent = definition(2, "ACTIVE");
    silent.containers[0].logs = LogDestination::OtherDriver("awsfirelens".into());
    tell(&mut model, OPENED, Data::TaskDefinition(Box::new(silent)));
    assert_eq!(missing(&model).len(), 1);
    assert!(missing(&model)[0].contains("awsfirelens"));
    let known = definition(2, "ACTIVE");
    tell(
        &mut model,
        OPENED + 1,
        Data::TaskDefinition(Box::new(known)),
    );
    say(&mut model, OPENED + 1, Msg::Tick);
    assert_eq!(missing(&model), Vec::<String>::new());
}
