//! Every goal and every way it can end.

mod steering;

use super::*;
use crate::domain::fixture::*;
use crate::domain::service::Deployment;
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;

fn redeploy() -> Goal {
    Goal::NewDeploymentEnds {
        cluster: cluster("prod"),
        service: service_arn("web"),
        before: Some(DeploymentId::new("ecs-svc/1")),
        task_definition: None,
    }
}

fn to_revision(revision: u32) -> Goal {
    Goal::NewDeploymentEnds {
        cluster: cluster("prod"),
        service: service_arn("web"),
        before: Some(DeploymentId::new("ecs-svc/1")),
        task_definition: Some(web(revision)),
    }
}

fn seen<'a>(service: &'a Service, history: &'a [ServiceDeployment]) -> Observation<'a> {
    Observation {
        service: Some(service),
        history,
        ..Observation::default()
    }
}

fn is_waiting(progress: &Progress) -> bool {
    matches!(progress, Progress::Waiting(_))
}

fn is_missed(progress: &Progress, words: &str) -> bool {
    matches!(progress, Progress::Missed(text) if text.contains(words))
}

#[test]
fn nothing_read_proves_nothing() {
    let goals = [
        redeploy(),
        Goal::RollbackEnds {
            cluster: cluster("prod"),
            service: service_arn("web"),
            record: record_arn("b"),
        },
        Goal::CountReached {
            cluster: cluster("prod"),
            service: service_arn("web"),
            desired: 4,
            before: 2,
        },
        Goal::TaskStopped {
            cluster: cluster("prod"),
            task: task_arn("a"),
        },
    ];
    for goal in goals {
        assert!(
            is_waiting(&progress(&goal, Observation::default())),
            "{goal:?}"
        );
        let gone = Observation {
            service_gone: true,
            ..Observation::default()
        };
        let task = matches!(goal, Goal::TaskStopped { .. });
        assert_eq!(
            is_missed(&progress(&goal, gone), "not there any more"),
            !task
        );
    }
}

#[test]
fn a_new_deployment_is_waited_for_and_then_followed_to_its_end() {
    let before = service(vec![deployment(1, 1)]);
    assert_eq!(
        progress(&redeploy(), seen(&before, &[])),
        Progress::Waiting("the new deployment to appear".into())
    );
    let moving = releasing();
    assert_eq!(
        progress(&redeploy(), seen(&moving, &[])),
        Progress::Waiting("replacing".into())
    );
    let done = service(vec![deployment(2, 2)]);
    let reached = Progress::Reached("web:2 runs, 4 tasks".into());
    assert_eq!(progress(&redeploy(), seen(&done, &[])), reached);
    assert_eq!(progress(&to_revision(2), seen(&done, &[])), reached);
    let draining = Service {
        status: "DRAINING".into(),
        ..done
    };
    assert!(is_missed(
        &progress(&redeploy(), seen(&draining, &[])),
        "DRAINING"
    ));
}

#[test]
fn a_finished_record_of_an_earlier_release_does_not_end_the_new_one() {
    let history = [record("a", Record::Successful, 0, 1, 100)];
    assert!(is_waiting(&progress(
        &redeploy(),
        seen(&releasing(), &history)
    )));
}

#[test]
fn a_deployment_that_is_changed_in_place_counts_as_the_new_one() {
    let mut changed = deployment(1, 2);
    changed.rollout_state = None;
    let changed = service(vec![changed]);
    assert!(matches!(
        progress(&to_revision(2), seen(&changed, &[])),
        Progress::Reached(_)
    ));
    assert!(is_waiting(&progress(&redeploy(), seen(&changed, &[]))));
}

#[test]
fn a_rollback_is_never_a_success() {
    // With ECS's record.
    let restored = service(vec![deployment(3, 1)]);
    let mut history = [record("b", Record::RollbackSuccessful, 1, 2, 1_000)];
    history[0].rollback_reason = Some("the breaker".into());
    let ended = progress(&redeploy(), seen(&restored, &history));
    assert_eq!(ended, Progress::Missed("ROLLED BACK: the breaker".into()));
    // Without one, by what runs.
    let ended = progress(&to_revision(2), seen(&restored, &[]));
    assert!(is_missed(&ended, "not web:2: web:1 runs"), "{ended:?}");
    // Without one, and the same task definition on both sides: by the deployment that failed.
    let failed = Deployment {
        rollout_state: Some(RolloutState::Failed),
        running: 0,
        ..active(2, 1)
    };
    let both = service(vec![deployment(3, 1), failed]);
    let ended = progress(&redeploy(), seen(&both, &[]));
    assert!(is_missed(&ended, "ROLLED BACK"), "{ended:?}");
}

#[test]
fn every_other_end_of_a_release_is_told() {
    let standing = service(vec![deployment(2, 2)]);
    let end = |status: Record| {
        let mut ended = record("b", status, 1, 2, 1_000);
        ended.status_reason = Some("why".into());
        progress(&redeploy(), seen(&standing, &[ended]))
    };
    assert!(matches!(end(Record::Successful), Progress::Reached(_)));
    assert!(is_missed(
        &end(Record::RollbackFailed),
        "rollback failed: why"
    ));
    assert!(is_missed(&end(Record::Stopped), "was stopped"));
    for going in [
        Record::Pending,
        Record::InProgress,
        Record::StopRequested,
        Record::RollbackRequested,
        Record::RollbackInProgress,
        Record::Unknown("HELD".into()),
    ] {
        assert!(is_waiting(&end(going)));
    }
}

#[test]
fn another_release_that_came_after_is_not_taken_for_ours() {
    let theirs = service(vec![deployment(4, 3)]);
    let history = [
        record("c", Record::Successful, 2, 3, 1_050),
        record("b", Record::Stopped, 1, 2, 1_000),
    ];
    let ended = progress(&to_revision(2), seen(&theirs, &history));
    assert!(is_missed(&ended, "not web:2: web:3 runs"), "{ended:?}");
}

#[test]
fn a_rollback_that_was_asked_for_ends_in_every_way() {
    let goal = Goal::RollbackEnds {
        cluster: cluster("prod"),
        service: service_arn("web"),
        record: record_arn("b"),
    };
    let end = |status: Record| {
        let history = [
            record("a", Record::RollbackSuccessful, 0, 1, 10),
            record("b", status, 1, 2, 1_000),
        ];
        progress(&goal, seen(&releasing(), &history))
    };
    assert!(matches!(
        end(Record::RollbackSuccessful),
        Progress::Reached(_)
    ));
    assert!(is_missed(
        &end(Record::RollbackFailed),
        "the rollback failed"
    ));
    assert!(is_missed(&end(Record::Successful), "succeeded before"));
    assert!(is_missed(&end(Record::Stopped), "was stopped"));
    assert!(is_waiting(&end(Record::InProgress)));
    assert!(is_waiting(&end(Record::RollbackInProgress)));
    let other = [record("a", Record::RollbackSuccessful, 0, 1, 10)];
    assert!(is_waiting(&progress(&goal, seen(&releasing(), &other))));
}

#[test]
fn a_count_is_reached_when_so_many_run_and_none_is_pending() {
    let goal = Goal::CountReached {
        cluster: cluster("prod"),
        service: service_arn("web"),
        desired: 6,
        before: 4,
    };
    let at = |desired: u32, running: u32, pending: u32| {
        let counted = Service {
            desired,
            running,
            pending,
            ..service(vec![deployment(1, 1)])
        };
        progress(&goal, seen(&counted, &[]))
    };
    assert!(is_waiting(&at(4, 4, 0)));
    assert!(is_waiting(&at(6, 5, 1)));
    assert!(is_waiting(&at(6, 6, 1)));
    assert!(matches!(at(6, 6, 0), Progress::Reached(_)));
    assert!(is_missed(&at(9, 6, 0), "set the desired count to 9"));
}

#[test]
fn a_task_is_stopped_when_it_says_so_or_is_forgotten() {
    let goal = Goal::TaskStopped {
        cluster: cluster("prod"),
        task: task_arn("a"),
    };
    let (up, down) = (running("a"), stopped("a", "", container(None, None)));
    let of = |task| Observation {
        task,
        ..Observation::default()
    };
    assert_eq!(
        progress(&goal, of(Some(&up))),
        Progress::Waiting("the task, which is RUNNING".into())
    );
    assert!(matches!(
        progress(&goal, of(Some(&down))),
        Progress::Reached(_)
    ));
    let gone = Observation {
        task_gone: true,
        ..Observation::default()
    };
    assert!(matches!(progress(&goal, gone), Progress::Reached(_)));
}
