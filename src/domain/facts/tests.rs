//! What counts as moved between the plan and the sending.

use super::*;
use crate::domain::failure::FailureKind;
use crate::domain::fixture::*;
use crate::domain::intent::Wish;
use crate::domain::service::{Deployment, RolloutState};
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;

/// The wish that stands on the most.
const COUNT: Wish = Wish::SetDesiredCount { desired: 9 };

fn moved(change: impl Fn(&mut Facts)) -> Vec<String> {
    let before = Facts {
        target: Some(Ok(definition(1, "ACTIVE"))),
        task: Some(running("a")),
        ..facts(
            releasing(),
            vec![record("b", Record::InProgress, 1, 2, 1_000)],
        )
    };
    let mut now = before.clone();
    change(&mut now);
    before.basis(&COUNT).moved(&now.basis(&COUNT))
}

fn service_of(facts: &mut Facts) -> &mut Service {
    facts.service.as_mut().unwrap()
}

#[test]
fn what_changes_by_the_second_moves_nothing() {
    let nothing: [fn(&mut Facts); 4] = [
        |_| {},
        |now| {
            let service = service_of(now);
            service.running = 9;
            service.pending = 3;
            service.deployments[0].running = 3;
            service.deployments[0].failed = 2;
        },
        |now| now.task.as_mut().unwrap().last_status = "PENDING".into(),
        |now| {
            now.history.as_mut().unwrap()[0].breaker = Some(reading("MONITORING", 2, 3));
        },
    ];
    for change in nothing {
        assert_eq!(moved(change), Vec::<String>::new());
    }
}

#[test]
fn each_fact_that_moved_is_told_in_a_sentence() {
    type Change = fn(&mut Facts);
    let cases: [(Change, &str); 13] = [
        (
            |now| now.identity.as_mut().unwrap().account = "9".into(),
            "the credentials are now those of account 9",
        ),
        (
            |now| now.identity = None,
            "whose credentials are in use could not be read",
        ),
        (
            |now| service_of(now).status = "DRAINING".into(),
            "the service is now DRAINING",
        ),
        (
            |now| service_of(now).task_definition = web(9),
            "the service's task definition is now web:9",
        ),
        (
            |now| service_of(now).desired = 5,
            "the desired count is now 5",
        ),
        (
            |now| service_of(now).deployments = vec![deployment(3, 2)],
            "another deployment began: ecs-svc/3",
        ),
        (
            |now| service_of(now).deployments[0].rollout_state = Some(RolloutState::Completed),
            "the deployment's rollout state is now COMPLETED",
        ),
        (
            |now| service_of(now).deployments[0].rollout_state = None,
            "the deployment has no rollout state any more",
        ),
        (
            |now| now.history.as_mut().unwrap()[0].status = Record::RollbackInProgress,
            "the release in flight is now ROLLBACK_IN_PROGRESS",
        ),
        (
            |now| now.history.as_mut().unwrap()[0].status = Record::Successful,
            "the release in flight has ended",
        ),
        (
            |now| now.history = Err(failure(FailureKind::Throttled)),
            "the releases could not be read again",
        ),
        (
            |now| now.target = Some(Ok(definition(1, "INACTIVE"))),
            "the revision to go to is now web:1, INACTIVE",
        ),
        (
            |now| now.task.as_mut().unwrap().desired_status = "STOPPED".into(),
            "the task is now stopping",
        ),
    ];
    for (change, sentence) in cases {
        assert_eq!(moved(change), [sentence]);
    }
    let newer = |now: &mut Facts| {
        let history = now.history.as_mut().unwrap();
        history.push(record("c", Record::Pending, 1, 3, 2_000));
    };
    assert_eq!(moved(newer), ["another release began: c"]);
    let gone = |now: &mut Facts| now.target = Some(Err(failure(FailureKind::NotFound)));
    assert_eq!(
        moved(gone),
        ["the revision to go to could not be read again"]
    );
    let deleted = |now: &mut Facts| service_of(now).deployments = Vec::<Deployment>::new();
    assert_eq!(moved(deleted), ["the service has no deployment any more"]);
}

#[test]
fn autoscaling_moves_nothing_but_a_change_of_the_count() {
    let before = facts(service(vec![deployment(1, 1)]), Vec::new());
    let mut now = before.clone();
    service_of(&mut now).desired += 1;
    let back = Wish::RollBack { to: None };
    assert_eq!(
        before.basis(&back).moved(&now.basis(&back)),
        Vec::<String>::new()
    );
    assert_eq!(before.basis(&COUNT).moved(&now.basis(&COUNT)).len(), 1);
}

#[test]
fn a_release_that_began_moves_nothing_for_the_stop_of_a_task() {
    let stop = Wish::StopTask {
        task: running("a").arn,
    };
    let before = Facts {
        task: Some(running("a")),
        ..facts(service(vec![deployment(1, 1)]), Vec::new())
    };
    let mut now = before.clone();
    now.service = Some(releasing());
    now.history = Ok(vec![record("b", Record::InProgress, 1, 2, 1_000)]);
    assert_eq!(
        before.basis(&stop).moved(&now.basis(&stop)),
        Vec::<String>::new()
    );
    now.task = None;
    assert_eq!(
        before.basis(&stop).moved(&now.basis(&stop)),
        ["the task is now gone"]
    );
}

#[test]
fn a_history_that_can_be_read_only_now_tells_nothing_new_unless_something_is_in_flight() {
    let blind = Facts {
        history: Err(failure(FailureKind::Throttled)),
        ..facts(service(vec![deployment(1, 1)]), Vec::new())
    };
    let mut now = blind.clone();
    now.history = Ok(vec![record("a", Record::Successful, 0, 1, 100)]);
    assert_eq!(
        blind.basis(&COUNT).moved(&now.basis(&COUNT)),
        Vec::<String>::new()
    );
    now.history = Ok(vec![record("b", Record::InProgress, 1, 2, 1_000)]);
    assert_eq!(
        blind.basis(&COUNT).moved(&now.basis(&COUNT)),
        ["another release began: b"]
    );
}

#[test]
fn the_release_in_flight_is_the_newest_that_has_not_ended() {
    let history = vec![
        record("a", Record::InProgress, 1, 2, 1_000),
        record("c", Record::Successful, 2, 4, 3_000),
        record("b", Record::Unknown("HELD".into()), 2, 3, 2_000),
    ];
    let facts = facts(releasing(), history);
    assert_eq!(facts.in_flight().unwrap().arn.name(), "b");
}
