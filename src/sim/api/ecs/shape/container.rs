//! The shapes of the service model: containers of a task definition.

use super::Shape::{Flag, List, Structure, Text, Texts, Whole, Words};
use super::{Member, may, must};

/// `RepositoryCredentials` of the service model.
pub const REPOSITORY_CREDENTIALS: &[Member] = &[must("credentialsParameter", Text)];

/// `PortMapping` of the service model.
pub const PORT_MAPPING: &[Member] = &[
    may("containerPort", Whole),
    may("hostPort", Whole),
    may("protocol", Words(&["tcp", "udp"])),
    may("name", Text),
    may("appProtocol", Words(&["http", "http2", "grpc"])),
    may("containerPortRange", Text),
];

/// `ContainerRestartPolicy` of the service model.
pub const CONTAINER_RESTART_POLICY: &[Member] = &[
    must("enabled", Flag),
    may("ignoredExitCodes", List(&Whole)),
    may("restartAttemptPeriod", Whole),
];

/// `KeyValuePair` of the service model.
pub const KEY_VALUE_PAIR: &[Member] = &[may("name", Text), may("value", Text)];

/// `EnvironmentFile` of the service model.
pub const ENVIRONMENT_FILE: &[Member] = &[must("value", Text), must("type", Words(&["s3"]))];

/// `MountPoint` of the service model.
pub const MOUNT_POINT: &[Member] = &[
    may("sourceVolume", Text),
    may("containerPath", Text),
    may("readOnly", Flag),
];

/// `VolumeFrom` of the service model.
pub const VOLUME_FROM: &[Member] = &[may("sourceContainer", Text), may("readOnly", Flag)];

/// `KernelCapabilities` of the service model.
pub const KERNEL_CAPABILITIES: &[Member] = &[may("add", List(&Text)), may("drop", List(&Text))];

/// `Device` of the service model.
pub const DEVICE: &[Member] = &[
    must("hostPath", Text),
    may("containerPath", Text),
    may("permissions", List(&Words(&["read", "write", "mknod"]))),
];

/// `Tmpfs` of the service model.
pub const TMPFS: &[Member] = &[
    must("containerPath", Text),
    must("size", Whole),
    may("mountOptions", List(&Text)),
];

/// `LinuxParameters` of the service model.
pub const LINUX_PARAMETERS: &[Member] = &[
    may("capabilities", Structure(KERNEL_CAPABILITIES)),
    may("devices", List(&Structure(DEVICE))),
    may("initProcessEnabled", Flag),
    may("sharedMemorySize", Whole),
    may("tmpfs", List(&Structure(TMPFS))),
    may("maxSwap", Whole),
    may("swappiness", Whole),
];

/// `Secret` of the service model.
pub const SECRET: &[Member] = &[must("name", Text), must("valueFrom", Text)];

/// `ContainerDependency` of the service model.
pub const CONTAINER_DEPENDENCY: &[Member] = &[
    must("containerName", Text),
    must(
        "condition",
        Words(&["START", "COMPLETE", "SUCCESS", "HEALTHY"]),
    ),
];

/// `HostEntry` of the service model.
pub const HOST_ENTRY: &[Member] = &[must("hostname", Text), must("ipAddress", Text)];

/// `Ulimit` of the service model.
pub const ULIMIT: &[Member] = &[
    must(
        "name",
        Words(&[
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack",
        ]),
    ),
    must("softLimit", Whole),
    must("hardLimit", Whole),
];

/// `LogConfiguration` of the service model.
pub const LOG_CONFIGURATION: &[Member] = &[
    must(
        "logDriver",
        Words(&[
            "json-file",
            "syslog",
            "journald",
            "gelf",
            "fluentd",
            "awslogs",
            "splunk",
            "awsfirelens",
        ]),
    ),
    may("options", Texts),
    may("secretOptions", List(&Structure(SECRET))),
];

/// `HealthCheck` of the service model.
pub const HEALTH_CHECK: &[Member] = &[
    must("command", List(&Text)),
    may("interval", Whole),
    may("timeout", Whole),
    may("retries", Whole),
    may("startPeriod", Whole),
];

/// `SystemControl` of the service model.
pub const SYSTEM_CONTROL: &[Member] = &[may("namespace", Text), may("value", Text)];

/// `ResourceRequirement` of the service model.
pub const RESOURCE_REQUIREMENT: &[Member] = &[
    must("value", Text),
    must(
        "type",
        Words(&["GPU", "InferenceAccelerator", "NeuronDevice"]),
    ),
];

/// `FirelensConfiguration` of the service model.
pub const FIRELENS_CONFIGURATION: &[Member] = &[
    must("type", Words(&["fluentd", "fluentbit"])),
    may("options", Texts),
];

/// `ContainerDefinition` of the service model.
pub const CONTAINER_DEFINITION: &[Member] = &[
    may("name", Text),
    may("image", Text),
    may("repositoryCredentials", Structure(REPOSITORY_CREDENTIALS)),
    may("cpu", Whole),
    may("memory", Whole),
    may("memoryReservation", Whole),
    may("links", List(&Text)),
    may("portMappings", List(&Structure(PORT_MAPPING))),
    may("essential", Flag),
    may("restartPolicy", Structure(CONTAINER_RESTART_POLICY)),
    may("entryPoint", List(&Text)),
    may("command", List(&Text)),
    may("environment", List(&Structure(KEY_VALUE_PAIR))),
    may("environmentFiles", List(&Structure(ENVIRONMENT_FILE))),
    may("mountPoints", List(&Structure(MOUNT_POINT))),
    may("volumesFrom", List(&Structure(VOLUME_FROM))),
    may("linuxParameters", Structure(LINUX_PARAMETERS)),
    may("secrets", List(&Structure(SECRET))),
    may("dependsOn", List(&Structure(CONTAINER_DEPENDENCY))),
    may("startTimeout", Whole),
    may("stopTimeout", Whole),
    may("versionConsistency", Words(&["enabled", "disabled"])),
    may("hostname", Text),
    may("user", Text),
    may("workingDirectory", Text),
    may("disableNetworking", Flag),
    may("privileged", Flag),
    may("readonlyRootFilesystem", Flag),
    may("dnsServers", List(&Text)),
    may("dnsSearchDomains", List(&Text)),
    may("extraHosts", List(&Structure(HOST_ENTRY))),
    may("dockerSecurityOptions", List(&Text)),
    may("interactive", Flag),
    may("pseudoTerminal", Flag),
    may("dockerLabels", Texts),
    may("ulimits", List(&Structure(ULIMIT))),
    may("logConfiguration", Structure(LOG_CONFIGURATION)),
    may("healthCheck", Structure(HEALTH_CHECK)),
    may("systemControls", List(&Structure(SYSTEM_CONTROL))),
    may(
        "resourceRequirements",
        List(&Structure(RESOURCE_REQUIREMENT)),
    ),
    may("firelensConfiguration", Structure(FIRELENS_CONFIGURATION)),
    may("credentialSpecs", List(&Text)),
];
