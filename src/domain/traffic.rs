//! What load balancers really do: weights of rules, health of targets.

use std::collections::BTreeMap;

use super::arn::TargetGroupArn;

/// The ARN of a listener rule, or of a listener, whose default action counts then.
pub type RouteArn = String;

/// Weights of a listener rule: what share of the requests each target group really gets.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Weights(pub Vec<(TargetGroupArn, u32)>);

impl Weights {
    /// The share of a target group in percent; `None` where all weights are 0, for then nothing is
    /// forwarded. A target group that the rule does not name gets nothing.
    pub fn percent(&self, group: &TargetGroupArn) -> Option<f64> {
        let sum = |only: Option<&TargetGroupArn>| -> f64 {
            let of = |named| only.is_none_or(|only| only == named);
            let weights = self.0.iter().filter(|(named, _)| of(named));
            weights.map(|(_, weight)| f64::from(*weight)).sum()
        };
        let total = sum(None);
        (total > 0.0).then(|| sum(Some(group)) * 100.0 / total)
    }
}

/// Targets of a target group by what their health checks say.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct TargetHealth {
    /// Pass their checks.
    pub healthy: u32,
    /// Fail their checks.
    pub unhealthy: u32,
    /// Have just been registered.
    pub initial: u32,
    /// Get no new requests and finish the old ones.
    pub draining: u32,
    /// In any other state: unused, unavailable, or one that this version does not know.
    pub other: u32,
}

impl TargetHealth {
    /// Targets that are to serve requests.
    pub fn wanted(&self) -> u32 {
        self.healthy + self.unhealthy + self.initial + self.other
    }
}

/// What was last read of the load balancers of a context.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Traffic {
    /// Weights by rule or listener.
    pub weights: BTreeMap<RouteArn, Weights>,
    /// Health by target group.
    pub health: BTreeMap<TargetGroupArn, TargetHealth>,
    /// The rules and listeners that send requests to a target group, those of production first.
    pub behind: BTreeMap<TargetGroupArn, Vec<RouteArn>>,
    /// Target groups by name: CodeDeploy tells only the name.
    pub groups: BTreeMap<String, TargetGroupArn>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str) -> TargetGroupArn {
        TargetGroupArn::new(name)
    }

    #[test]
    fn weights_are_shares_of_their_sum() {
        let weights = Weights(vec![(group("blue"), 3), (group("green"), 1)]);
        assert_eq!(weights.percent(&group("blue")), Some(75.0));
        assert_eq!(weights.percent(&group("green")), Some(25.0));
        assert_eq!(weights.percent(&group("other")), Some(0.0));
    }

    #[test]
    fn weights_that_aws_would_not_take_are_shares_all_the_same() {
        let weights = Weights(vec![(group("blue"), u32::MAX), (group("green"), u32::MAX)]);
        assert_eq!(weights.percent(&group("blue")), Some(50.0));
    }

    #[test]
    fn weights_of_nothing_are_no_share() {
        let weights = Weights(vec![(group("blue"), 0)]);
        assert_eq!(weights.percent(&group("blue")), None);
    }
}
