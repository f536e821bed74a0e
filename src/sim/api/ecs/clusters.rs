//! `CreateCluster`, `ListClusters`, `DescribeClusters`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::lookup::{failure, includes};
use super::page::{Order, page};
use super::shape::{cluster::CREATE_CLUSTER_REQUEST, request};
use super::{show, tags};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::cluster::Cluster;
use crate::sim::world::ids::ClusterNumber;

const FIELDS: [&str; 5] = [
    "ATTACHMENTS",
    "CONFIGURATIONS",
    "SETTINGS",
    "STATISTICS",
    "TAGS",
];
/// Clusters that one `DescribeClusters` may name.
const MOST: usize = 100;

/// `CreateCluster`: a name that exists gives the cluster that has it.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let mut members = request(input, CREATE_CLUSTER_REQUEST)?;
    let name = match members.remove("clusterName") {
        Some(Value::String(name)) => name,
        _ => "default".to_owned(),
    };
    if !valid_name(&name) {
        return Err(ApiError::invalid_parameter(
            "Cluster name must match the pattern [a-zA-Z0-9_-]{1,255}.",
        ));
    }
    let tags = tags::take(&mut members)?;
    let ecs = &mut region.ecs;
    if !ecs.cluster_names.contains_key(&name) {
        let number = ClusterNumber(ecs.next_number());
        let cluster = Cluster {
            number,
            arn: ecs.place.cluster(&name),
            name: name.clone(),
            members,
            tags,
            services: BTreeMap::new(),
            tasks: BTreeSet::new(),
            capacity: None,
        };
        ecs.clusters.insert(number, cluster);
        ecs.cluster_names.insert(name.clone(), number);
    }
    let ecs = &region.ecs;
    let cluster = ecs
        .cluster(Some(&name))
        .map(|one| show::cluster::cluster(ecs, one, &FIELDS));
    Ok(json!({"cluster": cluster}))
}

/// `ListClusters`.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let ecs = &region.ecs;
    let items = ecs
        .cluster_names
        .iter()
        .filter_map(|(name, number)| Some((name.clone(), json!(ecs.clusters.get(number)?.arn))));
    page(input, "clusterArns", 100, Order::Ascending, items)
}

/// `DescribeClusters`.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let ecs = &region.ecs;
    let mut fields = Vec::new();
    for field in FIELDS {
        if includes(input, field, &FIELDS)? {
            fields.push(field);
        }
    }
    let mut names = input.strings("clusters")?;
    if names.is_empty() {
        names.push("default");
    }
    if names.len() > MOST {
        return Err(ApiError::invalid_parameter(
            "Clusters cannot have more than 100 elements.",
        ));
    }
    let (mut clusters, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        match ecs.cluster(Some(name)) {
            Some(one) => clusters.push(show::cluster::cluster(ecs, one, &fields)),
            None if name.starts_with("arn:") => failures.push(failure(name)),
            None => failures.push(failure(&ecs.place.cluster(name))),
        }
    }
    Ok(json!({"clusters": clusters, "failures": failures}))
}

/// Names of clusters, services and families: letters, digits, dashes and underscores.
pub fn valid_name(name: &str) -> bool {
    (1..=255).contains(&name.len())
        && name
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || one == '-' || one == '_')
}
