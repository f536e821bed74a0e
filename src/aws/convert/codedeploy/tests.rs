//! Every word that CodeDeploy has is known, and what is missing fails nothing.

use aws_sdk_codedeploy::types::{
    Alarm, DeploymentConfigInfo, Diagnostics, EcsService, ErrorInformation, LoadBalancerInfo,
    TimeBasedCanary, TimeBasedLinear,
};
use aws_smithy_types::DateTime;

use super::*;

fn settings(action: &str, terminate: &str) -> BlueGreenDeploymentConfiguration {
    BlueGreenDeploymentConfiguration::builder()
        .deployment_ready_option(
            DeploymentReadyOption::builder()
                .action_on_timeout(DeploymentReadyAction::from(action))
                .wait_time_in_minutes(60)
                .build(),
        )
        .terminate_blue_instances_on_deployment_success(
            BlueInstanceTerminationOption::builder()
                .action(InstanceAction::from(terminate))
                .termination_wait_time_in_minutes(5)
                .build(),
        )
        .build()
}

fn route(arn: &str) -> TrafficRoute {
    TrafficRoute::builder().listener_arns(arn).build()
}

fn whole() -> DeploymentInfo {
    let pair = TargetGroupPairInfo::builder()
        .prod_traffic_route(route("listener-443"))
        .test_traffic_route(route("listener-8443"))
        .build();
    let content = r#"{"Resources": [{"S": {"Properties": {"TaskDefinition": "td:7"}}}]}"#;
    let rollback = AutoRollbackConfiguration::builder()
        .enabled(true)
        .events(AutoRollbackEvent::DeploymentFailure);
    DeploymentInfo::builder()
        .deployment_id("d-ABC")
        .application_name("shop")
        .deployment_group_name("web")
        .deployment_config_name("CodeDeployDefault.ECSAllAtOnce")
        .status(SdkStatus::Ready)
        .create_time(DateTime::from_secs(100))
        .creator(DeploymentCreator::CodeDeployRollback)
        .error_information(
            ErrorInformation::builder()
                .code(ErrorCode::HealthConstraints)
                .message("no\u{7} health")
                .build(),
        )
        .rollback_info(
            RollbackInfo::builder()
                .rollback_deployment_id("d-BACK")
                .rollback_triggering_deployment_id("d-FIRST")
                .rollback_message("because")
                .build(),
        )
        .auto_rollback_configuration(rollback.build())
        .blue_green_deployment_configuration(settings("STOP_DEPLOYMENT", "TERMINATE"))
        .instance_termination_wait_time_started(true)
        .override_alarm_configuration(
            AlarmConfiguration::builder()
                .enabled(true)
                .alarms(Alarm::builder().name("errors").build())
                .build(),
        )
        .load_balancer_info(
            LoadBalancerInfo::builder()
                .target_group_pair_info_list(pair)
                .build(),
        )
        .revision(
            RevisionLocation::builder()
                .app_spec_content(AppSpecContent::builder().content(content).build())
                .build(),
        )
        .build()
}

#[test]
fn a_deployment_keeps_what_it_was_told_and_how_it_went() {
    let read = deployment(&whole()).unwrap();
    assert_eq!(read.status, CodeDeployStatus::Ready);
    assert_eq!(
        (read.group.application.as_str(), read.group.group.as_str()),
        ("shop", "web")
    );
    assert_eq!(read.creator.as_deref(), Some("codeDeployRollback"));
    assert_eq!(
        read.error,
        Some(("HEALTH_CONSTRAINTS".into(), "no health".into()))
    );
    assert_eq!(read.rolled_back_by.as_deref(), Some("d-BACK"));
    assert_eq!(read.rolls_back.as_deref(), Some("d-FIRST"));
    assert!(read.rolls_back_on_failure && !read.rolls_back_on_alarm);
    assert_eq!(
        read.ready,
        Some(ReadyWait {
            continues: false,
            minutes: 60
        })
    );
    assert_eq!(
        read.termination,
        Some(TerminationWait {
            terminates: true,
            minutes: 5
        })
    );
    assert!(read.termination_wait_started);
    assert_eq!(read.alarms, ["errors"]);
    assert_eq!(read.task_definition, Some(TaskDefinitionArn::new("td:7")));
    assert_eq!(read.production_listeners, ["listener-443"]);
    assert_eq!(read.test_listeners, ["listener-8443"]);
}

#[test]
fn a_bare_deployment_is_its_id() {
    let read = deployment(&DeploymentInfo::builder().deployment_id("d-A").build()).unwrap();
    assert_eq!(read.status, CodeDeployStatus::Unknown(String::new()));
    assert_eq!(
        (read.ready, read.termination, read.error),
        (None, None, None)
    );
    assert_eq!(deployment(&DeploymentInfo::builder().build()), None);
}

#[test]
fn every_status_is_known_and_a_new_one_keeps_its_name() {
    for name in SdkStatus::values() {
        let known = status(Some(&SdkStatus::from(*name)));
        assert_eq!(known.name(), *name);
        assert!(!matches!(known, CodeDeployStatus::Unknown(_)), "{name}");
    }
    let new = status(Some(&SdkStatus::from("Dreaming")));
    assert_eq!(new, CodeDeployStatus::Unknown("Dreaming".into()));
}

#[test]
fn every_answer_to_a_time_out_is_known() {
    for name in DeploymentReadyAction::values() {
        assert!(
            ready(Some(&settings(name, "TERMINATE"))).is_some(),
            "{name}"
        );
    }
    for name in InstanceAction::values() {
        assert!(
            termination(Some(&settings("STOP_DEPLOYMENT", name))).is_some(),
            "{name}"
        );
    }
    assert_eq!(ready(Some(&settings("DANCE", "TERMINATE"))), None);
    assert_eq!(
        termination(Some(&settings("STOP_DEPLOYMENT", "DANCE"))),
        None
    );
}

fn config(kind: &str) -> DeploymentConfigInfo {
    let routing = TrafficRoutingConfig::builder()
        .r#type(TrafficRoutingType::from(kind))
        .time_based_canary(
            TimeBasedCanary::builder()
                .canary_percentage(10)
                .canary_interval(15)
                .build(),
        )
        .time_based_linear(
            TimeBasedLinear::builder()
                .linear_percentage(20)
                .linear_interval(3)
                .build(),
        );
    DeploymentConfigInfo::builder()
        .traffic_routing_config(routing.build())
        .build()
}

#[test]
fn every_routing_is_known_and_a_new_one_keeps_its_name() {
    for name in TrafficRoutingType::values() {
        let known = routing(&config(name)).unwrap();
        assert!(!matches!(known, TrafficRouting::Unknown(_)), "{name}");
    }
    let canary = TrafficRouting::Canary {
        percent: 10,
        minutes: 15,
    };
    assert_eq!(routing(&config("TimeBasedCanary")), Some(canary));
    let linear = TrafficRouting::Linear {
        percent: 20,
        minutes: 3,
    };
    assert_eq!(routing(&config("TimeBasedLinear")), Some(linear));
    let new = TrafficRouting::Unknown("Spiral".into());
    assert_eq!(routing(&config("Spiral")), Some(new));
    assert_eq!(routing(&DeploymentConfigInfo::builder().build()), None);
}

#[test]
fn a_target_tells_events_and_both_sides() {
    let side = |label: &str, weight: f64| {
        EcsTaskSet::builder()
            .identifer(label)
            .task_set_label(TargetLabel::from(label))
            .status("ACTIVE")
            .desired_count(3)
            .running_count(-1)
            .traffic_weight(weight)
            .target_group(TargetGroupInfo::builder().name("tg").build())
            .build()
    };
    let event = SdkEvent::builder()
        .lifecycle_event_name("AfterAllowTestTraffic")
        .status(LifecycleEventStatus::Failed)
        .start_time(DateTime::from_secs(100))
        .diagnostics(
            Diagnostics::builder()
                .message("the function failed")
                .build(),
        )
        .build();
    let source = SdkTarget::builder()
        .ecs_target(
            EcsTarget::builder()
                .target_id("prod:web")
                .status(TargetStatus::InProgress)
                .lifecycle_events(event)
                .lifecycle_events(SdkEvent::builder().build())
                .task_sets_info(side("Blue", 90.0))
                .task_sets_info(side("Green", 10.0))
                .build(),
        )
        .build();
    let read = target(&source).unwrap();
    assert_eq!(
        (read.id.as_str(), read.status.as_str()),
        ("prod:web", "InProgress")
    );
    assert_eq!(read.events.len(), 1);
    assert_eq!(read.events[0].status, "Failed");
    assert_eq!(
        read.events[0].diagnostics.as_deref(),
        Some("the function failed")
    );
    let greens: Vec<bool> = read.task_sets.iter().map(|set| set.green).collect();
    assert_eq!(greens, [false, true]);
    assert_eq!(
        (read.task_sets[0].desired, read.task_sets[0].running),
        (3, 0)
    );
    assert_eq!(read.task_sets[1].traffic_percent, Some(10.0));
    assert_eq!(target(&SdkTarget::builder().build()), None);
}

#[test]
fn a_group_names_its_service_and_its_last_deployments() {
    let last = |id: &str, status| {
        LastDeploymentInfo::builder()
            .deployment_id(id)
            .status(status)
            .build()
    };
    let source = DeploymentGroupInfo::builder()
        .deployment_group_name("web")
        .ecs_services(
            EcsService::builder()
                .cluster_name("prod")
                .service_name("web")
                .build(),
        )
        .last_attempted_deployment(last("d-2", SdkStatus::Failed))
        .last_successful_deployment(last("d-1", SdkStatus::Succeeded))
        .build();
    let read = group(&source, "shop").unwrap();
    assert_eq!(read.id.application, "shop");
    assert_eq!(
        (read.cluster.as_deref(), read.service.as_deref()),
        (Some("prod"), Some("web"))
    );
    assert_eq!(
        read.last_attempted.unwrap().status,
        CodeDeployStatus::Failed
    );
    assert_eq!(read.last_successful.unwrap().id, "d-1");
    assert_eq!(group(&DeploymentGroupInfo::builder().build(), "shop"), None);
}
