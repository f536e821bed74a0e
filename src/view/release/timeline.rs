//! What happened to a release, the latest on top: ECS's events and the times of its record.

use jiff::Timestamp;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::store::Store;
use crate::domain::event_text::{brought_by, happenings};
use crate::domain::release::{Release, StepState};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::text;
use crate::view::widgets::time;

/// Seconds around a release within which an event belongs to it.
const SLACK: i64 = 5;

/// A heading and everything that is known to have happened.
pub(super) fn lines(
    scene: Scene<'_>,
    room: usize,
    store: &Store,
    release: &Release,
) -> Vec<Line<'static>> {
    let mut moments = of_record(scene, store, release);
    moments.extend(events(scene, store, release));
    moments.extend(stages(scene, release));
    moments.sort_by_key(|(at, _, _)| std::cmp::Reverse(*at));
    let mut lines = vec![scene.heading("timeline, the latest first", room)];
    if moments.is_empty() {
        lines.push(Line::from(scene.quiet("  ECS has told nothing yet")));
    }
    for (at, words, style) in moments {
        lines.extend(moment(scene, room, at, &words, style));
    }
    lines
}

type Moment = (Timestamp, String, Style);

/// The moments that ECS's record of the release names.
fn of_record(scene: Scene<'_>, store: &Store, release: &Release) -> Vec<Moment> {
    let styles = scene.styles();
    let mut moments = Vec::new();
    let record = store
        .records_of(&release.service)
        .iter()
        .find(|record| Some(&record.arn) == release.record.as_ref());
    let mut add = |at: Option<Timestamp>, words: &str, style: Style| {
        moments.extend(at.map(|at| (at, words.to_owned(), style)));
    };
    add(release.started_at, "the release starts", styles.title());
    if let Some(record) = record {
        add(record.stopped_at, "a stop is asked for", styles.stopped());
        let why = record
            .rollback_reason
            .as_deref()
            .unwrap_or("no reason given");
        let words = format!("the rollback starts: {}", printable(why));
        add(record.rollback_started_at, &words, styles.rolling_back());
    }
    let ended = format!("the release ends: {}", printable(release.status.label()));
    add(release.finished_at, &ended, styles.title());
    moments
}

/// When it reached each stage, the first one aside: that is its beginning.
fn stages(scene: Scene<'_>, release: &Release) -> Vec<Moment> {
    let styles = scene.styles();
    let reached = release.steps.iter().skip(1);
    reached
        .filter_map(|step| {
            let style = match step.state {
                StepState::Failed => styles.failed(),
                StepState::Waits => styles.waiting(),
                _ => styles.text(),
            };
            let seen = if step.exact { "" } else { " seen" };
            let words = format!("stage{seen}: {}", printable(&step.label));
            Some((step.started_at?, words, style))
        })
        .collect()
}

/// ECS's events while the release ran, in few words.
fn events(scene: Scene<'_>, store: &Store, release: &Release) -> Vec<Moment> {
    let begin = release.started_at.map(Timestamp::as_second);
    let end = release.finished_at.map(Timestamp::as_second);
    let within = |at: Timestamp| {
        let at = at.as_second();
        begin.is_some_and(|begin| at + SLACK >= begin) && end.is_none_or(|end| at <= end + SLACK)
    };
    let events = store.events_of(&release.service).iter();
    let events = events.filter(|event| within(event.at));
    let service = store.service(&release.service);
    let brought = |id: &str| service.and_then(|service| brought_by(service, id));
    let style = scene.styles().text();
    happenings(
        events.map(|event| (event.at, event.message.as_str())),
        brought,
    )
    .into_iter()
    .map(|told| {
        let clock = |at| time::clock_or_date(at, scene.now(), scene.zone());
        (told.last, printable(&told.sentence(clock)), style)
    })
    .collect()
}

fn moment(
    scene: Scene<'_>,
    room: usize,
    at: Timestamp,
    words: &str,
    style: Style,
) -> Vec<Line<'static>> {
    let clock = time::clock_or_date(at, scene.now(), scene.zone());
    let indent = text::width(&clock) + 3;
    text::wrap(words, room.saturating_sub(indent))
        .into_iter()
        .enumerate()
        .map(|(place, piece)| {
            let lead = if place == 0 {
                scene.quiet(format!("  {clock} "))
            } else {
                Span::raw(" ".repeat(indent))
            };
            Line::from(vec![lead, Span::styled(piece, style)])
        })
        .collect()
}
