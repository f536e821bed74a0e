//! Which lines are on screen.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::*;
use crate::app::filter::Filter;
use crate::app::fixture::empty;
use crate::config::settings::{Symbols, ThemeChoice};
use crate::config::terminal::ColorDepth;
use crate::config::theme::load::load;
use crate::domain::arn::{ClusterArn, ServiceArn};
use crate::domain::context::ContextId;
use crate::domain::fixture::stream;
use crate::domain::logs::LogLine;
use crate::view::Look;
use crate::view::style::Styles;
use crate::view::symbols::SymbolSet;

fn buffer(messages: impl Iterator<Item = String>) -> LogBuffer {
    let source = LogSource::Service {
        cluster: ClusterArn::new("arn:aws:ecs:r:1:cluster/c"),
        service: ServiceArn::new("arn:aws:ecs:r:1:service/c/s"),
    };
    let at = Timestamp::UNIX_EPOCH;
    let mut buffer = LogBuffer::new(Scoped::new(ContextId(0), source), at);
    let lines = (0_i64..).zip(messages).map(|(n, message)| LogLine {
        event: None,
        at: Timestamp::from_second(n).unwrap(),
        ingested_at: None,
        stream: stream("app", "task"),
        message,
    });
    buffer.take(lines.collect(), Vec::new());
    buffer
}

fn numbered(count: usize) -> LogBuffer {
    buffer((0..count).map(|n| format!("line {n}")))
}

/// The rows on a screen of three, without what stands before the message, and the furthest that one
/// can scroll.
fn shown(buffer: &LogBuffer, up: usize, wrap: bool) -> (Vec<String>, usize) {
    let (theme, _) = load(
        &ThemeChoice::Named("dark".into()),
        None,
        std::path::Path::new("/nowhere"),
    )
    .unwrap();
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
    let area = Rect::new(0, 0, 30, 3);
    let mut buf = Buffer::empty(area);
    let state = LogsState {
        up,
        wrap,
        hide_times: true,
        ..LogsState::default()
    };
    let furthest = draw_lines(scene, area, &mut buf, buffer, &state);
    let rows = (0..3).map(|y| {
        let row = (10..30).map(|x| buf.cell((x, y)).unwrap().symbol());
        row.collect::<String>().trim_end().to_owned()
    });
    (rows.collect(), furthest)
}

#[test]
fn the_newest_lines_fill_the_screen() {
    let (rows, furthest) = shown(&numbered(2_000), 0, false);
    assert_eq!(rows, ["line 1997", "line 1998", "line 1999"]);
    assert_eq!(furthest, 1_997);
    assert_eq!(
        shown(&numbered(2), 0, false),
        (vec!["line 0".into(), "line 1".into(), String::new()], 0)
    );
}

#[test]
fn scrolling_up_stops_at_the_oldest_line() {
    assert_eq!(
        shown(&numbered(2_000), 600, false).0,
        ["line 1397", "line 1398", "line 1399"]
    );
    assert_eq!(
        shown(&numbered(10), 500, false),
        shown(&numbered(10), 7, false)
    );
    assert_eq!(
        shown(&numbered(10), 7, false).0,
        ["line 0", "line 1", "line 2"]
    );
}

#[test]
fn the_filter_counts_before_the_screen_does() {
    let mut buffer = numbered(1_000);
    buffer.refilter(&Filter::new("line 9"));
    assert_eq!(
        shown(&buffer, 1, false).0,
        ["line 996", "line 997", "line 998"]
    );
    buffer.refilter(&Filter::new("nothing"));
    assert_eq!(shown(&buffer, 0, false).1, 0);
}

#[test]
fn wrapped_lines_are_whole_and_scrolling_ends_at_the_oldest() {
    let long = "0123456789abcdefghij";
    let buffer = buffer((0..4).map(|n| format!("{n} {long}")));
    let (rows, furthest) = shown(&buffer, 0, true);
    assert_eq!(rows, ["3", "0123456789abcdefghi", "j"]);
    assert_eq!(furthest, 3);
    assert_eq!(shown(&buffer, 9, true).0, ["0", "0123456789abcdefghi", "j"]);
}
