//! What was sent is followed until what runs proves it.

use crate::app::effect::Effect;
use crate::app::fixture::*;
use crate::app::interest::subscriptions;
use crate::app::model::Model;
use crate::app::msg::{Data, Execution, Msg};
use crate::app::operation::{OperationId, OperationState};
use crate::app::query::Query;
use crate::domain::facts::Facts;
use crate::domain::fixture::*;
use crate::domain::follow::Progress;
use crate::domain::service::Service;
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;

/// The second at which AWS took the call.
const SENT: i64 = OPENED + 10;

/// Presses a key, confirms what it plans, and lets AWS take it.
fn sent(model: &mut Model, key: &str, facts: Facts) -> OperationId {
    let effects = press(model, key);
    let Some(Effect::ReadFacts { operation, .. }) = effects.last() else {
        panic!("{effects:?}");
    };
    let operation = *operation;
    let facts = Ok(Box::new(facts.into()));
    say(model, OPENED, Msg::FactsRead { operation, facts });
    assert!(matches!(
        &press(model, "tab enter")[..],
        [Effect::Execute { .. }]
    ));
    let outcome = Execution::Sent {
        request_id: Some("r-1".into()),
        detail: None,
    };
    say(model, SENT, Msg::Executed { operation, outcome });
    assert!(state(model, operation).is_some());
    operation
}

fn redeploying() -> (Model, OperationId) {
    let before = service(vec![deployment(1, 2)]);
    let mut model = cockpit(vec![before.clone()]);
    press(&mut model, ": s v c enter");
    let operation = sent(&mut model, "F", facts(before, vec![]));
    (model, operation)
}

/// What a followed action waits for; `None` once it has ended.
fn state(model: &Model, operation: OperationId) -> Option<String> {
    match &model.operation(operation).unwrap().state {
        OperationState::Following(Progress::Waiting(text)) => Some(text.clone()),
        OperationState::Ended(_) => None,
        other => panic!("{other:?}"),
    }
}

fn ends(effects: &[Effect]) -> Option<&str> {
    match effects {
        [] => None,
        [Effect::RecordEnd { outcome, .. }] => Some(outcome),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_redeploy_is_followed_to_its_end_and_written_down_once() {
    let (mut model, operation) = redeploying();
    assert_eq!(
        model.operation(operation).unwrap().request_id.as_deref(),
        Some("r-1")
    );
    let going = service(vec![moving(2, 2), active(1, 2)]);
    assert_eq!(read(&mut model, SENT + 1, vec![going]), []);
    assert_eq!(state(&model, operation).as_deref(), Some("replacing"));
    let effects = read(&mut model, SENT + 9, vec![service(vec![deployment(2, 2)])]);
    assert_eq!(ends(&effects), Some("web:2 runs, 4 tasks"));
    assert_eq!(notice(&model), "Force redeploy web: web:2 runs, 4 tasks");
    let ended = model.operation(operation).unwrap();
    assert_eq!(ended.ended_at, Some(at(SENT + 9)));
    assert!(!ended.is_open());
    let again = read(&mut model, SENT + 11, vec![service(vec![deployment(2, 2)])]);
    assert_eq!(again, []);
}

#[test]
fn the_end_is_written_down_even_when_a_key_comes_first() {
    let (mut model, _) = redeploying();
    let data = Data::Services {
        services: vec![service(vec![deployment(2, 2)])],
        missing: vec![],
    };
    let fetched = Msg::Fetched {
        context: HERE,
        asked_at: at(SENT + 1),
        data: Box::new(data),
    };
    let now = model.now;
    assert_eq!(crate::app::update::update(&mut model, now, fetched), []);
    assert!(ends(&press(&mut model, "down")).is_some());
}

#[test]
fn what_was_asked_before_the_call_was_taken_proves_nothing() {
    let (mut model, operation) = redeploying();
    let done = service(vec![deployment(2, 2)]);
    for asked in [OPENED + 1, SENT - 1] {
        assert_eq!(read(&mut model, asked, vec![done.clone()]), []);
        assert_eq!(
            state(&model, operation).as_deref(),
            Some("the service to be read")
        );
    }
    let effects = read(&mut model, SENT, vec![done]);
    assert!(ends(&effects).is_some());
}

#[test]
fn a_release_that_is_rolled_back_is_never_announced_as_a_success() {
    let (mut model, _) = redeploying();
    let mut ended = record("b", Record::RollbackSuccessful, 1, 2, SENT);
    ended.rollback_reason = Some("the breaker".into());
    records(&mut model, SENT + 60, vec![ended]);
    let effects = read(&mut model, SENT + 61, vec![service(vec![deployment(3, 1)])]);
    assert_eq!(ends(&effects), Some("ROLLED BACK: the breaker"));
}

#[test]
fn a_rollback_in_flight_is_followed_on_its_record() {
    let history = vec![record("b", Record::InProgress, 1, 2, 1_000)];
    let mut model = watching();
    let operation = sent(&mut model, "R", facts(releasing(), history));
    let stale = record("b", Record::RollbackSuccessful, 1, 2, 1_000);
    records(&mut model, SENT - 1, vec![stale.clone()]);
    assert!(state(&model, operation).is_some());
    records(
        &mut model,
        SENT + 1,
        vec![record("b", Record::RollbackInProgress, 1, 2, 1_000)],
    );
    assert_eq!(state(&model, operation).as_deref(), Some("rolling back"));
    records(&mut model, SENT + 2, vec![stale]);
    assert_eq!(state(&model, operation), None);
    assert!(notice(&model).contains("ROLLED BACK"), "{}", notice(&model));
}

#[test]
fn what_is_followed_is_asked_on_every_screen_and_until_its_end() {
    let (mut model, _) = redeploying();
    let watches = |model: &Model| {
        let wanted = subscriptions(model);
        let watch = asked(&wanted, |query| matches!(query, Query::Watch { .. }));
        let history = asked(&wanted, |query| {
            matches!(query, Query::ServiceDeployments { .. })
        });
        (watch.map(|one| one.pace), history.is_some())
    };
    press(&mut model, "?");
    let pace = model.preferences.refresh;
    assert_eq!(watches(&model), (Some(pace), true));
    // Even when the service is no longer known.
    lose(&mut model, SENT - 1, &service_arn("web"));
    assert_eq!(watches(&model), (Some(pace), true));
    let effects = lose(&mut model, SENT + 1, &service_arn("web"));
    assert_eq!(ends(&effects), Some("the service is not there any more"));
    assert_eq!(watches(&model), (None, false));
}

#[test]
fn a_count_is_followed_until_so_many_run() {
    let before = service(vec![deployment(1, 1)]);
    let mut model = cockpit(vec![before.clone()]);
    press(&mut model, ": s v c enter");
    let operation = sent(&mut model, "S 6 enter", facts(before.clone(), vec![]));
    let counted = |running| Service {
        desired: 6,
        running,
        ..before.clone()
    };
    read(&mut model, SENT + 1, vec![counted(4)]);
    assert_eq!(
        state(&model, operation).as_deref(),
        Some("4 of 6 tasks run")
    );
    let effects = read(&mut model, SENT + 2, vec![counted(6)]);
    assert_eq!(ends(&effects), Some("6 of 6 tasks run"));
}

#[test]
fn a_stopped_task_is_followed_until_it_is_stopped_or_forgotten() {
    for last in [Some(stopped("one", "", container(None, None))), None] {
        let mut model = cockpit(vec![quiet("web")]);
        press(&mut model, ": s v c enter enter");
        let tasks = Data::Tasks {
            cluster: cluster("prod"),
            service: Some(service_arn("web")),
            stopped: false,
            tasks: vec![running("one")],
        };
        tell(&mut model, OPENED, tasks);
        let mut known = facts(quiet("web"), vec![]);
        known.task = Some(running("one"));
        sent(&mut model, "ctrl-d", known);
        let wanted = subscriptions(&model);
        assert!(asked(&wanted, |query| matches!(query, Query::Task { .. })).is_some());
        let seen = Data::Task {
            arn: task_arn("one"),
            task: last.map(Box::new),
        };
        assert!(ends(&tell(&mut model, SENT + 1, seen)).is_some());
    }
}

#[test]
fn finished_actions_are_kept_up_to_a_bound_and_open_ones_always() {
    let (mut model, open) = redeploying();
    for _ in 0..150 {
        press(&mut model, "R esc");
    }
    assert_eq!(model.operations.len(), 100);
    assert!(model.operation(open).is_some());
}
