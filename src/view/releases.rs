//! The board: what is in flight, the worst on top, then what is over.

mod next;
mod place;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

pub(crate) use self::next::{Estimate, estimate};
use self::next::{name_of, next};
use self::place::{stage_words, strategy, traffic};
use super::scene::Scene;
use super::status;
use super::widgets::table::{self, Column, Row};
use super::widgets::text::{self, Cut};
use super::widgets::{gauge, time};
use crate::app::row::RowId;
use crate::app::store::Store;
use crate::app::summary::{is_fault, stands};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::release::{Release, ReleaseStatus, Side, Warning};
use crate::domain::text::{count, printable};

const COLUMNS: [Column; 10] = [
    Column::text("status", 0, 17, 20),
    Column::text("service", 0, 12, 40),
    Column::text("cluster", 7, 9, 24),
    Column::text("strategy", 6, 11, 16),
    Column::text("stage", 1, 12, 24),
    Column::text("progress", 9, 10, 10).optional(),
    Column::text("traffic", 3, 10, 20).optional(),
    Column::text("tasks", 0, 12, 14).optional(),
    Column::text("age", 4, 6, 10),
    Column::text("next", 2, 11, 40).whole(),
];

/// Columns of a gauge.
const GAUGE: usize = 10;
/// Warnings that are shown below a release; its own screen has them all.
const WARNINGS: usize = 2;
/// From this width on the bar of the traffic has its full width.
const WIDEST: u16 = 140;
/// From this width on the columns say it all, and the row under the cursor needs no second line.
const WIDE: u16 = 100;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    let list = scene.list();
    if list.rows.is_empty() {
        let clusters = |store: &Store| !store.clusters.is_empty();
        let (nothing, next) = if scene.model.contexts.iter().any(clusters) {
            (
                "no release is in flight, and none ended in the last 24 hours",
                ":services lists what runs",
            )
        } else {
            (
                "there are no clusters in this account and Region",
                "--region names another Region, --profile another account",
            )
        };
        super::empty::draw(scene, area, buf, nothing, next);
        return;
    }
    table::draw(scene, area, buf, &COLUMNS, |place| {
        Some(row(scene, area.width, place))
    });
}

/// The release that a row names.
pub(crate) fn at(scene: Scene<'_>, place: usize) -> Option<(&Store, &Release)> {
    match scene.list().rows.get(place)? {
        RowId::Release(context, service, id) => {
            let store = scene.model.store(*context)?;
            let releases = store.releases.get(service)?;
            let release = releases.iter().find(|release| release.id == *id)?;
            Some((store, release))
        }
        _ => None,
    }
}

/// Over, and nobody has to look at it.
fn is_quiet(store: &Store, release: &Release) -> bool {
    !stands(release, is_newest(store, release))
}

/// Whether no newer release of the service has come since.
pub(crate) fn is_newest(store: &Store, release: &Release) -> bool {
    let newest = store.newest_release(&release.service);
    newest.is_some_and(|newest| newest.id == release.id)
}

fn row(scene: Scene<'_>, width: u16, place: usize) -> Row {
    let Some((store, release)) = at(scene, place) else {
        return Row::of(vec![scene.nothing()]);
    };
    let mut row = Row::of(if is_quiet(store, release) {
        finished(scene, width, store, release)
    } else {
        in_flight(scene, width, store, release)
    });
    row.above = heading(scene, usize::from(width), place, is_quiet(store, release));
    row.below = explanations(scene, usize::from(width), store, release);
    if place == scene.list().position() && width < WIDE {
        row.below.push(longer_facts(scene, release));
    }
    row
}

/// In the board's own order, a line between what is in flight and what is over.
fn heading(scene: Scene<'_>, width: usize, place: usize, quiet: bool) -> Option<Line<'static>> {
    let own_order = scene.list().sort == crate::app::list::Sort::default();
    if !own_order || !quiet {
        return None;
    }
    let before = place.checked_sub(1);
    let words = match before {
        None => "nothing in flight, finished in the last 24 hours",
        Some(before)
            if at(scene, before).is_some_and(|(store, release)| !is_quiet(store, release)) =>
        {
            "finished in the last 24 hours"
        }
        Some(_) => return None,
    };
    Some(scene.heading(words, width.saturating_sub(2)))
}

fn in_flight(scene: Scene<'_>, width: u16, store: &Store, release: &Release) -> Vec<Line<'static>> {
    let styles = scene.styles();
    // Of one that is over and still stands it matters when it ended, not how long it took.
    let (stage, age) = match release.finished_at {
        Some(at) => (time::ago(at, scene.now()), String::new()),
        None => {
            let age = release.duration_seconds(scene.now()).map(time::age);
            (stage_words(release, width), age.unwrap_or_default())
        }
    };
    vec![
        status::of_release(scene, release, true).line(),
        Line::from(Span::styled(
            printable(release.service.name()),
            styles.text(),
        )),
        Line::from(scene.quiet(printable(release.cluster.name()))),
        Line::from(scene.quiet(strategy(release, width))),
        Line::from(scene.plain(printable(&stage))),
        progress(scene, release),
        traffic(scene, width, release),
        tasks(scene, release),
        Line::from(scene.plain(age)),
        next(scene, store, release),
    ]
}

/// How much of the new side runs where no traffic is shifted, or on the way back how much of the old one.
fn progress(scene: Scene<'_>, release: &Release) -> Line<'static> {
    let share = |side: &Option<Side>| side.as_ref().and_then(|side| side.production_percent);
    let shifts = share(&release.new).is_some() || share(&release.old).is_some();
    if release.status.is_over() || shifts {
        return Line::default();
    }
    let back = release.status == ReleaseStatus::RollingBack;
    let (side, style) = if back {
        (release.old.as_ref(), scene.styles().rolling_back())
    } else {
        (release.new.as_ref(), scene.styles().gauge_full())
    };
    let share = side.and_then(|side| match (side.running, side.desired) {
        (Some(running), Some(desired)) if desired > 0 => {
            Some((f64::from(running), f64::from(desired)))
        }
        _ => None,
    });
    match share {
        Some((part, whole)) => Line::from(gauge::bar(
            part,
            whole,
            GAUGE,
            scene.symbols(),
            style,
            scene.styles().gauge_empty(),
        )),
        None => Line::default(),
    }
}

/// Tasks that are left of what goes, and how many run of what comes: on the way back that is the old
/// side.
pub(crate) fn tasks(scene: Scene<'_>, release: &Release) -> Line<'static> {
    let running = |side: &Side| side.running.map_or("?".to_owned(), |n| n.to_string());
    let of = |side: &Side| match side.desired {
        Some(desired) => format!("{}/{desired}", running(side)),
        None => running(side),
    };
    let old = (release.old.as_ref(), scene.styles().old_side());
    let new = (release.new.as_ref(), scene.styles().new_side());
    let ((goes, going), (comes, coming)) = match release.status {
        ReleaseStatus::RollingBack => (new, old),
        _ => (old, new),
    };
    let goes = goes.map(|side| Span::styled(running(side), going));
    let comes = comes.map(|side| Span::styled(of(side), coming));
    match (goes, comes) {
        (Some(goes), Some(comes)) => {
            let arrow = scene.quiet(format!(" {} ", scene.symbols().arrow));
            Line::from(vec![goes, arrow, comes])
        }
        (goes, comes) => goes.into_iter().chain(comes).collect(),
    }
}

/// What a release that is over leaves behind, in one quiet line.
fn finished(scene: Scene<'_>, width: u16, store: &Store, release: &Release) -> Vec<Line<'static>> {
    let quiet = |words: String| Line::from(scene.quiet(words));
    let took = release
        .duration_seconds(scene.now())
        .map(|seconds| match width {
            ..WIDEST => time::duration(seconds),
            _ => format!("in {}", time::duration(seconds)),
        })
        .unwrap_or_default();
    let ended = release
        .finished_at
        .map(|at| time::ago(at, scene.now()))
        .unwrap_or_default();
    let stays = matches!(
        release.status,
        ReleaseStatus::RolledBack | ReleaseStatus::Stopped
    );
    let runs = match release.status {
        ReleaseStatus::Superseded => Some("a newer one came".to_owned()),
        _ if stays => name_of(release, release.old.as_ref()).map(|name| format!("stays on {name}")),
        _ => name_of(release, release.new.as_ref()).map(|name| format!("on {name}")),
    };
    vec![
        status::of_release(scene, release, is_newest(store, release)).line(),
        quiet(printable(release.service.name())),
        quiet(printable(release.cluster.name())),
        quiet(printable(release.mechanism.label())),
        quiet(ended),
        Line::default(),
        Line::default(),
        Line::default(),
        quiet(took),
        quiet(runs.unwrap_or_default()),
    ]
}

/// What is wrong, without what AWS gives as the reason anyway once a release goes back.
pub(crate) fn warnings(release: &Release) -> impl Iterator<Item = &Warning> {
    let told = release.status == ReleaseStatus::RollingBack && release.reason.is_some();
    release.warnings.iter().filter(move |warning| {
        let is_cause = matches!(warning, Warning::HookFailed(_) | Warning::AlarmFired(_));
        !(told && is_cause)
    })
}

/// Why it fails, below a release that does.
fn explanations(
    scene: Scene<'_>,
    width: usize,
    store: &Store,
    release: &Release,
) -> Vec<Line<'static>> {
    let newest = is_newest(store, release);
    let room = width.saturating_sub(6);
    let fit = |words: &str| text::fit(words, room, Cut::End, scene.symbols().ellipsis);
    let shown = warnings(release).filter(|_| newest);
    let mut lines: Vec<Line<'static>> = shown
        .filter(|warning| !matches!(warning, Warning::AlarmIgnored(_)))
        .take(WARNINGS)
        .map(|warning| {
            let words = fit(&printable(&warning.text()));
            branch(scene, words, status::style_of_warning(scene, warning))
        })
        .collect();
    if !(stands(release, newest) && is_fault(release, newest)) {
        return lines;
    }
    let breaker = release
        .breaker
        .filter(|breaker| breaker.failures > 0)
        .map(|breaker| format!("breaker {}/{}", breaker.failures, breaker.threshold));
    let words: Vec<String> = breaker.into_iter().chain(cause(store, release)).collect();
    if !words.is_empty() {
        let words = fit(&words.join(": "));
        lines.insert(0, branch(scene, words, scene.styles().failed()));
    }
    lines
}

/// The cause as the stopped tasks tell it, or else AWS's words where they are about an end.
pub(crate) fn cause(store: &Store, release: &Release) -> Option<String> {
    let newest = is_newest(store, release);
    let diagnosis = store.diagnoses.get(&release.service).filter(|_| newest);
    let told = || match release.status {
        ReleaseStatus::Pending | ReleaseStatus::InProgress => {
            let failed = release.new.as_ref()?.failed? as usize;
            let tasks = count(failed, "task");
            Some(format!("{tasks} failed to start, why is not known yet"))
        }
        _ => release.reason.clone(),
    };
    let words = diagnosis
        .map(|diagnosis| diagnosis.headline.clone())
        .or_else(told)?;
    Some(printable(&words))
}

fn branch(scene: Scene<'_>, words: String, style: Style) -> Line<'static> {
    Line::from(vec![
        scene.quiet(format!("  {} ", scene.symbols().branch)),
        Span::styled(words, style),
    ])
}

/// What the columns leave out on a narrow terminal.
fn longer_facts(scene: Scene<'_>, release: &Release) -> Line<'static> {
    let running = match release.finished_at {
        Some(_) => None,
        None => release.duration_seconds(scene.now()),
    };
    let words = [
        printable(release.cluster.name()),
        strategy(release, WIDEST),
        change(scene, release),
        running.map_or_else(String::new, |seconds| {
            format!("for {}", time::duration(seconds))
        }),
    ];
    let words: Vec<String> = words.into_iter().filter(|w| !w.is_empty()).collect();
    let separator = format!(" {} ", scene.symbols().dot);
    Line::from(scene.quiet(format!("    {}", words.join(&separator))))
}

/// From which revision to which.
pub(crate) fn change(scene: Scene<'_>, release: &Release) -> String {
    let definition = |side: &Option<Side>| -> Option<TaskDefinitionArn> {
        side.as_ref().and_then(|side| side.task_definition.clone())
    };
    let arrow = scene.symbols().arrow;
    match (definition(&release.old), definition(&release.new)) {
        (Some(old), Some(new)) if old == new => {
            printable(&format!("{} again", new.family_revision()))
        }
        (Some(old), Some(new)) if old.family() == new.family() => {
            let number = |arn: &TaskDefinitionArn| arn.revision().unwrap_or_default();
            printable(&format!(
                "{}:{} {arrow} {}",
                new.family(),
                number(&old),
                number(&new)
            ))
        }
        (Some(old), Some(new)) => printable(&format!(
            "{} {arrow} {}",
            old.family_revision(),
            new.family_revision()
        )),
        (None, Some(new)) => printable(new.family_revision()),
        (Some(old), None) => printable(old.family_revision()),
        (None, None) => String::new(),
    }
}
