//! Log lines.

use std::sync::Arc;

use cutover::app::model::Model;
use cutover::app::msg::Data;
use cutover::domain::logs::{LogLine, LogSource, StreamName};
use insta::assert_snapshot;

use crate::fixture::{before, fetch, press, type_in};
use crate::paint::text;
use crate::world::{answered, cluster, evening, service_arn};

fn source() -> LogSource {
    LogSource::Service {
        cluster: cluster("prod-core"),
        service: service_arn("prod-core", "checkout"),
    }
}

fn stream(container: &str, task: &str) -> Arc<StreamName> {
    Arc::new(StreamName {
        region: None,
        group: "checkout".into(),
        stream: format!("ecs/{container}/{task}"),
    })
}

fn opened() -> Model {
    let mut model = evening();
    press(&mut model, &["/"]);
    type_in(&mut model, "checkout");
    press(&mut model, &["enter", "l"]);
    answered(&mut model);
    model
}

pub fn reading() -> Model {
    let mut model = opened();
    let messages = [
        "GET /health 200 2ms",
        "capture ok id=3f1c",
        "WARN retrying the payment provider, attempt 2",
        "ERROR DB_URL is not set",
        "debug: pool of 4 connections, 日本語のメッセージ",
        "a line that is a good deal longer than the screen is wide: the quick brown fox jumps \
         over the lazy dog, and then over the next one, until nobody counts any more",
    ];
    let lines = (0..60_i64).map(|n| LogLine {
        event: None,
        at: before(120 - 2 * n),
        ingested_at: None,
        stream: stream(
            if n % 5 == 4 { "envoy" } else { "app" },
            ["4f1ce2d37a7a4c0e", "9a02c4d1e5f64b7a"][usize::try_from(n % 2).unwrap()],
        ),
        message: messages[usize::try_from(n % 6).unwrap()].into(),
    });
    fetch(
        &mut model,
        Data::LogLines {
            source: source(),
            lines: lines.collect(),
            notes: vec!["container xray has no log configuration".into()],
        },
    );
    model
}

#[test]
fn following() {
    assert_snapshot!(text(&reading(), 120, 24));
}

#[test]
fn wrapped_without_times() {
    let mut model = reading();
    press(&mut model, &["w", "ctrl-t"]);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn scrolled_up() {
    let mut model = reading();
    press(&mut model, &["k", "k", "k"]);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn filtered() {
    let mut model = reading();
    press(&mut model, &["/"]);
    type_in(&mut model, "db_url");
    press(&mut model, &["enter", "space"]);
    assert_snapshot!(text(&model, 80, 24));
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
fn no_lines_yet() {
    assert_snapshot!(text(&opened(), 80, 24));
}
