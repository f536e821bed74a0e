//! A service with its deployments and events.

use ratatui::text::{Line, Span};

use super::{configuration, maybe, moment, told};
use crate::app::store::Store;
use crate::domain::event_text::{brought_by, in_words};
use crate::domain::release::Mechanism;
use crate::domain::service::{
    Controller, Deployment, DeploymentStatus, RolloutState, Service, TaskSet,
};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::{facts, text, time};

pub(super) fn lines(
    scene: Scene<'_>,
    store: &Store,
    service: &Service,
    room: usize,
) -> Vec<Line<'static>> {
    let mut lines = facts::lines(scene, basics(scene, service), room);
    let records = store.records_of(&service.arn).iter();
    let told = records.filter_map(|record| Some((record.created_at, record.settings.as_ref()?)));
    if let Some((_, settings)) = told.max_by_key(|(at, _)| *at) {
        lines.extend(configuration::lines(scene, settings, room));
    }
    if service.task_sets.is_empty() || !service.deployments.is_empty() {
        lines.push(Line::default());
        lines.push(scene.heading("deployments", room));
    }
    for deployment in &service.deployments {
        lines.extend(of_deployment(scene, deployment, room));
    }
    if !service.task_sets.is_empty() {
        lines.push(Line::default());
        lines.push(scene.heading("task sets", room));
    }
    for set in &service.task_sets {
        lines.extend(of_task_set(scene, set, room));
    }
    lines.push(Line::default());
    lines.push(scene.heading("events, the latest first", room));
    if service.events.is_empty() {
        lines.push(Line::from(scene.quiet("  none")));
    }
    for event in &service.events {
        let words = in_words(&event.message, |id| brought_by(service, id));
        lines.extend(of_event(scene, event.at, &words, room));
    }
    lines
}

fn basics(scene: Scene<'_>, service: &Service) -> Vec<(&'static str, Line<'static>)> {
    let tasks = format!(
        "{} running, {} pending, {} wanted",
        service.running, service.pending, service.desired
    );
    let percent = |n: Option<u32>| n.map_or("?".to_owned(), |n| format!("{n} %"));
    let limits = format!(
        "{} to {} of the wanted tasks",
        percent(service.limits.minimum_healthy_percent),
        percent(service.limits.maximum_percent)
    );
    let breaker = match (service.limits.breaker, service.limits.breaker_rolls_back) {
        (true, true) => "on, rolls back by itself",
        (true, false) => "on, does not roll back",
        (false, _) => "off",
    };
    let controller = match &service.controller {
        Controller::Ecs => "ECS",
        Controller::CodeDeploy => "CodeDeploy",
        Controller::External => "external",
        Controller::Unknown(name) => name,
    };
    vec![
        ("name", told(scene, service.name())),
        ("cluster", told(scene, service.cluster.name())),
        ("status", told(scene, &service.status)),
        ("tasks", told(scene, &tasks)),
        (
            "task definition",
            told(scene, service.task_definition.family_revision()),
        ),
        ("moved by", told(scene, controller)),
        ("strategy", told(scene, Mechanism::of(service).label())),
        ("while rolling", told(scene, &limits)),
        ("breaker", told(scene, breaker)),
        ("launch type", maybe(scene, service.launch_type.as_deref())),
        (
            "ECS Exec",
            told(scene, if service.exec_enabled { "on" } else { "off" }),
        ),
        ("created", moment(scene, service.created_at)),
        ("ARN", told(scene, service.arn.as_str())),
    ]
}

fn of_deployment(scene: Scene<'_>, deployment: &Deployment, room: usize) -> Vec<Line<'static>> {
    let styles = scene.styles();
    let status = match &deployment.status {
        DeploymentStatus::Primary => "PRIMARY",
        DeploymentStatus::Active => "ACTIVE",
        DeploymentStatus::Inactive => "INACTIVE",
        DeploymentStatus::Unknown(name) => name,
    };
    let (rollout, style) = match &deployment.rollout_state {
        Some(RolloutState::InProgress) => ("IN_PROGRESS", styles.moving()),
        Some(RolloutState::Completed) => ("COMPLETED", styles.succeeded()),
        Some(RolloutState::Failed) => ("FAILED", styles.failed()),
        Some(RolloutState::Unknown(name)) => (name.as_str(), styles.unknown()),
        None => ("", styles.quiet()),
    };
    let mut spans = vec![
        Span::styled(format!("  {:9}", printable(status)), styles.title()),
        scene.plain(printable(deployment.task_definition.family_revision())),
        scene.plain(format!(
            "  {} running of {}",
            deployment.running, deployment.desired
        )),
        scene.quiet(format!(", {} pending", deployment.pending)),
    ];
    if deployment.failed > 0 {
        let words = format!(", {} {} failed", scene.symbols().failed, deployment.failed);
        spans.push(Span::styled(words, styles.failed()));
    }
    spans.push(Span::styled(format!("  {}", printable(rollout)), style));
    if let Some(at) = deployment.created_at {
        spans.push(scene.quiet(format!("  {}", time::ago(at, scene.now()))));
    }
    spans.push(scene.quiet(format!("  {}", printable(deployment.id.as_str()))));
    let mut lines = vec![Line::from(spans)];
    if let Some(reason) = &deployment.rollout_reason {
        let pieces = text::wrap(&printable(reason), room.saturating_sub(11));
        let indented = |piece| Line::from(scene.quiet(format!("           {piece}")));
        lines.extend(pieces.into_iter().map(indented));
    }
    lines
}

/// A task set on two lines: what runs, and where it comes from.
fn of_task_set(scene: Scene<'_>, set: &TaskSet, room: usize) -> Vec<Line<'static>> {
    let mut running = vec![
        Span::styled(
            format!("  {:9}", printable(&set.status)),
            scene.styles().title(),
        ),
        scene.plain(printable(set.task_definition.family_revision())),
        scene.plain(format!("  {} running of {}", set.running, set.desired)),
        scene.quiet(format!(", {} pending", set.pending)),
    ];
    if let Some(percent) = set.scale_percent {
        let words = format!("  scaled to {} %", text::percent(percent));
        running.push(scene.quiet(words));
    }
    match set.stability.as_deref() {
        Some("STEADY_STATE") | None => {}
        Some(other) => {
            let words = format!("  {}", printable(&other.to_lowercase()));
            running.push(Span::styled(words, scene.styles().moving()));
        }
    }
    if let Some(at) = set.created_at {
        running.push(scene.quiet(format!("  {}", time::ago(at, scene.now()))));
    }
    let target = set
        .target_group
        .as_ref()
        .map(|arn| arn.group_name().to_owned());
    let by = set.started_by.as_ref().map(|by| format!("made by {by}"));
    let rest = [Some(set.id.clone()), by, set.external_id.clone(), target];
    let rest: Vec<String> = rest.into_iter().flatten().collect();
    let rest = printable(&rest.join(&format!(" {} ", scene.symbols().dot)));
    let indented = |piece| Line::from(scene.quiet(format!("           {piece}")));
    let rest = text::wrap(&rest, room.saturating_sub(11));
    std::iter::once(Line::from(running))
        .chain(rest.into_iter().map(indented))
        .collect()
}

fn of_event(
    scene: Scene<'_>,
    at: jiff::Timestamp,
    message: &str,
    room: usize,
) -> Vec<Line<'static>> {
    let clock = time::clock_or_date(at, scene.now(), scene.zone());
    let indent = text::width(&clock) + 3;
    text::wrap(&printable(message), room.saturating_sub(indent))
        .into_iter()
        .enumerate()
        .map(|(place, piece)| {
            let lead = if place == 0 {
                format!("  {clock} ")
            } else {
                " ".repeat(indent)
            };
            Line::from(vec![scene.quiet(lead), scene.plain(piece)])
        })
        .collect()
}
