//! The executions of one pipeline, the newest first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::marks;
use crate::app::row::RowId;
use crate::app::rows::pipelines::{about, commit_of, execution_seconds, started_by};
use crate::app::store::Store;
use crate::domain::context::Scoped;
use crate::domain::pipeline::{PipelineExecution, PipelineName};
use crate::domain::remote::Remote;
use crate::domain::text::printable;
use crate::view::empty;
use crate::view::scene::Scene;
use crate::view::widgets::table::{self, Column, Row};
use crate::view::widgets::text::Cut;
use crate::view::widgets::time;

const COLUMNS: [Column; 8] = [
    Column::text("status", 0, 15, 16),
    Column::text("execution", 0, 9, 10).cut(Cut::Id),
    Column::text("commit", 1, 7, 16).cut(Cut::Id).optional(),
    Column::text("message", 2, 10, 60).optional(),
    Column::text("started", 0, 16, 18),
    Column::text("took", 3, 6, 8),
    Column::text("by", 5, 10, 24).optional(),
    Column::text("about", 4, 12, 120).optional(),
];

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer, name: &Scoped<PipelineName>) {
    if scene.list().rows.is_empty() {
        let nothing = "this pipeline has not run: CodePipeline keeps executions for 12 months";
        empty::draw(scene, area, buf, nothing, "esc goes back");
        return;
    }
    let Some(store) = scene.model.store(name.context) else {
        return;
    };
    let last = scene.list().rows.len().saturating_sub(1);
    let read = store.pipelines.executions.get(&name.id);
    let cut = read.and_then(Remote::value).is_some_and(|list| list.cut);
    table::draw(scene, area, buf, &COLUMNS, |place| {
        let RowId::Execution(_, _, id) = scene.list().rows.get(place)? else {
            return None;
        };
        let execution = store.pipeline_execution(&name.id, id)?;
        let mut row = Row::of(cells(scene, store, execution));
        if cut && place == last {
            let words = "  there are older executions, which were not read";
            row.below.push(Line::from(scene.quiet(words)));
        }
        Some(row)
    });
}

fn cells(scene: Scene<'_>, store: &Store, execution: &PipelineExecution) -> Vec<Line<'static>> {
    let commit = commit_of(store, execution).unwrap_or_default();
    let quiet = |words: &str| Line::from(scene.quiet(printable(words)));
    let plain = |words: &str| Line::from(scene.plain(printable(words)));
    let started = execution
        .started_at
        .map(|at| time::clock_or_date(at, scene.now(), scene.zone()));
    let took = execution_seconds(execution, scene.now()).map(time::duration);
    vec![
        marks::of_execution(scene, store, execution).line(),
        plain(execution.id.short()),
        plain(commit.short().unwrap_or_default()),
        plain(commit.message.as_deref().unwrap_or_default()),
        plain(&started.unwrap_or_default()),
        plain(&took.unwrap_or_default()),
        quiet(&started_by(execution).unwrap_or_default()),
        quiet(&about(execution)),
    ]
}
