//! The tasks of a release that failed.

use ratatui::text::{Line, Span};

use crate::app::store::Store;
use crate::domain::diagnosis::task_cause;
use crate::domain::release::Release;
use crate::domain::task::Task;
use crate::domain::text::{count, printable};
use crate::view::scene::Scene;
use crate::view::widgets::text::{self, Cut};
use crate::view::widgets::time;

/// Tasks that are shown; the tasks screen has them all.
const SHOWN: usize = 6;

/// A heading and the newest failed tasks; empty when none failed.
pub(super) fn lines(
    scene: Scene<'_>,
    room: usize,
    store: &Store,
    release: &Release,
) -> Vec<Line<'static>> {
    let mut tasks = failed(store, release);
    if tasks.is_empty() {
        return Vec::new();
    }
    tasks.sort_by_key(|task| std::cmp::Reverse((task.stopped_at, task.arn.clone())));
    let title = format!("evidence: {} failed", count(tasks.len(), "task"));
    let mut lines = vec![scene.heading(&title, room)];
    for task in tasks.iter().take(SHOWN) {
        lines.extend(of_task(scene, room, task));
    }
    if tasks.len() > SHOWN {
        let words = format!(
            "  and {} more, among the stopped tasks of the service",
            tasks.len() - SHOWN
        );
        lines.push(Line::from(scene.quiet(words)));
    }
    lines
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

/// When it stopped, which task, why; then the exit code and ECS's words.
fn of_task(scene: Scene<'_>, room: usize, task: &Task) -> Vec<Line<'static>> {
    let at = task.stopped_at.map_or_else(
        || scene.symbols().dot.to_owned(),
        |at| time::clock(at, scene.zone()),
    );
    let cause = task_cause(task).unwrap_or_else(|| "no reason is given".into());
    let mut lines = vec![Line::from(vec![
        scene.quiet(format!("  {at} ")),
        scene.plain(format!("{} ", task.arn.short())),
        Span::styled(printable(&cause), scene.styles().failed()),
    ])];
    if let Some(words) = details(task) {
        let room = room.saturating_sub(11);
        let words = text::fit(&printable(&words), room, Cut::End, scene.symbols().ellipsis);
        lines.push(Line::from(scene.quiet(format!("           {words}"))));
    }
    lines
        .into_iter()
        .map(|line| text::fit_line(line, room, Cut::End, scene.symbols().ellipsis))
        .collect()
}

fn details(task: &Task) -> Option<String> {
    let reason = task
        .containers
        .iter()
        .find_map(|container| container.reason.clone())
        .or_else(|| task.stopped_reason.clone());
    match (&task.stop_code, reason) {
        (Some(code), Some(reason)) => Some(format!("{code}: {reason}")),
        (Some(code), None) => Some(code.clone()),
        (None, reason) => reason,
    }
}
