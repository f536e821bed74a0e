//! Service deployments and service revisions.

use aws_sdk_ecs::types::{
    Rollback, ServiceDeployment as SdkServiceDeployment, ServiceDeploymentBrief,
    ServiceDeploymentCircuitBreaker, ServiceDeploymentLifecycleStage,
    ServiceDeploymentRollbackMonitorsStatus as MonitorStatus, ServiceDeploymentStatus as SdkStatus,
    ServiceRevision, ServiceRevisionSummary,
};

use super::service::strategy;
use super::{collect, count, text, text_or_empty, time};
use crate::aws::cache::RevisionFacts;
use crate::domain::arn::{
    ClusterArn, ServiceArn, ServiceDeploymentArn, ServiceRevisionArn, TaskDefinitionArn,
};
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
        hooks: Vec::new(),
        settings: None,
        alarms: None,
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

/// The task definition and the images of a service revision.
pub(in crate::aws) fn revision_facts(
    source: &ServiceRevision,
) -> Option<(ServiceRevisionArn, RevisionFacts)> {
    let arn = ServiceRevisionArn::new(source.service_revision_arn()?);
    let images = source.container_images().iter();
    let facts = RevisionFacts {
        task_definition: source.task_definition().map(TaskDefinitionArn::new),
        images: images
            .filter_map(|container| container.image().map(printable))
            .collect(),
    };
    Some((arn, facts))
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

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::ContainerImage;
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
}
