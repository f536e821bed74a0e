//! A list without rows: whether nothing was answered yet, something failed, or nothing is there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::widgets::text;
use crate::app::reading::{Reading, reading};
use crate::domain::failure::Failure;
use crate::domain::text::printable;
use crate::keys::Action;

/// Draws why the list is empty. `nothing` says what it means when everything was read, and `next`
/// what one could do then.
pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer, nothing: &str, next: &str) {
    let room = usize::from(area.width).saturating_sub(6);
    let lines = lines(scene, room, nothing, next);
    for (line, y) in lines.into_iter().zip(area.top() + 1..area.bottom()) {
        buf.set_line(area.x + 3, y, &line, area.width.saturating_sub(3));
    }
}

fn lines(scene: Scene<'_>, room: usize, nothing: &str, next: &str) -> Vec<Line<'static>> {
    let list = scene.list();
    if list.total > 0 {
        return left_out(scene, room);
    }
    let mut lines = match reading(scene.model) {
        Reading::Under { answered, asked } => waiting(scene, answered, asked),
        Reading::Failed(failure) => return failed(scene, room, &failure),
        Reading::Partial { failure, .. } => {
            let mut lines = failed(scene, room, &failure);
            lines.push(Line::default());
            lines.extend(sentence(scene, room, "in what could be read: ", nothing));
            return lines;
        }
        Reading::Local | Reading::Whole => sentence(scene, room, "", nothing),
    };
    if matches!(reading(scene.model), Reading::Local | Reading::Whole) {
        lines.extend(quiet(scene, room, next));
    }
    lines
}

fn sentence(scene: Scene<'_>, room: usize, before: &str, words: &str) -> Vec<Line<'static>> {
    text::wrap(&format!("{before}{words}"), room)
        .into_iter()
        .map(|line| Line::from(scene.plain(line)))
        .collect()
}

fn quiet(scene: Scene<'_>, room: usize, words: &str) -> Vec<Line<'static>> {
    text::wrap(words, room)
        .into_iter()
        .map(|line| Line::from(scene.quiet(line)))
        .collect()
}

/// There are rows, but the filter or the wish to see only what is wrong leaves none.
fn left_out(scene: Scene<'_>, room: usize) -> Vec<Line<'static>> {
    let page = scene.page();
    let filter = page.list.filter.text();
    let key = |action| scene.model.keymap.label(action);
    let mut lines = Vec::new();
    if !filter.is_empty() {
        let words = format!("none of {} passes the filter /{filter}", page.list.total);
        lines.extend(sentence(scene, room, "", &printable(&words)));
        lines.extend(quiet(
            scene,
            room,
            &format!("{} clears it", key(Action::Back)),
        ));
    }
    if page.faults_only {
        lines.extend(sentence(scene, room, "", "nothing is wrong here"));
        let words = format!("{} shows everything again", key(Action::FaultsOnly));
        lines.extend(quiet(scene, room, &words));
    }
    lines
}

fn waiting(scene: Scene<'_>, answered: usize, asked: usize) -> Vec<Line<'static>> {
    let words = format!(
        "{} asking AWS{}",
        scene.symbols().moving,
        scene.symbols().ellipsis
    );
    let mut lines = vec![Line::from(Span::styled(words, scene.styles().moving()))];
    if asked > 1 {
        let words = format!("{answered} of {asked} questions answered");
        lines.push(Line::from(scene.quiet(words)));
    }
    lines
}

/// What was tried, what happened, what to do.
pub(crate) fn failed(scene: Scene<'_>, room: usize, failure: &Failure) -> Vec<Line<'static>> {
    let styles = scene.styles();
    let title = format!(
        "{} {}: {}",
        scene.symbols().failed,
        printable(&failure.call),
        failure.short()
    );
    let mut lines = vec![Line::from(Span::styled(
        scene.fit(&title, room),
        styles.error_text(),
    ))];
    lines.extend(sentence(scene, room, "", &printable(&failure.message)));
    let advice = format!("{} {}", scene.symbols().arrow, failure.advice());
    lines.extend(sentence(scene, room, "", &advice));
    if let Some(id) = &failure.request_id {
        lines.extend(quiet(scene, room, &format!("request {}", printable(id))));
    }
    lines
}
