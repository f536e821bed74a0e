//! Whose log lines the selection stands for.

use super::Selection;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::arn::TaskArn;
use crate::domain::logs::LogSource;
use crate::domain::task::Task;

/// Whose lines are meant on a screen by what is selected: the most particular thing that has lines.
///
/// On the board a release stands for its service, whose next release is to be seen as well; where
/// one has looked at one release, its lines are those of its two sides.
pub fn selected_source(model: &Model, found: &Selection) -> Option<LogSource> {
    if let Some(stream) = of_stream(found) {
        return Some(stream);
    }
    let cluster = found.cluster.clone()?;
    if let Some(task) = found.task.clone() {
        return Some(LogSource::Task { cluster, task });
    }
    let service = found.service.clone()?;
    let screen = &model.navigation.current().screen;
    if let (Screen::Revisions { .. }, Some(definition)) = (screen, found.task_definition.clone()) {
        return Some(LogSource::Revision {
            cluster,
            service,
            definition,
        });
    }
    let release = match screen {
        Screen::Releases => None,
        Screen::Release { release: None, .. } => {
            let store = model.store(found.context)?;
            store.newest_release(&service).map(|newest| &newest.id)
        }
        _ => found.release.as_ref(),
    };
    Some(match release.cloned() {
        Some(release) => LogSource::Release {
            cluster,
            service,
            release,
        },
        None => LogSource::Service { cluster, service },
    })
}

/// The log of an action of a pipeline, such as a build's.
fn of_stream(found: &Selection) -> Option<LogSource> {
    let pipeline = found.pipeline.as_ref()?;
    let action = found.action.as_ref()?;
    LogSource::of_stream(
        format!("{action} in {pipeline}"),
        found.log_stream.as_ref()?,
    )
}

/// The stopped task whose last lines tell most about what is selected: the one that is selected, the
/// one that shows why the newest release of the service fails, or the last that nobody wanted to
/// stop.
pub fn stopped_task(model: &Model, found: &Selection) -> Option<TaskArn> {
    let store = model.store(found.context)?;
    if let Some(task) = &found.task {
        return store.task(task).filter(|task| task.is_stopped()).map(arn);
    }
    let service = found.service.as_ref()?;
    if let Some(diagnosis) = store.diagnoses.get(service) {
        return Some(diagnosis.evidence.clone());
    }
    let kept = store.evidence.get(service)?.values();
    kept.filter(|task| task.is_stopped() && !task.stopped_on_purpose())
        .max_by_key(|task| task.stopped_at)
        .map(arn)
}

fn arn(task: &Task) -> TaskArn {
    task.arn.clone()
}
