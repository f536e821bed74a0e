//! Releases made of services and records in every combination, and their order on the board.

mod codedeploy;
mod estimate;
mod properties;
mod shifting;
mod trouble;

use super::*;
use crate::domain::fixture::*;
use crate::domain::service::{Controller, Deployment, DeploymentStatus, RolloutState};
use crate::domain::service_deployment::{ServiceDeployment, ServiceDeploymentStatus as Record};

fn definition(side: Option<&Side>) -> Option<&str> {
    Some(side?.task_definition.as_ref()?.family_revision())
}

fn named(service: Service, id: &str) -> Service {
    Service {
        current_deployment: Some(record_arn(id)),
        ..service
    }
}

#[test]
fn a_record_gives_the_status_and_the_service_the_counts() {
    let mut history = [record("b", Record::InProgress, 1, 2, 1_000)];
    history[0].breaker = Some(reading("MONITORING", 1, 3));
    let release = current(&named(releasing(), "b"), &history).unwrap();
    assert_eq!(release.status, ReleaseStatus::InProgress);
    assert_eq!(release.id.0, record_arn("b").as_str());
    assert_eq!(release.stage, Some(Stage::Replacing));
    let new = release.new.unwrap();
    assert_eq!((new.running, new.desired), (Some(1), Some(4)));
    assert_eq!(new.images, ["web:2"]);
    assert_eq!(definition(release.old.as_ref()), Some("web:1"));
    assert_eq!(release.breaker.unwrap().threshold, 3);
}

#[test]
fn without_a_record_the_deployments_tell_the_same_release() {
    for history in [vec![], vec![record("a", Record::Successful, 0, 1, 100)]] {
        let release = current(&named(releasing(), "b"), &history).unwrap();
        assert_eq!(release.status, ReleaseStatus::InProgress);
        assert_eq!(
            release.id.0,
            record_arn("b").as_str(),
            "the id stays when the record arrives"
        );
        assert_eq!(definition(release.new.as_ref()), Some("web:2"));
        assert_eq!(definition(release.old.as_ref()), Some("web:1"));
    }
    let unnamed = current(&releasing(), &[]).unwrap();
    assert_eq!(unnamed.id.0, "ecs-svc/2");
    assert_eq!(unnamed.breaker.unwrap().threshold, 3);
}

#[test]
fn a_finished_record_does_not_speak_for_a_deployment_that_began_later() {
    let old = record("a", Record::Successful, 0, 1, 100);
    let release = current(&releasing(), std::slice::from_ref(&old)).unwrap();
    assert_eq!(release.status, ReleaseStatus::InProgress);
    assert_eq!(definition(release.new.as_ref()), Some("web:2"));
    assert_eq!(past(&[old], Some(&release.id)).len(), 1);
}

#[test]
fn a_record_that_is_newer_than_the_service_says_comes_first() {
    let history = [
        record("c", Record::InProgress, 2, 3, 2_000),
        record("b", Record::Successful, 1, 2, 1_000),
    ];
    let release = current(&named(service(vec![deployment(2, 2)]), "b"), &history).unwrap();
    assert_eq!(release.status, ReleaseStatus::InProgress);
    assert_eq!(definition(release.new.as_ref()), Some("web:3"));
    let old = release.old.unwrap();
    assert_eq!((old.task_definition, old.running), (Some(web(2)), Some(4)));
}

#[test]
fn on_the_way_back_the_new_side_stays_what_the_release_tried() {
    let tried = Deployment {
        failed: 3,
        running: 0,
        rollout_state: Some(RolloutState::Failed),
        ..active(2, 2)
    };
    let mut back = moving(3, 1);
    back.rollout_reason =
        Some("ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.".into());
    let going = service(vec![back, tried]);
    let mut history = [record("b", Record::RollbackInProgress, 1, 2, 1_000)];
    history[0].breaker = Some(reading("TRIGGERED", 3, 3));
    for records in [&history[..], &[]] {
        let release = current(&named(going.clone(), "b"), records).unwrap();
        assert_eq!(release.status, ReleaseStatus::RollingBack);
        assert_eq!(definition(release.new.as_ref()), Some("web:2"));
        assert_eq!(definition(release.old.as_ref()), Some("web:1"));
        assert_eq!(release.new.as_ref().unwrap().failed, Some(3));
        assert_eq!(release.stage, Some(Stage::Replacing));
        assert!(release.finished_at.is_none());
    }
}

#[test]
fn a_rollback_that_was_only_asked_for_counts_for_the_side_that_runs() {
    let history = [record("b", Record::RollbackRequested, 1, 2, 1_000)];
    let release = current(&named(releasing(), "b"), &history).unwrap();
    assert_eq!(release.status, ReleaseStatus::RollingBack);
    assert_eq!(release.new.as_ref().unwrap().running, Some(1));
    assert_eq!(release.old.as_ref().unwrap().running, Some(4));
    assert_eq!(release.stage, Some(Stage::Draining));
}

#[test]
fn a_rollback_is_never_a_success() {
    let restored = named(service(vec![deployment(3, 1)]), "b");
    let mut history = [record("b", Record::RollbackSuccessful, 1, 2, 1_000)];
    history[0].rollback_reason = Some("the breaker".into());
    let release = current(&restored, &history).unwrap();
    assert_eq!(release.status, ReleaseStatus::RolledBack);
    assert_eq!(release.reason.as_deref(), Some("the breaker"));
    assert_eq!(definition(release.new.as_ref()), Some("web:2"));
    assert_eq!(release.old.unwrap().running, Some(4));
    assert_eq!(release.stage, None);

    let mut back = deployment(3, 1);
    back.rollout_reason = Some("Rolling back to deploymentId ecs-svc/1.".into());
    let release = current(&service(vec![back.clone()]), &[]).unwrap();
    assert_eq!(release.status, ReleaseStatus::RolledBack);
    back.rollout_state = Some(RolloutState::Failed);
    let release = current(&service(vec![back]), &[]).unwrap();
    assert_eq!(release.status, ReleaseStatus::RollbackFailed);
}

#[test]
fn a_tripped_breaker_without_rollback_is_a_failure_and_so_is_a_failed_deployment() {
    let failed = Deployment {
        rollout_state: Some(RolloutState::Failed),
        ..moving(2, 2)
    };
    let standing = named(service(vec![failed, active(1, 1)]), "b");
    let mut history = [record("b", Record::Stopped, 1, 2, 1_000)];
    let status = |history: &[ServiceDeployment]| current(&standing, history).unwrap().status;
    assert_eq!(status(&history), ReleaseStatus::Failed, "an alarm ended it");
    assert_eq!(status(&[]), ReleaseStatus::Failed);
    history[0].breaker = Some(reading("TRIGGERED", 3, 3));
    assert_eq!(past(&history, None)[0].status, ReleaseStatus::Failed);
}

#[test]
fn superseded_is_told_from_stopped_by_what_began_before_the_end() {
    let history = |later: i64| {
        past(
            &[
                record("b", Record::Successful, 1, 3, later),
                record("a", Record::Stopped, 1, 2, 1_000),
            ],
            None,
        )
    };
    let statuses = |later| {
        history(later)
            .into_iter()
            .map(|release| release.status)
            .collect::<Vec<_>>()
    };
    let superseded = [ReleaseStatus::Succeeded, ReleaseStatus::Superseded];
    assert_eq!(statuses(1_050), superseded);
    assert_eq!(statuses(1_100), superseded, "at the very end");
    assert_eq!(statuses(1_101)[1], ReleaseStatus::Stopped);
    // Without any end a later release is enough.
    let mut open = record("a", Record::Stopped, 1, 2, 1_000);
    open.finished_at = None;
    let records = [record("b", Record::Successful, 1, 3, 9_000), open];
    assert_eq!(past(&records, None)[1].status, ReleaseStatus::Superseded);
}

#[test]
fn a_force_redeploy_keeps_its_sides_apart_though_both_run_the_same() {
    let redeploy = named(service(vec![moving(3, 2), active(2, 2)]), "c");
    let history = [record("c", Record::InProgress, 2, 2, 1_000)];
    for records in [&history[..], &[]] {
        let release = current(&redeploy, records).unwrap();
        let running = |side: &Option<Side>| side.as_ref().unwrap().running;
        assert_eq!(
            (running(&release.old), running(&release.new)),
            (Some(4), Some(1))
        );
        let id = release.new.unwrap().deployment.unwrap();
        assert_eq!(id.as_str(), "ecs-svc/3");
    }
    let back = [record("c", Record::RollbackInProgress, 2, 2, 1_000)];
    let release = current(&redeploy, &back).unwrap();
    assert_eq!(
        release.old.unwrap().deployment.unwrap().as_str(),
        "ecs-svc/3"
    );
}

#[test]
fn what_this_version_does_not_know_stays_watched() {
    let unknown = Record::Unknown("PAUSED".into());
    let history = [record("b", unknown, 1, 2, 1_000)];
    let release = current(&named(releasing(), "b"), &history).unwrap();
    assert_eq!(release.status, ReleaseStatus::Unknown("PAUSED".into()));
    assert_eq!(release.status.key(), "paused");
    assert!(!release.status.is_over());

    let mut odd = moving(2, 2);
    odd.rollout_state = Some(RolloutState::Unknown("HELD".into()));
    let odd = service(vec![odd]);
    assert!(odd.is_moving());
    assert_eq!(
        current(&odd, &[]).unwrap().status,
        ReleaseStatus::Unknown("HELD".into())
    );
}

#[test]
fn a_service_without_rollout_state_moves_while_an_older_deployment_has_tasks() {
    let plain = |mut one: Deployment| {
        one.rollout_state = None;
        one
    };
    let status = |deployments: Vec<Deployment>| {
        current(&service(deployments), &[]).map(|release| release.status)
    };
    assert_eq!(
        status(vec![plain(moving(2, 2)), plain(active(1, 1))]),
        Some(ReleaseStatus::InProgress)
    );
    assert_eq!(
        status(vec![plain(moving(2, 2))]),
        Some(ReleaseStatus::Succeeded)
    );
    let mut over = plain(active(1, 1));
    over.status = DeploymentStatus::Inactive;
    assert_eq!(
        status(vec![plain(deployment(2, 2)), over]),
        Some(ReleaseStatus::Succeeded)
    );
    assert_eq!(status(vec![]), None);
}

#[test]
fn task_sets_tell_old_and_new_before_and_after_the_cutover() {
    let moved = |sets| Service {
        controller: Controller::CodeDeploy,
        task_sets: sets,
        ..service(vec![])
    };
    let mut green = task_set("green", "ACTIVE", 2, 200);
    green.external_id = Some("d-123".into());
    let before = current(
        &moved(vec![green.clone(), task_set("blue", "PRIMARY", 1, 100)]),
        &[],
    )
    .unwrap();
    green.status = "PRIMARY".into();
    let after = current(
        &moved(vec![task_set("blue", "ACTIVE", 1, 100), green.clone()]),
        &[],
    )
    .unwrap();
    for release in [before, after] {
        assert_eq!(release.id.0, "d-123");
        assert_eq!(release.mechanism, Mechanism::CodeDeploy);
        assert_eq!(release.status, ReleaseStatus::InProgress);
        assert_eq!(definition(release.new.as_ref()), Some("web:2"));
        assert_eq!(definition(release.old.as_ref()), Some("web:1"));
    }
    let alone = current(&moved(vec![green]), &[]).unwrap();
    assert_eq!((alone.status, alone.old), (ReleaseStatus::Succeeded, None));
    assert_eq!(current(&moved(vec![]), &[]), None);
}

#[test]
fn the_stage_of_a_rolling_release_is_read_off_the_counts() {
    let stage = |running: u32, left: u32, desired: u32| {
        let new = Deployment {
            desired,
            running,
            ..moving(2, 2)
        };
        let old = Deployment {
            running: left,
            ..active(1, 1)
        };
        current(&service(vec![new, old]), &[]).unwrap().stage
    };
    assert_eq!(stage(0, 4, 4), Some(Stage::Starting));
    assert_eq!(stage(1, 4, 4), Some(Stage::Replacing));
    assert_eq!(stage(4, 1, 4), Some(Stage::Draining));
    assert_eq!(stage(4, 0, 4), Some(Stage::Settling));
    assert_eq!(stage(0, 2, 0), Some(Stage::Draining));
    assert_eq!(stage(0, 0, 0), Some(Stage::Settling));
}

#[test]
fn a_stop_that_was_asked_for_does_not_end_the_clock() {
    let mut asked = record("b", Record::RollbackInProgress, 1, 2, 1_000);
    asked.stopped_at = Some(at(1_010));
    let release = &past(&[asked], None)[0];
    assert_eq!(release.finished_at, None);
    assert_eq!(release.duration_seconds(at(1_060)), Some(60));
}

#[test]
fn lifecycle_stages_are_kept_as_they_came_until_the_end() {
    let mut moving = record("b", Record::InProgress, 1, 2, 1_000);
    moving.lifecycle_stage = Some("BAKE_TIME".into());
    let stage = past(std::slice::from_ref(&moving), None)[0].stage.clone();
    assert_eq!(stage.unwrap().key(), "bake_time");
    moving.status = Record::Successful;
    assert_eq!(past(&[moving], None)[0].stage, None);
}

fn standing(id: &str, status: ReleaseStatus, started: i64) -> Release {
    let record = record(id, Record::Successful, 1, 2, started);
    Release {
        status,
        ..past(&[record], None).remove(0)
    }
}

#[test]
fn the_worst_stands_on_top_and_ties_have_an_order() {
    let mut failing = standing("failing", ReleaseStatus::InProgress, 60);
    failing.new.as_mut().unwrap().failed = Some(1);
    let mut disagreeing = standing("disagreeing", ReleaseStatus::InProgress, 95);
    disagreeing.warnings = vec![Warning::TrafficDisagrees {
        wanted: 100.0,
        real: 0.0,
    }];
    let waits = |id: &str, started, expires: Option<i64>| Release {
        gate: Some(Gate {
            kind: GateKind::CodeDeployReady {
                deployment: id.into(),
            },
            expires_at: expires.map(at),
            on_timeout: None,
        }),
        ..standing(id, ReleaseStatus::Waiting, started)
    };
    let mut board = vec![
        standing("done-early", ReleaseStatus::Succeeded, 10),
        standing("done-late", ReleaseStatus::RolledBack, 20),
        standing("pending", ReleaseStatus::Pending, 30),
        standing("young", ReleaseStatus::InProgress, 90),
        standing("old", ReleaseStatus::InProgress, 50),
        standing("odd", ReleaseStatus::Unknown("X".into()), 40),
        waits("waits-for-ever", 10, None),
        waits("waits-late", 20, Some(900)),
        waits("waits-soon", 30, Some(800)),
        disagreeing,
        failing,
        standing("back", ReleaseStatus::RollingBack, 40),
        standing("failed", ReleaseStatus::Failed, 40),
        standing("broken-b", ReleaseStatus::RollbackFailed, 40),
        standing("broken-a", ReleaseStatus::RollbackFailed, 40),
    ];
    for _ in 0..board.len() {
        board.rotate_left(1);
        let mut sorted: Vec<&Release> = board.iter().collect();
        sorted.sort_by(|a, b| board_order(a, b));
        let order: Vec<&str> = sorted
            .iter()
            .map(|release| release.record.as_ref().unwrap().name())
            .collect();
        assert_eq!(
            order,
            [
                "broken-a",
                "broken-b",
                "failed",
                "back",
                "waits-soon",
                "waits-late",
                "waits-for-ever",
                "failing",
                "disagreeing",
                "odd",
                "old",
                "young",
                "pending",
                "done-late",
                "done-early"
            ]
        );
    }
}
