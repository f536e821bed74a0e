//! Lists, descriptions, and their limits.

use serde_json::{Value, json};

use super::harness::Ground;

fn names(count: usize) -> Value {
    (0..count)
        .map(|number| json!(format!("s{number}")))
        .collect()
}

#[test]
fn batches_have_the_sizes_of_ecs() {
    let mut ground = Ground::new();
    let arn = "arn:aws:ecs:us-east-1:123456789012:service-deployment/c/web/x";
    let revision = "arn:aws:ecs:us-east-1:123456789012:service-revision/c/web/1";
    for (operation, member, most, item) in [
        ("DescribeServices", "services", 10, "web"),
        ("DescribeTasks", "tasks", 100, "0123"),
        (
            "DescribeServiceDeployments",
            "serviceDeploymentArns",
            20,
            arn,
        ),
        (
            "DescribeServiceRevisions",
            "serviceRevisionArns",
            20,
            revision,
        ),
    ] {
        let full: Value = (0..most).map(|_| json!(item)).collect();
        ground.ok(operation, &json!({"cluster": "c", member: full}));
        let more: Value = (0..=most).map(|_| json!(item)).collect();
        let code = ground.error(operation, &json!({"cluster": "c", member: more}));
        assert_eq!(code, "InvalidParameterException", "{operation}");
        let code = ground.error(operation, &json!({"cluster": "c"}));
        assert_eq!(code, "InvalidParameterException", "{operation}");
    }
    ground.ok("DescribeClusters", &json!({"clusters": names(100)}));
    assert_eq!(
        ground.error("DescribeClusters", &json!({"clusters": names(101)})),
        "InvalidParameterException"
    );
}

#[test]
fn what_is_missing_is_a_failure_not_an_error() {
    let mut ground = Ground::new();
    let answer = ground.ok("DescribeClusters", &json!({"clusters": ["c", "d"]}));
    assert_eq!(answer["clusters"].as_array().unwrap().len(), 1);
    let missing = "arn:aws:ecs:us-east-1:123456789012:cluster/d";
    assert_eq!(
        answer["failures"],
        json!([{"arn": missing, "reason": "MISSING"}])
    );
    let answer = ground.ok(
        "DescribeServices",
        &json!({"cluster": "c", "services": ["web"]}),
    );
    assert_eq!(
        answer["failures"][0]["arn"],
        "arn:aws:ecs:us-east-1:123456789012:service/c/web"
    );
    for (operation, input) in [
        (
            "DescribeServices",
            json!({"cluster": "d", "services": ["web"]}),
        ),
        ("ListServices", json!({"cluster": "d"})),
        ("ListTasks", json!({})),
        ("UpdateService", json!({"cluster": "d", "service": "web"})),
    ] {
        assert_eq!(
            ground.error(operation, &input),
            "ClusterNotFoundException",
            "{operation}"
        );
    }
    let input = json!({"cluster": "c", "service": "web"});
    assert_eq!(
        ground.error("ListServiceDeployments", &input),
        "ServiceNotFoundException"
    );
    assert_eq!(
        ground.error("UpdateService", &input),
        "ServiceNotFoundException"
    );
}

#[test]
fn services_come_ten_a_page_unless_asked_otherwise() {
    let mut ground = Ground::new();
    ground.register("web:1");
    for number in 0..23 {
        let name = format!("s{number:02}");
        let input = json!({"cluster": "c", "serviceName": name, "taskDefinition": "web"});
        ground.ok("CreateService", &input);
    }
    let mut input = json!({"cluster": "c"});
    let mut sizes = Vec::new();
    loop {
        let page = ground.ok("ListServices", &input);
        sizes.push(page["serviceArns"].as_array().unwrap().len());
        let Some(token) = page.get("nextToken") else {
            break;
        };
        input["nextToken"] = token.clone();
    }
    assert_eq!(sizes, [10, 10, 3]);
    let page = ground.ok("ListServices", &json!({"cluster": "c", "maxResults": 100}));
    assert_eq!(page["serviceArns"].as_array().unwrap().len(), 23);
    let input = json!({"cluster": "c", "launchType": "FARGATE"});
    assert_eq!(ground.ok("ListServices", &input)["serviceArns"], json!([]));
}

#[test]
fn services_and_tasks_go_by_name_and_by_arn() {
    let mut ground = Ground::new();
    ground.steady(1, &json!({}));
    let arn = ground.service()["serviceArn"].clone();
    let cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/c";
    let old = "arn:aws:ecs:us-east-1:123456789012:service/web";
    let input = json!({"cluster": cluster, "services": [arn, old, "web"]});
    let answer = ground.ok("DescribeServices", &input);
    assert_eq!(answer["services"].as_array().unwrap().len(), 3);
    let input = json!({"service": arn});
    let history = ground.ok("ListServiceDeployments", &input);
    assert_eq!(history["serviceDeployments"].as_array().unwrap().len(), 1);
    let task = ground.tasks("RUNNING")[0]["taskArn"]
        .as_str()
        .unwrap()
        .to_owned();
    let id = task.rsplit('/').next().unwrap();
    let answer = ground.ok(
        "DescribeTasks",
        &json!({"cluster": "c", "tasks": [id, task]}),
    );
    assert_eq!(answer["tasks"].as_array().unwrap().len(), 2);
}

#[test]
fn tasks_are_listed_by_what_they_belong_to() {
    let mut ground = Ground::new();
    ground.steady(2, &json!({}));
    let started_by = ground.service()["deployments"][0]["id"].clone();
    let mut count = |input: Value| {
        ground.ok("ListTasks", &input)["taskArns"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count(json!({"cluster": "c", "serviceName": "web"})), 2);
    assert_eq!(count(json!({"cluster": "c", "family": "web"})), 2);
    assert_eq!(count(json!({"cluster": "c", "family": "other"})), 0);
    assert_eq!(count(json!({"cluster": "c", "startedBy": started_by})), 2);
    assert_eq!(
        count(json!({"cluster": "c", "desiredStatus": "STOPPED"})),
        0
    );
    assert_eq!(
        count(json!({"cluster": "c", "desiredStatus": "PENDING"})),
        0
    );
    for input in [
        json!({"cluster": "c", "family": "web", "serviceName": "web"}),
        json!({"cluster": "c", "startedBy": "x", "serviceName": "web"}),
    ] {
        assert_eq!(
            ground.error("ListTasks", &input),
            "InvalidParameterException"
        );
    }
}

#[test]
fn history_is_filtered_by_status_and_time() {
    let mut ground = Ground::new();
    ground.steady(1, &json!({}));
    let arn = ground.deploy("web:2");
    let created = ground.release(&arn)["createdAt"].as_f64().unwrap();
    let mut arns = |more: Value| -> Vec<Value> {
        let mut input = json!({"cluster": "c", "service": "web"});
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        let answer = ground.ok("ListServiceDeployments", &input);
        let all = answer["serviceDeployments"].as_array().unwrap();
        all.iter()
            .map(|one| one["serviceDeploymentArn"].clone())
            .collect()
    };
    assert_eq!(arns(json!({})).len(), 2);
    assert_eq!(arns(json!({"status": ["PENDING"]})), [json!(arn)]);
    assert_eq!(
        arns(json!({"createdAt": {"after": created - 1.0}})),
        [json!(arn)]
    );
    assert_eq!(
        arns(json!({"createdAt": {"before": created - 1.0}})).len(),
        1
    );
    assert_eq!(arns(json!({"maxResults": 1})), [json!(arn)]);
    let input = json!({"cluster": "c", "service": "web", "status": ["DONE"]});
    assert_eq!(
        ground.error("ListServiceDeployments", &input),
        "InvalidParameterException"
    );
}

#[test]
fn history_is_kept_for_90_days() {
    let mut ground = Ground::new();
    ground.steady(1, &json!({}));
    let arn = ground.service()["currentServiceDeployment"].clone();
    ground.pass(91.0 * 86_400.0);
    let input = json!({"cluster": "c", "service": "web"});
    assert_eq!(
        ground.ok("ListServiceDeployments", &input)["serviceDeployments"],
        json!([])
    );
    let input = json!({"serviceDeploymentArns": [arn]});
    let answer = ground.ok("DescribeServiceDeployments", &input);
    assert_eq!(answer["failures"][0]["reason"], "MISSING");
}

#[test]
fn clusters_count_and_show_what_is_asked_for() {
    let mut ground = Ground::new();
    ground.steady(2, &json!({}));
    ground.deploy("web:2");
    ground.pass(5.0);
    let plain = ground.ok("DescribeClusters", &json!({"clusters": ["c"]}))["clusters"][0].clone();
    assert_eq!(plain["statistics"], json!([]));
    assert_eq!(plain["runningTasksCount"], 2);
    assert_eq!(plain["pendingTasksCount"], 2);
    assert_eq!(plain["activeServicesCount"], 1);
    let input = json!({"clusters": ["c"], "include": ["STATISTICS", "SETTINGS"]});
    let full = ground.ok("DescribeClusters", &input)["clusters"][0].clone();
    let statistics = full["statistics"].as_array().unwrap();
    assert!(statistics.contains(&json!({"name": "runningEC2TasksCount", "value": "2"})));
    assert!(statistics.contains(&json!({"name": "activeEC2ServiceCount", "value": "1"})));
    assert_eq!(full["settings"][0]["name"], "containerInsights");
    let input = json!({"clusters": ["c"], "include": ["EVERYTHING"]});
    assert_eq!(
        ground.error("DescribeClusters", &input),
        "InvalidParameterException"
    );
}

#[test]
fn an_account_sees_nothing_of_another_region() {
    let mut ground = Ground::new();
    ground.steady(1, &json!({}));
    let elsewhere = crate::sim::api::ecs::handle(
        &mut ground.world,
        crate::sim::world::DEFAULT_ACCOUNT,
        "eu-west-1",
        "ListClusters",
        &json!({}),
    );
    assert_eq!(elsewhere.unwrap().unwrap()["clusterArns"], json!([]));
}
