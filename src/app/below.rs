//! Where Enter leads on the screens of pipelines and of what waits, and from a release to the
//! execution that drives it: one table for the key, for what
//! the key line says of it, and for the screen that opens.

use super::model::Model;
use super::pipeline_links::{driven_by, driver_of, service_of};
use super::row::RowId;
use super::screen::Screen;
use super::selection::{Selection, selected_release, selection};
use crate::domain::arn::ServiceArn;
use crate::domain::context::{ContextId, Scoped};
use crate::domain::inbox::GateId;
use crate::domain::release::ReleaseId;

/// The screen below what is selected, and its name for the key line; `None` where there is none.
pub fn below(model: &Model) -> Option<(&'static str, Screen)> {
    let page = model.navigation.current();
    let found = selection(model);
    if let Screen::Release { service, .. } = &page.screen {
        let release = selected_release(model, &found)?;
        let run = driver_of(model, service, release)?;
        let screen = Screen::Execution {
            pipeline: Scoped::new(run.context, run.id.deploy.pipeline),
            execution: run.id.execution,
        };
        return Some(("pipeline", screen));
    }
    match (page.list.selected()?, &page.screen) {
        (RowId::Gate(context, GateId::Approval(approval)), _) => {
            let approval = Scoped::new(*context, approval.clone());
            Some(("what it lets through", Screen::Gate(approval)))
        }
        (
            RowId::Gate(
                context,
                GateId::Release {
                    service, release, ..
                },
            ),
            _,
        ) => Some(("release", release_screen(model, *context, service, release))),
        (RowId::Pipeline(context, name), _) => Some((
            "open",
            Screen::Pipeline(Scoped::new(*context, name.clone())),
        )),
        (RowId::Execution(..), _) => Some(("open", execution(&found)?)),
        (RowId::Stage(_), _) => Some(("execution", execution(&found)?)),
        (RowId::StageAction(..), _) => {
            of_action(model, &found).or_else(|| Some(("execution", execution(&found)?)))
        }
        (RowId::ActionRun(_), _) => of_action(model, &found),
        _ => None,
    }
}

/// An approval that waits leads to what it would let through, a deploy action to its release.
fn of_action(model: &Model, found: &Selection) -> Option<(&'static str, Screen)> {
    if let Some(approval) = &found.approval {
        let approval = Scoped::new(found.context, approval.clone());
        return Some(("what it lets through", Screen::Gate(approval)));
    }
    let pipeline = Scoped::new(found.context, found.pipeline.clone()?);
    let (stage, action) = (found.stage.as_ref()?, found.action.as_ref()?);
    let execution = found.execution.as_ref()?;
    let screen = match driven_by(model, &pipeline, stage, action, execution) {
        Some((_, service, Some(release))) => {
            release_screen(model, service.context, &service.id, &release.id)
        }
        // Which release it started is not known: the newest one is the likeliest.
        _ => {
            let service = service_of(model, &pipeline, stage, action)?;
            let newest = model.store(service.context)?.newest_release(&service.id)?;
            release_screen(model, service.context, &service.id, &newest.id)
        }
    };
    Some(("release", screen))
}

fn execution(found: &Selection) -> Option<Screen> {
    Some(Screen::Execution {
        pipeline: Scoped::new(found.context, found.pipeline.clone()?),
        execution: found.execution.clone()?,
    })
}

/// The screen of a release; the newest one of a service is followed to whatever comes after it.
fn release_screen(
    model: &Model,
    context: ContextId,
    service: &ServiceArn,
    release: &ReleaseId,
) -> Screen {
    let newest = model
        .store(context)
        .and_then(|store| store.newest_release(service));
    let follow = newest.is_some_and(|newest| newest.id == *release);
    Screen::Release {
        service: Scoped::new(context, service.clone()),
        release: (!follow).then(|| release.clone()),
    }
}
