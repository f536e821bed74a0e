//! Which view draws which screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scene::Scene;
use super::{
    actions, clusters, codedeploy, definitions, describe, errors, gates, help, history, pipelines,
    program_log, release, releases, services, task, tasks,
};
use crate::app::screen::Screen;

/// Draws the screen in front. Returns the furthest that its text can be scrolled; 0 for a list,
/// which moves with its cursor.
pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) -> usize {
    match &scene.page().screen {
        Screen::Release { service, release } => {
            release::draw(scene, area, buf, service, release.as_ref())
        }
        Screen::Task { cluster, task } => task::draw(scene, area, buf, cluster.context, task),
        Screen::Deployment(deployment) => codedeploy::draw_deployment(scene, area, buf, deployment),
        Screen::Pipeline(pipeline) => pipelines::draw_pipeline(scene, area, buf, pipeline),
        Screen::Execution {
            pipeline,
            execution,
        } => pipelines::draw_execution(scene, area, buf, pipeline, execution),
        Screen::Gate(approval) => gates::draw_gate(scene, area, buf, approval),
        Screen::Describe(subject) => describe::draw(scene, area, buf, subject),
        Screen::Help => help::draw(scene, area, buf),
        screen => {
            draw_list(scene, area, buf, screen);
            0
        }
    }
}

fn draw_list(scene: Scene<'_>, area: Rect, buf: &mut Buffer, screen: &Screen) {
    match screen {
        Screen::Releases => releases::draw(scene, area, buf),
        Screen::Clusters => clusters::draw(scene, area, buf),
        Screen::Services(cluster) => services::draw(scene, area, buf, cluster.as_ref()),
        Screen::Tasks {
            service, stopped, ..
        } => tasks::draw(scene, area, buf, service.as_ref(), *stopped),
        Screen::TaskDefinitions => definitions::draw_families(scene, area, buf),
        Screen::Revisions { service, .. } => {
            let service = service.as_ref().map(|(_, service)| service);
            definitions::draw_revisions(scene, area, buf, service);
        }
        Screen::History(service) => history::draw(scene, area, buf, service),
        Screen::Applications => codedeploy::draw_applications(scene, area, buf),
        Screen::Groups(application) => codedeploy::draw_groups(scene, area, buf, application),
        Screen::Deployments(group) => codedeploy::draw_deployments(scene, area, buf, group),
        Screen::Gates => gates::draw(scene, area, buf),
        Screen::Pipelines => pipelines::draw(scene, area, buf),
        Screen::Executions(pipeline) => pipelines::draw_executions(scene, area, buf, pipeline),
        Screen::ProgramLog => program_log::draw(scene, area, buf),
        Screen::Errors => errors::draw(scene, area, buf),
        Screen::Actions => actions::draw(scene, area, buf),
        Screen::Release { .. }
        | Screen::Task { .. }
        | Screen::Deployment(_)
        | Screen::Pipeline(_)
        | Screen::Execution { .. }
        | Screen::Gate(_)
        | Screen::Describe(_)
        | Screen::Logs(_)
        | Screen::Help => {}
    }
}
