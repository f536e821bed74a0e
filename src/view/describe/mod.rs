//! Everything about one thing.

mod cluster;
mod configuration;
mod service;
pub(crate) mod task;
mod task_definition;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::scene::Scene;
use super::widgets::{document, time};
use crate::app::screen::Subject;
use crate::domain::text::printable;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer, subject: &Subject) -> usize {
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let room = usize::from(inner.width);
    match lines(scene, subject, room) {
        Some(lines) => document::draw(scene, inner, buf, lines, scene.page().scroll),
        None => {
            super::empty::draw(scene, area, buf, nothing(subject), "esc goes back");
            0
        }
    }
}

/// `None` while it has not been read.
fn lines(scene: Scene<'_>, subject: &Subject, room: usize) -> Option<Vec<Line<'static>>> {
    match subject {
        Subject::Cluster(cluster) => {
            let store = scene.model.store(cluster.context)?;
            let read = store.clusters.get(&cluster.id)?.value()?;
            Some(cluster::lines(scene, cluster.context, read, room))
        }
        Subject::Service(service) => {
            let store = scene.model.store(service.context)?;
            Some(service::lines(
                scene,
                store,
                store.service(&service.id)?,
                room,
            ))
        }
        Subject::Task(cluster, task) => {
            let store = scene.model.store(cluster.context)?;
            Some(task::lines(scene, store.task(task)?, room))
        }
        Subject::TaskDefinition(definition) => {
            let store = scene.model.store(definition.context)?;
            let read = store.task_definition(&definition.id)?;
            Some(task_definition::lines(scene, read, room))
        }
    }
}

fn nothing(subject: &Subject) -> &'static str {
    match subject {
        Subject::Cluster(_) => "this cluster is not there any more",
        Subject::Service(_) => "this service is not there any more",
        Subject::Task(..) => "AWS does not know this task any more",
        Subject::TaskDefinition(_) => "this revision is not there any more",
    }
}

/// Text from AWS.
fn told(scene: Scene<'_>, words: &str) -> Line<'static> {
    Line::from(scene.plain(printable(words)))
}

/// Text from AWS that can be missing.
fn maybe(scene: Scene<'_>, words: Option<&str>) -> Line<'static> {
    words.map_or_else(|| scene.nothing(), |words| told(scene, words))
}

/// A moment with its age.
fn moment(scene: Scene<'_>, at: Option<jiff::Timestamp>) -> Line<'static> {
    at.map_or_else(
        || scene.nothing(),
        |at| {
            Line::from(vec![
                scene.plain(time::date(at, scene.zone())),
                scene.quiet(format!("  {}", time::ago(at, scene.now()))),
            ])
        },
    )
}
