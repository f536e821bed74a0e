//! The board: every service of every cluster, and whatever moves.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jiff::Timestamp;

use super::pace::{
    CALLS_PER_RECORDS, COUNTS, COUNTS_CALLS_PER_MINUTE, FINISHED_CALLS_PER_MINUTE,
    MOVING_CALLS_PER_MINUTE, REST, SLOW, SWEEP_CALLS_PER_MINUTE, counts_calls, sweep_calls, within,
};
use super::{Depth, Interest, has_failures, is_recent, stamp};
use crate::app::query::Query;
use crate::domain::arn::ClusterArn;
use crate::domain::release::is_attention;
use crate::domain::service::Service;

/// AWS describes a stopped task for about an hour.
const TASKS_KNOWN_SECONDS: i64 = 3600;

impl Interest<'_> {
    /// Every service of every cluster, and whatever moves.
    pub(super) fn board(&mut self) {
        self.counts(COUNTS);
        let model = self.model;
        let clusters: Vec<ClusterArn> = self
            .store
            .clusters
            .keys()
            .filter(|arn| model.preferences.shows_cluster(arn))
            .cloned()
            .collect();
        let sizes = self.services_by_cluster();
        let calls = clusters
            .iter()
            .map(|cluster| sweep_calls(sizes.get(cluster).copied().unwrap_or(0)))
            .sum();
        let pace = within(calls, SWEEP_CALLS_PER_MINUTE).max(self.on_screen());
        for cluster in clusters {
            self.sweep(cluster, pace);
        }
        self.moving(None);
        if self.depth == Depth::All {
            self.recent();
            self.finished_code_deployments();
        }
    }

    /// The clusters with their counts, at this pace or what the budget allows.
    pub(super) fn counts(&mut self, pace: Duration) {
        let calls = counts_calls(self.store.clusters.len());
        let pace = within(calls, COUNTS_CALLS_PER_MINUTE)
            .max(pace)
            .max(self.refresh());
        self.ask(Query::Clusters, pace);
    }

    /// The services of one cluster.
    pub(super) fn cluster_services(&mut self, cluster: &ClusterArn) {
        self.counts(COUNTS);
        let size = self.services_by_cluster().get(cluster).copied();
        let calls = sweep_calls(size.unwrap_or(0));
        let pace = within(calls, SWEEP_CALLS_PER_MINUTE).max(self.on_screen());
        self.sweep(cluster.clone(), pace);
        self.moving(Some(cluster));
    }

    /// A cluster in which tasks are on their way is looked into sooner: a release is the likely
    /// cause.
    fn sweep(&mut self, cluster: ClusterArn, pace: Duration) {
        let stamp = self.counts_stamp(&cluster);
        let pace = if self.is_busy(&cluster) {
            pace.min(REST)
        } else {
            pace
        };
        self.ask_stamped(Query::Services(cluster), pace, stamp);
    }

    fn is_busy(&self, cluster: &ClusterArn) -> bool {
        let counts = self.store.clusters.get(cluster);
        counts
            .and_then(|remote| remote.value())
            .is_some_and(|counts| counts.pending_tasks > 0)
    }

    fn services_by_cluster(&self) -> HashMap<&ClusterArn, usize> {
        let mut sizes = HashMap::new();
        for cluster in self.store.cluster_of.values() {
            *sizes.entry(cluster).or_default() += 1;
        }
        sizes
    }

    /// Changes when the counts of a cluster do.
    fn counts_stamp(&self, cluster: &ClusterArn) -> u64 {
        let counts = self.store.clusters.get(cluster);
        let counts = counts.and_then(|remote| remote.value());
        counts.map_or(0, |counts| {
            stamp(&(
                counts.active_services,
                counts.running_tasks,
                counts.pending_tasks,
            ))
        })
    }

    /// Whether a release of the service is in flight, by `deployments[]` or by ECS's record of it.
    pub(super) fn in_flight(&self, service: &Service) -> bool {
        service.is_moving()
            || self
                .store
                .newest_release(&service.arn)
                .is_some_and(|release| !release.status.is_over())
    }

    /// The services in flight: their counts, their records, and why they fail.
    fn moving(&mut self, only: Option<&ClusterArn>) {
        let model = self.model;
        let mut by_cluster: BTreeMap<&ClusterArn, Vec<&Service>> = BTreeMap::new();
        let services = self.store.services.values();
        for service in services.filter_map(|remote| remote.value()) {
            let shown = only.is_none_or(|cluster| *cluster == service.cluster)
                && model.preferences.shows_cluster(&service.cluster);
            if shown && self.in_flight(service) {
                by_cluster
                    .entry(&service.cluster)
                    .or_default()
                    .push(service);
            }
        }
        let count: usize = by_cluster.values().map(Vec::len).sum();
        let pace = self.moving_pace(by_cluster.len(), count);
        let records_pace = within(count * CALLS_PER_RECORDS, MOVING_CALLS_PER_MINUTE).max(pace * 3);
        let all: Vec<&Service> = by_cluster.values().flatten().copied().collect();
        self.sides_on_board(&all);
        for (cluster, services) in by_cluster {
            let arns = services.iter().map(|service| service.arn.clone()).collect();
            self.watch(cluster.clone(), arns, pace);
            for service in services {
                self.records(&service.arn, records_pace);
                if has_failures(service) {
                    self.stopped_tasks(service);
                }
            }
        }
    }

    /// With many releases in flight at once the pace gives way to the budget.
    fn moving_pace(&self, clusters: usize, services: usize) -> Duration {
        let busy = u32::try_from(clusters.max(services / 5).max(1)).unwrap_or(u32::MAX);
        self.refresh() * busy.div_ceil(4).min(10)
    }

    /// The records of services whose newest deployment is recent: they tell what it was.
    fn recent(&mut self) {
        let now = self.model.now;
        let recent: Vec<&Service> = self
            .store
            .services
            .values()
            .filter_map(|remote| remote.value())
            .filter(|service| is_recent(service, now) && !self.in_flight(service))
            .collect();
        let calls = recent.len() * CALLS_PER_RECORDS;
        let pace = within(calls, FINISHED_CALLS_PER_MINUTE).max(SLOW);
        for service in recent {
            self.records(&service.arn, pace);
            if self.failed_lately(service) {
                self.stopped_tasks(service);
            }
        }
    }

    /// Whether the newest release failed, still stands, and AWS may still know its stopped tasks.
    fn failed_lately(&self, service: &Service) -> bool {
        let newest = self.store.newest_release(&service.arn);
        newest.is_some_and(|release| {
            let ended = release.finished_at.map_or(0, Timestamp::as_second);
            is_attention(release) && self.model.now.as_second() - ended < TASKS_KNOWN_SECONDS
        })
    }

    pub(super) fn stopped_tasks(&mut self, service: &Service) {
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
        let pace = if service.is_moving() { COUNTS } else { REST };
        self.ask_stamped(query, pace, stamp(&failed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::interest::subscriptions;
    use crate::app::model::{Model, Preferences};
    use crate::app::msg::Data;
    use crate::config::settings::ProductionRules;
    use crate::domain::cluster::Cluster;
    use crate::domain::context::{Context, ContextId};
    use crate::domain::fixture;
    use crate::keys::Keymap;

    fn model() -> Model {
        let preferences = Preferences {
            refresh: Duration::from_secs(2),
            live_logs: true,
            read_only: false,
            production: ProductionRules::default(),
            cluster: None,
            service: None,
            zone: jiff::tz::TimeZone::UTC,
        };
        let context = Context {
            id: ContextId(0),
            profile: None,
            region: None,
            endpoint: None,
            demo: false,
        };
        Model::new(
            preferences,
            Keymap::standard(),
            vec![context],
            fixture::at(0),
        )
    }

    #[test]
    fn a_cluster_with_tasks_on_their_way_is_read_sooner_than_a_quiet_one() {
        let mut model = model();
        let clusters = (0..40_u32).map(|number| Cluster {
            arn: fixture::cluster(&format!("c{number}")),
            status: "ACTIVE".into(),
            active_services: 50,
            running_tasks: 100,
            pending_tasks: u32::from(number == 7),
            container_instances: 0,
        });
        let store = model.store_mut(ContextId(0)).unwrap();
        store.take(Data::Clusters(clusters.collect()), fixture::at(0));
        let sooner: Vec<String> = subscriptions(&model)
            .into_iter()
            .filter(|wanted| wanted.pace <= REST)
            .filter_map(|wanted| match wanted.query {
                Query::Services(cluster) => Some(cluster.name().to_owned()),
                _ => None,
            })
            .collect();
        assert_eq!(sooner, ["c7"]);
    }
}
