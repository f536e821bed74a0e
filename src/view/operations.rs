//! Actions on their way, above the keys, wherever one is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::widgets::text::{self, Cut};
use super::widgets::time;
use crate::app::operation::{Operation, OperationState};
use crate::domain::follow::Progress;
use crate::domain::text::printable;

/// Seconds for which an action that ended stays in sight.
const LINGER: i64 = 60;

/// The lines that the strip takes, at most `most`.
pub(crate) fn height(scene: Scene<'_>, most: u16) -> u16 {
    text::columns(shown(scene).count()).min(most)
}

/// Those that somebody waits for, and those that have just ended, the newest last.
fn shown(scene: Scene<'_>) -> impl Iterator<Item = &Operation> {
    let now = scene.now().as_second();
    scene.model.operations.iter().filter(move |operation| {
        let recent = operation
            .ended_at
            .is_some_and(|at| now - at.as_second() < LINGER);
        match operation.state {
            OperationState::Sending | OperationState::Following(_) => true,
            OperationState::Ended(_) | OperationState::Failed(_) | OperationState::NotSent(_) => {
                recent
            }
            _ => false,
        }
    })
}

/// Whether a notice only says what the strip does: that an action was sent, or how it ended.
pub(crate) fn says(scene: Scene<'_>, notice: &str) -> bool {
    shown(scene).any(|operation| {
        let title = operation.intent.title();
        let rest = notice.strip_prefix(title.as_str());
        rest.is_some_and(|rest| rest.starts_with(": "))
    })
}

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    let all: Vec<&Operation> = shown(scene).collect();
    let height = usize::from(area.height);
    let hidden = all.len().saturating_sub(height);
    for ((place, operation), y) in all
        .into_iter()
        .skip(hidden)
        .enumerate()
        .zip(area.top()..area.bottom())
    {
        let mut line = line(scene, operation);
        if hidden > 0 && place == 0 {
            line.push_span(scene.quiet(format!("  and {hidden} more before it")));
        }
        let room = usize::from(area.width).saturating_sub(2);
        let line = text::fit_line(line, room, Cut::End, scene.symbols().ellipsis);
        buf.set_line(area.x + 1, y, &line, area.width.saturating_sub(1));
    }
}

fn line(scene: Scene<'_>, operation: &Operation) -> Line<'static> {
    let (symbol, style, words) = state(scene, operation);
    let since = operation.sent_at.unwrap_or(operation.asked_at);
    let until = operation.ended_at.unwrap_or(scene.now());
    let took = time::duration(until.as_second() - since.as_second());
    Line::from(vec![
        Span::styled(format!("{symbol} "), style),
        Span::styled(printable(&operation.intent.title()), scene.styles().title()),
        Span::styled(format!(": {}", printable(&words)), style),
        scene.quiet(format!("  {took}")),
    ])
}

fn state(scene: Scene<'_>, operation: &Operation) -> (&'static str, Style, String) {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    match &operation.state {
        OperationState::Following(Progress::Waiting(what)) => {
            (symbols.moving, styles.moving(), format!("waits: {what}"))
        }
        OperationState::Following(Progress::Reached(what) | Progress::Missed(what)) => {
            (symbols.moving, styles.moving(), what.clone())
        }
        OperationState::Ended(Progress::Reached(what) | Progress::Waiting(what)) => {
            (symbols.ok, styles.succeeded(), what.clone())
        }
        OperationState::Ended(Progress::Missed(what)) => {
            (symbols.failed, styles.failed(), what.clone())
        }
        OperationState::Failed(failure) => {
            let words = format!("{}: {}", failure.short(), failure.message);
            (symbols.failed, styles.error_text(), words)
        }
        OperationState::NotSent(moved) => {
            let words = format!("not sent: {}", moved.join("; "));
            (symbols.skipped, styles.stopped(), words)
        }
        OperationState::Sending => (symbols.moving, styles.moving(), "sending".into()),
        OperationState::Planning | OperationState::Confirming => {
            (symbols.not_yet, styles.quiet(), "not confirmed yet".into())
        }
        OperationState::Cancelled => (symbols.skipped, styles.stopped(), "cancelled".into()),
        OperationState::Refused(refusal) => {
            (symbols.skipped, styles.stopped(), refusal.reason.clone())
        }
    }
}
