//! The plan and the question whether to send it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::panel::{Panel, TEXT};
use crate::domain::confirmation::{Button, Confirmation};
use crate::domain::intent::Wish;
use crate::domain::plan::{Check, Plan, Verdict};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::facts;
use crate::view::widgets::text;

/// What stands before the name as it is typed.
const PROMPT: &str = "type the name to confirm: ";

pub(super) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    confirmation: &Confirmation,
    scroll: u16,
) -> Option<Position> {
    let plan = confirmation.plan();
    let title = printable(&plan.intent.title());
    let title = if plan.production {
        format!("{title} in PRODUCTION")
    } else {
        title
    };
    let mut panel = Panel::new(&title);
    panel.danger = plan.production;
    panel.scroll = scroll.into();
    let room = TEXT.min(usize::from(area.width).saturating_sub(4));
    panel.body = facts::lines(scene, facts(scene, plan), room);
    panel.foot = foot(scene, confirmation);
    let inner = panel.draw(scene, area, buf);
    confirmation.name_to_type()?;
    let column = text::columns(text::width(PROMPT) + text::width(confirmation.typed()));
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
    if let Some(name) = confirmation.name_to_type() {
        let mut line = Line::from(vec![
            scene.quiet(PROMPT),
            Span::styled(printable(confirmation.typed()), scene.styles().key()),
        ]);
        if confirmation.typed().is_empty() {
            line.push_span(scene.quiet(format!(" {}", printable(&name))));
        } else if confirmation.is_unlocked() {
            let mark = format!(" {}", scene.symbols().ok);
            line.push_span(Span::styled(mark, scene.styles().succeeded()));
        }
        foot.push(line);
    }
    foot.push(buttons(scene, confirmation));
    foot
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
    Line::from(vec![
        button(Button::Cancel, "Cancel"),
        Span::raw("  "),
        button(Button::Proceed, verb(confirmation.plan())),
    ])
    .right_aligned()
}

/// What the button does, in its own word rather than "OK".
fn verb(plan: &Plan) -> &'static str {
    match plan.intent.wish {
        Wish::ForceRedeploy => "Redeploy",
        Wish::RollBack { .. } => "Roll back",
        Wish::Deploy { .. } => "Deploy",
        Wish::SetDesiredCount { .. } => "Change the count",
        Wish::StopTask { .. } => "Stop the task",
    }
}
