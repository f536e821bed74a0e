//! From one screen to another.

use super::ranges;
use crate::app::below::below;
use crate::app::logs::LogBuffer;
use crate::app::model::Model;
use crate::app::row::RowId;
use crate::app::screen::{Screen, Subject};
use crate::app::selection::{revisions_screen, selected_source, selection, stopped_task};
use crate::domain::context::Scoped;
use crate::domain::logs::LogSource;

/// Opens a screen on top of the present one.
pub(super) fn open(model: &mut Model, screen: Screen) {
    model.navigation.open(screen);
    arrived(model);
}

/// Goes to a screen by its name.
pub(super) fn jump(model: &mut Model, screen: Screen) {
    model.navigation.jump(screen, &Screen::Releases);
    arrived(model);
}

/// What has to be in place for the screen that is now in front.
pub(super) fn arrived(model: &mut Model) {
    model.unsettled = true;
    let buffered = |screen: &Screen| match (screen, &model.log_buffer) {
        (Screen::Logs(source), Some(buffer)) => buffer.source == *source,
        _ => false,
    };
    let current = &model.navigation.current().screen;
    if let (Screen::Logs(source), buffered) = (current, buffered(current)) {
        if !buffered {
            model.log_buffer = Some(LogBuffer::new(source.clone(), model.now));
        }
        ranges::arrived(model, !buffered);
    } else if !model.navigation.trail().any(buffered) {
        // Lines stay while the way back leads to them, for instance behind the help.
        model.log_buffer = None;
    }
}

/// The screen that Enter leads to.
pub(super) fn drill_down(model: &mut Model) {
    let page = model.navigation.current();
    let Some(row) = page.list.selected().cloned() else {
        if let Some((_, screen)) = below(model) {
            open(model, screen);
        }
        return;
    };
    let next = match (row, &page.screen) {
        (RowId::Release(context, service, release), screen) => {
            let newest = model
                .store(context)
                .and_then(|store| store.newest_release(&service))
                .is_some_and(|newest| newest.id == release);
            let follow = newest && matches!(screen, Screen::Releases);
            Screen::Release {
                service: Scoped::new(context, service),
                release: (!follow).then_some(release),
            }
        }
        (RowId::Cluster(context, cluster), _) => {
            Screen::Services(Some(Scoped::new(context, cluster)))
        }
        (RowId::Service(context, service), _) => match selection(model).cluster {
            Some(cluster) => Screen::Tasks {
                cluster: Scoped::new(context, cluster),
                service: Some(service),
                stopped: false,
            },
            None => return,
        },
        (RowId::Task(context, cluster, task), _) => Screen::Task {
            cluster: Scoped::new(context, cluster),
            task,
        },
        (RowId::Container(container), _) => {
            let found = selection(model);
            let (Some(cluster), Some(task)) = (found.cluster, found.task) else {
                return;
            };
            Screen::Logs(Scoped::new(
                found.context,
                LogSource::Container {
                    cluster,
                    task,
                    container,
                },
            ))
        }
        (RowId::Family(context, family), _) => Screen::Revisions {
            family: Scoped::new(context, family),
            service: None,
        },
        (RowId::Revision(context, definition), _) => {
            Screen::Describe(Subject::TaskDefinition(Scoped::new(context, definition)))
        }
        (RowId::Application(context, name), _) => Screen::Groups(Scoped::new(context, name)),
        (RowId::Group(context, group), _) => Screen::Deployments(Scoped::new(context, group)),
        (RowId::CodeDeployment(context, id), _) => Screen::Deployment(Scoped::new(context, id)),
        (RowId::LifecycleEvent(_), _) => match release_of_deployment(model) {
            Some(screen) => screen,
            None => return,
        },
        (
            RowId::Gate(..)
            | RowId::Pipeline(..)
            | RowId::Stage(_)
            | RowId::StageAction(..)
            | RowId::Execution(..)
            | RowId::ActionRun(_),
            _,
        ) => match below(model) {
            Some((_, screen)) => screen,
            None => return,
        },
        (RowId::Error(_) | RowId::Action(_), _) => return,
    };
    open(model, next);
}

/// The release that the deployment on screen moves, or the newest one of its service.
fn release_of_deployment(model: &Model) -> Option<Screen> {
    let found = selection(model);
    Some(Screen::Release {
        service: Scoped::new(found.context, found.service?),
        release: found.release,
    })
}

/// Everything about what is selected.
pub(super) fn describe(model: &mut Model) {
    let found = selection(model);
    let context = found.context;
    let subject = match (
        found.task,
        found.task_definition,
        found.service,
        found.cluster,
    ) {
        (Some(task), _, _, Some(cluster)) => Subject::Task(Scoped::new(context, cluster), task),
        (_, Some(definition), _, _) => Subject::TaskDefinition(Scoped::new(context, definition)),
        (_, _, Some(service), _) => Subject::Service(Scoped::new(context, service)),
        (_, _, _, Some(cluster)) => Subject::Cluster(Scoped::new(context, cluster)),
        _ => return,
    };
    open(model, Screen::Describe(subject));
}

/// Log lines of what is selected.
pub(super) fn logs(model: &mut Model) {
    let found = selection(model);
    if let Some(source) = selected_source(model, &found) {
        open(model, Screen::Logs(Scoped::new(found.context, source)));
    }
}

/// The last lines of the task that shows why a release fails, or of the one that stopped last.
pub(super) fn last_lines(model: &mut Model) {
    let found = selection(model);
    let task = stopped_task(model, &found);
    if let (Some(cluster), Some(task)) = (found.cluster, task) {
        let source = LogSource::Task { cluster, task };
        open(model, Screen::Logs(Scoped::new(found.context, source)));
    }
}

/// Tasks of the selected service, or of the cluster.
pub(super) fn tasks(model: &mut Model) {
    let found = selection(model);
    if let Some(cluster) = found.cluster {
        let cluster = Scoped::new(found.context, cluster);
        open(
            model,
            Screen::Tasks {
                cluster,
                service: found.service,
                stopped: false,
            },
        );
    }
}

/// Executions of the selected pipeline, or releases of the selected service.
pub(super) fn history(model: &mut Model) {
    let found = selection(model);
    if let Some(pipeline) = found.pipeline {
        let pipeline = Scoped::new(found.context, pipeline);
        return open(model, Screen::Executions(pipeline));
    }
    if let Some(service) = found.service {
        open(model, Screen::History(Scoped::new(found.context, service)));
    }
}

/// Revisions of the task definition of what is selected.
pub(super) fn revisions(model: &mut Model) {
    if let Some(screen) = revisions_screen(model, &selection(model)) {
        open(model, screen);
    }
}

/// Switches between running and stopped tasks in place.
pub(super) fn toggle_stopped(model: &mut Model) {
    let page = model.navigation.current_mut();
    if let Screen::Tasks { stopped, .. } = &mut page.screen {
        *stopped = !*stopped;
        page.list.move_to(0);
        model.unsettled = true;
    }
}

/// Where what is selected can be looked at: the link that AWS tells, or the AWS console's page.
pub(super) fn console_link(model: &Model) -> Option<String> {
    let found = selection(model);
    let link = found.link.clone();
    if let Some(link) = link.filter(|link| link.starts_with("https://")) {
        return Some(link);
    }
    let here = || model.store(found.context)?.context.region.clone();
    if let Some(pipeline) = &found.pipeline {
        let region = here()?;
        let base = format!("https://{region}.{}/codesuite", console_domain(&region));
        return Some(format!(
            "{base}/codepipeline/pipelines/{pipeline}/view?region={region}"
        ));
    }
    let cluster = found.cluster?;
    let region = cluster.region().map(str::to_owned).or_else(here)?;
    let domain = console_domain(&region);
    let base = format!("https://{region}.{domain}/ecs/v2");
    let path = match (found.task, found.task_definition, found.service) {
        (Some(task), _, Some(service)) => format!(
            "clusters/{}/services/{}/tasks/{}/configuration",
            cluster.name(),
            service.name(),
            task.name()
        ),
        (Some(task), _, None) => {
            format!(
                "clusters/{}/tasks/{}/configuration",
                cluster.name(),
                task.name()
            )
        }
        (None, Some(definition), _) => format!(
            "task-definitions/{}/{}/containers",
            definition.family(),
            definition.revision().unwrap_or(1)
        ),
        (None, None, Some(service)) => {
            format!(
                "clusters/{}/services/{}/health",
                cluster.name(),
                service.name()
            )
        }
        (None, None, None) => format!("clusters/{}/services", cluster.name()),
    };
    Some(format!("{base}/{path}?region={region}"))
}

/// The domain of the AWS console for a Region: each partition has its own.
fn console_domain(region: &str) -> &'static str {
    match region.split_once('-') {
        Some(("cn", _)) => "console.amazonaws.cn",
        Some(("us", rest)) if rest.starts_with("gov-") => "console.amazonaws-us-gov.com",
        _ => "console.aws.amazon.com",
    }
}
