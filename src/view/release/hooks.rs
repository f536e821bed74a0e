//! The hooks of a release: those of the present stage with their state, and those that are still to
//! come.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Shape;
use crate::app::store::Store;
use crate::domain::lifecycle::{HookAction, HookKind, HookSetting, HookStatus, LifecycleHook};
use crate::domain::release::{Release, Stage, StepState};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::text::{self, Cut};
use crate::view::widgets::time;

/// The widest word for a state, `in progress`.
const WORD: usize = 11;

/// A heading and a line for each hook; empty where there are none.
pub(super) fn lines(
    scene: Scene<'_>,
    shape: Shape,
    store: &Store,
    release: &Release,
) -> Vec<Line<'static>> {
    let room = shape.part();
    let mut lines: Vec<Line<'static>> = release.hooks.iter().map(|hook| now(scene, hook)).collect();
    if !shape.low {
        lines.extend(to_come(scene, store, release));
    }
    if lines.is_empty() {
        return lines;
    }
    let fit = |line| text::fit_line(line, room, Cut::End, scene.symbols().ellipsis);
    std::iter::once(scene.heading("hooks", room))
        .chain(lines.into_iter().map(fit))
        .collect()
}

/// A hook of the present stage.
fn now(scene: Scene<'_>, hook: &LifecycleHook) -> Line<'static> {
    let (symbol, word, style) = status(scene, &hook.status);
    let mut line = Line::from(vec![
        Span::styled(format!("  {symbol} {word:WORD$}"), style),
        scene.plain(format!("  {}", name(&hook.kind, hook.target.as_deref()))),
    ]);
    let waits = matches!(
        hook.status,
        HookStatus::AwaitingAction | HookStatus::InProgress
    );
    if let (Some(at), true) = (hook.expires_at, waits) {
        let left = time::duration(at.as_second() - scene.now().as_second());
        let then = match &hook.on_timeout {
            Some(HookAction::Continue) => ", then it goes on".to_owned(),
            Some(HookAction::RollBack) => ", then it rolls back".to_owned(),
            Some(HookAction::Unknown(name)) => format!(", then {}", printable(name)),
            None => String::new(),
        };
        line.push_span(scene.quiet(format!("  expires in {left}{then}")));
    }
    if let Some(id) = &hook.id {
        line.push_span(scene.quiet(format!("  {}", printable(id))));
    }
    line
}

fn status(scene: Scene<'_>, status: &HookStatus) -> (&'static str, String, Style) {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    match status {
        HookStatus::AwaitingAction => (symbols.waiting, "waits".into(), styles.waiting()),
        HookStatus::InProgress => (symbols.moving, "in progress".into(), styles.moving()),
        HookStatus::Succeeded => (symbols.ok, "succeeded".into(), styles.succeeded()),
        HookStatus::Failed => (symbols.failed, "failed".into(), styles.failed()),
        HookStatus::TimedOut => (symbols.failed, "timed out".into(), styles.failed()),
        HookStatus::Unknown(name) => (symbols.unknown, printable(name), styles.unknown()),
    }
}

/// `pause hook`, or the name of a Lambda function.
fn name(kind: &HookKind, target: Option<&str>) -> String {
    let function = target.map(function_name);
    match (kind, function) {
        (HookKind::Pause, _) => "pause hook".into(),
        (HookKind::Lambda, Some(function)) => format!("Lambda {}", printable(function)),
        (HookKind::Lambda, None) => "Lambda".into(),
        (HookKind::Unknown(kind), Some(target)) => {
            format!("{} {}", printable(kind), printable(target))
        }
        (HookKind::Unknown(kind), None) => printable(kind),
    }
}

/// The function's name of its ARN, with version or alias where it has one.
fn function_name(arn: &str) -> &str {
    arn.split_once(":function:").map_or(arn, |(_, name)| name)
}

/// The hooks that the configuration names for stages that are still to come.
fn to_come(scene: Scene<'_>, store: &Store, release: &Release) -> Vec<Line<'static>> {
    if release.status.is_over() {
        return Vec::new();
    }
    let record = store
        .records_of(&release.service)
        .iter()
        .find(|record| Some(&record.arn) == release.record.as_ref());
    let settings = record.and_then(|record| record.settings.as_ref());
    let hooks = settings.map_or(&[][..], |settings| &settings.hooks);
    hooks
        .iter()
        .filter_map(|hook| planned(scene, release, hook))
        .collect()
}

fn planned(scene: Scene<'_>, release: &Release, hook: &HookSetting) -> Option<Line<'static>> {
    let ahead = |stage: &&String| {
        let mut steps = release.steps.iter();
        steps.any(|step| step.name == **stage && step.state == StepState::ToCome)
    };
    let stages: Vec<String> = hook
        .stages
        .iter()
        .filter(ahead)
        .map(|stage| printable(&Stage::Lifecycle(stage.clone()).label()))
        .collect();
    if stages.is_empty() {
        return None;
    }
    let name = name(&hook.kind, hook.target.as_deref());
    Some(Line::from(vec![
        scene.quiet(format!("  {} {:WORD$}", scene.symbols().not_yet, "to come")),
        scene.plain(format!("  {name}")),
        scene.quiet(format!("  at {}", stages.join(", "))),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_has_the_name_of_its_function() {
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:verify:live";
        assert_eq!(name(&HookKind::Lambda, Some(arn)), "Lambda verify:live");
        assert_eq!(name(&HookKind::Pause, None), "pause hook");
        let odd = HookKind::Unknown("STEP_FUNCTION".into());
        assert_eq!(name(&odd, Some("x")), "STEP_FUNCTION x");
    }
}
