//! Families of task definitions, and the revisions of one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::widgets::table::{self, Column, Row};
use super::widgets::text::{Cut, short_image};
use super::widgets::time;
use crate::app::row::RowId;
use crate::domain::arn::{ServiceArn, TaskDefinitionArn};
use crate::domain::context::ContextId;
use crate::domain::text::printable;

const FAMILIES: [Column; 1] = [Column::text("family", 0, 10, 200)];

const REVISIONS: [Column; 6] = [
    Column::text("revision", 0, 10, 60).cut(Cut::Family),
    Column::text("", 0, 8, 10).optional(),
    Column::text("status", 1, 6, 20),
    Column::text("registered", 2, 16, 18),
    Column::text("by", 3, 6, 24).optional(),
    Column::text("images", 0, 10, 120).cut(Cut::Start),
];

pub(crate) fn draw_families(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    if scene.list().rows.is_empty() {
        let nothing = "no active task definitions in this account and Region";
        super::empty::draw(scene, area, buf, nothing, "--region names another one");
        return;
    }
    table::draw(scene, area, buf, &FAMILIES, |place| {
        match scene.list().rows.get(place)? {
            RowId::Family(_, family) => {
                Some(Row::of(vec![Line::from(scene.plain(printable(family)))]))
            }
            _ => None,
        }
    });
}

pub(crate) fn draw_revisions(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    service: Option<&ServiceArn>,
) {
    if scene.list().rows.is_empty() {
        let nothing = "this family has no revisions";
        super::empty::draw(scene, area, buf, nothing, ":taskdefs lists the families");
        return;
    }
    table::draw(scene, area, buf, &REVISIONS, |place| {
        match scene.list().rows.get(place)? {
            RowId::Revision(context, arn) => Some(revision(scene, *context, arn, service)),
            _ => None,
        }
    });
}

fn revision(
    scene: Scene<'_>,
    context: ContextId,
    arn: &TaskDefinitionArn,
    service: Option<&ServiceArn>,
) -> Row {
    let store = scene.model.store(context);
    let runs = service
        .and_then(|service| store?.service(service))
        .is_some_and(|service| service.task_definition == *arn);
    let runs = if runs {
        Line::from(Span::styled("runs now", scene.styles().new_side()))
    } else {
        Line::default()
    };
    let name = Line::from(scene.plain(printable(arn.family_revision())));
    let Some(definition) = store.and_then(|store| store.task_definition(arn)) else {
        return Row::of(vec![name, runs, scene.nothing(), scene.nothing()]);
    };
    let status = printable(&definition.status.to_lowercase());
    let status = if definition.is_active() {
        scene.quiet(status)
    } else {
        Span::styled(status, scene.styles().stopped())
    };
    let registered = definition.registered_at.map_or_else(
        || scene.nothing(),
        |at| Line::from(scene.quiet(time::date(at, scene.zone()))),
    );
    let by = definition.registered_by.as_deref().unwrap_or_default();
    let by = by.rsplit('/').next().unwrap_or(by);
    let images: Vec<String> = definition
        .containers
        .iter()
        .map(|container| printable(&short_image(&container.image)))
        .collect();
    Row::of(vec![
        name,
        runs,
        Line::from(status),
        registered,
        Line::from(scene.quiet(printable(by))),
        Line::from(scene.plain(images.join(", "))),
    ])
}
