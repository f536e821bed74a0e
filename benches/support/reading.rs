//! The logs screen of a service in the middle of a release: ten tasks of the old revision write, and
//! ten of the new one.

use std::collections::BTreeMap;
use std::sync::Arc;

use cutover::app::feed::{FeedEvent, FeedMode, FeedState, log_feed};
use cutover::app::model::Model;
use cutover::app::msg::{Data, Msg};
use cutover::app::update::{settle, update};
use cutover::domain::arn::{TaskArn, TaskDefinitionArn};
use cutover::domain::logs::StreamName;
use cutover::domain::task::Task;
use cutover::domain::task_definition::{ContainerDefinition, LogDestination, TaskDefinition};
use jiff::SignedDuration;

use super::fleet::{self, Moving};
use super::lines::{self, GROUP, STREAMS};

/// Lines that are told at once while the screen is filled.
const PORTION: usize = 1_000;

/// A logs screen with so many lines, as it follows. `press` types a key.
pub fn with_lines(count: usize, mut press: impl FnMut(&mut Model, &str)) -> Model {
    let mut model = fleet::model();
    let moving = fleet::moving();
    press(&mut model, "/");
    for letter in moving.name.chars() {
        press(&mut model, &letter.to_string());
    }
    press(&mut model, "enter");
    press(&mut model, "l");
    know_the_tasks(&mut model, &moving);
    let live = FeedState {
        mode: FeedMode::Live {
            since: fleet::now(),
        },
        ..FeedState::default()
    };
    tell(&mut model, FeedEvent::State(live));
    let streams = lines::streams();
    for begin in (0..count).step_by(PORTION) {
        write(&mut model, &streams, begin, PORTION.min(count - begin));
    }
    let held = model.log_buffer.as_ref().unwrap();
    assert_eq!((held.len(), held.dropped()), (count, 0));
    assert!(held.has_sides());
    model
}

/// Tells lines with the numbers from one on.
pub fn write(model: &mut Model, streams: &[Arc<StreamName>], first: usize, count: usize) {
    let lines = (first..first + count).map(|number| lines::line(number, streams, false));
    tell(model, FeedEvent::Lines(lines.collect()));
}

fn tell(model: &mut Model, event: FeedEvent) {
    let feed = log_feed(model).unwrap();
    let message = Msg::Feed {
        context: feed.context,
        epoch: feed.epoch,
        event,
    };
    update(model, fleet::now(), message);
    while !settle(model).is_empty() {}
}

fn know_the_tasks(model: &mut Model, moving: &Moving) {
    for definition in &moving.definitions {
        fleet::take(model, Data::TaskDefinition(Box::new(described(definition))));
    }
    let tasks = (0..STREAMS).map(|number| task(number, moving));
    let data = Data::Tasks {
        cluster: moving.cluster.clone(),
        service: Some(moving.service.clone()),
        stopped: false,
        tasks: tasks.collect(),
    };
    fleet::take(model, data);
    settle(model);
}

/// Of two tasks one is of the old revision.
fn task(number: usize, moving: &Moving) -> Task {
    let side = number % 2;
    let started = fleet::now() - SignedDuration::from_secs(if side == 0 { 80 } else { 7_200 });
    let id = lines::task(number);
    Task {
        arn: TaskArn::new(format!(
            "arn:aws:ecs:us-east-1:123456789012:task/{}/{id}",
            moving.cluster.name()
        )),
        cluster: moving.cluster.clone(),
        group: Some(format!("service:{}", moving.name)),
        task_definition: moving.definitions[side].clone(),
        last_status: "RUNNING".into(),
        desired_status: "RUNNING".into(),
        health: Some("HEALTHY".into()),
        started_by: Some(moving.deployments[side].to_string()),
        containers: Vec::new(),
        created_at: Some(started),
        started_at: Some(started),
        stopping_at: None,
        stopped_at: None,
        stopped_reason: None,
        stop_code: None,
        launch_type: Some("FARGATE".into()),
        availability_zone: Some("us-east-1a".into()),
        cpu: Some("256".into()),
        memory: Some("512".into()),
    }
}

fn described(arn: &TaskDefinitionArn) -> TaskDefinition {
    TaskDefinition {
        arn: arn.clone(),
        status: "ACTIVE".into(),
        cpu: Some("256".into()),
        memory: Some("512".into()),
        network_mode: Some("awsvpc".into()),
        task_role: None,
        execution_role: None,
        containers: vec![ContainerDefinition {
            name: "app".into(),
            image: "shop:1".into(),
            essential: true,
            cpu: 256,
            memory: Some(512),
            memory_reservation: None,
            environment: BTreeMap::new(),
            secrets: BTreeMap::new(),
            ports: vec![8080],
            command: Vec::new(),
            health_check: true,
            logs: LogDestination::CloudWatch {
                group: GROUP.into(),
                region: None,
                prefix: "ecs".into(),
                may_drop: false,
            },
        }],
        registered_at: None,
        registered_by: None,
        deregistered_at: None,
    }
}
