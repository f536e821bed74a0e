//! Services of one cluster or of all.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::widgets::table::{self, Column, Row};
use super::widgets::text::Cut;
use super::widgets::time;
use crate::app::row::RowId;
use crate::app::summary::{ServiceState, service_state, service_words};
use crate::domain::arn::ClusterArn;
use crate::domain::context::Scoped;
use crate::domain::release::Mechanism;
use crate::domain::service::Service;
use crate::domain::text::printable;

const COLUMNS: [Column; 8] = [
    Column::text("", 0, 1, 1),
    Column::text("service", 0, 14, 48),
    Column::text("cluster", 4, 9, 24),
    Column::text("status", 0, 6, 16),
    Column::text("tasks", 0, 9, 20),
    Column::text("task definition", 3, 15, 40).cut(Cut::Family),
    Column::text("strategy", 5, 10, 12),
    Column::text("last release", 2, 12, 12),
];

pub(crate) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    cluster: Option<&Scoped<ClusterArn>>,
) {
    if scene.list().rows.is_empty() {
        let nothing = match cluster {
            Some(_) => "no services in this cluster",
            None => "no services in any cluster of this account and Region",
        };
        super::empty::draw(scene, area, buf, nothing, ":clusters lists the clusters");
        return;
    }
    table::draw(scene, area, buf, &COLUMNS, |place| row(scene, place));
}

fn row(scene: Scene<'_>, place: usize) -> Option<Row> {
    let RowId::Service(context, arn) = scene.list().rows.get(place)? else {
        return None;
    };
    let store = scene.model.store(*context);
    let cluster = store
        .and_then(|store| store.cluster_of.get(arn))
        .map_or("", |cluster| cluster.name());
    let service = store.and_then(|store| store.service(arn));
    let name = Line::from(scene.plain(printable(arn.name())));
    let cluster = Line::from(scene.quiet(printable(cluster)));
    Some(Row::of(match service {
        Some(service) => cells(scene, service, name, cluster),
        None => vec![
            Line::from(scene.quiet(scene.symbols().not_yet)),
            name,
            cluster,
            Line::from(scene.quiet("not read yet")),
        ],
    }))
}

fn cells(
    scene: Scene<'_>,
    service: &Service,
    name: Line<'static>,
    cluster: Line<'static>,
) -> Vec<Line<'static>> {
    let released = service
        .primary()
        .and_then(|primary| primary.created_at)
        .map_or_else(
            || scene.nothing(),
            |at| Line::from(scene.quiet(time::ago(at, scene.now()))),
        );
    let words = printable(&service_words(service));
    let status = match service_state(service) {
        _ if service.status != "ACTIVE" => Span::styled(words, scene.styles().stopped()),
        ServiceState::Moving => Span::styled(words, scene.styles().moving()),
        state if state.is_fault() => Span::styled(words, scene.styles().failed()),
        _ => scene.quiet(words),
    };
    vec![
        mark(scene, service),
        name,
        cluster,
        Line::from(status),
        tasks(scene, service),
        Line::from(scene.plain(printable(service.task_definition.family_revision()))),
        Line::from(scene.quiet(printable(Mechanism::of(service).label()))),
        released,
    ]
}

/// The state of a service in one symbol.
fn mark(scene: Scene<'_>, service: &Service) -> Line<'static> {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let (symbol, style) = match service_state(service) {
        ServiceState::Down | ServiceState::Failed => (symbols.failed, styles.failed()),
        ServiceState::Failing | ServiceState::Short => (symbols.warning, styles.failed()),
        ServiceState::Moving => (symbols.moving, styles.moving()),
        ServiceState::Well => (symbols.ok, styles.succeeded()),
    };
    Line::from(Span::styled(symbol, style))
}

fn tasks(scene: Scene<'_>, service: &Service) -> Line<'static> {
    let state = service_state(service);
    let style = if matches!(state, ServiceState::Down | ServiceState::Short) {
        scene.styles().failed()
    } else {
        scene.styles().text()
    };
    let words = format!("{}/{}", service.running, service.desired);
    let mut spans = vec![Span::styled(words, style)];
    if service.pending > 0 {
        spans.push(scene.quiet(format!(" +{}", service.pending)));
    }
    Line::from(spans)
}
