use super::*;
use crate::domain::fixture::{at, pause_hook, service, shifting};
use crate::domain::release::{Deadline, Gate, Sources, current_of};
use crate::domain::service::Strategy;

/// A blue/green release that a pause hook holds.
fn held() -> Release {
    let mut record = shifting(Strategy::BlueGreen, "POST_TEST_TRAFFIC_SHIFT", 0.0);
    record.hooks = vec![pause_hook("soon", 5_000)];
    let mut web = service(Vec::new());
    web.strategy = Strategy::BlueGreen;
    web.current_deployment = Some(record.arn.clone());
    current_of(&Sources::of(&web, std::slice::from_ref(&record))).unwrap()
}

/// The same release, held by something else.
fn held_by(gate: Option<Gate>, deadline: Option<DeadlineKind>) -> Release {
    Release {
        status: match gate {
            Some(_) => ReleaseStatus::Waiting,
            None => ReleaseStatus::InProgress,
        },
        gate,
        deadline: deadline.map(|kind| Deadline {
            kind,
            at: at(9_000),
            exact: true,
        }),
        ..held()
    }
}

fn ready() -> Gate {
    Gate {
        kind: GateKind::CodeDeployReady {
            deployment: "d-1".into(),
        },
        expires_at: Some(at(7_000)),
        on_timeout: Some(HookAction::Unknown("STOP_DEPLOYMENT".into())),
    }
}

#[test]
fn a_pause_hook_says_where_it_holds_and_what_follows() {
    let item = InboxItem::of_release(&held()).unwrap();
    assert_eq!(item.kind, WaitKind::PauseHook);
    assert_eq!(item.place.as_deref(), Some("test shifted"));
    assert_eq!(item.expires_at, Some(at(5_000)));
    assert_eq!(item.unanswered, Some(Unanswered::RollsBack));
    assert_eq!(
        item.announcement(),
        "web waits for you: pause hook, test shifted"
    );
    assert!(item.asks);
}

#[test]
fn a_deployment_that_is_ready_is_stopped_when_nobody_answers() {
    let item = InboxItem::of_release(&held_by(Some(ready()), None)).unwrap();
    assert_eq!(item.kind, WaitKind::Ready);
    assert_eq!(item.unanswered, Some(Unanswered::Stops));
    assert!(item.asks);
}

#[test]
fn what_ends_by_itself_without_harm_asks_for_nobody() {
    for (kind, wait, then) in [
        (
            DeadlineKind::TerminationWait,
            WaitKind::Termination,
            Unanswered::OriginalGoes,
        ),
        (
            DeadlineKind::ReadyWait { continues: true },
            WaitKind::Ready,
            Unanswered::GoesOn,
        ),
    ] {
        let item = InboxItem::of_release(&held_by(None, Some(kind))).unwrap();
        assert_eq!((&item.kind, &item.unanswered), (&wait, &Some(then)));
        assert!(!item.asks);
    }
}

#[test]
fn a_hook_that_goes_on_by_itself_still_asks() {
    let mut release = held();
    let gate = release.gate.as_mut().unwrap();
    gate.on_timeout = Some(HookAction::Continue);
    let item = InboxItem::of_release(&release).unwrap();
    assert_eq!(item.unanswered, Some(Unanswered::GoesOn));
    assert!(item.asks);
}

#[test]
fn a_release_that_moves_or_is_over_is_not_in_the_inbox() {
    assert_eq!(InboxItem::of_release(&held_by(None, None)), None);
    let bakes = held_by(None, Some(DeadlineKind::Bake));
    assert_eq!(InboxItem::of_release(&bakes), None);
    for status in [ReleaseStatus::Succeeded, ReleaseStatus::RollingBack] {
        let release = Release {
            status,
            ..held_by(None, Some(DeadlineKind::TerminationWait))
        };
        assert_eq!(InboxItem::of_release(&release), None);
    }
}

#[test]
fn a_release_that_waits_for_nobody_knows_what_is_still_told() {
    let release = Release {
        gate: None,
        deadline: None,
        ..held()
    };
    let item = InboxItem::of_release(&release).unwrap();
    assert_eq!((item.expires_at, item.unanswered), (None, None));
}

#[test]
fn each_hook_is_a_gate_of_its_own() {
    let first = InboxItem::of_release(&held()).unwrap();
    let mut release = held();
    release.gate.as_mut().unwrap().kind = GateKind::PauseHook {
        hook: "second".into(),
        stage: None,
    };
    assert_ne!(InboxItem::of_release(&release).unwrap().id, first.id);
}

#[test]
fn what_ends_soonest_comes_first_and_what_asks_for_nobody_last() {
    let hook = InboxItem::of_release(&held()).unwrap();
    let stopped = InboxItem::of_release(&held_by(Some(ready()), None)).unwrap();
    let endless = InboxItem {
        expires_at: None,
        ..hook.clone()
    };
    let quiet = InboxItem {
        expires_at: Some(at(1)),
        ..InboxItem::of_release(&held_by(None, Some(DeadlineKind::TerminationWait))).unwrap()
    };
    let mut items = vec![
        quiet.clone(),
        endless.clone(),
        stopped.clone(),
        hook.clone(),
    ];
    items.sort_by(inbox_order);
    assert_eq!(items, [hook, stopped, endless, quiet]);
}
