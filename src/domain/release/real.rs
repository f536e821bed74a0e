//! What the load balancers really do with the two sides of a release.

use super::{Release, Side};
use crate::domain::traffic::{RouteArn, Traffic};

/// The rules and listeners through which the requests of a release come.
#[derive(Clone, Debug, Default)]
pub(super) struct Routes<'a> {
    /// Of production; the first one that was read counts.
    pub production: Vec<&'a RouteArn>,
    /// Of the test traffic.
    pub test: Vec<&'a RouteArn>,
}

/// Adds the weights and the health of the target group of each side. Where both sides share one, as
/// rolling releases do, there is no share of either. A release that is over gets nothing: what was
/// read last is from while it was under way, and what the load balancers do since is not its doing.
pub(super) fn add(release: &mut Release, routes: &Routes, traffic: &Traffic) {
    if release.status.is_over() {
        return;
    }
    let group = |side: &Option<Side>| side.as_ref().and_then(|side| side.target_group.clone());
    let shared = group(&release.old) == group(&release.new);
    for side in [&mut release.old, &mut release.new].into_iter().flatten() {
        let Some(group) = &side.target_group else {
            continue;
        };
        side.targets = traffic.health.get(group).copied();
        if shared {
            continue;
        }
        let share = |routes: &[&RouteArn]| {
            let mut known = routes
                .iter()
                .filter_map(|route| traffic.weights.get(*route));
            known.next()?.percent(group)
        };
        side.production_real = share(&routes.production);
        side.test_real = share(&routes.test);
    }
}
