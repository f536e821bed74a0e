//! What the present screen needs to know, and how fresh: the subscriptions.
//!
//! Interest sets the pace: what is in flight and on screen about every two seconds, what is on
//! screen ten, the rest a minute or more. What moves in a cluster shows in its task counts, which
//! one `DescribeClusters` tells for a hundred clusters: a cluster whose counts changed is read
//! again at once, so that the slow sweep over all services only has to catch the rare rest.

mod board;
mod codedeploy;
mod gates;
mod logs;
mod pace;
mod pipelines;
mod screens;
mod sides;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use jiff::Timestamp;

pub use super::log_sources::sources;
use super::model::Model;
use super::operation::OperationState;
use super::query::{Query, Subscription};
use super::screen::Screen;
use super::store::Store;
use crate::domain::arn::{ClusterArn, ServiceArn, ServiceDeploymentArn};
use crate::domain::context::{ContextId, Scoped};
use crate::domain::plan::Goal;
use crate::domain::service::{Controller, Service};
use pace::{ON_SCREEN, REST, SLOW};

/// A release that ended within this many seconds stays on the board with its record.
pub const RECENT_SECONDS: i64 = 24 * 3600;

/// What has to be asked, and how often, for what is on screen and what is being followed.
pub fn subscriptions(model: &Model) -> Vec<Subscription> {
    gather(model, Depth::All)
}

/// The part of the subscriptions whose age is the age of what is on screen.
pub(super) fn visible(model: &Model) -> Vec<Subscription> {
    gather(model, Depth::Visible)
}

fn gather(model: &Model, depth: Depth) -> Vec<Subscription> {
    let mut wanted = Wanted::default();
    for store in &model.contexts {
        let mut interest = Interest {
            model,
            store,
            depth,
            wanted: &mut wanted,
        };
        interest.always();
        interest.screen();
        interest.pipelines_everywhere();
        interest.operations();
    }
    wanted.list
}

/// How much is gathered. Reading the records of all recent releases makes no screen fresher.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Depth {
    Visible,
    All,
}

#[derive(Default)]
struct Wanted {
    list: Vec<Subscription>,
    places: HashMap<(ContextId, Query), usize>,
}

impl Wanted {
    /// Adds a question; one that is there already keeps the faster pace, and a stamp where it has
    /// one.
    fn add(&mut self, subscription: Subscription) {
        let key = (subscription.context, subscription.query.clone());
        let known = self.places.get(&key).copied();
        match known.and_then(|place| self.list.get_mut(place)) {
            Some(known) => {
                known.pace = known.pace.min(subscription.pace);
                known.stamp = known.stamp.max(subscription.stamp);
            }
            None => {
                self.places.insert(key, self.list.len());
                self.list.push(subscription);
            }
        }
    }
}

struct Interest<'a> {
    model: &'a Model,
    store: &'a Store,
    depth: Depth,
    wanted: &'a mut Wanted,
}

impl Interest<'_> {
    fn ask(&mut self, query: Query, pace: Duration) {
        self.ask_stamped(query, pace, 0);
    }

    fn ask_stamped(&mut self, query: Query, pace: Duration, stamp: u64) {
        let context = self.store.context.id;
        self.wanted.add(Subscription {
            context,
            query,
            pace,
            stamp,
        });
    }

    /// The pace of what is on screen and in flight.
    fn refresh(&self) -> Duration {
        self.model.preferences.refresh
    }

    /// The pace of what is on screen: never faster than what is in flight.
    fn on_screen(&self) -> Duration {
        ON_SCREEN.max(self.refresh())
    }

    /// The pace of what changes often on a screen that shows little else.
    fn lively(&self) -> Duration {
        (ON_SCREEN / 2).max(self.refresh())
    }

    fn is_here<T>(&self, id: &Scoped<T>) -> bool {
        id.context == self.store.context.id
    }

    fn always(&mut self) {
        let pace = if self.store.identity.value().is_some() {
            SLOW
        } else {
            ON_SCREEN
        };
        self.ask(Query::Identity, pace);
    }

    fn screen(&mut self) {
        match &self.model.navigation.current().screen {
            Screen::Releases | Screen::Services(None) => self.board(),
            Screen::Services(Some(cluster)) if self.is_here(cluster) => {
                self.cluster_services(&cluster.id);
            }
            Screen::Clusters => self.counts(ON_SCREEN),
            Screen::Release { service, release } if self.is_here(service) => {
                self.release(&service.id, release.as_ref());
            }
            Screen::History(service) if self.is_here(service) => {
                self.service(&service.id, self.on_screen());
                self.records(&service.id, self.on_screen());
                self.all_code_deployments(&service.id);
            }
            Screen::Tasks {
                cluster,
                service,
                stopped,
            } if self.is_here(cluster) => {
                self.tasks(&cluster.id, service.as_ref(), *stopped, self.lively());
            }
            Screen::Task { cluster, task } if self.is_here(cluster) => {
                self.task(&cluster.id, task, self.lively());
            }
            Screen::TaskDefinitions => self.ask(Query::Families, REST),
            Screen::Revisions { family, .. } if self.is_here(family) => self.revisions(&family.id),
            Screen::Applications => self.applications(),
            Screen::Groups(application) if self.is_here(application) => {
                self.groups(&application.id);
            }
            Screen::Deployments(group) if self.is_here(group) => {
                self.group_deployments(&group.id);
            }
            Screen::Deployment(deployment) if self.is_here(deployment) => {
                self.deployment(&deployment.id);
            }
            Screen::Pipelines => self.pipelines(),
            Screen::Gates => {
                self.pipelines();
                self.board();
            }
            Screen::Pipeline(pipeline) => {
                if self.is_here(pipeline) {
                    self.pipeline(&pipeline.id);
                }
                self.around_pipeline(pipeline);
            }
            Screen::Executions(pipeline) if self.is_here(pipeline) => {
                self.executions(&pipeline.id);
            }
            Screen::Execution {
                pipeline,
                execution,
            } => {
                if self.is_here(pipeline) {
                    self.execution(&pipeline.id, execution);
                }
                self.around_pipeline(pipeline);
            }
            Screen::Gate(gate) => {
                if self.is_here(gate) {
                    self.gate(&gate.id);
                }
                self.around_gate(gate);
            }
            Screen::Logs(source) if self.is_here(source) => self.logs(source),
            Screen::Describe(subject) => self.describe(subject),
            // On screens that show nothing of AWS the board is kept warm, slowly.
            _ => self.counts(REST),
        }
    }

    fn service(&mut self, arn: &ServiceArn, pace: Duration) {
        if let Some(cluster) = self.store.cluster_of.get(arn) {
            self.watch(cluster.clone(), vec![arn.clone()], pace);
        }
    }

    fn watch(&mut self, cluster: ClusterArn, services: Vec<ServiceArn>, pace: Duration) {
        self.ask(Query::Watch { cluster, services }, pace);
    }

    fn records(&mut self, arn: &ServiceArn, pace: Duration) {
        if let Some(cluster) = self.store.cluster_of.get(arn) {
            self.records_in(cluster.clone(), arn.clone(), pace);
        }
    }

    /// ECS keeps no records of services that it does not move itself.
    fn records_in(&mut self, cluster: ClusterArn, service: ServiceArn, pace: Duration) {
        let known = self.store.service(&service);
        let moved_by_others = |service: &Service| {
            matches!(
                service.controller,
                Controller::CodeDeploy | Controller::External
            )
        };
        if known.is_some_and(moved_by_others) {
            return;
        }
        let state = known.map_or(0, |service| stamp(&newest_deployment(service)));
        let query = Query::ServiceDeployments { cluster, service };
        self.ask_stamped(query, pace, state);
    }

    /// What is being followed is read however far away the screen is.
    fn operations(&mut self) {
        let here = self.store.context.id;
        let model = self.model;
        let followed = model.operations.iter().filter(|operation| {
            operation.context == here && matches!(operation.state, OperationState::Following(_))
        });
        let pace = self.refresh();
        for goal in followed.filter_map(|operation| operation.goal.as_ref()) {
            match goal {
                Goal::TaskStopped { cluster, task } => self.task(cluster, task, pace),
                Goal::Pipeline(goal) => self.followed_pipeline(&goal.pipeline, pace),
                _ => {}
            }
            let Some((cluster, service)) = goal.service() else {
                continue;
            };
            self.watch(cluster.clone(), vec![service.clone()], pace);
            if goal.needs_records() {
                self.records_in(cluster.clone(), service.clone(), pace);
            }
            if goal.needs_code_deployments() {
                self.followed_code_deployments(service, goal.code_deployment(), pace);
            }
        }
    }
}

/// What tells that the record of a service's newest release must have changed.
fn newest_deployment(service: &Service) -> (Option<(&str, u32)>, Option<&str>, bool) {
    (
        service
            .primary()
            .map(|primary| (primary.id.as_str(), primary.failed)),
        service
            .current_deployment
            .as_ref()
            .map(ServiceDeploymentArn::as_str),
        service.is_moving(),
    )
}

fn has_failures(service: &Service) -> bool {
    service
        .deployments
        .iter()
        .any(|deployment| deployment.failed > 0)
}

/// Whether the newest deployment began within [`RECENT_SECONDS`].
pub fn is_recent(service: &Service, now: Timestamp) -> bool {
    let began = service.primary().and_then(|primary| primary.created_at);
    began.is_some_and(|at| now.as_second() - at.as_second() < RECENT_SECONDS)
}

fn stamp<T: Hash>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
