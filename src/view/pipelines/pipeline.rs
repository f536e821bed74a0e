//! One pipeline: its stages with their actions, and everything about the one under the cursor.
//!
//! ```text
//! pipeline · mode   STATUS                     commit, message
//! stage      status     since   by        execution   says
//!   action
//! ── what is selected ──────────────────────────────────────
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{action, disagree, marks, stage};
use crate::app::row::RowId;
use crate::app::rows::pipelines::{look, short_name};
use crate::app::store::Store;
use crate::domain::context::Scoped;
use crate::domain::pipeline::source::first_line;
use crate::domain::pipeline::strip::{Standing, of_action, strip};
use crate::domain::pipeline::{
    ActionState, PipelineName, PipelineState, PipelineStructure, StageDeclaration, StageState,
};
use crate::domain::text::printable;
use crate::view::empty;
use crate::view::scene::Scene;
use crate::view::widgets::pieces::{self, Piece};
use crate::view::widgets::table::{self, Column, Row};
use crate::view::widgets::text::Cut;
use crate::view::widgets::{document, time};

const COLUMNS: [Column; 6] = [
    Column::text("stage", 0, 14, 36),
    Column::text("status", 0, 15, 20),
    Column::text("since", 1, 5, 8),
    Column::text("by", 4, 8, 24).cut(Cut::Start).optional(),
    Column::text("execution", 2, 9, 10).cut(Cut::Id),
    Column::text("says", 0, 12, 160).optional(),
];

pub(crate) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    name: &Scoped<PipelineName>,
) -> usize {
    let store = scene.model.store(name.context);
    let found = store.and_then(|store| Some((store, store.pipeline_state(&name.id)?)));
    let Some((store, state)) = found else {
        let nothing = "CodePipeline does not know this pipeline";
        empty::draw(scene, area, buf, nothing, "esc goes back");
        return 0;
    };
    let structure = store.pipeline_structure(&name.id);
    let room = usize::from(area.width.saturating_sub(2));
    let mut top = vec![header(scene, usize::from(area.width), store, &name.id)];
    top.extend(disagree::lines(scene, name, room, |stage| {
        let latest = state.stage(stage)?.latest.as_ref()?;
        Some(latest.id.clone())
    }));
    let area = below(area, buf, &top);
    let wanted = table::height_of(scene.list().rows.len());
    let most = (area.height * 3 / 5).max(4);
    let height = wanted.min(most).min(area.height);
    let above = Rect { height, ..area };
    table::draw(scene, above, buf, &COLUMNS, |place| {
        row(scene, state, structure, place)
    });
    let below = Rect {
        x: area.x + 1,
        y: area.y + height,
        width: area.width.saturating_sub(2),
        height: area.height - height,
    };
    let lines = selected(scene, state, structure, usize::from(below.width));
    document::draw(scene, below, buf, lines, scene.page().scroll)
}

/// Draws lines at the top of an area, and returns the rest of it.
pub(super) fn below(area: Rect, buf: &mut Buffer, lines: &[Line<'static>]) -> Rect {
    let mut top = area.y;
    for line in lines.iter().take(usize::from(area.height)) {
        buf.set_line(area.x + 1, top, line, area.width.saturating_sub(1));
        top += 1;
    }
    Rect {
        y: top,
        height: area.bottom() - top,
        ..area
    }
}

fn header(scene: Scene<'_>, width: usize, store: &Store, name: &PipelineName) -> Line<'static> {
    let dot = format!("{} ", scene.symbols().dot);
    let quiet = |words: String| vec![scene.quiet(format!("{dot}{}", printable(&words)))];
    let mut line = vec![Piece::new(
        0,
        vec![Span::styled(
            printable(name.as_str()),
            scene.styles().title(),
        )],
    )];
    if let Some(mode) = store.pipeline_mode(name) {
        line.push(Piece::new(3, quiet(mode.name().to_lowercase())));
    }
    let version = store.pipeline_state(name).and_then(|state| state.version);
    line.extend(version.map(|version| Piece::new(4, quiet(format!("version {version}")))));
    if let Some(look) = look(store, name) {
        let mark = marks::of_pipeline(scene, &look.standing);
        let words = format!(" {} {} ", mark.symbol, mark.word.to_uppercase());
        line.push(Piece::new(0, vec![Span::styled(words, mark.style)]));
        let commit = look.commit.unwrap_or_default();
        let revision = commit.short().map(str::to_owned);
        line.extend(revision.map(|revision| Piece::new(1, quiet(revision))));
        line.extend(commit.message.map(|words| Piece::new(2, quiet(words))));
    }
    pieces::join(
        pieces::choose(line, width.saturating_sub(2), 1),
        &Span::raw(" "),
    )
}

fn declared<'a>(
    structure: Option<&'a PipelineStructure>,
    stage: &str,
) -> Option<&'a StageDeclaration> {
    structure?.stages.iter().find(|one| one.name == stage)
}

/// How an action stands for the execution that leads.
fn standing_of(
    state: &PipelineState,
    structure: Option<&PipelineStructure>,
    stage: &str,
    action: &ActionState,
) -> Option<Standing> {
    let mut shown = strip(state, structure).into_iter();
    let shown = shown.find(|shown| shown.name == stage)?;
    let declared = declared(structure, stage);
    let stage = state.stage(stage)?;
    Some(of_action(&shown.standing, stage, declared, action))
}

fn row(
    scene: Scene<'_>,
    state: &PipelineState,
    structure: Option<&PipelineStructure>,
    place: usize,
) -> Option<Row> {
    Some(Row::of(match scene.list().rows.get(place)? {
        RowId::Stage(stage) => stage_cells(scene, state, structure, stage)?,
        RowId::StageAction(stage, action) => {
            let action = state.stage(stage)?.action(action)?;
            let standing = standing_of(state, structure, stage, action)?;
            action_cells(scene, &standing, action)
        }
        _ => return None,
    }))
}

fn stage_cells(
    scene: Scene<'_>,
    state: &PipelineState,
    structure: Option<&PipelineStructure>,
    name: &str,
) -> Option<Vec<Line<'static>>> {
    let stage = state.stage(name)?;
    let mut shown = strip(state, structure).into_iter();
    let shown = shown.find(|shown| shown.name == name)?;
    let execution = shown.execution.as_ref().map_or("", |id| id.short());
    let name = Span::styled(printable(name), scene.styles().title());
    let says = stage::off_words(scene, stage).map_or_else(
        || waiting_words(scene, stage),
        |words| Line::styled(printable(&words), scene.styles().warning()),
    );
    Some(vec![
        Line::from(name),
        marks::of_standing(scene, &shown.standing).line(),
        Line::default(),
        Line::default(),
        Line::from(scene.plain(printable(execution))),
        says,
    ])
}

/// Which executions wait at the entry of a stage that is open.
fn waiting_words(scene: Scene<'_>, stage: &StageState) -> Line<'static> {
    if stage.inbound.is_empty() {
        return Line::default();
    }
    let names = stage.inbound.iter().map(|inbound| inbound.id.short());
    let names = names.collect::<Vec<_>>().join(" ");
    Line::from(scene.plain(printable(&format!("{names} waits at the entry"))))
}

fn action_cells(scene: Scene<'_>, standing: &Standing, action: &ActionState) -> Vec<Line<'static>> {
    let run = action.latest.as_ref();
    let told = run.filter(|_| *standing != Standing::NotYet);
    let since = told.and_then(|run| run.changed_at);
    let since = since.map(|at| time::age(scene.now().as_second() - at.as_second()));
    let by = told.and_then(|run| run.updated_by.as_deref());
    let error = told.and_then(|run| run.error.as_ref());
    let error = error.and_then(|error| error.message.clone().or_else(|| error.code.clone()));
    let (says, style) = match error {
        Some(error) => (Some(error), scene.styles().failed()),
        None => (
            told.and_then(|run| first_line(run.summary.as_deref()?)),
            scene.styles().quiet(),
        ),
    };
    let mut status = marks::of_standing(scene, standing).line();
    let moving = told.filter(|_| *standing == Standing::Moving);
    if let Some(percent) = moving.and_then(|run| run.percent) {
        status.push_span(scene.plain(format!(" {percent} %")));
    }
    vec![
        Line::from(scene.plain(format!("  {}", printable(&action.name)))),
        status,
        Line::from(scene.plain(since.unwrap_or_default())),
        Line::from(scene.quiet(printable(by.map(short_name).unwrap_or_default()))),
        Line::default(),
        Line::styled(printable(&says.unwrap_or_default()), style),
    ]
}

/// Everything about what is under the cursor.
fn selected(
    scene: Scene<'_>,
    state: &PipelineState,
    structure: Option<&PipelineStructure>,
    room: usize,
) -> Vec<Line<'static>> {
    match scene.list().selected() {
        Some(RowId::Stage(name)) => state
            .stage(name)
            .map(|stage| stage::lines(scene, stage, structure, room))
            .unwrap_or_default(),
        Some(RowId::StageAction(stage, name)) => {
            let found = state.stage(stage).and_then(|stage| stage.action(name));
            let Some((found, standing)) = found.and_then(|found| {
                let standing = standing_of(state, structure, stage, found)?;
                Some((found, standing))
            }) else {
                return Vec::new();
            };
            let declared = structure.and_then(|all| all.action(stage, name));
            action::lines(scene, found, declared, &standing, room)
        }
        _ => Vec::new(),
    }
}
