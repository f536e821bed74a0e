//! A revision of a task definition. Values of environment variables are not shown: they can be
//! secret by mistake.

use std::collections::BTreeMap;

use ratatui::text::{Line, Span};

use super::{maybe, moment, told};
use crate::domain::task_definition::{ContainerDefinition, LogDestination, TaskDefinition};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::facts;

pub(super) fn lines(
    scene: Scene<'_>,
    definition: &TaskDefinition,
    room: usize,
) -> Vec<Line<'static>> {
    let mut lines = facts::lines(scene, basics(scene, definition), room);
    for container in &definition.containers {
        lines.push(Line::default());
        let title = format!("container {}", printable(&container.name));
        lines.push(scene.heading(&title, room));
        lines.extend(facts::lines(scene, of_container(scene, container), room));
    }
    lines
}

fn basics(scene: Scene<'_>, definition: &TaskDefinition) -> Vec<(&'static str, Line<'static>)> {
    let status = if definition.is_active() {
        told(scene, &definition.status)
    } else {
        let style = scene.styles().stopped();
        Line::from(Span::styled(printable(&definition.status), style))
    };
    let mut rows = vec![
        ("revision", told(scene, definition.arn.family_revision())),
        ("status", status),
        ("cpu", maybe(scene, definition.cpu.as_deref())),
        ("memory", maybe(scene, definition.memory.as_deref())),
        ("network", maybe(scene, definition.network_mode.as_deref())),
        ("task role", maybe(scene, definition.task_role.as_deref())),
        (
            "execution role",
            maybe(scene, definition.execution_role.as_deref()),
        ),
        ("registered", moment(scene, definition.registered_at)),
        ("by", maybe(scene, definition.registered_by.as_deref())),
    ];
    if definition.deregistered_at.is_some() {
        rows.push(("deregistered", moment(scene, definition.deregistered_at)));
    }
    rows.push(("ARN", told(scene, definition.arn.as_str())));
    rows
}

fn of_container(
    scene: Scene<'_>,
    container: &ContainerDefinition,
) -> Vec<(&'static str, Line<'static>)> {
    let mebibytes = |n: Option<i32>| match n {
        Some(n) => told(scene, &format!("{n} MiB")),
        None => scene.nothing(),
    };
    let ports: Vec<String> = container.ports.iter().map(u16::to_string).collect();
    let yes = |is: bool| told(scene, if is { "yes" } else { "no" });
    let mut rows = vec![
        ("image", told(scene, &container.image)),
        ("essential", yes(container.essential)),
        ("cpu", told(scene, &container.cpu.to_string())),
        ("memory", mebibytes(container.memory)),
        ("reservation", mebibytes(container.memory_reservation)),
        ("ports", list(scene, &ports)),
        ("health check", yes(container.health_check)),
        ("logs", told(scene, &destination(&container.logs))),
    ];
    if !container.command.is_empty() {
        rows.push(("command", told(scene, &container.command.join(" "))));
    }
    rows.push(("environment", names(scene, &container.environment)));
    for (place, (name, from)) in container.secrets.iter().enumerate() {
        let label = if place == 0 { "secrets" } else { "" };
        rows.push((label, told(scene, &format!("{name} from {from}"))));
    }
    rows
}

fn list(scene: Scene<'_>, words: &[String]) -> Line<'static> {
    if words.is_empty() {
        scene.nothing()
    } else {
        told(scene, &words.join(" "))
    }
}

fn names(scene: Scene<'_>, environment: &BTreeMap<String, String>) -> Line<'static> {
    if environment.is_empty() {
        return scene.nothing();
    }
    let names: Vec<&str> = environment.keys().map(String::as_str).collect();
    told(
        scene,
        &format!("{} (values are not shown)", names.join(" ")),
    )
}

fn destination(logs: &LogDestination) -> String {
    match logs {
        LogDestination::CloudWatch { group, prefix, .. } => {
            format!("CloudWatch, group {group}, streams {prefix}/…")
        }
        LogDestination::NoPrefix { group } => {
            format!("CloudWatch, group {group}, without a stream prefix: cannot be followed")
        }
        LogDestination::OtherDriver(driver) => format!("driver {driver}"),
        LogDestination::None => "no log configuration".into(),
    }
}
