//! The tasks of a release that failed, by why they did.

use ratatui::text::Line;

use super::Shape;
use crate::app::store::Store;
use crate::domain::diagnosis::task_cause;
use crate::domain::release::Release;
use crate::domain::task::Task;
use crate::domain::text::{count, printable};
use crate::view::scene::Scene;
use crate::view::widgets::text::{self, Cut};
use crate::view::widgets::time;

/// Causes that are shown; the tasks screen has them all.
const CAUSES: usize = 3;
/// Tasks that are shown for each cause.
const TASKS: usize = 4;
/// What ECS says of every container that ends by itself.
const GENERIC: &str = "Essential container in task exited";

/// The tasks that failed for the same reason, the newest first.
struct Group<'a> {
    cause: String,
    tasks: Vec<&'a Task>,
}

/// A heading, and the failed tasks by their cause; empty when none failed.
pub(super) fn lines(
    scene: Scene<'_>,
    shape: Shape,
    store: &Store,
    release: &Release,
) -> Vec<Line<'static>> {
    let room = shape.part();
    let tasks = failed(store, release);
    if tasks.is_empty() {
        return Vec::new();
    }
    let title = format!("evidence: {} failed", count(tasks.len(), "task"));
    let groups = groups(tasks);
    let mut lines = vec![scene.heading(&title, room)];
    for group in groups.iter().take(CAUSES) {
        lines.extend(cause_lines(scene, room, group));
        if shape.low {
            lines.push(newest(scene, room, group));
        } else {
            lines.extend(words_of_aws(scene, room, group));
            lines.extend(
                group
                    .tasks
                    .iter()
                    .take(TASKS)
                    .map(|task| one(scene, room, task)),
            );
            let more = group.tasks.len().saturating_sub(TASKS);
            if more > 0 {
                let words = format!("{INDENT}and {more} more, among the stopped tasks");
                lines.push(Line::from(scene.quiet(words)));
            }
        }
    }
    if groups.len() > CAUSES {
        let words = format!("  and {}", count(groups.len() - CAUSES, "other cause"));
        lines.push(Line::from(scene.quiet(words)));
    }
    lines
}

/// The tasks by their cause: the most frequent first, then the latest.
fn groups(mut tasks: Vec<&Task>) -> Vec<Group<'_>> {
    tasks.sort_by_key(|task| std::cmp::Reverse((task.stopped_at, task.arn.clone())));
    let mut groups: Vec<Group<'_>> = Vec::new();
    for task in tasks {
        let cause = task_cause(task).unwrap_or_else(|| "no reason is given".into());
        match groups.iter_mut().find(|group| group.cause == cause) {
            Some(group) => group.tasks.push(task),
            None => groups.push(Group {
                cause,
                tasks: vec![task],
            }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.tasks.len()));
    groups
}

/// Columns before what explains a cause.
const INDENT: &str = "     ";

/// The cause, with the number of tasks that ended this way.
fn cause_lines(scene: Scene<'_>, room: usize, group: &Group<'_>) -> Vec<Line<'static>> {
    let style = scene.styles().failed();
    let words = match group.tasks.len() {
        1 => group.cause.clone(),
        times => format!("{}, {times} times", group.cause),
    };
    text::wrap(&printable(&words), room.saturating_sub(4))
        .into_iter()
        .enumerate()
        .map(|(place, piece)| {
            let lead = if place == 0 {
                scene.symbols().failed
            } else {
                " "
            };
            Line::styled(format!("  {lead} {piece}"), style)
        })
        .collect()
}

/// AWS's kind of stop and its words, once for all tasks that ended this way.
fn words_of_aws(scene: Scene<'_>, room: usize, group: &Group<'_>) -> Vec<Line<'static>> {
    let newest = group.tasks.first();
    let code = newest.and_then(|task| task.stop_code.clone());
    let words: Vec<String> = newest
        .and_then(|task| details(task))
        .into_iter()
        .chain(code)
        .collect();
    if words.is_empty() {
        return Vec::new();
    }
    let words = printable(&words.join(&format!(" {} ", scene.symbols().dot)));
    text::wrap(&words, room.saturating_sub(INDENT.len()))
        .into_iter()
        .map(|piece| Line::from(scene.quiet(format!("{INDENT}{piece}"))))
        .collect()
}

/// The newest task of a cause, and how many there are beside it.
fn newest(scene: Scene<'_>, room: usize, group: &Group<'_>) -> Line<'static> {
    let Some(task) = group.tasks.first() else {
        return Line::default();
    };
    let mut line = one(scene, room, task);
    if group.tasks.len() > 1 {
        let words = format!(", and {} before it", group.tasks.len() - 1);
        line.push_span(scene.quiet(words));
    }
    text::fit_line(line, room, Cut::End, scene.symbols().ellipsis)
}

/// When a task stopped, which it was, and how long it ran.
fn one(scene: Scene<'_>, room: usize, task: &Task) -> Line<'static> {
    let at = task.stopped_at.map_or_else(
        || scene.symbols().dot.to_owned(),
        |at| time::clock_or_date(at, scene.now(), scene.zone()),
    );
    let mut spans = vec![
        scene.quiet(format!("{INDENT}{at} ")),
        scene.plain(printable(task.arn.short())),
    ];
    let ended = task.stopping_at.or(task.stopped_at);
    let words = match (task.started_at, ended) {
        (Some(start), Some(end)) => {
            let ran = time::duration(end.as_second() - start.as_second());
            format!(" ran {ran}")
        }
        (None, _) => " never ran".into(),
        (Some(_), None) => String::new(),
    };
    spans.push(scene.quiet(words));
    text::fit_line(Line::from(spans), room, Cut::End, scene.symbols().ellipsis)
}

/// The stopped tasks of this release that nobody wanted to stop.
fn failed<'a>(store: &'a Store, release: &Release) -> Vec<&'a Task> {
    let deployment = release
        .new
        .as_ref()
        .and_then(|side| side.deployment.as_ref());
    let kept = store.evidence.get(&release.service).into_iter();
    kept.flat_map(|kept| kept.values())
        .filter(|task| task.is_stopped() && !task.stopped_on_purpose())
        .filter(|task| match deployment {
            Some(id) => task.started_by.as_deref() == Some(id.as_str()),
            None => within(task, release),
        })
        .collect()
}

/// Where the deployment is not known any more, the task's time and task definition tell.
fn within(task: &Task, release: &Release) -> bool {
    let definition = release
        .new
        .as_ref()
        .and_then(|side| side.task_definition.as_ref());
    let begun = release
        .started_at
        .is_none_or(|at| task.created_at >= Some(at));
    let ended = release
        .finished_at
        .is_none_or(|at| task.created_at <= Some(at));
    definition == Some(&task.task_definition) && begun && ended
}

/// AWS's words, where they say more than the cause does.
fn details(task: &Task) -> Option<String> {
    let own = task
        .containers
        .iter()
        .find_map(|container| container.reason.clone());
    own.or_else(|| task.stopped_reason.clone())
        .filter(|reason| reason != GENERIC)
}
