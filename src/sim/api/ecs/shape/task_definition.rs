//! The shapes of the service model: task definitions.

use super::Shape::{Flag, List, Structure, Text, Texts, Whole, Words};
use super::container::{CONTAINER_DEFINITION, KEY_VALUE_PAIR};
use super::{Member, may, must};

/// `HostVolumeProperties` of the service model.
pub const HOST_VOLUME_PROPERTIES: &[Member] = &[may("sourcePath", Text)];

/// `DockerVolumeConfiguration` of the service model.
pub const DOCKER_VOLUME_CONFIGURATION: &[Member] = &[
    may("scope", Words(&["task", "shared"])),
    may("autoprovision", Flag),
    may("driver", Text),
    may("driverOpts", Texts),
    may("labels", Texts),
];

/// `EFSAuthorizationConfig` of the service model.
pub const EFS_AUTHORIZATION_CONFIG: &[Member] = &[
    may("accessPointId", Text),
    may("iam", Words(&["ENABLED", "DISABLED"])),
];

/// `EFSVolumeConfiguration` of the service model.
pub const EFS_VOLUME_CONFIGURATION: &[Member] = &[
    must("fileSystemId", Text),
    may("rootDirectory", Text),
    may("transitEncryption", Words(&["ENABLED", "DISABLED"])),
    may("transitEncryptionPort", Whole),
    may("authorizationConfig", Structure(EFS_AUTHORIZATION_CONFIG)),
];

/// `S3FilesVolumeConfiguration` of the service model.
pub const S3_FILES_VOLUME_CONFIGURATION: &[Member] = &[
    must("fileSystemArn", Text),
    may("rootDirectory", Text),
    may("transitEncryptionPort", Whole),
    may("accessPointArn", Text),
];

/// `FSxWindowsFileServerAuthorizationConfig` of the service model.
pub const FSX_WINDOWS_FILE_SERVER_AUTHORIZATION_CONFIG: &[Member] =
    &[must("credentialsParameter", Text), must("domain", Text)];

/// `FSxWindowsFileServerVolumeConfiguration` of the service model.
pub const FSX_WINDOWS_FILE_SERVER_VOLUME_CONFIGURATION: &[Member] = &[
    must("fileSystemId", Text),
    must("rootDirectory", Text),
    must(
        "authorizationConfig",
        Structure(FSX_WINDOWS_FILE_SERVER_AUTHORIZATION_CONFIG),
    ),
];

/// `Volume` of the service model.
pub const VOLUME: &[Member] = &[
    may("name", Text),
    may("host", Structure(HOST_VOLUME_PROPERTIES)),
    may(
        "dockerVolumeConfiguration",
        Structure(DOCKER_VOLUME_CONFIGURATION),
    ),
    may(
        "efsVolumeConfiguration",
        Structure(EFS_VOLUME_CONFIGURATION),
    ),
    may(
        "s3filesVolumeConfiguration",
        Structure(S3_FILES_VOLUME_CONFIGURATION),
    ),
    may(
        "fsxWindowsFileServerVolumeConfiguration",
        Structure(FSX_WINDOWS_FILE_SERVER_VOLUME_CONFIGURATION),
    ),
    may("configuredAtLaunch", Flag),
];

/// `TaskDefinitionPlacementConstraint` of the service model.
pub const TASK_DEFINITION_PLACEMENT_CONSTRAINT: &[Member] =
    &[may("type", Words(&["memberOf"])), may("expression", Text)];

/// `Tag` of the service model.
pub const TAG: &[Member] = &[may("key", Text), may("value", Text)];

/// `ProxyConfiguration` of the service model.
pub const PROXY_CONFIGURATION: &[Member] = &[
    may("type", Words(&["APPMESH"])),
    must("containerName", Text),
    may("properties", List(&Structure(KEY_VALUE_PAIR))),
];

/// `InferenceAccelerator` of the service model.
pub const INFERENCE_ACCELERATOR: &[Member] = &[must("deviceName", Text), must("deviceType", Text)];

/// `EphemeralStorage` of the service model.
pub const EPHEMERAL_STORAGE: &[Member] = &[must("sizeInGiB", Whole)];

/// `RuntimePlatform` of the service model.
pub const RUNTIME_PLATFORM: &[Member] = &[
    may("cpuArchitecture", Words(&["X86_64", "ARM64"])),
    may(
        "operatingSystemFamily",
        Words(&[
            "WINDOWS_SERVER_2019_FULL",
            "WINDOWS_SERVER_2019_CORE",
            "WINDOWS_SERVER_2016_FULL",
            "WINDOWS_SERVER_2004_CORE",
            "WINDOWS_SERVER_2022_CORE",
            "WINDOWS_SERVER_2022_FULL",
            "WINDOWS_SERVER_2025_CORE",
            "WINDOWS_SERVER_2025_FULL",
            "WINDOWS_SERVER_20H2_CORE",
            "LINUX",
        ]),
    ),
];

/// `RegisterTaskDefinitionRequest` of the service model.
pub const REGISTER_TASK_DEFINITION_REQUEST: &[Member] = &[
    must("family", Text),
    may("taskRoleArn", Text),
    may("executionRoleArn", Text),
    may("networkMode", Words(&["bridge", "host", "awsvpc", "none"])),
    must(
        "containerDefinitions",
        List(&Structure(CONTAINER_DEFINITION)),
    ),
    may("volumes", List(&Structure(VOLUME))),
    may(
        "placementConstraints",
        List(&Structure(TASK_DEFINITION_PLACEMENT_CONSTRAINT)),
    ),
    may(
        "requiresCompatibilities",
        List(&Words(&["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"])),
    ),
    may("cpu", Text),
    may("memory", Text),
    may("tags", List(&Structure(TAG))),
    may("pidMode", Words(&["host", "task"])),
    may("ipcMode", Words(&["host", "task", "none"])),
    may("proxyConfiguration", Structure(PROXY_CONFIGURATION)),
    may(
        "inferenceAccelerators",
        List(&Structure(INFERENCE_ACCELERATOR)),
    ),
    may("ephemeralStorage", Structure(EPHEMERAL_STORAGE)),
    may("runtimePlatform", Structure(RUNTIME_PLATFORM)),
    may("enableFaultInjection", Flag),
];
