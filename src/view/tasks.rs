//! Tasks of a service or a cluster, running or stopped.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::scene::Scene;
use super::status;
use super::widgets::table::{self, Column, Row};
use super::widgets::text::Cut;
use super::widgets::time;
use crate::app::row::RowId;
use crate::domain::arn::ServiceArn;
use crate::domain::diagnosis::task_cause;
use crate::domain::task::Task;
use crate::domain::text::printable;

const COLUMNS: [Column; 8] = [
    Column::text("status", 0, 14, 18),
    Column::text("task", 0, 9, 34).cut(Cut::Id),
    Column::text("service", 2, 8, 32).optional(),
    Column::text("health", 1, 9, 10),
    Column::text("task definition", 3, 15, 40).cut(Cut::Family),
    Column::text("zone", 5, 8, 18).optional(),
    Column::text("started", 1, 8, 12),
    Column::text("reason", 0, 28, 90).optional(),
];

pub(crate) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    service: Option<&ServiceArn>,
    stopped: bool,
) {
    if scene.list().rows.is_empty() {
        let (nothing, next) = if stopped {
            (
                "no stopped tasks: ECS forgets them after about an hour",
                "x shows the running ones",
            )
        } else {
            (
                "no tasks run here",
                "x shows the stopped ones, and why they stopped",
            )
        };
        super::empty::draw(scene, area, buf, nothing, next);
        return;
    }
    let of_cluster = service.is_none();
    table::draw(scene, area, buf, &COLUMNS, |place| {
        row(scene, place, of_cluster)
    });
}

fn row(scene: Scene<'_>, place: usize, of_cluster: bool) -> Option<Row> {
    let RowId::Task(context, _, arn) = scene.list().rows.get(place)? else {
        return None;
    };
    let store = scene.model.store(*context)?;
    let Some(task) = store.task(arn) else {
        return Some(Row::of(vec![
            scene.nothing(),
            Line::from(scene.plain(printable(arn.name()))),
        ]));
    };
    let began = task.started_at.or(task.created_at);
    let began = began.map_or_else(
        || scene.nothing(),
        |at| Line::from(scene.quiet(time::ago(at, scene.now()))),
    );
    Some(Row::of(vec![
        status::of_task(scene, task).line(),
        Line::from(scene.plain(printable(arn.name()))),
        group(scene, task, of_cluster),
        status::of_health(scene, task.health.as_deref()),
        Line::from(scene.plain(printable(task.task_definition.family_revision()))),
        task.availability_zone
            .as_deref()
            .map(|zone| Line::from(scene.quiet(printable(zone))))
            .unwrap_or_default(),
        began,
        reason(scene, task),
    ]))
}

/// In a whole cluster the service that a task belongs to has to be told.
fn group(scene: Scene<'_>, task: &Task, of_cluster: bool) -> Line<'static> {
    match task.group.as_deref().filter(|_| of_cluster) {
        Some(group) => {
            let name = group.strip_prefix("service:").unwrap_or(group);
            Line::from(scene.plain(printable(name)))
        }
        None => Line::default(),
    }
}

pub(crate) fn reason(scene: Scene<'_>, task: &Task) -> Line<'static> {
    let known = task_cause(task).filter(|_| !task.stopped_on_purpose());
    match known.or_else(|| task.stopped_reason.clone()) {
        Some(words) if task.is_stopped() && !task.stopped_on_purpose() => {
            Line::styled(printable(&words), scene.styles().failed())
        }
        Some(words) => Line::from(scene.quiet(printable(&words))),
        None => Line::default(),
    }
}
