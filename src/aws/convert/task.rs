//! Tasks and their containers.

use aws_sdk_ecs::types::{
    Container as SdkContainer, HealthStatus, LaunchType, Task as SdkTask, TaskStopCode,
};

use super::{collect, text, text_or_empty, time};
use crate::domain::arn::{ClusterArn, TaskArn, TaskDefinitionArn};
use crate::domain::task::{Container, Task};
use crate::domain::text::printable;

/// Converts a task; `None` without an ARN or a task definition. `cluster` is where it was asked
/// for.
pub(in crate::aws) fn task(source: &SdkTask, cluster: &ClusterArn) -> Option<Task> {
    Some(Task {
        arn: TaskArn::new(source.task_arn()?),
        cluster: source
            .cluster_arn()
            .map_or_else(|| cluster.clone(), ClusterArn::new),
        group: text(source.group()),
        task_definition: TaskDefinitionArn::new(source.task_definition_arn()?),
        last_status: text_or_empty(source.last_status()),
        desired_status: text_or_empty(source.desired_status()),
        health: health(source.health_status()),
        started_by: text(source.started_by()),
        containers: collect(source.containers(), container),
        created_at: time(source.created_at()),
        started_at: time(source.started_at()),
        stopping_at: time(source.stopping_at()),
        stopped_at: time(source.stopped_at()),
        stopped_reason: text(source.stopped_reason()),
        stop_code: text(source.stop_code().map(TaskStopCode::as_str)),
        launch_type: text(source.launch_type().map(LaunchType::as_str)),
        availability_zone: text(source.availability_zone()),
        cpu: text(source.cpu()),
        memory: text(source.memory()),
    })
}

fn container(source: &SdkContainer) -> Option<Container> {
    Some(Container {
        name: printable(source.name()?),
        image: text(source.image()),
        status: text_or_empty(source.last_status()),
        exit_code: source.exit_code(),
        reason: text(source.reason()),
        health: health(source.health_status()),
    })
}

fn health(source: Option<&HealthStatus>) -> Option<String> {
    text(source.map(HealthStatus::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_task_keeps_why() {
        let source = SdkTask::builder()
            .task_arn("arn:aws:ecs:eu-west-1:1:task/prod/abc")
            .task_definition_arn("td:2")
            .last_status("STOPPED")
            .desired_status("STOPPED")
            .started_by("ecs-svc/2")
            .stop_code(TaskStopCode::EssentialContainerExited)
            .stopped_reason("Essential container in task exited")
            .containers(
                SdkContainer::builder()
                    .name("app")
                    .exit_code(137)
                    .reason("OutOfMemoryError: Container killed due to memory usage")
                    .health_status(HealthStatus::Unhealthy)
                    .build(),
            )
            .containers(SdkContainer::builder().image("nameless").build())
            .build();
        let converted = task(&source, &ClusterArn::new("c")).unwrap();
        assert!(converted.is_stopped());
        assert_eq!(
            converted.stop_code.as_deref(),
            Some("EssentialContainerExited")
        );
        assert_eq!(converted.containers.len(), 1);
        assert_eq!(converted.containers[0].exit_code, Some(137));
        assert_eq!(converted.containers[0].health.as_deref(), Some("UNHEALTHY"));
        assert_eq!(converted.cluster, ClusterArn::new("c"));
    }
}
