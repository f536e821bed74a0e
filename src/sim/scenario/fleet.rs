//! Fleets: many services with names that somebody could have given them.

use std::collections::BTreeMap;

use toml::Spanned;

use super::file::{AtEntry, BreakerEntry, ClusterEntry, File, FleetEntry, ServiceEntry};
use super::logs::LogsEntry;
use super::time::Offset;
use super::{ScenarioOptions, fleet_pipelines};
use crate::sim::rng::Rng;

const DOMAINS: [&str; 20] = [
    "orders", "billing", "search", "catalog", "profile", "mailer", "ledger", "media", "pricing",
    "stock", "routing", "loyalty", "reviews", "fraud", "tax", "returns", "coupons", "sessions",
    "exports", "alerts",
];
const ROLES: [&str; 10] = [
    "api", "worker", "web", "sync", "indexer", "gateway", "cron", "stream", "cache", "admin",
];
const STAGES: [&str; 4] = ["prod", "staging", "dev", "batch"];

/// Adds the services, clusters and releases of a fleet to `file`.
pub fn expand(entry: &FleetEntry, options: &ScenarioOptions, file: &mut File) {
    let mut rng = Rng::new(options.seed);
    let clusters = options.clusters.unwrap_or(entry.clusters).max(1);
    let services = options.services.unwrap_or(entry.services);
    for number in 0..clusters {
        file.cluster.push(cluster(number));
    }
    let fleet: Vec<ServiceEntry> = (0..services)
        .map(|number| service(number, clusters, entry.most_tasks, &mut rng))
        .collect();
    // The releases are spread over the fleet, so that they meet different clusters.
    let releases = entry.releases.min(services);
    let distance = usize::try_from(services.checked_div(releases).unwrap_or(1)).unwrap_or(1);
    let picked = fleet.iter().step_by(distance.max(1));
    for (one, number) in picked.zip(0..releases) {
        file.at
            .push(release(one, number < entry.crashing, &mut rng));
    }
    let pipelines = options.pipelines.unwrap_or(entry.pipelines);
    fleet_pipelines::expand(pipelines, options.seed, &fleet, file);
    file.service.extend(fleet);
}

fn cluster(number: u32) -> ClusterEntry {
    ClusterEntry {
        name: cluster_name(number),
        account: None,
        region: None,
        capacity: None,
        tags: BTreeMap::new(),
    }
}

fn cluster_name(number: u32) -> String {
    let stage = word(&STAGES, number);
    format!("{stage}-{:02}", number / 4 + 1)
}

fn service(number: u32, clusters: u32, most_tasks: u32, rng: &mut Rng) -> ServiceEntry {
    let (domain, role) = (word(&DOMAINS, number), word(&ROLES, number / 20));
    let name = format!("{domain}-{role}-{:02}", number / 200 + 1);
    let version = rng.range(1, 60);
    let tasks = rng.range(1, i64::from(most_tasks.max(1)) + 1);
    ServiceEntry {
        cluster: Spanned::new(0..0, cluster_name(number % clusters)),
        image: format!("{name}:1.{version}.0"),
        name,
        revision: u32::try_from(version).unwrap_or(1),
        desired: u32::try_from(tasks).unwrap_or(1),
        since: Offset(-rng.range(3_600_000, 9 * 86_400_000)),
        cpu: 256,
        memory: 512,
        load_balancer: role == "api" || role == "web",
        health_check: None,
        breaker: Some(BreakerEntry {
            rollback: true,
            threshold_type: None,
            threshold: None,
            reset_on_healthy_task: None,
        }),
        codedeploy: None,
        external: false,
        deployment: None,
        hook: Vec::new(),
        autoscaling: None,
        alarms: None,
        minimum_healthy_percent: 100,
        maximum_percent: 200,
        logs: LogsEntry::default(),
        sidecar: Vec::new(),
        environment: BTreeMap::new(),
        tags: BTreeMap::new(),
    }
}

/// A release that is in flight at the start.
fn release(service: &ServiceEntry, crashes: bool, rng: &mut Rng) -> AtEntry {
    let suffix = if crashes { "-crash" } else { "" };
    let time = Offset(-rng.range(4_000, 40_000));
    let cluster = service.cluster.get_ref();
    AtEntry {
        deploy: Some(format!("{}:2.0.0{suffix}", service.name)),
        ..AtEntry::of_service(time, format!("{cluster}/{}", service.name))
    }
}

pub(super) fn word<'a>(words: &[&'a str], number: u32) -> &'a str {
    let position = usize::try_from(number)
        .unwrap_or(0)
        .checked_rem(words.len())
        .unwrap_or(0);
    words.get(position).copied().unwrap_or("service")
}
