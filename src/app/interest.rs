//! What the present screen needs to know, and how fresh: the subscriptions.
//!
//! Interest sets the pace: what is in flight and on screen about every two seconds, what is on
//! screen ten, the rest a minute or more. What moves in a cluster shows in its task counts, which
//! one `DescribeClusters` tells for a hundred clusters: a cluster whose counts changed is read
//! again at once, so that the slow sweep over all services only has to catch the rare rest.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use jiff::Timestamp;

use super::model::Model;
use super::operation::OperationState;
use super::query::{Query, Subscription};
use super::screen::{Screen, Subject};
use super::store::Store;
use crate::domain::arn::{ClusterArn, ServiceArn, TaskDefinitionArn};
use crate::domain::context::Scoped;
use crate::domain::logs::{LogSource, log_plan};
use crate::domain::plan::Goal;
use crate::domain::service::Service;
use crate::domain::task::Task;

/// What is on screen and not in flight.
const ON_SCREEN: Duration = Duration::from_secs(10);
/// What is not on screen.
const REST: Duration = Duration::from_mins(1);
/// What hardly ever changes.
const SLOW: Duration = Duration::from_mins(10);
/// How often the counts of the clusters are read while the board is in front.
const COUNTS: Duration = Duration::from_secs(15);
/// Calls a minute that the sweep over all services may cost while nothing happens.
const SWEEP_CALLS_PER_MINUTE: u64 = 30;
/// A release that ended within this many seconds stays on the board with its record.
pub const RECENT_SECONDS: i64 = 24 * 3600;
/// Lines from this many seconds before the logs screen opened are read.
const LOG_LOOK_BACK_SECONDS: i64 = 15 * 60;

/// What has to be asked, and how often, for what is on screen and what is being followed.
pub fn subscriptions(model: &Model) -> Vec<Subscription> {
    let mut wanted = Wanted { list: Vec::new() };
    for store in &model.contexts {
        let mut interest = Interest {
            model,
            store,
            wanted: &mut wanted,
        };
        interest.always();
        interest.screen();
        interest.operations();
    }
    wanted.list
}

struct Wanted {
    list: Vec<Subscription>,
}

impl Wanted {
    /// Adds a question; one that is there already keeps the faster pace.
    fn add(&mut self, subscription: Subscription) {
        let known = self.list.iter_mut().find(|known| {
            known.context == subscription.context && known.query == subscription.query
        });
        match known {
            Some(known) => known.pace = known.pace.min(subscription.pace),
            None => self.list.push(subscription),
        }
    }
}

struct Interest<'a> {
    model: &'a Model,
    store: &'a Store,
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

    fn refresh(&self) -> Duration {
        self.model.preferences.refresh
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
            Screen::Clusters => self.ask(Query::Clusters, ON_SCREEN),
            Screen::Releases | Screen::Services(None) => self.board(),
            Screen::Services(Some(cluster)) if self.is_here(cluster) => {
                self.ask(Query::Clusters, REST);
                self.ask(Query::Services(cluster.id.clone()), ON_SCREEN);
                self.moving(Some(&cluster.id));
            }
            Screen::Release { service, .. } if self.is_here(service) => self.release(&service.id),
            Screen::History(service) if self.is_here(service) => {
                self.service(&service.id, ON_SCREEN);
                self.records(&service.id, ON_SCREEN);
            }
            Screen::Tasks {
                cluster,
                service,
                stopped,
            } if self.is_here(cluster) => {
                self.tasks(&cluster.id, service.as_ref(), *stopped, ON_SCREEN / 2);
            }
            Screen::Task { cluster, task } if self.is_here(cluster) => {
                let query = Query::Task {
                    cluster: cluster.id.clone(),
                    task: task.clone(),
                };
                self.ask(query, ON_SCREEN / 2);
            }
            Screen::TaskDefinitions => self.ask(Query::Families, REST),
            Screen::Revisions { family, .. } if self.is_here(family) => {
                self.ask(Query::Revisions(family.id.clone()), REST);
            }
            Screen::Logs(source) if self.is_here(source) => self.logs(&source.id),
            Screen::Describe(subject) => self.describe(subject),
            _ => self.background(),
        }
    }

    /// On screens that show nothing of AWS the board is kept warm, slowly.
    fn background(&mut self) {
        self.ask(Query::Clusters, REST);
    }

    /// Every service of every cluster, and whatever moves.
    fn board(&mut self) {
        self.ask(Query::Clusters, COUNTS);
        let clusters: Vec<ClusterArn> = self
            .store
            .clusters
            .keys()
            .filter(|arn| self.model.preferences.shows_cluster(arn))
            .cloned()
            .collect();
        let pace = self.sweep_pace(clusters.len());
        for cluster in clusters {
            let stamp = self.counts_stamp(&cluster);
            self.ask_stamped(Query::Services(cluster), pace, stamp);
        }
        self.moving(None);
        self.recent();
    }

    /// The pace at which a sweep over all services stays within its calls a minute.
    fn sweep_pace(&self, clusters: usize) -> Duration {
        let calls = clusters + self.store.services.len() / 10;
        let seconds = (calls as u64 * 60).div_ceil(SWEEP_CALLS_PER_MINUTE);
        Duration::from_secs(seconds).max(ON_SCREEN)
    }

    /// Changes when the counts of a cluster do.
    fn counts_stamp(&self, cluster: &ClusterArn) -> u64 {
        let counts = self
            .store
            .clusters
            .get(cluster)
            .and_then(|remote| remote.value());
        counts.map_or(0, |counts| {
            stamp(&(
                counts.active_services,
                counts.running_tasks,
                counts.pending_tasks,
            ))
        })
    }

    /// The services in flight: their counts, their records, and why they fail.
    fn moving(&mut self, only: Option<&ClusterArn>) {
        let mut by_cluster: BTreeMap<&ClusterArn, Vec<&Service>> = BTreeMap::new();
        let services = self
            .store
            .services
            .values()
            .filter_map(|remote| remote.value());
        for service in services.filter(|service| service.is_moving()) {
            if only.is_none_or(|cluster| *cluster == service.cluster) {
                by_cluster
                    .entry(&service.cluster)
                    .or_default()
                    .push(service);
            }
        }
        let pace = self.refresh();
        let (cluster_count, service_count) = (
            by_cluster.len(),
            by_cluster.values().map(Vec::len).sum::<usize>(),
        );
        let busy = u32::try_from(cluster_count.max(service_count / 5).max(1)).unwrap_or(u32::MAX);
        // With many releases in flight at once the pace gives way to the budget.
        let pace = pace * busy.div_ceil(4).min(10);
        for (cluster, services) in by_cluster {
            let arns = services.iter().map(|service| service.arn.clone()).collect();
            self.ask(
                Query::Watch {
                    cluster: cluster.clone(),
                    services: arns,
                },
                pace,
            );
            for service in services {
                self.records_of(service, pace * 3);
                if has_failures(service) {
                    self.stopped_tasks(service);
                }
            }
        }
    }

    /// The records of services whose newest deployment is recent: they tell what it was.
    fn recent(&mut self) {
        let now = self.model.now;
        let recent: Vec<&Service> = self
            .store
            .services
            .values()
            .filter_map(|remote| remote.value())
            .filter(|service| !service.is_moving() && is_recent(service, now))
            .collect();
        for service in recent {
            self.records_of(service, SLOW);
        }
    }

    fn release(&mut self, arn: &ServiceArn) {
        self.service(arn, self.refresh());
        let Some(service) = self.store.service(arn) else {
            return;
        };
        self.records_of(service, self.refresh() * 2);
        self.tasks(&service.cluster, Some(arn), false, self.refresh() * 3);
        self.stopped_tasks(service);
        let sides = self.store.newest_release(arn).into_iter();
        let definitions: Vec<TaskDefinitionArn> = sides
            .flat_map(|release| [release.old.as_ref(), release.new.as_ref()])
            .flatten()
            .filter_map(|side| side.task_definition.clone())
            .chain([service.task_definition.clone()])
            .collect();
        for definition in definitions {
            self.ask(Query::TaskDefinition(definition), SLOW);
        }
    }

    fn service(&mut self, arn: &ServiceArn, pace: Duration) {
        if let Some(cluster) = self.store.cluster_of.get(arn) {
            let query = Query::Watch {
                cluster: cluster.clone(),
                services: vec![arn.clone()],
            };
            self.ask(query, pace);
        }
    }

    fn records(&mut self, arn: &ServiceArn, pace: Duration) {
        if let Some(service) = self.store.service(arn) {
            self.records_of(service, pace);
        }
    }

    fn records_of(&mut self, service: &Service, pace: Duration) {
        let query = Query::ServiceDeployments {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
        };
        let primary = service.primary();
        let state =
            primary.map(|primary| (primary.id.clone(), primary.failed, service.is_moving()));
        self.ask_stamped(query, pace, stamp(&state));
    }

    fn stopped_tasks(&mut self, service: &Service) {
        let query = Query::Tasks {
            cluster: service.cluster.clone(),
            service: Some(service.arn.clone()),
            stopped: true,
        };
        let failed: Vec<u32> = service
            .deployments
            .iter()
            .map(|deployment| deployment.failed)
            .collect();
        self.ask_stamped(query, REST, stamp(&failed));
    }

    fn tasks(
        &mut self,
        cluster: &ClusterArn,
        service: Option<&ServiceArn>,
        stopped: bool,
        pace: Duration,
    ) {
        let query = Query::Tasks {
            cluster: cluster.clone(),
            service: service.cloned(),
            stopped,
        };
        self.ask(query, pace);
    }

    fn describe(&mut self, subject: &Subject) {
        match subject {
            Subject::Cluster(cluster) if self.is_here(cluster) => {
                self.ask(Query::Clusters, ON_SCREEN);
            }
            Subject::Service(service) if self.is_here(service) => {
                self.service(&service.id, ON_SCREEN / 2);
                self.records(&service.id, ON_SCREEN);
            }
            Subject::Task(cluster, task) if self.is_here(cluster) => {
                let query = Query::Task {
                    cluster: cluster.id.clone(),
                    task: task.clone(),
                };
                self.ask(query, ON_SCREEN / 2);
            }
            Subject::TaskDefinition(definition) if self.is_here(definition) => {
                self.ask(Query::TaskDefinition(definition.id.clone()), REST);
            }
            _ => {}
        }
    }

    /// The tasks of the source, their task definitions, and then their streams.
    fn logs(&mut self, source: &LogSource) {
        let mut tasks: Vec<&Task> = Vec::new();
        match source {
            LogSource::Service { cluster, service } => {
                for stopped in [false, true] {
                    self.tasks(cluster, Some(service), stopped, ON_SCREEN);
                    let scope = (cluster.clone(), Some(service.clone()), stopped);
                    let listed = self
                        .store
                        .tasks
                        .get(&scope)
                        .and_then(|remote| remote.value());
                    tasks.extend(listed.into_iter().flatten());
                }
            }
            LogSource::Task { cluster, task } => {
                let query = Query::Task {
                    cluster: cluster.clone(),
                    task: task.clone(),
                };
                self.ask(query, ON_SCREEN);
                tasks.extend(self.store.task(task));
            }
        }
        let definitions: Vec<TaskDefinitionArn> = tasks
            .iter()
            .map(|task| task.task_definition.clone())
            .collect();
        for definition in definitions {
            self.ask(Query::TaskDefinition(definition), SLOW);
        }
        let store = self.store;
        let plan = log_plan(tasks, |task| store.task_definition(&task.task_definition));
        if let Some(since) = self.log_start(source)
            && !plan.streams.is_empty()
        {
            let query = Query::Logs {
                source: source.clone(),
                streams: plan.streams,
                since,
            };
            self.ask(query, self.refresh());
        }
    }

    /// A fixed moment, so that the question stays the same while the screen is open.
    fn log_start(&self, source: &LogSource) -> Option<Timestamp> {
        let buffer = self.model.log_buffer.as_ref()?;
        if buffer.source.id != *source {
            return None;
        }
        Timestamp::from_second(buffer.opened_at.as_second() - LOG_LOOK_BACK_SECONDS).ok()
    }

    /// What is being followed is read however far away the screen is.
    fn operations(&mut self) {
        let here = self.store.context.id;
        let followed: Vec<Goal> = self
            .model
            .operations
            .iter()
            .filter(|operation| {
                operation.context == here && matches!(operation.state, OperationState::Following(_))
            })
            .filter_map(|operation| operation.goal.clone())
            .collect();
        for goal in followed {
            match goal {
                Goal::NewDeploymentEnds { service, .. } | Goal::RollbackEnds { service, .. } => {
                    self.service(&service, self.refresh());
                    self.records(&service, self.refresh());
                }
                Goal::CountReached { service, .. } => self.service(&service, self.refresh()),
                Goal::TaskStopped { cluster, task } => {
                    self.ask(Query::Task { cluster, task }, self.refresh());
                }
            }
        }
    }
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
