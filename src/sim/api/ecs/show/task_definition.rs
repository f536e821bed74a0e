//! Task definitions.

use serde_json::{Value, json};

use super::{object, put_time};
use crate::sim::world::arn::Place;
use crate::sim::world::task_definition::TaskDefinition;

/// A revision of a task definition.
pub fn task_definition(place: &Place, definition: &TaskDefinition) -> Value {
    let mut shown = object(json!({
        "taskDefinitionArn": definition.arn,
        "family": definition.family,
        "revision": definition.revision,
        "status": if definition.is_active() { "ACTIVE" } else { "INACTIVE" },
        "requiresAttributes": requires_attributes(definition),
        "compatibilities": compatibilities(definition),
        "registeredBy": format!("arn:aws:iam::{}:user/deploy", place.account),
    }));
    for (name, value) in &definition.members {
        shown.entry(name.clone()).or_insert_with(|| value.clone());
    }
    put_time(&mut shown, "registeredAt", Some(definition.registered_at));
    put_time(&mut shown, "deregisteredAt", definition.deregistered_at);
    Value::Object(shown)
}

/// Where it can run: everywhere on EC2, and on Fargate when it has what Fargate needs.
fn compatibilities(definition: &TaskDefinition) -> Value {
    let fargate = definition.text("networkMode") == Some("awsvpc")
        && definition.members.contains_key("cpu")
        && definition.members.contains_key("memory");
    if fargate {
        json!(["EC2", "FARGATE"])
    } else {
        json!(["EC2"])
    }
}

fn requires_attributes(definition: &TaskDefinition) -> Value {
    let mut names = Vec::new();
    if definition.containers.iter().any(|one| one.logs.is_some()) {
        names.push("com.amazonaws.ecs.capability.logging-driver.awslogs");
    }
    if definition.text("networkMode") == Some("awsvpc") {
        names.push("ecs.capability.task-eni");
    }
    if definition
        .containers
        .iter()
        .any(|one| one.health_check.is_some())
    {
        names.push("ecs.capability.container-health-check");
    }
    names.iter().map(|name| json!({"name": name})).collect()
}
