//! The inputs of the operations, as the service model describes them.

use crate::sim::api::ecs::shape::Shape::{Flag, List, Structure, Text, Texts, Whole, Words};
use crate::sim::api::ecs::shape::{Member, may, must};

const NAMESPACES: &[&str] = &[
    "ecs",
    "elasticmapreduce",
    "ec2",
    "appstream",
    "dynamodb",
    "rds",
    "sagemaker",
    "custom-resource",
    "comprehend",
    "lambda",
    "cassandra",
    "kafka",
    "elasticache",
    "neptune",
    "workspaces",
];

/// The dimensions that the model knows.
const DIMENSIONS: &[&str] = &[
    super::targets::DIMENSION,
    "ec2:spot-fleet-request:TargetCapacity",
    "elasticmapreduce:instancegroup:InstanceCount",
    "appstream:fleet:DesiredCapacity",
    "dynamodb:table:ReadCapacityUnits",
    "dynamodb:table:WriteCapacityUnits",
    "dynamodb:index:ReadCapacityUnits",
    "dynamodb:index:WriteCapacityUnits",
    "rds:cluster:ReadReplicaCount",
    "sagemaker:variant:DesiredInstanceCount",
    "custom-resource:ResourceType:Property",
    "comprehend:document-classifier-endpoint:DesiredInferenceUnits",
    "comprehend:entity-recognizer-endpoint:DesiredInferenceUnits",
    "lambda:function:ProvisionedConcurrency",
    "cassandra:table:ReadCapacityUnits",
    "cassandra:table:WriteCapacityUnits",
    "kafka:broker-storage:VolumeSize",
    "elasticache:cache-cluster:Nodes",
    "elasticache:replication-group:NodeGroups",
    "elasticache:replication-group:Replicas",
    "neptune:cluster:ReadReplicaCount",
    "sagemaker:variant:DesiredProvisionedConcurrency",
    "sagemaker:inference-component:DesiredCopyCount",
    "workspaces:workspacespool:DesiredUserSessions",
];

const SUSPENDED: &[Member] = &[
    may("DynamicScalingInSuspended", Flag),
    may("DynamicScalingOutSuspended", Flag),
    may("ScheduledScalingSuspended", Flag),
];

/// `RegisterScalableTarget`.
pub const REGISTER: &[Member] = &[
    must("ServiceNamespace", Words(NAMESPACES)),
    must("ResourceId", Text),
    must("ScalableDimension", Words(DIMENSIONS)),
    may("MinCapacity", Whole),
    may("MaxCapacity", Whole),
    may("RoleARN", Text),
    may("SuspendedState", Structure(SUSPENDED)),
    may("Tags", Texts),
];

/// `DescribeScalableTargets`.
pub const DESCRIBE: &[Member] = &[
    must("ServiceNamespace", Words(NAMESPACES)),
    may("ResourceIds", List(&Text)),
    may("ScalableDimension", Words(DIMENSIONS)),
    may("MaxResults", Whole),
    may("NextToken", Text),
];

/// `DeregisterScalableTarget`.
pub const DEREGISTER: &[Member] = &[
    must("ServiceNamespace", Words(NAMESPACES)),
    must("ResourceId", Text),
    must("ScalableDimension", Words(DIMENSIONS)),
];
