//! Log lines.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use cutover::app::effect::Effect;
use cutover::app::feed::{FeedEvent, FeedMode, FeedState, FeedTally, log_feed};
use cutover::app::model::Model;
use cutover::app::msg::{Data, Msg};
use cutover::app::update::{settle, update};
use cutover::config::settings::Symbols;
use cutover::config::terminal::ColorDepth;
use cutover::domain::logs::{Delivery, LogLine, StreamName};
use insta::assert_snapshot;

use crate::fixture::{before, fetch, now, press, type_in};
use crate::paint::{look, plain, show, styled, text};
use crate::world::{answered, cluster, crashed, evening, running, service_arn};

/// Tasks of the old revision.
const OLD: [&str; 2] = ["c3a92b7f10de4c55", "e07d5511aa3f4b92"];
/// Tasks of the new one.
const NEW: [&str; 3] = ["77aa01b2c3d4e5f6", "4f1ce2d37a7a4c0e", "9a02c4d1e5f64b7a"];

fn line(task: &str, age: i64, message: impl Into<String>) -> LogLine {
    LogLine {
        event: None,
        delivery: Delivery::default(),
        at: before(age),
        ingested_at: None,
        stream: Arc::new(StreamName {
            region: None,
            group: "/ecs/checkout".into(),
            stream: format!("app/app/{task}"),
        }),
        message: message.into(),
    }
}

fn fed(model: &mut Model, event: FeedEvent) {
    let feed = log_feed(model).unwrap();
    let (context, epoch) = (feed.context, feed.epoch);
    let message = Msg::Feed {
        context,
        epoch,
        event,
    };
    update(model, now(), message);
    settle(model);
}

fn opened() -> Model {
    let mut model = evening();
    let service = service_arn("prod-core", "checkout");
    let tasks = [
        OLD.map(|id| running("prod-core", "checkout", id, 500_000))
            .to_vec(),
        [(NEW[0], 240), (NEW[1], 130), (NEW[2], 100)]
            .map(|(id, age)| crashed(id, age))
            .to_vec(),
    ];
    for (stopped, tasks) in [false, true].into_iter().zip(tasks) {
        let data = Data::Tasks {
            cluster: cluster("prod-core"),
            service: Some(service.clone()),
            stopped,
            tasks,
        };
        fetch(&mut model, data);
    }
    press(&mut model, &["/"]);
    type_in(&mut model, "checkout");
    press(&mut model, &["enter", "l"]);
    answered(&mut model);
    model
}

/// The old side serves, the new one does not come up.
pub fn reading() -> Model {
    let mut model = opened();
    let mut lines = Vec::new();
    for n in 0..150_i64 {
        let task = OLD[usize::try_from(n % 2).unwrap()];
        let message = match n % 6 {
            0 => {
                r#"{"level":"info","msg":"capture ok","order":{"id":"3f1c","cents":1290},"ms":42}"#
            }
            3 => "WARN retrying the payment provider, attempt 2",
            5 => "debug: pool of 4 connections, 日本語のメッセージ",
            _ => "GET /health 200 2ms",
        };
        lines.push(line(task, 600 - 4 * n, message));
    }
    for (task, stopped) in NEW.into_iter().zip([240, 130, 100]) {
        let said = [
            "starting checkout 9be0012",
            "INFO connecting to the database that the environment names, with a pool of 16 \
             connections and a timeout of 30 seconds",
            "ERROR DB_URL is not set",
            "java.lang.IllegalStateException: no database",
            "\tat shop.checkout.Database.open(Database.java:41)",
            "\tat shop.checkout.Main.main(Main.java:12)",
            "FATAL giving up",
        ];
        for (message, age) in said.into_iter().zip((stopped - 2..=stopped + 4).rev()) {
            lines.push(line(task, age, message));
        }
    }
    fed(&mut model, FeedEvent::Lines(lines));
    let notes = vec!["container xray has no log configuration".into()];
    fed(&mut model, FeedEvent::Notes(notes));
    let state = FeedState {
        mode: FeedMode::Live { since: before(600) },
        tally: FeedTally {
            live_seconds: 600,
            sampled: 3,
            ..FeedTally::default()
        },
        ..FeedState::default()
    };
    fed(&mut model, FeedEvent::State(state));
    model
}

/// As the program draws, twice: what is in sight is known from the first time on.
fn seen(model: &mut Model, columns: u16, rows: u16) -> String {
    let dark = crate::paint::dark();
    show(model, &dark, columns, rows);
    plain(&show(model, &dark, columns, rows))
}

#[test]
fn following() {
    let model = reading();
    assert_snapshot!("following_80", text(&model, 80, 24));
    assert_snapshot!("following_120", text(&model, 120, 40));
    assert_snapshot!("following_200", text(&model, 200, 50));
}

#[test]
fn side_by_side() {
    let mut model = reading();
    press(&mut model, &["v"]);
    press(&mut model, &["/"]);
    type_in(&mut model, "!health");
    press(&mut model, &["enter"]);
    press(&mut model, &["up"; 18]);
    for (columns, rows) in [(80, 24), (120, 40), (200, 50)] {
        let name = format!("side_by_side_{columns}");
        assert_snapshot!(name, seen(&mut model.clone(), columns, rows));
    }
}

#[test]
fn wrapped_without_times() {
    let mut model = reading();
    press(&mut model, &["w", "ctrl-t", "ctrl-t", "E", "E"]);
    assert_snapshot!(seen(&mut model, 80, 24));
}

#[test]
fn scrolled_up_with_marks() {
    let mut model = reading();
    press(&mut model, &["m", "k", "k", "k", "m", "k", "k"]);
    assert_snapshot!(seen(&mut model, 80, 24));
}

#[test]
fn paused() {
    let mut model = reading();
    press(&mut model, &["space"]);
    let newer = vec![line(OLD[0], 1, "after the pause")];
    fed(&mut model, FeedEvent::Lines(newer));
    assert_snapshot!(seen(&mut model, 80, 24));
}

#[test]
fn filtered_with_context() {
    let mut model = reading();
    press(&mut model, &["/"]);
    type_in(&mut model, "db_url");
    press(&mut model, &["enter", "C"]);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn around_a_line() {
    let mut model = reading();
    press(&mut model, &["/"]);
    type_in(&mut model, "db_url");
    press(&mut model, &["enter", "up", "up", "enter"]);
    assert_snapshot!(seen(&mut model, 120, 40));
}

#[test]
fn a_filter_that_nothing_passes() {
    let mut model = reading();
    press(&mut model, &["/"]);
    type_in(&mut model, "kangaroo");
    press(&mut model, &["enter"]);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn an_expression_that_is_none_yet() {
    let mut model = reading();
    press(&mut model, &["/"]);
    type_in(&mut model, "-r time(out");
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn the_panel_of_filters() {
    let mut model = reading();
    press(&mut model, &["&", "l"]);
    type_in(&mut model, "warn");
    press(&mut model, &["enter", "x"]);
    type_in(&mut model, "retrying");
    press(&mut model, &["enter", "space", "a"]);
    type_in(&mut model, ".order.cents>=1000");
    press(&mut model, &["enter"]);
    assert_snapshot!("filters_80", text(&model, 80, 24));
    press(&mut model, &["r"]);
    type_in(&mut model, "5(");
    press(&mut model, &["enter"]);
    assert_snapshot!("filters_120", text(&model, 120, 40));
}

#[test]
fn searching() {
    let mut model = reading();
    press(&mut model, &["s"]);
    type_in(&mut model, "-r retrying|database");
    assert_snapshot!("search_typed", text(&model, 80, 24));
    press(&mut model, &["enter", "N"]);
    assert_snapshot!("search_found", seen(&mut model, 120, 40));
    let colours = look("dark", ColorDepth::Ansi16, Symbols::Unicode);
    let styles = styled(&show(&mut model, &colours, 80, 16));
    assert_snapshot!("search_styles", styles);
}

#[test]
fn json() {
    let mut model = reading();
    press(&mut model, &["K"]);
    type_in(&mut model, "msg order.cents");
    press(&mut model, &["enter"]);
    assert_snapshot!("json_reduced", text(&model, 80, 24));
    press(&mut model, &["J"]);
    assert_snapshot!("json_pretty", text(&model, 80, 24));
}

#[test]
fn a_selection() {
    let mut model = reading();
    press(&mut model, &["up", "m", "up", "V", "up", "up", "up"]);
    assert_snapshot!("selection_80", seen(&mut model, 80, 24));
    assert_snapshot!("selection_200", seen(&mut model, 200, 50));
    let colours = look("dark", ColorDepth::Ansi16, Symbols::Unicode);
    let styles = styled(&show(&mut model, &colours, 80, 16));
    assert_snapshot!("selection_styles", styles);
    let poor = look("dark", ColorDepth::None, Symbols::Ascii);
    assert_snapshot!("selection_ascii", plain(&show(&mut model, &poor, 80, 24)));
}

#[test]
fn a_command_tells_what_it_would_do() {
    let mut model = reading();
    for (line, name) in [
        ("since ", "since_typed"),
        ("since 2x", "since_wrong"),
        ("at 02:13", "at_right"),
        ("save all x.log", "save_typed"),
    ] {
        press(&mut model, &[":"]);
        type_in(&mut model, line);
        let screen = text(&model, 80, 24);
        let told = screen.lines().find(|told| told.starts_with(" :"));
        assert_snapshot!(name, told.unwrap_or_default());
        press(&mut model, &["esc"]);
    }
}

#[test]
fn a_note_of_the_incident() {
    let mut model = reading();
    press(&mut model, &["E", "m", "V", "down", "down", "down", ":"]);
    type_in(&mut model, "export");
    let enter = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
    let effects = update(&mut model, now(), Msg::Key(enter));
    let Some(Effect::Save(save)) = effects.into_iter().next() else {
        panic!("nothing is saved");
    };
    let text: String = save.content.parts().map(|(text, _)| text).collect();
    assert_snapshot!(text);
}

#[test]
fn a_whole_line() {
    let mut model = reading();
    press(&mut model, &["s"]);
    type_in(&mut model, "capture");
    press(&mut model, &["enter", "enter"]);
    assert_snapshot!("whole_line_80", text(&model, 80, 24));
    assert_snapshot!("whole_line_200", text(&model, 200, 50));
}

#[test]
fn on_the_whole_screen() {
    let mut model = reading();
    press(&mut model, &["f", "h"]);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn on_a_narrow_terminal() {
    let mut model = reading();
    assert_snapshot!("narrow", text(&model, 40, 24));
    press(&mut model, &["v", "up", "up"]);
    assert_snapshot!("narrow_low", seen(&mut model, 40, 10));
}

#[test]
fn without_colours_in_ascii() {
    let mut model = reading();
    press(&mut model, &["v", "up", "m", "up"]);
    let poor = look("dark", ColorDepth::None, Symbols::Ascii);
    show(&mut model, &poor, 100, 30);
    assert_snapshot!(plain(&show(&mut model, &poor, 100, 30)));
}

#[test]
fn no_lines_yet() {
    assert_snapshot!(text(&opened(), 80, 24));
}

/// What was written around 01:30, which is long over.
fn around_a_moment() -> Model {
    let mut model = opened();
    press(&mut model, &[":"]);
    type_in(&mut model, "at 01:30");
    press(&mut model, &["enter"]);
    model
}

fn complete() -> FeedEvent {
    FeedEvent::State(FeedState {
        mode: FeedMode::Complete,
        ..FeedState::default()
    })
}

#[test]
fn a_moment_that_is_over() {
    let mut model = around_a_moment();
    let ages = (5_000..5_800).step_by(20);
    let lines = ages.map(|age| line(OLD[0], age, format!("INFO age {age}")));
    fed(&mut model, FeedEvent::Lines(lines.collect()));
    fed(&mut model, complete());
    assert_snapshot!("a_moment_that_is_over_80", text(&model, 80, 24));
    assert_snapshot!("a_moment_that_is_over_200", text(&model, 200, 50));
}

#[test]
fn a_moment_without_lines() {
    let mut model = around_a_moment();
    fed(&mut model, complete());
    assert_snapshot!(text(&model, 80, 24));
}
