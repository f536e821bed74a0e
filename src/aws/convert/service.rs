//! Services, their deployments and their task sets.

use aws_sdk_ecs::types::{
    Deployment as SdkDeployment, DeploymentCircuitBreaker, DeploymentConfiguration,
    DeploymentController, DeploymentControllerType, DeploymentStrategy, LaunchType, LoadBalancer,
    Scale, ScaleUnit, Service as SdkService, ServiceEvent as SdkEvent, StabilityStatus,
    TaskSet as SdkTaskSet,
};

use super::{collect, count, text, text_or_empty, time};
use crate::domain::arn::{
    ClusterArn, DeploymentId, ServiceArn, ServiceDeploymentArn, ServiceRevisionArn, TargetGroupArn,
    TaskDefinitionArn,
};
use crate::domain::service::{
    Controller, Deployment, DeploymentStatus, RollingLimits, RolloutState, Service, ServiceEvent,
    Strategy, TaskSet,
};
use crate::domain::text::printable;

/// Converts a service; `None` without an ARN. `cluster` is where it was asked for.
pub(in crate::aws) fn service(source: &SdkService, cluster: &ClusterArn) -> Option<Service> {
    let arn = ServiceArn::new(source.service_arn()?);
    let deployments = collect(source.deployments(), deployment);
    let task_sets = collect(source.task_sets(), task_set);
    let revisions = source.current_service_revisions().iter();
    Some(Service {
        arn,
        cluster: source
            .cluster_arn()
            .map_or_else(|| cluster.clone(), ClusterArn::new),
        status: text_or_empty(source.status()),
        controller: controller(source),
        strategy: strategy(source.deployment_configuration()),
        task_definition: what_runs(source, &deployments, &task_sets),
        desired: count(source.desired_count()),
        running: count(source.running_count()),
        pending: count(source.pending_count()),
        launch_type: text(source.launch_type().map(LaunchType::as_str)),
        created_at: time(source.created_at()),
        current_deployment: source
            .current_service_deployment()
            .map(ServiceDeploymentArn::new),
        current_revisions: revisions
            .filter_map(|revision| revision.arn().map(ServiceRevisionArn::new))
            .collect(),
        limits: limits(source.deployment_configuration()),
        deployments,
        task_sets,
        events: collect(source.events(), event),
        exec_enabled: source.enable_execute_command(),
    })
}

fn controller(source: &SdkService) -> Controller {
    let kind = source
        .deployment_controller()
        .map(DeploymentController::r#type);
    match kind.map(DeploymentControllerType::as_str) {
        // AWS leaves the controller out of many answers when it is ECS.
        None | Some("ECS") => Controller::Ecs,
        Some("CODE_DEPLOY") => Controller::CodeDeploy,
        Some("EXTERNAL") => Controller::External,
        Some(other) => Controller::Unknown(printable(other)),
    }
}

/// The strategy of a deployment configuration; ECS's default is rolling.
pub(super) fn strategy(source: Option<&DeploymentConfiguration>) -> Strategy {
    let strategy = source.and_then(DeploymentConfiguration::strategy);
    match strategy.map(DeploymentStrategy::as_str) {
        None | Some("ROLLING") => Strategy::Rolling,
        Some("BLUE_GREEN") => Strategy::BlueGreen,
        Some("LINEAR") => Strategy::Linear,
        Some("CANARY") => Strategy::Canary,
        Some(other) => Strategy::Unknown(printable(other)),
    }
}

/// The service's own task definition. With an external controller only its task sets name one.
fn what_runs(
    source: &SdkService,
    deployments: &[Deployment],
    task_sets: &[TaskSet],
) -> TaskDefinitionArn {
    if let Some(arn) = source.task_definition().filter(|arn| !arn.is_empty()) {
        return TaskDefinitionArn::new(arn);
    }
    let primary = task_sets.iter().find(|set| set.status == "PRIMARY");
    primary
        .or(task_sets.first())
        .map(|set| set.task_definition.clone())
        .or_else(|| Some(deployments.first()?.task_definition.clone()))
        .unwrap_or_else(|| TaskDefinitionArn::new(""))
}

fn limits(source: Option<&DeploymentConfiguration>) -> RollingLimits {
    let Some(source) = source else {
        return RollingLimits::default();
    };
    let breaker = source.deployment_circuit_breaker();
    RollingLimits {
        minimum_healthy_percent: source.minimum_healthy_percent().map(count),
        maximum_percent: source.maximum_percent().map(count),
        breaker: breaker.is_some_and(DeploymentCircuitBreaker::enable),
        breaker_rolls_back: breaker.is_some_and(|breaker| breaker.enable() && breaker.rollback()),
        bake_minutes: source.bake_time_in_minutes().map(count),
    }
}

fn deployment(source: &SdkDeployment) -> Option<Deployment> {
    Some(Deployment {
        id: DeploymentId::new(source.id()?),
        status: match source.status() {
            Some("PRIMARY") => DeploymentStatus::Primary,
            Some("ACTIVE") => DeploymentStatus::Active,
            Some("INACTIVE") => DeploymentStatus::Inactive,
            other => DeploymentStatus::Unknown(text_or_empty(other)),
        },
        task_definition: TaskDefinitionArn::new(source.task_definition()?),
        desired: count(source.desired_count()),
        pending: count(source.pending_count()),
        running: count(source.running_count()),
        failed: count(source.failed_tasks()),
        created_at: time(source.created_at()),
        updated_at: time(source.updated_at()),
        rollout_state: source
            .rollout_state()
            .map(|state| rollout_state(state.as_str())),
        rollout_reason: text(source.rollout_state_reason()),
    })
}

fn rollout_state(name: &str) -> RolloutState {
    match name {
        "IN_PROGRESS" => RolloutState::InProgress,
        "COMPLETED" => RolloutState::Completed,
        "FAILED" => RolloutState::Failed,
        other => RolloutState::Unknown(printable(other)),
    }
}

fn task_set(source: &SdkTaskSet) -> Option<TaskSet> {
    let balanced = source
        .load_balancers()
        .iter()
        .find(|balancer| balancer.target_group_arn().is_some());
    Some(TaskSet {
        id: printable(source.id()?),
        status: text_or_empty(source.status()),
        task_definition: TaskDefinitionArn::new(source.task_definition()?),
        started_by: text(source.started_by()),
        external_id: text(source.external_id()),
        desired: count(source.computed_desired_count()),
        pending: count(source.pending_count()),
        running: count(source.running_count()),
        scale_percent: source.scale().and_then(scale_percent),
        stability: text(source.stability_status().map(StabilityStatus::as_str)),
        target_group: balanced
            .and_then(LoadBalancer::target_group_arn)
            .map(TargetGroupArn::new),
        container: balanced.and_then(container),
        created_at: time(source.created_at()),
        updated_at: time(source.updated_at()),
    })
}

/// PERCENT is the only unit that there is.
fn scale_percent(scale: &Scale) -> Option<f64> {
    let unit = scale.unit().map(ScaleUnit::as_str);
    matches!(unit, None | Some("PERCENT")).then(|| scale.value())
}

fn container(balancer: &LoadBalancer) -> Option<(String, u32)> {
    let name = text(balancer.container_name())?;
    Some((name, count(balancer.container_port()?)))
}

fn event(source: &SdkEvent) -> Option<ServiceEvent> {
    Some(ServiceEvent {
        id: text_or_empty(source.id()),
        at: time(source.created_at())?,
        message: text_or_empty(source.message()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::DeploymentRolloutState;
    use aws_smithy_types::DateTime;

    fn asked() -> ClusterArn {
        ClusterArn::new("arn:aws:ecs:eu-west-1:1:cluster/prod")
    }

    fn builder() -> aws_sdk_ecs::types::builders::ServiceBuilder {
        SdkService::builder()
            .service_arn("arn:aws:ecs:eu-west-1:1:service/prod/web")
            .task_definition("arn:aws:ecs:eu-west-1:1:task-definition/web:2")
    }

    #[test]
    fn a_bare_service_is_a_rolling_one_of_ecs_in_the_cluster_asked_for() {
        let converted = service(&builder().build(), &asked()).unwrap();
        assert_eq!(converted.controller, Controller::Ecs);
        assert_eq!(converted.strategy, Strategy::Rolling);
        assert_eq!(converted.cluster, asked());
        assert!(!converted.limits.breaker);
    }

    #[test]
    fn a_service_without_an_arn_is_skipped() {
        assert_eq!(service(&SdkService::builder().build(), &asked()), None);
    }

    #[test]
    fn a_deployment_keeps_counts_state_and_reason() {
        let entry = SdkDeployment::builder()
            .id("ecs-svc/2")
            .status("PRIMARY")
            .task_definition("td:2")
            .desired_count(4)
            .running_count(1)
            .failed_tasks(3)
            .created_at(DateTime::from_secs(100))
            .rollout_state(DeploymentRolloutState::InProgress)
            .rollout_state_reason("ECS deployment\u{7} in progress.")
            .build();
        let nameless = SdkDeployment::builder().status("ACTIVE").build();
        let source = builder().deployments(entry).deployments(nameless).build();
        let converted = service(&source, &asked()).unwrap();
        assert_eq!(converted.deployments.len(), 1);
        let deployment = converted.primary().unwrap();
        assert_eq!((deployment.desired, deployment.failed), (4, 3));
        assert_eq!(deployment.rollout_state, Some(RolloutState::InProgress));
        assert_eq!(
            deployment.rollout_reason.as_deref(),
            Some("ECS deployment in progress.")
        );
        assert!(converted.is_moving());
    }

    #[test]
    fn unknown_words_keep_their_names() {
        let controller = DeploymentController::builder()
            .r#type(DeploymentControllerType::from("ORBITAL"))
            .build()
            .unwrap();
        let configuration = DeploymentConfiguration::builder()
            .strategy(DeploymentStrategy::from("SPIRAL"))
            .build();
        let source = builder()
            .deployment_controller(controller)
            .deployment_configuration(configuration)
            .build();
        let converted = service(&source, &asked()).unwrap();
        assert_eq!(converted.controller, Controller::Unknown("ORBITAL".into()));
        assert_eq!(converted.strategy, Strategy::Unknown("SPIRAL".into()));
        assert_eq!(rollout_state("NEW"), RolloutState::Unknown("NEW".into()));
    }

    #[test]
    fn limits_come_from_the_deployment_configuration() {
        let breaker = DeploymentCircuitBreaker::builder()
            .enable(true)
            .rollback(true)
            .build();
        let configuration = DeploymentConfiguration::builder()
            .deployment_circuit_breaker(breaker)
            .minimum_healthy_percent(100)
            .maximum_percent(200)
            .build();
        assert_eq!(
            limits(Some(&configuration)),
            RollingLimits {
                minimum_healthy_percent: Some(100),
                maximum_percent: Some(200),
                breaker: true,
                breaker_rolls_back: true,
                bake_minutes: None,
            }
        );
    }

    #[test]
    fn an_external_service_runs_what_its_primary_task_set_runs() {
        let set = |status: &str, task_definition: &str| {
            SdkTaskSet::builder()
                .id(status)
                .status(status)
                .task_definition(task_definition)
                .build()
        };
        let source = SdkService::builder()
            .service_arn("arn:s")
            .task_sets(set("ACTIVE", "td:3"))
            .task_sets(set("PRIMARY", "td:2"))
            .build();
        let converted = service(&source, &asked()).unwrap();
        assert_eq!(converted.task_definition, TaskDefinitionArn::new("td:2"));
        assert_eq!(converted.task_sets.len(), 2);
    }

    #[test]
    fn a_task_set_tells_its_scale_its_stability_and_what_is_behind_the_load_balancer() {
        let scale = Scale::builder()
            .value(50.0)
            .unit(ScaleUnit::Percent)
            .build();
        let balancer = LoadBalancer::builder()
            .target_group_arn("green")
            .container_name("app")
            .container_port(8080)
            .build();
        let source = SdkTaskSet::builder()
            .id("ecs-svc/1")
            .status("ACTIVE")
            .task_definition("td:2")
            .external_id("d-ABC")
            .scale(scale)
            .stability_status(StabilityStatus::Stabilizing)
            .load_balancers(
                LoadBalancer::builder()
                    .load_balancer_name("classic")
                    .build(),
            )
            .load_balancers(balancer)
            .updated_at(DateTime::from_secs(100))
            .build();
        let set = task_set(&source).unwrap();
        assert_eq!(set.scale_percent, Some(50.0));
        assert_eq!(set.stability.as_deref(), Some("STABILIZING"));
        assert_eq!(set.target_group, Some(TargetGroupArn::new("green")));
        assert_eq!(set.container, Some(("app".to_owned(), 8080)));
        assert!(set.updated_at.is_some());
        let furlongs = Scale::builder().value(1.0).unit(ScaleUnit::from("FURLONG"));
        assert_eq!(scale_percent(&furlongs.build()), None);
    }
}
