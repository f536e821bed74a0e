//! What the keys that steer a release would do: cut over, roll back, stop.

use super::{Availability, Off, On, Quiet, chooses_release, off};
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::app::selection::{Selection, selected_release};
use crate::domain::codedeploy::CodeDeployment;
use crate::domain::plan::Refusal;
use crate::domain::planner::{
    cut_over_step, earlier_task_set, no_way_back, one_at_a_time, stop_step,
};
use crate::domain::release::{Release, ReleaseStatus};
use crate::domain::service::{Controller, Service, Strategy};
use crate::domain::service_deployment::ServiceDeployment;
use crate::keys::Action;

/// What is in flight on a service, as far as it was read.
#[derive(Copy, Clone, Default)]
struct InFlight<'a> {
    record: Option<&'a ServiceDeployment>,
    deployment: Option<&'a CodeDeployment>,
}

fn in_flight<'a>(model: &'a Model, selected: &Selection, service: &Service) -> InFlight<'a> {
    let Some(store) = model.store(selected.context) else {
        return InFlight::default();
    };
    InFlight {
        record: store
            .records_of(&service.arn)
            .iter()
            .filter(|record| !record.status.is_over())
            .max_by_key(|record| record.created_at),
        deployment: store
            .code_deployments_of
            .get(&service.arn)
            .into_iter()
            .flatten()
            .filter_map(|id| store.code_deployment(id))
            .filter(|deployment| !deployment.status.is_over())
            .max_by_key(|deployment| deployment.created_at),
    }
}

/// Why nothing new can be deployed on a service now, if something is in flight that forbids it.
pub(super) fn in_the_way(
    model: &Model,
    selected: &Selection,
    service: &Service,
) -> Option<Availability> {
    // One that was read long ago may be over: the task sets tell.
    let found = in_flight(model, selected, service).deployment;
    found
        .filter(|_| service.is_moving())
        .map(|deployment| refused(one_at_a_time(deployment)))
}

/// Whether CodeDeploy moves a service and the deployment was not read yet: the plan will tell.
fn unread(service: &Service, found: InFlight<'_>) -> bool {
    service.controller == Controller::CodeDeploy
        && service.is_moving()
        && found.deployment.is_none()
}

/// Why a release under the cursor cannot be steered: it is over.
fn over(model: &Model, selected: &Selection) -> Option<Availability> {
    selected.release.as_ref()?;
    let release = selected_release(model, selected)?;
    release
        .status
        .is_over()
        .then(|| Quiet("this release is over".into()))
}

/// A reason that nobody has to read who does not press the key.
fn quietly(availability: Availability) -> Availability {
    match availability {
        Off(reason) => Quiet(reason),
        other => other,
    }
}

/// Whether nothing of a service is on its way.
fn at_rest(service: &Service, found: InFlight<'_>) -> bool {
    !service.is_moving() && found.record.is_none() && found.deployment.is_none()
}

fn refused(refusal: Refusal) -> Availability {
    off(refusal.reason)
}

pub(super) fn cut_over(model: &Model, selected: &Selection, service: &Service) -> Availability {
    if let Some(over) = over(model, selected) {
        return over;
    }
    let found = in_flight(model, selected, service);
    if unread(service, found) {
        return On(format!("cut over {}", service.name()));
    }
    match cut_over_step(service, found.record, found.deployment) {
        Ok(step) => On(format!("{} {}", step.label(), service.name())),
        Err(refusal) if at_rest(service, found) || rolls(service) => quietly(refused(refusal)),
        Err(refusal) => refused(refusal),
    }
}

pub(super) fn stop(model: &Model, selected: &Selection, service: &Service) -> Availability {
    if let Some(over) = over(model, selected) {
        return over;
    }
    let found = in_flight(model, selected, service);
    if unread(service, found) {
        return On(format!("stop {}", service.name()));
    }
    match stop_step(service, found.record, found.deployment) {
        Ok(_) => On(format!("stop {}", service.name())),
        Err(refusal) if found.record.is_some() => Quiet(format!(
            "{}: {}",
            refusal.reason,
            model.keymap.label(Action::RollBack)
        )),
        Err(refusal) if at_rest(service, found) || service.controller == Controller::Ecs => {
            quietly(refused(refusal))
        }
        Err(refusal) => refused(refusal),
    }
}

/// Whether a service has no traffic that could be cut over.
fn rolls(service: &Service) -> bool {
    service.controller == Controller::Ecs && service.strategy == Strategy::Rolling
}

pub(super) fn roll_back(
    model: &Model,
    screen: &Screen,
    selected: &Selection,
    service: &Service,
) -> Availability {
    if let Controller::Unknown(name) = &service.controller {
        return off(format!("unknown deployment controller {name}"));
    }
    let chosen = selected_release(model, selected).filter(|_| chooses_release(screen, selected));
    if let Some(release) = chosen {
        return to_chosen(release, service);
    }
    let back = || On(format!("roll back {}", service.name()));
    match &service.controller {
        Controller::External => earlier_task_set(service, None).map_or_else(refused, |_| back()),
        Controller::CodeDeploy => in_flight(model, selected, service)
            .deployment
            .and_then(no_way_back)
            .map_or_else(back, refused),
        _ => match model
            .store(selected.context)
            .and_then(|store| store.newest_release(&service.arn))
        {
            Some(newest) if newest.status == ReleaseStatus::RollingBack => {
                off("it is rolling back already")
            }
            _ => back(),
        },
    }
}

/// On the history screen the row under the cursor is where to go back to.
fn to_chosen(release: &Release, service: &Service) -> Availability {
    let runs = release.new.as_ref();
    match runs.and_then(|side| side.task_definition.as_ref()) {
        _ if release.status == ReleaseStatus::RollingBack => off("it is rolling back already"),
        _ if !release.status.is_over() => On(format!("roll back {}", service.name())),
        _ if release.status != ReleaseStatus::Succeeded => {
            off("this release did not succeed: choose one that did")
        }
        None => off("its task definition is not known"),
        Some(definition) if *definition == service.task_definition => off("it runs now"),
        Some(definition) if service.controller == Controller::External => {
            let set = earlier_task_set(service, Some(definition));
            set.map_or_else(refused, |_| to(definition.family_revision()))
        }
        Some(definition) => to(definition.family_revision()),
    }
}

fn to(name: &str) -> Availability {
    On(format!("roll back to {name}"))
}
