//! Clusters, services, tasks, task definitions, history and what describes them.

use cutover::app::model::Model;
use cutover::app::msg::Data;
use insta::assert_snapshot;

use crate::fixture::{before, fetch, go, press, type_in};
use crate::paint::text;
use crate::world::{
    answered, cluster, crashed, definition_arn, evening, running, service_arn, task_definition,
};

fn at(name: &str) -> Model {
    let mut model = evening();
    go(&mut model, name);
    answered(&mut model);
    model
}

/// The tasks of `checkout`, three of them running.
fn tasks() -> Model {
    let mut model = evening();
    press(&mut model, &["/"]);
    type_in(&mut model, "checkout");
    press(&mut model, &["enter", "T"]);
    let ids = [
        ("0b1c2d3e4f5a6b7c", 500),
        ("1c2d3e4f5a6b7c8d", 90_000),
        ("2d3e4f5a6b7c8d9e", 60),
    ];
    let mut tasks: Vec<_> = ids
        .map(|(id, age)| running("prod-core", "checkout", id, age))
        .to_vec();
    tasks[1].health = Some("UNHEALTHY".into());
    tasks[2].last_status = "PENDING".into();
    tasks[2].health = None;
    fetch(
        &mut model,
        Data::Tasks {
            cluster: cluster("prod-core"),
            service: Some(service_arn("prod-core", "checkout")),
            stopped: false,
            tasks,
        },
    );
    answered(&mut model);
    model
}

#[test]
fn clusters() {
    assert_snapshot!(text(&at("clusters"), 120, 16));
}

#[test]
fn clusters_narrow() {
    assert_snapshot!(text(&at("clusters"), 40, 12));
}

#[test]
fn services() {
    assert_snapshot!(text(&at("services"), 120, 40));
}

#[test]
fn services_narrow() {
    assert_snapshot!(text(&at("services"), 80, 24));
}

#[test]
fn services_of_a_cluster() {
    let mut model = at("clusters");
    press(&mut model, &["enter"]);
    answered(&mut model);
    assert_snapshot!(text(&model, 120, 16));
}

#[test]
fn running_tasks() {
    assert_snapshot!(text(&tasks(), 120, 16));
}

#[test]
fn stopped_tasks() {
    let mut model = tasks();
    press(&mut model, &["x"]);
    answered(&mut model);
    assert_snapshot!(text(&model, 120, 16));
}

#[test]
fn stopped_tasks_narrow() {
    let mut model = tasks();
    press(&mut model, &["x"]);
    answered(&mut model);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn one_task() {
    let mut model = tasks();
    press(&mut model, &["x", "enter"]);
    let task = crashed("9a02c4d1e5f64b7a", 100);
    fetch(
        &mut model,
        Data::Task {
            arn: task.arn.clone(),
            task: Some(Box::new(task)),
        },
    );
    answered(&mut model);
    assert_snapshot!(text(&model, 120, 40));
}

#[test]
fn one_task_narrow() {
    let mut model = tasks();
    press(&mut model, &["enter"]);
    answered(&mut model);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn families() {
    let mut model = at("taskdefs");
    let families = ["checkout", "payments", "search", "注文サービス"];
    fetch(
        &mut model,
        Data::Families(families.map(String::from).to_vec()),
    );
    answered(&mut model);
    assert_snapshot!(text(&model, 80, 24));
}

/// The revisions of `checkout`, seen from the service.
fn revisions() -> Model {
    let mut model = evening();
    press(&mut model, &["/"]);
    type_in(&mut model, "checkout");
    press(&mut model, &["enter", "t"]);
    fetch(
        &mut model,
        Data::Revisions {
            family: "checkout".into(),
            revisions: (38..43)
                .rev()
                .map(|n| definition_arn("checkout", n))
                .collect(),
        },
    );
    let mut old = task_definition("checkout", 40, "checkout:0d1e2f3");
    old.status = "INACTIVE".into();
    old.deregistered_at = Some(before(4_000));
    fetch(&mut model, Data::TaskDefinition(Box::new(old)));
    answered(&mut model);
    press(&mut model, &["j"]);
    model
}

#[test]
fn revisions_of_a_family() {
    assert_snapshot!(text(&revisions(), 120, 16));
}

#[test]
fn describe_a_revision() {
    let mut model = revisions();
    press(&mut model, &["enter"]);
    answered(&mut model);
    assert_snapshot!(text(&model, 120, 40));
}

#[test]
fn history() {
    let mut model = evening();
    press(&mut model, &["/"]);
    type_in(&mut model, "checkout");
    press(&mut model, &["enter", "p"]);
    answered(&mut model);
    press(&mut model, &["j", "j"]);
    assert_snapshot!(text(&model, 120, 16));
}

#[test]
fn history_narrow() {
    let mut model = evening();
    press(&mut model, &["/"]);
    type_in(&mut model, "checkout");
    press(&mut model, &["enter", "p"]);
    answered(&mut model);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn describe_a_service() {
    let mut model = evening();
    press(&mut model, &["/"]);
    type_in(&mut model, "checkout");
    press(&mut model, &["enter", "d"]);
    answered(&mut model);
    assert_snapshot!(text(&model, 120, 40));
}

#[test]
fn describe_a_service_scrolled() {
    let mut model = evening();
    press(&mut model, &["/"]);
    type_in(&mut model, "checkout");
    press(&mut model, &["enter", "d", "pgdn"]);
    answered(&mut model);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn describe_a_cluster() {
    let mut model = at("clusters");
    press(&mut model, &["d"]);
    answered(&mut model);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn describe_a_task() {
    let mut model = tasks();
    press(&mut model, &["x", "d"]);
    let task = crashed("9a02c4d1e5f64b7a", 100);
    fetch(
        &mut model,
        Data::Task {
            arn: task.arn.clone(),
            task: Some(Box::new(task)),
        },
    );
    answered(&mut model);
    assert_snapshot!(text(&model, 120, 40));
}
