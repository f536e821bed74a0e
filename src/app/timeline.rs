//! What happened to a release: ECS's events and the times of its record.

use jiff::Timestamp;

use super::store::Store;
use crate::domain::event_text::{brought_by, happenings};
use crate::domain::release::{Release, StepState};
use crate::domain::text::printable;

/// Seconds around a release within which an event belongs to it.
const SLACK: i64 = 5;

/// What a moment was, for its look.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum MomentKind {
    /// The release began or ended.
    Edge,
    /// Somebody asked for a stop.
    Stop,
    /// The way back began.
    RollBack,
    /// It reached a stage that then failed.
    Failed,
    /// It reached a stage that waits for a person.
    Waits,
    /// Anything else.
    Other,
}

/// Something that happened to a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// What, without control characters.
    pub words: String,
    /// What it was.
    pub kind: MomentKind,
}

/// Everything that is known to have happened to a release, the latest first. `clock` tells a time in
/// words.
pub fn moments(
    store: &Store,
    release: &Release,
    clock: impl Fn(Timestamp) -> String,
) -> Vec<Moment> {
    let mut moments = of_record(store, release);
    moments.extend(events(store, release, clock));
    moments.extend(stages(release));
    moments.sort_by_key(|moment| std::cmp::Reverse(moment.at));
    moments
}

/// The moments that ECS's record of the release names.
fn of_record(store: &Store, release: &Release) -> Vec<Moment> {
    let mut moments = Vec::new();
    let record = store
        .records_of(&release.service)
        .iter()
        .find(|record| Some(&record.arn) == release.record.as_ref());
    let mut add = |at: Option<Timestamp>, words: &str, kind: MomentKind| {
        let words = words.to_owned();
        moments.extend(at.map(|at| Moment { at, words, kind }));
    };
    add(release.started_at, "the release starts", MomentKind::Edge);
    if let Some(record) = record {
        add(record.stopped_at, "a stop is asked for", MomentKind::Stop);
        let why = record
            .rollback_reason
            .as_deref()
            .unwrap_or("no reason given");
        let words = format!("the rollback starts: {}", printable(why));
        add(record.rollback_started_at, &words, MomentKind::RollBack);
    }
    let ended = format!("the release ends: {}", printable(release.status.label()));
    add(release.finished_at, &ended, MomentKind::Edge);
    moments
}

/// When it reached each stage, the first one aside: that is its beginning.
fn stages(release: &Release) -> Vec<Moment> {
    let reached = release.steps.iter().skip(1);
    reached
        .filter_map(|step| {
            let kind = match step.state {
                StepState::Failed => MomentKind::Failed,
                StepState::Waits => MomentKind::Waits,
                _ => MomentKind::Other,
            };
            let seen = if step.exact { "" } else { " seen" };
            let words = format!("stage{seen}: {}", printable(&step.label));
            let at = step.started_at?;
            Some(Moment { at, words, kind })
        })
        .collect()
}

/// ECS's events while the release ran, in few words.
fn events(store: &Store, release: &Release, clock: impl Fn(Timestamp) -> String) -> Vec<Moment> {
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
    let told = happenings(
        events.map(|event| (event.at, event.message.as_str())),
        brought,
    );
    told.into_iter()
        .map(|told| Moment {
            at: told.last,
            words: printable(&told.sentence(&clock)),
            kind: MomentKind::Other,
        })
        .collect()
}
