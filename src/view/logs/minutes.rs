//! What the graph of lines and errors per minute shows.

use jiff::Timestamp;
use ratatui::text::Line;

use super::graph::{self, Graph, Minute, Series};
use super::line::side_style;
use crate::app::feed::FeedMode;
use crate::app::logs::LogBuffer;
use crate::app::logs_range::range_in_front;
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::logs::histogram::{Buckets, Count};
use crate::domain::logs::{Origin, Side};
use crate::view::scene::Scene;

/// The rows of the graph: one for each side, or one for all lines where there are no sides.
pub(super) fn lines(
    scene: Scene<'_>,
    room: usize,
    buffer: &LogBuffer,
    axis: bool,
) -> Vec<Line<'static>> {
    let sides = if buffer.has_sides() {
        vec![Some(Side::Old), Some(Side::New)]
    } else {
        vec![None]
    };
    let names: Vec<String> = sides.iter().map(|side| name(buffer, *side)).collect();
    let words: Vec<&str> = names.iter().map(String::as_str).collect();
    let Some(count) = graph::minutes(room, &words) else {
        return Vec::new();
    };
    let range = range_in_front(scene.model);
    // Of a time that is over, its last minutes; before its beginning nothing was read.
    let until = range.and_then(|range| range.until);
    let end = until.map_or(scene.now(), |until| until.min(scene.now()));
    let whole = range.map_or(count, |range| minutes_between(range.from, end));
    let count = count.min(whole);
    let buckets = Buckets::until(end, 1, count);
    let of_side = |stream: &_| {
        let side = buffer.origins.get(stream).and_then(|origin| origin.side);
        if sides.len() > 1 {
            side.map(Some)
        } else {
            Some(None)
        }
    };
    let counted = buffer.lines.histogram(&buckets, of_side);
    let series = sides.iter().zip(names).map(|(side, name)| Series {
        name,
        style: side.map_or(scene.styles().quiet(), |side| side_style(scene, side)),
        minutes: minutes(counted.get(side), count),
    });
    let feed = scene.model.feed_state();
    let over = feed.is_some_and(|feed| feed.mode == FeedMode::Complete);
    let none = if over { "no lines" } else { "no lines yet" };
    let graph = Graph {
        series: series.collect(),
        end: buckets.start(count),
        none,
        began: began(buffer),
    };
    graph::lines(scene, room, &graph, axis)
}

/// The minutes that a time touches, at least one.
fn minutes_between(from: Timestamp, end: Timestamp) -> usize {
    let minutes = end.as_second().div_euclid(60) - from.as_second().div_euclid(60) + 1;
    usize::try_from(minutes).unwrap_or(0).max(1)
}

fn minutes(counts: Option<&Vec<Count>>, count: usize) -> Vec<Minute> {
    let minute = |count: &Count| Minute {
        lines: count.lines,
        errors: count.errors,
    };
    match counts {
        Some(counts) => counts.iter().map(minute).collect(),
        None => vec![Minute::default(); count],
    }
}

/// A side with the revision that it runs, where it is one.
fn name(buffer: &LogBuffer, side: Option<Side>) -> String {
    let Some(side) = side else {
        return "errors".into();
    };
    let of_side = |origin: &&Origin| origin.side == Some(side);
    let origins = buffer.origins.iter().map(|(_, origin)| origin);
    let revisions = origins
        .filter(of_side)
        .filter_map(|origin| origin.definition.as_ref());
    let mut names: Vec<&str> = revisions.map(TaskDefinitionArn::family_revision).collect();
    names.sort_unstable();
    names.dedup();
    match names[..] {
        [only] => format!("{} {only}", side.label()),
        _ => side.label().to_owned(),
    }
}

/// When the first task of the new side started.
fn began(buffer: &LogBuffer) -> Option<Timestamp> {
    let origins = buffer.origins.iter().map(|(_, origin)| origin);
    let new = origins.filter(|origin| origin.side == Some(Side::New));
    new.filter_map(|origin| origin.started_at).min()
}
