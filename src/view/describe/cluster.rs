//! A cluster.

use ratatui::text::Line;

use super::told;
use crate::domain::cluster::Cluster;
use crate::domain::context::ContextId;
use crate::view::scene::Scene;
use crate::view::title::number;
use crate::view::widgets::facts;

pub(super) fn lines(
    scene: Scene<'_>,
    context: ContextId,
    cluster: &Cluster,
    room: usize,
) -> Vec<Line<'static>> {
    let count = |n: u32| Line::from(scene.plain(number(n as usize)));
    let production = if scene.model.is_production(context, Some(cluster.arn.name())) {
        Line::styled("PRODUCTION", scene.styles().production())
    } else {
        Line::from(scene.quiet("not marked as production"))
    };
    let rows = vec![
        ("name", told(scene, cluster.arn.name())),
        ("marked", production),
        ("status", told(scene, &cluster.status)),
        ("services", count(cluster.active_services)),
        ("running tasks", count(cluster.running_tasks)),
        ("pending tasks", count(cluster.pending_tasks)),
        ("instances", count(cluster.container_instances)),
        ("ARN", told(scene, cluster.arn.as_str())),
    ];
    facts::lines(scene, rows, room)
}
