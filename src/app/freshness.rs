//! How old what is on screen is, and why it is not newer.

use std::time::Duration;

use super::feed::{FeedMode, log_feed};
use super::interest::visible;
use super::model::Model;
use super::query::{Query, Subscription};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::remote::Remote;

/// The age of what is on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// The screen shows nothing that AWS was asked for.
    Local,
    /// Nothing has been read yet, and nothing went wrong.
    Loading,
    /// Nothing has been read yet, and why.
    Missing(Failure),
    /// It is as new as it is meant to be.
    Live {
        /// Seconds since the oldest part was asked for.
        seconds: i64,
        /// What went wrong when it was asked for again: it will soon be old.
        failing: Option<Failure>,
    },
    /// It is older than it is meant to be, and why, where that is known.
    Stale {
        /// Seconds since the oldest part was asked for.
        seconds: i64,
        /// What went wrong.
        failure: Option<Failure>,
    },
}

/// The age of what is on screen: that of its oldest part. A part that fails is told at once, and
/// makes the screen old only when its age does.
pub fn freshness(model: &Model) -> Freshness {
    let parts: Vec<Part> = visible(model)
        .iter()
        .filter(|wanted| wanted.query != Query::Identity)
        .filter_map(|wanted| part(model, wanted))
        .chain(feed(model))
        .collect();
    // A screen about what is otherwise read beside the rest stands on that alone.
    let alone = parts.iter().all(|part| part.weight == 0);
    let counted = parts.iter().filter(|part| alone || part.weight > 0);
    let aged: Vec<(&Part, i64)> = counted.filter_map(|part| Some((part, part.age?))).collect();
    if parts.is_empty() {
        return Freshness::Local;
    }
    let failing = || {
        let mut told = parts.iter().filter(|part| alone || part.is_told());
        told.find_map(|part| part.failure.clone())
    };
    let stale = aged.iter().filter(|(part, age)| *age > part.patience);
    if let Some((part, seconds)) = stale.max_by_key(|(part, age)| (*age, part.failure.is_some())) {
        return Freshness::Stale {
            seconds: *seconds,
            failure: part.failure.clone().or_else(failing),
        };
    }
    match aged.iter().max_by_key(|(part, age)| (part.weight, *age)) {
        Some((_, seconds)) => Freshness::Live {
            seconds: *seconds,
            failing: failing(),
        },
        None => failing().map_or(Freshness::Loading, Freshness::Missing),
    }
}

/// A question behind the screen.
struct Part {
    /// How much its age says about the screen's; nothing, where it is read rarely by design.
    weight: u8,
    /// Seconds since it was asked for; `None` before the first answer.
    age: Option<i64>,
    /// Seconds from which on it is old.
    patience: i64,
    /// What went wrong since the last good answer.
    failure: Option<Failure>,
}

impl Part {
    /// What is never allowed here, or never there, costs what it would have told and is named among
    /// the errors; the header is for what was answered before and is not any more.
    fn is_told(&self) -> bool {
        let lasting = self.failure.as_ref().is_some_and(|failure| {
            matches!(
                failure.kind,
                FailureKind::AccessDenied | FailureKind::Unsupported | FailureKind::NotFound
            )
        });
        self.weight > 0 || !lasting
    }
}

fn part(model: &Model, wanted: &Subscription) -> Option<Part> {
    let store = model.store(wanted.context)?;
    let state = store.queries.get(&wanted.query);
    let failure = state
        .and_then(Remote::failure)
        .map(|(_, failure)| failure.clone());
    let age = match &wanted.query {
        // Which services are watched together changes all the time; how old each is does not.
        Query::Watch { services, .. } => services
            .iter()
            .map(|service| store.services.get(service)?.age_seconds(model.now))
            .max()
            .flatten(),
        _ => state.and_then(|state| state.age_seconds(model.now)),
    };
    Some(Part {
        weight: weight(&wanted.query),
        age,
        patience: patience(wanted.pace),
        failure,
    })
}

/// What feeds the logs screen: an update comes every second, be it without lines.
fn feed(model: &Model) -> Option<Part> {
    let wanted = log_feed(model)?;
    let state = model.feed_state();
    let failure = match state.map(|state| &state.mode) {
        Some(FeedMode::Reconnecting { why, .. }) => Some(why.clone()),
        _ => None,
    };
    let over = state.is_some_and(|state| state.mode == FeedMode::Complete);
    let heard = state.and_then(|state| state.heard_at);
    let age = heard.map(|heard| model.now.duration_since(heard).as_secs().max(0));
    Some(Part {
        // Where lines come, which tasks there are only tells where to look.
        weight: 3,
        age: if over { Some(0) } else { age },
        patience: patience(wanted.pace),
        failure,
    })
}

/// The sweep over all services is slow by design, and what hardly changes is read rarely: neither
/// makes the screen old. The counts of the clusters only tell where to look: where services are
/// watched as well, the age is that of these.
fn weight(query: &Query) -> u8 {
    match query {
        Query::Services(_)
        | Query::TaskDefinition(_)
        | Query::ServiceDeployments { .. }
        | Query::CodeDeployments { .. }
        | Query::CodeDeployHistory { .. }
        | Query::Traffic { .. }
        | Query::Alarms(_)
        | Query::PipelineStructure(_)
        | Query::ParallelExecutions(_)
        | Query::Tasks { stopped: true, .. } => 0,
        // What an execution was does not change while its pipeline stands still.
        Query::Clusters | Query::PipelineExecutions(_) => 1,
        // Pipelines at rest are read rarely by design.
        Query::Pipelines => 3,
        _ => 2,
    }
}

/// The age, in seconds, from which on data is called stale: three times its pace and a little for
/// the answer.
fn patience(pace: Duration) -> i64 {
    i64::try_from(pace.as_secs()).unwrap_or(i64::MAX / 4) * 3 + 5
}
