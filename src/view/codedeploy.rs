//! CodeDeploy: applications, deployment groups, and the deployments of a group.

mod deployment;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

pub(crate) use self::deployment::draw as draw_deployment;
use super::scene::Scene;
use super::status;
use super::widgets::table::{self, Column, Row};
use super::widgets::text::Cut;
use super::widgets::time;
use crate::app::query::Query;
use crate::app::row::RowId;
use crate::app::rows::codedeploy::{about, definition, seconds};
use crate::app::store::Store;
use crate::domain::codedeploy::{
    CodeDeployStatus, CodeDeployment, DeploymentGroup, GroupDeployment, GroupId,
};
use crate::domain::context::Scoped;
use crate::domain::text::printable;

const APPLICATIONS: [Column; 4] = [
    Column::text("application", 0, 12, 48),
    Column::number("groups", 0, 6),
    Column::text("last", 1, 8, 24),
    Column::text("services", 2, 10, 80),
];

const GROUPS: [Column; 6] = [
    Column::text("group", 0, 12, 40),
    Column::text("service", 0, 10, 40),
    Column::text("cluster", 2, 9, 24),
    Column::text("configuration", 3, 16, 44).cut(Cut::Start),
    Column::text("last", 1, 8, 10),
    Column::text("status", 0, 12, 14),
];

const DEPLOYMENTS: [Column; 7] = [
    Column::text("status", 0, 12, 14),
    Column::text("deployment", 0, 11, 16),
    Column::text("task definition", 1, 12, 48).cut(Cut::Family),
    Column::text("created", 0, 16, 18),
    Column::text("took", 2, 6, 8),
    Column::text("by", 3, 8, 24).optional(),
    Column::text("about", 4, 12, 120).optional(),
];

pub(crate) fn draw_applications(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    if scene.list().rows.is_empty() {
        let nothing = "CodeDeploy has no application for ECS in this account and Region";
        super::empty::draw(
            scene,
            area,
            buf,
            nothing,
            ":releases shows what ECS itself moves",
        );
        return;
    }
    table::draw(scene, area, buf, &APPLICATIONS, |place| {
        let RowId::Application(context, name) = scene.list().rows.get(place)? else {
            return None;
        };
        let store = scene.model.store(*context)?;
        Some(Row::of(application(scene, store, name)))
    });
}

fn application(scene: Scene<'_>, store: &Store, name: &str) -> Vec<Line<'static>> {
    let groups = store.applications.get(name).map_or(&[][..], Vec::as_slice);
    let asked = store.queries.get(&Query::Groups(name.to_owned()));
    let read = !groups.is_empty() || asked.is_some_and(|state| state.value().is_some());
    let own = Line::from(scene.plain(printable(name)));
    if !read {
        return vec![
            own,
            Line::default(),
            Line::from(scene.quiet("not read yet")),
        ];
    }
    let attempts = groups
        .iter()
        .filter_map(|group| group.last_attempted.as_ref());
    // What failed and was not tried again counts before what is newer in another group.
    let last = attempts.max_by_key(|attempt| {
        let failed = attempt.status == CodeDeployStatus::Failed;
        (failed, attempt.created_at)
    });
    let services: Vec<String> = groups
        .iter()
        .filter_map(|group| group.service.as_deref())
        .map(printable)
        .collect();
    vec![
        own,
        Line::from(scene.plain(groups.len().to_string())),
        attempt(scene, last),
        Line::from(scene.plain(services.join(" "))),
    ]
}

/// How the newest deployment of a group went, and when.
fn attempt(scene: Scene<'_>, last: Option<&GroupDeployment>) -> Line<'static> {
    let Some(last) = last else {
        return scene.nothing();
    };
    let mut line = status::of_code_deployment(scene, &last.status).line();
    if let Some(at) = last.created_at {
        line.push_span(scene.quiet(format!(" {}", time::ago(at, scene.now()))));
    }
    line
}

pub(crate) fn draw_groups(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    application: &Scoped<String>,
) {
    if scene.list().rows.is_empty() {
        let nothing = "this application has no deployment groups";
        super::empty::draw(scene, area, buf, nothing, "esc goes back");
        return;
    }
    table::draw(scene, area, buf, &GROUPS, |place| {
        let RowId::Group(_, id) = scene.list().rows.get(place)? else {
            return None;
        };
        let store = scene.model.store(application.context)?;
        let mut groups = store.applications.get(&application.id)?.iter();
        let found = groups.find(|group| group.id == *id)?;
        Some(Row::of(group(scene, found)))
    });
}

fn group(scene: Scene<'_>, group: &DeploymentGroup) -> Vec<Line<'static>> {
    let maybe = |words: Option<&str>| {
        words.map_or_else(
            || scene.nothing(),
            |words| Line::from(scene.plain(printable(words))),
        )
    };
    let last = group.last_attempted.as_ref();
    let at = last.and_then(|last| last.created_at);
    let at = at.map_or_else(
        || scene.nothing(),
        |at| Line::from(scene.quiet(time::ago(at, scene.now()))),
    );
    let status = last.map_or_else(
        || scene.nothing(),
        |last| status::of_code_deployment(scene, &last.status).line(),
    );
    vec![
        Line::from(scene.plain(printable(&group.id.group))),
        maybe(group.service.as_deref()),
        maybe(group.cluster.as_deref()),
        maybe(group.configuration.as_deref().map(short_configuration)),
        at,
        status,
    ]
}

/// The name of a configuration without what all of CodeDeploy's own have in front.
fn short_configuration(name: &str) -> &str {
    name.strip_prefix("CodeDeployDefault.").unwrap_or(name)
}

pub(crate) fn draw_deployments(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    group: &Scoped<GroupId>,
) {
    if scene.list().rows.is_empty() {
        let nothing = "this deployment group has no deployments";
        super::empty::draw(scene, area, buf, nothing, "esc goes back");
        return;
    }
    table::draw(scene, area, buf, &DEPLOYMENTS, |place| {
        let RowId::CodeDeployment(_, id) = scene.list().rows.get(place)? else {
            return None;
        };
        let store = scene.model.store(group.context)?;
        Some(Row::of(match store.code_deployment(id) {
            Some(read) => cells(scene, store, read),
            None => vec![
                Line::from(scene.quiet("not read yet")),
                Line::from(scene.plain(printable(id))),
            ],
        }))
    });
}

fn cells(scene: Scene<'_>, store: &Store, deployment: &CodeDeployment) -> Vec<Line<'static>> {
    let definition = definition(store, deployment);
    let created = deployment.created_at.map_or_else(
        || scene.nothing(),
        |at| {
            let words = time::clock_or_date(at, scene.now(), scene.zone());
            Line::from(scene.plain(words))
        },
    );
    let took = seconds(deployment, scene.now()).map(time::duration);
    let style = match deployment.error {
        Some(_) => scene.styles().failed(),
        None => scene.styles().quiet(),
    };
    let creator = deployment.creator.as_deref().unwrap_or_default();
    vec![
        status::of_code_deployment(scene, &deployment.status).line(),
        Line::from(scene.plain(printable(&deployment.id))),
        definition.map_or_else(
            || scene.nothing(),
            |arn| Line::from(scene.plain(printable(arn.family_revision()))),
        ),
        created,
        Line::from(scene.plain(took.unwrap_or_default())),
        Line::from(scene.quiet(printable(creator))),
        Line::styled(printable(&about(deployment)), style),
    ]
}
