//! One release: how it goes, its stages, old and new beside each other, why it fails, what differs,
//! and what happened.
//!
//! ```text
//! service · cluster · mechanism   STATUS                      duration
//! cause
//! pipeline
//! stages
//! countdown, estimate
//! breaker
//! ── old ─────────────────────  ── new ────────────────────
//! ── hooks ───────────────────  ── alarms ─────────────────
//! ── differs ──
//! ── lifecycle events ────────
//! ── evidence ────────────────  ── timeline ───────────────
//! ```
//! On a narrow terminal what stands beside each other stands below each other instead; on a low one
//! each part says less, so that the latest of the timeline stays in sight.

mod alarms;
mod differences;
mod events;
mod evidence;
mod hooks;
mod pipeline;
mod sides;
mod stages;
mod timeline;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::countdown;
use super::releases::cause;
use super::scene::Scene;
use super::status;
use super::widgets::pieces::{self, Piece};
use super::widgets::{beside, document, gauge, text, time};
use crate::app::store::Store;
use crate::domain::arn::ServiceArn;
use crate::domain::context::Scoped;
use crate::domain::release::{Release, ReleaseId, ReleaseStatus, Warning};
use crate::domain::text::printable;

/// From this width on two columns stand beside each other.
const WIDE: usize = 96;
/// Below this height of the body each part says less.
const LOW: u16 = 28;

/// What the terminal leaves room for.
#[derive(Copy, Clone)]
struct Shape {
    /// Columns.
    room: usize,
    /// Whether two parts stand beside each other.
    wide: bool,
    /// Whether lines are scarce.
    low: bool,
}

impl Shape {
    /// Columns of one of two parts.
    fn part(self) -> usize {
        if self.wide {
            beside::half(self.room)
        } else {
            self.room
        }
    }
}
pub(crate) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    service: &Scoped<ServiceArn>,
    id: Option<&ReleaseId>,
) -> usize {
    let found = scene
        .model
        .store(service.context)
        .and_then(|store| find(store, &service.id, id).map(|release| (store, release)));
    let Some((store, release)) = found else {
        let nothing = "this release is not known: the service is gone, or ECS has forgotten it";
        super::empty::draw(
            scene,
            area,
            buf,
            nothing,
            ":releases leads back to the board",
        );
        return 0;
    };
    let inner = Rect::new(
        area.x + 1,
        area.y,
        area.width.saturating_sub(2),
        area.height,
    );
    let room = usize::from(inner.width);
    let shape = Shape {
        room,
        wide: room >= WIDE,
        low: area.height < LOW,
    };
    let lines = lines(scene, shape, store, release);
    document::draw(scene, inner, buf, lines, scene.page().scroll)
}

fn find<'a>(store: &'a Store, service: &ServiceArn, id: Option<&ReleaseId>) -> Option<&'a Release> {
    match id {
        None => store.newest_release(service),
        Some(id) => {
            let mut releases = store.releases.get(service)?.iter();
            releases.find(|release| release.id == *id)
        }
    }
}

/// The whole screen as text.
fn lines(scene: Scene<'_>, shape: Shape, store: &Store, release: &Release) -> Vec<Line<'static>> {
    let mut lines = vec![header(scene, shape.room, release)];
    lines.extend(reason(scene, shape, store, release));
    let context = store.context.id;
    lines.extend(pipeline::lines(scene, shape.room, release, context));
    lines.extend(warnings(scene, shape, release));
    lines.extend(stages::lines(scene, shape, release));
    lines.extend(countdown::lines(scene, shape.room, store, release));
    lines.extend(breaker(scene, release));
    if !shape.low {
        lines.push(Line::default());
    }
    let part = shape.part();
    lines.extend(sides::lines(scene, shape, store, release));
    let hooks = hooks::lines(scene, shape, store, release);
    let alarms = alarms::lines(scene, shape, release);
    if hooks.is_empty() || alarms.is_empty() {
        let whole = Shape {
            wide: false,
            ..shape
        };
        lines.extend(hooks::lines(scene, whole, store, release));
        lines.extend(alarms::lines(scene, whole, release));
    } else {
        lines.extend(beside::arrange(hooks, alarms, shape.wide, part));
    }
    lines.extend(differences::lines(scene, shape, store, release));
    let events = events::lines(scene, shape, release);
    let evidence = events
        .into_iter()
        .chain(evidence::lines(scene, shape, store, release))
        .collect::<Vec<_>>();
    if evidence.is_empty() {
        lines.extend(timeline::lines(scene, shape.room, store, release));
    } else {
        let timeline = timeline::lines(scene, part, store, release);
        lines.extend(beside::arrange(evidence, timeline, shape.wide, part));
    }
    lines
}

/// Service and state always; the rest as far as there is room.
fn header(scene: Scene<'_>, room: usize, release: &Release) -> Line<'static> {
    let mark = status::of_release(scene, release, true);
    let dot = format!("{} ", scene.symbols().dot);
    let now = scene.now();
    let took = release.duration_seconds(now).map(time::duration);
    let words = match (took, release.finished_at) {
        (Some(took), Some(at)) => format!("took {took}, ended {}", time::ago(at, now)),
        (Some(took), None) => format!("for {took}"),
        (None, _) => String::new(),
    };
    let by = release.started_by.as_deref().map(|who| {
        let words = format!("{dot}started by {}", printable(who));
        Piece::new(4, vec![scene.quiet(words)])
    });
    let name = Span::styled(printable(release.service.name()), scene.styles().title());
    let state = format!("{} {}", mark.symbol, mark.word.to_uppercase());
    let quiet = |words: &str| vec![scene.quiet(format!("{dot}{}", printable(words)))];
    let mut pieces = vec![
        Piece::new(0, vec![name]),
        Piece::new(3, quiet(release.cluster.name())),
        Piece::new(2, quiet(release.mechanism.label())),
        Piece::new(0, vec![Span::raw("  "), Span::styled(state, mark.style)]),
    ];
    pieces.extend(by);
    pieces.push(Piece::new(1, vec![scene.plain(words)]).at_right());
    let chosen = pieces::choose(pieces, room, 1);
    let gap = room.saturating_sub(pieces::total(&chosen, 1));
    let mut spans = Vec::new();
    for piece in chosen {
        if piece.right {
            spans.push(Span::raw(" ".repeat(gap)));
        }
        if !spans.is_empty() {
            spans.push(Span::raw(" "));
        }
        spans.extend(piece.spans);
    }
    Line::from(spans)
}

/// Why it is as it is: the cause in one line at the top, then AWS's own words where they say more.
fn reason(scene: Scene<'_>, shape: Shape, store: &Store, release: &Release) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let wrong = release.has_failures()
        || matches!(
            release.status,
            ReleaseStatus::Failed
                | ReleaseStatus::RollingBack
                | ReleaseStatus::RolledBack
                | ReleaseStatus::RollbackFailed
        );
    if wrong && let Some(words) = cause(store, release) {
        let mut words = paragraph(scene, shape.room, &words, wrong);
        words.truncate(if shape.low { 2 } else { 4 });
        lines.extend(words);
    }
    let newest = store.newest_release(&release.service) == Some(release);
    let diagnosed = newest && store.diagnoses.contains_key(&release.service);
    if let Some(reason) = &release.reason
        && (diagnosed || !wrong)
        && !shape.low
    {
        lines.extend(paragraph(scene, shape.room, &printable(reason), false));
    }
    lines
}

fn paragraph(scene: Scene<'_>, room: usize, words: &str, wrong: bool) -> Vec<Line<'static>> {
    let (symbol, style) = if wrong {
        (scene.symbols().branch, scene.styles().failed())
    } else {
        (" ", scene.styles().quiet())
    };
    text::wrap(words, room.saturating_sub(2))
        .into_iter()
        .enumerate()
        .map(|(place, line)| {
            let lead = if place == 0 { symbol } else { " " };
            Line::from(vec![
                scene.quiet(format!("{lead} ")),
                Span::styled(line, style),
            ])
        })
        .collect()
}

/// What is wrong while it is under way. What fired before it began is told among the alarms.
fn warnings(scene: Scene<'_>, shape: Shape, release: &Release) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for warning in super::releases::warnings(release) {
        if matches!(warning, Warning::AlarmIgnored(_)) && shape.low {
            continue;
        }
        let words = format!("{} {}", scene.symbols().warning, printable(&warning.text()));
        let style = status::style_of_warning(scene, warning);
        lines.push(Line::styled(scene.fit(&words, shape.room), style));
    }
    lines
}

/// How near the circuit breaker is.
fn breaker(scene: Scene<'_>, release: &Release) -> Option<Line<'static>> {
    let styles = scene.styles();
    let breaker = release.breaker?;
    let style = if breaker.failures > 0 {
        styles.failed()
    } else {
        styles.gauge_full()
    };
    let columns = usize::try_from(breaker.threshold.min(10)).unwrap_or(10);
    let mut spans = vec![scene.quiet("  breaker ")];
    spans.extend(gauge::bar(
        breaker.failures.into(),
        breaker.threshold.into(),
        columns,
        scene.symbols(),
        style,
        styles.gauge_empty(),
    ));
    let words = format!(" {} of {} failures", breaker.failures, breaker.threshold);
    spans.push(scene.plain(words));
    if breaker.tripped {
        spans.push(Span::styled(", TRIPPED", styles.failed()));
    }
    Some(Line::from(spans))
}
