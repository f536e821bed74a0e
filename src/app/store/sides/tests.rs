//! Late answers about the sides of releases, and what they do to the releases.

use std::collections::BTreeMap;

use crate::app::fixture::*;
use crate::app::model::Model;
use crate::app::msg::Data;
use crate::app::store::Store;
use crate::domain::alarm::{Alarm, AlarmState};
use crate::domain::arn::TargetGroupArn;
use crate::domain::codedeploy::{CodeDeployStatus, CodeDeployment, DeploymentTarget, GroupId};
use crate::domain::fixture::*;
use crate::domain::service::{Controller, Service, TaskSet};
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;
use crate::domain::traffic::{TargetHealth, Traffic, Weights};

fn alarm(name: &str, state: AlarmState) -> Alarm {
    Alarm {
        name: name.into(),
        state,
        since: None,
        reason: None,
    }
}

fn weights(blue: u32, green: u32) -> Traffic {
    let shares = vec![
        (TargetGroupArn::new("blue"), blue),
        (TargetGroupArn::new("green"), green),
    ];
    Traffic {
        weights: BTreeMap::from([("rule".to_owned(), Weights(shares))]),
        health: BTreeMap::from([(TargetGroupArn::new("green"), TargetHealth::default())]),
        groups: BTreeMap::from([("green".to_owned(), TargetGroupArn::new("green"))]),
        behind: BTreeMap::from([(TargetGroupArn::new("green"), vec!["rule".to_owned()])]),
    }
}

fn traffic(model: &mut Model, asked: i64, traffic: Traffic, gone: &[&str]) {
    let gone = gone.iter().map(|arn| (*arn).to_owned()).collect();
    tell(model, asked, Data::Traffic { traffic, gone });
}

fn deployed(id: &str, status: CodeDeployStatus) -> CodeDeployment {
    CodeDeployment {
        id: id.into(),
        group: GroupId {
            application: "shop".into(),
            group: "web".into(),
        },
        status,
        configuration: None,
        routing: None,
        created_at: Some(at(OPENED)),
        started_at: None,
        finished_at: None,
        creator: None,
        description: None,
        error: None,
        rolled_back_by: None,
        rolls_back: None,
        rollback_message: None,
        rolls_back_on_failure: false,
        rolls_back_on_alarm: false,
        ready: None,
        termination: None,
        termination_wait_started: false,
        alarms: Vec::new(),
        task_definition: None,
        production_listeners: Vec::new(),
        test_listeners: Vec::new(),
        target: None,
    }
}

fn by_codedeploy(ids: &[&str]) -> Service {
    let mut service = called("web", Vec::new());
    service.controller = Controller::CodeDeploy;
    service.task_sets = ids
        .iter()
        .map(|id| TaskSet {
            external_id: Some((*id).to_owned()),
            target_group: Some(TargetGroupArn::new(format!(
                "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/{id}/1"
            ))),
            ..task_set(id, "ACTIVE", 1, OPENED)
        })
        .collect();
    service
}

fn ids(store: &Store) -> Vec<String> {
    let deployments = store.code_deployments_for(&service_arn("web"));
    deployments.into_iter().map(|one| one.id).collect()
}

#[test]
fn older_weights_and_states_never_replace_newer_ones() {
    let mut model = watching();
    traffic(&mut model, OPENED + 9, weights(10, 90), &[]);
    traffic(&mut model, OPENED + 3, weights(90, 10), &[]);
    traffic(
        &mut model,
        OPENED + 4,
        Traffic::default(),
        &["rule", "green"],
    );
    let green = TargetGroupArn::new("green");
    let known = &store(&model).traffic;
    assert_eq!(known.weights["rule"].percent(&green), Some(90.0));
    assert_eq!(known.health.len(), 1);
    let told = |model: &mut Model, asked, state| {
        let alarms = vec![alarm("errors", state)];
        let gone = Vec::new();
        tell(model, asked, Data::Alarms { alarms, gone });
    };
    told(&mut model, OPENED + 9, AlarmState::Alarm);
    told(&mut model, OPENED + 3, AlarmState::Ok);
    assert_eq!(store(&model).alarms["errors"].state, AlarmState::Alarm);
}

#[test]
fn what_is_gone_is_forgotten() {
    let mut model = watching();
    traffic(&mut model, OPENED, weights(10, 90), &[]);
    traffic(
        &mut model,
        OPENED + 1,
        Traffic::default(),
        &["rule", "green"],
    );
    assert_eq!(store(&model).traffic, Traffic::default());
    let alarms = vec![alarm("errors", AlarmState::Ok)];
    let gone = Vec::new();
    tell(&mut model, OPENED, Data::Alarms { alarms, gone });
    let gone = vec!["errors".to_owned()];
    let alarms = Vec::new();
    tell(&mut model, OPENED + 1, Data::Alarms { alarms, gone });
    assert!(store(&model).alarms.is_empty());
}

#[test]
fn the_deployments_of_a_service_are_those_of_its_task_sets_and_what_rolls_them_back() {
    let mut model = cockpit(vec![by_codedeploy(&["d-OLD", "d-NEW"])]);
    let mut stopped = deployed("d-NEW", CodeDeployStatus::Stopped);
    stopped.rolled_back_by = Some("d-BACK".into());
    let elsewhere = deployed("d-ELSE", CodeDeployStatus::InProgress);
    tell(
        &mut model,
        OPENED,
        Data::CodeDeployments(vec![stopped, elsewhere]),
    );
    assert_eq!(ids(store(&model)), ["d-NEW"]);
    let mut back = deployed("d-BACK", CodeDeployStatus::InProgress);
    back.rolls_back = Some("d-NEW".into());
    tell(&mut model, OPENED + 1, Data::CodeDeployments(vec![back]));
    assert_eq!(ids(store(&model)), ["d-BACK", "d-NEW"]);
    let history = vec![deployed("d-FIRST", CodeDeployStatus::Succeeded)];
    let told = Data::CodeDeployHistory {
        service: service_arn("web"),
        deployments: history,
    };
    tell(&mut model, OPENED + 2, told);
    assert_eq!(ids(store(&model)), ["d-BACK", "d-FIRST", "d-NEW"]);
    lose(&mut model, OPENED + 3, &service_arn("web"));
    assert!(ids(store(&model)).is_empty());
}

#[test]
fn a_history_takes_no_target_away() {
    let mut model = cockpit(vec![by_codedeploy(&["d-NEW"])]);
    let mut whole = deployed("d-NEW", CodeDeployStatus::InProgress);
    whole.target = Some(DeploymentTarget::default());
    tell(&mut model, OPENED, Data::CodeDeployments(vec![whole]));
    let told = Data::CodeDeployHistory {
        service: service_arn("web"),
        deployments: vec![deployed("d-NEW", CodeDeployStatus::Succeeded)],
    };
    tell(&mut model, OPENED + 1, told);
    let known = store(&model).code_deployment("d-NEW").unwrap();
    assert_eq!(known.status, CodeDeployStatus::Succeeded);
    assert!(known.target.is_some());
}

#[test]
fn a_task_set_tells_the_arn_behind_a_target_groups_name() {
    let model = cockpit(vec![by_codedeploy(&["green"])]);
    let arn = &store(&model).traffic.groups["green"];
    assert_eq!(arn.target_group_name(), Some("green"));
}

#[test]
fn lists_of_codedeploy_are_those_of_the_newest_answer() {
    let mut model = cockpit(Vec::new());
    let listed =
        |names: &[&str]| Data::Applications(names.iter().map(|name| (*name).to_owned()).collect());
    tell(&mut model, OPENED + 2, listed(&["shop", "web"]));
    tell(&mut model, OPENED + 1, listed(&["old"]));
    let names: Vec<&String> = store(&model).applications.keys().collect();
    assert_eq!(names, ["shop", "web"]);
    let group = GroupId {
        application: "shop".into(),
        group: "web".into(),
    };
    let told = |ids: &[&str]| Data::GroupDeployments {
        group: group.clone(),
        deployments: ids
            .iter()
            .map(|id| deployed(id, CodeDeployStatus::Succeeded))
            .collect(),
    };
    tell(&mut model, OPENED + 2, told(&["d-2", "d-1"]));
    tell(&mut model, OPENED + 1, told(&["d-1"]));
    assert_eq!(store(&model).group_deployments[&group], ["d-2", "d-1"]);
}

#[test]
fn a_stage_is_remembered_from_when_it_was_seen_first() {
    let mut model = watching();
    assert_eq!(store(&model).observed.len(), 1, "the one in flight");
    records(
        &mut model,
        OPENED + 5,
        vec![record("c", Record::InProgress, 1, 2, 1_500)],
    );
    assert_eq!(store(&model).observed.len(), 1, "the other is forgotten");
    lose(&mut model, OPENED + 6, &service_arn("web"));
    assert!(store(&model).observed.is_empty());
}

#[test]
fn a_deployment_that_was_begun_from_here_is_the_services_before_a_task_set_names_it() {
    let mut model = cockpit(vec![by_codedeploy(&["d-OLD"])]);
    let made = |model: &mut Model| {
        let read = vec![deployed("d-NEW", CodeDeployStatus::Created)];
        tell(model, OPENED + 1, Data::CodeDeployments(read));
    };
    made(&mut model);
    assert!(ids(store(&model)).is_empty(), "it could be any service's");
    let noted = model.store_mut(HERE).unwrap();
    noted.note_code_deployment(&service_arn("web"), "d-NEW".into());
    made(&mut model);
    assert_eq!(ids(store(&model)), ["d-NEW"]);
}
