//! Which rules and listeners send requests to a target group: nothing in ECS names those of a service
//! that somebody outside moves.
//!
//! They are found from the target group: its load balancers, their listeners, the rules of those.
//! This hardly ever changes, and is looked up again after ten minutes, or when one of them is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use aws_sdk_elasticloadbalancingv2::types::Listener;

use super::Aws;
use super::answer::TrafficReading;
use super::cache::RoutesBehind;
use super::call::Pages;
use super::convert::collect;
use super::convert::load_balancers::{listener_weights, rule_weights};
use super::load_balancers::{
    BATCH, DESCRIBE_LISTENERS, DESCRIBE_RULES, DESCRIBE_TARGET_GROUPS, is_about_one,
};
use crate::domain::arn::TargetGroupArn;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::traffic::{RouteArn, Weights};

/// How long what was found is kept.
const KEPT: Duration = Duration::from_mins(10);

/// The ports that production traffic usually comes to, the likeliest first.
const PRODUCTION_PORTS: [i32; 2] = [443, 80];

/// A rule or a listener, with where it stands: those of production come first.
type Route = (Rank, RouteArn, Weights);

/// The place of the listener's port among the usual ones, the port, and the place of the rule.
type Rank = (usize, i32, usize);

impl Aws {
    /// The rules and listeners that send requests to some target groups, those of production first
    /// as far as ports tell.
    pub async fn routes_behind(&self, groups: &[TargetGroupArn]) -> TrafficReading {
        let mut reading = TrafficReading::default();
        let unknown: Vec<TargetGroupArn> = groups
            .iter()
            .filter(|group| self.known_routes(group).is_none())
            .cloned()
            .collect();
        if !unknown.is_empty() {
            match Box::pin(self.find_routes(&unknown)).await {
                Ok(found) => self.keep_routes(found),
                Err(failure) => reading.note(failure),
            }
        }
        for group in groups {
            if let Some(routes) = self.known_routes(group) {
                reading.traffic.behind.insert(group.clone(), routes);
            }
        }
        reading
    }

    fn known_routes(&self, group: &TargetGroupArn) -> Option<Vec<RouteArn>> {
        let caches = self.caches();
        let known = caches.routes_behind.get(group)?;
        (known.at.elapsed() < KEPT).then(|| known.routes.clone())
    }

    fn keep_routes(&self, found: BTreeMap<TargetGroupArn, Vec<RouteArn>>) {
        let mut caches = self.caches();
        let at = Instant::now();
        for (group, routes) in found {
            caches
                .routes_behind
                .insert(group, RoutesBehind { routes, at });
        }
    }

    async fn find_routes(
        &self,
        groups: &[TargetGroupArn],
    ) -> Result<BTreeMap<TargetGroupArn, Vec<RouteArn>>, Failure> {
        let mut balancers = BTreeSet::new();
        for batch in groups.chunks(BATCH) {
            balancers.extend(self.balancers_of(batch).await?);
        }
        let mut routes: Vec<Route> = Vec::new();
        for balancer in balancers {
            for listener in self.listeners_of(&balancer).await? {
                routes.extend(self.routes_of(&listener).await?);
            }
        }
        routes.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
        let behind = |group: &TargetGroupArn| {
            let naming = routes
                .iter()
                .filter(|(_, _, weights)| weights.0.iter().any(|(named, _)| named == group));
            naming.map(|(_, route, _)| route.clone()).collect()
        };
        Ok(groups
            .iter()
            .map(|group| (group.clone(), behind(group)))
            .collect())
    }

    /// The load balancers of target groups. One that is gone has none.
    async fn balancers_of(&self, groups: &[TargetGroupArn]) -> Result<Vec<String>, Failure> {
        match self.describe_balancers_of(groups).await {
            Err(failure) if is_about_one(&failure) && groups.len() > 1 => {
                let mut found = Vec::new();
                for group in groups {
                    match self
                        .describe_balancers_of(std::slice::from_ref(group))
                        .await
                    {
                        Err(failure) if failure.kind == FailureKind::NotFound => {}
                        read => found.extend(read?),
                    }
                }
                Ok(found)
            }
            Err(failure) if failure.kind == FailureKind::NotFound => Ok(Vec::new()),
            read => read,
        }
    }

    async fn describe_balancers_of(
        &self,
        groups: &[TargetGroupArn],
    ) -> Result<Vec<String>, Failure> {
        let arns: Vec<String> = groups.iter().map(ToString::to_string).collect();
        let mut found = Vec::new();
        let mut pages = Pages::of(DESCRIBE_TARGET_GROUPS);
        loop {
            let token = pages.token();
            let answer = self
                .call_spared(DESCRIBE_TARGET_GROUPS, "", |clients| {
                    let request = clients.load_balancers.describe_target_groups();
                    let request = request.set_target_group_arns(Some(arns.clone()));
                    request.set_marker(token).send()
                })
                .await?;
            let named = answer.target_groups().iter();
            found.extend(named.flat_map(|group| group.load_balancer_arns().to_vec()));
            if !pages.more(answer.next_marker)? {
                return Ok(found);
            }
        }
    }

    async fn listeners_of(&self, balancer: &str) -> Result<Vec<Listener>, Failure> {
        let mut found = Vec::new();
        let mut pages = Pages::of(DESCRIBE_LISTENERS);
        loop {
            let token = pages.token();
            let answer = self
                .call_spared(DESCRIBE_LISTENERS, "", |clients| {
                    let request = clients.load_balancers.describe_listeners();
                    let request = request.load_balancer_arn(balancer);
                    request.set_marker(token).send()
                })
                .await?;
            found.extend(answer.listeners.unwrap_or_default());
            if !pages.more(answer.next_marker)? {
                return Ok(found);
            }
        }
    }

    /// The rules of a listener, its default one too. A listener of a network load balancer has no
    /// rules, and counts itself.
    async fn routes_of(&self, listener: &Listener) -> Result<Vec<Route>, Failure> {
        let port = listener.port().unwrap_or_default();
        let usual = PRODUCTION_PORTS.iter().position(|one| *one == port);
        let rank = |place| (usual.unwrap_or(PRODUCTION_PORTS.len()), port, place);
        let arn = listener.listener_arn().unwrap_or_default();
        if !arn.contains("/app/") {
            let own = listener_weights(listener);
            return Ok(own
                .map(|(route, weights)| (rank(0), route, weights))
                .into_iter()
                .collect());
        }
        let mut rules = Vec::new();
        let mut pages = Pages::of(DESCRIBE_RULES);
        loop {
            let token = pages.token();
            let answer = self
                .call_spared(DESCRIBE_RULES, "", |clients| {
                    let request = clients.load_balancers.describe_rules();
                    request.listener_arn(arn).set_marker(token).send()
                })
                .await?;
            rules.extend(collect(answer.rules(), rule_weights));
            if !pages.more(answer.next_marker)? {
                break;
            }
        }
        let places = rules.into_iter().enumerate();
        Ok(places
            .map(|(place, (route, weights))| (rank(place), route, weights))
            .collect())
    }
}
