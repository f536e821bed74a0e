//! Clusters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::ids::{ClusterNumber, ServiceNumber, TaskNumber};

/// A cluster of a region.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Counts clusters of the region.
    pub number: ClusterNumber,
    /// Unique within the region.
    pub name: String,
    /// `…:cluster/name`
    pub arn: String,
    /// Other members of `CreateCluster`, as they were given: settings, configuration, and so on.
    pub members: Map<String, Value>,
    /// Tags, a list of `{key, value}`.
    pub tags: Vec<Value>,
    /// Its services by name, INACTIVE ones too until they are forgotten.
    pub services: BTreeMap<String, ServiceNumber>,
    /// Its tasks, stopped ones too until they are forgotten.
    pub tasks: BTreeSet<TaskNumber>,
    /// How many tasks fit; none means as many as anybody wants. Only a scenario sets it.
    pub capacity: Option<u32>,
}
