//! The shapes of the service model: clusters.

use super::Shape::{Flag, List, Structure, Text, Words};
use super::service::CAPACITY_PROVIDER_STRATEGY_ITEM;
use super::task_definition::TAG;
use super::{Member, may, must};

/// `ClusterSetting` of the service model.
pub const CLUSTER_SETTING: &[Member] = &[
    may("name", Words(&["containerInsights"])),
    may("value", Text),
];

/// `ExecuteCommandLogConfiguration` of the service model.
pub const EXECUTE_COMMAND_LOG_CONFIGURATION: &[Member] = &[
    may("cloudWatchLogGroupName", Text),
    may("cloudWatchEncryptionEnabled", Flag),
    may("s3BucketName", Text),
    may("s3EncryptionEnabled", Flag),
    may("s3KeyPrefix", Text),
];

/// `ExecuteCommandConfiguration` of the service model.
pub const EXECUTE_COMMAND_CONFIGURATION: &[Member] = &[
    may("kmsKeyId", Text),
    may("logging", Words(&["NONE", "DEFAULT", "OVERRIDE"])),
    may(
        "logConfiguration",
        Structure(EXECUTE_COMMAND_LOG_CONFIGURATION),
    ),
];

/// `ManagedStorageConfiguration` of the service model.
pub const MANAGED_STORAGE_CONFIGURATION: &[Member] = &[
    may("kmsKeyId", Text),
    may("fargateEphemeralStorageKmsKeyId", Text),
];

/// `ClusterConfiguration` of the service model.
pub const CLUSTER_CONFIGURATION: &[Member] = &[
    may(
        "executeCommandConfiguration",
        Structure(EXECUTE_COMMAND_CONFIGURATION),
    ),
    may(
        "managedStorageConfiguration",
        Structure(MANAGED_STORAGE_CONFIGURATION),
    ),
];

/// `ClusterServiceConnectDefaultsRequest` of the service model.
pub const CLUSTER_SERVICE_CONNECT_DEFAULTS_REQUEST: &[Member] = &[must("namespace", Text)];

/// `CreateClusterRequest` of the service model.
pub const CREATE_CLUSTER_REQUEST: &[Member] = &[
    may("clusterName", Text),
    may("tags", List(&Structure(TAG))),
    may("settings", List(&Structure(CLUSTER_SETTING))),
    may("configuration", Structure(CLUSTER_CONFIGURATION)),
    may("capacityProviders", List(&Text)),
    may(
        "defaultCapacityProviderStrategy",
        List(&Structure(CAPACITY_PROVIDER_STRATEGY_ITEM)),
    ),
    may(
        "serviceConnectDefaults",
        Structure(CLUSTER_SERVICE_CONNECT_DEFAULTS_REQUEST),
    ),
];
