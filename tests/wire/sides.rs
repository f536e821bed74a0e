//! CodeDeploy, load balancers and alarms: batches as large as AWS allows, nothing asked twice that
//! cannot have changed, and no source that hides another.

use cutover::domain::arn::TargetGroupArn;
use cutover::domain::codedeploy::{CodeDeployStatus, GroupId, TrafficRouting};
use cutover::domain::failure::FailureKind;
use cutover::domain::traffic::TargetHealth;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::server::{Asked, Endpoint, Reply};

fn listed(asked: &Asked, key: &str) -> Vec<String> {
    let names = asked.body[key].as_array().cloned().unwrap_or_default();
    names
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

/// `d-OLD…` have succeeded, the others are in progress.
fn deployment(id: &str) -> Value {
    let over = id.starts_with("d-OLD");
    json!({
        "deploymentId": id,
        "applicationName": "shop",
        "deploymentGroupName": "web",
        "deploymentConfigName": "CodeDeployDefault.ECSCanary10Percent5Minutes",
        "status": if over { "Succeeded" } else { "InProgress" },
        "createTime": 1_700_000_000,
        "revision": {"revisionType": "AppSpecContent", "appSpecContent": {"sha256": "beef"}},
    })
}

fn codedeploy(asked: &Asked) -> Reply {
    Reply::json(&match asked.operation.as_str() {
        "BatchGetDeployments" => {
            let ids = listed(asked, "deploymentIds");
            assert!(ids.len() <= 25);
            let known: Vec<Value> = ids.iter().map(|id| deployment(id)).collect();
            json!({ "deploymentsInfo": known })
        }
        "GetApplicationRevision" => {
            let revision = &asked.body["revision"];
            assert_eq!(revision["appSpecContent"]["sha256"], "beef");
            let content = "Resources:\n  - S:\n      Properties:\n        TaskDefinition: td:7\n";
            json!({"revision": {
                "revisionType": "AppSpecContent",
                "appSpecContent": {"content": content},
            }})
        }
        "ListDeploymentTargets" => json!({"targetIds": ["prod:web"]}),
        "BatchGetDeploymentTargets" => {
            assert_eq!(asked.body["targetIds"], json!(["prod:web"]));
            let event = json!({"lifecycleEventName": "Install", "status": "InProgress"});
            json!({"deploymentTargets": [{
                "deploymentTargetType": "ECSTarget",
                "ecsTarget": {"targetId": "prod:web", "lifecycleEvents": [event]},
            }]})
        }
        "GetDeploymentConfig" => json!({"deploymentConfigInfo": {"trafficRoutingConfig": {
            "type": "TimeBasedCanary",
            "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": 5},
        }}}),
        "BatchGetDeploymentGroups" => json!({"deploymentGroupsInfo": [{
            "deploymentGroupName": "web",
            "alarmConfiguration": {"enabled": true, "alarms": [{"name": "errors"}]},
        }]}),
        "ListDeployments" => match asked.body["nextToken"].as_str() {
            None => json!({"deployments": ["d-OLD1", "d-NEW"], "nextToken": "2"}),
            Some(_) => json!({"deployments": ["d-OLD2", "d-OLD1"]}),
        },
        other => panic!("not expected: {other}"),
    })
}

fn ids(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn a_deployment_in_flight_costs_two_calls_once_it_is_known() {
    let endpoint = Endpoint::start(codedeploy).await;
    let aws = endpoint.connect().await;
    let wanted = ids(&["d-NEW", "d-OLD"]);
    let first = aws.code_deployments(&wanted).await.unwrap();
    assert_eq!((first.unread.clone(), first.missing.len()), (None, 0));
    let new = first.items.iter().find(|one| one.id == "d-NEW").unwrap();
    assert_eq!(new.status, CodeDeployStatus::InProgress);
    let canary = TrafficRouting::Canary {
        percent: 10,
        minutes: 5,
    };
    assert_eq!(new.routing, Some(canary));
    assert_eq!(new.alarms, ["errors"]);
    assert_eq!(new.target.as_ref().unwrap().events[0].name, "Install");
    let before = endpoint.operations().len();
    let again = aws.code_deployments(&wanted).await.unwrap();
    assert_eq!(again.items.len(), 2);
    assert_eq!(
        endpoint.operations().split_off(before),
        ["BatchGetDeployments", "BatchGetDeploymentTargets"]
    );
    let asked = endpoint.asked().split_off(before);
    assert_eq!(asked[0].body["deploymentIds"], json!(["d-NEW"]));
    let known = |id: &str| again.items.iter().find(|one| one.id == id).cloned();
    assert_eq!(known("d-NEW").as_ref(), Some(new));
    assert!(known("d-OLD").unwrap().target.is_some());
}

#[tokio::test]
async fn deployments_come_by_twenty_five() {
    let endpoint = Endpoint::start(codedeploy).await;
    let aws = endpoint.connect().await;
    let wanted: Vec<String> = (0..60).map(|n| format!("d-OLD{n}")).collect();
    let read = aws.code_deployments_in_short(&wanted).await.unwrap();
    assert_eq!(read.items.len(), 60);
    let calls = endpoint.operations();
    let batches = calls.iter().filter(|name| *name == "BatchGetDeployments");
    assert_eq!(batches.count(), 3);
    assert_eq!(calls.len(), 5, "and one for what all have: {calls:?}");
    let again = aws.code_deployments_in_short(&wanted).await.unwrap();
    let brought = again.items[0].task_definition.as_ref().unwrap();
    assert_eq!(brought.as_str(), "td:7");
    assert_eq!(endpoint.operations().len(), 5, "they are over");
}

#[tokio::test]
async fn a_history_reads_every_page_once_and_newest_first() {
    let endpoint = Endpoint::start(codedeploy).await;
    let aws = endpoint.connect().await;
    let group = GroupId {
        application: "shop".into(),
        group: "web".into(),
    };
    let since = Timestamp::from_second(1_690_000_000).unwrap();
    let read = aws.code_deployment_history(&group, since).await.unwrap();
    let found: Vec<&str> = read.items.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(found, ["d-NEW", "d-OLD1", "d-OLD2"]);
    let asked = &endpoint.asked()[0].body;
    assert_eq!(asked["createTimeRange"]["start"], json!(1_690_000_000));
    assert_eq!(asked["deploymentGroupName"], "web");
}

#[tokio::test]
async fn targets_that_may_not_be_read_leave_the_deployment_and_are_not_asked_for_again() {
    let endpoint = Endpoint::start(|asked| match asked.operation.as_str() {
        "ListDeploymentTargets" => Reply::error("AccessDeniedException", "no"),
        _ => codedeploy(asked),
    })
    .await;
    let aws = endpoint.connect().await;
    for _ in 0..3 {
        let read = aws.code_deployments(&ids(&["d-NEW"])).await.unwrap();
        assert_eq!(read.items[0].status, CodeDeployStatus::InProgress);
        assert_eq!(read.items[0].target, None);
        let unread = read.unread.unwrap();
        assert_eq!(unread.call, "codedeploy:ListDeploymentTargets");
        assert_eq!(unread.kind, FailureKind::AccessDenied);
    }
    let calls = endpoint.operations();
    let of = |name: &str| calls.iter().filter(|call| *call == name).count();
    assert_eq!(of("BatchGetDeployments"), 3);
    assert_eq!(of("ListDeploymentTargets"), 1);
    // Another sign-in may be allowed more.
    aws.reconnect().await;
    let _read = aws.code_deployments(&ids(&["d-NEW"])).await.unwrap();
    let calls = endpoint.operations();
    let listed = calls.iter().filter(|call| *call == "ListDeploymentTargets");
    assert_eq!(listed.count(), 2);
}

#[tokio::test]
async fn a_deployment_that_has_not_started_has_no_target_and_that_is_no_failure() {
    let endpoint = Endpoint::start(|asked| match asked.operation.as_str() {
        "ListDeploymentTargets" => Reply::error("DeploymentNotStartedException", "not yet"),
        _ => codedeploy(asked),
    })
    .await;
    let aws = endpoint.connect().await;
    for asked in 1..=2 {
        let read = aws.code_deployments(&ids(&["d-NEW"])).await.unwrap();
        assert_eq!((&read.items[0].target, read.unread), (&None, None));
        let calls = endpoint.operations();
        let listed = calls.iter().filter(|call| *call == "ListDeploymentTargets");
        assert_eq!(listed.count(), asked, "it can start at any moment");
    }
}

#[tokio::test]
async fn one_deployment_that_may_not_be_read_does_not_hide_the_others() {
    let endpoint = Endpoint::start(|asked| {
        let hidden = listed(asked, "deploymentIds").contains(&"d-HIDDEN".to_owned());
        if hidden {
            Reply::error("AccessDeniedException", "no")
        } else {
            codedeploy(asked)
        }
    })
    .await;
    let aws = endpoint.connect().await;
    let wanted = ids(&["d-HIDDEN", "d-NEW"]);
    let read = aws.code_deployments_in_short(&wanted).await.unwrap();
    assert_eq!(read.items.len(), 1);
    assert_eq!(read.missing, ["d-HIDDEN"]);
    assert_eq!(read.unread.unwrap().kind, FailureKind::AccessDenied);
    let alone = aws.code_deployments_in_short(&ids(&["d-HIDDEN"])).await;
    assert_eq!(alone.unwrap_err().kind, FailureKind::AccessDenied);
}

#[tokio::test]
async fn applications_on_other_platforms_are_left_out() {
    let endpoint = Endpoint::start(|asked| {
        Reply::json(&match asked.operation.as_str() {
            "ListApplications" => match asked.body["nextToken"].as_str() {
                None => json!({"applications": ["shop", "functions"], "nextToken": "2"}),
                Some(_) => json!({"applications": ["bakery"]}),
            },
            _ => json!({"applicationsInfo": [
                {"applicationName": "functions", "computePlatform": "Lambda"},
                {"applicationName": "shop", "computePlatform": "ECS"},
            ]}),
        })
    })
    .await;
    let names = endpoint.connect().await.applications().await.unwrap();
    assert_eq!(names, ["bakery", "shop"]);
}

const ELB: &str = "arn:aws:elasticloadbalancing:eu-west-1:1";

fn rule_arn(name: &str) -> String {
    format!("{ELB}:listener-rule/app/web/1/2/{name}")
}

fn member(rule: &str) -> String {
    let group = |name: &str, weight: u32| {
        format!("<member><TargetGroupArn>{name}</TargetGroupArn><Weight>{weight}</Weight></member>")
    };
    format!(
        "<member><RuleArn>{rule}</RuleArn><Actions><member><Type>forward</Type><ForwardConfig>\
         <TargetGroups>{}{}</TargetGroups></ForwardConfig></member></Actions></member>",
        group("blue", 95),
        group("green", 5)
    )
}

/// Rules that are named in a request; the rule `gone` is not there.
fn load_balancers(asked: &Asked) -> Reply {
    match asked.operation.as_str() {
        "DescribeRules" => {
            let named =
                (1..=20).filter_map(|n| asked.body[format!("RuleArns.member.{n}")].as_str());
            let rules: Vec<&str> = named.collect();
            assert!(!rules.is_empty());
            if rules.iter().any(|rule| rule.ends_with("/gone")) {
                return Reply::xml_error("RuleNotFound", "One or more rules not found");
            }
            let members: String = rules.iter().map(|rule| member(rule)).collect();
            Reply::xml("DescribeRules", &format!("<Rules>{members}</Rules>"))
        }
        "DescribeTargetHealth" => {
            let target = |state: &str| {
                format!("<member><TargetHealth><State>{state}</State></TargetHealth></member>")
            };
            let targets = ["healthy", "healthy", "draining"].map(target).concat();
            let result = format!("<TargetHealthDescriptions>{targets}</TargetHealthDescriptions>");
            Reply::xml("DescribeTargetHealth", &result)
        }
        "DescribeTargetGroups" => {
            let name = asked.body["Names.member.1"].as_str().unwrap();
            let result = format!(
                "<TargetGroups><member><TargetGroupName>{name}</TargetGroupName>\
                 <TargetGroupArn>{name}-arn</TargetGroupArn></member></TargetGroups>"
            );
            Reply::xml("DescribeTargetGroups", &result)
        }
        other => panic!("not expected: {other}"),
    }
}

#[tokio::test]
async fn rules_are_read_together_and_one_that_is_gone_does_not_hide_the_others() {
    let endpoint = Endpoint::start(load_balancers).await;
    let aws = endpoint.connect().await;
    let routes: Vec<String> = (0..25).map(|n| rule_arn(&n.to_string())).collect();
    let read = aws.traffic(&routes, &[], &[]).await;
    assert_eq!(read.traffic.weights.len(), 25);
    assert_eq!(endpoint.operations(), ["DescribeRules"; 2]);
    let green = TargetGroupArn::new("green");
    assert_eq!(
        read.traffic.weights[&rule_arn("7")].percent(&green),
        Some(5.0)
    );
    let routes = [rule_arn("1"), rule_arn("gone")];
    let read = aws.traffic(&routes, &[], &[]).await;
    assert_eq!(read.traffic.weights.len(), 1);
    assert_eq!((read.gone, read.unread), (vec![rule_arn("gone")], None));
}

#[tokio::test]
async fn health_is_counted_and_a_name_is_looked_up_once() {
    let endpoint = Endpoint::start(load_balancers).await;
    let aws = endpoint.connect().await;
    let blue = TargetGroupArn::new("blue-arn");
    for _ in 0..2 {
        let groups = std::slice::from_ref(&blue);
        let read = aws.traffic(&[], groups, &ids(&["blue"])).await;
        assert_eq!(read.traffic.groups["blue"], blue);
        let expected = TargetHealth {
            healthy: 2,
            draining: 1,
            ..TargetHealth::default()
        };
        assert_eq!(read.traffic.health[&blue], expected);
    }
    let calls = endpoint.operations();
    let looked_up = calls.iter().filter(|call| *call == "DescribeTargetGroups");
    assert_eq!(looked_up.count(), 1);
}

#[tokio::test]
async fn weights_stay_useful_where_health_may_not_be_read() {
    let endpoint = Endpoint::start(|asked| match asked.operation.as_str() {
        "DescribeTargetHealth" => Reply::xml_error("AccessDenied", "no"),
        _ => load_balancers(asked),
    })
    .await;
    let aws = endpoint.connect().await;
    let groups = [TargetGroupArn::new("blue"), TargetGroupArn::new("green")];
    for _ in 0..3 {
        let read = aws.traffic(&[rule_arn("1")], &groups, &[]).await;
        assert_eq!(read.traffic.weights.len(), 1);
        let unread = read.unread.unwrap();
        assert_eq!(unread.call, "elasticloadbalancing:DescribeTargetHealth");
        assert_eq!(unread.kind, FailureKind::AccessDenied);
    }
    let calls = endpoint.operations();
    let health = calls.iter().filter(|call| *call == "DescribeTargetHealth");
    assert!(health.count() <= groups.len(), "{calls:?}");
}

#[tokio::test]
async fn an_endpoint_without_these_services_says_so_and_is_left_alone() {
    let page = "<!doctype html><html><title>500 Internal Server Error</title></html>";
    let endpoint = Endpoint::always(move || Reply::Http(500, "text/html", page.to_owned())).await;
    let aws = endpoint.connect().await;
    for _ in 0..2 {
        let read = aws.traffic(&[rule_arn("1")], &[], &[]).await;
        assert_eq!(read.unread.unwrap().kind, FailureKind::Unsupported);
        let failed = aws.code_deployments(&ids(&["d-NEW"])).await.unwrap_err();
        assert_eq!(failed.kind, FailureKind::Unsupported);
    }
    assert_eq!(
        endpoint.operations(),
        ["DescribeRules", "BatchGetDeployments"]
    );
    let failed = aws.alarms(&ids(&["errors"])).await.unwrap_err();
    assert_eq!(failed.kind, FailureKind::Unsupported, "{failed:?}");
}
