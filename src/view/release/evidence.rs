//! The tasks of a release that failed.

use ratatui::text::{Line, Span};

use super::Shape;
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
/// Tasks that are shown on a low terminal.
const SHOWN_LOW: usize = 2;
/// What ECS says of every container that ends by itself.
const GENERIC: &str = "Essential container in task exited";

/// A heading and the newest failed tasks; empty when none failed.
pub(super) fn lines(
    scene: Scene<'_>,
    shape: Shape,
    store: &Store,
    release: &Release,
) -> Vec<Line<'static>> {
    let room = shape.part();
    let mut tasks = failed(store, release);
    if tasks.is_empty() {
        return Vec::new();
    }
    tasks.sort_by_key(|task| std::cmp::Reverse((task.stopped_at, task.arn.clone())));
    let title = format!("evidence: {} failed", count(tasks.len(), "task"));
    let mut lines = vec![scene.heading(&title, room)];
    let most = if shape.low { SHOWN_LOW } else { SHOWN };
    let mut told = None;
    for task in tasks.iter().take(most) {
        lines.push(headline(scene, room, task));
        let details = details(task);
        if !shape.low && details != told {
            lines.extend(
                details
                    .iter()
                    .flat_map(|words| explanation(scene, room, words)),
            );
            told = details;
        }
    }
    if tasks.len() > most {
        let words = format!("  and {} more, among the stopped tasks", tasks.len() - most);
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

/// When it stopped, which task, why, and how long it ran.
fn headline(scene: Scene<'_>, room: usize, task: &Task) -> Line<'static> {
    let at = task.stopped_at.map_or_else(
        || scene.symbols().dot.to_owned(),
        |at| time::clock(at, scene.zone()),
    );
    let cause = task_cause(task).unwrap_or_else(|| "no reason is given".into());
    let mut spans = vec![
        scene.quiet(format!("  {at} ")),
        scene.plain(format!("{} ", task.arn.short())),
        Span::styled(printable(&cause), scene.styles().failed()),
    ];
    if let (Some(start), Some(end)) = (task.started_at, task.stopping_at.or(task.stopped_at)) {
        let ran = time::duration(end.as_second() - start.as_second());
        spans.push(scene.quiet(format!(" after {ran}")));
    }
    text::fit_line(Line::from(spans), room, Cut::End, scene.symbols().ellipsis)
}

fn explanation(scene: Scene<'_>, room: usize, words: &str) -> Vec<Line<'static>> {
    const INDENT: usize = 11;
    text::wrap(&printable(words), room.saturating_sub(INDENT))
        .into_iter()
        .map(|line| Line::from(scene.quiet(format!("{}{line}", " ".repeat(INDENT)))))
        .collect()
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
