//! Lines that a terminal must not obey, and lines that are too long to read.

use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::*;
use crate::app::fixture::empty;
use crate::app::logs::{JsonForm, Times};
use crate::config::settings::{Symbols, ThemeChoice};
use crate::config::terminal::ColorDepth;
use crate::config::theme::load::load;
use crate::domain::arn::{ClusterArn, ServiceArn};
use crate::domain::context::ContextId;
use crate::domain::fixture::stream;
use crate::domain::logs::fields::FieldPath;
use crate::domain::logs::{Delivery, LogLine};
use crate::view::Look;
use crate::view::style::Styles;
use crate::view::symbols::SymbolSet;

fn buffer(messages: &[&str]) -> LogBuffer {
    let source = LogSource::Service {
        cluster: ClusterArn::new("arn:aws:ecs:r:1:cluster/c"),
        service: ServiceArn::new("arn:aws:ecs:r:1:service/c/s"),
    };
    let mut buffer = LogBuffer::new(Scoped::new(ContextId(0), source), Timestamp::UNIX_EPOCH);
    let stream = stream("app", "task");
    let lines = (0_i64..).zip(messages).map(|(n, message)| LogLine {
        event: None,
        delivery: Delivery::default(),
        at: Timestamp::from_second(n).unwrap(),
        ingested_at: None,
        stream: Arc::clone(&stream),
        message: (*message).to_owned(),
    });
    buffer.take(lines.collect());
    buffer
}

/// The cells of a screen of so many rows and 30 columns.
fn drawn(buffer: &LogBuffer, state: &LogsState, rows: u16) -> Buffer {
    let choice = ThemeChoice::Named("dark".into());
    let (theme, _) = load(&choice, None, Path::new("/nowhere")).unwrap();
    let look = Look {
        styles: Styles::new(&theme, ColorDepth::None),
        symbols: SymbolSet::of(Symbols::Unicode),
        zone: TimeZone::UTC,
    };
    let model = empty();
    let scene = Scene {
        model: &model,
        look: &look,
    };
    let area = Rect::new(0, 0, 30, rows);
    let mut buf = Buffer::empty(area);
    draw_lines(scene, area, &mut buf, buffer, state);
    buf
}

fn rows(messages: &[&str], state: &LogsState, rows: u16) -> Vec<String> {
    let buf = drawn(&buffer(messages), state, rows);
    let row = |y| {
        let cells = (0..30).map(|x| buf.cell((x, y)).unwrap().symbol());
        cells.collect::<String>().trim_end().to_owned()
    };
    (0..rows).map(row).collect()
}

fn plain() -> LogsState {
    LogsState {
        times: Times::Off,
        ..LogsState::default()
    }
}

#[test]
fn nothing_reaches_the_terminal_as_a_command() {
    let hostile = "a\u{1b}[31mb\u{7}\u{202e}c\u{9b}2Jd\re";
    assert_eq!(rows(&[hostile], &plain(), 1), [" abcde"]);
}

#[test]
fn wide_characters_are_cut_on_the_border_of_a_cell() {
    let wide = "日本語".repeat(20);
    let rows = rows(&[&wide, "next"], &plain(), 2);
    assert!(rows[0].ends_with('…'), "{rows:?}");
    assert_eq!(rows[1], " next");
}

#[test]
fn text_from_right_to_left_is_isolated() {
    let messages = ["user שלום logged in"];
    let buf = drawn(&buffer(&messages), &plain(), 1);
    let cell = |x| buf.cell((x, 0)).unwrap().symbol().to_owned();
    assert_eq!(cell(0), " \u{2066}");
    assert_eq!(cell(19), "n\u{2069}");
    let left = drawn(&buffer(&["from left to right"]), &plain(), 1);
    assert_eq!(left.cell((0, 0)).unwrap().symbol(), " ");
}

#[test]
fn a_long_line_never_takes_the_whole_screen() {
    let long = "0123456789 ".repeat(20_000);
    let state = LogsState {
        wrap: true,
        ..plain()
    };
    let rows = rows(&["before", &long, "after"], &state, 8);
    let expected = " 0123456789 0123456789";
    assert_eq!(rows[0], " before");
    assert_eq!(rows[1..4], [expected; 3]);
    assert_eq!(rows[4], " 0123456789 0123456789 …");
    assert_eq!(rows[5], " after");
}

#[test]
fn json_is_pretty_or_reduced_or_as_it_came() {
    let line = r#"{"level":"info","msg":"paid","cents":12}"#;
    let shown = |json, fields: &[&str]| {
        let fields = fields.iter().filter_map(|path| FieldPath::new(path));
        let state = LogsState {
            json,
            fields: fields.collect(),
            ..plain()
        };
        rows(&[line], &state, 12)
    };
    assert!(shown(JsonForm::Raw, &[])[0].starts_with(r#" {"level":"info""#));
    assert_eq!(
        shown(JsonForm::Reduced, &["msg", "cents"])[0],
        " msg=paid cents=12"
    );
    assert!(shown(JsonForm::Reduced, &["none"])[0].starts_with(r#" {"level""#));
    let pretty = shown(JsonForm::Pretty, &[]);
    assert_eq!(
        pretty[..3],
        [" {", r#"   "level": "info","#, r#"   "msg": "paid","#]
    );
}
