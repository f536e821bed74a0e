//! Pipelines: the list, the worst on top.

mod action;
mod disagree;
mod execution;
mod executions;
pub(crate) mod marks;
mod pipeline;
mod stage;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

pub(crate) use self::execution::draw as draw_execution;
pub(crate) use self::executions::draw as draw_executions;
pub(crate) use self::pipeline::draw as draw_pipeline;
use super::scene::Scene;
use super::widgets::table::{self, Column, Row};
use super::widgets::text::{self, Cut};
use super::widgets::time;
use crate::app::row::RowId;
use crate::app::rows::pipelines::{Look, look};
use crate::app::store::Store;
use crate::domain::pipeline::strip::{PipelineStanding, failure};
use crate::domain::pipeline::{ExecutionMode, PipelineName, WaitingApproval};
use crate::domain::text::printable;

const COLUMNS: [Column; 7] = [
    Column::text("status", 0, 15, 16),
    Column::text("pipeline", 0, 12, 36),
    Column::text("stages", 0, 16, 96).whole(),
    Column::text("commit", 3, 7, 16).cut(Cut::Id).optional(),
    Column::text("message", 4, 14, 60).optional(),
    Column::text("age", 1, 4, 6),
    Column::text("mode", 5, 6, 10),
];

/// Columns that stand beside the stages on the screens from which on all of them do.
const BESIDE: u16 = 62;
/// The least room for the stages.
const LEAST_STAGES: u16 = 34;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    if scene.list().rows.is_empty() {
        let nothing = "CodePipeline has no pipelines in this account and Region";
        let next = ":releases shows what moves without one";
        super::empty::draw(scene, area, buf, nothing, next);
        return;
    }
    table::draw(scene, area, buf, &COLUMNS, |place| {
        let RowId::Pipeline(context, name) = scene.list().rows.get(place)? else {
            return None;
        };
        Some(row(scene, area.width, scene.model.store(*context)?, name))
    });
}

fn row(scene: Scene<'_>, width: u16, store: &Store, name: &PipelineName) -> Row {
    let mode = store.pipeline_mode(name).map(ExecutionMode::name);
    let mode = printable(mode.unwrap_or_default()).to_lowercase();
    let plain_name = Line::from(scene.plain(printable(name.as_str())));
    let Some(look) = look(store, name) else {
        let unread = match store.pipelines.states.get(name) {
            Some(remote) if remote.failure().is_some() => "not read",
            _ => "not read yet",
        };
        return Row::of(vec![Line::from(scene.quiet(unread)), plain_name]);
    };
    let commit = look.commit.clone().unwrap_or_default();
    let room = usize::from(width.saturating_sub(BESIDE).max(LEAST_STAGES));
    let age = look
        .changed_at
        .map(|at| scene.now().as_second() - at.as_second());
    let mut row = Row::of(vec![
        marks::of_pipeline(scene, &look.standing).line(),
        plain_name,
        marks::strip(scene, &look.strip, room),
        Line::from(scene.quiet(printable(commit.short().unwrap_or_default()))),
        Line::from(scene.quiet(printable(commit.message.as_deref().unwrap_or_default()))),
        Line::from(scene.plain(age.map_or_else(String::new, time::age))),
        Line::from(scene.quiet(mode)),
    ]);
    row.below = explanations(scene, usize::from(width), store, name, &look);
    row
}

/// Why it is as it is, for one that needs somebody.
fn explanations(
    scene: Scene<'_>,
    width: usize,
    store: &Store,
    name: &PipelineName,
    look: &Look,
) -> Vec<Line<'static>> {
    let styles = scene.styles();
    let room = width.saturating_sub(6);
    let branch = |words: &str, style| {
        let words = text::fit(&printable(words), room, Cut::End, scene.symbols().ellipsis);
        Line::from(vec![
            scene.quiet(format!("  {} ", scene.symbols().branch)),
            Span::styled(words, style),
        ])
    };
    let mut lines = Vec::new();
    let failed = look.standing == PipelineStanding::Failed;
    let failure = store
        .pipeline_state(name)
        .filter(|_| failed)
        .and_then(failure);
    lines.extend(failure.map(|failure| branch(&failure.sentence(), styles.failed())));
    for approval in store.approvals_of(name) {
        let words = waits_words(scene, &approval);
        lines.push(branch(&words, styles.waiting()));
    }
    let held = store
        .pipeline_state(name)
        .into_iter()
        .flat_map(|state| &state.stages);
    for stage in held {
        if let Some(words) = stage::off_words(scene, stage) {
            lines.push(branch(&words, styles.warning()));
        }
    }
    lines
}

/// `Approve in Prod, expires in 6d 3h: Check the dashboards`.
fn waits_words(scene: Scene<'_>, approval: &WaitingApproval) -> String {
    let expires = approval.expires_at.map_or_else(String::new, |at| {
        let left = (at.as_second() - scene.now().as_second()).max(0);
        format!(", expires in {}", time::duration(left))
    });
    let text = approval.text.as_deref();
    let text = text.map_or_else(String::new, |text| format!(": {text}"));
    format!(
        "{} in {}{expires}{text}",
        approval.id.action, approval.id.stage
    )
}
