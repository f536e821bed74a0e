//! Clusters with their counts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::title::number;
use super::widgets::table::{self, Column, Row};
use crate::app::row::RowId;
use crate::domain::cluster::Cluster;
use crate::domain::text::printable;

const COLUMNS: [Column; 7] = [
    Column::text("cluster", 0, 10, 60),
    Column::text("", 1, 10, 12).optional(),
    Column::text("status", 2, 6, 16),
    Column::number("services", 0, 8),
    Column::number("running", 0, 7),
    Column::number("pending", 1, 7),
    Column::number("instances", 3, 9),
];

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    if scene.list().rows.is_empty() {
        let nothing = "no clusters in this account and Region";
        super::empty::draw(scene, area, buf, nothing, "--region names another one");
        return;
    }
    table::draw(scene, area, buf, &COLUMNS, |place| row(scene, place));
}

fn row(scene: Scene<'_>, place: usize) -> Option<Row> {
    let RowId::Cluster(context, arn) = scene.list().rows.get(place)? else {
        return None;
    };
    let store = scene.model.store(*context);
    let cluster = store
        .and_then(|store| store.clusters.get(arn))
        .and_then(|remote| remote.value());
    let production = if scene.model.is_production(*context, Some(arn.name())) {
        Line::styled("PRODUCTION", scene.styles().production())
    } else {
        Line::default()
    };
    let mut cells = vec![Line::from(scene.plain(printable(arn.name()))), production];
    match cluster {
        Some(cluster) => cells.extend(counts(scene, cluster)),
        None => cells.push(Line::from(scene.quiet("not read yet"))),
    }
    Some(Row::of(cells))
}

fn counts(scene: Scene<'_>, cluster: &Cluster) -> [Line<'static>; 5] {
    let count = |n: u32| Line::from(scene.plain(number(n as usize)));
    let quiet = |n: u32| Line::from(scene.quiet(number(n as usize)));
    let status = printable(&cluster.status.to_lowercase());
    let status = if cluster.status == "ACTIVE" {
        scene.quiet(status)
    } else {
        Span::styled(status, scene.styles().unknown())
    };
    let pending = if cluster.pending_tasks > 0 {
        let words = number(cluster.pending_tasks as usize);
        Line::styled(words, scene.styles().moving())
    } else {
        quiet(0)
    };
    [
        Line::from(status),
        count(cluster.active_services),
        count(cluster.running_tasks),
        pending,
        quiet(cluster.container_instances),
    ]
}
