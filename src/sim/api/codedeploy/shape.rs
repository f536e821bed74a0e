//! The parts of the CodeDeploy service model that clients write.

use crate::sim::api::ecs::shape::Shape::{Flag, List, Structure, Text, Whole, Words};
use crate::sim::api::ecs::shape::{Member, may, must};

const TAG: &[Member] = &[may("Key", Text), may("Value", Text)];

const FILTER: &[Member] = &[
    may("Key", Text),
    may("Value", Text),
    may("Type", Words(&["KEY_ONLY", "VALUE_ONLY", "KEY_AND_VALUE"])),
];

const TRIGGER: &[Member] = &[
    may("triggerName", Text),
    may("triggerTargetArn", Text),
    may(
        "triggerEvents",
        List(&Words(&[
            "DeploymentStart",
            "DeploymentSuccess",
            "DeploymentFailure",
            "DeploymentStop",
            "DeploymentRollback",
            "DeploymentReady",
            "InstanceStart",
            "InstanceSuccess",
            "InstanceFailure",
            "InstanceReady",
        ])),
    ),
];

const ALARM_CONFIGURATION: &[Member] = &[
    may("enabled", Flag),
    may("ignorePollAlarmFailure", Flag),
    may("alarms", List(&Structure(NAMED))),
];

const NAMED: &[Member] = &[may("name", Text)];

const AUTO_ROLLBACK_CONFIGURATION: &[Member] = &[
    may("enabled", Flag),
    may(
        "events",
        List(&Words(&[
            "DEPLOYMENT_FAILURE",
            "DEPLOYMENT_STOP_ON_ALARM",
            "DEPLOYMENT_STOP_ON_REQUEST",
        ])),
    ),
];

const DEPLOYMENT_STYLE: &[Member] = &[
    may("deploymentType", Words(&["IN_PLACE", "BLUE_GREEN"])),
    may(
        "deploymentOption",
        Words(&["WITH_TRAFFIC_CONTROL", "WITHOUT_TRAFFIC_CONTROL"]),
    ),
];

const BLUE_GREEN_DEPLOYMENT_CONFIGURATION: &[Member] = &[
    may(
        "terminateBlueInstancesOnDeploymentSuccess",
        Structure(&[
            may("action", Words(&["TERMINATE", "KEEP_ALIVE"])),
            may("terminationWaitTimeInMinutes", Whole),
        ]),
    ),
    may(
        "deploymentReadyOption",
        Structure(&[
            may(
                "actionOnTimeout",
                Words(&["CONTINUE_DEPLOYMENT", "STOP_DEPLOYMENT"]),
            ),
            may("waitTimeInMinutes", Whole),
        ]),
    ),
    may(
        "greenFleetProvisioningOption",
        Structure(&[may(
            "action",
            Words(&["DISCOVER_EXISTING", "COPY_AUTO_SCALING_GROUP"]),
        )]),
    ),
];

const TRAFFIC_ROUTE: &[Member] = &[may("listenerArns", List(&Text))];

const TARGET_GROUP_PAIR_INFO: &[Member] = &[
    may("targetGroups", List(&Structure(NAMED))),
    may("prodTrafficRoute", Structure(TRAFFIC_ROUTE)),
    may("testTrafficRoute", Structure(TRAFFIC_ROUTE)),
];

const LOAD_BALANCER_INFO: &[Member] = &[
    may("elbInfoList", List(&Structure(NAMED))),
    may("targetGroupInfoList", List(&Structure(NAMED))),
    may(
        "targetGroupPairInfoList",
        List(&Structure(TARGET_GROUP_PAIR_INFO)),
    ),
];

const ECS_SERVICE: &[Member] = &[may("serviceName", Text), may("clusterName", Text)];

/// `CreateApplicationInput` of the service model.
pub const CREATE_APPLICATION_INPUT: &[Member] = &[
    must("applicationName", Text),
    may("computePlatform", Text),
    may("tags", List(&Structure(TAG))),
];

/// `CreateDeploymentGroupInput` of the service model.
pub const CREATE_DEPLOYMENT_GROUP_INPUT: &[Member] = &[
    must("applicationName", Text),
    must("deploymentGroupName", Text),
    may("deploymentConfigName", Text),
    may("ec2TagFilters", List(&Structure(FILTER))),
    may("onPremisesInstanceTagFilters", List(&Structure(FILTER))),
    may("autoScalingGroups", List(&Text)),
    must("serviceRoleArn", Text),
    may("triggerConfigurations", List(&Structure(TRIGGER))),
    may("alarmConfiguration", Structure(ALARM_CONFIGURATION)),
    may(
        "autoRollbackConfiguration",
        Structure(AUTO_ROLLBACK_CONFIGURATION),
    ),
    may("outdatedInstancesStrategy", Words(&["UPDATE", "IGNORE"])),
    may("deploymentStyle", Structure(DEPLOYMENT_STYLE)),
    may(
        "blueGreenDeploymentConfiguration",
        Structure(BLUE_GREEN_DEPLOYMENT_CONFIGURATION),
    ),
    may("loadBalancerInfo", Structure(LOAD_BALANCER_INFO)),
    may(
        "ec2TagSet",
        Structure(&[may("ec2TagSetList", List(&List(&Structure(FILTER))))]),
    ),
    may("ecsServices", List(&Structure(ECS_SERVICE))),
    may(
        "onPremisesTagSet",
        Structure(&[may("onPremisesTagSetList", List(&List(&Structure(FILTER))))]),
    ),
    may("tags", List(&Structure(TAG))),
    may("terminationHookEnabled", Flag),
];

const RAW_STRING: &[Member] = &[may("content", Text), may("sha256", Text)];

const REVISION_LOCATION: &[Member] = &[
    may(
        "revisionType",
        Words(&["S3", "GitHub", "String", "AppSpecContent"]),
    ),
    may(
        "s3Location",
        Structure(&[
            may("bucket", Text),
            may("key", Text),
            may("bundleType", Words(&["tar", "tgz", "zip", "YAML", "JSON"])),
            may("version", Text),
            may("eTag", Text),
        ]),
    ),
    may(
        "gitHubLocation",
        Structure(&[may("repository", Text), may("commitId", Text)]),
    ),
    may("string", Structure(RAW_STRING)),
    may("appSpecContent", Structure(RAW_STRING)),
];

/// `CreateDeploymentInput` of the service model.
pub const CREATE_DEPLOYMENT_INPUT: &[Member] = &[
    must("applicationName", Text),
    may("deploymentGroupName", Text),
    may("revision", Structure(REVISION_LOCATION)),
    may("deploymentConfigName", Text),
    may("description", Text),
    may("ignoreApplicationStopFailures", Flag),
    may(
        "autoRollbackConfiguration",
        Structure(AUTO_ROLLBACK_CONFIGURATION),
    ),
    // For servers: ECS has no use for its members.
    may("targetInstances", Structure(&[])),
    may("deploymentMode", Words(&["STANDARD", "RESTART"])),
    may("updateOutdatedInstancesOnly", Flag),
    may(
        "fileExistsBehavior",
        Words(&["DISALLOW", "OVERWRITE", "RETAIN"]),
    ),
    may("overrideAlarmConfiguration", Structure(ALARM_CONFIGURATION)),
];
