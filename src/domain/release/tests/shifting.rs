//! Releases that ECS shifts: their strip, what they wait for, their sides.

use std::collections::BTreeMap;

use super::*;
use crate::domain::lifecycle::{HookAction, HookStatus};
use crate::domain::service::Strategy;

fn blue_green(stage: &str, percent: f64) -> ServiceDeployment {
    shifting(Strategy::BlueGreen, stage, percent)
}

/// `web` as `DescribeServices` tells it meanwhile; its `deployments[]` is empty.
fn web_service() -> Service {
    Service {
        strategy: Strategy::BlueGreen,
        ..named(service(vec![]), "b")
    }
}

fn seen(record: &ServiceDeployment, log: &[(&ServiceDeployment, i64)]) -> Release {
    let mut stages = StageLog::default();
    for (looked, second) in log {
        stages.observe(looked, at(*second));
    }
    let service = web_service();
    let observed = BTreeMap::from([(ReleaseId(record.arn.as_str().into()), stages)]);
    current_of(&Sources {
        observed: &observed,
        ..Sources::of(&service, std::slice::from_ref(record))
    })
    .unwrap()
}

/// The strip as one line: a letter for the state, then the label.
fn strip(release: &Release) -> String {
    let steps = release.steps.iter().map(|step| {
        let mark = match step.state {
            StepState::Done => '+',
            StepState::Now => '>',
            StepState::Waits => '=',
            StepState::Failed => 'x',
            StepState::ToCome => '.',
            StepState::Skipped => '-',
            StepState::Unknown => '?',
        };
        format!("{mark}{}", step.label)
    });
    steps.collect::<Vec<_>>().join(" | ")
}

#[test]
fn a_pause_hook_waits_for_a_person_until_it_expires() {
    let mut record = blue_green("POST_TEST_TRAFFIC_SHIFT", 0.0);
    record.hooks = vec![pause_hook("late", 9_000), pause_hook("soon", 5_000)];
    let release = seen(&record, &[]);
    assert_eq!(release.status, ReleaseStatus::Waiting);
    let gate = release.gate.as_ref().unwrap();
    let kind = GateKind::PauseHook {
        hook: "soon".into(),
        stage: Some("POST_TEST_TRAFFIC_SHIFT".into()),
    };
    assert_eq!(gate.kind, kind);
    assert_eq!(gate.on_timeout, Some(HookAction::RollBack));
    let deadline = release.deadline.as_ref().unwrap();
    assert_eq!(
        (deadline.at, deadline.exact, deadline.then()),
        (at(5_000), true, "it rolls back")
    );
    assert_eq!(
        strip(&release),
        "+scale up | +test shift | =test shifted | .production shift | .bake 5m | .clean up"
    );
    assert!(!release.is_waiting_for_timer());
}

#[test]
fn a_hook_without_a_name_still_waits() {
    let mut record = blue_green("POST_TEST_TRAFFIC_SHIFT", 0.0);
    record.hooks = vec![pause_hook("x", 5_000)];
    record.hooks[0].id = None;
    let release = seen(&record, &[]);
    assert_eq!(
        (&release.status, &release.gate),
        (&ReleaseStatus::Waiting, &None)
    );
    assert!(strip(&release).contains("=test shifted"));
}

#[test]
fn an_answered_hook_waits_no_more_and_a_rollback_never_waits() {
    let mut record = blue_green("POST_TEST_TRAFFIC_SHIFT", 0.0);
    record.hooks = vec![pause_hook("x", 5_000)];
    record.status = Record::RollbackInProgress;
    let release = seen(&record, &[]);
    assert_eq!(release.status, ReleaseStatus::RollingBack);
    assert_eq!((release.gate, release.deadline), (None, None));
    record.status = Record::InProgress;
    record.hooks[0].status = HookStatus::Succeeded;
    let release = seen(&record, &[]);
    assert_eq!(release.status, ReleaseStatus::InProgress);
    assert_eq!((release.gate, release.deadline), (None, None));
}

#[test]
fn the_end_of_the_bake_follows_from_when_it_was_seen_to_begin() {
    let before = blue_green("PRODUCTION_TRAFFIC_SHIFT", 100.0);
    let bake = blue_green("BAKE_TIME", 100.0);
    let release = seen(&bake, &[(&before, 1_100), (&bake, 1_102), (&bake, 1_200)]);
    let deadline = release.deadline.as_ref().unwrap();
    assert_eq!(deadline.kind, DeadlineKind::Bake);
    assert_eq!((deadline.at, deadline.exact), (at(1_402), true));
    assert!(release.is_waiting_for_timer());
    let found = seen(&bake, &[(&bake, 1_200)]).deadline.unwrap();
    assert_eq!((found.at, found.exact), (at(1_500), false), "at most then");
    assert_eq!(seen(&bake, &[]).deadline, None);
}

#[test]
fn the_strip_has_the_times_that_were_seen() {
    let looks = [
        (blue_green("SCALE_UP", 0.0), 1_010),
        (blue_green("TEST_TRAFFIC_SHIFT", 0.0), 1_060),
        (blue_green("BAKE_TIME", 100.0), 1_100),
    ];
    let log: Vec<_> = looks.iter().map(|(record, at)| (record, *at)).collect();
    let release = seen(&looks[2].0, &log);
    let times = |label: &str| {
        let mut steps = release.steps.iter();
        let step = steps.find(|step| step.label == label).unwrap();
        (step.state, step.seconds(at(1_150)))
    };
    assert_eq!(
        times("scale up"),
        (StepState::Done, Some(60)),
        "from the record's start"
    );
    assert_eq!(times("test shift"), (StepState::Done, Some(40)));
    // Nobody saw these two, but the release has passed them.
    assert_eq!(times("test shifted"), (StepState::Done, None));
    assert_eq!(times("production shift"), (StepState::Done, None));
    assert_eq!(times("bake 5m"), (StepState::Now, Some(50)));
    assert_eq!(times("clean up"), (StepState::ToCome, None));
    assert!(release.steps.iter().all(|step| !step.exact));
}

#[test]
fn the_strip_of_a_rollback_says_where_it_went_wrong() {
    let bake = blue_green("BAKE_TIME", 100.0);
    let mut back = blue_green("CLEAN_UP", 0.0);
    back.status = Record::RollbackInProgress;
    back.rollback_started_at = Some(at(1_300));
    let release = seen(&back, &[(&bake, 1_200), (&back, 1_302)]);
    assert_eq!(
        strip(&release),
        "+scale up | +test shift | +test shifted | +production shift | xbake 5m | -clean up | >roll back"
    );
    let mut over = back.clone();
    over.status = Record::RollbackSuccessful;
    over.finished_at = Some(at(1_400));
    let release = seen(&over, &[(&bake, 1_200), (&back, 1_302)]);
    assert_eq!(release.status, ReleaseStatus::RolledBack);
    let last = release.steps.last().unwrap();
    assert_eq!((last.state, last.exact), (StepState::Done, true));
    assert_eq!(last.seconds(at(9_999)), Some(100));
    // Where nobody looked in time, nothing is claimed.
    assert_eq!(
        strip(&seen(&over, &[])),
        "?scale up | ?test shift | ?test shifted | ?production shift | ?bake 5m | ?clean up | +roll back"
    );
}

#[test]
fn a_finished_strip_is_done_and_a_bake_of_nothing_is_left_out() {
    let mut record = blue_green("CLEAN_UP", 100.0);
    record.status = Record::Successful;
    record.settings.as_mut().unwrap().bake_minutes = Some(0);
    assert_eq!(
        strip(&seen(&record, &[])),
        "+scale up | +test shift | +test shifted | +production shift | -bake | +clean up"
    );
}

#[test]
fn before_it_begins_everything_is_to_come_and_an_odd_stage_has_a_place() {
    let mut record = blue_green("", 0.0);
    record.lifecycle_stage = None;
    record.status = Record::Pending;
    assert!(
        seen(&record, &[])
            .steps
            .iter()
            .all(|step| step.state == StepState::ToCome)
    );
    let scale = blue_green("SCALE_UP", 0.0);
    let odd = blue_green("WARM_UP", 0.0);
    let release = seen(&odd, &[(&scale, 1_010), (&odd, 1_020)]);
    assert_eq!(
        strip(&release),
        "+scale up | >warm up | .test shift | .test shifted | .production shift | .bake 5m | .clean up"
    );
}

#[test]
fn linear_steps_are_counted_and_bake_one_by_one() {
    let third = shifting(Strategy::Linear, "PRODUCTION_TRAFFIC_SHIFT", 30.0);
    let fourth = shifting(Strategy::Linear, "PRODUCTION_TRAFFIC_SHIFT", 40.0);
    let release = seen(&fourth, &[(&third, 1_100), (&fourth, 1_103)]);
    assert_eq!(release.mechanism, Mechanism::Linear);
    let shift = release.shift.unwrap();
    assert_eq!((shift.step, shift.steps), (4, 10));
    let deadline = release.deadline.as_ref().unwrap();
    assert_eq!(deadline.kind, DeadlineKind::StepBake);
    assert_eq!((deadline.at, deadline.exact), (at(1_223), true));
    assert!(strip(&release).contains(">production 4/10"));
}

#[test]
fn a_canary_has_two_steps() {
    let step = |percent| {
        let record = shifting(Strategy::Canary, "PRODUCTION_TRAFFIC_SHIFT", percent);
        let shift = seen(&record, &[]).shift.unwrap();
        (shift.step, shift.steps)
    };
    assert_eq!(
        (step(0.0), step(5.0), step(100.0)),
        ((1, 2), (1, 2), (2, 2))
    );
    // A stage named BAKE_TIME in the middle of the traffic is a bake of the step.
    let bake = shifting(Strategy::Canary, "BAKE_TIME", 5.0);
    let deadline = seen(&bake, &[(&bake, 1_100)]).deadline.unwrap();
    assert_eq!(
        (deadline.kind, deadline.at),
        (DeadlineKind::StepBake, at(1_280))
    );
}

#[test]
fn a_share_that_divides_nothing_is_no_progress() {
    let shift = |percent: f64, moved: f64| waiting::progress(percent, moved, false);
    for odd in [0.0, -1.0, f64::NAN, f64::INFINITY, 101.0] {
        assert_eq!(shift(odd, 10.0), None);
    }
    assert_eq!(shift(10.0, f64::NAN), None);
    let thirds = shift(33.4, 66.8).unwrap();
    assert_eq!((thirds.step, thirds.steps), (2, 3));
}

#[test]
fn both_sides_keep_the_records_counts_whatever_the_deployments_say() {
    let record = blue_green("BAKE_TIME", 100.0);
    let with = |deployments: Vec<Deployment>| {
        let service = Service {
            deployments,
            ..web_service()
        };
        current(&service, std::slice::from_ref(&record)).unwrap()
    };
    let idle = |one: Deployment| Deployment { running: 9, ..one };
    let mut green = idle(moving(2, 2));
    green.failed = 1;
    let blue = idle(active(1, 1));
    let mut back_to_front = green.clone();
    back_to_front.status = DeploymentStatus::Active;
    let mut blue_leads = blue.clone();
    blue_leads.status = DeploymentStatus::Primary;
    for deployments in [
        vec![],
        vec![green.clone()],
        vec![blue.clone()],
        vec![green, blue],
        vec![blue_leads, back_to_front],
    ] {
        let told = deployments.iter().any(|one| one.id.as_str() == "ecs-svc/2");
        let release = with(deployments);
        let (old, new) = (release.old.unwrap(), release.new.unwrap());
        assert_eq!(definition(Some(&old)), Some("web:1"));
        assert_eq!(definition(Some(&new)), Some("web:2"));
        assert_eq!((old.running, new.running), (Some(4), Some(4)));
        assert_eq!(new.failed, told.then_some(1));
        assert_eq!(release.stage, Some(Stage::Lifecycle("BAKE_TIME".into())));
    }
}
