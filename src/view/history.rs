//! The releases of one service, the newest first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

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

const COLUMNS: [Column; 8] = [
    Column::text("status", 0, 17, 20),
    Column::text("task definition", 0, 15, 48).cut(Cut::Family),
    Column::text("", 1, 3, 8).optional(),
    Column::text("strategy", 3, 10, 12),
    Column::text("started", 1, 16, 18),
    Column::text("took", 2, 8, 8),
    Column::text("by", 4, 8, 24).cut(Cut::Start).optional(),
    Column::text("reason", 4, 12, 120),
];

/// From this width on there is room for words.
const WIDE: u16 = 100;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer, service: &Scoped<ServiceArn>) {
    if scene.list().rows.is_empty() {
        let nothing = "no releases are known: ECS keeps its records for 90 days";
        super::empty::draw(scene, area, buf, nothing, "F starts one, R rolls back");
        return;
    }
    let word = if area.width < WIDE { "now" } else { "runs now" };
    table::draw(scene, area, buf, &COLUMNS, |place| {
        let (store, release) = releases::at(scene, place)?;
        let runs = store
            .service(&service.id)
            .map(|service| &service.task_definition);
        let own = release
            .new
            .as_ref()
            .and_then(|side| side.task_definition.as_ref());
        let runs = (own.is_some() && own == runs).then_some(word);
        Some(Row::of(cells(scene, release, runs)))
    });
}

fn cells(scene: Scene<'_>, release: &Release, runs: Option<&'static str>) -> Vec<Line<'static>> {
    let definition = release
        .new
        .as_ref()
        .and_then(|side| side.task_definition.as_ref())
        .map_or_else(
            || scene.nothing(),
            |arn| Line::from(scene.plain(printable(arn.family_revision()))),
        );
    let runs = runs.map(|word| Line::styled(word, scene.styles().new_side()));
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
    let by = printable(release.started_by.as_deref().unwrap_or_default());
    let reason = printable(release.reason.as_deref().unwrap_or_default());
    vec![
        status::of_release(scene, release, true).line(),
        definition,
        runs.unwrap_or_default(),
        Line::from(scene.quiet(printable(release.mechanism.label()))),
        started,
        took,
        Line::from(scene.quiet(by)),
        Line::from(scene.quiet(reason)),
    ]
}
