//! What is asked of the load balancer. The listener rules follow a moment later, so for that
//! moment what was asked and what is real differ, as in AWS.

use serde_json::Value;

use crate::sim::world::Region;
use crate::sim::world::deployment::Revision;
use crate::sim::world::engine::{Event, timing};
use crate::sim::world::ids::{RevisionNumber, ServiceNumber};
use crate::sim::world::service::Service;
use crate::sim::world::shift::Share;
use crate::sim::world::shift::percent::Percent;

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
        change: impl Fn(&mut crate::sim::world::shift::Shift, RevisionNumber, Option<RevisionNumber>),
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

/// The rules of a service and what they are to do.
fn routes(service: &Service) -> Vec<Route> {
    let Some(shift) = service.release().and_then(|one| one.shift.as_ref()) else {
        return Vec::new();
    };
    let mut routes = Vec::new();
    for balancer in balancers(service) {
        let groups = [
            balancer.get("targetGroupArn"),
            balancer.pointer("/advancedConfiguration/alternateTargetGroupArn"),
        ];
        let [Some(Value::String(main)), Some(Value::String(alternate))] = groups else {
            continue;
        };
        let alternate_part = |part: fn(&Share) -> Percent| {
            let shares = shift.shares.iter();
            let on_alternate = shares.filter(|one| {
                part(one) > Percent::NONE
                    && service
                        .revision(one.revision)
                        .is_some_and(|revision| revision.alternate)
            });
            // At most one revision is on each side, so the sum is that of one.
            on_alternate.map(part).max().unwrap_or(Percent::NONE)
        };
        let anybody =
            |part: fn(&Share) -> Percent| shift.shares.iter().any(|one| part(one) > Percent::NONE);
        let kinds: [(&str, fn(&Share) -> Percent); 2] = [
            ("productionListenerRule", |one| one.production),
            ("testListenerRule", |one| one.test),
        ];
        for (name, part) in kinds {
            let rule = balancer
                .get("advancedConfiguration")
                .and_then(|one| one.get(name))
                .and_then(Value::as_str);
            if let Some(rule) = rule.filter(|_| anybody(part)) {
                let (high, low) = alternate_part(part).weights();
                let weights = vec![(main.clone(), low), (alternate.clone(), high)];
                routes.push((rule.to_owned(), weights));
            }
        }
    }
    routes
}
