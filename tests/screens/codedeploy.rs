//! The screens of CodeDeploy: applications, groups, deployments, and one deployment.

use cutover::app::model::Model;
use cutover::app::msg::Data;
use cutover::app::screen::Screen;
use cutover::domain::codedeploy::{
    CodeDeployStatus, CodeDeployment, DeployedTaskSet, DeploymentGroup, DeploymentTarget,
    GroupDeployment, GroupId, LifecycleEvent, ReadyWait, TerminationWait, TrafficRouting,
};
use insta::assert_snapshot;

use crate::fixture::{before, fetch, go, press, type_in};
use crate::paint::text;
use crate::world::{answered, definition_arn, evening};

fn group(application: &str, name: &str, last: CodeDeployStatus, age: i64) -> DeploymentGroup {
    DeploymentGroup {
        id: GroupId {
            application: application.into(),
            group: name.into(),
        },
        cluster: Some("prod-edge".into()),
        service: Some(name.into()),
        configuration: Some("CodeDeployDefault.ECSCanary10Percent5Minutes".into()),
        last_attempted: Some(GroupDeployment {
            id: "d-GREEN".into(),
            status: last,
            created_at: Some(before(age)),
            finished_at: None,
        }),
        last_successful: None,
        ready: None,
        termination: None,
        rolls_back_on_failure: true,
        rolls_back_on_alarm: true,
        alarms: vec!["gateway-5xx".into()],
    }
}

fn deployment(id: &str, status: CodeDeployStatus, age: i64, took: Option<i64>) -> CodeDeployment {
    CodeDeployment {
        id: id.into(),
        group: GroupId {
            application: "edge".into(),
            group: "gateway".into(),
        },
        status,
        configuration: Some("CodeDeployDefault.ECSCanary10Percent5Minutes".into()),
        routing: Some(TrafficRouting::Canary {
            percent: 10,
            minutes: 5,
        }),
        created_at: Some(before(age)),
        started_at: Some(before(age)),
        finished_at: took.map(|took| before(age - took)),
        creator: Some("user".into()),
        description: None,
        error: None,
        rolled_back_by: None,
        rolls_back: None,
        rollback_message: None,
        rolls_back_on_failure: true,
        rolls_back_on_alarm: true,
        ready: Some(ReadyWait {
            continues: false,
            minutes: 60,
        }),
        termination: Some(TerminationWait {
            terminates: true,
            minutes: 30,
        }),
        termination_wait_started: false,
        alarms: vec!["gateway-5xx".into()],
        task_definition: Some(definition_arn("gateway", 118)),
        production_listeners: Vec::new(),
        test_listeners: Vec::new(),
        target: None,
    }
}

/// The target of one that failed in a hook.
fn target() -> DeploymentTarget {
    let event = |name: &str, status: &str, began: i64, took: i64| LifecycleEvent {
        name: name.into(),
        status: status.into(),
        started_at: (began > 0).then(|| before(began)),
        finished_at: (took > 0).then(|| before(began - took)),
        diagnostics: (status == "Failed")
            .then(|| "Lambda smoke-test answered Failed: 3 of 20 checkouts were refused".into()),
    };
    let set = |green, running, percent| DeployedTaskSet {
        green,
        id: Some(format!("ecs-svc/{}", if green { 2222 } else { 1111 })),
        status: Some(if green { "ACTIVE" } else { "PRIMARY" }.into()),
        desired: 6,
        pending: 0,
        running,
        traffic_percent: Some(percent),
        target_group: Some(if green { "gateway-b" } else { "gateway-a" }.into()),
    };
    DeploymentTarget {
        id: "prod-edge:gateway".into(),
        status: "Failed".into(),
        events: vec![
            event("BeforeInstall", "Succeeded", 900, 2),
            event("Install", "Succeeded", 898, 190),
            event("AllowTestTraffic", "Succeeded", 708, 3),
            event("AfterAllowTestTraffic", "Failed", 705, 41),
            event("BeforeAllowTraffic", "Skipped", 0, 0),
            event("AllowTraffic", "Pending", 0, 0),
            event("AfterAllowTraffic", "Sleeping", 0, 0),
        ],
        task_sets: vec![set(false, 6, 100.0), set(true, 6, 0.0)],
    }
}

/// At home, with what CodeDeploy told.
fn known() -> Model {
    let mut model = evening();
    let names = ["edge", "back-office", "unread"].map(str::to_owned);
    fetch(&mut model, Data::Applications(names.to_vec()));
    let application = "edge".to_owned();
    let groups = vec![
        group("edge", "gateway", CodeDeployStatus::InProgress, 300),
        group("edge", "images", CodeDeployStatus::Failed, 9_000),
    ];
    fetch(
        &mut model,
        Data::Groups {
            application,
            groups,
        },
    );
    let application = "back-office".to_owned();
    let groups = vec![group(
        "back-office",
        "invoices",
        CodeDeployStatus::Succeeded,
        90_000,
    )];
    fetch(
        &mut model,
        Data::Groups {
            application,
            groups,
        },
    );
    let failed = CodeDeployment {
        error: Some((
            "HEALTH_CONSTRAINTS".into(),
            "a lifecycle hook failed".into(),
        )),
        rolled_back_by: Some("d-BACK".into()),
        rollback_message: Some("The deployment was rolled back by d-BACK".into()),
        target: Some(target()),
        ..deployment("d-HOOK", CodeDeployStatus::Failed, 900, Some(240))
    };
    let back = CodeDeployment {
        creator: Some("codeDeployRollback".into()),
        rolls_back: Some("d-HOOK".into()),
        task_definition: Some(definition_arn("gateway", 117)),
        ..deployment("d-BACK", CodeDeployStatus::Succeeded, 660, Some(60))
    };
    let deployments = vec![
        deployment("d-GREEN", CodeDeployStatus::Ready, 300, None),
        back,
        failed,
        CodeDeployment {
            description: Some("release 2026-11".into()),
            ..deployment("d-OLDER0X1Z", CodeDeployStatus::Stopped, 90_000, Some(500))
        },
        deployment(
            "d-ODD",
            CodeDeployStatus::Unknown("Pondering".into()),
            95_000,
            None,
        ),
    ];
    let group = GroupId {
        application: "edge".into(),
        group: "gateway".into(),
    };
    fetch(&mut model, Data::GroupDeployments { group, deployments });
    answered(&mut model);
    model
}

/// Goes down by one name after the other.
fn down(names: &[&str]) -> Model {
    let mut model = known();
    go(&mut model, "codedeploy");
    answered(&mut model);
    for name in names {
        let rows = &model.navigation.current().list.rows;
        let row = rows
            .iter()
            .position(|row| format!("{row:?}").contains(&format!("\"{name}\"")))
            .unwrap();
        model.navigation.current_mut().list.move_to(row);
        press(&mut model, &["enter"]);
        answered(&mut model);
    }
    model
}

#[test]
fn applications() {
    let mut model = known();
    go(&mut model, "codedeploy");
    assert_snapshot!("applications_120", text(&model, 120, 16));
    assert_snapshot!("applications_80", text(&model, 80, 16));
}

#[test]
fn groups() {
    let model = down(&["edge"]);
    assert_snapshot!("groups_120", text(&model, 120, 16));
    assert_snapshot!("groups_80", text(&model, 80, 16));
}

#[test]
fn deployments() {
    let model = down(&["edge", "gateway"]);
    assert_snapshot!("deployments_200", text(&model, 200, 16));
    assert_snapshot!("deployments_120", text(&model, 120, 16));
    assert_snapshot!("deployments_80", text(&model, 80, 16));
}

#[test]
fn one_deployment() {
    let model = down(&["edge", "gateway", "d-HOOK"]);
    assert_snapshot!("deployment_120", text(&model, 120, 40));
    assert_snapshot!("deployment_80", text(&model, 80, 24));
}

#[test]
fn nothing_is_there() {
    let mut model = evening();
    go(&mut model, "codedeploy");
    assert!(text(&model, 80, 16).contains("asking AWS"));
    answered(&mut model);
    assert_snapshot!("nothing", text(&model, 80, 16));
}

#[test]
fn a_filter_and_an_order_hold_here_too() {
    let mut model = down(&["edge", "gateway"]);
    press(&mut model, &["/"]);
    type_in(&mut model, "rolls");
    press(&mut model, &["enter"]);
    assert_eq!(model.navigation.current().list.rows.len(), 1);
    press(&mut model, &["esc", "o", "o"]);
    let screen = text(&model, 120, 16);
    assert!(screen.contains("▲DEPLOYMENT"), "{screen}");
    let place = |name: &str| screen.find(name).unwrap();
    assert!(place("d-BACK") < place("d-GREEN") && place("d-GREEN") < place("d-OLDER"));
}

#[test]
fn from_a_deployment_to_the_release_of_its_service_and_back() {
    let mut model = down(&["edge", "gateway", "d-GREEN"]);
    assert_eq!(
        model.navigation.current().screen.name(),
        "deployment",
        "a deployment without events has its screen"
    );
    press(&mut model, &["esc"]);
    let mut model = down(&["edge", "gateway", "d-HOOK"]);
    press(&mut model, &["enter"]);
    let screen = &model.navigation.current().screen;
    assert!(
        matches!(screen, Screen::Release { service, .. } if service.id.name() == "gateway"),
        "{screen:?}"
    );
    let names =
        |model: &Model| -> Vec<&str> { model.navigation.trail().map(Screen::name).collect() };
    assert_eq!(
        names(&model),
        [
            "releases",
            "codedeploy",
            "groups",
            "deployments",
            "deployment",
            "release"
        ]
    );
    press(&mut model, &["esc", "esc", "esc"]);
    assert_eq!(names(&model), ["releases", "codedeploy", "groups"]);
}
