//! What is asked of the load balancer. The listener rules follow a moment later, so for that
//! moment what was asked and what is real differ, as in AWS.

use serde_json::Value;

use crate::sim::world::Region;
use crate::sim::world::deployment::Revision;
use crate::sim::world::engine::{Event, timing};
use crate::sim::world::ids::{RevisionNumber, ServiceNumber};
use crate::sim::world::service::Service;
use crate::sim::world::shift::percent::Percent;
use crate::sim::world::shift::program::Move;
use crate::sim::world::shift::{Share, Shift};

/// A listener rule, or a listener, and the weights that it is to have.
type Route = (String, Vec<(String, u32)>);

impl Region {
    /// Asks for production traffic for the revision that the release under way deploys.
    pub(super) fn ask_production(&mut self, number: ServiceNumber, part: Percent) {
        self.ask(number, |shift, target, base| {
            shift.ask_production(target, base, part);
        });
    }

    /// Asks for test traffic in the same way.
    pub(super) fn ask_test(&mut self, number: ServiceNumber, part: Percent) {
        self.ask(number, |shift, target, base| {
            shift.ask_test(target, base, part);
        });
    }

    fn ask(
        &mut self,
        number: ServiceNumber,
        change: impl Fn(&mut Shift, RevisionNumber, Option<RevisionNumber>),
    ) {
        let now = self.ecs.now;
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        let base = service.base();
        let Some(release) = service.release_mut() else {
            return;
        };
        let target = release.target;
        if let Some(shift) = &mut release.shift {
            change(shift, target, base);
            release.updated_at = now;
        }
        let delay = timing::ROUTE.pick(&mut self.ecs.rng);
        self.after(delay, Event::Route(number));
    }

    /// The load balancer does what was asked last.
    pub(in crate::sim::world::engine) fn route(&mut self, number: ServiceNumber) {
        let Some(service) = self.ecs.services.get(&number) else {
            return;
        };
        for (rule, weights) in routes(service) {
            // A rule that is gone stays gone.
            self.elb.set_weights(&rule, &weights);
        }
    }

    /// Why the release under way can't shift traffic, in the words of the guide's page on
    /// troubleshooting blue/green deployments. ECS looks before it starts the new tasks.
    pub(super) fn network_problem(&self, number: ServiceNumber) -> Option<String> {
        let service = self.ecs.services.get(&number)?;
        let shift = service.shift()?;
        if shift.current() != Some(Move::PreScaleUp) {
            return None;
        }
        let problem = balancers(service).find_map(|one| self.problem_of(one))?;
        Some(format!(
            "Service deployment rolled back because of invalid networking configuration{problem}"
        ))
    }

    fn problem_of(&self, balancer: &Value) -> Option<String> {
        let (main, alternate) = groups(balancer)?;
        let production = rule(balancer, "productionListenerRule")?;
        let test = rule(balancer, "testListenerRule");
        let mut weights = Vec::new();
        for arn in std::iter::once(production).chain(test) {
            let Some(of_rule) = self.elb.weights(arn) else {
                return Some(". One or more rules not found".to_owned());
            };
            weights.extend(of_rule);
        }
        let lost = [main, alternate]
            .into_iter()
            .find(|group| weights.iter().all(|(arn, _)| arn != group));
        if let Some(group) = lost {
            return Some(format!(
                ": Target group {group} is not associated with either productionListenerRule or \
                 testListenerRule."
            ));
        }
        let serving = self.elb.weights(production)?.iter();
        let count = serving.filter(|(_, weight)| *weight > 0).count();
        (count > 1).then(|| {
            format!(
                ". productionListenerRule {production} should have exactly one target group \
                 serving traffic but found {count} target groups which are serving traffic"
            )
        })
    }

    /// A release that doesn't shift traffic overtakes one that did: all traffic goes back to the
    /// revision that completed last.
    pub(in crate::sim::world::engine) fn return_traffic(&mut self, number: ServiceNumber) {
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        let Some(base) = service.base() else {
            return;
        };
        let shift = service
            .release_mut()
            .and_then(|release| release.shift.as_mut());
        if let Some(shift) = shift
            && shift
                .share(base)
                .is_some_and(|one| one.production < Percent::ALL || one.test < Percent::ALL)
        {
            shift.ask_production(base, None, Percent::ALL);
            shift.ask_test(base, None, Percent::ALL);
            self.route(number);
        }
    }
}

/// The load balancers of the revision that the release under way deploys.
fn balancers(service: &Service) -> impl Iterator<Item = &Value> {
    service
        .release()
        .and_then(|release| service.revision(release.target))
        .into_iter()
        .flat_map(Revision::balancers)
}

/// A rule, or a listener, of a load balancer whose traffic is shifted.
fn rule<'a>(balancer: &'a Value, name: &str) -> Option<&'a str> {
    balancer.get("advancedConfiguration")?.get(name)?.as_str()
}

/// The two target groups of a load balancer whose traffic is shifted.
fn groups(balancer: &Value) -> Option<(&str, &str)> {
    let alternate = rule(balancer, "alternateTargetGroupArn")?;
    Some((balancer.get("targetGroupArn")?.as_str()?, alternate))
}

/// The rules of a service and what they are to do. A kind of traffic that nobody has yet stays
/// as it is.
fn routes(service: &Service) -> Vec<Route> {
    let Some(shift) = service.release().and_then(|one| one.shift.as_ref()) else {
        return Vec::new();
    };
    let production = on_alternate(service, shift, |one| one.production);
    let test = on_alternate(service, shift, |one| one.test);
    let mut routes = Vec::new();
    for balancer in balancers(service) {
        let Some((main, alternate)) = groups(balancer) else {
            continue;
        };
        let kinds = [
            ("productionListenerRule", production),
            ("testListenerRule", test),
        ];
        for (name, part) in kinds {
            if let (Some(rule), Some(part)) = (rule(balancer, name), part) {
                let (high, low) = part.weights();
                let weights = vec![(main.to_owned(), low), (alternate.to_owned(), high)];
                routes.push((rule.to_owned(), weights));
            }
        }
    }
    routes
}

/// The part of one kind of traffic that goes to the alternate target groups; none when nobody has
/// any of it. At most one revision with traffic is on each side.
fn on_alternate(
    service: &Service,
    shift: &Shift,
    part: impl Fn(&Share) -> Percent,
) -> Option<Percent> {
    let mut served = shift
        .shares
        .iter()
        .filter(|one| part(one) > Percent::NONE)
        .peekable();
    served.peek()?;
    let alternate = |one: &&Share| {
        let revision = service.revision(one.revision);
        revision.is_some_and(|revision| revision.alternate)
    };
    Some(
        served
            .filter(alternate)
            .map(&part)
            .max()
            .unwrap_or(Percent::NONE),
    )
}
