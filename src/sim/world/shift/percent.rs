//! Parts of traffic, in the tenths of a percent that ECS takes.

use crate::sim::world::ids::RevisionNumber;

/// A part of the traffic: 0 to 100 percent, to a tenth.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u32);

impl Percent {
    /// None of it.
    pub const NONE: Self = Self(0);
    /// All of it.
    pub const ALL: Self = Self(1_000);

    /// This many tenths of a percent; more than all is all.
    pub const fn tenths(tenths: u32) -> Self {
        if tenths > Self::ALL.0 {
            return Self::ALL;
        }
        Self(tenths)
    }

    /// The number that a client sends, if it is a multiple of a tenth from 0 to 100.
    pub fn from_number(number: f64) -> Option<Self> {
        (0..=Self::ALL.0)
            .map(Self)
            .find(|one| (one.number() - number).abs() < 1e-6)
    }

    /// The number that ECS shows, 0.0 to 100.0.
    pub fn number(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// The part that is left.
    #[must_use]
    pub fn rest(self) -> Self {
        Self(Self::ALL.0.saturating_sub(self.0))
    }

    /// What `revision` gets when `target` gets this part and `base` the rest.
    #[must_use]
    pub fn of(
        self,
        revision: RevisionNumber,
        target: RevisionNumber,
        base: Option<RevisionNumber>,
    ) -> Self {
        if revision == target {
            self
        } else if Some(revision) == base {
            self.rest()
        } else {
            Self::NONE
        }
    }

    /// The weights of two target groups that share traffic like this: this part, and the rest.
    /// They sum to 100, or to 1000 where a tenth of a percent matters, since a weight of a load
    /// balancer is a whole number from 0 to 999.
    pub fn weights(self) -> (u32, u32) {
        let rest = self.rest().0;
        if self.0.is_multiple_of(10) {
            (self.0 / 10, rest / 10)
        } else {
            (self.0, rest)
        }
    }
}

/// Equal steps of this size until all is reached; the last one can be smaller.
pub fn equal_steps(size: Percent) -> Vec<Percent> {
    let size = size.0.max(1);
    let count = Percent::ALL.0.div_ceil(size);
    (1..=count)
        .map(|step| Percent::tenths(step.saturating_mul(size)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_equal_and_end_at_all() {
        let shown = |size| -> Vec<f64> {
            let steps = equal_steps(Percent::tenths(size));
            steps.into_iter().map(Percent::number).collect()
        };
        assert_eq!(shown(250), [25.0, 50.0, 75.0, 100.0]);
        assert_eq!(shown(400), [40.0, 80.0, 100.0]);
        assert_eq!(shown(1_000), [100.0]);
        assert_eq!(shown(30).len(), 34);
    }

    #[test]
    fn numbers_are_tenths_of_a_percent() {
        assert_eq!(Percent::from_number(0.1), Some(Percent::tenths(1)));
        assert_eq!(Percent::from_number(33.3), Some(Percent::tenths(333)));
        assert_eq!(Percent::from_number(5.0), Some(Percent::tenths(50)));
        for wrong in [0.05, 100.1, -1.0, f64::NAN] {
            assert_eq!(Percent::from_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn weights_are_whole_and_fit_a_load_balancer() {
        assert_eq!(Percent::tenths(250).weights(), (25, 75));
        assert_eq!(Percent::tenths(333).weights(), (333, 667));
        assert_eq!(Percent::tenths(1).weights(), (1, 999));
        assert_eq!(Percent::ALL.weights(), (100, 0));
        assert_eq!(Percent::NONE.weights(), (0, 100));
    }
}
