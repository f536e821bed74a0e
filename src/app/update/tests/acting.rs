//! From the wish to the sending: every way out sends nothing but one.

use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::fixture::*;
use crate::app::model::Model;
use crate::app::msg::{Data, Execution, Msg};
use crate::app::operation::{OperationId, OperationState};
use crate::config::pattern::Pattern;
use crate::domain::call::{Call, HookAnswer};
use crate::domain::confirmation::Button;
use crate::domain::facts::Facts;
use crate::domain::failure::FailureKind;
use crate::domain::fixture::*;
use crate::domain::intent::{Intent, ServiceIntent, Wish};
use crate::domain::service::{Deployment, RolloutState};
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;

fn known() -> Facts {
    facts(
        releasing(),
        vec![record("b", Record::InProgress, 1, 2, 1_000)],
    )
}

/// The intent, which is about a service.
fn about_service(intent: &Intent) -> &ServiceIntent {
    match intent {
        Intent::Service(intent) => intent,
        Intent::Pipeline(other) => panic!("{other:?}"),
    }
}

/// The operation that a key began.
fn began(effects: &[Effect]) -> OperationId {
    match effects {
        [Effect::ReadFacts { operation, .. }] => *operation,
        other => panic!("{other:?}"),
    }
}

fn facts_read(model: &mut Model, operation: OperationId, facts: Facts) -> Vec<Effect> {
    let facts = Ok(Box::new(facts.into()));
    say(model, OPENED, Msg::FactsRead { operation, facts })
}

fn executed(model: &mut Model, operation: OperationId, outcome: Execution) -> Vec<Effect> {
    say(model, OPENED + 5, Msg::Executed { operation, outcome })
}

/// A cockpit that asks whether to roll back `web`.
fn asking(production: bool) -> (Model, OperationId) {
    let mut model = watching();
    let operation = began(&press(&mut model, "R"));
    let facts = Facts {
        production,
        ..known()
    };
    assert_eq!(facts_read(&mut model, operation, facts), []);
    assert!(matches!(model.dialog, Some(Dialog::Confirm { .. })));
    (model, operation)
}

/// A cockpit whose rollback of `web` is being sent.
fn sending() -> (Model, OperationId) {
    let (mut model, operation) = asking(false);
    let effects = press(&mut model, "tab enter");
    assert!(matches!(&effects[..], [Effect::Execute { .. }]));
    (model, operation)
}

fn state(model: &Model, operation: OperationId) -> &OperationState {
    &model.operation(operation).unwrap().state
}

fn button(model: &Model) -> Button {
    match &model.dialog {
        Some(Dialog::Confirm { confirmation, .. }) => confirmation.button(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_wish_reads_facts_asks_and_only_then_sends_the_confirmed_plan() {
    let (mut model, operation) = asking(false);
    assert_eq!(button(&model), Button::Cancel);
    assert_eq!(press(&mut model, "down up x y"), []);
    assert_eq!(press(&mut model, "tab"), []);
    let effects = press(&mut model, "enter");
    let [Effect::Execute { plan, context, .. }] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(*context, HERE);
    assert!(matches!(
        plan.get().call,
        Call::StopServiceDeployment { .. }
    ));
    assert!(model.dialog.is_none());
    assert_eq!(*state(&model, operation), OperationState::Sending);
    assert_eq!(
        press(&mut model, "enter enter"),
        [],
        "the screen opens; nothing is sent again"
    );
}

#[test]
fn esc_sends_nothing_at_any_step() {
    let mut model = watching();
    let operation = began(&press(&mut model, "R"));
    assert_eq!(press(&mut model, "esc"), []);
    assert_eq!(*state(&model, operation), OperationState::Cancelled);
    assert_eq!(notice(&model), "cancelled: nothing was sent");

    for keys in ["esc", "tab esc", "tab tab tab esc"] {
        let (mut model, operation) = asking(false);
        assert_eq!(press(&mut model, keys), []);
        assert!(model.dialog.is_none());
        assert_eq!(*state(&model, operation), OperationState::Cancelled);
    }
    let mut model = watching();
    assert_eq!(press(&mut model, "S 5 esc"), []);
    assert!(model.dialog.is_none() && model.operations.is_empty());
}

#[test]
fn enter_on_cancel_sends_nothing() {
    for keys in ["enter", "tab tab enter", "right left enter"] {
        let (mut model, operation) = asking(false);
        assert_eq!(press(&mut model, keys), []);
        assert_eq!(*state(&model, operation), OperationState::Cancelled);
    }
}

#[test]
fn facts_that_arrive_after_esc_open_nothing() {
    let mut model = watching();
    let first = began(&press(&mut model, "R"));
    press(&mut model, "esc");
    assert_eq!(facts_read(&mut model, first, known()), []);
    assert!(model.dialog.is_none());
    // Nor do they answer for another wish that was begun meanwhile.
    let second = began(&press(&mut model, "F"));
    facts_read(&mut model, first, known());
    assert!(
        matches!(model.dialog, Some(Dialog::Planning { operation, .. }) if operation == second)
    );
}

#[test]
fn production_takes_the_name_before_it_takes_the_answer() {
    let (mut model, operation) = asking(true);
    assert_eq!(press(&mut model, "tab"), []);
    assert_eq!(button(&model), Button::Cancel);
    press(&mut model, "w e");
    assert_eq!(press(&mut model, "tab enter"), []);
    assert!(notice(&model).contains("type web"), "{}", notice(&model));
    assert!(matches!(model.dialog, Some(Dialog::Confirm { .. })));
    say(&mut model, OPENED, Msg::Paste("b".into()));
    let effects = press(&mut model, "tab enter");
    assert!(matches!(&effects[..], [Effect::Execute { .. }]));
    assert_eq!(*state(&model, operation), OperationState::Sending);

    let (mut model, operation) = asking(true);
    assert_eq!(
        press(&mut model, "w e b enter"),
        [],
        "the cursor is on Cancel still"
    );
    assert_eq!(*state(&model, operation), OperationState::Cancelled);
}

#[test]
fn a_refusal_is_shown_and_written_down() {
    let mut model = watching();
    let operation = began(&press(&mut model, "R"));
    let going_back = facts(
        releasing(),
        vec![record("b", Record::RollbackInProgress, 1, 2, 1_000)],
    );
    let effects = facts_read(&mut model, operation, going_back);
    assert!(matches!(
        &effects[..],
        [Effect::RecordRefusal { refusal, .. }] if refusal.reason.contains("already")
    ));
    assert!(matches!(
        state(&model, operation),
        OperationState::Refused(_)
    ));
    assert!(model.operation(operation).unwrap().ended_at.is_some());
    assert!(matches!(model.dialog, Some(Dialog::Refused { .. })));
    press(&mut model, "x j");
    assert!(
        model.dialog.is_some(),
        "keys that mean nothing here change nothing"
    );
    press(&mut model, "enter");
    assert!(model.dialog.is_none());
}

#[test]
fn facts_that_cannot_be_read_make_no_plan() {
    let mut model = watching();
    let operation = began(&press(&mut model, "F"));
    let facts = Err(failure(FailureKind::Timeout));
    let effects = say(&mut model, OPENED, Msg::FactsRead { operation, facts });
    assert!(matches!(&effects[..], [Effect::RecordRefusal { .. }]));
    assert!(matches!(model.dialog, Some(Dialog::Refused { .. })));
}

#[test]
fn what_came_of_the_sending_is_told() {
    let (mut model, operation) = sending();
    let moved = vec!["another release began: c".to_owned()];
    executed(&mut model, operation, Execution::Moved(moved.clone()));
    assert_eq!(*state(&model, operation), OperationState::NotSent(moved));
    assert!(matches!(model.dialog, Some(Dialog::Moved { .. })));
    press(&mut model, "q");
    assert!(model.dialog.is_none());

    let (mut model, operation) = sending();
    let down = failure(FailureKind::Unreachable);
    executed(&mut model, operation, Execution::NotChecked(down));
    assert!(matches!(
        state(&model, operation),
        OperationState::NotSent(_)
    ));
    assert_eq!(model.errors.len(), 1);

    let (mut model, operation) = sending();
    let conflict = failure(FailureKind::Conflict);
    executed(&mut model, operation, Execution::Failed(conflict));
    assert!(matches!(
        state(&model, operation),
        OperationState::Failed(_)
    ));
    assert!(matches!(model.dialog, Some(Dialog::Refused { .. })));
    assert_eq!(model.errors.len(), 1);
}

#[test]
fn bad_news_never_takes_the_keys_of_somebody_who_is_typing_or_answering() {
    let (mut model, operation) = sending();
    let second = began(&press(&mut model, "F"));
    facts_read(&mut model, second, known());
    executed(
        &mut model,
        operation,
        Execution::Moved(vec!["it moved".into()]),
    );
    assert!(matches!(model.dialog, Some(Dialog::Confirm { operation, .. }) if operation == second));
    assert!(
        notice(&model).contains("NOT sent: it moved"),
        "{}",
        notice(&model)
    );

    let (mut model, operation) = sending();
    press(&mut model, "/");
    let conflict = failure(FailureKind::Conflict);
    executed(&mut model, operation, Execution::Failed(conflict));
    assert!(model.dialog.is_none());
    assert!(notice(&model).contains("was refused"), "{}", notice(&model));
}

#[test]
fn an_outcome_for_what_was_never_sent_changes_nothing() {
    let (mut model, operation) = asking(false);
    let sent = Execution::Sent {
        request_id: None,
        detail: None,
    };
    executed(&mut model, operation, sent.clone());
    assert_eq!(*state(&model, operation), OperationState::Confirming);
    executed(&mut model, OperationId(99), sent);
    assert!(matches!(model.dialog, Some(Dialog::Confirm { .. })));
}

#[test]
fn read_only_says_why_and_writes_the_refusal_down() {
    for key in ["F", "R", "S"] {
        let mut model = watching();
        model.preferences.read_only = true;
        let effects = press(&mut model, key);
        let [
            Effect::RecordRefusal {
                intent, refusal, ..
            },
        ] = &effects[..]
        else {
            panic!("{key}: {effects:?}");
        };
        assert_eq!(refusal.reason, "read-only");
        assert_eq!(about_service(intent).service, Some(service_arn("web")));
        assert_ne!(
            about_service(intent).wish,
            Wish::SetDesiredCount { desired: 0 }
        );
        assert_eq!(notice(&model), format!("{key}: read-only"));
        assert!(model.dialog.is_none() && model.operations.is_empty());
    }
}

#[test]
fn a_count_is_typed_in_digits_and_becomes_the_wish() {
    let mut model = watching();
    press(&mut model, "S x - 1");
    say(&mut model, OPENED, Msg::Paste("2 tasks".into()));
    let effects = press(&mut model, "enter");
    assert!(matches!(
        &effects[..],
        [Effect::ReadFacts { intent, .. }] if about_service(intent).wish == Wish::SetDesiredCount { desired: 12 }
    ));
    let mut model = watching();
    assert_eq!(press(&mut model, "S enter"), []);
    assert!(notice(&model).contains("no number"));
    let mut model = watching();
    press(&mut model, "S");
    type_text(&mut model, "99999999999");
    assert_eq!(press(&mut model, "enter"), []);
    assert!(model.operations.is_empty());
}

#[test]
fn on_the_history_the_row_is_the_target() {
    let mut model = cockpit(vec![service(vec![deployment(3, 3)])]);
    let history = vec![
        record("c", Record::Successful, 1, 3, 1_800),
        record("b", Record::RollbackSuccessful, 1, 2, 1_500),
        record("a", Record::Successful, 0, 1, 1_000),
    ];
    records(&mut model, OPENED, history);
    press(&mut model, "p");
    let on = |model: &mut Model| press(model, "R");
    assert!(matches!(
        &on(&mut model)[..],
        [Effect::RecordRefusal { .. }]
    ));
    assert_eq!(notice(&model), "R: it runs now");
    press(&mut model, "down");
    assert!(matches!(
        &on(&mut model)[..],
        [Effect::RecordRefusal { .. }]
    ));
    assert!(notice(&model).contains("did not succeed"));
    press(&mut model, "down");
    assert!(matches!(
        &on(&mut model)[..],
        [Effect::ReadFacts { intent, .. }]
            if about_service(intent).wish == Wish::RollBack { to: Some(web(1)) }
    ));
}

#[test]
fn a_revision_is_deployed_on_the_service_that_one_came_from() {
    let mut model = cockpit(vec![service(vec![deployment(3, 3)])]);
    press(&mut model, ": s v c enter t");
    let revisions = Data::Revisions {
        family: "web".into(),
        revisions: vec![web(3), web(2)],
    };
    tell(&mut model, OPENED, revisions);
    press(&mut model, "U");
    assert_eq!(notice(&model), "U: it runs now");
    let effects = press(&mut model, "down U");
    assert!(matches!(
        &effects[..],
        [Effect::ReadFacts { intent, .. }]
            if about_service(intent).wish == Wish::Deploy { task_definition: web(2) }
                && about_service(intent).service == Some(service_arn("web"))
    ));
    // Without a service there is nothing to deploy on.
    let mut model = cockpit(vec![quiet("web")]);
    tell(&mut model, OPENED, Data::Families(vec!["web".into()]));
    press(&mut model, ": t d enter enter U");
    assert!(
        notice(&model).contains("come here from a service"),
        "{}",
        notice(&model)
    );
}

#[test]
fn a_task_is_stopped_with_its_service_named() {
    let mut model = cockpit(vec![quiet("web")]);
    press(&mut model, ": s v c enter enter");
    let tasks = Data::Tasks {
        cluster: cluster("prod"),
        service: Some(service_arn("web")),
        stopped: false,
        tasks: vec![running("one")],
    };
    tell(&mut model, OPENED, tasks);
    for keys in ["ctrl-d", "esc enter ctrl-k"] {
        let effects = press(&mut model, keys);
        assert!(
            matches!(
                &effects[..],
                [Effect::ReadFacts { intent, .. }]
                    if about_service(intent).wish == Wish::StopTask { task: task_arn("one") }
                        && about_service(intent).service == Some(service_arn("web"))
            ),
            "{effects:?}"
        );
    }
    press(&mut model, "esc");
    let gone = Data::Task {
        arn: task_arn("one"),
        task: Some(Box::new(stopped("one", "", container(None, None)))),
    };
    tell(&mut model, OPENED + 1, gone);
    let effects = press(&mut model, "ctrl-d");
    assert!(matches!(&effects[..], [Effect::RecordRefusal { .. }]));
    assert!(notice(&model).contains("it stops already"));
}

#[test]
fn production_is_told_by_the_account_or_the_cluster() {
    let mut model = watching();
    assert!(!model.is_production(HERE, Some("prod")));
    model.preferences.production.clusters = vec![Pattern::new("pr*").unwrap()];
    assert!(model.is_production(HERE, Some("prod")));
    assert!(!model.is_production(HERE, Some("test")));
    model.preferences.production.accounts = vec![Pattern::new("1234*").unwrap()];
    assert!(model.is_production(HERE, None));
}

#[test]
fn the_cursor_stays_on_what_was_acted_on() {
    let mut model = watching();
    press(&mut model, "F esc");
    let failed = Deployment {
        rollout_state: Some(RolloutState::Failed),
        ..deployment(9, 2)
    };
    read(&mut model, OPENED + 1, vec![called("api", vec![failed])]);
    assert_eq!(rows(&model).first().map(String::as_str), Some("api"));
    assert_eq!(selected(&model).as_deref(), Some("web"));
}

/// A cockpit in which `web:2` waits at a pause hook.
fn paused() -> (Model, Facts) {
    use crate::domain::service::Strategy;
    let mut service = releasing();
    service.strategy = Strategy::BlueGreen;
    let mut waits = shifting(Strategy::BlueGreen, "POST_TEST_TRAFFIC_SHIFT", 0.0);
    waits.hooks = vec![pause_hook("h-1", 9_000)];
    let mut model = cockpit(vec![service.clone()]);
    records(&mut model, OPENED, vec![waits.clone()]);
    (model, facts(service, vec![waits]))
}

#[test]
fn c_cuts_over_and_r_rolls_back_at_a_pause_hook() {
    for (key, answer) in [("c", HookAnswer::Continue), ("R", HookAnswer::RollBack)] {
        let (mut model, known) = paused();
        let operation = began(&press(&mut model, key));
        facts_read(&mut model, operation, known);
        let effects = press(&mut model, "tab enter");
        let [Effect::Execute { plan, .. }] = &effects[..] else {
            panic!("{effects:?}");
        };
        let call = Call::ContinueServiceDeployment {
            deployment: record_arn("b"),
            hook: "h-1".into(),
            answer,
        };
        assert_eq!(plan.get().call, call);
    }
}

#[test]
fn keys_that_steer_say_why_they_cannot() {
    let (mut model, _) = paused();
    assert!(matches!(
        &press(&mut model, "X")[..],
        [Effect::RecordRefusal { .. }]
    ));
    assert_eq!(
        notice(&model),
        "X: ECS stops a release only with a rollback: R"
    );
    let mut model = watching();
    press(&mut model, "c");
    assert!(
        notice(&model).contains("no traffic to cut over"),
        "{}",
        notice(&model)
    );
}

#[test]
fn c_copies_only_where_there_is_nothing_to_cut_over() {
    let mut model = watching();
    press(&mut model, ": c l u s t e r s enter");
    assert!(matches!(&press(&mut model, "c")[..], [Effect::Copy(_)]));
    let mut model = cockpit(vec![]);
    press(&mut model, ": c l u s t e r s enter enter");
    assert_eq!(
        press(&mut model, "c"),
        [],
        "a list of services, though an empty one"
    );
    assert!(matches!(&press(&mut model, "y")[..], [Effect::Copy(_)]));
}
