//! Cutovers, stops and rollbacks, followed to what runs.

use super::*;
use crate::domain::codedeploy::{CodeDeployStatus as Status, CodeDeployment};
use crate::domain::lifecycle::HookStatus;
use crate::domain::service::Strategy;

const STAGE: &str = "PRE_PRODUCTION_TRAFFIC_SHIFT";

fn hook_goal() -> Goal {
    Goal::HookAnswered {
        cluster: cluster("prod"),
        service: service_arn("web"),
        record: record_arn("b"),
        hook: "h-1".into(),
        stage: Some(STAGE.into()),
    }
}

fn after(change: impl FnOnce(&mut ServiceDeployment)) -> Progress {
    let mut record = shifting(Strategy::Linear, STAGE, 10.0);
    record.hooks = vec![pause_hook("h-1", 9_000)];
    change(&mut record);
    progress(&hook_goal(), seen(&releasing(), &[record]))
}

fn reached(progress: &Progress, words: &str) -> bool {
    matches!(progress, Progress::Reached(text) if text.contains(words))
}

#[test]
fn a_hook_is_answered_when_the_release_moves_on() {
    assert!(is_waiting(&after(|_| {})));
    assert!(is_waiting(&after(|record| {
        record.hooks[0].status = HookStatus::Succeeded;
    })));
    let on = after(|record| {
        record.hooks.clear();
        record.lifecycle_stage = Some("PRODUCTION_TRAFFIC_SHIFT".into());
    });
    assert!(reached(&on, "production traffic shift"), "{on:?}");
    let again = after(|record| record.hooks = vec![pause_hook("h-2", 9_000)]);
    assert!(reached(&again, "waits again: hook h-2"), "{again:?}");
    let done = after(|record| record.status = Record::Successful);
    assert!(reached(&done, "succeeded"), "{done:?}");
}

#[test]
fn a_release_that_goes_back_after_the_answer_is_no_success() {
    let late = after(|record| record.hooks[0].status = HookStatus::TimedOut);
    assert!(is_missed(&late, "timed out"));
    for (status, words) in [
        (Record::RollbackInProgress, "rolls back"),
        (Record::RollbackSuccessful, "ROLLED BACK"),
        (Record::RollbackFailed, "rollback failed"),
        (Record::Stopped, "was stopped"),
    ] {
        let ended = after(|record| record.status = status);
        assert!(is_missed(&ended, words), "{ended:?}");
    }
}

fn service_of(primary: u32) -> Service {
    moved_by_codedeploy(vec![task_set("set", "PRIMARY", primary, 1_000)])
}

fn code(status: Status) -> CodeDeployment {
    code_deployment("d-2", status, 2, 2_000)
}

fn judged(goal: &Goal, one: Option<&CodeDeployment>, back: Option<&CodeDeployment>) -> Progress {
    let service = service_of(1);
    let seen = Observation {
        service: Some(&service),
        deployment: one,
        rollback: back,
        ..Observation::default()
    };
    progress(goal, seen)
}

fn succeeds() -> Goal {
    Goal::DeploymentSucceeds {
        cluster: cluster("prod"),
        service: service_arn("web"),
        deployment: None,
    }
}

#[test]
fn a_made_deployment_is_known_by_the_id_of_the_answer() {
    let mut goal = succeeds();
    assert_eq!(goal.code_deployment(), None);
    goal.made("d-2");
    goal.made("d-3");
    assert_eq!(goal.code_deployment(), Some("d-2"));
    let mut other = redeploy();
    other.made("d-2");
    assert_eq!(other, redeploy());
}

#[test]
fn a_deployment_ends_in_every_way() {
    let end = |status| judged(&succeeds(), Some(&code(status)), None);
    assert!(is_waiting(&judged(&succeeds(), None, None)));
    assert!(reached(&end(Status::Succeeded), "d-2 succeeded"));
    let mut failed = code(Status::Failed);
    failed.error = Some(("ALARM_ACTIVE".into(), "an alarm fired".into()));
    failed.rolled_back_by = Some("d-3".into());
    let missed = judged(&succeeds(), Some(&failed), None);
    assert!(is_missed(
        &missed,
        "ALARM_ACTIVE: an alarm fired; d-3 rolls it back"
    ));
    assert!(is_missed(&end(Status::Stopped), "was stopped"));
    let unknown = Status::Unknown("Held".into());
    for status in [
        Status::Created,
        Status::Ready,
        Status::InProgress,
        Status::Baking,
        unknown,
    ] {
        assert!(is_waiting(&end(status)));
    }
}

#[test]
fn a_stop_can_lose_against_success() {
    let goal = Goal::DeploymentStops {
        cluster: cluster("prod"),
        service: service_arn("web"),
        deployment: "d-2".into(),
    };
    let end = |status| judged(&goal, Some(&code(status)), None);
    assert!(reached(&end(Status::Stopped), "traffic stays"));
    assert!(is_missed(
        &end(Status::Succeeded),
        "before it could be stopped"
    ));
    assert!(is_waiting(&end(Status::InProgress)));
    let mut back = code(Status::Stopped);
    back.rolled_back_by = Some("d-3".into());
    assert!(is_missed(
        &judged(&goal, Some(&back), None),
        "d-3 rolls it back"
    ));
}

#[test]
fn a_rollback_is_proved_by_its_own_deployment_and_by_what_is_primary() {
    let to = |revision| Goal::DeploymentRolledBack {
        cluster: cluster("prod"),
        service: service_arn("web"),
        deployment: "d-2".into(),
        task_definition: Some(web(revision)),
    };
    let stopped = code(Status::Stopped);
    assert!(is_waiting(&judged(
        &to(1),
        Some(&code(Status::InProgress)),
        None
    )));
    assert!(is_waiting(&judged(&to(1), Some(&stopped), None)));
    let too_late = judged(&to(1), Some(&code(Status::Succeeded)), None);
    assert!(is_missed(&too_late, "before it could be stopped"));
    let mut named = stopped;
    named.rolled_back_by = Some("d-3".into());
    assert!(is_waiting(&judged(&to(1), Some(&named), None)));
    let end = |goal: &Goal, status| {
        let back = code_deployment("d-3", status, 1, 3_000);
        judged(goal, Some(&named), Some(&back))
    };
    assert!(is_waiting(&end(&to(1), Status::InProgress)));
    assert!(reached(
        &end(&to(1), Status::Succeeded),
        "ROLLED BACK: web:1 runs"
    ));
    assert!(is_waiting(&end(&to(9), Status::Succeeded)));
    assert!(is_missed(
        &end(&to(1), Status::Failed),
        "the rollback failed"
    ));
}

#[test]
fn a_task_set_is_waited_for_until_it_is_primary() {
    let of = |id: &str| Goal::PrimaryTaskSet {
        cluster: cluster("prod"),
        service: service_arn("web"),
        task_set: id.into(),
    };
    assert!(reached(&judged(&of("set"), None, None), "web:1"));
    assert!(is_missed(
        &judged(&of("gone"), None, None),
        "not there any more"
    ));
    let mut service = service_of(1);
    service.task_sets[0].status = "ACTIVE".into();
    assert!(is_waiting(&progress(&of("set"), seen(&service, &[]))));
}
