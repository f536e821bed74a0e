//! The shapes of the service model: services.

use super::Shape::{Anything, Flag, List, Number, Structure, Text, Whole, Words};
use super::container::LOG_CONFIGURATION;
use super::task_definition::TAG;
use super::{Member, may, must};

/// `AdvancedConfiguration` of the service model.
pub const ADVANCED_CONFIGURATION: &[Member] = &[
    may("alternateTargetGroupArn", Text),
    may("productionListenerRule", Text),
    may("testListenerRule", Text),
    may("roleArn", Text),
];

/// `LoadBalancer` of the service model.
pub const LOAD_BALANCER: &[Member] = &[
    may("targetGroupArn", Text),
    may("loadBalancerName", Text),
    may("containerName", Text),
    may("containerPort", Whole),
    may("advancedConfiguration", Structure(ADVANCED_CONFIGURATION)),
];

/// `ServiceRegistry` of the service model.
pub const SERVICE_REGISTRY: &[Member] = &[
    may("registryArn", Text),
    may("port", Whole),
    may("containerName", Text),
    may("containerPort", Whole),
];

/// `CapacityProviderStrategyItem` of the service model.
pub const CAPACITY_PROVIDER_STRATEGY_ITEM: &[Member] = &[
    must("capacityProvider", Text),
    may("weight", Whole),
    may("base", Whole),
];

/// `ThresholdConfiguration` of the service model.
pub const THRESHOLD_CONFIGURATION: &[Member] = &[
    must(
        "type",
        Words(&["COUNT", "BOUNDED_PERCENT", "UNBOUNDED_PERCENT"]),
    ),
    must("value", Whole),
];

/// `DeploymentCircuitBreaker` of the service model.
pub const DEPLOYMENT_CIRCUIT_BREAKER: &[Member] = &[
    must("enable", Flag),
    must("rollback", Flag),
    may("resetOnHealthyTask", Flag),
    may("thresholdConfiguration", Structure(THRESHOLD_CONFIGURATION)),
];

/// `DeploymentAlarms` of the service model.
pub const DEPLOYMENT_ALARMS: &[Member] = &[
    must("alarmNames", List(&Text)),
    must("rollback", Flag),
    must("enable", Flag),
];

/// `DeploymentLifecycleHookTimeoutConfiguration` of the service model.
pub const DEPLOYMENT_LIFECYCLE_HOOK_TIMEOUT_CONFIGURATION: &[Member] = &[
    may("timeoutInMinutes", Whole),
    may("action", Words(&["ROLLBACK", "CONTINUE"])),
];

/// `DeploymentLifecycleHook` of the service model.
pub const DEPLOYMENT_LIFECYCLE_HOOK: &[Member] = &[
    may("targetType", Words(&["AWS_LAMBDA", "PAUSE"])),
    may("hookTargetArn", Text),
    may("roleArn", Text),
    may(
        "lifecycleStages",
        List(&Words(&[
            "RECONCILE_SERVICE",
            "PRE_SCALE_UP",
            "POST_SCALE_UP",
            "TEST_TRAFFIC_SHIFT",
            "POST_TEST_TRAFFIC_SHIFT",
            "PRE_PRODUCTION_TRAFFIC_SHIFT",
            "PRODUCTION_TRAFFIC_SHIFT",
            "POST_PRODUCTION_TRAFFIC_SHIFT",
        ])),
    ),
    may("hookDetails", Anything),
    may(
        "timeoutConfiguration",
        Structure(DEPLOYMENT_LIFECYCLE_HOOK_TIMEOUT_CONFIGURATION),
    ),
];

/// `LinearConfiguration` of the service model.
pub const LINEAR_CONFIGURATION: &[Member] = &[
    may("stepPercent", Number),
    may("stepBakeTimeInMinutes", Whole),
];

/// `CanaryConfiguration` of the service model.
pub const CANARY_CONFIGURATION: &[Member] = &[
    may("canaryPercent", Number),
    may("canaryBakeTimeInMinutes", Whole),
];

/// `DeploymentEarlySuccessCriteria` of the service model.
pub const DEPLOYMENT_EARLY_SUCCESS_CRITERIA: &[Member] = &[
    must("enable", Flag),
    may("healthyPercent", Whole),
    may(
        "sourceServiceRevisionCleanup",
        Words(&["BLOCKING", "DEFERRED"]),
    ),
];

/// `DeploymentConfiguration` of the service model.
pub const DEPLOYMENT_CONFIGURATION: &[Member] = &[
    may(
        "deploymentCircuitBreaker",
        Structure(DEPLOYMENT_CIRCUIT_BREAKER),
    ),
    may("maximumPercent", Whole),
    may("minimumHealthyPercent", Whole),
    may("alarms", Structure(DEPLOYMENT_ALARMS)),
    may(
        "strategy",
        Words(&["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"]),
    ),
    may("bakeTimeInMinutes", Whole),
    may(
        "lifecycleHooks",
        List(&Structure(DEPLOYMENT_LIFECYCLE_HOOK)),
    ),
    may("linearConfiguration", Structure(LINEAR_CONFIGURATION)),
    may("canaryConfiguration", Structure(CANARY_CONFIGURATION)),
    may(
        "earlySuccessCriteria",
        Structure(DEPLOYMENT_EARLY_SUCCESS_CRITERIA),
    ),
];

/// `PlacementConstraint` of the service model.
pub const PLACEMENT_CONSTRAINT: &[Member] = &[
    may("type", Words(&["distinctInstance", "memberOf"])),
    may("expression", Text),
];

/// `PlacementStrategy` of the service model.
pub const PLACEMENT_STRATEGY: &[Member] = &[
    may("type", Words(&["random", "spread", "binpack"])),
    may("field", Text),
];

/// `AwsVpcConfiguration` of the service model.
pub const AWS_VPC_CONFIGURATION: &[Member] = &[
    must("subnets", List(&Text)),
    may("securityGroups", List(&Text)),
    may("assignPublicIp", Words(&["ENABLED", "DISABLED"])),
];

/// `NetworkConfiguration` of the service model.
pub const NETWORK_CONFIGURATION: &[Member] =
    &[may("awsvpcConfiguration", Structure(AWS_VPC_CONFIGURATION))];

/// `DeploymentController` of the service model.
pub const DEPLOYMENT_CONTROLLER: &[Member] =
    &[must("type", Words(&["ECS", "CODE_DEPLOY", "EXTERNAL"]))];

/// `ServiceConnectTestTrafficHeaderMatchRules` of the service model.
pub const SERVICE_CONNECT_TEST_TRAFFIC_HEADER_MATCH_RULES: &[Member] = &[must("exact", Text)];

/// `ServiceConnectTestTrafficHeaderRules` of the service model.
pub const SERVICE_CONNECT_TEST_TRAFFIC_HEADER_RULES: &[Member] = &[
    must("name", Text),
    may(
        "value",
        Structure(SERVICE_CONNECT_TEST_TRAFFIC_HEADER_MATCH_RULES),
    ),
];

/// `ServiceConnectTestTrafficRules` of the service model.
pub const SERVICE_CONNECT_TEST_TRAFFIC_RULES: &[Member] = &[must(
    "header",
    Structure(SERVICE_CONNECT_TEST_TRAFFIC_HEADER_RULES),
)];

/// `ServiceConnectClientAlias` of the service model.
pub const SERVICE_CONNECT_CLIENT_ALIAS: &[Member] = &[
    must("port", Whole),
    may("dnsName", Text),
    may(
        "testTrafficRules",
        Structure(SERVICE_CONNECT_TEST_TRAFFIC_RULES),
    ),
];

/// `TimeoutConfiguration` of the service model.
pub const TIMEOUT_CONFIGURATION: &[Member] = &[
    may("idleTimeoutSeconds", Whole),
    may("perRequestTimeoutSeconds", Whole),
];

/// `ServiceConnectTlsCertificateAuthority` of the service model.
pub const SERVICE_CONNECT_TLS_CERTIFICATE_AUTHORITY: &[Member] = &[may("awsPcaAuthorityArn", Text)];

/// `ServiceConnectTlsConfiguration` of the service model.
pub const SERVICE_CONNECT_TLS_CONFIGURATION: &[Member] = &[
    must(
        "issuerCertificateAuthority",
        Structure(SERVICE_CONNECT_TLS_CERTIFICATE_AUTHORITY),
    ),
    may("kmsKey", Text),
    may("roleArn", Text),
];

/// `ServiceConnectService` of the service model.
pub const SERVICE_CONNECT_SERVICE: &[Member] = &[
    must("portName", Text),
    may("discoveryName", Text),
    may(
        "clientAliases",
        List(&Structure(SERVICE_CONNECT_CLIENT_ALIAS)),
    ),
    may("ingressPortOverride", Whole),
    may("timeout", Structure(TIMEOUT_CONFIGURATION)),
    may("tls", Structure(SERVICE_CONNECT_TLS_CONFIGURATION)),
];

/// `ServiceConnectAccessLogConfiguration` of the service model.
pub const SERVICE_CONNECT_ACCESS_LOG_CONFIGURATION: &[Member] = &[
    must("format", Words(&["TEXT", "JSON"])),
    may("includeQueryParameters", Words(&["DISABLED", "ENABLED"])),
];

/// `ServiceConnectConfiguration` of the service model.
pub const SERVICE_CONNECT_CONFIGURATION: &[Member] = &[
    must("enabled", Flag),
    may("namespace", Text),
    may("services", List(&Structure(SERVICE_CONNECT_SERVICE))),
    may("logConfiguration", Structure(LOG_CONFIGURATION)),
    may(
        "accessLogConfiguration",
        Structure(SERVICE_CONNECT_ACCESS_LOG_CONFIGURATION),
    ),
];

/// `EBSTagSpecification` of the service model.
pub const EBS_TAG_SPECIFICATION: &[Member] = &[
    must("resourceType", Words(&["volume"])),
    may("tags", List(&Structure(TAG))),
    may(
        "propagateTags",
        Words(&["TASK_DEFINITION", "SERVICE", "NONE"]),
    ),
];

/// `ServiceManagedEBSVolumeConfiguration` of the service model.
pub const SERVICE_MANAGED_EBS_VOLUME_CONFIGURATION: &[Member] = &[
    may("encrypted", Flag),
    may("kmsKeyId", Text),
    may("volumeType", Text),
    may("sizeInGiB", Whole),
    may("snapshotId", Text),
    may("volumeInitializationRate", Whole),
    may("iops", Whole),
    may("throughput", Whole),
    may("tagSpecifications", List(&Structure(EBS_TAG_SPECIFICATION))),
    must("roleArn", Text),
    may("filesystemType", Words(&["ext3", "ext4", "xfs", "ntfs"])),
];

/// `ServiceVolumeConfiguration` of the service model.
pub const SERVICE_VOLUME_CONFIGURATION: &[Member] = &[
    must("name", Text),
    may(
        "managedEBSVolume",
        Structure(SERVICE_MANAGED_EBS_VOLUME_CONFIGURATION),
    ),
];

/// `VpcLatticeAdvancedConfiguration` of the service model.
pub const VPC_LATTICE_ADVANCED_CONFIGURATION: &[Member] = &[
    may("alternateTargetGroupArn", Text),
    may("productionListenerRule", Text),
    may("testListenerRule", Text),
];

/// `VpcLatticeConfiguration` of the service model.
pub const VPC_LATTICE_CONFIGURATION: &[Member] = &[
    must("roleArn", Text),
    must("targetGroupArn", Text),
    must("portName", Text),
    may(
        "advancedConfiguration",
        Structure(VPC_LATTICE_ADVANCED_CONFIGURATION),
    ),
];

/// `MetricConfiguration` of the service model.
pub const METRIC_CONFIGURATION: &[Member] = &[
    must("metricNames", List(&Text)),
    must("resolutionSeconds", Whole),
];

/// `MonitoringConfiguration` of the service model.
pub const MONITORING_CONFIGURATION: &[Member] = &[may(
    "metricConfigurations",
    List(&Structure(METRIC_CONFIGURATION)),
)];

/// `CreateServiceRequest` of the service model.
pub const CREATE_SERVICE_REQUEST: &[Member] = &[
    may("cluster", Text),
    must("serviceName", Text),
    may("taskDefinition", Text),
    may(
        "availabilityZoneRebalancing",
        Words(&["ENABLED", "DISABLED"]),
    ),
    may("loadBalancers", List(&Structure(LOAD_BALANCER))),
    may("serviceRegistries", List(&Structure(SERVICE_REGISTRY))),
    may("desiredCount", Whole),
    may("clientToken", Text),
    may(
        "launchType",
        Words(&["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"]),
    ),
    may(
        "capacityProviderStrategy",
        List(&Structure(CAPACITY_PROVIDER_STRATEGY_ITEM)),
    ),
    may("platformVersion", Text),
    may("role", Text),
    may(
        "deploymentConfiguration",
        Structure(DEPLOYMENT_CONFIGURATION),
    ),
    may(
        "placementConstraints",
        List(&Structure(PLACEMENT_CONSTRAINT)),
    ),
    may("placementStrategy", List(&Structure(PLACEMENT_STRATEGY))),
    may("networkConfiguration", Structure(NETWORK_CONFIGURATION)),
    may("healthCheckGracePeriodSeconds", Whole),
    may("schedulingStrategy", Words(&["REPLICA", "DAEMON"])),
    may("deploymentController", Structure(DEPLOYMENT_CONTROLLER)),
    may("tags", List(&Structure(TAG))),
    may("enableECSManagedTags", Flag),
    may(
        "propagateTags",
        Words(&["TASK_DEFINITION", "SERVICE", "NONE"]),
    ),
    may("enableExecuteCommand", Flag),
    may(
        "serviceConnectConfiguration",
        Structure(SERVICE_CONNECT_CONFIGURATION),
    ),
    may(
        "volumeConfigurations",
        List(&Structure(SERVICE_VOLUME_CONFIGURATION)),
    ),
    may(
        "vpcLatticeConfigurations",
        List(&Structure(VPC_LATTICE_CONFIGURATION)),
    ),
    may("monitoring", Structure(MONITORING_CONFIGURATION)),
];

/// `UpdateServiceRequest` of the service model.
pub const UPDATE_SERVICE_REQUEST: &[Member] = &[
    may("cluster", Text),
    must("service", Text),
    may("desiredCount", Whole),
    may("taskDefinition", Text),
    may(
        "capacityProviderStrategy",
        List(&Structure(CAPACITY_PROVIDER_STRATEGY_ITEM)),
    ),
    may(
        "deploymentConfiguration",
        Structure(DEPLOYMENT_CONFIGURATION),
    ),
    may(
        "availabilityZoneRebalancing",
        Words(&["ENABLED", "DISABLED"]),
    ),
    may("networkConfiguration", Structure(NETWORK_CONFIGURATION)),
    may(
        "placementConstraints",
        List(&Structure(PLACEMENT_CONSTRAINT)),
    ),
    may("placementStrategy", List(&Structure(PLACEMENT_STRATEGY))),
    may("platformVersion", Text),
    may("forceNewDeployment", Flag),
    may("healthCheckGracePeriodSeconds", Whole),
    may("deploymentController", Structure(DEPLOYMENT_CONTROLLER)),
    may("enableExecuteCommand", Flag),
    may("enableECSManagedTags", Flag),
    may("loadBalancers", List(&Structure(LOAD_BALANCER))),
    may(
        "propagateTags",
        Words(&["TASK_DEFINITION", "SERVICE", "NONE"]),
    ),
    may("serviceRegistries", List(&Structure(SERVICE_REGISTRY))),
    may(
        "serviceConnectConfiguration",
        Structure(SERVICE_CONNECT_CONFIGURATION),
    ),
    may(
        "volumeConfigurations",
        List(&Structure(SERVICE_VOLUME_CONFIGURATION)),
    ),
    may(
        "vpcLatticeConfigurations",
        List(&Structure(VPC_LATTICE_CONFIGURATION)),
    ),
    may("monitoring", Structure(MONITORING_CONFIGURATION)),
];
