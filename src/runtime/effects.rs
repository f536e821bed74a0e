//! Does what `update` wants done, away from the loop.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::actions::{self, Author};
use super::clock::Clock;
use super::facts;
use super::recorder::Recorder;
use crate::app::action_log::{ActionRecord, RecordKind};
use crate::app::msg::Msg;
use crate::app::operation::OperationId;
use crate::aws::Aws;
use crate::config::settings::ProductionRules;
use crate::domain::confirmation::Confirmed;
use crate::domain::intent::Intent;
use crate::domain::plan::{Plan, Refusal};

/// What effects need.
#[derive(Clone)]
pub(super) struct Doer {
    pub(super) aws: Aws,
    pub(super) messages: mpsc::Sender<Msg>,
    pub(super) clock: Clock,
    pub(super) recorder: Recorder,
    pub(super) production: Arc<ProductionRules>,
}

impl Doer {
    /// Reads the facts for a plan, and sends them as a message.
    pub(super) fn read_facts(&self, operation: OperationId, intent: Intent) {
        let doer = self.clone();
        tokio::spawn(async move {
            let now = doer.clock.now();
            let read = facts::read_for_plan(&doer.aws, &intent, &doer.production, now);
            let facts = Box::pin(read).await;
            doer.send(Msg::FactsRead {
                operation,
                facts: facts.map(Box::new),
            })
            .await;
        });
    }

    /// Carries out a confirmed plan, writes the outcome down, and sends it as a message.
    pub(super) fn execute(&self, operation: OperationId, plan: Box<Confirmed<Plan>>) {
        let doer = self.clone();
        tokio::spawn(async move {
            let time = doer.clock.now();
            let execution = actions::execute(&doer.aws, &plan, &doer.production, time);
            let (outcome, identity) = Box::pin(execution).await;
            let region = doer.aws.context().region.clone();
            let record = actions::record(
                Author {
                    time,
                    identity,
                    region,
                },
                plan.get(),
                &outcome,
            );
            doer.record(record).await;
            doer.send(Msg::Executed { operation, outcome }).await;
        });
    }

    /// Writes down a wish that was refused.
    pub(super) fn record_refusal(&self, intent: Intent, refusal: Refusal) {
        let doer = self.clone();
        tokio::spawn(async move {
            let call = intent.title();
            let author = doer.author().await;
            let record = actions::line(
                author,
                RecordKind::Refused,
                &intent,
                call,
                refusal.reason,
                None,
            );
            doer.record(record).await;
        });
    }

    /// Writes down what an action came to.
    pub(super) fn record_end(&self, intent: Intent, outcome: String) {
        let doer = self.clone();
        tokio::spawn(async move {
            let call = intent.title();
            let author = doer.author().await;
            let record = actions::line(author, RecordKind::Ended, &intent, call, outcome, None);
            doer.record(record).await;
        });
    }

    async fn author(&self) -> Author {
        Author {
            time: self.clock.now(),
            identity: self.aws.identity().await.ok(),
            region: self.aws.context().region.clone(),
        }
    }

    async fn record(&self, record: ActionRecord) {
        let recorder = self.recorder.clone();
        let line = record.clone();
        let written = tokio::task::spawn_blocking(move || recorder.append(&line)).await;
        let problem = match written {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(error) => Some(error.to_string()),
        };
        if let Some(problem) = problem {
            let path = self.recorder.path().display();
            let text = format!("the action log {path} could not be written: {problem}");
            tracing::error!("{text}");
            self.send(Msg::Notice(text)).await;
        }
        self.send(Msg::Recorded(record)).await;
    }

    async fn send(&self, message: Msg) {
        // The receiver is gone only when the program ends.
        let _ended = self.messages.send(message).await;
    }
}
