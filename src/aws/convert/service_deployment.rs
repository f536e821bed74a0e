//! Service deployments and service revisions.

use aws_sdk_ecs::types::{
    AdvancedConfiguration, LoadBalancer, Rollback, ServiceDeployment as SdkServiceDeployment,
    ServiceDeploymentAlarms, ServiceDeploymentBrief, ServiceDeploymentCircuitBreaker,
    ServiceDeploymentLifecycleStage, ServiceDeploymentRollbackMonitorsStatus as MonitorStatus,
    ServiceDeploymentStatus as SdkStatus, ServiceRevision, ServiceRevisionLoadBalancer,
    ServiceRevisionSummary,
};

use super::lifecycle::{hook, shift_settings};
use super::service::strategy;
use super::{collect, count, text, text_or_empty, time};
use crate::aws::cache::RevisionFacts;
use crate::domain::arn::{
    ClusterArn, ServiceArn, ServiceDeploymentArn, ServiceRevisionArn, TargetGroupArn,
    TaskDefinitionArn,
};
use crate::domain::lifecycle::AlarmsReading;
use crate::domain::service_deployment::{
    BreakerReading, RevisionSummary, ServiceDeployment, ServiceDeploymentStatus,
};
use crate::domain::text::printable;

/// Converts a whole record; `None` without its ARN, or where neither it nor the ARN names the
/// service.
pub(in crate::aws) fn service_deployment(
    source: &SdkServiceDeployment,
) -> Option<ServiceDeployment> {
    let arn = ServiceDeploymentArn::new(source.service_deployment_arn()?);
    let service = source
        .service_arn()
        .map(ServiceArn::new)
        .or_else(|| arn.service())?;
    let rollback = source.rollback();
    Some(ServiceDeployment {
        arn,
        service,
        cluster: ClusterArn::new(source.cluster_arn().unwrap_or_default()),
        status: status(source.status()),
        status_reason: text(source.status_reason()),
        lifecycle_stage: text(
            source
                .lifecycle_stage()
                .map(ServiceDeploymentLifecycleStage::as_str),
        ),
        strategy: source
            .deployment_configuration()
            .map(|configuration| strategy(Some(configuration))),
        created_at: time(source.created_at()),
        started_at: time(source.started_at()),
        finished_at: time(source.finished_at()),
        stopped_at: time(source.stopped_at()),
        target: source.target_service_revision().and_then(summary),
        sources: collect(source.source_service_revisions(), summary),
        breaker: source.deployment_circuit_breaker().map(breaker),
        rollback_reason: rollback.and_then(|rollback| text(rollback.reason())),
        rollback_started_at: rollback.and_then(|rollback| time(rollback.started_at())),
        rollback_to: rollback
            .and_then(Rollback::service_revision_arn)
            .map(ServiceRevisionArn::new),
        updated_at: time(source.updated_at()),
        hooks: source.lifecycle_hook_details().iter().map(hook).collect(),
        settings: source.deployment_configuration().map(shift_settings),
        alarms: source.alarms().map(alarms),
    })
}

/// What the list tells of a record. The cluster and the service are those it was asked for.
pub(in crate::aws) fn from_brief(
    source: &ServiceDeploymentBrief,
    cluster: &ClusterArn,
    service: &ServiceArn,
) -> Option<ServiceDeployment> {
    let target = source.target_service_revision_arn();
    Some(ServiceDeployment {
        arn: ServiceDeploymentArn::new(source.service_deployment_arn()?),
        service: source
            .service_arn()
            .map_or_else(|| service.clone(), ServiceArn::new),
        cluster: source
            .cluster_arn()
            .map_or_else(|| cluster.clone(), ClusterArn::new),
        status: status(source.status()),
        status_reason: text(source.status_reason()),
        lifecycle_stage: None,
        strategy: None,
        created_at: time(source.created_at()),
        started_at: time(source.started_at()),
        finished_at: time(source.finished_at()),
        stopped_at: None,
        target: target.map(|arn| RevisionSummary {
            arn: ServiceRevisionArn::new(arn),
            task_definition: None,
            images: Vec::new(),
            requested: None,
            running: None,
            pending: None,
            production_percent: None,
            test_percent: None,
            target_group: None,
            production_route: None,
            test_route: None,
        }),
        sources: Vec::new(),
        breaker: None,
        rollback_reason: None,
        rollback_started_at: None,
        rollback_to: None,
        updated_at: None,
        hooks: Vec::new(),
        settings: None,
        alarms: None,
    })
}

/// The task definition, the images and the traffic of a service revision. Which of two target groups
/// is its own, only the resolved configuration tells.
pub(in crate::aws) fn revision_facts(
    source: &ServiceRevision,
) -> Option<(ServiceRevisionArn, RevisionFacts)> {
    let arn = ServiceRevisionArn::new(source.service_revision_arn()?);
    let images = source.container_images().iter();
    let resolved = source
        .resolved_configuration()
        .and_then(|resolved| resolved.load_balancers().first());
    let balancer = source.load_balancers().first();
    let advanced = balancer.and_then(LoadBalancer::advanced_configuration);
    let facts = RevisionFacts {
        task_definition: source.task_definition().map(TaskDefinitionArn::new),
        images: images
            .filter_map(|container| container.image().map(printable))
            .collect(),
        target_group: resolved
            .and_then(ServiceRevisionLoadBalancer::target_group_arn)
            .or_else(|| only_target_group(balancer?))
            .map(TargetGroupArn::new),
        production_route: resolved
            .and_then(ServiceRevisionLoadBalancer::production_listener_rule)
            .or_else(|| advanced?.production_listener_rule())
            .map(str::to_owned),
        test_route: advanced
            .and_then(AdvancedConfiguration::test_listener_rule)
            .map(str::to_owned),
    };
    Some((arn, facts))
}

/// The target group of a load balancer that has no alternate one.
fn only_target_group(balancer: &LoadBalancer) -> Option<&str> {
    let advanced = balancer.advanced_configuration();
    let alternate = advanced.and_then(AdvancedConfiguration::alternate_target_group_arn);
    balancer.target_group_arn().filter(|_| alternate.is_none())
}

fn status(source: Option<&SdkStatus>) -> ServiceDeploymentStatus {
    use ServiceDeploymentStatus as Status;
    match source.map(SdkStatus::as_str).unwrap_or_default() {
        "PENDING" => Status::Pending,
        "IN_PROGRESS" => Status::InProgress,
        "STOP_REQUESTED" => Status::StopRequested,
        "STOPPED" => Status::Stopped,
        "SUCCESSFUL" => Status::Successful,
        "ROLLBACK_REQUESTED" => Status::RollbackRequested,
        "ROLLBACK_IN_PROGRESS" => Status::RollbackInProgress,
        "ROLLBACK_SUCCESSFUL" => Status::RollbackSuccessful,
        "ROLLBACK_FAILED" => Status::RollbackFailed,
        other => Status::Unknown(printable(other)),
    }
}

fn summary(source: &ServiceRevisionSummary) -> Option<RevisionSummary> {
    Some(RevisionSummary {
        arn: ServiceRevisionArn::new(source.arn()?),
        task_definition: None,
        images: Vec::new(),
        requested: Some(count(source.requested_task_count())),
        running: Some(count(source.running_task_count())),
        pending: Some(count(source.pending_task_count())),
        production_percent: source.requested_production_traffic_weight(),
        test_percent: source.requested_test_traffic_weight(),
        target_group: None,
        production_route: None,
        test_route: None,
    })
}

fn breaker(source: &ServiceDeploymentCircuitBreaker) -> BreakerReading {
    BreakerReading {
        status: text_or_empty(source.status().map(MonitorStatus::as_str)),
        failures: count(source.failure_count()),
        threshold: count(source.threshold()),
    }
}

fn alarms(source: &ServiceDeploymentAlarms) -> AlarmsReading {
    let names = |list: &[String]| list.iter().map(|name| printable(name)).collect();
    AlarmsReading {
        status: text_or_empty(source.status().map(MonitorStatus::as_str)),
        names: names(source.alarm_names()),
        triggered: names(source.triggered_alarm_names()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::{ContainerImage, ResolvedConfiguration};
    use aws_smithy_types::DateTime;

    const ARN: &str = "arn:aws:ecs:eu-west-1:1:service-deployment/prod/web/abc";

    #[test]
    fn a_record_keeps_breaker_rollback_and_revisions() {
        let summary = |arn: &str, running: i32| {
            ServiceRevisionSummary::builder()
                .arn(arn)
                .requested_task_count(4)
                .running_task_count(running)
                .build()
        };
        let source = SdkServiceDeployment::builder()
            .service_deployment_arn(ARN)
            .status(SdkStatus::RollbackInProgress)
            .created_at(DateTime::from_secs(100))
            .target_service_revision(summary("new", 1))
            .source_service_revisions(summary("old", 3))
            .deployment_circuit_breaker(
                ServiceDeploymentCircuitBreaker::builder()
                    .status(MonitorStatus::Triggered)
                    .failure_count(3)
                    .threshold(3)
                    .build(),
            )
            .rollback(
                Rollback::builder()
                    .reason("breaker")
                    .service_revision_arn("old")
                    .build(),
            )
            .build();
        let record = service_deployment(&source).unwrap();
        assert_eq!(record.service.name(), "web");
        assert_eq!(record.status, ServiceDeploymentStatus::RollbackInProgress);
        assert_eq!(record.breaker.unwrap().status, "TRIGGERED");
        assert_eq!(record.target.unwrap().running, Some(1));
        assert_eq!(record.sources[0].running, Some(3));
        assert_eq!(record.rollback_to, Some(ServiceRevisionArn::new("old")));
    }

    #[test]
    fn every_status_is_known_and_a_new_one_keeps_its_name() {
        for name in SdkStatus::values() {
            let known = status(Some(&SdkStatus::from(*name)));
            assert!(
                !matches!(known, ServiceDeploymentStatus::Unknown(_)),
                "{name}"
            );
        }
        assert_eq!(
            status(Some(&SdkStatus::from("DREAMING"))),
            ServiceDeploymentStatus::Unknown("DREAMING".into())
        );
    }

    #[test]
    fn the_list_tells_status_and_target() {
        let brief = ServiceDeploymentBrief::builder()
            .service_deployment_arn(ARN)
            .status(SdkStatus::Successful)
            .target_service_revision_arn("new")
            .build();
        let cluster = ClusterArn::new("c");
        let record = from_brief(&brief, &cluster, &ServiceArn::new("s")).unwrap();
        assert_eq!(record.cluster, cluster);
        assert_eq!(record.status, ServiceDeploymentStatus::Successful);
        assert_eq!(record.target.unwrap().arn, ServiceRevisionArn::new("new"));
    }

    #[test]
    fn a_service_revision_tells_task_definition_and_images() {
        let revision = ServiceRevision::builder()
            .service_revision_arn("r")
            .task_definition("td:2")
            .container_images(ContainerImage::builder().image("web:2").build())
            .build();
        let (arn, facts) = revision_facts(&revision).unwrap();
        assert_eq!(arn, ServiceRevisionArn::new("r"));
        assert_eq!(facts.task_definition, Some(TaskDefinitionArn::new("td:2")));
        assert_eq!(facts.images, ["web:2"]);
    }

    fn resolved(group: &str, rule: Option<&str>) -> ResolvedConfiguration {
        ResolvedConfiguration::builder()
            .load_balancers(
                ServiceRevisionLoadBalancer::builder()
                    .target_group_arn(group)
                    .set_production_listener_rule(rule.map(str::to_owned))
                    .build(),
            )
            .build()
    }

    fn two_sided() -> LoadBalancer {
        LoadBalancer::builder()
            .target_group_arn("blue")
            .advanced_configuration(
                AdvancedConfiguration::builder()
                    .alternate_target_group_arn("green")
                    .production_listener_rule("rule/prod")
                    .test_listener_rule("rule/test")
                    .build(),
            )
            .build()
    }

    #[test]
    fn the_resolved_configuration_says_which_target_group_is_a_revisions_own() {
        let facts = |revision: ServiceRevision| revision_facts(&revision).unwrap().1;
        let revision = || {
            ServiceRevision::builder()
                .service_revision_arn("r")
                .load_balancers(two_sided())
        };
        let own = facts(
            revision()
                .resolved_configuration(resolved("green", Some("rule/prod")))
                .build(),
        );
        assert_eq!(own.target_group, Some(TargetGroupArn::new("green")));
        assert_eq!(own.production_route.as_deref(), Some("rule/prod"));
        assert_eq!(own.test_route.as_deref(), Some("rule/test"));
        let unresolved = facts(revision().build());
        assert_eq!(unresolved.target_group, None, "it may be either");
        assert_eq!(unresolved.production_route.as_deref(), Some("rule/prod"));
        let plain = ServiceRevision::builder()
            .service_revision_arn("r")
            .load_balancers(LoadBalancer::builder().target_group_arn("only").build());
        let plain = facts(plain.build());
        assert_eq!(plain.target_group, Some(TargetGroupArn::new("only")));
        assert_eq!(plain.production_route, None);
    }

    #[test]
    fn a_record_tells_the_alarms_that_fired() {
        let watched = ServiceDeploymentAlarms::builder()
            .status(MonitorStatus::Triggered)
            .alarm_names("errors")
            .alarm_names("latency")
            .triggered_alarm_names("errors");
        let source = SdkServiceDeployment::builder()
            .service_deployment_arn(ARN)
            .alarms(watched.build())
            .build();
        let read = service_deployment(&source).unwrap().alarms.unwrap();
        assert_eq!(read.status, "TRIGGERED");
        assert_eq!(read.names, ["errors", "latency"]);
        assert_eq!(read.triggered, ["errors"]);
    }
}
