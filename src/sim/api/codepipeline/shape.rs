//! The parts of the CodePipeline service model that clients write.

use crate::sim::api::ecs::shape::Shape::{Flag, List, Structure, Text, Texts, Whole, Words};
use crate::sim::api::ecs::shape::{Member, may, must};

const CATEGORIES: &[&str] = &[
    "Source", "Build", "Deploy", "Test", "Invoke", "Approval", "Compute",
];
const OWNERS: &[&str] = &["AWS", "ThirdParty", "Custom"];
const RESULTS: &[&str] = &["ROLLBACK", "FAIL", "RETRY", "SKIP"];
const NAMED: &[Member] = &[must("name", Text)];

/// What a client can do with a stage that has failed.
pub const RETRY_MODES: &[&str] = &["FAILED_ACTIONS", "ALL_ACTIONS"];

const ARTIFACT_STORE: &[Member] = &[
    must("type", Words(&["S3"])),
    must("location", Text),
    may(
        "encryptionKey",
        Structure(&[must("id", Text), must("type", Words(&["KMS"]))]),
    ),
];

const ACTION: &[Member] = &[
    must("name", Text),
    must(
        "actionTypeId",
        Structure(&[
            must("category", Words(CATEGORIES)),
            must("owner", Words(OWNERS)),
            must("provider", Text),
            must("version", Text),
        ]),
    ),
    may("runOrder", Whole),
    may("configuration", Texts),
    may("commands", List(&Text)),
    may(
        "outputArtifacts",
        List(&Structure(&[must("name", Text), may("files", List(&Text))])),
    ),
    may("inputArtifacts", List(&Structure(NAMED))),
    may("outputVariables", List(&Text)),
    may("roleArn", Text),
    may("region", Text),
    may("namespace", Text),
    may("timeoutInMinutes", Whole),
    may(
        "environmentVariables",
        List(&Structure(&[
            must("name", Text),
            must("value", Text),
            may("type", Words(&["PLAINTEXT", "SECRETS_MANAGER"])),
        ])),
    ),
];

const RULE: &[Member] = &[
    must("name", Text),
    must(
        "ruleTypeId",
        Structure(&[
            must("category", Words(&["Rule"])),
            may("owner", Words(&["AWS"])),
            must("provider", Text),
            may("version", Text),
        ]),
    ),
    may("configuration", Texts),
    may("commands", List(&Text)),
    may("inputArtifacts", List(&Structure(NAMED))),
    may("roleArn", Text),
    may("region", Text),
    may("timeoutInMinutes", Whole),
];

const CONDITION: &[Member] = &[
    may("result", Words(RESULTS)),
    may("rules", List(&Structure(RULE))),
];

const STAGE: &[Member] = &[
    must("name", Text),
    may(
        "blockers",
        List(&Structure(&[
            must("name", Text),
            must("type", Words(&["Schedule"])),
        ])),
    ),
    must("actions", List(&Structure(ACTION))),
    may(
        "onFailure",
        Structure(&[
            may("result", Words(RESULTS)),
            may(
                "retryConfiguration",
                Structure(&[may("retryMode", Words(RETRY_MODES))]),
            ),
            may("conditions", List(&Structure(CONDITION))),
        ]),
    ),
    may(
        "onSuccess",
        Structure(&[must("conditions", List(&Structure(CONDITION)))]),
    ),
    may(
        "beforeEntry",
        Structure(&[must("conditions", List(&Structure(CONDITION)))]),
    ),
];

const GIT_FILTER: &[Member] = &[may("includes", List(&Text)), may("excludes", List(&Text))];

const TRIGGER: &[Member] = &[
    must("providerType", Words(&["CodeStarSourceConnection"])),
    must(
        "gitConfiguration",
        Structure(&[
            must("sourceActionName", Text),
            may(
                "push",
                List(&Structure(&[
                    may("tags", Structure(GIT_FILTER)),
                    may("branches", Structure(GIT_FILTER)),
                    may("filePaths", Structure(GIT_FILTER)),
                ])),
            ),
            may(
                "pullRequest",
                List(&Structure(&[
                    may("events", List(&Words(&["OPEN", "UPDATED", "CLOSED"]))),
                    may("branches", Structure(GIT_FILTER)),
                    may("filePaths", Structure(GIT_FILTER)),
                ])),
            ),
        ]),
    ),
];

/// `PipelineDeclaration` of the service model. The values of `artifactStores` are checked where it
/// is read.
pub const PIPELINE: &[Member] = &[
    must("name", Text),
    must("roleArn", Text),
    may("artifactStore", Structure(ARTIFACT_STORE)),
    may(
        "artifactStores",
        crate::sim::api::ecs::shape::Shape::Anything,
    ),
    must("stages", List(&Structure(STAGE))),
    may("version", Whole),
    may(
        "executionMode",
        Words(&["QUEUED", "SUPERSEDED", "PARALLEL"]),
    ),
    may("pipelineType", Words(&["V1", "V2"])),
    may(
        "variables",
        List(&Structure(&[
            must("name", Text),
            may("defaultValue", Text),
            may("description", Text),
        ])),
    ),
    may("triggers", List(&Structure(TRIGGER))),
];

/// `CreatePipelineInput` of the service model.
pub const CREATE_PIPELINE_INPUT: &[Member] = &[
    must("pipeline", Structure(PIPELINE)),
    may(
        "tags",
        List(&Structure(&[must("key", Text), must("value", Text)])),
    ),
];

/// `StartPipelineExecutionInput` of the service model.
pub const START_INPUT: &[Member] = &[
    must("name", Text),
    may(
        "variables",
        List(&Structure(&[must("name", Text), must("value", Text)])),
    ),
    may("clientRequestToken", Text),
    may(
        "sourceRevisions",
        List(&Structure(&[
            must("actionName", Text),
            must(
                "revisionType",
                Words(&[
                    "COMMIT_ID",
                    "IMAGE_DIGEST",
                    "S3_OBJECT_VERSION_ID",
                    "S3_OBJECT_KEY",
                ]),
            ),
            must("revisionValue", Text),
        ])),
    ),
];

/// `PutApprovalResultInput` of the service model.
pub const APPROVAL_INPUT: &[Member] = &[
    must("pipelineName", Text),
    must("stageName", Text),
    must("actionName", Text),
    must(
        "result",
        Structure(&[
            must("summary", Text),
            must("status", Words(&["Approved", "Rejected"])),
        ]),
    ),
    must("token", Text),
];

/// `ListPipelineExecutionsInput` of the service model.
pub const LIST_EXECUTIONS_INPUT: &[Member] = &[
    must("pipelineName", Text),
    may("maxResults", Whole),
    may(
        "filter",
        Structure(&[may(
            "succeededInStage",
            Structure(&[may("stageName", Text)]),
        )]),
    ),
    may("nextToken", Text),
];

/// `ListActionExecutionsInput` of the service model.
pub const LIST_ACTIONS_INPUT: &[Member] = &[
    must("pipelineName", Text),
    may(
        "filter",
        Structure(&[
            may("pipelineExecutionId", Text),
            may(
                "latestInPipelineExecution",
                Structure(&[
                    must("pipelineExecutionId", Text),
                    must("startTimeRange", Words(&["Latest", "All"])),
                ]),
            ),
        ]),
    ),
    may("maxResults", Whole),
    may("nextToken", Text),
];

/// `StopPipelineExecutionInput` of the service model.
pub const STOP_INPUT: &[Member] = &[
    must("pipelineName", Text),
    must("pipelineExecutionId", Text),
    may("abandon", Flag),
    may("reason", Text),
];
