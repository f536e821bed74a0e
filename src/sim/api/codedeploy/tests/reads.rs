//! Lists, batches and errors.

use serde_json::{Value, json};

use super::harness::Ground;

#[test]
fn one_deployment_of_a_group_at_a_time() {
    let mut ground = Ground::new(1, &json!({}));
    let id = ground.deploy("web:2", &json!([]));
    let definition = ground.register("web:3");
    let input = Ground::deployment_input(&definition, &json!([]));
    let error = ground.call("CreateDeployment", &input).unwrap_err();
    assert_eq!(error.code, "DeploymentLimitExceededException");
    assert!(error.message.contains(&id), "{error}");
    ground.pass_until_status(&id, "Succeeded");
    ground.ok("CreateDeployment", &input);
}

#[test]
fn what_cannot_be_deployed_is_refused_or_fails() {
    let mut ground = Ground::new(1, &json!({}));
    let definition = ground.register("web:2");
    let good = Ground::deployment_input(&definition, &json!([]));
    let mut s3 = good.clone();
    s3["revision"] = json!({"revisionType": "S3", "s3Location": {"bucket": "b", "key": "k"}});
    let mut broken = good.clone();
    broken["revision"]["appSpecContent"]["content"] = json!("version: 0.0");
    let mut wrong_sum = good.clone();
    wrong_sum["revision"]["appSpecContent"]["sha256"] = json!("00");
    let mut for_lambda = good.clone();
    for_lambda["deploymentConfigName"] = json!("CodeDeployDefault.LambdaAllAtOnce");
    let mut no_config = good.clone();
    no_config["deploymentConfigName"] = json!("Mine");
    let nothing = json!({"applicationName": "shop", "deploymentGroupName": "web"});
    let mut nobody = good.clone();
    nobody["deploymentGroupName"] = json!("nobody");
    for (input, code) in [
        (s3, "InvalidRevisionException"),
        (broken, "InvalidRevisionException"),
        (wrong_sum, "InvalidRevisionException"),
        (for_lambda, "InvalidDeploymentConfigNameException"),
        (no_config, "DeploymentConfigDoesNotExistException"),
        (nothing, "RevisionRequiredException"),
        (nobody, "DeploymentGroupDoesNotExistException"),
        (
            json!({"applicationName": "x", "deploymentGroupName": "web"}),
            "ApplicationDoesNotExistException",
        ),
        (
            json!({"applicationName": "shop"}),
            "DeploymentGroupNameRequiredException",
        ),
        (json!({}), "ApplicationNameRequiredException"),
    ] {
        assert_eq!(ground.error("CreateDeployment", &input), code);
    }
    let input = Ground::deployment_input("web:77", &json!([]));
    let id = ground.ok("CreateDeployment", &input)["deploymentId"].clone();
    let id = id.as_str().unwrap();
    ground.pass_until_status(id, "Failed");
    let error = ground.deployment(id)["errorInformation"].clone();
    assert_eq!(error["code"], "ECS_UPDATE_ERROR");
}

#[test]
fn a_service_that_is_not_behind_the_listener_cannot_be_deployed() {
    let mut ground = Ground::new(1, &json!({}));
    let stand = ground.stand.clone();
    let weights = [(stand.blue.clone(), 0), (stand.green.clone(), 100)];
    ground
        .region()
        .elb
        .set_weights(&stand.production_rule, &weights);
    let id = ground.deploy("web:2", &json!([]));
    ground.pass(10.0);
    let error = ground.deployment(&id)["errorInformation"].clone();
    let message = error["message"].as_str().unwrap();
    assert!(
        message.starts_with("Primary taskset target group must be behind listener"),
        "{error}"
    );
}

#[test]
fn deployments_are_listed_newest_first_and_by_what_is_asked() {
    let mut ground = Ground::new(1, &json!({}));
    let mut ids = Vec::new();
    for version in 2..5 {
        let hooks = if version == 3 {
            json!([{"BeforeInstall": "check-fails"}])
        } else {
            json!([])
        };
        let id = ground.deploy(&format!("web:{version}"), &hooks);
        let end = if version == 3 { "Failed" } else { "Succeeded" };
        ground.pass_until_status(&id, end);
        ids.insert(0, json!(id));
    }
    let list = |ground: &mut Ground, input: Value| {
        ground.ok("ListDeployments", &input)["deployments"].clone()
    };
    assert_eq!(list(&mut ground, json!({})), json!(ids));
    let group = json!({"applicationName": "shop", "deploymentGroupName": "web",
        "includeOnlyStatuses": ["Failed", "Stopped"]});
    assert_eq!(list(&mut ground, group), json!([ids[1]]));
    let start = ground.deployment(ids[0].as_str().unwrap())["createTime"].clone();
    assert_eq!(
        list(&mut ground, json!({"createTimeRange": {"start": start}})),
        json!([ids[0]])
    );
    for (input, code) in [
        (
            json!({"applicationName": "shop"}),
            "DeploymentGroupNameRequiredException",
        ),
        (
            json!({"deploymentGroupName": "web"}),
            "ApplicationNameRequiredException",
        ),
        (
            json!({"includeOnlyStatuses": ["Lost"]}),
            "InvalidDeploymentStatusException",
        ),
        (
            json!({"createTimeRange": {"start": 2, "end": 1}}),
            "InvalidTimeRangeException",
        ),
        (json!({"nextToken": "zz"}), "InvalidNextTokenException"),
    ] {
        assert_eq!(ground.error("ListDeployments", &input), code);
    }
    let batch = ground.ok(
        "BatchGetDeployments",
        &json!({"deploymentIds": [ids[0], "d-NOBODY", ids[2]]}),
    );
    assert_eq!(batch["deploymentsInfo"].as_array().unwrap().len(), 2);
    let many: Vec<String> = (0..26).map(|one| format!("d-{one}")).collect();
    for (operation, input, code) in [
        (
            "BatchGetDeployments",
            json!({"deploymentIds": many}),
            "BatchLimitExceededException",
        ),
        (
            "BatchGetDeployments",
            json!({"deploymentIds": []}),
            "DeploymentIdRequiredException",
        ),
        (
            "BatchGetDeployments",
            json!({"deploymentIds": ["x"]}),
            "InvalidDeploymentIdException",
        ),
        ("GetDeployment", json!({}), "DeploymentIdRequiredException"),
        (
            "GetDeployment",
            json!({"deploymentId": "d-NOBODY"}),
            "DeploymentDoesNotExistException",
        ),
        (
            "StopDeployment",
            json!({"deploymentId": "d-NOBODY"}),
            "DeploymentDoesNotExistException",
        ),
        (
            "ContinueDeployment",
            json!({"deploymentId": "nonsense"}),
            "InvalidDeploymentIdException",
        ),
    ] {
        assert_eq!(ground.error(operation, &input), code, "{operation} {input}");
    }
}

#[test]
fn lists_longer_than_a_page_go_on() {
    let mut ground = Ground::new(0, &json!({}));
    for number in 0..205 {
        let input = json!({"applicationName": format!("app-{number:03}")});
        ground.ok("CreateApplication", &input);
    }
    let mut input = json!({});
    let mut sizes = Vec::new();
    loop {
        let answer = ground.ok("ListApplications", &input);
        sizes.push(answer["applications"].as_array().unwrap().len());
        let Some(token) = answer.get("nextToken") else {
            break;
        };
        input["nextToken"] = token.clone();
    }
    assert_eq!(sizes, [100, 100, 6]);
}

#[test]
fn targets_are_there_once_a_deployment_has_started() {
    let mut ground = Ground::new(1, &json!({}));
    let id = ground.deploy("web:2", &json!([]));
    let input = json!({"deploymentId": id, "targetId": "c:web"});
    assert_eq!(
        ground.error("GetDeploymentTarget", &input),
        "DeploymentNotStartedException"
    );
    ground.pass_until_status(&id, "InProgress");
    let list = ground.ok("ListDeploymentTargets", &json!({"deploymentId": id}));
    assert_eq!(list["targetIds"], json!(["c:web"]));
    let filtered = json!({"deploymentId": id, "targetFilters": {"TargetStatus": ["Failed"]}});
    assert_eq!(
        ground.ok("ListDeploymentTargets", &filtered)["targetIds"],
        json!([])
    );
    let batch = ground.ok(
        "BatchGetDeploymentTargets",
        &json!({"deploymentId": id, "targetIds": ["c:web"]}),
    );
    assert_eq!(
        batch["deploymentTargets"][0]["ecsTarget"],
        ground.target(&id)
    );
    assert!(
        batch["deploymentTargets"][0]["ecsTarget"]["targetArn"]
            .as_str()
            .unwrap()
            .ends_with("service/c/web")
    );
    for (operation, input, code) in [
        (
            "GetDeploymentTarget",
            json!({"deploymentId": id, "targetId": "c:x"}),
            "DeploymentTargetDoesNotExistException",
        ),
        (
            "GetDeploymentTarget",
            json!({"deploymentId": id}),
            "DeploymentTargetIdRequiredException",
        ),
        (
            "BatchGetDeploymentTargets",
            json!({"deploymentId": id, "targetIds": ["c:x"]}),
            "DeploymentTargetDoesNotExistException",
        ),
        (
            "ListDeploymentTargets",
            json!({"deploymentId": id, "targetFilters": {"Mood": []}}),
            "InvalidTargetFilterNameException",
        ),
    ] {
        assert_eq!(ground.error(operation, &input), code, "{operation} {input}");
    }
}

#[test]
fn applications_and_groups_are_shown_as_they_were_made() {
    let mut ground = Ground::new(1, &json!({}));
    let application =
        ground.ok("GetApplication", &json!({"applicationName": "shop"}))["application"].clone();
    assert_eq!(application["computePlatform"], "ECS");
    let batch = ground.ok(
        "BatchGetApplications",
        &json!({"applicationNames": ["shop", "none"]}),
    );
    assert_eq!(batch["applicationsInfo"], json!([application]));
    let names = json!({"applicationName": "shop", "deploymentGroupName": "web"});
    let group = ground.ok("GetDeploymentGroup", &names)["deploymentGroupInfo"].clone();
    assert_eq!(
        group["ecsServices"],
        json!([{"clusterName": "c", "serviceName": "web"}])
    );
    assert_eq!(
        group["deploymentConfigName"],
        "CodeDeployDefault.ECSAllAtOnce"
    );
    assert!(group.get("lastAttemptedDeployment").is_none());
    let list = ground.ok("ListDeploymentGroups", &json!({"applicationName": "shop"}));
    assert_eq!(
        list,
        json!({"deploymentGroups": ["web"], "applicationName": "shop"})
    );
    let input = json!({"applicationName": "shop", "deploymentGroupNames": ["web", "none"]});
    let batch = ground.ok("BatchGetDeploymentGroups", &input)["deploymentGroupsInfo"].clone();
    assert_eq!(batch, json!([group]));
    let mut twice = ground.group_input();
    assert_eq!(
        ground.error("CreateDeploymentGroup", &twice),
        "DeploymentGroupAlreadyExistsException"
    );
    twice["deploymentGroupName"] = json!("other");
    assert_eq!(
        ground.error("CreateDeploymentGroup", &twice),
        "ECSServiceMappingLimitExceededException"
    );
    twice.as_object_mut().unwrap().remove("serviceRoleArn");
    assert_eq!(
        ground.error("CreateDeploymentGroup", &twice),
        "RoleRequiredException"
    );
    for (input, code) in [
        (
            json!({"applicationName": "shop"}),
            "ApplicationAlreadyExistsException",
        ),
        (
            json!({"applicationName": "a b"}),
            "InvalidApplicationNameException",
        ),
        (
            json!({"applicationName": "x", "computePlatform": "Moon"}),
            "InvalidComputePlatformException",
        ),
    ] {
        assert_eq!(ground.error("CreateApplication", &input), code);
    }
}

#[test]
fn configurations_say_how_traffic_moves() {
    let mut ground = Ground::new(0, &json!({}));
    let names = ground.ok("ListDeploymentConfigs", &json!({}))["deploymentConfigsList"].clone();
    assert_eq!(names.as_array().unwrap().len(), 17);
    for name in names.as_array().unwrap() {
        let input = json!({"deploymentConfigName": name});
        let config = ground.ok("GetDeploymentConfig", &input)["deploymentConfigInfo"].clone();
        assert_eq!(config["deploymentConfigName"], *name);
    }
    let input =
        json!({"deploymentConfigName": "CodeDeployDefault.ECSLinear10PercentEvery3Minutes"});
    let config = ground.ok("GetDeploymentConfig", &input)["deploymentConfigInfo"].clone();
    assert_eq!(
        config["trafficRoutingConfig"],
        json!({"type": "TimeBasedLinear", "timeBasedLinear": {"linearPercentage": 10, "linearInterval": 3}})
    );
    let input = json!({"deploymentConfigName": "Nope"});
    assert_eq!(
        ground.error("GetDeploymentConfig", &input),
        "DeploymentConfigDoesNotExistException"
    );
}
