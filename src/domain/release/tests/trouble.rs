//! What goes wrong with a release: alarms, hooks, weights, targets; and the line that says why.

use std::collections::BTreeMap;

use super::*;
use crate::domain::alarm::Alarm;
use crate::domain::codedeploy::{CodeDeployStatus, CodeDeployment};
use crate::domain::lifecycle::{AlarmsReading, HookKind, HookStatus, LifecycleHook};
use crate::domain::service::Strategy;
use crate::domain::service::TaskSet;
use crate::domain::traffic::{Traffic, Weights};

fn baking() -> ServiceDeployment {
    shifting(Strategy::BlueGreen, "BAKE_TIME", 100.0)
}

fn traffic(route: &str, blue: u32, green: u32) -> Traffic {
    let weights = Weights(vec![
        (target_group("blue"), blue),
        (target_group("green"), green),
    ]);
    let health = |healthy, unhealthy| TargetHealth {
        healthy,
        unhealthy,
        ..TargetHealth::default()
    };
    Traffic {
        weights: BTreeMap::from([(route.to_owned(), weights)]),
        health: BTreeMap::from([
            (target_group("blue"), health(4, 0)),
            (target_group("green"), health(3, 1)),
        ]),
        groups: ["blue", "green"]
            .map(|name| (name.to_owned(), target_group(name)))
            .into(),
        ..Traffic::default()
    }
}

fn alarm(name: &str, state: AlarmState, since: i64) -> (String, Alarm) {
    let alarm = Alarm {
        name: name.into(),
        state,
        since: Some(at(since)),
        reason: None,
    };
    (name.into(), alarm)
}

fn newest(record: &ServiceDeployment, traffic: &Traffic, log: StageLog) -> Release {
    let service = Service {
        strategy: Strategy::BlueGreen,
        ..named(service(vec![]), "b")
    };
    let alarms = BTreeMap::from([
        alarm("before", AlarmState::Alarm, 900),
        alarm("during", AlarmState::Alarm, 1_100),
        alarm("quiet", AlarmState::Ok, 900),
    ]);
    current_of(&Sources {
        traffic,
        alarms: &alarms,
        observed: &BTreeMap::from([(ReleaseId(record.arn.as_str().into()), log)]),
        ..Sources::of(&service, std::slice::from_ref(record))
    })
    .unwrap()
}

fn watched_for(seconds: i64, record: &ServiceDeployment) -> StageLog {
    let mut log = StageLog::default();
    log.observe(record, at(1_200));
    log.observe(record, at(1_200 + seconds));
    log
}

#[test]
fn real_weights_and_health_stand_beside_what_was_asked() {
    let release = newest(
        &baking(),
        &traffic("rule/production", 3, 1),
        StageLog::default(),
    );
    let (old, new) = (release.old.unwrap(), release.new.unwrap());
    assert_eq!(
        (new.production_percent, new.production_real),
        (Some(100.0), Some(25.0))
    );
    assert_eq!(
        (old.production_percent, old.production_real),
        (Some(0.0), Some(75.0))
    );
    assert_eq!((old.test_real, new.test_real), (None, None));
    assert_eq!(new.targets.unwrap().unhealthy, 1);
    let test = newest(&baking(), &traffic("rule/test", 0, 1), StageLog::default());
    assert_eq!(test.new.unwrap().test_real, Some(100.0));
    assert_eq!(test.old.unwrap().production_real, None);
}

#[test]
fn what_was_read_while_a_release_went_on_is_not_told_of_one_that_is_over() {
    let mut record = baking();
    let read = traffic("rule/production", 1, 9);
    for status in [Record::Successful, Record::RollbackSuccessful] {
        record.status = status;
        let release = newest(&record, &read, StageLog::default());
        for side in [release.old.unwrap(), release.new.unwrap()] {
            assert_eq!((side.production_real, side.targets), (None, None));
            assert!(side.production_percent.is_some());
        }
    }
}

#[test]
fn a_target_group_that_both_sides_share_has_no_shares() {
    let mut record = baking();
    record.sources[0].target_group = Some(target_group("green"));
    let release = newest(
        &record,
        &traffic("rule/production", 1, 1),
        StageLog::default(),
    );
    assert_eq!(release.new.unwrap().production_real, None);
    assert_eq!(release.old.unwrap().targets.unwrap().healthy, 3);
}

#[test]
fn weights_that_disagree_for_more_than_a_minute_are_a_warning() {
    let record = baking();
    let wrong = traffic("rule/production", 1, 0);
    let disagrees = |seconds, traffic: &Traffic| {
        newest(&record, traffic, watched_for(seconds, &record)).traffic_disagrees()
    };
    assert!(!disagrees(60, &wrong));
    assert!(disagrees(61, &wrong));
    assert!(!disagrees(61, &traffic("rule/production", 0, 1)));
    assert!(
        !disagrees(61, &traffic("rule/production", 1, 199)),
        "half a percent"
    );
    assert!(!newest(&record, &wrong, StageLog::default()).traffic_disagrees());
    let text = newest(&record, &wrong, watched_for(61, &record)).warnings[0].text();
    assert_eq!(
        text,
        "the new side really gets 0 % of the traffic, not 100 %, for more than a minute"
    );
}

#[test]
fn targets_that_fail_are_a_warning_until_the_release_is_over() {
    let mut record = baking();
    let real = traffic("rule/production", 0, 1);
    let warnings = newest(&record, &real, StageLog::default()).warnings;
    assert_eq!(
        warnings,
        [Warning::UnhealthyTargets {
            new: true,
            unhealthy: 1,
            of: 4
        }]
    );
    assert_eq!(
        warnings[0].text(),
        "1 of 4 new targets fail their health checks"
    );
    record.status = Record::Successful;
    assert_eq!(newest(&record, &real, StageLog::default()).warnings, []);
}

#[test]
fn an_alarm_that_fired_before_it_began_is_told_from_one_that_fired_for_it() {
    let mut record = baking();
    record.settings.as_mut().unwrap().alarms = vec!["quiet".into(), "before".into()];
    record.alarms = Some(AlarmsReading {
        status: "TRIGGERED".into(),
        names: vec!["before".into(), "during".into()],
        triggered: vec!["during".into(), "unlisted".into()],
    });
    let release = newest(&record, &Traffic::default(), StageLog::default());
    let told: Vec<_> = release
        .alarms
        .iter()
        .map(|alarm| (&alarm.name[..], alarm.already_firing, alarm.triggered))
        .collect();
    assert_eq!(
        told,
        [
            ("before", true, false),
            ("during", false, true),
            ("quiet", false, false),
            ("unlisted", false, true)
        ]
    );
    assert_eq!(release.alarms[3].state, None);
    assert_eq!(
        release.reason.as_deref(),
        Some("alarms during, unlisted fired")
    );
    let texts: Vec<String> = release.warnings.iter().map(Warning::text).collect();
    assert_eq!(
        texts[0],
        "alarm before fired before it began and is ignored for it"
    );
}

#[test]
fn a_hook_is_named_by_its_function() {
    let hook = |kind, target: Option<&str>, status| LifecycleHook {
        kind,
        target: target.map(str::to_owned),
        status,
        ..pause_hook("h", 5_000)
    };
    let function = Some("arn:aws:lambda:eu-west-1:123456789012:function:smoke-test:live");
    let cases = [
        (
            hook(HookKind::Lambda, function, HookStatus::Failed),
            "hook smoke-test failed",
        ),
        (
            hook(HookKind::Lambda, function, HookStatus::TimedOut),
            "hook smoke-test did not end in time",
        ),
        (
            hook(HookKind::Pause, None, HookStatus::TimedOut),
            "nobody answered the pause hook in time",
        ),
        (
            hook(HookKind::Unknown("X".into()), None, HookStatus::Failed),
            "a hook failed",
        ),
    ];
    for (hook, expected) in cases {
        let mut record = baking();
        record.status = Record::RollbackInProgress;
        record.rollback_reason = Some("Rollback initiated.".into());
        record.hooks = vec![hook];
        let release = newest(&record, &Traffic::default(), StageLog::default());
        assert_eq!(release.reason.as_deref(), Some(expected));
        assert_eq!(release.warnings, [Warning::HookFailed(expected.into())]);
    }
}

fn failed_deployment(change: impl Fn(&mut CodeDeployment)) -> Option<String> {
    let mut deployment = code_deployment("d-2", CodeDeployStatus::Failed, 2, 1_000);
    advance(&mut deployment, 4);
    change(&mut deployment);
    let alarms = BTreeMap::from([
        alarm("before", AlarmState::Alarm, 900),
        alarm("during", AlarmState::Alarm, 1_100),
    ]);
    let service = moved_by_codedeploy(vec![]);
    current_of(&Sources {
        codedeploy: &[deployment],
        alarms: &alarms,
        ..Sources::of(&service, &[])
    })
    .unwrap()
    .reason
}

#[test]
fn why_codedeploy_failed_is_said_in_one_line() {
    let error = |code: &str, message: &str| Some((code.to_owned(), message.to_owned()));
    let fail_event = |deployment: &mut CodeDeployment, why: Option<&str>| {
        let event = &mut deployment.target.as_mut().unwrap().events[4];
        event.status = "Failed".into();
        event.diagnostics = why.map(str::to_owned);
    };
    let told = [
        failed_deployment(|one| fail_event(one, Some("smoke test: 500"))),
        failed_deployment(|one| {
            fail_event(one, None);
            one.error = error("HEALTH_CONSTRAINTS", "too few");
        }),
        failed_deployment(|one| fail_event(one, None)),
        failed_deployment(|one| one.error = error("TIMEOUT", "nobody came")),
        failed_deployment(|one| one.error = error("TIMEOUT", "")),
        failed_deployment(|one| one.rollback_message = Some("rolled back".into())),
        failed_deployment(|one| one.error = error("ALARM_ACTIVE", "")),
        failed_deployment(|one| {
            one.error = error("ALARM_ACTIVE", "an alarm is on");
            one.alarms = vec!["before".into(), "during".into()];
        }),
        failed_deployment(|_| {}),
    ];
    assert_eq!(
        told.map(Option::unwrap_or_default),
        [
            "AfterAllowTestTraffic failed: smoke test: 500",
            "AfterAllowTestTraffic failed: too few",
            "AfterAllowTestTraffic failed",
            "nobody came",
            "TIMEOUT",
            "rolled back",
            "an alarm fired",
            "alarm during fired",
            ""
        ]
    );
}

#[test]
fn codedeploy_tells_target_groups_by_name() {
    let mut deployment = code_deployment("d-2", CodeDeployStatus::InProgress, 2, 1_000);
    advance(&mut deployment, 6);
    let mut log = StageLog::default();
    log.observe_deployment(&deployment, at(1_200));
    log.observe_deployment(&deployment, at(1_300));
    let service = moved_by_codedeploy(vec![]);
    let release = current_of(&Sources {
        codedeploy: &[deployment],
        traffic: &traffic("listener/production", 1, 1),
        observed: &BTreeMap::from([(ReleaseId("d-2".into()), log)]),
        ..Sources::of(&service, &[])
    })
    .unwrap();
    let new = release.new.as_ref().unwrap();
    assert_eq!(new.target_group, Some(target_group("green")));
    assert_eq!(new.production_real, Some(50.0));
    assert!(release.traffic_disagrees());
}

/// Two task sets behind the target groups `blue` and `green`, moved from outside.
fn outside() -> Service {
    let set = |id: &str, status, revision, at| TaskSet {
        target_group: Some(target_group(id)),
        ..task_set(id, status, revision, at)
    };
    Service {
        controller: Controller::External,
        task_sets: vec![
            set("blue", "PRIMARY", 1, 100),
            set("green", "ACTIVE", 2, 1_000),
        ],
        ..service(Vec::new())
    }
}

#[test]
fn task_sets_that_are_moved_from_outside_have_the_weights_of_the_rule_that_names_both() {
    let mut traffic = traffic("rule/both", 75, 25);
    let only_blue = Weights(vec![(target_group("blue"), 1)]);
    traffic.weights.insert("rule/blue".to_owned(), only_blue);
    let routes = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    traffic.behind = BTreeMap::from([
        (target_group("blue"), routes(&["rule/blue", "rule/both"])),
        (target_group("green"), routes(&["rule/both"])),
    ]);
    let service = outside();
    let release = current_of(&Sources {
        traffic: &traffic,
        ..Sources::of(&service, &[])
    })
    .unwrap();
    let (old, new) = (release.old.unwrap(), release.new.unwrap());
    assert_eq!(old.production_real, Some(75.0));
    assert_eq!(new.production_real, Some(25.0));
    assert_eq!(
        (old.production_percent, new.production_percent),
        (None, None)
    );
    assert_eq!(new.targets.unwrap().healthy, 3);
    let blind = current_of(&Sources::of(&service, &[])).unwrap();
    assert_eq!(blind.new.unwrap().production_real, None);
}
