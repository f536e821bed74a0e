//! What moves the two sides of a release: CodeDeploy, load balancers, alarms. A service whose release
//! has none of them costs nothing here.

use std::collections::BTreeSet;
use std::time::Duration;

use super::pace::{
    ALARM_CALLS_PER_MINUTE, BOARD_ALARMS, BOARD_TRAFFIC, CODEDEPLOY_BATCH,
    CODEDEPLOY_CALLS_PER_MINUTE, FINISHED_CODEDEPLOY_CALLS_PER_MINUTE, REST, SLOW,
    TRAFFIC_CALLS_PER_MINUTE, within,
};
use super::{Interest, stamp};
use crate::app::query::Query;
use crate::app::store::{Store, moved_by};
use crate::domain::arn::{ServiceArn, TargetGroupArn};
use crate::domain::codedeploy::CodeDeployment;
use crate::domain::release::ReleaseId;
use crate::domain::service::{Controller, Service, Strategy};
use crate::domain::service_deployment::{RevisionSummary, ServiceDeployment};
use crate::domain::traffic::RouteArn;

/// Rules, listeners or names that one call takes.
const ROUTES_PER_CALL: usize = 20;
/// Alarms that one call takes.
const ALARMS_PER_CALL: usize = 100;

/// What has to be known of the sides of some releases in flight.
#[derive(Default)]
struct Sides {
    /// CodeDeploy deployments.
    ids: BTreeSet<String>,
    /// Changes when one of them must have.
    stamp: u64,
    routes: BTreeSet<RouteArn>,
    groups: BTreeSet<TargetGroupArn>,
    names: BTreeSet<String>,
    /// Target groups that nothing names a rule of.
    behind: BTreeSet<TargetGroupArn>,
    alarms: BTreeSet<String>,
}

impl Interest<'_> {
    /// The sides of all releases in flight on the board: their traffic, not the health behind it.
    pub(super) fn sides_on_board(&mut self, services: &[&Service]) {
        let mut sides = Sides::default();
        for service in services {
            sides.add(self.store, service);
        }
        let calls = sides.ids.len().div_ceil(CODEDEPLOY_BATCH) + sides.ids.len();
        let pace = within(calls, CODEDEPLOY_CALLS_PER_MINUTE).max(self.lively());
        self.code_deployments(&sides, pace);
        let calls = (sides.routes.len() + sides.names.len()).div_ceil(ROUTES_PER_CALL);
        let pace = within(calls, TRAFFIC_CALLS_PER_MINUTE).max(BOARD_TRAFFIC);
        sides.groups.clear();
        self.traffic(&sides, pace.max(self.refresh()));
        let calls = sides.alarms.len().div_ceil(ALARMS_PER_CALL);
        let pace = within(calls, ALARM_CALLS_PER_MINUTE).max(BOARD_ALARMS);
        self.alarms(&sides, pace.max(self.refresh()));
    }

    /// The sides of the release in front, and the history that its estimate is made from.
    pub(super) fn sides_of_release(&mut self, service: &Service, chosen: Option<&ReleaseId>) {
        let mut sides = Sides::default();
        let in_flight = self.in_flight(service);
        if in_flight {
            sides.add(self.store, service);
        } else {
            sides.add_codedeploy(self.store, service);
        }
        // Also one that is over: how it stood when it ended may not have been read.
        let newest = || Some(&self.store.newest_release(&service.arn)?.id);
        let known = self.store.code_deployments_of.get(&service.arn);
        let shown = chosen.or_else(newest);
        if let Some(id) = shown.filter(|id| known.is_some_and(|ids| ids.contains(&id.0))) {
            sides.ids.insert(id.0.clone());
        }
        let pace = if in_flight {
            self.refresh()
        } else {
            self.on_screen()
        };
        self.code_deployments(&sides, pace);
        self.code_history(&service.arn, SLOW);
        if in_flight {
            self.traffic(&sides, self.lively());
            self.alarms(&sides, self.on_screen());
        }
    }

    /// What is followed is asked for as fast as what is on screen. A deployment that was made a moment
    /// ago has no task set yet that names it, and neither has the one that goes back: `followed` and
    /// its rollback are asked for by their ids.
    pub(super) fn followed_code_deployments(
        &mut self,
        arn: &ServiceArn,
        followed: Option<&str>,
        pace: Duration,
    ) {
        let mut sides = Sides::default();
        if let Some(id) = followed {
            sides.ids.insert(id.to_owned());
            let known = self.store.code_deployment(id);
            sides
                .ids
                .extend(known.and_then(|known| known.rolled_back_by.clone()));
        }
        if let Some(service) = self.store.service(arn) {
            sides.add_codedeploy(self.store, service);
        }
        self.code_deployments(&sides, pace);
    }

    /// The deployments of the group that moves a service, once that is known. A new deployment
    /// changes the stamp.
    pub(super) fn code_history(&mut self, arn: &ServiceArn, pace: Duration) {
        let Some(service) = self.store.service(arn) else {
            return;
        };
        if service.controller != Controller::CodeDeploy {
            return;
        }
        let newest: Vec<&str> = moved_by(service).collect();
        match self.store.group_of(arn) {
            Some(group) => {
                let query = Query::CodeDeployHistory {
                    service: arn.clone(),
                    group: group.clone(),
                };
                self.ask_stamped(query, pace, stamp(&newest));
            }
            None if newest.is_empty() => self.deployment_groups(),
            None => {}
        }
    }

    /// All deployment groups: where no task set names a deployment, a group names the service.
    fn deployment_groups(&mut self) {
        self.ask(Query::Applications, SLOW);
        for application in self.store.applications.keys() {
            self.ask(Query::Groups(application.clone()), SLOW);
        }
    }

    /// A service's earlier releases by CodeDeploy, and what is needed to find them.
    pub(super) fn all_code_deployments(&mut self, arn: &ServiceArn) {
        self.followed_code_deployments(arn, None, self.on_screen());
        self.code_history(arn, REST);
    }

    /// What CodeDeploy did last with the services at rest. A release that was rolled back has left
    /// no task set, but its deployment group names it.
    pub(super) fn finished_code_deployments(&mut self) {
        let services = self.store.services.values();
        let at_rest = services
            .filter_map(|remote| remote.value())
            .filter(|service| service.controller == Controller::CodeDeploy)
            .filter(|service| !self.in_flight(service));
        let mut ids = BTreeSet::new();
        let mut applications = BTreeSet::new();
        let mut lost = false;
        for service in at_rest {
            ids.extend(moved_by(service).map(str::to_owned));
            ids.extend(not_over(self.store, &service.arn));
            match self.store.group_of(&service.arn) {
                Some(group) => {
                    applications.insert(group.application.clone());
                }
                // Whatever CodeDeploy tried with it has left no trace: its group has to be found.
                None if moved_by(service).next().is_none() => lost = true,
                None => {}
            }
        }
        if lost {
            applications.extend(self.store.applications.keys().cloned());
        }
        if !ids.is_empty() {
            let calls = ids.len().div_ceil(CODEDEPLOY_BATCH);
            let query = Query::CodeDeployments {
                ids: ids.into_iter().collect(),
                targets: false,
            };
            self.ask(query, finished_pace(calls));
        }
        if lost {
            self.ask(Query::Applications, SLOW);
        }
        let pace = finished_pace(applications.len() * 2);
        for application in applications {
            self.ask(Query::Groups(application), pace);
        }
    }

    fn code_deployments(&mut self, sides: &Sides, pace: Duration) {
        if !sides.ids.is_empty() {
            let query = Query::CodeDeployments {
                ids: sides.ids.iter().cloned().collect(),
                targets: true,
            };
            self.ask_stamped(query, pace, sides.stamp);
        }
    }

    fn traffic(&mut self, sides: &Sides, pace: Duration) {
        let nothing = sides.routes.is_empty() && sides.behind.is_empty();
        if nothing && sides.groups.is_empty() && sides.names.is_empty() {
            return;
        }
        let query = Query::Traffic {
            routes: sides.routes.iter().cloned().collect(),
            groups: sides.groups.iter().cloned().collect(),
            names: sides.names.iter().cloned().collect(),
            behind: sides.behind.iter().cloned().collect(),
        };
        self.ask(query, pace);
    }

    fn alarms(&mut self, sides: &Sides, pace: Duration) {
        if !sides.alarms.is_empty() {
            let names = sides.alarms.iter().cloned().collect();
            self.ask(Query::Alarms(names), pace);
        }
    }
}

impl Sides {
    fn add(&mut self, store: &Store, service: &Service) {
        match service.controller {
            Controller::CodeDeploy => {
                self.add_codedeploy(store, service);
                let deployments = store.code_deployments_for(&service.arn);
                for one in deployments.iter().filter(|one| !one.status.is_over()) {
                    self.add_code_deployment(store, one);
                }
                self.add_task_sets(service);
            }
            Controller::External => {
                self.add_task_sets(service);
                self.add_routes_behind(store, service);
            }
            Controller::Ecs | Controller::Unknown(_) => {
                let records = store.records_of(&service.arn).iter();
                for record in records.filter(|record| !record.status.is_over()) {
                    self.add_record(record);
                }
            }
        }
    }

    /// The deployments that the task sets name, those in flight, and those of which nothing is known
    /// yet, such as the one that rolls another back.
    fn add_codedeploy(&mut self, store: &Store, service: &Service) {
        if service.controller != Controller::CodeDeploy {
            return;
        }
        self.ids.extend(moved_by(service).map(str::to_owned));
        self.ids.extend(not_over(store, &service.arn));
        let sets = service.task_sets.iter();
        let state: Vec<(&str, &str)> = sets
            .map(|set| (set.id.as_str(), set.status.as_str()))
            .collect();
        self.stamp ^= stamp(&state);
    }

    /// CodeDeploy tells target groups by their names.
    fn add_code_deployment(&mut self, store: &Store, deployment: &CodeDeployment) {
        self.routes
            .extend(deployment.production_listeners.iter().cloned());
        self.routes
            .extend(deployment.test_listeners.iter().cloned());
        self.alarms.extend(deployment.alarms.iter().cloned());
        let sets = deployment
            .target
            .iter()
            .flat_map(|target| &target.task_sets);
        for name in sets.filter_map(|set| set.target_group.as_ref()) {
            match store.traffic.groups.get(name) {
                Some(arn) => self.groups.insert(arn.clone()),
                None => self.names.insert(name.clone()),
            };
        }
    }

    fn add_task_sets(&mut self, service: &Service) {
        let sets = service.task_sets.iter();
        self.groups
            .extend(sets.filter_map(|set| set.target_group.clone()));
    }

    /// Nothing in ECS names the listener of a service that somebody outside moves: its target groups
    /// lead there.
    fn add_routes_behind(&mut self, store: &Store, service: &Service) {
        let sets = service.task_sets.iter();
        for group in sets.filter_map(|set| set.target_group.as_ref()) {
            let known = store.traffic.behind.get(group);
            self.routes.extend(known.into_iter().flatten().cloned());
            self.behind.insert(group.clone());
        }
    }

    fn add_record(&mut self, record: &ServiceDeployment) {
        if let Some(settings) = &record.settings {
            self.alarms.extend(settings.alarms.iter().cloned());
        }
        if let Some(alarms) = &record.alarms {
            self.alarms.extend(alarms.names.iter().cloned());
        }
        // A rolling release moves no traffic.
        if matches!(record.strategy, None | Some(Strategy::Rolling)) {
            return;
        }
        for side in record.target.iter().chain(&record.sources) {
            self.add_revision(side);
        }
    }

    fn add_revision(&mut self, side: &RevisionSummary) {
        let routes = [&side.production_route, &side.test_route];
        self.routes.extend(routes.into_iter().flatten().cloned());
        self.groups.extend(side.target_group.clone());
    }
}

/// The deployments of a service that are in flight or not read yet.
fn not_over(store: &Store, service: &ServiceArn) -> impl Iterator<Item = String> {
    let ids = store.code_deployments_of.get(service).into_iter().flatten();
    ids.filter(|id| {
        store
            .code_deployment(id)
            .is_none_or(|known| !known.status.is_over())
    })
    .cloned()
}

fn finished_pace(calls: usize) -> Duration {
    within(calls, FINISHED_CODEDEPLOY_CALLS_PER_MINUTE).max(SLOW)
}

#[cfg(test)]
mod tests;
