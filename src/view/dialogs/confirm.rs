//! The plan and the question whether to send it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Drawn;
use super::panel::{Panel, TEXT};
use crate::domain::confirmation::{Button, Confirmation};
use crate::domain::plan::{Check, Plan, Verdict};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::facts;
use crate::view::widgets::text;

pub(super) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    confirmation: &Confirmation,
    scroll: u16,
) -> Drawn {
    let plan = confirmation.plan();
    let title = printable(&plan.intent.title());
    let title = if plan.production {
        format!("PRODUCTION: {title}")
    } else {
        title
    };
    let mut panel = Panel::new(&title);
    panel.danger = plan.production;
    panel.scroll = scroll.into();
    let room = TEXT.min(usize::from(area.width).saturating_sub(4));
    panel.body = facts::lines(scene, facts(scene, plan), room);
    panel.foot = foot(scene, confirmation);
    let (inner, furthest) = panel.draw(scene, area, buf);
    Drawn {
        cursor: cursor(scene, confirmation, inner),
        furthest,
        ..Drawn::default()
    }
}

/// Behind what is typed, in the line above the buttons.
fn cursor(scene: Scene<'_>, confirmation: &Confirmation, inner: Rect) -> Option<Position> {
    let (before, name, after) = prompt(scene, confirmation)?;
    let typed = text::width(confirmation.typed());
    let column = text::columns(text::width(&(before + &name + &after)) + typed);
    let x = inner
        .x
        .saturating_add(column)
        .min(inner.right().saturating_sub(1));
    let y = inner.bottom().checked_sub(2)?;
    (y >= inner.y).then(|| Position::new(x, y))
}

fn facts(scene: Scene<'_>, plan: &Plan) -> Vec<(&'static str, Line<'static>)> {
    let text = |words: &str| Line::styled(printable(words), scene.styles().dialog());
    let mut facts = vec![("how", text(&plan.how)), ("what", text(&plan.what))];
    if let Some(to) = &plan.to {
        let line = Line::styled(printable(to), scene.styles().new_side());
        facts.push(("to", line));
    }
    facts.extend(named("then", plan.then.iter().map(|then| text(then))));
    let checks = plan.checks.iter().map(|found| check(scene, found));
    facts.extend(named("checked", checks));
    facts.push((
        "call",
        Line::from(scene.quiet(printable(&plan.call.as_command()))),
    ));
    facts.push(("account", text(&plan.account)));
    facts
}

/// Several values under one name.
fn named(
    name: &'static str,
    values: impl Iterator<Item = Line<'static>>,
) -> impl Iterator<Item = (&'static str, Line<'static>)> {
    values
        .enumerate()
        .map(move |(place, value)| (if place == 0 { name } else { "" }, value))
}

fn check(scene: Scene<'_>, check: &Check) -> Line<'static> {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let (symbol, style) = match check.verdict {
        Verdict::Good => (symbols.ok, styles.succeeded()),
        Verdict::Warning => (symbols.warning, styles.log_warn()),
        Verdict::Unknown => (symbols.unknown, styles.unknown()),
    };
    let words = format!("{symbol} {}", printable(&check.text));
    Line::styled(words, style)
}

fn foot(scene: Scene<'_>, confirmation: &Confirmation) -> Vec<Line<'static>> {
    let mut foot = vec![Line::default()];
    if let Some((before, name, after)) = prompt(scene, confirmation) {
        let mut line = Line::from(vec![
            scene.quiet(before),
            Span::styled(name, scene.styles().title()),
            scene.quiet(after),
            Span::styled(printable(confirmation.typed()), scene.styles().key()),
        ]);
        if confirmation.is_unlocked() {
            let mark = format!(" {}", scene.symbols().ok);
            line.push_span(Span::styled(mark, scene.styles().succeeded()));
        }
        foot.push(line);
    }
    foot.push(buttons(scene, confirmation));
    foot
}

/// What asks for the name: the words before it, the name, and the words after it.
fn prompt(scene: Scene<'_>, confirmation: &Confirmation) -> Option<(String, String, String)> {
    let name = scene.fit(&printable(&confirmation.name_to_type()?), TEXT / 2);
    Some(("type ".to_owned(), name, " to confirm: ".to_owned()))
}

fn buttons(scene: Scene<'_>, confirmation: &Confirmation) -> Line<'static> {
    let styles = scene.styles();
    let cursor = confirmation.button();
    let button = |button: Button, words: &str| {
        if button == cursor {
            Span::styled(format!("[ {words} ]"), styles.button_selected())
        } else if button == Button::Proceed && !confirmation.is_unlocked() {
            Span::styled(format!("  {words}  "), styles.key_off())
        } else {
            Span::styled(format!("  {words}  "), styles.button())
        }
    };
    let plan = confirmation.plan();
    let mut buttons = vec![button(Button::Cancel, "Cancel"), Span::raw("  ")];
    if let Some(first) = &plan.first {
        let words = format!("{} first", first.wish.verb());
        buttons.extend([button(Button::First, &words), Span::raw("  ")]);
    }
    buttons.push(button(Button::Proceed, plan.intent.verb()));
    Line::from(buttons).right_aligned()
}
