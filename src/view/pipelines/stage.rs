//! Everything about one stage of a pipeline: the way in, who waits there, its conditions.

use ratatui::text::{Line, Span};

use super::marks;
use crate::app::rows::pipelines::short_name;
use crate::domain::pipeline::{
    ConditionState, PipelineStructure, RuleState, StageDeclaration, StageState,
};
use crate::domain::text::{count, printable};
use crate::view::scene::Scene;
use crate::view::widgets::{facts, time};

/// Why the way into a stage is off, and by whom; `None` for one that is open.
pub(super) fn off_words(scene: Scene<'_>, stage: &StageState) -> Option<String> {
    let way = stage.transition.as_ref().filter(|way| !way.enabled)?;
    let by = way.changed_by.as_deref().map(short_name);
    let by = by.map_or_else(String::new, |who| format!(" by {who}"));
    let since = way.changed_at.map(|at| time::ago(at, scene.now()));
    let since = since.map_or_else(String::new, |since| format!(" {since}"));
    let reason = way.reason.as_deref().filter(|reason| !reason.is_empty());
    let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    let waiting = match stage.inbound.len() {
        0 => String::new(),
        waiting => format!(", {} held", count(waiting, "execution")),
    };
    Some(format!(
        "the way into {} is off{by}{since}{waiting}{reason}",
        stage.name
    ))
}

/// The whole stage as text.
pub(super) fn lines(
    scene: Scene<'_>,
    stage: &StageState,
    structure: Option<&PipelineStructure>,
    room: usize,
) -> Vec<Line<'static>> {
    let mut declared = structure.into_iter().flat_map(|all| &all.stages);
    let declared = declared.find(|one| one.name == stage.name);
    let title = printable(&format!("stage {}", stage.name));
    let mut lines = vec![scene.heading(&title, room)];
    lines.extend(facts::lines(scene, basics(scene, stage, declared), room));
    let conditions = [
        ("before entry", &stage.before_entry),
        ("on success", &stage.on_success),
        ("on failure", &stage.on_failure),
    ];
    for (when, condition) in conditions {
        if let Some(condition) = condition {
            lines.extend(of_condition(scene, when, condition, room));
        }
    }
    lines
}

fn basics(
    scene: Scene<'_>,
    stage: &StageState,
    declared: Option<&StageDeclaration>,
) -> Vec<(&'static str, Line<'static>)> {
    let told = |words: &str| Line::from(scene.plain(printable(words)));
    let mut rows = Vec::new();
    if let Some(latest) = &stage.latest {
        let back = if latest.rollback { ", a rollback" } else { "" };
        let words = format!("{} {}{back}", latest.id, latest.status.name());
        rows.push(("execution", told(&words)));
    }
    match off_words(scene, stage) {
        Some(words) => rows.push((
            "way in",
            Line::styled(printable(&words), scene.styles().warning()),
        )),
        None if stage.transition.is_some() => rows.push(("way in", told("open"))),
        None => {}
    }
    for inbound in &stage.inbound {
        let words = format!("{} {}", inbound.id, inbound.status.name());
        rows.push(("waits at the entry", told(&words)));
    }
    if stage.retries > 0 {
        rows.push(("tried again", told(&count(stage.retries as usize, "time"))));
    }
    let on_failure = declared.and_then(|stage| stage.on_failure.as_deref());
    rows.extend(on_failure.map(|what| ("when it fails", told(&what.to_lowercase()))));
    rows
}

fn of_condition(
    scene: Scene<'_>,
    when: &str,
    condition: &ConditionState,
    room: usize,
) -> Vec<Line<'static>> {
    let mut lines = vec![scene.heading(&format!("condition {when}"), room)];
    let mark = marks::of_condition(scene, condition.status.as_ref());
    let mut line = mark.line();
    if let Some(summary) = &condition.summary {
        line.push_span(scene.plain(format!("  {}", printable(summary))));
    }
    lines.push(line);
    lines.extend(condition.rules.iter().map(|rule| of_rule(scene, rule)));
    lines
}

fn of_rule(scene: Scene<'_>, rule: &RuleState) -> Line<'static> {
    let mark = marks::of_condition(scene, rule.status.as_ref());
    let error = rule.error.as_ref().and_then(|error| error.message.clone());
    let says = error.or_else(|| rule.summary.clone()).unwrap_or_default();
    Line::from(vec![
        scene.quiet("  rule "),
        scene.plain(printable(&rule.name)),
        Span::styled(format!("  {} {}", mark.symbol, mark.word), mark.style),
        scene.quiet(format!("  {}", printable(&says))),
    ])
}
