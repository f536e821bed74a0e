//! What the newest release of a service was told to do.

use ratatui::text::Line;

use super::told;
use crate::domain::lifecycle::{HookKind, HookSetting, ShiftSettings, TrafficSteps};
use crate::domain::release::Stage;
use crate::view::scene::Scene;
use crate::view::widgets::{facts, text};

/// A heading and what was told; empty where nothing was.
pub(super) fn lines(scene: Scene<'_>, settings: &ShiftSettings, room: usize) -> Vec<Line<'static>> {
    let mut rows = Vec::new();
    let mut add = |name: &'static str, words: Option<String>| {
        rows.extend(words.map(|words| (name, told(scene, &words))));
    };
    add("linear", settings.linear.map(linear));
    add("canary", settings.canary.map(canary));
    add(
        "bake time",
        settings
            .bake_minutes
            .map(|minutes| format!("{minutes} min")),
    );
    for (place, hook) in settings.hooks.iter().enumerate() {
        add(if place == 0 { "hooks" } else { "" }, Some(of_hook(hook)));
    }
    if !settings.alarms.is_empty() {
        let then = if settings.alarms_roll_back {
            "each rolls back"
        } else {
            "none rolls back"
        };
        add(
            "alarms",
            Some(format!("{}: {then}", settings.alarms.join(" "))),
        );
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![
        Line::default(),
        scene.heading("deployment configuration of the newest release", room),
    ];
    lines.extend(facts::lines(scene, rows, room));
    lines
}

fn linear(steps: TrafficSteps) -> String {
    let percent = text::percent(steps.percent);
    format!("{percent} % every {} min", steps.bake_minutes)
}

fn canary(steps: TrafficSteps) -> String {
    let percent = text::percent(steps.percent);
    format!("{percent} %, and the rest after {} min", steps.bake_minutes)
}

fn of_hook(hook: &HookSetting) -> String {
    let kind = match &hook.kind {
        HookKind::Lambda => "Lambda",
        HookKind::Pause => "pause hook",
        HookKind::Unknown(name) => name,
    };
    let stages: Vec<String> = hook
        .stages
        .iter()
        .map(|stage| Stage::Lifecycle(stage.clone()).label())
        .collect();
    let target = hook.target.as_deref().unwrap_or_default();
    let target = target
        .split_once(":function:")
        .map_or(target, |(_, name)| name);
    [kind, target, "at", &stages.join(", ")]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
