//! `ListTasks`, `DescribeTasks`, `StopTask`.

use serde_json::{Value, json};

use super::lookup::{self, failure, includes};
use super::page::{Order, page};
use super::show;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::arn::is_arn;
use crate::sim::world::task::{Stop, StopCode};

/// Tasks that one `DescribeTasks` may name.
const MOST: usize = 100;

/// `ListTasks`: the tasks that are meant to run, unless `desiredStatus` is STOPPED.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let ecs = &region.ecs;
    let cluster = lookup::cluster(ecs, input)?;
    let (family, started_by) = (input.string("family")?, input.string("startedBy")?);
    let service = match input.string("serviceName")? {
        Some(name) => Some(lookup::live_service(ecs, cluster, name)?.number),
        None => None,
    };
    check_filters(input)?;
    let status = input.word("desiredStatus", &["RUNNING", "PENDING", "STOPPED"])?;
    // ECS sets the desired status PENDING on no task, so that asking for it lists none.
    let wanted = match status {
        None | Some("RUNNING") => Some(true),
        Some("STOPPED") => Some(false),
        Some(_) => None,
    };
    let launch_types = ["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"];
    let launch_type = input.word("launchType", &launch_types)?;
    let instance = input.string("containerInstance")?.is_some();
    let instance = input.string("daemonName")?.is_some() || instance;
    let tasks = cluster
        .tasks
        .iter()
        .filter_map(|number| ecs.tasks.get(number))
        .filter(|task| Some(task.wanted) == wanted && !instance)
        .filter(|task| family.is_none_or(|family| task.definition.family == family))
        .filter(|task| started_by.is_none_or(|started_by| task.started_by == started_by))
        .filter(|task| service.is_none_or(|service| task.service == service))
        .filter(|task| {
            let members = ecs.services.get(&task.service).map(|one| &one.members);
            let own = members
                .and_then(|members| members.get("launchType"))
                .and_then(Value::as_str);
            launch_type.is_none_or(|wanted| own == Some(wanted))
        })
        .map(|task| (format!("{:010}", task.number.0), json!(task.arn)));
    page(input, "taskArns", 100, Order::Ascending, tasks)
}

fn check_filters(input: Input<'_>) -> Result<(), ApiError> {
    if input.has("family") && input.has("serviceName") {
        return Err(ApiError::invalid_parameter(
            "family and serviceName cannot be specified at the same time.",
        ));
    }
    let others = ["family", "serviceName", "containerInstance", "launchType"];
    if input.has("startedBy") && others.iter().any(|name| input.has(name)) {
        return Err(ApiError::invalid_parameter(
            "startedBy cannot be specified with other filters.",
        ));
    }
    Ok(())
}

/// `DescribeTasks`.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let ecs = &region.ecs;
    let cluster = lookup::cluster(ecs, input)?;
    let names = lookup::names(input, "tasks", "Tasks", MOST)?;
    let with_tags = includes(input, "TAGS", &["TAGS"])?;
    let (mut tasks, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        match ecs.task_in(cluster, name) {
            Some(task) => tasks.push(show::task::task(ecs, task, with_tags)),
            None if is_arn(name) => failures.push(failure(name)),
            None => failures.push(failure(&ecs.place.task(&cluster.name, name))),
        }
    }
    Ok(json!({"tasks": tasks, "failures": failures}))
}

/// `StopTask`: a task that is stopping or stopped already stays as it is.
pub fn stop(region: &mut Region, input: Input<'_>) -> Answer {
    let cluster = lookup::cluster(&region.ecs, input)?;
    let name = input.required_string("task")?;
    let reason = input
        .string("reason")?
        .unwrap_or("Task stopped by user")
        .to_owned();
    let number = region
        .ecs
        .task_in(cluster, name)
        .map(|task| task.number)
        .ok_or_else(|| ApiError::invalid_parameter("The referenced task was not found."))?;
    region.stop_task(
        number,
        Stop {
            code: StopCode::UserInitiated,
            reason,
        },
    );
    let ecs = &region.ecs;
    let task = ecs
        .tasks
        .get(&number)
        .map(|task| show::task::task(ecs, task, true));
    Ok(json!({"task": task}))
}
