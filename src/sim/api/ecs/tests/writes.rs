//! Requests that make and change things, and those that are refused.

use serde_json::{Value, json};

use super::harness::Ground;

#[test]
fn a_cluster_is_made_once() {
    let mut ground = Ground::new();
    let input = json!({"clusterName": "d", "tags": [{"key": "team", "value": "shop"}]});
    let made = ground.ok("CreateCluster", &input)["cluster"].clone();
    assert_eq!(made["status"], "ACTIVE");
    assert_eq!(
        ground.ok("CreateCluster", &json!({"clusterName": "d"}))["cluster"],
        made
    );
    assert_eq!(
        ground.ok("CreateCluster", &json!({}))["cluster"]["clusterName"],
        "default"
    );
    let tags = ground.ok(
        "ListTagsForResource",
        &json!({"resourceArn": made["clusterArn"]}),
    );
    assert_eq!(tags, json!({"tags": [{"key": "team", "value": "shop"}]}));
    let clusters = ground.ok("ListClusters", &json!({}))["clusterArns"].clone();
    assert_eq!(clusters.as_array().unwrap().len(), 3);
    let bad = json!({"clusterName": "a b"});
    assert_eq!(
        ground.error("CreateCluster", &bad),
        "InvalidParameterException"
    );
}

#[test]
fn revisions_count_up_and_stay_describable_when_deregistered() {
    let mut ground = Ground::new();
    let first = ground.register("web:1");
    let second = ground.register("web:2");
    assert!(first.ends_with("web:1") && second.ends_with("web:2"));
    let describe = |ground: &mut Ground, name: &str| {
        ground.ok("DescribeTaskDefinition", &json!({"taskDefinition": name}))["taskDefinition"]
            .clone()
    };
    assert_eq!(describe(&mut ground, "web")["revision"], 2);
    let gone = ground.ok(
        "DeregisterTaskDefinition",
        &json!({"taskDefinition": "web:2"}),
    );
    assert_eq!(gone["taskDefinition"]["status"], "INACTIVE");
    assert_eq!(describe(&mut ground, "web")["revision"], 1);
    let inactive = describe(&mut ground, &second);
    assert_eq!(inactive["status"], "INACTIVE");
    assert!(inactive["deregisteredAt"].is_number());
    assert_eq!(inactive["containerDefinitions"][0]["essential"], true);
    let list = |ground: &mut Ground, more: Value| {
        ground.ok("ListTaskDefinitions", &more)["taskDefinitionArns"].clone()
    };
    assert_eq!(list(&mut ground, json!({})), json!([first]));
    assert_eq!(
        list(&mut ground, json!({"status": "INACTIVE"})),
        json!([second])
    );
    let third = ground.register("web:3");
    assert_eq!(
        list(&mut ground, json!({"sort": "DESC"})),
        json!([third, first])
    );
    let families = ground.ok("ListTaskDefinitionFamilies", &json!({"familyPrefix": "w"}));
    assert_eq!(families["families"], json!(["web"]));
    let input = json!({"cluster": "c", "serviceName": "web", "taskDefinition": "web:2"});
    assert_eq!(ground.error("CreateService", &input), "ClientException");
    for name in ["web:9", "other", "web"] {
        let input = json!({"taskDefinition": name});
        assert_eq!(
            ground.error("DeregisterTaskDefinition", &input),
            "ClientException",
            "{name}"
        );
    }
    let input = json!({"taskDefinition": "other"});
    assert_eq!(
        ground.error("DescribeTaskDefinition", &input),
        "ClientException"
    );
}

#[test]
fn task_definitions_that_make_no_sense_are_refused() {
    let mut ground = Ground::new();
    for containers in [
        json!([]),
        json!([{"name": "app"}]),
        json!([{"image": "web:1"}]),
        json!([{"name": "app", "image": "web:1", "essential": false}]),
        json!([{"name": "app", "image": "a"}, {"name": "app", "image": "b"}]),
    ] {
        let input = json!({"family": "web", "containerDefinitions": containers});
        assert_eq!(
            ground.error("RegisterTaskDefinition", &input),
            "ClientException",
            "{input}"
        );
    }
    let fargate = json!({
        "family": "web", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
        "containerDefinitions": [{"name": "app", "image": "web:1"}],
    });
    assert_eq!(
        ground.error("RegisterTaskDefinition", &fargate),
        "ClientException"
    );
}

#[test]
fn services_that_make_no_sense_are_refused() {
    let mut ground = Ground::new();
    ground.register("web:1");
    let base = json!({"cluster": "c", "serviceName": "web", "taskDefinition": "web"});
    for (name, value) in [
        ("serviceName", json!("a b")),
        ("serviceName", json!("")),
        ("desiredCount", json!(-1)),
        ("desiredCount", json!(5001)),
        ("deploymentController", json!({"type": "CODE_DEPLOY"})),
        ("deploymentController", json!({"type": "EXTERNAL"})),
        ("deploymentConfiguration", json!({"strategy": "BLUE_BLACK"})),
        ("schedulingStrategy", json!("DAEMON")),
        ("launchType", json!("MOON")),
        (
            "networkConfiguration",
            json!({"awsvpcConfiguration": {"subnets": ["a"]}}),
        ),
        (
            "loadBalancers",
            json!([{"containerName": "other", "containerPort": 80}]),
        ),
    ] {
        let mut input = base.clone();
        input[name] = value;
        assert_eq!(
            ground.error("CreateService", &input),
            "InvalidParameterException",
            "{input}"
        );
    }
    let mut input = base.clone();
    input["taskDefinition"] = json!("other");
    assert_eq!(ground.error("CreateService", &input), "ClientException");
    input["desiredCount"] = json!("2");
    assert_eq!(
        ground.error("CreateService", &input),
        "SerializationException"
    );
    ground.ok("CreateService", &base);
    assert_eq!(
        ground.error("CreateService", &base),
        "InvalidParameterException"
    );
}

#[test]
fn a_refused_update_changes_nothing() {
    let mut ground = Ground::new();
    ground.steady(2, &json!({}));
    let before = ground.service();
    let input = json!({
        "cluster": "c", "service": "web", "desiredCount": 9,
        "deploymentConfiguration": {"maximumPercent": 100},
    });
    assert_eq!(
        ground.error("UpdateService", &input),
        "InvalidParameterException"
    );
    assert_eq!(ground.service(), before);
}

#[test]
fn tags_reach_tasks_when_they_are_propagated() {
    let mut ground = Ground::new();
    let tags = json!([{"key": "team", "value": "shop"}]);
    ground.steady(1, &json!({"tags": tags, "propagateTags": "SERVICE"}));
    let task = ground.tasks("RUNNING")[0]["taskArn"].clone();
    let input = json!({"cluster": "c", "tasks": [task], "include": ["TAGS"]});
    assert_eq!(ground.ok("DescribeTasks", &input)["tasks"][0]["tags"], tags);
    let service = ground.service();
    assert!(service.get("tags").is_none());
    let of = |ground: &mut Ground, arn: &Value| {
        ground.ok("ListTagsForResource", &json!({"resourceArn": arn}))["tags"].clone()
    };
    assert_eq!(of(&mut ground, &service["serviceArn"]), tags);
    assert_eq!(of(&mut ground, &task), tags);
    assert_eq!(of(&mut ground, &service["taskDefinition"]), json!([]));
    let unknown = json!({"resourceArn": "arn:aws:ecs:us-east-1:123456789012:service/c/none"});
    assert_eq!(
        ground.error("ListTagsForResource", &unknown),
        "InvalidParameterException"
    );
}
