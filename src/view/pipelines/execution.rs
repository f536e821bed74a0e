//! One execution of a pipeline: what it brings, the runs of its actions, and everything about the
//! run under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::pipeline::below;
use super::{disagree, marks};
use crate::app::row::RowId;
use crate::app::rows::pipelines::{
    about, commit_of, execution_seconds, run_seconds, says, short_name, started_by,
};
use crate::app::store::Store;
use crate::domain::context::Scoped;
use crate::domain::pipeline::{
    ActionExecution, Category, ExecutionId, PipelineExecution, PipelineName,
};
use crate::domain::text::printable;
use crate::view::empty;
use crate::view::scene::Scene;
use crate::view::widgets::pieces::{self, Piece};
use crate::view::widgets::table::{self, Column, Row};
use crate::view::widgets::{document, facts, time};

const COLUMNS: [Column; 6] = [
    Column::text("action", 0, 14, 36),
    Column::text("stage", 2, 8, 24),
    Column::text("status", 0, 13, 16),
    Column::text("started", 1, 8, 18),
    Column::text("took", 0, 6, 8),
    Column::text("says", 0, 12, 160).optional(),
];

pub(crate) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    pipeline: &Scoped<PipelineName>,
    id: &ExecutionId,
) -> usize {
    let store = scene.model.store(pipeline.context);
    let runs = store.map_or(&[][..], |store| store.action_executions(id));
    let execution = store.and_then(|store| store.pipeline_execution(&pipeline.id, id));
    let (Some(store), false) = (store, runs.is_empty() && execution.is_none()) else {
        let nothing = "CodePipeline does not know this execution";
        empty::draw(scene, area, buf, nothing, "esc goes back");
        return 0;
    };
    let width = usize::from(area.width);
    let mut top =
        execution.map_or_else(Vec::new, |execution| header(scene, width, store, execution));
    let room = width.saturating_sub(2);
    top.extend(disagree::lines(scene, pipeline, room, |_| Some(id.clone())));
    let area = below(area, buf, &top);
    let wanted = table::height_of(runs.len());
    let height = wanted.min((area.height / 2).max(3)).min(area.height);
    table::draw(scene, Rect { height, ..area }, buf, &COLUMNS, |place| {
        run_at(scene, runs, place).map(|run| Row::of(cells(scene, run)))
    });
    let below = Rect {
        x: area.x + 1,
        y: area.y + height,
        width: area.width.saturating_sub(2),
        height: area.height - height,
    };
    let chosen = run_at(scene, runs, scene.list().position());
    let lines = chosen.map(|run| run_lines(scene, run, usize::from(below.width)));
    document::draw(
        scene,
        below,
        buf,
        lines.unwrap_or_default(),
        scene.page().scroll,
    )
}

fn run_at<'a>(
    scene: Scene<'_>,
    runs: &'a [ActionExecution],
    place: usize,
) -> Option<&'a ActionExecution> {
    let RowId::ActionRun(id) = scene.list().rows.get(place)? else {
        return None;
    };
    runs.iter().find(|run| run.id == *id)
}

/// How it stands and what it brings: one line each.
fn header(
    scene: Scene<'_>,
    width: usize,
    store: &Store,
    execution: &PipelineExecution,
) -> Vec<Line<'static>> {
    let room = width.saturating_sub(2);
    let dot = format!("{} ", scene.symbols().dot);
    let quiet = |words: &str| vec![scene.quiet(format!("{dot}{}", printable(words)))];
    let mark = marks::of_execution(scene, store, execution);
    let words = format!("{} {}", mark.symbol, mark.word.to_uppercase());
    let mut first = vec![Piece::new(0, vec![Span::styled(words, mark.style)])];
    let took = execution_seconds(execution, scene.now());
    let verb = if execution.status.is_over() {
        "took"
    } else {
        "for"
    };
    let took = took.map(|seconds| format!("{verb} {}", time::duration(seconds)));
    first.extend(took.map(|took| Piece::new(1, quiet(&took))));
    let by = started_by(execution).map(|by| format!("started by {by}"));
    first.extend(by.map(|by| Piece::new(3, quiet(&by))));
    let about = Some(about(execution)).filter(|about| !about.is_empty());
    first.extend(about.map(|about| Piece::new(2, quiet(&about))));
    let join = |line| pieces::join(pieces::choose(line, room, 1), &Span::raw(" "));
    let mut lines = vec![join(first)];
    let commit = commit_of(store, execution).unwrap_or_default();
    let mut second = Vec::new();
    if let Some(revision) = commit.short() {
        let revision = Span::styled(printable(revision), scene.styles().title());
        second.push(Piece::new(0, vec![revision]));
        let message = commit.message.as_deref().unwrap_or_default();
        let message = scene.fit(&printable(message), room.saturating_sub(12));
        second.push(Piece::new(1, vec![scene.plain(message)]));
        let author = commit.author.as_deref();
        second.extend(author.map(|author| Piece::new(2, quiet(&format!("by {author}")))));
        let branch = commit.branch.as_deref();
        second.extend(branch.map(|branch| Piece::new(3, quiet(&format!("on {branch}")))));
        lines.push(join(second));
    }
    lines
}

fn cells(scene: Scene<'_>, run: &ActionExecution) -> Vec<Line<'static>> {
    let approval = run.category == Some(Category::Approval);
    let started = run
        .started_at
        .map(|at| time::clock_or_date(at, scene.now(), scene.zone()));
    let took = run_seconds(run, scene.now()).map(time::duration);
    let style = match run.error {
        Some(_) => scene.styles().failed(),
        None => scene.styles().quiet(),
    };
    vec![
        Line::from(scene.plain(printable(&run.action))),
        Line::from(scene.quiet(printable(&run.stage))),
        marks::of_run(scene, &run.status, approval).line(),
        Line::from(scene.plain(started.unwrap_or_default())),
        Line::from(scene.plain(took.unwrap_or_default())),
        Line::styled(printable(&says(run).unwrap_or_default()), style),
    ]
}

/// Everything about one run: its error, what it was given, what it gave.
fn run_lines(scene: Scene<'_>, run: &ActionExecution, room: usize) -> Vec<Line<'static>> {
    let told = |words: &str| Line::from(scene.plain(printable(words)));
    let title = printable(&format!("{} in {}", run.action, run.stage));
    let mut rows: Vec<(&str, Line<'static>)> = Vec::new();
    if run.error.is_some()
        && let Some(words) = says(run)
    {
        let style = scene.styles().failed();
        rows.push(("error", Line::styled(printable(&words), style)));
    }
    let mut add = |name: &'static str, words: Option<&str>| {
        rows.extend(words.map(|words| (name, told(words))));
    };
    let category = run.category.as_ref().map(Category::name);
    let kind = category.map(|kind| match &run.provider {
        Some(provider) => format!("{kind} by {provider}"),
        None => kind.to_owned(),
    });
    add("kind", kind.as_deref());
    add("says", run.summary.as_deref());
    add("by", run.updated_by.as_deref().map(short_name));
    add("id", run.external_id.as_deref());
    add("link", run.external_url.as_deref());
    add("log", run.log_stream.as_deref());
    let mut lines = vec![scene.heading(&title, room)];
    lines.extend(facts::lines(scene, rows, room));
    for (name, values) in [("given", &run.configuration), ("gave", &run.outputs)] {
        if values.is_empty() {
            continue;
        }
        lines.push(scene.heading(name, room));
        let values = values.iter();
        let values = values.map(|(key, value)| (key.as_str(), told(value)));
        lines.extend(facts::lines(scene, values.collect(), room));
    }
    lines
}
