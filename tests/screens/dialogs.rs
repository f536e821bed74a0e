//! Dialogs: the plan, the question, and why nothing was sent.

use cutover::app::effect::Effect;
use cutover::app::model::Model;
use cutover::app::msg::{Execution, Msg};
use cutover::app::operation::OperationId;
use cutover::app::update::{settle, update};
use cutover::domain::autoscaling::ScalableTarget;
use cutover::domain::facts::Facts;
use cutover::domain::failure::FailureKind;
use cutover::domain::preflight::{ImageReading, ImageState, Preflight, ScalingReading};
use cutover::domain::service::Controller;
use insta::assert_snapshot;

use crate::fixture::{failure, now, press, type_in};
use crate::paint::text;
use crate::world::{evening, service_arn, task_definition};

/// Presses a key that acts on a service of the board.
fn asked(name: &str, key: &str) -> (Model, OperationId) {
    let mut model = evening();
    press(&mut model, &["/"]);
    type_in(&mut model, name);
    press(&mut model, &["enter"]);
    let effects = press(&mut model, &[key]);
    let operation = effects.iter().find_map(|effect| match effect {
        Effect::ReadFacts { operation, .. } => Some(*operation),
        _ => None,
    });
    (model, operation.unwrap_or(OperationId(0)))
}

fn facts(model: &Model, cluster: &str, name: &str) -> Facts {
    let store = &model.contexts[0];
    let arn = service_arn(cluster, name);
    Facts {
        identity: store.identity.value().cloned(),
        region: store.context.region.clone(),
        service: store.service(&arn).cloned(),
        history: Ok(store.records_of(&arn).to_vec()),
        production: cluster.starts_with("prod"),
        ..Facts::nothing()
    }
}

fn tell(model: &mut Model, message: Msg) {
    update(model, now(), message);
    settle(model);
}

fn planned(cluster: &str, name: &str, key: &str) -> (Model, OperationId) {
    let (mut model, operation) = asked(name, key);
    let facts = Ok(Box::new(facts(&model, cluster, name).into()));
    tell(&mut model, Msg::FactsRead { operation, facts });
    (model, operation)
}

#[test]
fn planning() {
    assert_snapshot!(text(&asked("payments", "R").0, 80, 24));
}

pub fn production() -> Model {
    planned("prod-core", "payments", "F").0
}

#[test]
fn production_asks_for_the_name() {
    assert_snapshot!(text(&production(), 120, 40));
}

#[test]
fn production_narrow() {
    assert_snapshot!(text(&production(), 80, 24));
}

#[test]
fn production_with_the_name_typed() {
    let mut model = production();
    type_in(&mut model, "payments");
    press(&mut model, &["tab"]);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn elsewhere_two_keys_are_enough() {
    assert_snapshot!(text(&planned("batch", "mailer", "F").0, 80, 24));
}

#[test]
fn a_plan_taller_than_the_terminal() {
    let mut model = production();
    press(&mut model, &["down", "down"]);
    assert_snapshot!(text(&model, 40, 12));
}

/// A rollback whose way back is barred in part.
fn barred(columns: u16, rows: u16) -> String {
    let (mut model, operation) = asked("payments", "R");
    let mut facts = facts(&model, "prod-core", "payments");
    let registry = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";
    facts.target = Some(Ok(task_definition("payments", 8, "acme/payments:5.2.4")));
    let reading = |path: &str, state| ImageReading {
        image: format!("{registry}/{path}"),
        state,
    };
    facts.preflight = Preflight {
        images: vec![
            reading("acme/payments:5.2.4", ImageState::Gone),
            reading("acme/envoy:1.31", ImageState::There),
        ],
        unnamed: None,
        upcoming: Vec::new(),
        scaling: Some(ScalingReading::Scaled(ScalableTarget {
            min: 4,
            max: 12,
            in_suspended: true,
            out_suspended: true,
            scheduled_suspended: false,
        })),
    };
    let facts = Ok(Box::new(facts.into()));
    tell(&mut model, Msg::FactsRead { operation, facts });
    text(&model, columns, rows)
}

#[test]
fn the_image_to_go_back_to_is_gone() {
    assert_snapshot!(barred(120, 40));
}

#[test]
fn the_image_to_go_back_to_is_gone_narrow() {
    assert_snapshot!(barred(80, 24));
}

#[test]
fn refused() {
    let (mut model, operation) = asked("mailer", "F");
    let mut facts = facts(&model, "batch", "mailer");
    facts.service.as_mut().unwrap().controller = Controller::CodeDeploy;
    let facts = Ok(Box::new(facts.into()));
    tell(&mut model, Msg::FactsRead { operation, facts });
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn the_desired_count() {
    let (mut model, _) = asked("mailer", "S");
    type_in(&mut model, "12");
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn the_facts_moved() {
    let (mut model, operation) = planned("batch", "mailer", "F");
    press(&mut model, &["tab", "enter"]);
    let moved = vec![
        "another deployment began: ecs-svc/6201".to_owned(),
        "the desired count is now 8".to_owned(),
    ];
    let outcome = Execution::Moved(moved);
    tell(&mut model, Msg::Executed { operation, outcome });
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn aws_refused() {
    let (mut model, operation) = planned("batch", "mailer", "F");
    press(&mut model, &["tab", "enter"]);
    let failure = failure(
        "ecs:UpdateService",
        FailureKind::AccessDenied,
        "User: arn:aws:sts::123456789012:assumed-role/oncall/mika is not authorized to perform: \
         ecs:UpdateService",
    );
    let outcome = Execution::Failed(failure);
    tell(&mut model, Msg::Executed { operation, outcome });
    assert_snapshot!(text(&model, 80, 24));
}

/// An action that AWS took, on its way.
pub fn followed() -> Model {
    let (mut model, operation) = planned("batch", "mailer", "F");
    press(&mut model, &["tab", "enter"]);
    let outcome = Execution::Sent {
        request_id: None,
        detail: None,
    };
    tell(&mut model, Msg::Executed { operation, outcome });
    model
}
