//! What each key would do now, and for a key that cannot be used, why not.

mod logs;
mod pipelines;
mod steering;

use super::below::below;
use super::model::Model;
use super::screen::{Screen, Subject};
use super::selection::{Selection, selection, stopped_task};
use crate::domain::logs::LogSource;
use crate::domain::service::{Controller, Service};
use crate::keys::Action;

/// Whether a key does something now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// It does, and this is what it would do, in a word or two.
    On(String),
    /// It would belong here, but cannot be used, and why.
    Off(String),
    /// Nobody would look for it on this very thing: why it cannot be used is told when somebody
    /// presses it, and not before.
    Quiet(String),
    /// It has nothing to do with this screen.
    Absent,
}

use Availability::{Absent, Off, On, Quiet};
pub use logs::BESIDE;

fn on(label: &str) -> Availability {
    On(label.to_owned())
}

fn off(reason: impl Into<String>) -> Availability {
    Off(reason.into())
}

/// What a key would do now.
pub fn availability(model: &Model, action: Action) -> Availability {
    let screen = &model.navigation.current().screen;
    if !action.place().holds(matches!(screen, Screen::Logs(_))) {
        return Absent;
    }
    let selected = selection(model);
    if let Some(found) = pipelines::acting(model, screen, &selected, action) {
        return found;
    }
    if let Some(found) = logs::reading(model, screen, action) {
        return found;
    }
    match action {
        Action::Open => open(model, screen),
        Action::Describe => describe(screen, &selected),
        Action::Logs => lines_of(screen, &selected),
        Action::Tasks => match (screen, &selected.cluster) {
            (Screen::Tasks { .. } | Screen::Task { .. }, _) | (_, None) => Absent,
            _ => on("tasks"),
        },
        Action::History => match (screen, &selected.service) {
            (Screen::History(_) | Screen::Executions(_), _) => Absent,
            _ if selected.pipeline.is_some() => on("executions"),
            (_, None) => Absent,
            _ => on("history"),
        },
        Action::TaskDefinition => match screen {
            Screen::Revisions { .. } => Absent,
            _ if selected.family.is_some() || definition_known(model, &selected) => on("revisions"),
            _ => Absent,
        },
        Action::Stopped => match screen {
            Screen::Tasks { stopped: true, .. } => on("running tasks"),
            Screen::Tasks { stopped: false, .. } => on("stopped tasks"),
            _ => Absent,
        },
        Action::Copy => {
            if selected.arn().is_some() {
                on("copy ARN")
            } else {
                Absent
            }
        }
        Action::Browser => {
            if selected.link.is_some() {
                on("link")
            } else if selected.cluster.is_some() || selected.pipeline.is_some() {
                on("console")
            } else {
                Absent
            }
        }
        Action::ForceRedeploy => acting(model, screen, &selected, |service| {
            no_deploy(service)
                .or_else(|| steering::in_the_way(model, &selected, service))
                .unwrap_or_else(|| On(format!("redeploy {}", service.name())))
        }),
        Action::RollBack => acting(model, screen, &selected, |service| {
            steering::roll_back(model, screen, &selected, service)
        }),
        Action::CutOver => acting(model, screen, &selected, |service| {
            steering::cut_over(model, &selected, service)
        }),
        Action::StopRelease => acting(model, screen, &selected, |service| {
            steering::stop(model, &selected, service)
        }),
        Action::DesiredCount => acting(model, screen, &selected, |service| {
            match service.controller {
                Controller::External => off("an external controller scales this service"),
                _ => On(format!("count of {}", service.name())),
            }
        }),
        Action::Deploy => deploy(model, screen, &selected),
        Action::StopTask => stop_task(model, screen, &selected),
        Action::Approve | Action::Reject => pipelines::no_approval(screen, &selected),
        Action::Retry
        | Action::RetryAll
        | Action::Start
        | Action::Abandon
        | Action::Transition
        | Action::Override => Absent,
        Action::LastLines => match stopped_task(model, &selected) {
            Some(_) if !matches!(screen, Screen::Logs(_)) => on("last lines"),
            _ => Absent,
        },
        Action::Filter | Action::SortNext | Action::SortReverse | Action::FaultsOnly => {
            if has_list(screen) || (action == Action::Filter && matches!(screen, Screen::Logs(_))) {
                on(action.spec().name)
            } else {
                Absent
            }
        }
        _ => on(action.spec().name),
    }
}

/// Whether a screen has a list.
pub fn has_list(screen: &Screen) -> bool {
    !super::rows::columns(screen).is_empty()
}

fn open(model: &Model, screen: &Screen) -> Availability {
    if matches!(screen, Screen::Release { .. }) {
        return below(model).map_or(Absent, |(label, _)| on(label));
    }
    if !has_list(screen) {
        return Absent;
    }
    match (model.navigation.current().list.selected(), screen) {
        (None, _) | (_, Screen::Actions | Screen::Errors) => Absent,
        (_, Screen::Task { .. }) => on("logs"),
        (_, Screen::Deployment(_)) => match selection(model).service {
            Some(_) => on("release"),
            None => Absent,
        },
        (
            _,
            Screen::Gates | Screen::Pipeline(_) | Screen::Executions(_) | Screen::Execution { .. },
        ) => match below(model) {
            Some((label, _)) => on(label),
            None => Absent,
        },
        _ => on("open"),
    }
}

fn describe(screen: &Screen, selected: &Selection) -> Availability {
    let anything = selected.task.is_some()
        || selected.task_definition.is_some()
        || selected.service.is_some()
        || selected.cluster.is_some();
    match screen {
        Screen::Describe(_) => Absent,
        _ if anything => on("describe"),
        _ => Absent,
    }
}

fn lines_of(screen: &Screen, selected: &Selection) -> Availability {
    match screen {
        Screen::Logs(_) => Absent,
        _ if selected.log_stream.is_some() => on("log"),
        _ if selected.task.is_some() || selected.service.is_some() => on("logs"),
        _ => Absent,
    }
}

fn definition_known(model: &Model, selected: &Selection) -> bool {
    let store = model.store(selected.context);
    selected.task_definition.is_some()
        || selected
            .service
            .as_ref()
            .is_some_and(|service| store.is_some_and(|store| store.service(service).is_some()))
}

/// Whether a screen is about services or their releases, on which one can act.
pub fn has_releases(screen: &Screen) -> bool {
    // Nothing is released by what writes to a stream of its own, such as a build.
    if let Screen::Logs(source) = screen {
        return !matches!(source.id, LogSource::Stream { .. });
    }
    matches!(
        screen,
        Screen::Releases
            | Screen::Release { .. }
            | Screen::Services(_)
            | Screen::Tasks { .. }
            | Screen::History(_)
            | Screen::Gates
            | Screen::Groups(_)
            | Screen::Deployments(_)
            | Screen::Deployment(_)
            | Screen::Describe(Subject::Service(_))
    )
}

/// Whether the row under the cursor is a release, to which one can go back.
pub fn chooses_release(screen: &Screen, selected: &Selection) -> bool {
    match screen {
        Screen::History(_) => true,
        Screen::Deployments(_) => selected.release.is_some(),
        _ => false,
    }
}

/// The rules that all actions on a service share.
fn acting(
    model: &Model,
    screen: &Screen,
    selected: &Selection,
    rule: impl FnOnce(&Service) -> Availability,
) -> Availability {
    let Some(service) = &selected.service else {
        return Absent;
    };
    if !has_releases(screen) {
        return Absent;
    }
    if model.preferences.read_only {
        return off("read-only");
    }
    match model
        .store(selected.context)
        .and_then(|store| store.service(service))
    {
        Some(service) => rule(service),
        None => off("the service has not been read yet"),
    }
}

/// Why nothing can be deployed on a service, if nothing can.
fn no_deploy(service: &Service) -> Option<Availability> {
    match &service.controller {
        Controller::Ecs | Controller::CodeDeploy => None,
        Controller::External => Some(off(
            "an external controller moves this service: ECS has no call that deploys on it",
        )),
        Controller::Unknown(name) => Some(off(format!("unknown deployment controller {name}"))),
    }
}

fn deploy(model: &Model, screen: &Screen, selected: &Selection) -> Availability {
    let (on_revision, service) = match screen {
        Screen::Revisions { service, .. } => (selected.task_definition.is_some(), service),
        _ => return Absent,
    };
    let Some((_, service)) = service else {
        return off("come here from a service (t) to deploy on it");
    };
    if !on_revision {
        return Absent;
    }
    if model.preferences.read_only {
        return off("read-only");
    }
    let store = model.store(selected.context);
    match store.and_then(|store| store.service(service)) {
        Some(service) => no_deploy(service)
            .or_else(|| steering::in_the_way(model, selected, service))
            .unwrap_or_else(|| {
                if selected.task_definition.as_ref() == Some(&service.task_definition) {
                    off("it runs now")
                } else {
                    On(format!("deploy on {}", service.name()))
                }
            }),
        None => off("the service has not been read yet"),
    }
}

fn stop_task(model: &Model, screen: &Screen, selected: &Selection) -> Availability {
    if !matches!(
        screen,
        Screen::Tasks { .. } | Screen::Task { .. } | Screen::Describe(Subject::Task(..))
    ) {
        return Absent;
    }
    let Some(task) = &selected.task else {
        return Absent;
    };
    if model.preferences.read_only {
        return off("read-only");
    }
    match model
        .store(selected.context)
        .and_then(|store| store.task(task))
    {
        Some(task) if task.is_stopped() || !task.is_wanted() => off("it stops already"),
        _ => On(format!("stop {}", task.short())),
    }
}
