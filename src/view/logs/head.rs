//! The head of the logs screen: how one reads, how the lines come, how many there are, and what
//! cannot be read.

use ratatui::text::{Line, Span};

use crate::app::feed::{FeedMode, FeedState};
use crate::app::logs::{JsonForm, LogBuffer, LogsState, Times};
use crate::app::logs_range::RangeChoice;
use crate::domain::logs::level::Level;
use crate::domain::text::{count, printable};
use crate::keys::Action;
use crate::view::scene::Scene;
use crate::view::title::number;
use crate::view::widgets::pieces::{self, Piece};
use crate::view::widgets::text;

/// Remarks that are shown; the others are counted.
const NOTES: usize = 2;

/// How one reads, how lines come, and how many there are.
pub(super) fn status(
    scene: Scene<'_>,
    room: usize,
    buffer: &LogBuffer,
    state: &LogsState,
) -> Line<'static> {
    let mut all = vec![Piece::new(0, vec![reading(scene, buffer, state)])];
    all.extend(selected(scene, buffer, state));
    all.extend(time(scene, state));
    if let Some(feed) = scene.model.feed_state() {
        all.extend(coming(scene, feed));
    }
    all.extend(counted(scene, buffer, state));
    all.extend(chosen(scene, state));
    let separator = scene.quiet(format!(" {} ", scene.symbols().dot));
    pieces::join(pieces::choose(all, room, 3), &separator)
}

/// Whether the newest line is followed.
fn reading(scene: Scene<'_>, buffer: &LogBuffer, state: &LogsState) -> Span<'static> {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    if state.surroundings {
        let words = format!("{} around a line, filters set aside", symbols.timer);
        return Span::styled(words, styles.timer());
    }
    let Some(place) = state.place else {
        let mode = scene.model.feed_state().map(|feed| &feed.mode);
        return if mode == Some(&FeedMode::Complete) {
            Span::styled(format!("{} at the end", symbols.descending), styles.timer())
        } else {
            Span::styled(format!("{} following", symbols.moving), styles.moving())
        };
    };
    let newer = buffer.newer_than(place.bottom);
    let noun = if newer == 1 { "line" } else { "lines" };
    let words = match (state.paused, newer) {
        (true, 0) => format!("{} PAUSED", symbols.timer),
        (true, _) => format!("{} PAUSED, {} newer {noun}", symbols.timer, number(newer)),
        (false, 0) => format!("{} at the newest line", symbols.descending),
        (false, _) => format!(
            "{} {} newer {noun} below",
            symbols.descending,
            number(newer)
        ),
    };
    Span::styled(words, styles.timer())
}

/// Which time is shown, unless it is the newest lines that the screen opens with.
fn time(scene: Scene<'_>, state: &LogsState) -> Option<Piece> {
    let range = state
        .range
        .filter(|range| range.choice != RangeChoice::Tail)?;
    let style = match range.until {
        Some(_) => scene.styles().timer(),
        None => scene.styles().quiet(),
    };
    let words = Span::styled(range.label(scene.zone()), style);
    Some(Piece::new(1, vec![words]))
}

/// How many lines are selected, and what can be done with them.
fn selected(scene: Scene<'_>, buffer: &LogBuffer, state: &LogsState) -> Option<Piece> {
    let (first, last) = state.selection()?;
    let lines = buffer.count_between(first, last);
    let noun = if lines == 1 { "line" } else { "lines" };
    let key = |action| scene.model.keymap.label(action);
    let (copy, save) = (key(Action::Copy), key(Action::Save));
    let words = format!(
        "{} {noun} selected: {copy} copies, {save} saves",
        number(lines)
    );
    Some(Piece::new(
        0,
        vec![Span::styled(words, scene.styles().key())],
    ))
}

/// How lines come, and what that costs.
fn coming(scene: Scene<'_>, feed: &FeedState) -> Vec<Piece> {
    let styles = scene.styles();
    let words = printable(&feed.mode.short());
    let mut all = match &feed.mode {
        FeedMode::Live { .. } => vec![Piece::new(1, vec![Span::styled(words, styles.succeeded())])],
        FeedMode::Reconnecting { .. } => {
            vec![Piece::new(1, vec![Span::styled(words, styles.stale())])]
        }
        FeedMode::Connecting => vec![Piece::new(1, vec![Span::styled(words, styles.moving())])],
        FeedMode::Polling { .. } | FeedMode::Complete => {
            vec![Piece::new(3, vec![scene.quiet(words)])]
        }
    };
    all.extend(
        feed.costs()
            .map(|cost| Piece::new(2, vec![scene.quiet(cost)])),
    );
    if feed.filling {
        all.push(Piece::new(6, vec![scene.quiet("reading older lines")]));
    }
    let mut warn = |rank, words: String| {
        all.push(Piece::new(rank, vec![Span::styled(words, styles.stale())]));
    };
    if feed.tally.sampled > 0 {
        let updates = usize::try_from(feed.tally.sampled).unwrap_or(usize::MAX);
        warn(4, format!("{} sampled", number(updates)));
    }
    if feed.tally.gaps > 0 {
        let gaps = usize::try_from(feed.tally.gaps).unwrap_or(usize::MAX);
        warn(2, count(gaps, "gap"));
    }
    all
}

/// How many lines there are, and how many of them pass.
fn counted(scene: Scene<'_>, buffer: &LogBuffer, state: &LogsState) -> Vec<Piece> {
    let styles = scene.styles();
    let total = number(buffer.len());
    let noun = if buffer.len() == 1 { "line" } else { "lines" };
    let words = if buffer.shows_all() {
        format!("{total} {noun}")
    } else {
        format!("{} of {total} {noun} pass", number(buffer.passing()))
    };
    let mut all = vec![Piece::new(1, vec![scene.quiet(words)])];
    if let Some(percent) = buffer.looking() {
        let words = format!("looking: {percent} %");
        all.push(Piece::new(1, vec![Span::styled(words, styles.moving())]));
    }
    if let Some(search) = &state.search {
        let words = format!("search: {}", printable(&search.text));
        all.push(Piece::new(4, vec![scene.quiet(words)]));
    }
    let dropped = usize::try_from(buffer.dropped()).unwrap_or(usize::MAX);
    if dropped > 0 {
        let words = format!("{} older ones dropped", number(dropped));
        all.push(Piece::new(2, vec![Span::styled(words, styles.stale())]));
    }
    if !state.marks.is_empty() {
        all.push(Piece::new(
            6,
            vec![scene.quiet(count(state.marks.len(), "mark"))],
        ));
    }
    all
}

/// What else was chosen.
fn chosen(scene: Scene<'_>, state: &LogsState) -> Vec<Piece> {
    let mut words: Vec<String> = Vec::new();
    match state.level {
        None => {}
        Some(Level::Error | Level::Fatal) => words.push("errors only".into()),
        Some(level) => words.push(format!("{} and worse", level.name())),
    }
    if state.around > 0 {
        words.push(format!("{} around", state.around));
    }
    match state.json {
        JsonForm::Raw => {}
        JsonForm::Reduced => words.push("fields".into()),
        JsonForm::Pretty => words.push("pretty".into()),
    }
    match state.times {
        Times::Utc => words.push("UTC".into()),
        Times::Configured | Times::Ago | Times::Off => {}
    }
    if state.wrap {
        words.push("wrapped".into());
    }
    let pieces = words.into_iter().zip(5..);
    pieces
        .map(|(words, rank)| Piece::new(rank, vec![scene.quiet(words)]))
        .collect()
}

/// Streams that cannot be read, and why.
pub(super) fn notes(scene: Scene<'_>, room: usize, buffer: &LogBuffer) -> Vec<Line<'static>> {
    let sign = scene.symbols().warning;
    let remarks = buffer.missing.iter().chain(&buffer.notes);
    let rows = if buffer.is_empty() { 4 } else { 2 };
    let mut lines: Vec<Line<'static>> = remarks
        .clone()
        .take(NOTES)
        .flat_map(|note| remark(scene, room, rows, &format!("{sign} {}", printable(note))))
        .collect();
    let more = remarks.skip(NOTES).count();
    if more > 0 {
        let words = format!("  and {more} more remarks");
        lines.push(Line::from(scene.quiet(words)));
    }
    lines
}

/// A remark on so many rows at the most; where there are no lines to read it is all there is.
fn remark(scene: Scene<'_>, room: usize, rows: usize, words: &str) -> Vec<Line<'static>> {
    let mut wrapped = text::wrap(words, room.saturating_sub(2));
    if let Some(rest) = wrapped
        .get(rows.saturating_sub(1)..)
        .filter(|rest| rest.len() > 1)
    {
        let rest = rest.join(" ");
        wrapped.truncate(rows.saturating_sub(1));
        wrapped.push(scene.fit(&rest, room.saturating_sub(2)));
    }
    let indent = |(row, words)| {
        if row == 0 {
            words
        } else {
            format!("  {words}")
        }
    };
    let style = scene.styles().log_warn();
    let styled = |words| Line::styled(words, style);
    wrapped
        .into_iter()
        .enumerate()
        .map(indent)
        .map(styled)
        .collect()
}
