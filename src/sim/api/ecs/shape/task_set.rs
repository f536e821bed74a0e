//! The shapes of the service model: task sets.

use super::Shape::{List, Number, Structure, Text, Words};
use super::service::{
    CAPACITY_PROVIDER_STRATEGY_ITEM, LOAD_BALANCER, NETWORK_CONFIGURATION, SERVICE_REGISTRY,
};
use super::task_definition::TAG;
use super::{Member, may, must};

/// `Scale` of the service model.
const SCALE: &[Member] = &[may("value", Number), may("unit", Words(&["PERCENT"]))];

/// `CreateTaskSetRequest` of the service model.
pub const CREATE_TASK_SET_REQUEST: &[Member] = &[
    must("service", Text),
    must("cluster", Text),
    may("externalId", Text),
    must("taskDefinition", Text),
    may("networkConfiguration", Structure(NETWORK_CONFIGURATION)),
    may("loadBalancers", List(&Structure(LOAD_BALANCER))),
    may("serviceRegistries", List(&Structure(SERVICE_REGISTRY))),
    may(
        "launchType",
        Words(&["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"]),
    ),
    may(
        "capacityProviderStrategy",
        List(&Structure(CAPACITY_PROVIDER_STRATEGY_ITEM)),
    ),
    may("platformVersion", Text),
    may("scale", Structure(SCALE)),
    may("clientToken", Text),
    may("tags", List(&Structure(TAG))),
];
