//! Carries out a confirmed plan: reads again, sends, writes down.

use super::facts;
use crate::app::action_log::{ActionRecord, RecordKind};
use crate::app::msg::Execution;
use crate::aws::Aws;
use crate::config::settings::ProductionRules;
use crate::domain::confirmation::Confirmed;
use crate::domain::context::Identity;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::intent::Intent;
use crate::domain::plan::Plan;
use jiff::Timestamp;

/// Reads the facts again; if they have not moved, sends the call. Also tells who it was sent as.
pub(super) async fn execute(
    aws: &Aws,
    plan: &Confirmed<Plan>,
    production: &ProductionRules,
    now: Timestamp,
) -> (Execution, Option<Identity>) {
    let facts = match facts::read(aws, &plan.get().intent, production, now).await {
        Ok(facts) => facts,
        Err(failure) => return (Execution::NotChecked(failure), None),
    };
    let identity = facts.identity().cloned();
    let ground = facts.ground(&plan.get().intent);
    let moved = plan.get().basis.moved(ground.as_ref());
    if !moved.is_empty() {
        return (Execution::Moved(moved), identity);
    }
    let outcome = match aws.send(plan).await {
        Ok(sent) => Execution::Sent {
            request_id: sent.request_id,
            detail: sent.detail,
        },
        Err(failure) => Execution::Failed(failure),
    };
    (outcome, identity)
}

/// Who and where, for a line of the action log.
pub(super) struct Author {
    pub(super) time: Timestamp,
    pub(super) identity: Option<Identity>,
    pub(super) region: Option<String>,
}

/// The line of the action log for an outcome.
pub(super) fn record(author: Author, plan: &Plan, outcome: &Execution) -> ActionRecord {
    let (kind, text, request_id) = match outcome {
        Execution::Sent { request_id, detail } => (
            RecordKind::Sent,
            detail.clone().unwrap_or_else(|| "AWS took the call".into()),
            request_id.clone(),
        ),
        Execution::Moved(moved) => (
            RecordKind::NotSent,
            format!("the facts moved: {}", moved.join("; ")),
            None,
        ),
        Execution::NotChecked(failure) => (
            RecordKind::NotSent,
            format!("could not be checked again: {}", text(failure)),
            None,
        ),
        Execution::Failed(failure) => {
            let kind = match failure.kind {
                FailureKind::ReadOnly => RecordKind::Refused,
                _ => RecordKind::Failed,
            };
            (kind, text(failure), failure.request_id.clone())
        }
    };
    line(
        author,
        kind,
        &plan.intent,
        plan.call.as_command(),
        text,
        request_id,
    )
}

fn text(failure: &Failure) -> String {
    format!("{}: {}", failure.call, failure.message)
}

/// A line of the action log.
pub(super) fn line(
    author: Author,
    kind: RecordKind,
    intent: &Intent,
    call: String,
    outcome: String,
    request_id: Option<String>,
) -> ActionRecord {
    ActionRecord {
        time: author.time,
        kind,
        identity: author
            .identity
            .as_ref()
            .map(|identity| identity.arn.clone()),
        account: author.identity.map(|identity| identity.account),
        region: author.region,
        call,
        target: intent.target().to_owned(),
        outcome,
        request_id,
    }
}
