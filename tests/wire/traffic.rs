//! Load balancers and alarms, through the real SDK and as bytes.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudwatch::types::{ComparisonOperator, StateValue, Statistic};
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, ProtocolEnum, RuleCondition, TargetGroupTuple,
    TargetHealthStateEnum,
};
use aws_sdk_sts::config::Credentials;
use cutover::sim::server::SimServer;
use serde_json::json;

use crate::raw::{START, send, signature, simulator, simulator_with, steer};

async fn config(server: &SimServer) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(server.endpoint())
        .region(Region::new(server.region().to_owned()))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .load()
        .await
}

fn shares(weights: &[(&str, i32)]) -> Action {
    let groups = weights.iter().map(|(arn, weight)| {
        TargetGroupTuple::builder()
            .target_group_arn(*arn)
            .weight(*weight)
            .build()
    });
    Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .forward_config(
            ForwardActionConfig::builder()
                .set_target_groups(Some(groups.collect()))
                .build(),
        )
        .build()
}

#[tokio::test]
async fn a_load_balancer_is_built_and_its_weights_are_moved() {
    let server = simulator().await;
    let client = aws_sdk_elasticloadbalancingv2::Client::new(&config(&server).await);
    let balancer = client
        .create_load_balancer()
        .name("web")
        .subnets("subnet-1")
        .subnets("subnet-2");
    let balancer = balancer.send().await.unwrap();
    let balancer = &balancer.load_balancers()[0];
    let created = balancer.created_time().unwrap();
    assert_eq!(created.to_millis().unwrap(), START.0);
    let mut groups = Vec::new();
    for name in ["blue", "green"] {
        let group = client
            .create_target_group()
            .name(name)
            .protocol(ProtocolEnum::Http)
            .port(80)
            .vpc_id("vpc-1");
        let group = group.send().await.unwrap();
        groups.push(
            group.target_groups()[0]
                .target_group_arn()
                .unwrap()
                .to_owned(),
        );
    }
    let listener = client
        .create_listener()
        .load_balancer_arn(balancer.load_balancer_arn().unwrap())
        .protocol(ProtocolEnum::Http)
        .port(80)
        .default_actions(shares(&[(&groups[0], 1)]));
    let listener = listener.send().await.unwrap();
    let listener = listener.listeners()[0].listener_arn().unwrap().to_owned();
    let condition = RuleCondition::builder().field("path-pattern").values("/*");
    let rule = client
        .create_rule()
        .listener_arn(&listener)
        .priority(1)
        .conditions(condition.build())
        .actions(shares(&[(&groups[0], 100), (&groups[1], 0)]));
    let rule = rule.send().await.unwrap();
    let rule = rule.rules()[0].rule_arn().unwrap().to_owned();
    let modify = client
        .modify_rule()
        .rule_arn(&rule)
        .actions(shares(&[(&groups[0], 90), (&groups[1], 10)]));
    modify.send().await.unwrap();

    let rules = client.describe_rules().listener_arn(&listener);
    let rules = rules.send().await.unwrap();
    assert_eq!(rules.rules().len(), 2);
    assert_eq!(rules.rules()[0].is_default(), Some(false));
    let forward = rules.rules()[0].actions()[0].forward_config().unwrap();
    let weights: Vec<_> = forward
        .target_groups()
        .iter()
        .map(TargetGroupTuple::weight)
        .collect();
    assert_eq!(weights, [Some(90), Some(10)]);
    let gone = client.describe_rules().rule_arns("arn:gone").send().await;
    assert!(
        gone.unwrap_err()
            .into_service_error()
            .is_rule_not_found_exception()
    );
    server.shutdown().await;
}

#[tokio::test]
async fn targets_follow_the_tasks_of_a_scenario() {
    let server = simulator_with(|options| options.scenario = Some("rolling".to_owned())).await;
    let client = aws_sdk_elasticloadbalancingv2::Client::new(&config(&server).await);
    let groups = client.describe_target_groups().send().await.unwrap();
    let mut healthy = 0;
    for group in groups.target_groups() {
        let arn = group.target_group_arn().unwrap();
        let health = client.describe_target_health().target_group_arn(arn);
        for row in health.send().await.unwrap().target_health_descriptions() {
            let state = row.target_health().unwrap().state().unwrap();
            healthy += usize::from(*state == TargetHealthStateEnum::Healthy);
        }
    }
    assert!(healthy > 0);
    server.shutdown().await;
}

#[tokio::test]
async fn alarms_are_read_and_set_over_cbor() {
    let server = simulator().await;
    let client = aws_sdk_cloudwatch::Client::new(&config(&server).await);
    let put = client
        .put_metric_alarm()
        .alarm_name("errors")
        .metric_name("Errors")
        .namespace("Shop")
        .statistic(Statistic::Sum)
        .period(60)
        .evaluation_periods(1)
        .threshold(5.0)
        .comparison_operator(ComparisonOperator::GreaterThanThreshold);
    put.send().await.unwrap();
    let set = |name: &str| {
        client
            .set_alarm_state()
            .alarm_name(name)
            .state_value(StateValue::Alarm)
            .state_reason("by hand")
            .send()
    };
    set("errors").await.unwrap();
    let alarms = client
        .describe_alarms()
        .alarm_names("errors")
        .send()
        .await
        .unwrap();
    let alarm = &alarms.metric_alarms()[0];
    assert_eq!(alarm.state_value(), Some(&StateValue::Alarm));
    assert_eq!(alarm.threshold(), Some(5.0));
    let updated = alarm.state_updated_timestamp().unwrap();
    assert_eq!(updated.to_millis().unwrap(), START.0);
    assert!(alarms.composite_alarms().is_empty());
    let error = set("gone").await.unwrap_err().into_service_error();
    assert!(error.is_resource_not_found(), "{error:?}");
    server.shutdown().await;
}

#[tokio::test]
async fn faults_and_counts_know_the_services_by_their_signing_names() {
    let server = simulator().await;
    let faults = json!([
        {"operation": "elasticloadbalancing.DescribeRules", "kind": "error", "code": "AccessDenied"},
        {"operation": "monitoring.*", "kind": "error", "code": "AccessDenied", "status": 403},
    ]);
    steer(&server, "POST", "/_sim/faults", &faults.to_string()).await;
    let config = config(&server).await;
    let rules = aws_sdk_elasticloadbalancingv2::Client::new(&config)
        .describe_rules()
        .listener_arn("x")
        .send()
        .await;
    let error = rules.unwrap_err().into_service_error();
    assert_eq!(error.meta().code(), Some("AccessDenied"));
    let alarms = aws_sdk_cloudwatch::Client::new(&config);
    let error = alarms.describe_alarms().send().await.unwrap_err();
    assert_eq!(
        error.into_service_error().meta().code(),
        Some("AccessDenied")
    );
    let calls = steer(&server, "GET", "/_sim/calls", "").await;
    let operations = &calls["operations"];
    assert_eq!(
        operations["elasticloadbalancing.DescribeRules"],
        json!({"400": 1})
    );
    assert_eq!(operations["monitoring.DescribeAlarms"], json!({"403": 1}));
    server.shutdown().await;
}

#[tokio::test]
async fn what_is_not_here_is_said_in_the_protocol_of_the_call() {
    let server = simulator().await;
    let signed = signature("elasticloadbalancing", "us-east-1");
    let form = [
        ("authorization", signed.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    for (body, code) in [
        ("Action=DeleteRule&Version=2015-12-01", "InvalidAction"),
        (
            "Action=DescribeLoadBalancers&Version=2012-06-01",
            "InvalidAction",
        ),
        (
            "Action=DescribeRules&Version=2015-12-01&A.=1",
            "MalformedQueryString",
        ),
    ] {
        let received = send(&server, "POST", "/", &form, body).await.unwrap();
        assert_eq!(received.status, 400);
        let wanted = format!("<Code>{code}</Code>");
        assert!(received.body.contains(&wanted), "{received:?}");
    }
    let signed = signature("monitoring", "us-east-1");
    let cbor = [
        ("authorization", signed.as_str()),
        ("smithy-protocol", "rpc-v2-cbor"),
    ];
    let path = "/service/GraniteServiceVersion20100801/operation/DeleteAlarms";
    let received = send(&server, "POST", path, &cbor, "\u{0}").await.unwrap();
    assert_eq!(received.status, 400);
    assert!(received.head.contains("smithy-protocol: rpc-v2-cbor"));
    assert!(received.head.contains("content-type: application/cbor"));
    assert!(
        received.body.contains("SerializationException"),
        "{received:?}"
    );
    let received = send(&server, "POST", path, &cbor, "").await.unwrap();
    assert!(
        received.body.contains("UnknownOperationException"),
        "{received:?}"
    );
    server.shutdown().await;
}
