//! One task: its containers, and everything else that is known of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::describe::task::facts;
use super::scene::Scene;
use super::status;
use super::widgets::document;
use super::widgets::table::{self, Column, Row};
use super::widgets::text::{Cut, short_image};
use crate::app::row::RowId;
use crate::domain::arn::TaskArn;
use crate::domain::context::ContextId;
use crate::domain::task::{Container, Task};
use crate::domain::text::printable;

const COLUMNS: [Column; 6] = [
    Column::text("container", 0, 8, 32),
    Column::text("status", 0, 7, 14),
    Column::text("health", 1, 9, 10),
    Column::number("exit", 0, 4),
    Column::text("image", 2, 10, 48).cut(Cut::Start),
    Column::text("reason", 0, 10, 90).optional(),
];

pub(crate) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    context: ContextId,
    arn: &TaskArn,
) -> usize {
    let task = scene.model.store(context).and_then(|store| store.task(arn));
    let Some(task) = task else {
        let nothing = "AWS does not know this task any more: it forgets stopped ones after about \
                       an hour";
        super::empty::draw(scene, area, buf, nothing, "esc goes back");
        return 0;
    };
    let wanted = table::height_of(scene.list().rows.len());
    let height = wanted.min(area.height / 2).max(2).min(area.height);
    let above = Rect { height, ..area };
    table::draw(scene, above, buf, &COLUMNS, |place| row(scene, task, place));
    let below = Rect {
        x: area.x + 1,
        y: area.y + height,
        width: area.width.saturating_sub(2),
        height: area.height - height,
    };
    let room = usize::from(below.width);
    let mut lines = vec![scene.heading("task", room)];
    lines.extend(facts(scene, task, room));
    document::draw(scene, below, buf, lines, scene.page().scroll)
}

fn row(scene: Scene<'_>, task: &Task, place: usize) -> Option<Row> {
    let RowId::Container(name) = scene.list().rows.get(place)? else {
        return None;
    };
    let container = task.containers.iter().find(|one| one.name == *name)?;
    Some(Row::of(cells(scene, container)))
}

/// A container as a row.
fn cells(scene: Scene<'_>, container: &Container) -> Vec<Line<'static>> {
    let styles = scene.styles();
    let failed = container.exit_code.is_some_and(|code| code != 0);
    let style = if failed {
        styles.failed()
    } else {
        styles.text()
    };
    let exit = match container.exit_code {
        Some(code) => Line::styled(code.to_string(), style),
        None => scene.nothing(),
    };
    let image = container.image.as_deref().map(short_image);
    let reason = container.reason.as_deref().map(printable);
    vec![
        Line::from(scene.plain(printable(&container.name))),
        Line::styled(printable(&container.status), style),
        status::of_health(scene, container.health.as_deref()),
        exit,
        Line::from(scene.plain(printable(&image.unwrap_or_default()))),
        Line::styled(reason.unwrap_or_default(), style),
    ]
}
