//! From a key on a pipeline, through the words that go with it, to the end of the action.

use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::fixture::*;
use crate::app::model::Model;
use crate::app::msg::{Data, Execution, Msg};
use crate::app::operation::{OperationId, OperationState};
use crate::domain::facts::PipelineFacts;
use crate::domain::fixture::{facts, identity, record, releasing};
use crate::domain::follow::Progress;
use crate::domain::intent::{Intent, PipelineWish};
use crate::domain::pipeline::fixture::*;
use crate::domain::pipeline::{ActionStatus, ExecutionStatus, PipelineState, StageStatus};
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;

fn stands(model: &mut Model, second: i64, state: PipelineState) -> Vec<Effect> {
    let data = Data::PipelineState {
        pipeline: shop(),
        state: Some(Box::new(state)),
    };
    tell(model, second, data)
}

/// Reads `shop` in which `NEW` waits for an approval.
fn with_shop(model: &mut Model) {
    tell(model, OPENED, Data::Pipelines(vec![summary("shop")]));
    let known = Data::PipelineStructure {
        pipeline: shop(),
        structure: Some(Box::new(gated_structure())),
    };
    tell(model, OPENED, known);
    stands(model, OPENED, gated());
}

/// A cockpit on the list of pipelines.
fn on_shop() -> Model {
    let mut model = cockpit(Vec::new());
    with_shop(&mut model);
    press(&mut model, ":");
    type_text(&mut model, "pipelines");
    press(&mut model, "enter");
    assert_eq!(rows(&model), ["shop"]);
    model
}

fn known() -> PipelineFacts {
    PipelineFacts {
        identity: Some(identity()),
        region: Some("eu-west-1".into()),
        state: Some(gated()),
        structure: Ok(gated_structure()),
        execution: Ok(Some(execution(NEW, ExecutionStatus::InProgress, 500))),
        actions: Ok(Vec::new()),
        succeeded: Ok(Vec::new()),
        production: false,
    }
}

fn wish_of(effects: &[Effect]) -> (OperationId, &PipelineWish) {
    match effects {
        [
            Effect::ReadFacts {
                operation,
                intent: Intent::Pipeline(intent),
                ..
            },
        ] => (*operation, &intent.wish),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_approval_is_asked_for_its_reason_and_followed_to_where_the_execution_went() {
    let mut model = on_shop();
    assert_eq!(press(&mut model, "a"), []);
    assert!(matches!(model.dialog, Some(Dialog::Words { .. })));
    type_text(&mut model, " seen on staging ");
    let effects = press(&mut model, "enter");
    let (operation, wish) = wish_of(&effects);
    assert!(matches!(
        wish,
        PipelineWish::Answer { approve: true, reason, .. } if reason == "seen on staging"
    ));
    let facts = Ok(Box::new(known().into()));
    say(&mut model, OPENED, Msg::FactsRead { operation, facts });
    let effects = press(&mut model, "tab enter");
    assert!(matches!(&effects[..], [Effect::Execute { .. }]));
    let outcome = Execution::Sent {
        request_id: None,
        detail: None,
    };
    say(&mut model, OPENED + 5, Msg::Executed { operation, outcome });
    let mut moved = gated();
    moved.stages[1].actions[0] = action("Approve", Some((ActionStatus::Succeeded, OPENED + 6)));
    moved.stages[2].latest = Some(in_stage(NEW, StageStatus::InProgress));
    stands(&mut model, OPENED + 10, moved);
    assert_eq!(
        model.operation(operation).unwrap().state,
        OperationState::Ended(Progress::Reached("APPROVED: it is in Prod".into()))
    );
}

#[test]
fn what_was_read_before_the_answer_proves_nothing() {
    let mut model = on_shop();
    press(&mut model, "a");
    let effects = press(&mut model, "enter");
    let (operation, _) = wish_of(&effects);
    let facts = Ok(Box::new(known().into()));
    say(&mut model, OPENED, Msg::FactsRead { operation, facts });
    press(&mut model, "tab enter");
    let outcome = Execution::Sent {
        request_id: None,
        detail: None,
    };
    say(&mut model, OPENED + 5, Msg::Executed { operation, outcome });
    stands(&mut model, OPENED + 4, gated());
    let state = &model.operation(operation).unwrap().state;
    assert!(matches!(
        state,
        OperationState::Following(Progress::Waiting(_))
    ));
}

#[test]
fn words_that_are_wanted_are_asked_for_again_and_nothing_typed_is_lost() {
    let mut model = on_shop();
    press(&mut model, "A");
    assert_eq!(press(&mut model, "enter"), []);
    assert!(notice(&model).contains("a reason is wanted"));
    type_text(&mut model, "not on a Friday");
    let effects = press(&mut model, "enter");
    assert!(matches!(
        wish_of(&effects).1,
        PipelineWish::Answer { approve: false, .. }
    ));
}

#[test]
fn no_more_is_taken_in_than_aws_takes() {
    let mut model = on_shop();
    press(&mut model, "a");
    say(&mut model, OPENED, Msg::Paste("x".repeat(600)));
    type_text(&mut model, "y");
    let effects = press(&mut model, "enter");
    assert!(matches!(
        wish_of(&effects).1,
        PipelineWish::Answer { reason, .. } if *reason == "x".repeat(512)
    ));
}

#[test]
fn esc_leaves_the_words_and_sends_nothing() {
    let mut model = on_shop();
    press(&mut model, "a");
    assert_eq!(press(&mut model, "esc"), []);
    assert!(model.dialog.is_none() && model.operations.is_empty());
}

#[test]
fn read_only_answers_nothing() {
    let mut model = on_shop();
    model.preferences.read_only = true;
    let effects = press(&mut model, "a");
    assert!(matches!(&effects[..], [Effect::RecordRefusal { .. }]));
    assert_eq!(notice(&model), "a: read-only");
}

/// A cockpit that asks whether to roll `web` back, which `shop` is about to deploy.
fn rolling_back() -> (Model, OperationId) {
    let mut model = watching();
    with_shop(&mut model);
    let effects = press(&mut model, "R");
    let [Effect::ReadFacts { operation, .. }] = &effects[..] else {
        panic!("{effects:?}");
    };
    let operation = *operation;
    let known = facts(
        releasing(),
        vec![record("b", Record::InProgress, 1, 2, 1_000)],
    );
    let facts = Ok(Box::new(known.into()));
    say(&mut model, OPENED, Msg::FactsRead { operation, facts });
    (model, operation)
}

#[test]
fn a_rollback_offers_to_hold_the_pipeline_and_comes_back_afterwards() {
    let (mut model, rollback) = rolling_back();
    let Some(Dialog::Confirm { confirmation, .. }) = &model.dialog else {
        panic!("{:?}", model.dialog);
    };
    assert!(confirmation.plan().first.is_some());
    let effects = press(&mut model, "tab enter");
    let (switch, wish) = wish_of(&effects);
    assert!(matches!(
        wish,
        PipelineWish::SetTransition { enabled: false, stage, .. } if stage == "Prod"
    ));
    assert_eq!(
        model.operation(rollback).unwrap().state,
        OperationState::Cancelled
    );
    let facts = Ok(Box::new(known().into()));
    let operation = switch;
    say(&mut model, OPENED, Msg::FactsRead { operation, facts });
    press(&mut model, "tab enter");
    let outcome = Execution::Sent {
        request_id: None,
        detail: None,
    };
    say(&mut model, OPENED + 5, Msg::Executed { operation, outcome });
    let mut held = gated();
    held.stages[2].transition.as_mut().unwrap().enabled = false;
    let effects = stands(&mut model, OPENED + 10, held);
    let again = effects.iter().find_map(|effect| match effect {
        Effect::ReadFacts {
            intent: Intent::Service(intent),
            ..
        } => Some(intent.title()),
        _ => None,
    });
    assert_eq!(again.as_deref(), Some("Roll back web"));
    assert!(matches!(model.dialog, Some(Dialog::Planning { .. })));
}

#[test]
fn a_pipeline_that_was_held_otherwise_than_by_us_brings_no_dialog_up() {
    let (mut model, _) = rolling_back();
    let effects = press(&mut model, "tab enter");
    let (operation, _) = wish_of(&effects);
    press(&mut model, "esc");
    assert_eq!(
        model.operation(operation).unwrap().state,
        OperationState::Cancelled
    );
    let mut held = gated();
    held.stages[2].transition.as_mut().unwrap().enabled = false;
    assert_eq!(stands(&mut model, OPENED + 10, held), []);
    assert!(model.dialog.is_none());
}
