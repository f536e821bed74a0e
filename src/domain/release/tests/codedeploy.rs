//! Releases that CodeDeploy moves: their status, their way back, their strip, what they wait for.

use super::*;
use crate::domain::codedeploy::{CodeDeployStatus as Status, CodeDeployment, TrafficRouting};

/// A service in the middle of its release: a blue and a green task set.
fn two_sets() -> Service {
    let mut green = task_set("green", "ACTIVE", 2, 1_010);
    green.external_id = Some("d-2".into());
    moved_by_codedeploy(vec![task_set("blue", "PRIMARY", 1, 100), green])
}

fn newest(service: &Service, deployments: &[CodeDeployment]) -> Release {
    current_of(&Sources {
        codedeploy: deployments,
        ..Sources::of(service, &[])
    })
    .unwrap()
}

fn under_way(done: usize) -> CodeDeployment {
    let mut deployment = code_deployment("d-2", Status::InProgress, 2, 1_000);
    advance(&mut deployment, done);
    deployment
}

fn ready() -> CodeDeployment {
    let mut deployment = under_way(4);
    deployment.status = Status::Ready;
    let events = &mut deployment.target.as_mut().unwrap().events;
    events[4].status = "Succeeded".into();
    events[4].finished_at = Some(at(1_150));
    deployment
}

fn states(release: &Release) -> String {
    let letters = release.steps.iter().map(|step| match step.state {
        StepState::Done => '+',
        StepState::Now => '>',
        StepState::Waits => '=',
        StepState::Failed => 'x',
        StepState::ToCome => '.',
        StepState::Skipped => '-',
        StepState::Unknown => '?',
    });
    letters.collect()
}

#[test]
fn one_that_is_ready_waits_for_a_person_and_is_stopped_after_its_wait() {
    let release = newest(&two_sets(), &[ready()]);
    assert_eq!(release.status, ReleaseStatus::Waiting);
    assert_eq!(release.id.0, "d-2");
    let gate = release.gate.as_ref().unwrap();
    assert_eq!(gate.kind.key(), "codedeploy_ready");
    assert_eq!(gate.expires_at, Some(at(1_150 + 20 * 60)));
    assert_eq!(gate.timeout_key().as_deref(), Some("stop_deployment"));
    let deadline = release.deadline.as_ref().unwrap();
    assert_eq!(deadline.then(), "it is stopped");
    assert_eq!((deadline.at, deadline.exact), (at(2_350), true));
    assert_eq!(release.stage, Some(Stage::Lifecycle("READY_WAIT".into())));
    assert_eq!(states(&release), "+++++=....");
}

#[test]
fn one_that_goes_on_by_itself_waits_for_a_timer_only() {
    let mut deployment = ready();
    deployment.ready.as_mut().unwrap().continues = true;
    let release = newest(&two_sets(), &[deployment.clone()]);
    assert_eq!(
        (&release.status, &release.gate),
        (&ReleaseStatus::InProgress, &None)
    );
    assert!(release.is_waiting_for_timer());
    assert_eq!(release.deadline.unwrap().then(), "it goes on");
    // Where nobody told what follows, it is better to ask.
    deployment.ready = None;
    let release = newest(&two_sets(), &[deployment]);
    assert_eq!(
        (release.status, release.deadline),
        (ReleaseStatus::Waiting, None)
    );
    assert_eq!(release.gate.unwrap().on_timeout, None);
}

#[test]
fn the_strip_has_codedeploys_own_times() {
    let release = newest(&two_sets(), &[under_way(3)]);
    let labels: Vec<&str> = release
        .steps
        .iter()
        .map(|step| step.label.as_str())
        .collect();
    assert_eq!(
        labels,
        [
            "before install",
            "install",
            "installed",
            "test shift",
            "test shifted",
            "ready wait",
            "before production",
            "production 1/2",
            "production shifted",
            "termination wait"
        ]
    );
    assert_eq!(states(&release), "+++>......");
    assert!(release.steps.iter().all(|step| step.exact));
    assert_eq!(release.steps[1].seconds(at(9_999)), Some(30));
    assert_eq!(release.steps[3].seconds(at(1_100)), Some(10));
    assert_eq!(release.stage.unwrap().key(), "allow_test_traffic");
}

#[test]
fn the_ready_wait_has_passed_once_the_traffic_moves() {
    let mut deployment = under_way(6);
    let sets = &mut deployment.target.as_mut().unwrap().task_sets;
    sets[0].traffic_percent = Some(90.0);
    sets[1].traffic_percent = Some(10.0);
    let release = newest(&two_sets(), &[deployment.clone()]);
    assert_eq!(states(&release), "++++++".to_owned() + "+>..");
    let deadline = release.deadline.unwrap();
    assert_eq!(deadline.kind, DeadlineKind::StepBake);
    assert_eq!((deadline.at, deadline.exact), (at(1_180 + 300), false));
    let shift = release.shift.unwrap();
    assert_eq!((shift.step, shift.steps), (1, 2));
    assert_eq!(release.new.unwrap().production_percent, Some(10.0));

    deployment.routing = Some(TrafficRouting::Linear {
        percent: 10,
        minutes: 3,
    });
    let sets = &mut deployment.target.as_mut().unwrap().task_sets;
    sets[1].traffic_percent = Some(40.0);
    let release = newest(&two_sets(), &[deployment]);
    assert_eq!(release.deadline.unwrap().at, at(1_180 + 4 * 180));
    assert_eq!(release.shift.unwrap().steps, 10);
}

#[test]
fn all_traffic_is_not_the_end_the_original_is_kept_for_a_while() {
    let mut deployment = under_way(8);
    deployment.termination_wait_started = true;
    let release = newest(&two_sets(), &[deployment]);
    assert_eq!(release.status, ReleaseStatus::InProgress);
    assert_eq!(states(&release), "+++++++++>");
    let deadline = release.deadline.as_ref().unwrap();
    assert_eq!(deadline.kind, DeadlineKind::TerminationWait);
    assert_eq!(deadline.at, at(1_240 + 600));
    assert!(release.is_waiting_for_timer());
    assert_eq!(release.stage.unwrap().label(), "termination wait");
}

#[test]
fn a_rollback_is_the_way_back_of_what_it_undoes_and_no_release() {
    let mut failed = under_way(4);
    failed.status = Status::Stopped;
    failed.finished_at = Some(at(1_400));
    let mut back = code_deployment("d-3", Status::InProgress, 1, 1_410);
    back.creator = Some("codeDeployRollback".into());
    let cases = [
        (Status::Created, ReleaseStatus::RollingBack),
        (Status::InProgress, ReleaseStatus::RollingBack),
        (Status::Unknown("Paused".into()), ReleaseStatus::RollingBack),
        (Status::Succeeded, ReleaseStatus::RolledBack),
        (Status::Failed, ReleaseStatus::RollbackFailed),
        (Status::Stopped, ReleaseStatus::RollbackFailed),
    ];
    // Either of the two can name the other; the list comes in any order.
    for (status, expected) in cases {
        for forward in [true, false] {
            let (mut undone, mut rollback) = (failed.clone(), back.clone());
            if forward {
                undone.rolled_back_by = Some("d-3".into());
            } else {
                rollback.rolls_back = Some("d-2".into());
            }
            rollback.finished_at = status.is_over().then(|| at(1_500));
            rollback.status = status.clone();
            let deployments = [rollback, undone];
            let release = newest(&two_sets(), &deployments);
            assert_eq!(
                (&release.id.0[..], &release.status),
                ("d-2", &expected),
                "{status:?}"
            );
            assert_eq!(release.steps.last().unwrap().label, "roll back");
            assert_eq!(release.finished_at, status.is_over().then(|| at(1_500)));
            assert_eq!(definition(release.new.as_ref()), Some("web:2"));
            let service = two_sets();
            let past = past_of(
                &Sources {
                    codedeploy: &deployments,
                    ..Sources::of(&service, &[])
                },
                Some(&release.id),
            );
            assert_eq!(past, []);
        }
    }
}

#[test]
fn once_it_is_rolled_back_the_old_side_has_the_traffic_and_the_new_one_no_tasks() {
    let mut undone = under_way(6);
    undone.status = Status::Stopped;
    undone.rolled_back_by = Some("d-3".into());
    let sets = &mut undone.target.as_mut().unwrap().task_sets;
    for (set, percent) in sets.iter_mut().zip([40.0, 60.0]) {
        let id = if set.green { "green" } else { "blue" };
        (set.id, set.traffic_percent) = (Some(id.into()), Some(percent));
        (set.desired, set.running) = (4, 4);
    }
    let mut back = code_deployment("d-3", Status::InProgress, 1, 1_200);
    back.rolls_back = Some("d-2".into());
    let told = |service: &Service, back: &CodeDeployment| {
        let release = newest(service, &[undone.clone(), back.clone()]);
        let side = |side: Option<Side>| side.map(|side| (side.production_percent, side.running));
        (release.status, side(release.old), side(release.new))
    };
    let (status, old, _) = told(&two_sets(), &back);
    assert_eq!(status, ReleaseStatus::RollingBack);
    assert_eq!(old.unwrap().0, Some(40.0), "as it was when it stopped");
    back.status = Status::Succeeded;
    let blue = task_set("blue", "PRIMARY", 1, 100);
    let running = Some(blue.running);
    let (status, old, new) = told(&moved_by_codedeploy(vec![blue]), &back);
    assert_eq!(status, ReleaseStatus::RolledBack);
    assert_eq!(old, Some((Some(100.0), running)));
    assert_eq!(new, Some((Some(0.0), Some(0))));
}

#[test]
fn a_rollback_of_something_unknown_is_no_success_either() {
    let mut alone = code_deployment("d-3", Status::Succeeded, 1, 2_000);
    alone.rolls_back = Some("d-gone".into());
    let release = newest(&two_sets(), &[alone]);
    assert_eq!(release.status, ReleaseStatus::RolledBack);
    assert_eq!(definition(release.old.as_ref()), Some("web:1"));
    assert_eq!(release.new, None);
}

#[test]
fn a_rollback_that_was_named_and_not_read_is_under_way_while_something_moves() {
    let mut stopped = under_way(4);
    stopped.status = Status::Stopped;
    stopped.rolled_back_by = Some("d-3".into());
    let release = newest(&two_sets(), &[stopped.clone()]);
    assert_eq!(release.status, ReleaseStatus::RollingBack);
    let still = moved_by_codedeploy(vec![task_set("blue", "PRIMARY", 1, 100)]);
    assert_eq!(
        newest(&still, &[stopped.clone()]).status,
        ReleaseStatus::Stopped
    );
    stopped.status = Status::Succeeded;
    assert_eq!(newest(&still, &[stopped]).status, ReleaseStatus::RolledBack);
}

#[test]
fn the_statuses_of_a_deployment_without_rollback() {
    let cases = [
        (Status::Created, ReleaseStatus::Pending),
        (Status::Queued, ReleaseStatus::Pending),
        (Status::InProgress, ReleaseStatus::InProgress),
        (Status::Baking, ReleaseStatus::InProgress),
        (Status::Succeeded, ReleaseStatus::Succeeded),
        (Status::Failed, ReleaseStatus::Failed),
        (Status::Stopped, ReleaseStatus::Stopped),
        (
            Status::Unknown("Held".into()),
            ReleaseStatus::Unknown("Held".into()),
        ),
    ];
    for (status, expected) in cases {
        let release = newest(&two_sets(), &[code_deployment("d-2", status, 2, 1_000)]);
        assert_eq!(release.status, expected);
        assert_eq!(release.finished_at.is_some(), expected.is_over());
    }
}

#[test]
fn the_task_sets_speak_where_they_name_a_newer_deployment() {
    let old = code_deployment("d-1", Status::Succeeded, 1, 50);
    let release = newest(&two_sets(), std::slice::from_ref(&old));
    assert_eq!(release.id.0, "d-2");
    assert_eq!(release.status, ReleaseStatus::InProgress);
    assert_eq!(release.codedeploy.unwrap().deployment, "d-2");
    // A deployment that has no task set yet is newer than what the service tells.
    let mut next = code_deployment("d-9", Status::Created, 3, 5_000);
    next.target = None;
    let release = newest(&two_sets(), &[old, under_way(1), next]);
    assert_eq!(release.id.0, "d-9");
    assert_eq!(definition(release.new.as_ref()), Some("web:3"));
}

#[test]
fn both_sides_come_from_the_task_sets_and_the_past_from_the_deployments() {
    let first = code_deployment("d-1", Status::Succeeded, 1, 50);
    let service = two_sets();
    let deployments = [under_way(5), first];
    let sources = Sources {
        codedeploy: &deployments,
        ..Sources::of(&service, &[])
    };
    let release = current_of(&sources).unwrap();
    let (old, new) = (release.old.unwrap(), release.new.unwrap());
    assert_eq!(
        (old.task_set.as_deref(), new.task_set.as_deref()),
        (Some("blue"), Some("green"))
    );
    assert_eq!((old.running, new.running), (Some(2), Some(2)));
    assert_eq!(
        (old.test_percent, new.test_percent),
        (Some(0.0), Some(100.0))
    );
    assert_eq!(
        (old.production_percent, new.production_percent),
        (Some(100.0), Some(0.0))
    );
    let past = past_of(&sources, Some(&release.id));
    assert_eq!(past.len(), 1);
    assert_eq!(
        (&past[0].id.0[..], &past[0].status),
        ("d-1", &ReleaseStatus::Succeeded)
    );
    assert_eq!(past[0].started_by.as_deref(), Some("user"));
}

#[test]
fn what_an_earlier_deployment_brought_is_told_by_the_task_set_that_it_made() {
    let mut first = code_deployment("d-1", Status::Succeeded, 1, 50);
    first.task_definition = None;
    let mut service = two_sets();
    service.task_sets[0].external_id = Some("d-1".into());
    let deployments = [under_way(5), first];
    let sources = Sources {
        codedeploy: &deployments,
        ..Sources::of(&service, &[])
    };
    let past = past_of(&sources, Some(&ReleaseId("d-2".into())));
    assert_eq!(definition(past[0].new.as_ref()), Some("web:1"));
}

#[test]
fn a_deployment_whose_target_was_not_read_has_no_strip() {
    let mut blind = under_way(3);
    blind.target = None;
    let release = newest(&two_sets(), &[blind]);
    assert_eq!(
        (release.steps.len(), release.stage, release.deadline),
        (0, None, None)
    );
    assert_eq!(definition(release.old.as_ref()), Some("web:1"));
    assert_eq!(definition(release.new.as_ref()), Some("web:2"));
}

#[test]
fn a_deployment_that_ended_at_ready_shows_where() {
    let mut stopped = ready();
    stopped.status = Status::Stopped;
    stopped.finished_at = Some(at(2_350));
    let release = newest(&two_sets(), &[stopped]);
    assert_eq!(states(&release), "+++++x----");
    assert_eq!(release.steps[5].seconds(at(9_999)), Some(1_200));
}

#[test]
fn task_sets_from_outside_tell_how_far_somebody_has_come() {
    let external = |status: &str, running: u32, others: Vec<crate::domain::service::TaskSet>| {
        let mut green = task_set("green", status, 2, 200);
        green.running = running;
        let mut task_sets = others;
        task_sets.push(green);
        let service = Service {
            controller: Controller::External,
            task_sets,
            ..service(vec![])
        };
        let release = current(&service, &[]).unwrap();
        (release.status, release.stage)
    };
    let blue = |status: &str| vec![task_set("blue", status, 1, 100)];
    let going = |stage| (ReleaseStatus::InProgress, Some(stage));
    assert_eq!(
        external("ACTIVE", 0, blue("PRIMARY")),
        going(Stage::Starting)
    );
    assert_eq!(
        external("ACTIVE", 1, blue("PRIMARY")),
        going(Stage::Replacing)
    );
    assert_eq!(
        external("ACTIVE", 2, blue("PRIMARY")),
        going(Stage::SideBySide)
    );
    assert_eq!(
        external("PRIMARY", 2, blue("ACTIVE")),
        going(Stage::CutOver)
    );
    assert_eq!(
        external("DRAINING", 2, blue("PRIMARY")),
        (ReleaseStatus::RollingBack, None)
    );
    assert_eq!(
        external("PRIMARY", 2, vec![]),
        (ReleaseStatus::Succeeded, None)
    );
}

#[test]
fn a_rollback_that_failed_says_why_rather_than_why_it_was_begun() {
    let mut stopped = under_way(6);
    stopped.status = Status::Stopped;
    stopped.error = Some(("MANUAL_STOP".into(), "stopped by a user".into()));
    stopped.rolled_back_by = Some("d-3".into());
    let mut back = code_deployment("d-3", Status::Failed, 1, 1_200);
    back.rolls_back = Some("d-2".into());
    back.error = Some(("ELASTIC_LOAD_BALANCING_INVALID".into(), "no way".into()));
    let service = two_sets();
    let failed = newest(&service, &[stopped.clone(), back.clone()]);
    assert_eq!(failed.status, ReleaseStatus::RollbackFailed);
    assert_eq!(
        failed.reason.as_deref(),
        Some("the rollback failed: no way")
    );
    back.status = Status::InProgress;
    let going = newest(&service, &[stopped, back]);
    assert_eq!(going.reason.as_deref(), Some("stopped by a user"));
}
