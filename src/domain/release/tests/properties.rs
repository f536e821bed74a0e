//! Whatever AWS answers, in whatever combination: releases are made of it without failing, and no
//! rollback becomes a success.

use std::collections::BTreeMap;

use proptest::prelude::{
    Just, Strategy as Any, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};

use super::*;
use crate::domain::alarm::Alarm;
use crate::domain::call::Call;
use crate::domain::codedeploy::{CodeDeployStatus, CodeDeployment, TrafficRouting};
use crate::domain::facts::Facts;
use crate::domain::facts::Ground;
use crate::domain::fixture::{definition, facts, wish};
use crate::domain::intent::Wish;
use crate::domain::lifecycle::{AlarmsReading, HookKind, HookStatus, LifecycleHook};
use crate::domain::planner::plan;
use crate::domain::service::{Strategy, TaskSet};
use crate::domain::traffic::{Traffic, Weights};

const IDS: [&str; 4] = ["a", "b", "c", "d"];

fn id() -> impl Any<Value = String> {
    prop::sample::select(&IDS[..]).prop_map(str::to_owned)
}

fn second() -> impl Any<Value = Option<Timestamp>> {
    prop::option::weighted(
        0.8,
        prop_oneof![
            8 => (900_i64..3_000).prop_map(at),
            1 => Just(Timestamp::MAX),
            1 => Just(Timestamp::MIN),
        ],
    )
}

fn percent() -> impl Any<Value = f64> {
    prop_oneof![
        4 => prop::sample::select(vec![0.0, 5.0, 10.0, 40.0, 100.0]),
        1 => any::<f64>(),
    ]
}

fn stage() -> impl Any<Value = Option<String>> {
    let names = vec![
        "RECONCILE_SERVICE",
        "SCALE_UP",
        "POST_TEST_TRAFFIC_SHIFT",
        "PRE_PRODUCTION_TRAFFIC_SHIFT",
        "PRODUCTION_TRAFFIC_SHIFT",
        "BAKE_TIME",
        "CLEAN_UP",
        "SOMETHING_NEW",
        "",
    ];
    prop::option::of(prop::sample::select(names).prop_map(str::to_owned))
}

fn hook() -> impl Any<Value = LifecycleHook> {
    let kinds = vec![
        HookKind::Pause,
        HookKind::Lambda,
        HookKind::Unknown("X".into()),
    ];
    let statuses = vec![
        HookStatus::AwaitingAction,
        HookStatus::InProgress,
        HookStatus::Failed,
        HookStatus::TimedOut,
        HookStatus::Unknown("X".into()),
    ];
    (
        prop::option::of(id()),
        prop::sample::select(kinds),
        prop::sample::select(statuses),
        second(),
        prop::option::of(id()),
    )
        .prop_map(|(id, kind, status, expires_at, target)| LifecycleHook {
            id,
            kind,
            target,
            status,
            expires_at,
            on_timeout: None,
        })
}

fn record_status() -> impl Any<Value = Record> {
    prop::sample::select(vec![
        Record::Pending,
        Record::InProgress,
        Record::StopRequested,
        Record::Stopped,
        Record::Successful,
        Record::RollbackRequested,
        Record::RollbackInProgress,
        Record::RollbackSuccessful,
        Record::RollbackFailed,
        Record::Unknown("X".into()),
    ])
}

fn some_record() -> impl Any<Value = ServiceDeployment> {
    let strategies = vec![
        None,
        Some(Strategy::Rolling),
        Some(Strategy::BlueGreen),
        Some(Strategy::Linear),
        Some(Strategy::Canary),
        Some(Strategy::Unknown("X".into())),
    ];
    (
        (
            id(),
            record_status(),
            prop::sample::select(strategies),
            stage(),
        ),
        (percent(), percent(), prop::option::of(any::<u32>())),
        prop::collection::vec(hook(), 0..3),
        (second(), second(), second(), second(), second()),
        (any::<bool>(), any::<bool>(), any::<bool>()),
    )
        .prop_map(|(what, (share, step, minutes), hooks, times, holes)| {
            let mut one = shifting(Strategy::Linear, "", share);
            one.arn = record_arn(&what.0);
            (one.status, one.strategy, one.lifecycle_stage) = (what.1, what.2, what.3);
            one.hooks = hooks;
            (one.created_at, one.started_at, one.finished_at) = (times.0, times.1, times.2);
            (one.updated_at, one.rollback_started_at) = (times.3, times.4);
            let settings = one.settings.as_mut().unwrap();
            settings.bake_minutes = minutes;
            settings.linear.as_mut().unwrap().percent = step;
            settings.alarms = vec!["a".into()];
            one.alarms = Some(AlarmsReading {
                status: "X".into(),
                names: vec![],
                triggered: vec!["b".into()],
            });
            if holes.0 {
                (one.target, one.alarms) = (None, None);
            }
            if holes.1 {
                one.sources.clear();
            }
            if holes.2 {
                one.settings = None;
            }
            one
        })
}

fn some_deployment() -> impl Any<Value = CodeDeployment> {
    let statuses = vec![
        CodeDeployStatus::Created,
        CodeDeployStatus::InProgress,
        CodeDeployStatus::Ready,
        CodeDeployStatus::Succeeded,
        CodeDeployStatus::Failed,
        CodeDeployStatus::Stopped,
        CodeDeployStatus::Unknown("X".into()),
    ];
    let event = prop::sample::select(vec![
        "Pending",
        "InProgress",
        "Succeeded",
        "Failed",
        "Skipped",
        "X",
    ]);
    (
        (id(), prop::sample::select(statuses)),
        (prop::option::of(id()), prop::option::of(id())),
        (second(), second(), second()),
        prop::collection::vec((event, second(), second()), 8),
        (percent(), any::<u32>(), any::<u32>()),
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
    )
        .prop_map(|(what, links, times, events, numbers, holes)| {
            let mut one = code_deployment(&what.0, what.1, 2, 1_000);
            (one.rolled_back_by, one.rolls_back) = links;
            (one.created_at, one.started_at, one.finished_at) = times;
            let target = one.target.as_mut().unwrap();
            for (event, (status, start, end)) in target.events.iter_mut().zip(events) {
                event.status = status.into();
                (event.started_at, event.finished_at) = (start, end);
            }
            target.task_sets[1].traffic_percent = Some(numbers.0);
            one.routing = Some(TrafficRouting::Linear {
                percent: numbers.1,
                minutes: numbers.2,
            });
            one.ready.as_mut().unwrap().continues = holes.0;
            one.termination.as_mut().unwrap().minutes = numbers.2;
            one.termination_wait_started = holes.1;
            if holes.2 {
                one.target = None;
            }
            if holes.3 {
                (one.ready, one.termination) = (None, None);
            }
            one
        })
}

fn some_service() -> impl Any<Value = Service> {
    let controllers = vec![
        Controller::Ecs,
        Controller::CodeDeploy,
        Controller::External,
        Controller::Unknown("X".into()),
    ];
    let set = (id(), second(), prop::option::of(id()), any::<bool>()).prop_map(
        |(id, created_at, external_id, primary)| TaskSet {
            external_id,
            created_at,
            ..task_set(&id, if primary { "PRIMARY" } else { "X" }, 1, 0)
        },
    );
    (
        prop::sample::select(controllers),
        prop::collection::vec(set, 0..3),
        prop::option::of(id()),
        0_usize..4,
    )
        .prop_map(|(controller, task_sets, current, shape)| {
            let deployments = [
                vec![],
                vec![deployment(2, 2)],
                vec![moving(2, 2), active(1, 1)],
                vec![active(1, 1)],
            ];
            Service {
                controller,
                task_sets,
                current_deployment: current.map(|id| record_arn(&id)),
                ..service(deployments[shape].clone())
            }
        })
}

fn observed(history: &[ServiceDeployment], first: i64) -> BTreeMap<ReleaseId, StageLog> {
    let mut logs: BTreeMap<ReleaseId, StageLog> = BTreeMap::new();
    for (record, second) in history.iter().zip(first..) {
        let log = logs
            .entry(ReleaseId(record.arn.as_str().to_owned()))
            .or_default();
        log.observe(record, at(second));
        log.observe(record, at(second + 100));
    }
    logs
}

/// What must hold of any release.
fn sound(release: &Release, earlier: &[Release]) {
    let now = at(2_000);
    let _ = estimate(release, earlier, now);
    let _ = (release.is_waiting_for_timer(), release.traffic_disagrees());
    for step in &release.steps {
        assert!(step.seconds(now).is_none_or(|seconds| seconds >= 0));
    }
    for warning in &release.warnings {
        assert!(!warning.text().is_empty());
    }
    assert!(release.gate.is_none() || release.status == ReleaseStatus::Waiting);
    assert!(release.deadline.is_none() || !release.status.is_over());
    if let Some(shift) = release.shift {
        assert!(shift.step >= 1 && shift.step <= shift.steps);
    }
}

proptest! {
    #[test]
    fn no_rollback_becomes_a_success(
        service in some_service(),
        history in prop::collection::vec(some_record(), 0..4),
        codedeploy in prop::collection::vec(some_deployment(), 0..4),
        first in 900_i64..2_000,
        weight in any::<u32>(),
    ) {
        let logs = observed(&history, first);
        let weights = Weights(vec![(target_group("green"), weight / 2), (target_group("blue"), 1)]);
        let traffic = Traffic {
            weights: BTreeMap::from([("rule/production".to_owned(), weights)]),
            ..Traffic::default()
        };
        let alarms = BTreeMap::from([("a".to_owned(), Alarm {
            name: "a".into(),
            state: AlarmState::Alarm,
            since: Some(at(first)),
            reason: None,
        })]);
        let sources = Sources {
            service: &service,
            history: &history,
            codedeploy: &codedeploy,
            traffic: &traffic,
            alarms: &alarms,
            observed: &logs,
        };
        let newest = current_of(&sources);
        let mut releases = past_of(&sources, newest.as_ref().map(|release| &release.id));
        for release in releases.iter().chain(&newest) {
            sound(release, &releases);
        }
        releases.extend(newest);
        releases.sort_by(board_order);

        for release in releases.iter().filter(|one| one.status == ReleaseStatus::Succeeded) {
            let mut records = history.iter().filter(|one| one.arn.as_str() == release.id.0);
            prop_assert!(records.all(|one| !one.status.name().starts_with("ROLLBACK"))
                || history.iter().filter(|one| one.arn.as_str() == release.id.0).count() > 1);
            // The task sets tell a release where no deployment was read, and nothing else of it.
            let told = codedeploy.iter().filter(|one| one.id == release.id.0);
            for deployment in told.filter(|_| release.codedeploy.as_ref().is_some_and(|id| id.group.is_some())) {
                let twins = codedeploy.iter().filter(|one| one.id == release.id.0).count() > 1;
                let undone = codedeploy.iter().any(|other| other.id != deployment.id
                    && other.rolls_back.as_ref() == Some(&deployment.id));
                prop_assert!(twins || (deployment.rolls_back.is_none()
                    && deployment.rolled_back_by.is_none() && !undone));
            }
        }
    }

    #[test]
    fn every_wish_has_a_plan_or_a_reason_and_only_what_waits_is_answered(
        service in some_service(),
        history in prop::collection::vec(some_record(), 0..4),
        codedeploy in prop::collection::vec(some_deployment(), 0..4),
    ) {
        let facts = Facts {
            codedeploy: Ok(codedeploy),
            target: Some(Ok(definition(1, "ACTIVE"))),
            ..facts(service, history)
        };
        for wanted in [
            Wish::CutOver,
            Wish::Stop,
            Wish::ForceRedeploy,
            Wish::RollBack { to: None },
            Wish::RollBack { to: Some(web(1)) },
            Wish::Deploy { task_definition: web(1) },
            Wish::SetDesiredCount { desired: 3 },
        ] {
            let intent = wish(wanted);
            match plan(&intent, &facts) {
                Ok(plan) => {
                    prop_assert!(!plan.how.is_empty() && !plan.call.as_command().is_empty());
                    prop_assert_eq!(
                        &plan.basis,
                        &Ground::Service(facts.basis(&intent.wish)),
                        "nothing has moved"
                    );
                    match &plan.call {
                        Call::ContinueServiceDeployment { deployment, hook, .. } => {
                            let record = facts.in_flight().unwrap();
                            prop_assert_eq!(deployment, &record.arn);
                            let waits = record.hooks.iter().any(|one| {
                                one.id.as_ref() == Some(hook)
                                    && one.status == HookStatus::AwaitingAction
                            });
                            prop_assert!(waits);
                        }
                        Call::StopServiceDeployment { deployment } => {
                            prop_assert_eq!(deployment, &facts.in_flight().unwrap().arn);
                        }
                        _ => {}
                    }
                }
                Err(refusal) => prop_assert!(!refusal.reason.is_empty()),
            }
        }
    }
}
