//! Errors, actions, help and the program's own log.

use cutover::app::action_log::{ActionRecord, RecordKind};
use cutover::app::model::Model;
use cutover::app::msg::Msg;
use cutover::app::query::Query;
use cutover::app::update::{settle, update};
use cutover::domain::failure::FailureKind;
use insta::assert_snapshot;

use crate::fixture::{before, end, failure, go, now, press};
use crate::paint::text;
use crate::world::evening;

fn errors() -> Model {
    let mut model = evening();
    let denied = failure(
        "ecs:ListTaskDefinitionFamilies",
        FailureKind::AccessDenied,
        "User: arn:aws:sts::123456789012:assumed-role/oncall/mika is not authorized to perform: \
         ecs:ListTaskDefinitionFamilies on resource: *",
    );
    end(&mut model, Query::Families, Err(denied));
    let throttled = failure("ecs:ListClusters", FailureKind::Throttled, "Rate exceeded");
    end(&mut model, Query::Clusters, Err(throttled.clone()));
    end(&mut model, Query::Clusters, Err(throttled));
    go(&mut model, "errors");
    model
}

#[test]
fn what_failed() {
    assert_snapshot!(text(&errors(), 120, 24));
}

#[test]
fn what_failed_narrow() {
    let mut model = errors();
    press(&mut model, &["j"]);
    assert_snapshot!(text(&model, 80, 24));
}

fn actions() -> Model {
    let mut model = evening();
    let record = |age, kind, outcome: &str| ActionRecord {
        time: before(age),
        kind,
        identity: Some("arn:aws:sts::123456789012:assumed-role/oncall/mika".into()),
        account: Some("123456789012".into()),
        region: Some("ap-northeast-1".into()),
        call: "aws ecs update-service --cluster batch --service ledger --force-new-deployment"
            .into(),
        target: "arn:aws:ecs:ap-northeast-1:123456789012:service/batch/ledger".into(),
        outcome: outcome.into(),
        request_id: Some("3f1c9aa2-7d10-4a54-9f57-0b8f5b2d77a1".into()),
    };
    for record in [
        record(90_000, RecordKind::Refused, "the cockpit is read-only"),
        record(
            400,
            RecordKind::Failed,
            "ecs:UpdateService was refused: not authorized",
        ),
        record(200, RecordKind::Sent, "AWS took the call"),
        record(60, RecordKind::Ended, "ledger:30 runs, 2 tasks"),
    ] {
        update(&mut model, now(), Msg::Recorded(record));
    }
    settle(&mut model);
    go(&mut model, "actions");
    model
}

#[test]
fn what_was_done() {
    assert_snapshot!(text(&actions(), 120, 24));
}

#[test]
fn what_was_done_narrow() {
    assert_snapshot!(text(&actions(), 80, 24));
}

#[test]
fn help() {
    let mut model = evening();
    press(&mut model, &["?"]);
    assert_snapshot!(text(&model, 120, 50));
}

#[test]
fn help_narrow_at_its_end() {
    let mut model = evening();
    press(&mut model, &["?", "G"]);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn nothing_yet() {
    let mut model = evening();
    go(&mut model, "actions");
    assert_snapshot!(text(&model, 80, 24));
}
