//! Tasks and their containers.

use serde_json::{Map, Value, json};

use super::release::digest;
use super::{object, put_members, put_time};
use crate::sim::api::ecs::lookup;
use crate::sim::world::behaviour::Behaviour;
use crate::sim::world::ecs::Ecs;
use crate::sim::world::task::{Container, ContainerStatus, Interface, Task, TaskStatus};
use crate::sim::world::task_definition::ContainerSpec;

/// The Fargate platform version that LATEST means.
const LATEST_PLATFORM: &str = "1.4.0";

/// A task, with its tags if they were asked for.
pub fn task(ecs: &Ecs, task: &Task, with_tags: bool) -> Value {
    let cluster = ecs.clusters.get(&task.cluster);
    let service = ecs.services.get(&task.service);
    let mut shown = object(json!({
        "attachments": attachments(task),
        "attributes": [{"name": "ecs.cpu-architecture", "value": "x86_64"}],
        "availabilityZone": task.zone,
        "clusterArn": cluster.map(|one| one.arn.as_str()),
        "containers": containers(task),
        "desiredStatus": if task.wanted { "RUNNING" } else { "STOPPED" },
        "enableExecuteCommand": false,
        "healthStatus": task.health().word(),
        "inferenceAccelerators": [],
        "lastStatus": task.status.word(),
        "overrides": overrides(task),
        "startedBy": task.started_by,
        "tags": if with_tags { task.tags.as_slice() } else { &[] },
        "taskArn": task.arn,
        "taskDefinitionArn": task.definition.arn,
        "version": task.version,
    }));
    if let Some(service) = service {
        shown.insert(
            "group".to_owned(),
            json!(format!("service:{}", service.name)),
        );
        put_members(&mut shown, &service.members, &["enableExecuteCommand"]);
        if let Some(revision) = service.revision(task.revision) {
            put_platform(&mut shown, &revision.members);
        }
    }
    put_members(
        &mut shown,
        &task.definition.members,
        &["cpu", "memory", "ephemeralStorage"],
    );
    put_moments(&mut shown, task);
    if let Some(stop) = &task.stop {
        shown.insert("stopCode".to_owned(), json!(stop.code.word()));
        shown.insert("stoppedReason".to_owned(), json!(stop.reason));
    }
    Value::Object(shown)
}

/// What a task runs on. A task has a platform version of its own, where a service may say LATEST.
fn put_platform(shown: &mut Map<String, Value>, revision: &Map<String, Value>) {
    put_members(
        shown,
        revision,
        &["launchType", "platformVersion", "platformFamily"],
    );
    if shown.get("platformVersion").and_then(Value::as_str) == Some("LATEST") {
        shown.insert("platformVersion".to_owned(), json!(LATEST_PLATFORM));
    }
    let provider = revision.get("capacityProviderStrategy");
    if let Some(name) = provider.and_then(|all| all.pointer("/0/capacityProvider")) {
        shown.insert("capacityProviderName".to_owned(), name.clone());
    }
}

fn put_moments(shown: &mut Map<String, Value>, task: &Task) {
    let times = task.times;
    if times.pull_started.is_some() {
        shown.insert("connectivity".to_owned(), json!("CONNECTED"));
        put_time(shown, "connectivityAt", times.pull_started);
    }
    for (name, at) in [
        ("createdAt", Some(times.created)),
        ("pullStartedAt", times.pull_started),
        ("pullStoppedAt", times.pull_stopped),
        ("startedAt", times.started),
        ("stoppingAt", times.stopping),
        ("executionStoppedAt", times.execution_stopped),
        ("stoppedAt", times.stopped),
    ] {
        put_time(shown, name, at);
    }
}

fn attachments(task: &Task) -> Value {
    let Some(interface) = &task.interface else {
        return json!([]);
    };
    let status = match task.status {
        TaskStatus::Provisioning => "PRECREATED",
        TaskStatus::Pending => "ATTACHING",
        TaskStatus::Stopped => "DELETED",
        _ => "ATTACHED",
    };
    json!([{
        "id": interface.attachment,
        "type": "ElasticNetworkInterface",
        "status": status,
        "details": [
            {"name": "subnetId", "value": interface.subnet},
            {"name": "networkInterfaceId", "value": interface.id},
            {"name": "macAddress", "value": interface.mac},
            {"name": "privateIPv4Address", "value": interface.address},
        ],
    }])
}

fn overrides(task: &Task) -> Value {
    let containers: Vec<Value> = task
        .definition
        .containers
        .iter()
        .map(|one| json!({"name": one.name}))
        .collect();
    json!({"containerOverrides": containers, "inferenceAcceleratorOverrides": []})
}

fn containers(task: &Task) -> Value {
    task.definition
        .containers
        .iter()
        .zip(&task.containers)
        .map(|(spec, one)| container(task, spec, one))
        .collect()
}

fn container(task: &Task, spec: &ContainerSpec, container: &Container) -> Value {
    let arn = task.arn.replace(":task/", ":container/");
    let mut shown = object(json!({
        "containerArn": format!("{arn}/{}", container.id),
        "taskArn": task.arn,
        "name": spec.name,
        "image": spec.image,
        "lastStatus": container.status.word(),
        "networkBindings": [],
        "networkInterfaces": interfaces(task.interface.as_ref()),
        "healthStatus": container.health.word(),
    }));
    let pulled = task.times.pull_stopped.is_some() && container.rule.behaviour != Behaviour::NoPull;
    if pulled {
        shown.insert("imageDigest".to_owned(), json!(digest(&spec.image)));
    }
    if container.status != ContainerStatus::Pending && task.times.started.is_some() {
        let number = container.id.replace('-', "");
        shown.insert(
            "runtimeId".to_owned(),
            json!(format!("{}-{number}", task.id)),
        );
    }
    if let Some(code) = container.exit_code {
        shown.insert("exitCode".to_owned(), json!(code));
    }
    if let Some(reason) = &container.reason {
        shown.insert("reason".to_owned(), json!(reason));
    }
    put_sizes(&mut shown, task, &spec.name);
    Value::Object(shown)
}

fn interfaces(interface: Option<&Interface>) -> Value {
    interface
        .iter()
        .map(|one| json!({"attachmentId": one.attachment, "privateIpv4Address": one.address}))
        .collect()
}

/// The sizes of a container, which the task shows as strings.
fn put_sizes(shown: &mut Map<String, Value>, task: &Task, name: &str) {
    let given = lookup::container_members(&task.definition, name);
    for size in ["cpu", "memory", "memoryReservation"] {
        if let Some(value) = given.and_then(|members| members.get(size)) {
            shown.insert(size.to_owned(), json!(value.to_string()));
        }
    }
}
