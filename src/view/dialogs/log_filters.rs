//! The filters of the logs screen: which there are, which are on, and how to write one.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Drawn;
use super::panel::{Panel, TEXT};
use crate::app::logs::{FilterPanel, Stacked, Typing};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::title::number;
use crate::view::widgets::text;

/// Columns in front of what is typed.
const LEAD: usize = 8;

pub(super) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer, panel: &FilterPanel) -> Drawn {
    let mut drawn = Panel::new("Filters");
    let none = Vec::new();
    let rules = scene.page().logs.as_ref().map_or(&none, |logs| &logs.rules);
    let typed = panel.typing.as_ref();
    let replaced = typed.and_then(|typing| typing.replaces);
    let mut row = None;
    for (place, rule) in rules.iter().enumerate() {
        if let (true, Some(typing)) = (replaced == Some(place), typed) {
            row = Some(drawn.body.len());
            drawn.body.push(writing(scene, typing));
        } else {
            let under = typed.is_none() && place == panel.cursor;
            drawn.body.push(entry(scene, place, rule, under));
        }
    }
    if let (None, Some(typing)) = (replaced, typed) {
        row = Some(drawn.body.len());
        drawn.body.push(writing(scene, typing));
    }
    if drawn.body.is_empty() {
        drawn
            .body
            .push(Line::from(scene.quiet("no filters: every line is shown")));
    }
    // What is written stays in sight below many filters.
    drawn.scroll = row
        .unwrap_or(panel.cursor)
        .saturating_sub(usize::from(area.height) / 2);
    drawn.foot = foot(scene, typed);
    let scroll = drawn.scroll;
    let rows = drawn.body.len();
    let (inner, furthest) = drawn.draw(scene, area, buf);
    let cursor = typed.zip(row).and_then(|(typing, row)| {
        let scroll = scroll.min(furthest.min(rows));
        let x = inner.x + text::columns(LEAD + typing.input.visual_cursor());
        let y = inner.y + text::columns(row.checked_sub(scroll)?);
        (x < inner.right() && y < inner.bottom()).then(|| Position::new(x, y))
    });
    Drawn {
        cursor,
        furthest: 0,
        ..Drawn::default()
    }
}

/// A filter with its number, whether it is on, and what it does.
fn entry(scene: Scene<'_>, place: usize, rule: &Stacked, under: bool) -> Line<'static> {
    let styles = scene.styles();
    let mark = if rule.enabled {
        scene.symbols().ok
    } else {
        " "
    };
    let (word, style) = match (rule.enabled, rule.text.starts_with('!')) {
        (false, _) => ("off", styles.quiet()),
        (true, true) => ("hidden", styles.log_warn()),
        (true, false) => ("shown", styles.succeeded()),
    };
    let room = TEXT - LEAD - 8;
    let words = scene.fit(&printable(&rule.text), room);
    let gap = " ".repeat(room.saturating_sub(text::width(&words)));
    let text_style = if rule.enabled {
        styles.dialog()
    } else {
        styles.quiet()
    };
    let line = Line::from(vec![
        scene.quiet(format!("{:>2} ", place + 1)),
        Span::styled(format!("[{mark}]"), styles.key()),
        Span::raw("  "),
        Span::styled(words + &gap, text_style),
        Span::styled(format!(" {word:<6}"), style),
    ]);
    if under {
        line.patch_style(styles.selected())
    } else {
        line
    }
}

/// The filter that is being written.
fn writing(scene: Scene<'_>, typing: &Typing) -> Line<'static> {
    let room = TEXT - LEAD;
    let words = printable(typing.input.value());
    let gap = " ".repeat(room.saturating_sub(text::width(&words)));
    Line::from(vec![
        scene.quiet(format!("{:>LEAD$}", "new  ")),
        Span::styled(words + &gap, scene.styles().key()),
    ])
}

fn foot(scene: Scene<'_>, typing: Option<&Typing>) -> Vec<Line<'static>> {
    let mut foot = vec![Line::default()];
    match typing {
        Some(typing) => {
            foot.push(match &typing.error {
                Some(error) => Line::styled(printable(error), scene.styles().error_text()),
                None => Line::from(scene.quiet("enter takes it, esc leaves it")),
            });
            for words in SYNTAX {
                foot.push(Line::from(scene.quiet(*words)));
            }
        }
        None => {
            foot.extend(count(scene));
            for keys in KEYS {
                foot.push(hints(scene, keys));
            }
        }
    }
    foot
}

/// How many lines pass.
fn count(scene: Scene<'_>) -> Option<Line<'static>> {
    let buffer = scene.model.log_buffer.as_ref()?;
    let (passing, total) = (number(buffer.passing()), number(buffer.len()));
    let looking = buffer
        .looking()
        .map_or(String::new(), |percent| format!(", looking: {percent} %"));
    let words = format!("{passing} of {total} lines pass{looking}");
    Some(Line::styled(words, scene.styles().dialog()))
}

/// What can be written.
const SYNTAX: &[&str] = &[
    "text   -r regular expression   -f fuzzy   !hides what the rest finds",
    "level>=warn   task:4f1c   container:app   side:new",
    ".path=value   .path!=value   .path~text   .path>=500   .path<500   .path",
];

/// The keys, as many lines as they take.
const KEYS: &[&[(&str, &str)]] = &[
    &[
        ("a", "add"),
        ("x", "exclude"),
        ("r", "regular expression"),
        ("l", "level"),
        ("t", "task"),
    ],
    &[
        ("c", "container"),
        ("s", "side"),
        ("f", "field"),
        ("space", "on or off"),
        ("!", "turn round"),
    ],
    &[("enter", "change"), ("d", "remove"), ("esc", "close")],
];

fn hints(scene: Scene<'_>, keys: &[(&str, &str)]) -> Line<'static> {
    let mut spans = Vec::new();
    for (key, words) in keys {
        spans.push(Span::styled((*key).to_owned(), scene.styles().key()));
        spans.push(scene.quiet(format!(" {words}  ")));
    }
    Line::from(spans)
}
