//! A value that lives elsewhere: the last good copy, how old it is, and what went wrong since.

use jiff::Timestamp;

use super::failure::Failure;

/// The last good value, when it was read, and the last error if that came later.
///
/// A failed read never takes the value away: the screen goes on showing it, marked as old.
#[derive(Clone, Debug, PartialEq)]
pub struct Remote<T> {
    value: Option<T>,
    fetched_at: Option<Timestamp>,
    failure: Option<(Timestamp, Failure)>,
}

impl<T> Default for Remote<T> {
    fn default() -> Self {
        Self {
            value: None,
            fetched_at: None,
            failure: None,
        }
    }
}

impl<T> Remote<T> {
    /// A value read at a time.
    pub fn fresh(value: T, at: Timestamp) -> Self {
        Self {
            value: Some(value),
            fetched_at: Some(at),
            failure: None,
        }
    }

    /// Takes in a new value; the last error is over.
    pub fn succeed(&mut self, value: T, at: Timestamp) {
        *self = Self::fresh(value, at);
    }

    /// Takes in a failure; the value stays.
    pub fn fail(&mut self, failure: Failure, at: Timestamp) {
        self.failure = Some((at, failure));
    }

    /// The last good value.
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The last good value, to be changed in place (for instance while pages arrive).
    pub fn value_mut(&mut self) -> Option<&mut T> {
        self.value.as_mut()
    }

    /// When the last good value was read.
    pub fn fetched_at(&self) -> Option<Timestamp> {
        self.fetched_at
    }

    /// What went wrong since the last good value, and when.
    pub fn failure(&self) -> Option<&(Timestamp, Failure)> {
        self.failure.as_ref()
    }

    /// Whole seconds since the last good value was read; `None` when there is none.
    pub fn age_seconds(&self, now: Timestamp) -> Option<i64> {
        self.fetched_at
            .map(|at| (now.as_second() - at.as_second()).max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::FailureKind;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_failure_keeps_the_value_and_a_success_ends_the_failure() {
        let mut remote = Remote::fresh(1, at(10));
        let failure = Failure {
            call: "ecs:ListClusters".into(),
            kind: FailureKind::Timeout,
            code: None,
            message: "no answer".into(),
            request_id: None,
        };
        remote.fail(failure, at(20));
        assert_eq!(remote.value(), Some(&1));
        assert!(remote.failure().is_some());
        assert_eq!(remote.age_seconds(at(25)), Some(15));
        remote.succeed(2, at(30));
        assert_eq!((remote.value(), remote.failure()), (Some(&2), None));
    }
}
