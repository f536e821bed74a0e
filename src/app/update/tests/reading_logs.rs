//! The logs screen: follow, pause, scroll, filter.

use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::feed::{FeedEvent, FeedMode, FeedState, log_feed};
use crate::app::fixture::*;
use crate::app::logs::LogsState;
use crate::app::model::Model;
use crate::app::msg::{Data, Msg};
use crate::app::screen::Screen;
use crate::app::update::update;
use crate::domain::fixture::*;
use crate::domain::logs::{Delivery, LogLine};
use crate::domain::task_definition::LogDestination;

/// A line at each of the seconds, numbered by it.
fn lines(model: &mut Model, seconds: std::ops::Range<i64>) {
    let lines = seconds
        .map(|second| LogLine {
            event: None,
            delivery: Delivery::default(),
            at: at(second),
            ingested_at: None,
            stream: stream("app", "one"),
            message: format!("line {second}"),
        })
        .collect();
    fed(model, FeedEvent::Lines(lines));
}

/// Something of the feed that was opened first; a feed that is not wanted tells nothing.
fn fed(model: &mut Model, event: FeedEvent) {
    let mut opened = watching();
    press(&mut opened, "l");
    let message = Msg::Feed {
        context: HERE,
        epoch: log_feed(&opened).unwrap().epoch,
        event,
    };
    say(model, OPENED, message);
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

/// The seconds of the lines under the cursor and below on screen; `None` while following.
fn place(model: &Model) -> Option<(i64, i64)> {
    let place = state(model).place?;
    let lines = &model.log_buffer.as_ref().unwrap().lines;
    let second = |id| lines.get(id).unwrap().at().as_second();
    Some((second(place.cursor), second(place.bottom)))
}

fn passing(model: &Model) -> usize {
    model.log_buffer.as_ref().unwrap().passing()
}

#[test]
fn the_newest_line_is_followed_until_one_steps_up() {
    let mut model = reading();
    lines(&mut model, 10..12);
    assert_eq!((place(&model), count(&model)), (None, 12));
    press(&mut model, "down");
    assert_eq!(place(&model), None, "there is nothing below");
    press(&mut model, "up");
    assert_eq!(place(&model), Some((11, 11)), "the newest line is chosen");
    press(&mut model, "up");
    lines(&mut model, 12..15);
    assert_eq!(
        place(&model),
        Some((10, 11)),
        "what is being read stays in place"
    );
    press(&mut model, "G");
    assert_eq!(place(&model), None);
    press(&mut model, "home");
    assert_eq!(place(&model), Some((0, 14)));
    press(&mut model, "up down");
    assert_eq!(place(&model), Some((1, 14)));
    press(&mut model, "end");
    assert_eq!(place(&model), None);
}

#[test]
fn stepping_down_from_the_newest_line_follows_again() {
    let mut model = reading();
    press(&mut model, "up down");
    assert_eq!(place(&model), None);
    press(&mut model, "space down down");
    assert_eq!(place(&model), Some((9, 9)), "but not out of a pause");
}

#[test]
fn while_paused_lines_wait_below_and_none_is_lost() {
    let mut model = reading();
    press(&mut model, "space");
    assert!(state(&model).paused);
    lines(&mut model, 10..14);
    assert_eq!((place(&model), count(&model)), (Some((9, 9)), 14));
    let waiting = model.log_buffer.as_ref().unwrap();
    assert_eq!(waiting.newer_than(state(&model).place.unwrap().bottom), 4);
    press(&mut model, "space");
    assert!(!state(&model).paused && state(&model).follows());
}

#[test]
fn late_lines_above_what_is_being_read_do_not_push_it() {
    let mut model = reading();
    lines(&mut model, 20..24);
    press(&mut model, "up up");
    lines(&mut model, 14..18);
    assert_eq!(place(&model), Some((22, 23)));
}

#[test]
fn what_was_drawn_says_which_line_is_the_lowest() {
    let mut model = reading();
    press(&mut model, "home");
    let lines = &model.log_buffer.as_ref().unwrap().lines;
    let bottom = Some(lines.at_rank(4).unwrap().id());
    let drawn = Msg::Scrollable {
        furthest: 0,
        bottom,
    };
    say(&mut model, OPENED, drawn);
    assert_eq!(place(&model), Some((0, 4)));
}

#[test]
fn a_pause_holds_behind_the_help_too() {
    let mut model = reading();
    press(&mut model, "space ?");
    lines(&mut model, 10..12);
    press(&mut model, "esc");
    assert_eq!((place(&model), count(&model)), (Some((9, 9)), 12));
}

#[test]
fn a_filter_keeps_the_cursor_on_its_line_or_the_one_before() {
    let mut model = reading();
    lines(&mut model, 10..14);
    press(&mut model, "up up up / 1 enter");
    assert_eq!(passing(&model), 5, "1, 10, 11, 12 and 13");
    assert_eq!(place(&model), Some((11, 13)));
    press(&mut model, "esc");
    assert!(matches!(screen(&model), Screen::Logs(_)));
    assert_eq!((passing(&model), place(&model)), (14, Some((11, 13))));
}

#[test]
fn an_expression_that_is_half_typed_changes_nothing() {
    let mut model = reading();
    press(&mut model, "/");
    type_text(&mut model, "-r [89]");
    assert_eq!(passing(&model), 2);
    type_text(&mut model, "(");
    assert_eq!(passing(&model), 2);
    press(&mut model, "esc");
    assert_eq!(passing(&model), 10);
}

#[test]
fn enter_shows_what_stands_around_a_line_and_esc_goes_back() {
    let mut model = reading();
    lines(&mut model, 10..14);
    press(&mut model, "/ 1 enter up up up enter");
    assert!(state(&model).surroundings);
    assert_eq!(passing(&model), 14);
    assert_eq!(place(&model).unwrap().0, 11);
    press(&mut model, "enter");
    assert!(matches!(model.dialog, Some(Dialog::LogLine { .. })));
    press(&mut model, "esc esc");
    assert!(!state(&model).surroundings);
    assert_eq!((passing(&model), place(&model).unwrap().0), (5, 11));
    press(&mut model, "esc esc");
    assert!(
        !matches!(screen(&model), Screen::Logs(_)),
        "the filter, then the screen"
    );
}

#[test]
fn filters_stack_and_are_switched_off_and_on() {
    let mut model = reading();
    press(&mut model, "& x");
    type_text(&mut model, "3");
    press(&mut model, "enter r");
    type_text(&mut model, "[1-5]$");
    press(&mut model, "enter");
    let texts: Vec<&str> = state(&model)
        .rules
        .iter()
        .map(|rule| rule.text.as_str())
        .collect();
    assert_eq!(texts, ["!3", "-r [1-5]$"]);
    assert_eq!(passing(&model), 4);
    press(&mut model, "1");
    assert_eq!(passing(&model), 5);
    press(&mut model, "1 d esc");
    assert_eq!((passing(&model), state(&model).rules.len()), (9, 1));
    press(&mut model, "& !");
    assert_eq!(passing(&model), 1, "only what was hidden");
}

#[test]
fn what_is_no_filter_is_told_and_stays_to_be_mended() {
    let mut model = reading();
    press(&mut model, "tab r");
    type_text(&mut model, "(");
    press(&mut model, "enter");
    let Some(Dialog::LogFilters(panel)) = &model.dialog else {
        panic!("the panel is gone");
    };
    let error = panel.typing.as_ref().unwrap().error.clone().unwrap();
    assert!(error.contains("unclosed"), "{error}");
    assert!(state(&model).rules.is_empty());
    press(&mut model, "esc esc");
    assert!(model.dialog.is_none());
}

#[test]
fn a_moment_is_gone_to_once_when_it_was_read() {
    let mut model = reading();
    press(&mut model, ":");
    type_text(&mut model, "at 1970-01-01T00:20:00Z");
    press(&mut model, "enter");
    let epoch = log_feed(&model).unwrap().epoch;
    let tell = |model: &mut Model, event| {
        let context = HERE;
        say(
            model,
            OPENED,
            Msg::Feed {
                context,
                epoch,
                event,
            },
        );
    };
    let line = |second| LogLine {
        event: None,
        delivery: Delivery::default(),
        at: at(second),
        ingested_at: None,
        stream: stream("app", "one"),
        message: format!("line {second}"),
    };
    let told = |mode: FeedMode| {
        FeedEvent::State(FeedState {
            mode,
            ..FeedState::default()
        })
    };
    tell(&mut model, told(FeedMode::Connecting));
    tell(
        &mut model,
        FeedEvent::Lines((1_000..1_400).step_by(7).map(line).collect()),
    );
    assert_eq!(place(&model), None, "the rest is still to come");
    tell(&mut model, told(FeedMode::Complete));
    assert_eq!(place(&model).unwrap().0, 1_203);
    press(&mut model, "G");
    tell(&mut model, told(FeedMode::Complete));
    assert_eq!(place(&model), None, "nobody is called back");
}

#[test]
fn a_search_goes_up_to_the_nearest_match_and_on_from_there() {
    let mut model = reading();
    lines(&mut model, 10..32);
    press(&mut model, "s");
    type_text(&mut model, "line 1");
    press(&mut model, "enter");
    assert_eq!(place(&model).unwrap().0, 19);
    press(&mut model, "N N");
    assert_eq!(place(&model).unwrap().0, 17);
    press(&mut model, "n");
    assert_eq!(place(&model).unwrap().0, 18);
    press(&mut model, "n n");
    let notice = model.notice.as_ref().unwrap();
    assert_eq!(notice.text, "there is no match below");
    assert_eq!(place(&model).unwrap().0, 19);
    press(&mut model, "esc");
    assert!(state(&model).search.is_none());
}

#[test]
fn errors_and_marks_are_gone_to() {
    let mut model = reading();
    let message = "ERROR no database".to_owned();
    let one = LogLine {
        event: None,
        delivery: Delivery::default(),
        at: at(4),
        ingested_at: None,
        stream: stream("app", "one"),
        message,
    };
    fed(&mut model, FeedEvent::Lines(vec![one]));
    press(&mut model, "E");
    assert_eq!(place(&model).unwrap().0, 4);
    press(&mut model, "m G up m home '");
    assert_eq!(place(&model).unwrap().0, 4);
    press(&mut model, "'");
    assert_eq!(place(&model).unwrap().0, 9);
    press(&mut model, "\"");
    assert_eq!(place(&model).unwrap().0, 4);
    press(&mut model, "m");
    assert_eq!(state(&model).marks.len(), 1);
    press(&mut model, "G m");
    assert_eq!(passing(&model), 12, "a mark stands between the lines");
}

#[test]
fn keys_that_act_elsewhere_read_here() {
    let mut model = reading();
    for key in ["e", "E", "N", "n", "z", "z", "z", "x", "o", "O", "I", "V"] {
        let effects = press(&mut model, key);
        let acts = |effect: &Effect| matches!(effect, Effect::ReadFacts { .. });
        assert!(!effects.iter().any(acts), "{key}");
        assert!(model.dialog.is_none(), "{key}");
    }
}

#[test]
fn a_million_lines_are_looked_through_in_slices() {
    let mut model = reading();
    lines(&mut model, 10..60_000);
    press(&mut model, "/ 7");
    let looking = |model: &Model| model.log_buffer.as_ref().unwrap().looking();
    assert!(looking(&model).is_some());
    let mut slices = 1;
    while update(&mut model, at(OPENED), Msg::Sift).contains(&Effect::Sift) {
        slices += 1;
        assert!(slices < 20);
    }
    assert!(slices > 1);
    assert_eq!(looking(&model), None);
    let has = |second: i64| second.to_string().contains('7');
    assert_eq!(
        passing(&model),
        (0..60_000).filter(|second| has(*second)).count()
    );
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
    let epoch = log_feed(&model).unwrap().epoch;
    let other = Msg::Feed {
        context: HERE,
        epoch: epoch ^ 1,
        event: FeedEvent::Notes(vec!["not mine".into()]),
    };
    say(&mut model, OPENED, other);
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
