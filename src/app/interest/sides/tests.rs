//! What moves the sides of releases is asked for where there are such sides, and nowhere else.

use std::time::Duration;

use super::*;
use crate::app::fixture::*;
use crate::app::interest::{RECENT_SECONDS, subscriptions};
use crate::app::model::Model;
use crate::app::msg::Data;
use crate::app::query::Subscription;
use crate::domain::codedeploy::{
    CodeDeployStatus, DeployedTaskSet, DeploymentGroup, DeploymentTarget, GroupDeployment, GroupId,
};
use crate::domain::fixture::*;
use crate::domain::lifecycle::{AlarmsReading, ShiftSettings};
use crate::domain::service::TaskSet;
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;

fn group() -> GroupId {
    GroupId {
        application: "shop".into(),
        group: "web".into(),
    }
}

fn deployed(id: &str, status: CodeDeployStatus) -> CodeDeployment {
    let side = |green: bool, name: &str| DeployedTaskSet {
        green,
        id: None,
        status: None,
        desired: 2,
        pending: 0,
        running: 2,
        traffic_percent: Some(50.0),
        target_group: Some(name.into()),
    };
    CodeDeployment {
        id: id.into(),
        group: group(),
        status,
        configuration: None,
        routing: None,
        created_at: Some(at(OPENED - 60)),
        started_at: None,
        finished_at: None,
        creator: None,
        description: None,
        error: None,
        rolled_back_by: None,
        rolls_back: None,
        rollback_message: None,
        rolls_back_on_failure: true,
        rolls_back_on_alarm: false,
        ready: None,
        termination: None,
        termination_wait_started: false,
        alarms: vec!["errors".into()],
        task_definition: None,
        production_listeners: vec!["listener/443".into()],
        test_listeners: vec!["listener/8443".into()],
        target: Some(DeploymentTarget {
            task_sets: vec![side(false, "web-blue"), side(true, "web-green")],
            ..DeploymentTarget::default()
        }),
    }
}

fn set(id: &str, status: &str, revision: u32) -> TaskSet {
    TaskSet {
        external_id: Some(format!("d-{id}")),
        started_by: Some("CODE_DEPLOY".into()),
        ..task_set(id, status, revision, OPENED - 60)
    }
}

/// A service that CodeDeploy moves, with a task set for each name.
fn by_codedeploy(name: &str, sets: &[(&str, &str)]) -> Service {
    let mut service = called(name, Vec::new());
    service.controller = Controller::CodeDeploy;
    let sets = (1..).zip(sets);
    service.task_sets = sets.map(|(n, (id, status))| set(id, status, n)).collect();
    service
}

/// `web` in flight from `d-OLD` to `d-NEW`.
fn in_flight() -> Model {
    cockpit(vec![
        by_codedeploy("web", &[("OLD", "PRIMARY"), ("NEW", "ACTIVE")]),
        quiet("api"),
    ])
}

fn wanted(model: &Model, is: impl Fn(&Query) -> bool) -> Option<Subscription> {
    asked(&subscriptions(model), is).cloned()
}

fn codedeploy(query: &Query) -> bool {
    matches!(query, Query::CodeDeployments { targets: true, .. })
}

fn traffic(query: &Query) -> bool {
    matches!(query, Query::Traffic { .. })
}

fn alarms(query: &Query) -> bool {
    matches!(query, Query::Alarms(_))
}

fn history(query: &Query) -> bool {
    matches!(query, Query::CodeDeployHistory { .. })
}

fn seconds(subscription: Option<Subscription>) -> u64 {
    subscription.unwrap().pace.as_secs()
}

#[test]
fn rolling_releases_and_services_at_rest_ask_for_no_sides() {
    for mut model in [watching(), cockpit(vec![quiet("web")])] {
        for _screen in ["board", "release"] {
            let asked_for = |is: fn(&Query) -> bool| wanted(&model, is).is_some();
            assert!(!asked_for(codedeploy) && !asked_for(traffic) && !asked_for(alarms));
            press(&mut model, "enter");
        }
    }
}

#[test]
fn the_deployments_of_task_sets_are_asked_for_fast_on_the_release_and_slower_on_the_board() {
    let mut model = in_flight();
    let Query::CodeDeployments { ids, .. } = wanted(&model, codedeploy).unwrap().query else {
        panic!("no deployments")
    };
    assert_eq!(ids, ["d-NEW", "d-OLD"]);
    assert_eq!(seconds(wanted(&model, codedeploy)), 5);
    press(&mut model, "enter");
    assert_eq!(seconds(wanted(&model, codedeploy)), 2);
    let records = |query: &Query| matches!(query, Query::ServiceDeployments { .. });
    assert_eq!(wanted(&model, records), None, "ECS keeps none");
}

#[test]
fn many_services_that_codedeploy_moves_are_one_question() {
    let names: Vec<String> = (0..30).map(|n| format!("s{n:02}")).collect();
    let service = |name: &String| {
        let (old, new) = (format!("{name}-OLD"), format!("{name}-NEW"));
        by_codedeploy(name, &[(&old, "PRIMARY"), (&new, "ACTIVE")])
    };
    let model = cockpit(names.iter().map(service).collect());
    let all = subscriptions(&model);
    let questions: Vec<_> = all.iter().filter(|one| codedeploy(&one.query)).collect();
    assert_eq!(questions.len(), 1);
    // A call for 25 deployments and one for the target of each stay within the budget.
    assert_eq!(questions[0].pace, Duration::from_secs(63));
}

#[test]
fn a_task_set_that_changes_has_its_deployment_read_again_at_once() {
    let mut model = in_flight();
    let before = wanted(&model, codedeploy).unwrap();
    let moved = by_codedeploy("web", &[("OLD", "DRAINING"), ("NEW", "PRIMARY")]);
    read(&mut model, OPENED + 1, vec![moved]);
    let after = wanted(&model, codedeploy).unwrap();
    assert_eq!(after.query, before.query);
    assert_ne!(after.stamp, before.stamp);
}

#[test]
fn a_deployment_in_flight_leads_to_its_listeners_its_target_groups_and_its_alarms() {
    let mut model = in_flight();
    assert_eq!(wanted(&model, traffic), None, "nothing is known of it yet");
    let told = Data::CodeDeployments(vec![deployed("d-NEW", CodeDeployStatus::InProgress)]);
    tell(&mut model, OPENED, told);
    let expected = Query::Traffic {
        routes: vec!["listener/443".into(), "listener/8443".into()],
        groups: Vec::new(),
        names: vec!["web-blue".into(), "web-green".into()],
        behind: Vec::new(),
    };
    let board = wanted(&model, traffic).unwrap();
    assert_eq!((board.query, board.pace.as_secs()), (expected, 15));
    assert_eq!(seconds(wanted(&model, alarms)), 30);
    let mut known = crate::domain::traffic::Traffic::default();
    for name in ["web-blue", "web-green"] {
        known.groups.insert(name.into(), TargetGroupArn::new(name));
    }
    tell(
        &mut model,
        OPENED,
        Data::Traffic {
            traffic: known,
            gone: Vec::new(),
        },
    );
    press(&mut model, "enter");
    let expected = Query::Traffic {
        routes: vec!["listener/443".into(), "listener/8443".into()],
        groups: vec![
            TargetGroupArn::new("web-blue"),
            TargetGroupArn::new("web-green"),
        ],
        names: Vec::new(),
        behind: Vec::new(),
    };
    let release = wanted(&model, traffic).unwrap();
    assert_eq!((release.query, release.pace.as_secs()), (expected, 5));
    let watched = wanted(&model, alarms).unwrap();
    assert_eq!(watched.query, Query::Alarms(vec!["errors".into()]));
    assert_eq!(watched.pace.as_secs(), 10);
}

#[test]
fn what_rolls_a_deployment_back_is_asked_for_though_no_task_set_names_it() {
    let mut model = in_flight();
    let mut stopped = deployed("d-NEW", CodeDeployStatus::Stopped);
    stopped.rolled_back_by = Some("d-BACK".into());
    tell(&mut model, OPENED, Data::CodeDeployments(vec![stopped]));
    let Query::CodeDeployments { ids, .. } = wanted(&model, codedeploy).unwrap().query else {
        panic!("no deployments")
    };
    assert_eq!(ids, ["d-BACK", "d-NEW", "d-OLD"]);
}

#[test]
fn a_release_that_was_rolled_back_is_read_once_more_though_no_task_set_names_it() {
    let mut model = in_flight();
    press(&mut model, "enter");
    let mut undone = deployed("d-NEW", CodeDeployStatus::Failed);
    undone.rolled_back_by = Some("d-BACK".into());
    let mut back = deployed("d-BACK", CodeDeployStatus::Succeeded);
    back.rolls_back = Some("d-NEW".into());
    let told = Data::CodeDeployments(vec![undone, back]);
    tell(&mut model, OPENED, told);
    let alone = by_codedeploy("web", &[("OLD", "PRIMARY")]);
    read(&mut model, OPENED + 1, vec![alone]);
    let Query::CodeDeployments { ids, .. } = wanted(&model, codedeploy).unwrap().query else {
        panic!("no deployments")
    };
    assert_eq!(ids, ["d-NEW", "d-OLD"]);
}

#[test]
fn the_history_of_a_service_is_that_of_the_group_of_its_newest_deployment() {
    let mut model = in_flight();
    press(&mut model, "enter");
    assert_eq!(wanted(&model, history), None, "the group is not known");
    let told = Data::CodeDeployments(vec![deployed("d-OLD", CodeDeployStatus::Succeeded)]);
    tell(&mut model, OPENED, told);
    let expected = Query::CodeDeployHistory {
        service: service_arn("web"),
        group: group(),
    };
    let for_estimates = wanted(&model, history).unwrap();
    assert_eq!(for_estimates.query, expected);
    assert_eq!(for_estimates.pace, SLOW);
    press(&mut model, "p");
    assert_eq!(seconds(wanted(&model, history)), 60);
}

fn shifting() -> crate::domain::service_deployment::ServiceDeployment {
    let mut now = record("b", Record::InProgress, 1, 2, 1_000);
    now.strategy = Some(Strategy::BlueGreen);
    now.settings = Some(ShiftSettings {
        alarms: vec!["errors".into()],
        ..ShiftSettings::default()
    });
    now.alarms = Some(AlarmsReading {
        status: "MONITORING".into(),
        names: vec!["errors".into(), "latency".into()],
        triggered: Vec::new(),
    });
    let target = now.target.as_mut().unwrap();
    target.production_route = Some("listener-rule/prod".into());
    target.test_route = Some("listener-rule/test".into());
    target.target_group = Some(TargetGroupArn::new("green"));
    now
}

#[test]
fn a_release_of_ecs_that_shifts_traffic_leads_to_its_rules_and_alarms() {
    let mut model = cockpit(vec![releasing()]);
    records(&mut model, OPENED, vec![shifting()]);
    let expected = |groups: Vec<TargetGroupArn>| Query::Traffic {
        routes: vec!["listener-rule/prod".into(), "listener-rule/test".into()],
        groups,
        names: Vec::new(),
        behind: Vec::new(),
    };
    let board = wanted(&model, traffic).unwrap();
    assert_eq!(board.query, expected(Vec::new()), "no health on the board");
    press(&mut model, "enter");
    let release = wanted(&model, traffic).unwrap();
    assert_eq!(release.query, expected(vec![TargetGroupArn::new("green")]));
    let both = Query::Alarms(vec!["errors".into(), "latency".into()]);
    assert_eq!(wanted(&model, alarms).unwrap().query, both);
    let mut rolling = shifting();
    rolling.strategy = Some(Strategy::Rolling);
    records(&mut model, OPENED + 1, vec![rolling]);
    assert_eq!(wanted(&model, traffic), None);
    assert_eq!(wanted(&model, alarms).unwrap().query, both);
}

#[test]
fn external_task_sets_have_their_targets_looked_at() {
    let mut service = by_codedeploy("web", &[("a", "PRIMARY"), ("b", "ACTIVE")]);
    service.controller = Controller::External;
    service.task_sets[1].target_group = Some(TargetGroupArn::new("green"));
    let mut model = cockpit(vec![service]);
    assert_eq!(
        wanted(&model, codedeploy),
        None,
        "its ids are somebody else's"
    );
    press(&mut model, "enter");
    let expected = Query::Traffic {
        routes: Vec::new(),
        groups: vec![TargetGroupArn::new("green")],
        names: Vec::new(),
        behind: vec![TargetGroupArn::new("green")],
    };
    assert_eq!(wanted(&model, traffic).unwrap().query, expected);
    let mut known = crate::domain::traffic::Traffic::default();
    let routes = vec!["listener-rule/prod".to_owned()];
    known.behind.insert(TargetGroupArn::new("green"), routes);
    let gone = Vec::new();
    let told = Data::Traffic {
        traffic: known,
        gone,
    };
    tell(&mut model, OPENED, told);
    let Query::Traffic { routes, behind, .. } = wanted(&model, traffic).unwrap().query else {
        panic!("no traffic")
    };
    assert_eq!(routes, ["listener-rule/prod"]);
    assert_eq!(behind, [TargetGroupArn::new("green")], "it can change");
}

fn tried(id: &str, ended: i64) -> DeploymentGroup {
    DeploymentGroup {
        id: group(),
        cluster: Some("prod".into()),
        service: Some("web".into()),
        configuration: None,
        last_attempted: Some(GroupDeployment {
            id: id.into(),
            status: CodeDeployStatus::Failed,
            created_at: None,
            finished_at: Some(at(ended)),
        }),
        last_successful: None,
        ready: None,
        termination: None,
        rolls_back_on_failure: false,
        rolls_back_on_alarm: false,
        alarms: Vec::new(),
    }
}

#[test]
fn at_rest_the_group_of_a_service_tells_what_failed_last() {
    let mut model = cockpit(vec![by_codedeploy("web", &[("OLD", "PRIMARY")])]);
    let short = |query: &Query| matches!(query, Query::CodeDeployments { targets: false, .. });
    let ids = |model: &Model| match wanted(model, short).unwrap().query {
        Query::CodeDeployments { ids, .. } => ids,
        _ => Vec::new(),
    };
    assert_eq!(ids(&model), ["d-OLD"]);
    let told = Data::CodeDeployments(vec![deployed("d-OLD", CodeDeployStatus::Succeeded)]);
    tell(&mut model, OPENED, told);
    let groups = wanted(&model, |query| *query == Query::Groups("shop".into()));
    assert_eq!(groups.unwrap().pace, SLOW);
    let listed = |id: &str, ended| Data::Groups {
        application: "shop".into(),
        groups: vec![tried(id, ended)],
    };
    tell(
        &mut model,
        OPENED,
        listed("d-LONGAGO", OPENED - RECENT_SECONDS - 1),
    );
    assert_eq!(ids(&model), ["d-OLD"]);
    tell(&mut model, OPENED + 1, listed("d-BAD", OPENED - 60));
    assert_eq!(ids(&model), ["d-BAD", "d-OLD"]);
}

#[test]
fn two_thousand_services_of_codedeploy_at_rest_cost_a_few_calls_a_minute() {
    let services: Vec<Service> = (0..2_000)
        .map(|n| {
            let id = format!("{n:04}");
            by_codedeploy(&format!("s{id}"), &[(&id, "PRIMARY")])
        })
        .collect();
    let ids: Vec<String> = (0..2_000).map(|n| format!("d-{n:04}")).collect();
    let mut model = cockpit(services);
    let told = ids.iter().map(|id| {
        let mut one = deployed(id, CodeDeployStatus::Succeeded);
        one.group.application.clone_from(id);
        one
    });
    let told = Data::CodeDeployments(told.collect());
    tell(&mut model, OPENED, told);
    let calls: f64 = subscriptions(&model)
        .iter()
        .map(|one| {
            let calls = match &one.query {
                Query::CodeDeployments { ids, targets } => {
                    ids.len().div_ceil(25) + if *targets { ids.len() } else { 0 }
                }
                Query::Groups(_) => 2,
                Query::Traffic { .. } | Query::Alarms(_) => panic!("nothing is in flight"),
                _ => 0,
            };
            f64::from(u32::try_from(calls).unwrap()) * 60.0 / one.pace.as_secs_f64()
        })
        .sum();
    assert!(calls > 0.0 && calls <= 6.1, "{calls}");
}

#[test]
fn where_no_task_set_names_a_deployment_the_groups_are_asked_which_of_them_moves_the_service() {
    let mut service = by_codedeploy("web", &[("OLD", "PRIMARY")]);
    for set in &mut service.task_sets {
        set.external_id = None;
    }
    let mut model = cockpit(vec![service]);
    type_text(&mut model, ":services");
    press(&mut model, "enter");
    press(&mut model, "p");
    assert_eq!(wanted(&model, history), None);
    let applications = wanted(&model, |query| *query == Query::Applications);
    assert_eq!(applications.unwrap().pace, SLOW);
    tell(&mut model, OPENED, Data::Applications(vec!["shop".into()]));
    let groups = |query: &Query| *query == Query::Groups("shop".into());
    assert!(wanted(&model, groups).is_some());
    let told = Data::Groups {
        application: "shop".into(),
        groups: vec![tried("d-LONGAGO", OPENED - RECENT_SECONDS - 1)],
    };
    tell(&mut model, OPENED + 1, told);
    let expected = Query::CodeDeployHistory {
        service: service_arn("web"),
        group: group(),
    };
    assert_eq!(wanted(&model, history).unwrap().query, expected);
}

#[test]
fn on_the_board_a_service_of_which_codedeploy_has_left_no_trace_is_looked_for_in_the_groups() {
    let mut service = by_codedeploy("web", &[("OLD", "PRIMARY")]);
    service.task_sets[0].external_id = None;
    let mut model = cockpit(vec![service]);
    let applications = wanted(&model, |query| *query == Query::Applications);
    assert_eq!(applications.unwrap().pace, SLOW);
    tell(&mut model, OPENED, Data::Applications(vec!["shop".into()]));
    let groups = |query: &Query| *query == Query::Groups("shop".into());
    assert_eq!(wanted(&model, groups).unwrap().pace, SLOW);
    let told = Data::Groups {
        application: "shop".into(),
        groups: vec![tried("d-BAD", OPENED - 60)],
    };
    tell(&mut model, OPENED + 1, told);
    let short = |query: &Query| matches!(query, Query::CodeDeployments { targets: false, .. });
    let Query::CodeDeployments { ids, .. } = wanted(&model, short).unwrap().query else {
        panic!("no deployments")
    };
    assert_eq!(ids, ["d-BAD"]);
    // Where a task set names a deployment, that tells the group.
    let named = cockpit(vec![by_codedeploy("api", &[("OLD", "PRIMARY")])]);
    assert_eq!(wanted(&named, |query| *query == Query::Applications), None);
}
