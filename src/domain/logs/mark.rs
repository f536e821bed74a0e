//! Remarks between log lines: what happened to the tasks that write them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Side, side_of};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::diagnosis::task_cause;
use crate::domain::release::{Release, Side as ReleaseSide};
use crate::domain::task::Task;

/// A remark at its time among the lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    /// When it happened.
    pub at: Timestamp,
    /// What happened, without control characters.
    pub text: String,
}

impl Mark {
    /// A remark at a time.
    pub fn new(at: Timestamp, text: impl Into<String>) -> Self {
        Self {
            at,
            text: text.into(),
        }
    }
}

/// What happened to tasks and by the releases of their service, in order of time: a task started or
/// stopped, a release began or ended, the first task of a revision runs.
pub fn marks<'a>(tasks: impl IntoIterator<Item = &'a Task>, releases: &'a [Release]) -> Vec<Mark> {
    let tasks: Vec<&Task> = tasks.into_iter().collect();
    let mut marks: Vec<Mark> = releases.iter().flat_map(of_release).collect();
    marks.extend(releases.iter().filter_map(|release| begun(&tasks, release)));
    marks.extend(tasks.iter().flat_map(|task| of_task(task)));
    // At the same time the cause comes before what follows from it.
    marks.sort_by_key(|mark| mark.at);
    marks.dedup();
    marks
}

fn of_release(release: &Release) -> Vec<Mark> {
    let name = release.id.short();
    let definition = |side: Option<&ReleaseSide>| {
        side.and_then(|side| side.task_definition.as_ref())
            .map(TaskDefinitionArn::family_revision)
            .map(str::to_owned)
    };
    let way = match (
        definition(release.old.as_ref()),
        definition(release.new.as_ref()),
    ) {
        (Some(old), Some(new)) if old == new => format!(": {new} again"),
        (Some(old), Some(new)) => format!(": {old} to {new}"),
        (None, Some(new)) => format!(": to {new}"),
        (_, None) => String::new(),
    };
    let kind = release.mechanism.label();
    let began = release.started_at;
    let ended = release.finished_at.filter(|_| release.status.is_over());
    let began = began.map(|at| Mark::new(at, format!("release {name} began{way} ({kind})")));
    let ended = ended.map(|at| {
        let status = release.status.label();
        Mark::new(at, format!("release {name} ended: {status}"))
    });
    began.into_iter().chain(ended).collect()
}

/// When the first task that a release brings runs: from then on its revision writes lines.
fn begun(tasks: &[&Task], release: &Release) -> Option<Mark> {
    let definition = release.new.as_ref()?.task_definition.as_ref()?;
    let old = release.old.as_ref();
    if old.and_then(|side| side.task_definition.as_ref()) == Some(definition) {
        return None;
    }
    let brought = tasks
        .iter()
        .filter(|task| task.task_definition == *definition)
        .filter(|task| side_of(task, release) == Some(Side::New))
        .filter(|task| task.created_at >= release.started_at);
    let first = brought.filter_map(|task| task.started_at).min()?;
    let revision = definition.family_revision();
    Some(Mark::new(
        first,
        format!("revision {revision} began: its first task runs"),
    ))
}

fn of_task(task: &Task) -> Vec<Mark> {
    let name = format!(
        "task {} of {}",
        task.arn.short(),
        task.task_definition.family_revision()
    );
    let started = task
        .started_at
        .map(|at| Mark::new(at, format!("{name} started")));
    let stopped = task.stopped_at.map(|at| {
        let before = if task.started_at.is_some() {
            ""
        } else {
            " before it ran"
        };
        let why = why_stopped(task).map_or_else(String::new, |why| format!(": {why}"));
        Mark::new(at, format!("{name} stopped{before}{why}"))
    });
    started.into_iter().chain(stopped).collect()
}

/// Why a task stopped, in few words: its own fault, or in whose name it was stopped.
fn why_stopped(task: &Task) -> Option<String> {
    if task.stopped_on_purpose() {
        return task.stopped_reason.clone();
    }
    let cause = task_cause(task)?;
    let own = task
        .containers
        .iter()
        .find_map(|container| container.reason.as_deref());
    Some(match own.filter(|reason| !cause.contains(*reason)) {
        Some(reason) => format!("{cause}: {reason}"),
        None => cause,
    })
}

/// Remarks by their text, each at its latest time, without those that were made before. `made` is
/// what was made so far, and takes up what is new.
pub fn fresh_marks(marks: Vec<Mark>, made: &mut BTreeMap<String, Timestamp>) -> Vec<Mark> {
    let mut fresh = Vec::new();
    for mark in marks {
        if made.get(&mark.text) != Some(&mark.at) {
            made.insert(mark.text.clone(), mark.at);
            fresh.push(mark);
        }
    }
    fresh
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{at, container, releases_of_web, running, stopped, web};

    fn told(tasks: &[Task], releases: &[Release]) -> Vec<(i64, String)> {
        marks(tasks, releases)
            .into_iter()
            .map(|mark| (mark.at.as_second(), mark.text))
            .collect()
    }

    #[test]
    fn what_happens_to_a_release_and_its_tasks_stands_in_order_of_time() {
        let died = stopped("one", "", container(Some(1), None));
        let later = Task {
            started_at: Some(at(1_040)),
            ..running("two")
        };
        let expected = [
            (500, "release a began: web:0 to web:1 (rolling)"),
            (600, "release a ended: succeeded"),
            (1_000, "release b began: web:1 to web:2 (rolling)"),
            (1_020, "revision web:2 began: its first task runs"),
            (1_020, "task one of web:2 started"),
            (1_030, "task one of web:2 stopped: container app exits 1"),
            (1_040, "task two of web:2 started"),
        ];
        let expected: Vec<(i64, String)> = expected
            .into_iter()
            .map(|(at, text)| (at, text.to_owned()))
            .collect();
        assert_eq!(told(&[died, later], &releases_of_web()), expected);
    }

    #[test]
    fn a_stop_says_why() {
        let text = |task: Task| {
            let told = told(&[task], &[]);
            told.into_iter().next_back().unwrap().1
        };
        let reason = Some("OutOfMemoryError: Container killed due to memory usage");
        let killed = stopped("one", "", container(Some(137), reason));
        assert_eq!(
            text(killed),
            "task one of web:2 stopped: container app runs out of memory: OutOfMemoryError: \
             Container killed due to memory usage"
        );
        let mut scaled = stopped(
            "one",
            "Scaling activity initiated by x",
            container(None, None),
        );
        scaled.stop_code = Some("ServiceSchedulerInitiated".into());
        assert_eq!(
            text(scaled),
            "task one of web:2 stopped: Scaling activity initiated by x"
        );
        let mut never = stopped("one", "CannotPullContainerError: no", container(None, None));
        never.started_at = None;
        assert_eq!(
            text(never),
            "task one of web:2 stopped before it ran: image web:2 cannot be pulled"
        );
    }

    #[test]
    fn the_same_revision_again_does_not_begin_anew() {
        let mut again = releases_of_web();
        let again = &mut again[..1];
        again[0].old.as_mut().unwrap().task_definition = Some(web(2));
        let told = told(&[running("one")], again);
        let texts: Vec<&str> = told.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "release b began: web:2 again (rolling)",
                "task one of web:2 started"
            ]
        );
    }

    #[test]
    fn a_remark_is_made_once() {
        let mut made = BTreeMap::new();
        let all = marks(&[running("one")], &[]);
        assert_eq!(fresh_marks(all.clone(), &mut made), all);
        assert_eq!(fresh_marks(all, &mut made), []);
        let stop = marks(&[stopped("one", "", container(Some(1), None))], &[]);
        let fresh = fresh_marks(stop, &mut made);
        assert_eq!(fresh.len(), 1);
        assert!(fresh[0].text.contains("stopped"));
    }
}
