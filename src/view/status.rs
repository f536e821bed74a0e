//! The symbol, the word and the style of a state. Colour never stands alone.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use crate::app::summary::{FAILING, is_failing, is_fault, timer_word};
use crate::domain::codedeploy::CodeDeployStatus;
use crate::domain::release::{Release, ReleaseStatus, Warning};
use crate::domain::task::Task;
use crate::domain::text::printable;

/// A state as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub symbol: &'static str,
    pub word: String,
    pub style: Style,
}

impl Mark {
    pub fn new(symbol: &'static str, word: impl Into<String>, style: Style) -> Self {
        Self {
            symbol,
            word: word.into(),
            style,
        }
    }

    /// Symbol and word.
    pub fn line(self) -> Line<'static> {
        Line::from(Span::styled(
            format!("{} {}", self.symbol, self.word),
            self.style,
        ))
    }
}

/// How a release goes. One that failed and that a newer one has overtaken is as quiet as all that
/// is over.
pub(crate) fn of_release(scene: Scene<'_>, release: &Release, newest: bool) -> Mark {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let label = printable(release.status.label());
    let overtaken = release.status.is_over() && !is_fault(release, newest);
    match &release.status {
        _ if is_failing(release) => Mark::new(symbols.warning, FAILING, styles.failed()),
        ReleaseStatus::Failed | ReleaseStatus::RollbackFailed | ReleaseStatus::RolledBack
            if overtaken =>
        {
            Mark::new(symbols.failed, label, styles.superseded())
        }
        ReleaseStatus::Pending => Mark::new(symbols.not_yet, label, styles.quiet()),
        ReleaseStatus::InProgress => match timer_word(release) {
            Some(word) => Mark::new(symbols.timer, word, styles.timer()),
            None => Mark::new(symbols.moving, label, styles.moving()),
        },
        ReleaseStatus::Waiting => Mark::new(symbols.waiting, label, styles.waiting()),
        ReleaseStatus::Succeeded => Mark::new(symbols.ok, label, styles.succeeded()),
        ReleaseStatus::Failed | ReleaseStatus::RollbackFailed => {
            Mark::new(symbols.failed, label, styles.failed())
        }
        ReleaseStatus::Stopped => Mark::new(symbols.skipped, label, styles.stopped()),
        ReleaseStatus::Superseded => Mark::new(symbols.skipped, label, styles.superseded()),
        ReleaseStatus::RollingBack => Mark::new(symbols.rolling_back, label, styles.rolling_back()),
        ReleaseStatus::RolledBack => Mark::new(symbols.failed, label, styles.rolling_back()),
        ReleaseStatus::Unknown(_) => Mark::new(symbols.unknown, label, styles.unknown()),
    }
}

/// What has failed has the colour for that; the rest has the one for warnings.
pub(crate) fn style_of_warning(scene: Scene<'_>, warning: &Warning) -> Style {
    match warning {
        Warning::HookFailed(_) | Warning::AlarmFired(_) => scene.styles().failed(),
        Warning::TrafficDisagrees { .. }
        | Warning::UnhealthyTargets { .. }
        | Warning::AlarmIgnored(_) => scene.styles().warning(),
    }
}

/// How far a deployment of CodeDeploy is, in CodeDeploy's own words.
pub(crate) fn of_code_deployment(scene: Scene<'_>, status: &CodeDeployStatus) -> Mark {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    match status {
        CodeDeployStatus::Created => Mark::new(symbols.not_yet, "created", styles.quiet()),
        CodeDeployStatus::Queued => Mark::new(symbols.not_yet, "queued", styles.quiet()),
        CodeDeployStatus::InProgress => Mark::new(symbols.moving, "in progress", styles.moving()),
        CodeDeployStatus::Baking => Mark::new(symbols.timer, "baking", styles.timer()),
        CodeDeployStatus::Ready => Mark::new(symbols.waiting, "ready", styles.waiting()),
        CodeDeployStatus::Succeeded => Mark::new(symbols.ok, "succeeded", styles.succeeded()),
        CodeDeployStatus::Failed => Mark::new(symbols.failed, "failed", styles.failed()),
        CodeDeployStatus::Stopped => Mark::new(symbols.skipped, "stopped", styles.stopped()),
        CodeDeployStatus::Unknown(name) => {
            Mark::new(symbols.unknown, printable(name), styles.unknown())
        }
    }
}

/// How far a lifecycle event of CodeDeploy is: the status as it came.
pub(crate) fn of_lifecycle_event(scene: Scene<'_>, status: &str) -> Mark {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    match status {
        "Pending" => Mark::new(symbols.not_yet, "to come", styles.quiet()),
        "InProgress" => Mark::new(symbols.moving, "in progress", styles.moving()),
        "Succeeded" => Mark::new(symbols.ok, "succeeded", styles.succeeded()),
        "Failed" => Mark::new(symbols.failed, "failed", styles.failed()),
        "Skipped" => Mark::new(symbols.skipped, "skipped", styles.quiet()),
        other => Mark::new(symbols.unknown, printable(other), styles.unknown()),
    }
}

/// Where a task is in its life; its end counts as a failure unless somebody wanted it.
pub(crate) fn of_task(scene: Scene<'_>, task: &Task) -> Mark {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let word = printable(&task.last_status);
    if task.is_stopped() {
        return if task.stopped_on_purpose() {
            Mark::new(symbols.skipped, word, styles.stopped())
        } else {
            Mark::new(symbols.failed, word, styles.failed())
        };
    }
    match task.last_status.as_str() {
        "RUNNING" if task.health.as_deref() == Some("UNHEALTHY") => {
            Mark::new(symbols.warning, word, styles.failed())
        }
        "RUNNING" if task.is_wanted() => Mark::new(symbols.ok, word, styles.succeeded()),
        _ => Mark::new(symbols.moving, word, styles.moving()),
    }
}

/// `HEALTHY`, `UNHEALTHY` and whatever else AWS says.
pub(crate) fn of_health(scene: Scene<'_>, health: Option<&str>) -> Line<'static> {
    match health {
        Some("HEALTHY") => Line::from(Span::styled("healthy", scene.styles().succeeded())),
        Some("UNHEALTHY") => Line::from(Span::styled("unhealthy", scene.styles().failed())),
        Some("UNKNOWN") | None => scene.nothing(),
        Some(other) => Line::from(scene.quiet(printable(&other.to_lowercase()))),
    }
}
