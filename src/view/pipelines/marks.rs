//! The symbol, the word and the style of what a pipeline does.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::store::Store;
use crate::domain::pipeline::strip::{PipelineStanding, Standing, StripStage};
use crate::domain::pipeline::{
    ActionStatus, ConditionStatus, ExecutionId, ExecutionStatus, PipelineExecution,
};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::status::Mark;
use crate::view::widgets::text;

/// How a stage or an action stands.
pub(crate) fn of_standing(scene: Scene<'_>, standing: &Standing) -> Mark {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let (symbol, style) = match standing {
        Standing::NotYet => (symbols.not_yet, styles.quiet()),
        Standing::Moving => (symbols.moving, styles.moving()),
        Standing::WaitsForYou => (symbols.waiting, styles.waiting()),
        Standing::RollingBack => (symbols.rolling_back, styles.rolling_back()),
        Standing::RolledBack => (symbols.failed, styles.rolling_back()),
        Standing::Succeeded => (symbols.ok, styles.succeeded()),
        Standing::Failed => (symbols.failed, styles.failed()),
        Standing::Stopped => (symbols.skipped, styles.stopped()),
        Standing::Skipped => (symbols.skipped, styles.quiet()),
        Standing::Unknown(_) => (symbols.unknown, styles.unknown()),
    };
    Mark::new(symbol, printable(standing.label()), style)
}

/// How a pipeline stands.
pub(super) fn of_pipeline(scene: Scene<'_>, standing: &PipelineStanding) -> Mark {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let (symbol, style) = match standing {
        PipelineStanding::Failed => (symbols.failed, styles.failed()),
        PipelineStanding::WaitsForYou => (symbols.waiting, styles.waiting()),
        PipelineStanding::RollingBack => (symbols.rolling_back, styles.rolling_back()),
        PipelineStanding::Moving => (symbols.moving, styles.moving()),
        PipelineStanding::Held => (symbols.skipped, styles.warning()),
        PipelineStanding::Unknown(_) => (symbols.unknown, styles.unknown()),
        PipelineStanding::Stopped => (symbols.skipped, styles.stopped()),
        PipelineStanding::RolledBack => (symbols.failed, styles.rolling_back()),
        PipelineStanding::Succeeded => (symbols.ok, styles.succeeded()),
        PipelineStanding::NeverRan => (symbols.not_yet, styles.quiet()),
    };
    Mark::new(symbol, printable(standing.label()), style)
}

/// How an execution stands. One that goes back is told apart from one that goes forward, and one
/// that a newer one took the place of from one that failed.
pub(crate) fn of_execution(scene: Scene<'_>, store: &Store, execution: &PipelineExecution) -> Mark {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let back = execution.rollback;
    match &execution.status {
        ExecutionStatus::InProgress if waits(store, &execution.id) => {
            Mark::new(symbols.waiting, "waits for you", styles.waiting())
        }
        ExecutionStatus::InProgress if back => {
            Mark::new(symbols.rolling_back, "rolling back", styles.rolling_back())
        }
        ExecutionStatus::Succeeded if back => {
            Mark::new(symbols.rolling_back, "rolled back", styles.rolling_back())
        }
        ExecutionStatus::InProgress => Mark::new(symbols.moving, "in progress", styles.moving()),
        ExecutionStatus::Succeeded => Mark::new(symbols.ok, "succeeded", styles.succeeded()),
        ExecutionStatus::Failed => Mark::new(symbols.failed, "failed", styles.failed()),
        ExecutionStatus::Stopping => Mark::new(symbols.moving, "stopping", styles.stopped()),
        ExecutionStatus::Stopped => Mark::new(symbols.skipped, "stopped", styles.stopped()),
        ExecutionStatus::Cancelled => Mark::new(symbols.skipped, "cancelled", styles.stopped()),
        ExecutionStatus::Superseded => {
            Mark::new(symbols.skipped, "superseded", styles.superseded())
        }
        ExecutionStatus::Unknown(name) => {
            Mark::new(symbols.unknown, printable(name), styles.unknown())
        }
    }
}

/// Whether an approval in an execution waits for a person.
fn waits(store: &Store, execution: &ExecutionId) -> bool {
    let approvals = store.approvals();
    approvals.iter().any(|one| one.id.execution == *execution)
}

/// How a run of an action stands. `waits` says that it is an approval.
pub(crate) fn of_run(scene: Scene<'_>, status: &ActionStatus, waits: bool) -> Mark {
    let standing = match status {
        ActionStatus::InProgress if waits => Standing::WaitsForYou,
        ActionStatus::InProgress => Standing::Moving,
        ActionStatus::Abandoned => Standing::Stopped,
        ActionStatus::Succeeded => Standing::Succeeded,
        ActionStatus::Failed => Standing::Failed,
        ActionStatus::Unknown(name) => Standing::Unknown(name.clone()),
    };
    let mark = of_standing(scene, &standing);
    match status {
        ActionStatus::Abandoned => Mark {
            word: "abandoned".into(),
            ..mark
        },
        _ => mark,
    }
}

/// How a condition or one of its rules stands.
pub(super) fn of_condition(scene: Scene<'_>, status: Option<&ConditionStatus>) -> Mark {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let (symbol, word, style) = match status {
        None => (symbols.not_yet, "not looked at", styles.quiet()),
        Some(ConditionStatus::InProgress) => (symbols.moving, "looked at", styles.moving()),
        Some(ConditionStatus::Succeeded) => (symbols.ok, "holds", styles.succeeded()),
        Some(ConditionStatus::Failed) => (symbols.failed, "does not hold", styles.failed()),
        Some(ConditionStatus::Errored) => (symbols.failed, "could not be told", styles.failed()),
        Some(ConditionStatus::Overridden) => (symbols.skipped, "overridden", styles.warning()),
        Some(ConditionStatus::Cancelled) => (symbols.skipped, "cancelled", styles.stopped()),
        Some(ConditionStatus::Abandoned) => (symbols.skipped, "abandoned", styles.stopped()),
        Some(ConditionStatus::Unknown(name)) => (symbols.unknown, name.as_str(), styles.unknown()),
    };
    Mark::new(symbol, printable(word), style)
}

/// The stages of a pipeline beside each other, in so many columns: with all their names, or where
/// that does not fit with those only that say most.
pub(super) fn strip(scene: Scene<'_>, stages: &[StripStage], room: usize) -> Line<'static> {
    let whole = pieces(scene, stages, |_| true);
    if whole.width() <= room {
        return whole;
    }
    let says = |stage: &StripStage| {
        !matches!(
            stage.standing,
            Standing::NotYet | Standing::Succeeded | Standing::Skipped
        )
    };
    let short = pieces(scene, stages, says);
    text::fit_line(short, room, text::Cut::End, scene.symbols().ellipsis)
}

fn pieces(
    scene: Scene<'_>,
    stages: &[StripStage],
    named: impl Fn(&StripStage) -> bool,
) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for stage in stages {
        let (symbol, name, style) = piece(scene, stage);
        if named(stage) {
            if !spans.is_empty() {
                spans.push(Span::raw(" "));
            }
            spans.push(Span::styled(format!("{symbol} {name}"), style));
            spans.push(Span::raw(" "));
        } else {
            spans.push(Span::styled(symbol, style));
        }
    }
    if spans.last().is_some_and(|span| span.content == " ") {
        spans.pop();
    }
    Line::from(spans)
}

/// A stage of the strip: one that waits for a person is written large, and one whose entry is off
/// says so.
fn piece(scene: Scene<'_>, stage: &StripStage) -> (&'static str, String, Style) {
    let mark = of_standing(scene, &stage.standing);
    let mut name = printable(&stage.name);
    if stage.standing == Standing::WaitsForYou {
        name = name.to_uppercase();
    }
    if let Some(percent) = stage.percent {
        name = format!("{name} {percent} %");
    }
    if stage.held {
        let style = match stage.standing {
            Standing::NotYet => scene.styles().warning(),
            _ => mark.style,
        };
        return (mark.symbol, format!("{name} (off)"), style);
    }
    (mark.symbol, name, mark.style)
}
