//! Load balancers: the weights of rules and listeners, and the health of targets.
//!
//! Each of the three is a source of its own: where one cannot be read, the others still tell.

use futures_util::{StreamExt as _, stream};

use super::Aws;
use super::answer::TrafficReading;
use super::budget::Group;
use super::call::{Operation, Pages};
use super::convert::collect;
use super::convert::load_balancers::{listener_weights, rule_weights, target_health};
use crate::domain::arn::TargetGroupArn;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::traffic::{RouteArn, TargetHealth, Weights};

pub(super) const DESCRIBE_RULES: Operation = Operation::new(
    "elasticloadbalancing:DescribeRules",
    Group::LoadBalancerReads,
);
pub(super) const DESCRIBE_LISTENERS: Operation = Operation::new(
    "elasticloadbalancing:DescribeListeners",
    Group::LoadBalancerReads,
);
pub(super) const DESCRIBE_TARGET_GROUPS: Operation = Operation::new(
    "elasticloadbalancing:DescribeTargetGroups",
    Group::LoadBalancerReads,
);
const DESCRIBE_TARGET_HEALTH: Operation = Operation::new(
    "elasticloadbalancing:DescribeTargetHealth",
    Group::LoadBalancerReads,
);

/// ARNs or names in one call. AWS names no limit for these calls and 20 for others of the kind.
pub(super) const BATCH: usize = 20;

/// Target groups on their way at once.
const AT_ONCE: usize = 4;

/// What has weights.
#[derive(Copy, Clone)]
enum Kind {
    /// A rule of a listener.
    Rule,
    /// A listener, by its default action.
    Listener,
}

type RoutesRead = Result<Vec<(RouteArn, Weights)>, Failure>;

impl Aws {
    /// The weights of routes, the health of target groups, and the target groups that have these
    /// names. What is not there any more is in `gone`; `unread` says why something else is missing.
    pub async fn traffic(
        &self,
        routes: &[RouteArn],
        groups: &[TargetGroupArn],
        names: &[String],
    ) -> TrafficReading {
        let mut reading = TrafficReading::default();
        let is_rule = |arn: &&RouteArn| arn.contains(":listener-rule/");
        let rules: Vec<RouteArn> = routes.iter().filter(is_rule).cloned().collect();
        let listeners: Vec<RouteArn> = routes.iter().filter(|arn| !is_rule(arn)).cloned().collect();
        for (kind, routes) in [(Kind::Rule, rules), (Kind::Listener, listeners)] {
            for batch in routes.chunks(BATCH) {
                self.read_weights(kind, batch, &mut reading).await;
            }
        }
        if !reading.gone.is_empty() {
            // What leads to a rule that is gone leads to another one by now.
            self.caches().routes_behind.clear();
        }
        self.read_names(names, &mut reading).await;
        self.read_health(groups, &mut reading).await;
        reading
    }

    async fn read_weights(&self, kind: Kind, batch: &[RouteArn], reading: &mut TrafficReading) {
        match self.describe_weights(kind, batch).await {
            Err(failure) if is_about_one(&failure) && batch.len() > 1 => {
                for arn in batch {
                    let one = self.describe_weights(kind, std::slice::from_ref(arn)).await;
                    reading.add_weights(std::slice::from_ref(arn), one);
                }
            }
            read => reading.add_weights(batch, read),
        }
    }

    async fn describe_weights(&self, kind: Kind, arns: &[RouteArn]) -> RoutesRead {
        match kind {
            Kind::Rule => self.describe_rules(arns).await,
            Kind::Listener => self.describe_listeners(arns).await,
        }
    }

    async fn describe_rules(&self, arns: &[RouteArn]) -> RoutesRead {
        let mut weights = Vec::new();
        let mut pages = Pages::of(DESCRIBE_RULES);
        loop {
            let token = pages.token();
            let answer = self
                .call_spared(DESCRIBE_RULES, "", |clients| {
                    let request = clients.load_balancers.describe_rules();
                    let request = request.set_rule_arns(Some(arns.to_vec()));
                    request.set_marker(token).send()
                })
                .await?;
            weights.extend(collect(answer.rules(), rule_weights));
            if !pages.more(answer.next_marker)? {
                return Ok(weights);
            }
        }
    }

    /// The weights of the default actions. A listener whose default action does not forward sends
    /// its traffic by its rules: then those of the first rule that forwards count.
    async fn describe_listeners(&self, arns: &[RouteArn]) -> RoutesRead {
        let mut weights = Vec::new();
        let mut pages = Pages::of(DESCRIBE_LISTENERS);
        loop {
            let token = pages.token();
            let answer = self
                .call_spared(DESCRIBE_LISTENERS, "", |clients| {
                    let request = clients.load_balancers.describe_listeners();
                    let request = request.set_listener_arns(Some(arns.to_vec()));
                    request.set_marker(token).send()
                })
                .await?;
            weights.extend(collect(answer.listeners(), listener_weights));
            if !pages.more(answer.next_marker)? {
                break;
            }
        }
        for (arn, of_listener) in weights.iter_mut().filter(|(_, found)| found.0.is_empty()) {
            if let Some(of_rule) = self.first_forwarding_rule(arn).await? {
                *of_listener = of_rule;
            }
        }
        Ok(weights)
    }

    async fn first_forwarding_rule(&self, listener: &str) -> Result<Option<Weights>, Failure> {
        let mut pages = Pages::of(DESCRIBE_RULES);
        loop {
            let token = pages.token();
            let answer = self
                .call_spared(DESCRIBE_RULES, "", |clients| {
                    let request = clients.load_balancers.describe_rules();
                    request.listener_arn(listener).set_marker(token).send()
                })
                .await?;
            let rules = collect(answer.rules(), rule_weights);
            let forwarding = rules.into_iter().find(|(_, weights)| !weights.0.is_empty());
            if let Some((_, weights)) = forwarding {
                return Ok(Some(weights));
            }
            if !pages.more(answer.next_marker)? {
                return Ok(None);
            }
        }
    }

    /// A name belongs to the same target group until somebody deletes that.
    async fn read_names(&self, names: &[String], reading: &mut TrafficReading) {
        let mut wanted = Vec::new();
        {
            let caches = self.caches();
            for name in names {
                match caches.target_groups.get(name) {
                    Some(arn) => {
                        reading.traffic.groups.insert(name.clone(), arn.clone());
                    }
                    None => wanted.push(name.clone()),
                }
            }
        }
        for batch in wanted.chunks(BATCH) {
            match self.describe_target_groups(batch).await {
                Ok(found) => reading.traffic.groups.extend(found),
                Err(failure) if is_about_one(&failure) && batch.len() > 1 => {
                    for name in batch {
                        let one = self.describe_target_groups(std::slice::from_ref(name));
                        match one.await {
                            Ok(found) => reading.traffic.groups.extend(found),
                            Err(failure) if failure.kind == FailureKind::NotFound => {}
                            Err(failure) => reading.note(failure),
                        }
                    }
                }
                Err(failure) if failure.kind == FailureKind::NotFound => {}
                Err(failure) => reading.note(failure),
            }
        }
    }

    async fn describe_target_groups(
        &self,
        names: &[String],
    ) -> Result<Vec<(String, TargetGroupArn)>, Failure> {
        let mut found = Vec::new();
        let mut pages = Pages::of(DESCRIBE_TARGET_GROUPS);
        loop {
            let token = pages.token();
            let answer = self
                .call_spared(DESCRIBE_TARGET_GROUPS, "", |clients| {
                    let request = clients.load_balancers.describe_target_groups();
                    let request = request.set_names(Some(names.to_vec()));
                    request.set_marker(token).send()
                })
                .await?;
            found.extend(collect(answer.target_groups(), |group| {
                let name = group.target_group_name()?.to_owned();
                Some((name, TargetGroupArn::new(group.target_group_arn()?)))
            }));
            if !pages.more(answer.next_marker)? {
                break;
            }
        }
        let mut caches = self.caches();
        for (name, arn) in &found {
            caches.target_groups.insert(name.clone(), arn.clone());
        }
        Ok(found)
    }

    async fn read_health(&self, groups: &[TargetGroupArn], reading: &mut TrafficReading) {
        let mut answers = stream::iter(groups.to_vec())
            .map(|group| async move {
                let health = self.describe_target_health(&group).await;
                (group, health)
            })
            .buffer_unordered(AT_ONCE);
        while let Some((group, health)) = answers.next().await {
            match health {
                Ok(health) => {
                    reading.traffic.health.insert(group, health);
                }
                Err(failure) if failure.kind == FailureKind::NotFound => {
                    self.caches().target_groups.forget_value(&group);
                    reading.gone.push(group.to_string());
                }
                Err(failure) => reading.note(failure),
            }
        }
    }

    async fn describe_target_health(
        &self,
        group: &TargetGroupArn,
    ) -> Result<TargetHealth, Failure> {
        let answer = self
            .call_spared(DESCRIBE_TARGET_HEALTH, "", |clients| {
                let request = clients.load_balancers.describe_target_health();
                request.target_group_arn(group.as_str()).send()
            })
            .await?;
        Ok(target_health(answer.target_health_descriptions()))
    }
}

impl TrafficReading {
    /// What a whole answer does not name is not there; nor is the one that was asked for alone and
    /// not found.
    fn add_weights(&mut self, asked: &[RouteArn], read: RoutesRead) {
        match read {
            Ok(found) => {
                let known = |arn: &&RouteArn| found.iter().any(|(named, _)| named == *arn);
                let lost = asked.iter().filter(|arn| !known(arn));
                self.gone.extend(lost.cloned());
                self.traffic.weights.extend(found);
            }
            Err(failure) if failure.kind == FailureKind::NotFound => {
                self.gone.extend_from_slice(asked);
            }
            Err(failure) => self.note(failure),
        }
    }

    /// Notes the first failure; one that lasts says more than one that passes.
    pub(super) fn note(&mut self, failure: Failure) {
        match &self.unread {
            Some(known) if known.is_lasting() || !failure.is_lasting() => {}
            _ => self.unread = Some(failure),
        }
    }
}

/// Whether a batch failed for something that may be wrong with one of it alone.
pub(super) fn is_about_one(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::NotFound | FailureKind::Refused)
}
