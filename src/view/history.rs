//! The releases of one service, the newest first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::releases;
use super::scene::Scene;
use super::status;
use super::widgets::table::{self, Column, Row};
use super::widgets::text::Cut;
use super::widgets::time;
use crate::domain::arn::ServiceArn;
use crate::domain::context::Scoped;
use crate::domain::release::Release;
use crate::domain::text::printable;

const COLUMNS: [Column; 7] = [
    Column::text("status", 0, 17, 20),
    Column::text("task definition", 0, 15, 48).cut(Cut::Family),
    Column::text("", 1, 8, 8).optional(),
    Column::text("strategy", 4, 7, 12),
    Column::text("started", 1, 16, 18),
    Column::text("took", 2, 8, 8),
    Column::text("reason", 3, 12, 120),
];

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer, service: &Scoped<ServiceArn>) {
    if scene.list().rows.is_empty() {
        let nothing = "no releases are known: ECS keeps its records for 90 days";
        super::empty::draw(scene, area, buf, nothing, "F starts one, R rolls back");
        return;
    }
    table::draw(scene, area, buf, &COLUMNS, |place| {
        let (store, release) = releases::at(scene, place)?;
        let runs = store
            .service(&service.id)
            .map(|service| &service.task_definition);
        let own = release
            .new
            .as_ref()
            .and_then(|side| side.task_definition.as_ref());
        Some(Row::of(cells(scene, release, own.is_some() && own == runs)))
    });
}

fn cells(scene: Scene<'_>, release: &Release, runs: bool) -> Vec<Line<'static>> {
    let definition = release
        .new
        .as_ref()
        .and_then(|side| side.task_definition.as_ref())
        .map_or_else(
            || scene.nothing(),
            |arn| Line::from(scene.plain(printable(arn.family_revision()))),
        );
    let runs = if runs {
        Line::from(Span::styled("runs now", scene.styles().new_side()))
    } else {
        Line::default()
    };
    let started = release.started_at.map_or_else(
        || scene.nothing(),
        |at| {
            let words = time::clock_or_date(at, scene.now(), scene.zone());
            Line::from(scene.plain(words))
        },
    );
    let took = release.duration_seconds(scene.now()).map_or_else(
        || scene.nothing(),
        |seconds| Line::from(scene.plain(time::duration(seconds))),
    );
    let reason = printable(release.reason.as_deref().unwrap_or_default());
    vec![
        status::of_release(scene, release, true).line(),
        definition,
        runs,
        Line::from(scene.quiet(printable(release.mechanism.label()))),
        started,
        took,
        Line::from(scene.quiet(reason)),
    ]
}
