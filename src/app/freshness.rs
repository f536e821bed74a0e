//! How old what is on screen is, and why it is not newer.

use std::time::Duration;

use super::interest::visible;
use super::model::Model;
use super::query::{Query, Subscription};
use crate::domain::failure::Failure;
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
    },
    /// It is older than it is meant to be, and why, where that is known.
    Stale {
        /// Seconds since the oldest part was asked for.
        seconds: i64,
        /// What went wrong.
        failure: Option<Failure>,
    },
}

/// The age of what is on screen: that of its oldest part.
pub fn freshness(model: &Model) -> Freshness {
    visible(model)
        .iter()
        .filter(|wanted| counts(&wanted.query))
        .map(|part| of_part(model, part))
        .max_by_key(rank)
        .unwrap_or(Freshness::Local)
}

/// The sweep over all services is slow by design, and what hardly changes is read rarely: neither
/// makes the screen old.
fn counts(query: &Query) -> bool {
    !matches!(
        query,
        Query::Identity
            | Query::Services(_)
            | Query::TaskDefinition(_)
            | Query::ServiceDeployments { .. }
            | Query::Tasks { stopped: true, .. }
    )
}

/// The worse, the higher; of two that are equally old the one whose cause is known.
fn rank(part: &Freshness) -> (u8, i64, bool) {
    match part {
        Freshness::Local => (0, 0, false),
        Freshness::Live { seconds } => (1, *seconds, false),
        Freshness::Loading => (2, 0, false),
        Freshness::Stale { seconds, failure } => (3, *seconds, failure.is_some()),
        Freshness::Missing(_) => (4, 0, true),
    }
}

fn of_part(model: &Model, part: &Subscription) -> Freshness {
    let Some(store) = model.store(part.context) else {
        return Freshness::Loading;
    };
    let state = store.queries.get(&part.query);
    let failure = state
        .and_then(Remote::failure)
        .map(|(_, failure)| failure.clone());
    let age = match &part.query {
        // Which services are watched together changes all the time; how old each is does not.
        Query::Watch { services, .. } => services
            .iter()
            .map(|service| store.services.get(service)?.age_seconds(model.now))
            .max()
            .flatten(),
        _ => state.and_then(|state| state.age_seconds(model.now)),
    };
    match (age, failure) {
        (None, Some(failure)) => Freshness::Missing(failure),
        (None, None) => Freshness::Loading,
        (Some(seconds), Some(failure)) => Freshness::Stale {
            seconds,
            failure: Some(failure),
        },
        (Some(seconds), None) if seconds > patience(part.pace) => Freshness::Stale {
            seconds,
            failure: None,
        },
        (Some(seconds), None) => Freshness::Live { seconds },
    }
}

/// The age, in seconds, from which on data is called stale: three times its pace and a little for
/// the answer.
fn patience(pace: Duration) -> i64 {
    i64::try_from(pace.as_secs()).unwrap_or(i64::MAX / 4) * 3 + 5
}
