//! Task definitions, as far as a release is judged by them.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_ecs::types::{
    ContainerDefinition as SdkContainerDefinition, LogConfiguration, NetworkMode,
    TaskDefinition as SdkTaskDefinition, TaskDefinitionStatus,
};

use super::{collect, text, text_or_empty, time};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::task_definition::{ContainerDefinition, LogDestination, TaskDefinition};
use crate::domain::text::printable;

/// Converts a revision; `None` without an ARN.
pub(in crate::aws) fn task_definition(source: &SdkTaskDefinition) -> Option<TaskDefinition> {
    Some(TaskDefinition {
        arn: TaskDefinitionArn::new(source.task_definition_arn()?),
        status: text_or_empty(source.status().map(TaskDefinitionStatus::as_str)),
        cpu: text(source.cpu()),
        memory: text(source.memory()),
        network_mode: text(source.network_mode().map(NetworkMode::as_str)),
        task_role: text(source.task_role_arn()),
        execution_role: text(source.execution_role_arn()),
        containers: collect(source.container_definitions(), container),
        registered_at: time(source.registered_at()),
        registered_by: text(source.registered_by()),
        deregistered_at: time(source.deregistered_at()),
    })
}

fn container(source: &SdkContainerDefinition) -> Option<ContainerDefinition> {
    let environment = source.environment().iter();
    let secrets = source.secrets().iter();
    let ports = source.port_mappings().iter();
    Some(ContainerDefinition {
        name: printable(source.name()?),
        image: text_or_empty(source.image()),
        // ECS takes a container as essential unless it is told otherwise.
        essential: source.essential().unwrap_or(true),
        cpu: source.cpu(),
        memory: source.memory(),
        memory_reservation: source.memory_reservation(),
        environment: environment
            .filter_map(|pair| Some((printable(pair.name()?), text_or_empty(pair.value()))))
            .collect(),
        secrets: secrets
            .map(|secret| (printable(secret.name()), printable(secret.value_from())))
            .collect::<BTreeMap<_, _>>(),
        ports: ports
            .filter_map(|port| u16::try_from(port.container_port()?).ok())
            .collect(),
        command: source
            .command()
            .iter()
            .map(|word| printable(word))
            .collect(),
        health_check: source.health_check().is_some(),
        logs: source
            .log_configuration()
            .map_or(LogDestination::None, log_destination),
    })
}

fn log_destination(source: &LogConfiguration) -> LogDestination {
    let driver = source.log_driver().as_str();
    if driver != "awslogs" {
        return LogDestination::OtherDriver(printable(driver));
    }
    let option = |name: &str| option(source.options(), name);
    match (option("awslogs-group"), option("awslogs-stream-prefix")) {
        (Some(group), Some(prefix)) => LogDestination::CloudWatch {
            group,
            region: option("awslogs-region"),
            prefix,
            may_drop: option("mode").as_deref() == Some("non-blocking"),
        },
        (Some(group), None) => LogDestination::NoPrefix { group },
        (None, _) => LogDestination::OtherDriver("awslogs without awslogs-group".into()),
    }
}

fn option(options: Option<&HashMap<String, String>>, name: &str) -> Option<String> {
    text(options?.get(name).map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::{HealthCheck, KeyValuePair, LogDriver, PortMapping, Secret};

    fn logs(driver: &str, options: &[(&str, &str)]) -> LogDestination {
        let options = options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let source = LogConfiguration::builder()
            .log_driver(LogDriver::from(driver))
            .set_options(Some(options))
            .build()
            .unwrap();
        log_destination(&source)
    }

    #[test]
    fn log_options_tell_where_lines_go_or_why_not() {
        let whole = [
            ("awslogs-group", "/ecs/web"),
            ("awslogs-stream-prefix", "web"),
            ("awslogs-region", "eu-west-1"),
        ];
        assert_eq!(
            logs("awslogs", &whole),
            LogDestination::CloudWatch {
                group: "/ecs/web".into(),
                region: Some("eu-west-1".into()),
                prefix: "web".into(),
                may_drop: false,
            }
        );
        let drops = [whole.as_slice(), &[("mode", "non-blocking")]].concat();
        let LogDestination::CloudWatch { may_drop, .. } = logs("awslogs", &drops) else {
            unreachable!("the options are whole");
        };
        assert!(may_drop);
        assert_eq!(
            logs("awslogs", &[("awslogs-group", "/ecs/web")]),
            LogDestination::NoPrefix {
                group: "/ecs/web".into()
            }
        );
        assert_eq!(
            logs("awsfirelens", &whole),
            LogDestination::OtherDriver("awsfirelens".into())
        );
    }

    #[test]
    fn a_container_keeps_what_a_release_is_judged_by() {
        let container = SdkContainerDefinition::builder()
            .name("app")
            .image("web:2")
            .cpu(256)
            .environment(KeyValuePair::builder().name("RETRY").value("3").build())
            .secrets(
                Secret::builder()
                    .name("DB")
                    .value_from("arn:s")
                    .build()
                    .unwrap(),
            )
            .port_mappings(PortMapping::builder().container_port(8080).build())
            .health_check(HealthCheck::builder().command("CMD").build().unwrap())
            .build();
        let source = SdkTaskDefinition::builder()
            .task_definition_arn("arn:aws:ecs:eu-west-1:1:task-definition/web:2")
            .status(TaskDefinitionStatus::Active)
            .container_definitions(container)
            .build();
        let converted = task_definition(&source).unwrap();
        assert!(converted.is_active());
        let app = &converted.containers[0];
        assert!(app.essential && app.health_check);
        assert_eq!(app.environment["RETRY"], "3");
        assert_eq!(app.secrets["DB"], "arn:s");
        assert_eq!(app.ports, [8080]);
        assert_eq!(app.logs, LogDestination::None);
    }
}
