//! The inputs of the operations, as the service model describes them.

use crate::sim::api::ecs::shape::Shape::{Flag, List, Structure, Text, Whole, Words};
use crate::sim::api::ecs::shape::{Member, may, must};

const MUTABILITY: &[&str] = &[
    "MUTABLE",
    "IMMUTABLE",
    "IMMUTABLE_WITH_EXCLUSION",
    "MUTABLE_WITH_EXCLUSION",
];

const EXCLUSION: &[Member] = &[
    must("filterType", Words(&["WILDCARD"])),
    must("filter", Text),
];

const TAG: &[Member] = &[must("Key", Text), must("Value", Text)];

const SCANNING: &[Member] = &[may("scanOnPush", Flag)];

const ENCRYPTION: &[Member] = &[
    must("encryptionType", Words(&["AES256", "KMS", "KMS_DSSE"])),
    may("kmsKey", Text),
];

const IMAGE_ID: &[Member] = &[may("imageDigest", Text), may("imageTag", Text)];

const FILTER: &[Member] = &[
    may("tagStatus", Words(&["TAGGED", "UNTAGGED", "ANY"])),
    may(
        "imageStatus",
        Words(&["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"]),
    ),
];

/// `CreateRepository`.
pub const CREATE_REPOSITORY: &[Member] = &[
    may("registryId", Text),
    must("repositoryName", Text),
    may("tags", List(&Structure(TAG))),
    may("imageTagMutability", Words(MUTABILITY)),
    may(
        "imageTagMutabilityExclusionFilters",
        List(&Structure(EXCLUSION)),
    ),
    may("imageScanningConfiguration", Structure(SCANNING)),
    may("encryptionConfiguration", Structure(ENCRYPTION)),
];

/// `DescribeRepositories`.
pub const DESCRIBE_REPOSITORIES: &[Member] = &[
    may("registryId", Text),
    may("repositoryNames", List(&Text)),
    may("nextToken", Text),
    may("maxResults", Whole),
];

/// `PutImage`.
pub const PUT_IMAGE: &[Member] = &[
    may("registryId", Text),
    must("repositoryName", Text),
    must("imageManifest", Text),
    may("imageManifestMediaType", Text),
    may("imageTag", Text),
    may("imageDigest", Text),
];

/// `BatchDeleteImage`.
pub const BATCH_DELETE_IMAGE: &[Member] = &[
    may("registryId", Text),
    must("repositoryName", Text),
    must("imageIds", List(&Structure(IMAGE_ID))),
];

/// `DescribeImages`.
pub const DESCRIBE_IMAGES: &[Member] = &[
    may("registryId", Text),
    must("repositoryName", Text),
    may("imageIds", List(&Structure(IMAGE_ID))),
    may("nextToken", Text),
    may("maxResults", Whole),
    may("filter", Structure(FILTER)),
];

/// `BatchGetImage`.
pub const BATCH_GET_IMAGE: &[Member] = &[
    may("registryId", Text),
    must("repositoryName", Text),
    must("imageIds", List(&Structure(IMAGE_ID))),
    may("acceptedMediaTypes", List(&Text)),
];

/// `ListImages`.
pub const LIST_IMAGES: &[Member] = &[
    may("registryId", Text),
    must("repositoryName", Text),
    may("nextToken", Text),
    may("maxResults", Whole),
    may("filter", Structure(FILTER)),
];
