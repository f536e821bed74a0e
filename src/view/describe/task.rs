//! A task and its containers.

use ratatui::text::{Line, Span};

use super::{maybe, moment, told};
use crate::domain::diagnosis::task_cause;
use crate::domain::task::{Container, Task};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::status;
use crate::view::widgets::facts;

pub(super) fn lines(scene: Scene<'_>, task: &Task, room: usize) -> Vec<Line<'static>> {
    let mut lines = facts(scene, task, room);
    for container in &task.containers {
        lines.push(Line::default());
        let title = format!("container {}", printable(&container.name));
        lines.push(scene.heading(&title, room));
        lines.extend(facts::lines(scene, of_container(scene, container), room));
    }
    lines
}

/// Everything about the task itself.
pub(crate) fn facts(scene: Scene<'_>, task: &Task, room: usize) -> Vec<Line<'static>> {
    let mut rows = vec![("status", status::of_task(scene, task).line())];
    if task.is_stopped() || !task.is_wanted() {
        let cause = task_cause(task).filter(|_| !task.stopped_on_purpose());
        if let Some(cause) = cause {
            let style = scene.styles().failed();
            let cause = Line::from(Span::styled(printable(&cause), style));
            rows.push(("cause", cause));
        }
        rows.push(("reason", maybe(scene, task.stopped_reason.as_deref())));
        rows.push(("stop code", maybe(scene, task.stop_code.as_deref())));
    }
    let size = match (&task.cpu, &task.memory) {
        (Some(cpu), Some(memory)) => told(scene, &format!("{cpu} CPU units, {memory} MiB")),
        _ => scene.nothing(),
    };
    rows.extend([
        ("wanted", told(scene, &task.desired_status)),
        ("health", status::of_health(scene, task.health.as_deref())),
        (
            "task definition",
            told(scene, task.task_definition.family_revision()),
        ),
        ("belongs to", maybe(scene, task.group.as_deref())),
        ("started by", maybe(scene, task.started_by.as_deref())),
        ("created", moment(scene, task.created_at)),
        ("started", moment(scene, task.started_at)),
    ]);
    if task.stopped_at.is_some() {
        rows.push(("stopped", moment(scene, task.stopped_at)));
    }
    rows.extend([
        ("size", size),
        ("launch type", maybe(scene, task.launch_type.as_deref())),
        ("zone", maybe(scene, task.availability_zone.as_deref())),
        ("ARN", told(scene, task.arn.as_str())),
    ]);
    facts::lines(scene, rows, room)
}

fn of_container(scene: Scene<'_>, container: &Container) -> Vec<(&'static str, Line<'static>)> {
    let exit = match container.exit_code {
        Some(0) => told(scene, "0"),
        Some(code) => Line::styled(code.to_string(), scene.styles().failed()),
        None => scene.nothing(),
    };
    vec![
        ("status", told(scene, &container.status)),
        (
            "health",
            status::of_health(scene, container.health.as_deref()),
        ),
        ("exit code", exit),
        ("reason", maybe(scene, container.reason.as_deref())),
        ("image", maybe(scene, container.image.as_deref())),
    ]
}
