//! Where a log line comes from: the container and task of its stream, and what these belong to.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::StreamName;
use crate::domain::arn::{DeploymentId, TaskArn, TaskDefinitionArn};
use crate::domain::release::{Release, Side as ReleaseSide};
use crate::domain::task::Task;

/// A side of a release.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// What ran when the release began.
    Old,
    /// What the release brings.
    New,
}

impl Side {
    /// The word for a screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }
}

/// What wrote to a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The container's name.
    pub container: String,
    /// The task; `None` for what is no task, such as a build.
    pub task: Option<TaskArn>,
    /// The revision that the task runs.
    pub definition: Option<TaskDefinitionArn>,
    /// The release that brought the task, by its short name, where that can be told.
    pub release: Option<String>,
    /// The side of the release that the screen is about: the one in flight, or the last one.
    pub side: Option<Side>,
    /// When the task reached RUNNING, or was made where it never did.
    pub started_at: Option<Timestamp>,
    /// When the task stopped.
    pub stopped_at: Option<Timestamp>,
}

impl Origin {
    /// The origin of the lines of a container of a task.
    pub fn of(task: &Task, container: &str, releases: &[Release], about: Option<&Release>) -> Self {
        let release = release_of(task, releases);
        Self {
            container: container.to_owned(),
            task: Some(task.arn.clone()),
            definition: Some(task.task_definition.clone()),
            release: release.map(|release| release.id.short().to_owned()),
            side: about.and_then(|release| side_of(task, release)),
            started_at: task.started_at.or(task.created_at),
            stopped_at: task.stopped_at,
        }
    }
}

/// The origins of the streams that are read.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Origins(BTreeMap<StreamName, Origin>);

impl Origins {
    /// The origin of a stream, where it is known.
    pub fn get(&self, stream: &StreamName) -> Option<&Origin> {
        self.0.get(stream)
    }

    /// The streams with their origins, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&StreamName, &Origin)> {
        self.0.iter()
    }

    /// How many streams are known.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no stream is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(StreamName, Origin)> for Origins {
    fn from_iter<T: IntoIterator<Item = (StreamName, Origin)>>(origins: T) -> Self {
        Self(origins.into_iter().collect())
    }
}

/// The side of a release that a task is on; `None` for a task that has no part in it.
///
/// The deployment or the task set that started the task tells it. Where AWS names neither any more,
/// the revision does; where both sides run the same one, as after a forced redeployment, the time.
pub fn side_of(task: &Task, release: &Release) -> Option<Side> {
    let (old, new) = (release.old.as_ref(), release.new.as_ref());
    if new.is_some_and(|side| is_started_by(task, side)) {
        return Some(Side::New);
    }
    if old.is_some_and(|side| is_started_by(task, side)) {
        return Some(Side::Old);
    }
    let later = task.created_at >= release.started_at;
    let runs = |side: Option<&ReleaseSide>| {
        side.and_then(|side| side.task_definition.as_ref()) == Some(&task.task_definition)
    };
    match (runs(old), runs(new)) {
        (_, true) if later => Some(Side::New),
        (true, _) => Some(Side::Old),
        // The same revision ran earlier already, and was gone when the release began.
        (false, _) => None,
    }
}

/// The release that brought a task. `releases` are those of its service, the newest first.
pub fn release_of<'a>(task: &Task, releases: &'a [Release]) -> Option<&'a Release> {
    let brings = |release: &&Release| {
        let side = release.new.as_ref();
        side.is_some_and(|side| is_started_by(task, side))
    };
    releases.iter().find(brings).or_else(|| {
        releases.iter().find(|release| {
            let definition = release.new.as_ref().map(|side| &side.task_definition);
            release.started_at.is_some()
                && release.started_at <= task.created_at
                && definition.is_some_and(|known| known.as_ref() == Some(&task.task_definition))
        })
    })
}

fn is_started_by(task: &Task, side: &ReleaseSide) -> bool {
    let Some(starter) = task.started_by.as_deref() else {
        return false;
    };
    let deployment = side.deployment.as_ref().map(DeploymentId::as_str);
    deployment == Some(starter) || side.task_set.as_deref() == Some(starter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{at, releases_of_web, running, service, stopped, web};
    use crate::domain::release::{Sources, current_of};

    fn started_by(by: &str, revision: u32, created: i64) -> Task {
        Task {
            started_by: Some(by.into()),
            task_definition: web(revision),
            created_at: Some(at(created)),
            ..running("one")
        }
    }

    #[test]
    fn the_deployment_that_started_a_task_tells_its_side() {
        let releases = releases_of_web();
        let side = |task: &Task| side_of(task, &releases[0]);
        assert_eq!(side(&started_by("ecs-svc/2", 2, 1_010)), Some(Side::New));
        assert_eq!(side(&started_by("ecs-svc/1", 1, 600)), Some(Side::Old));
        // ECS replaces a task of the old side while the release runs.
        assert_eq!(side(&started_by("ecs-svc/1", 1, 1_500)), Some(Side::Old));
        assert_eq!(side(&started_by("ecs-svc/0", 7, 100)), None);
    }

    #[test]
    fn without_its_deployment_the_revision_tells_and_then_the_time() {
        let mut release = releases_of_web().remove(0);
        release.new.as_mut().unwrap().deployment = None;
        release.old.as_mut().unwrap().deployment = None;
        let side = |release: &Release, task: &Task| side_of(task, release);
        assert_eq!(
            side(&release, &started_by("ecs-svc/2", 2, 1_010)),
            Some(Side::New)
        );
        assert_eq!(
            side(&release, &started_by("ecs-svc/1", 1, 600)),
            Some(Side::Old)
        );
        assert_eq!(
            side(&release, &started_by("ecs-svc/0", 2, 400)),
            None,
            "web:2 ran long before"
        );
        release.old.as_mut().unwrap().task_definition = Some(web(2));
        assert_eq!(
            side(&release, &started_by("ecs-svc/1", 2, 600)),
            Some(Side::Old)
        );
        assert_eq!(
            side(&release, &started_by("ecs-svc/2", 2, 1_010)),
            Some(Side::New)
        );
    }

    #[test]
    fn a_task_set_tells_its_side_too() {
        let mut release = releases_of_web().remove(0);
        for (side, set) in [(&mut release.old, "blue"), (&mut release.new, "green")] {
            let side = side.as_mut().unwrap();
            side.deployment = None;
            side.task_set = Some(set.into());
            side.task_definition = Some(web(2));
        }
        let side = |by: &str| side_of(&started_by(by, 2, 1_010), &release);
        assert_eq!(
            (side("blue"), side("green")),
            (Some(Side::Old), Some(Side::New))
        );
    }

    #[test]
    fn the_release_of_a_task_is_the_last_that_brought_its_revision_before_it() {
        let releases = releases_of_web();
        let name = |task: &Task| release_of(task, &releases).map(|found| found.id.short());
        assert_eq!(name(&started_by("ecs-svc/2", 2, 1_010)), Some("b"));
        assert_eq!(name(&started_by("ecs-svc/1", 1, 600)), Some("a"));
        assert_eq!(name(&started_by("ecs-svc/1", 1, 400)), None);
        assert_eq!(name(&started_by("ecs-svc/9", 9, 1_010)), None);
    }

    #[test]
    fn an_origin_says_what_a_line_belongs_to() {
        let releases = releases_of_web();
        let mut task = stopped("one", "", crate::domain::fixture::container(Some(1), None));
        let origin = Origin::of(&task, "app", &releases, releases.first());
        assert_eq!(origin.container, "app");
        assert_eq!(origin.definition, Some(web(2)));
        assert_eq!(origin.release.as_deref(), Some("b"));
        assert_eq!(origin.side, Some(Side::New));
        assert_eq!(origin.started_at, Some(at(1_020)));
        assert_eq!(origin.stopped_at, Some(at(1_030)));
        task.started_at = None;
        let never = Origin::of(&task, "app", &releases, None);
        assert_eq!((never.started_at, never.side), (Some(at(1_010)), None));
    }

    #[test]
    fn the_release_of_a_service_that_is_only_known_by_itself_has_sides_too() {
        let service = service(vec![
            crate::domain::fixture::moving(2, 2),
            crate::domain::fixture::active(1, 1),
        ]);
        let release = current_of(&Sources::of(&service, &[])).unwrap();
        let old = DeploymentId::new("ecs-svc/1");
        assert_eq!(release.old.as_ref().unwrap().deployment, Some(old));
        assert_eq!(
            side_of(&started_by("ecs-svc/1", 1, 600), &release),
            Some(Side::Old)
        );
    }
}
