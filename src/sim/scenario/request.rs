//! The requests that put a service of a scenario into the world: the same as a client's.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::file::{BreakerEntry, ServiceEntry, SidecarEntry};
use super::logs::LogsEntry;
use super::shift;
use crate::sim::rng::Rng;
use crate::sim::world::arn::Place;
use crate::sim::world::ecs::fingerprint;
use crate::sim::world::elb::Stand;

/// The port on which every first container listens.
const PORT: u32 = 8080;

/// The input of `RegisterTaskDefinition` for a service.
pub fn task_definition(place: &Place, service: &ServiceEntry) -> Value {
    let own = SidecarEntry {
        name: service.name.clone(),
        image: service.image.clone(),
        essential: true,
        logs: service.logs.clone(),
    };
    let mut first = container(place, service, &own);
    if let Some(members) = first.as_object_mut() {
        members.insert("portMappings".to_owned(), json!([{"containerPort": PORT}]));
        let environment: Vec<Value> = service
            .environment
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        members.insert("environment".to_owned(), Value::Array(environment));
        if let Some(check) = service.health_check {
            let command = format!("curl -sf http://localhost:{PORT}/health || exit 1");
            let check = json!({
                "command": ["CMD-SHELL", command],
                "interval": check.interval,
                "retries": check.retries,
                "startPeriod": check.start_period,
            });
            members.insert("healthCheck".to_owned(), check);
        }
    }
    let sidecars = service
        .sidecar
        .iter()
        .map(|one| container(place, service, one));
    let containers: Vec<Value> = std::iter::once(first).chain(sidecars).collect();
    json!({
        "family": service.name,
        "networkMode": "awsvpc",
        "requiresCompatibilities": [launch_type(service)],
        "cpu": service.cpu.to_string(),
        "memory": service.memory.to_string(),
        "executionRoleArn": format!("arn:aws:iam::{}:role/ecsTaskExecutionRole", place.account),
        "containerDefinitions": containers,
    })
}

/// Fargate, unless a container logs in a way that Fargate does not take.
fn launch_type(service: &ServiceEntry) -> &'static str {
    let sidecars = service.sidecar.iter().map(|one| &one.logs);
    let mut logs = sidecars.chain([&service.logs]);
    if logs.all(LogsEntry::suits_fargate) {
        "FARGATE"
    } else {
        "EC2"
    }
}

fn container(place: &Place, service: &ServiceEntry, container: &SidecarEntry) -> Value {
    let group = format!("/ecs/{}/{}", service.cluster.get_ref(), service.name);
    json!({
        "name": container.name,
        "image": container.image,
        "essential": container.essential,
        "logConfiguration": container.logs.configuration(&place.region, &group),
    })
}

/// The input of `CreateService` for a service; `stand` is its load balancer, if it has one.
pub fn service(place: &Place, service: &ServiceEntry, stand: Option<&Stand>) -> Value {
    let cluster = service.cluster.get_ref();
    let mut ids = Rng::new(fingerprint(cluster));
    let network = json!({"awsvpcConfiguration": {
        "subnets": [format!("subnet-0{}", ids.hex(16)), format!("subnet-0{}", ids.hex(16))],
        "securityGroups": [format!("sg-0{}", ids.hex(16))],
        "assignPublicIp": "DISABLED",
    }});
    let mut members = Map::new();
    for (name, value) in [
        ("cluster", json!(cluster)),
        ("serviceName", json!(service.name)),
        ("taskDefinition", json!(service.name)),
        ("desiredCount", json!(service.desired)),
        ("launchType", json!(launch_type(service))),
        ("networkConfiguration", network),
        ("deploymentConfiguration", configuration(place, service)),
        ("enableECSManagedTags", json!(true)),
        ("propagateTags", json!("SERVICE")),
        ("tags", tags(&service.tags)),
    ] {
        members.insert(name.to_owned(), value);
    }
    if service.codedeploy.is_some() {
        let controller = json!({"type": "CODE_DEPLOY"});
        members.insert("deploymentController".to_owned(), controller);
    }
    if let Some(stand) = stand {
        let mut group = json!({
            "targetGroupArn": stand.blue,
            "containerName": service.name,
            "containerPort": PORT,
        });
        if let Some(members) = group.as_object_mut()
            && service.deployment.is_some()
        {
            let advanced = shift::advanced(place, stand);
            members.insert("advancedConfiguration".to_owned(), advanced);
        }
        members.insert("loadBalancers".to_owned(), json!([group]));
        members.insert("healthCheckGracePeriodSeconds".to_owned(), json!(10));
    }
    Value::Object(members)
}

fn configuration(place: &Place, service: &ServiceEntry) -> Value {
    let mut configuration = json!({
        "minimumHealthyPercent": service.minimum_healthy_percent,
        "maximumPercent": service.maximum_percent,
        "deploymentCircuitBreaker": breaker(service.breaker.as_ref()),
    });
    if let Some(members) = configuration.as_object_mut() {
        shift::configure(place, members, service);
    }
    configuration
}

fn breaker(entry: Option<&BreakerEntry>) -> Value {
    let Some(entry) = entry else {
        return json!({"enable": false, "rollback": false});
    };
    let threshold = match (&entry.threshold_type, entry.threshold) {
        (None, None) => Value::Null,
        (kind, value) => json!({"type": kind, "value": value}),
    };
    json!({
        "enable": true,
        "rollback": entry.rollback,
        "resetOnHealthyTask": entry.reset_on_healthy_task,
        "thresholdConfiguration": threshold,
    })
}

/// Tags as ECS takes them.
pub fn tags(tags: &BTreeMap<String, String>) -> Value {
    tags.iter()
        .map(|(key, value)| json!({"key": key, "value": value}))
        .collect()
}
