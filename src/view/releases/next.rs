//! What comes next, and how long it may take.

use ratatui::text::Line;

use crate::app::store::Store;
use crate::app::summary::is_failing;
use crate::domain::history::typical_seconds;
use crate::domain::release::{self, EstimateBasis, Release, ReleaseStatus, Side};
use crate::domain::text::printable;
use crate::view::countdown;
use crate::view::scene::Scene;
use crate::view::widgets::time;

/// What comes next, as far as earlier releases of the service teach it.
pub(super) fn next(scene: Scene<'_>, store: &Store, release: &Release) -> Line<'static> {
    let quiet = |words: String| Line::from(scene.quiet(words));
    match release.status {
        ReleaseStatus::RollingBack => match name_of(release, release.old.as_ref()) {
            Some(name) => quiet(format!("back to {name}")),
            None => scene.nothing(),
        },
        ReleaseStatus::Failed | ReleaseStatus::RollbackFailed => quiet("look at it".into()),
        _ if is_failing(release) => match release.breaker {
            Some(breaker) if !breaker.tripped => {
                let left = breaker.threshold.saturating_sub(breaker.failures);
                quiet(format!("trips in {left}"))
            }
            Some(_) => scene.nothing(),
            None => quiet("no breaker".into()),
        },
        _ => deadline(scene, release).unwrap_or_else(|| usual(scene, store, release)),
    }
}

/// When something happens by itself, or that nothing does.
fn deadline(scene: Scene<'_>, release: &Release) -> Option<Line<'static>> {
    let style = match release.status {
        ReleaseStatus::Waiting => scene.styles().waiting(),
        _ => scene.styles().timer(),
    };
    let words = match &release.deadline {
        Some(deadline) => countdown::in_short(scene, deadline),
        None if release.status == ReleaseStatus::Waiting => "until you answer".to_owned(),
        None => return None,
    };
    Some(Line::styled(words, style))
}

/// How long releases before it took.
fn usual(scene: Scene<'_>, store: &Store, release: &Release) -> Line<'static> {
    match estimate(scene, store, release) {
        Some(Estimate::Left(seconds, EstimateBasis::Configuration)) => {
            Line::from(scene.quiet(format!("{} or more", time::age(seconds))))
        }
        Some(Estimate::Left(seconds, _)) => {
            Line::from(scene.quiet(format!("about {}", time::age(seconds))))
        }
        Some(Estimate::Over(usual)) => {
            let words = format!("over the usual {}", time::duration(usual));
            Line::styled(words, scene.styles().timer())
        }
        None => scene.nothing(),
    }
}

/// How long a release may still take.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Estimate {
    /// So many seconds are left, and what that follows from.
    Left(i64, EstimateBasis),
    /// It takes longer than the releases before it did; so many seconds are usual.
    Over(i64),
}

pub(crate) fn estimate(scene: Scene<'_>, store: &Store, release: &Release) -> Option<Estimate> {
    let now = scene.now();
    let releases = store.releases.get(&release.service)?;
    let own = releases.iter().position(|other| other.id == release.id);
    let earlier = own
        .and_then(|own| releases.get(own + 1..))
        .unwrap_or(releases);
    if let Some(found) = release::estimate(release, earlier, now) {
        let left = found.at.as_second() - now.as_second();
        return Some(Estimate::Left(left.max(0), found.basis));
    }
    let usual = typical_seconds(earlier, now)?;
    let over = release.duration_seconds(now)? > usual && !release.status.is_over();
    over.then_some(Estimate::Over(usual))
}

/// The revision of a side; its family only where that is not the service's name again.
pub(super) fn name_of(release: &Release, side: Option<&Side>) -> Option<String> {
    let definition = side?.task_definition.as_ref()?;
    let own = definition.family() == release.service.name();
    Some(match definition.revision().filter(|_| own) {
        Some(revision) => format!(":{revision}"),
        None => printable(definition.family_revision()),
    })
}
