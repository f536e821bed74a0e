//! A copy of a task-definition revision: everything that `RegisterTaskDefinition` takes.

use aws_sdk_ecs::operation::register_task_definition::builders::RegisterTaskDefinitionInputBuilder;
use aws_sdk_ecs::types::{Tag, TaskDefinition};

/// The request that registers a copy of a revision with its tags.
#[expect(
    deprecated,
    reason = "a revision from the time of inference accelerators still names them"
)]
pub(super) fn copy_input(
    source: TaskDefinition,
    tags: Vec<Tag>,
) -> RegisterTaskDefinitionInputBuilder {
    RegisterTaskDefinitionInputBuilder::default()
        .set_family(source.family)
        .set_task_role_arn(source.task_role_arn)
        .set_execution_role_arn(source.execution_role_arn)
        .set_network_mode(source.network_mode)
        .set_container_definitions(source.container_definitions)
        .set_volumes(source.volumes)
        .set_placement_constraints(source.placement_constraints)
        .set_requires_compatibilities(source.requires_compatibilities)
        .set_cpu(source.cpu)
        .set_memory(source.memory)
        .set_tags(own_tags(tags))
        .set_pid_mode(source.pid_mode)
        .set_ipc_mode(source.ipc_mode)
        .set_proxy_configuration(source.proxy_configuration)
        .set_inference_accelerators(source.inference_accelerators)
        .set_ephemeral_storage(source.ephemeral_storage)
        .set_runtime_platform(source.runtime_platform)
        .set_enable_fault_injection(source.enable_fault_injection)
}

/// The tags that a person may set: AWS refuses keys that begin with `aws:`, and an empty list.
fn own_tags(tags: Vec<Tag>) -> Option<Vec<Tag>> {
    let own: Vec<Tag> = tags
        .into_iter()
        .filter(|tag| {
            let key = tag.key().unwrap_or_default().to_lowercase();
            !key.starts_with("aws:")
        })
        .collect();
    (!own.is_empty()).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::{
        Compatibility, ContainerDefinition, EphemeralStorage, IpcMode, NetworkMode, PidMode,
        ProxyConfiguration, RuntimePlatform, TaskDefinitionPlacementConstraint, Volume,
    };

    fn tag(key: &str) -> Tag {
        Tag::builder().key(key).value("v").build()
    }

    #[expect(deprecated, reason = "a copy carries over what the original has")]
    fn accelerator() -> aws_sdk_ecs::types::InferenceAccelerator {
        aws_sdk_ecs::types::InferenceAccelerator::builder()
            .device_name("d")
            .device_type("t")
            .build()
            .unwrap()
    }

    /// A revision in which every field that can be registered is set.
    fn full() -> TaskDefinition {
        TaskDefinition::builder()
            .family("web")
            .task_role_arn("task")
            .execution_role_arn("execution")
            .network_mode(NetworkMode::Awsvpc)
            .container_definitions(ContainerDefinition::builder().name("app").build())
            .volumes(Volume::builder().name("data").build())
            .placement_constraints(TaskDefinitionPlacementConstraint::builder().build())
            .requires_compatibilities(Compatibility::Fargate)
            .cpu("256")
            .memory("512")
            .pid_mode(PidMode::Task)
            .ipc_mode(IpcMode::Task)
            .proxy_configuration(
                ProxyConfiguration::builder()
                    .container_name("proxy")
                    .build()
                    .unwrap(),
            )
            .inference_accelerators(accelerator())
            .ephemeral_storage(EphemeralStorage::builder().size_in_gib(30).build())
            .runtime_platform(RuntimePlatform::builder().build())
            .enable_fault_injection(true)
            .build()
    }

    /// The SDK's own listing of the request's fields is compared, so that a field that a newer SDK
    /// adds to `RegisterTaskDefinition` fails this test until it is copied too.
    #[test]
    fn no_field_of_the_request_is_forgotten() {
        let input = copy_input(full(), vec![tag("team")]).build().unwrap();
        let listing = format!("{input:#?}");
        let empty: Vec<&str> = listing
            .lines()
            .filter(|line| line.starts_with("    ") && !line.starts_with("     "))
            .filter(|line| line.trim_end().ends_with(": None,"))
            .collect();
        assert_eq!(empty, Vec::<&str>::new());
        assert!(listing.contains("    family: Some("), "{listing}");
    }

    #[test]
    fn tags_of_aws_are_left_out() {
        let tags = own_tags(vec![tag("aws:ecs:x"), tag("AWS:y"), tag("team")]).unwrap();
        assert_eq!(tags.len(), 1);
        assert_eq!(own_tags(vec![tag("aws:x")]), None);
    }
}
