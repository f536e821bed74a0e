//! What stands in front of the screen and takes the keys.

mod confirm;
mod log_filters;
mod log_line;
mod panel;
mod words;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use tui_input::Input;

use self::panel::Panel;
use super::Drawn;
use super::scene::Scene;
use super::widgets::text;
use super::widgets::time;
use crate::app::dialog::Dialog;
use crate::app::operation::OperationId;
use crate::domain::intent::Intent;
use crate::domain::plan::Refusal;
use crate::domain::text::printable;

/// Draws the dialog, if there is one.
pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) -> Drawn {
    let Some(dialog) = scene.model.dialog.as_ref() else {
        return Drawn::default();
    };
    let panel = match dialog {
        Dialog::Planning { operation, intent } => planning(scene, *operation, intent),
        Dialog::Refused { title, refusal } => refused(scene, title, refusal),
        Dialog::Confirm {
            confirmation,
            scroll,
            ..
        } => return confirm::draw(scene, area, buf, confirmation, *scroll),
        Dialog::Count {
            service,
            now,
            input,
            ..
        } => return count(scene, service.id.name(), *now, input, area, buf),
        Dialog::Words { intent, input, .. } => return words::draw(scene, area, buf, intent, input),
        Dialog::LogFilters(panel) => return log_filters::draw(scene, area, buf, panel),
        Dialog::LogLine { id, scroll } => return log_line::draw(scene, area, buf, *id, *scroll),
        Dialog::Moved { title, moved } => self::moved(scene, title, moved),
    };
    let (_, furthest) = panel.draw(scene, area, buf);
    Drawn {
        furthest,
        ..Drawn::default()
    }
}

fn planning(scene: Scene<'_>, operation: OperationId, intent: &Intent) -> Panel {
    let asked = scene
        .model
        .operation(operation)
        .map_or(scene.now(), |operation| operation.asked_at);
    let waited = scene.now().as_second() - asked.as_second();
    let words = format!(
        "{} reading the facts for the plan, {}",
        scene.symbols().moving,
        time::duration(waited)
    );
    let mut panel = Panel::new(&printable(&intent.title()));
    panel.body = vec![
        Line::styled(words, scene.styles().moving()),
        Line::from(scene.quiet("nothing is sent before you have seen the plan")),
    ];
    panel
}

/// Sentences as paragraphs of a dialog.
fn paragraphs(scene: Scene<'_>, words: &str) -> Vec<Line<'static>> {
    text::wrap(&printable(words), panel::TEXT)
        .into_iter()
        .map(|line| Line::styled(line, scene.styles().dialog()))
        .collect()
}

fn refused(scene: Scene<'_>, title: &str, refusal: &Refusal) -> Panel {
    let mut panel = Panel::new(&format!("{}: refused", printable(title)));
    panel.body = paragraphs(scene, &refusal.reason);
    if let Some(instead) = &refusal.instead {
        let words = format!("{} {instead}", scene.symbols().arrow);
        panel.body.push(Line::default());
        panel.body.extend(paragraphs(scene, &words));
    }
    panel.foot = vec![Line::default(), close(scene)];
    panel
}

fn moved(scene: Scene<'_>, title: &str, moved: &[String]) -> Panel {
    let mut panel = Panel::new(&format!("{}: not sent", printable(title)));
    panel.body = paragraphs(scene, "the facts have moved since the plan was made:");
    for sentence in moved {
        let words = format!("{} {sentence}", scene.symbols().warning);
        panel.body.extend(paragraphs(scene, &words));
    }
    panel.body.push(Line::default());
    panel.body.extend(paragraphs(
        scene,
        "nothing was sent: look again, then decide again",
    ));
    panel.foot = vec![close(scene)];
    panel
}

fn close(scene: Scene<'_>) -> Line<'static> {
    Line::from(Span::styled(" Close ", scene.styles().button_selected())).right_aligned()
}

fn count(
    scene: Scene<'_>,
    name: &str,
    now: u32,
    input: &Input,
    area: Rect,
    buf: &mut Buffer,
) -> Drawn {
    let mut panel = Panel::new(&format!("Desired count of {}", printable(name)));
    let label = "tasks wanted: ";
    panel.body = vec![
        Line::styled(format!("it is {now} now"), scene.styles().dialog()),
        Line::from(vec![
            scene.quiet(label),
            Span::styled(input.value().to_owned(), scene.styles().key()),
        ]),
        Line::from(scene.quiet("the plan is shown before anything is sent")),
    ];
    let (inner, furthest) = panel.draw(scene, area, buf);
    let column = text::columns(label.len() + input.visual_cursor());
    let x = inner.x.saturating_add(column);
    let seen = inner.height > 1 && x < inner.right();
    Drawn {
        cursor: seen.then(|| Position::new(x, inner.y + 1)),
        furthest,
        ..Drawn::default()
    }
}
