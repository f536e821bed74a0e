//! Reads the releases board once, without a screen: the same questions, the same core.

use std::collections::HashSet;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::clock::Clock;
use super::poll::Asker;
use crate::app::interest::subscriptions;
use crate::app::model::{Model, Preferences};
use crate::app::msg::Msg;
use crate::app::query::Query;
use crate::app::update::{settle, update};
use crate::aws::Aws;
use crate::domain::failure::FailureKind;
use crate::keys::Keymap;

/// How often a question is asked whose failure may pass.
const TRIES: u32 = 4;
/// The pause after the first such failure; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// Asks each question that the board needs once, and those that follow from the answers, until
/// nothing is left to ask. What fails is in the model's errors.
pub async fn read_board(aws: Aws, preferences: Preferences, clock: Clock) -> Model {
    let context = aws.context().clone();
    let mut model = Model::new(preferences, Keymap::standard(), vec![context], clock.now());
    let (sender, mut receiver) = mpsc::channel(1024);
    let asker = Asker {
        aws,
        messages: sender,
        clock: clock.clone(),
    };
    let mut asked = HashSet::new();
    let mut running = JoinSet::new();
    loop {
        for wanted in subscriptions(&model) {
            if asked.insert(wanted.query.clone()) {
                let asker = asker.clone();
                running.spawn(async move {
                    ask_patiently(&asker, &wanted.query).await;
                });
            }
        }
        tokio::select! {
            biased;
            Some(message) = receiver.recv() => take(&mut model, &clock, message),
            Some(_) = running.join_next() => {}
            else => break,
        }
        while let Ok(message) = receiver.try_recv() {
            take(&mut model, &clock, message);
        }
        settle(&mut model);
        if running.is_empty() && receiver.is_empty() && all_asked(&model, &asked) {
            break;
        }
    }
    model
}

/// Asks until an answer comes that asking again would not better: a throttle, a timeout or a fault
/// of the server passes. The outcomes reach the model as messages.
async fn ask_patiently(asker: &Asker, query: &Query) {
    let mut pause = FIRST_PAUSE;
    for _ in 1..TRIES {
        match asker.ask(query).await {
            Err(failure) if passes(&failure.kind) => tokio::time::sleep(pause).await,
            _ => return,
        }
        pause *= 2;
    }
    let _told = asker.ask(query).await;
}

fn passes(kind: &FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::Throttled | FailureKind::Timeout | FailureKind::ServerFault
    )
}

fn take(model: &mut Model, clock: &Clock, message: Msg) {
    // Nothing is confirmed here, so no effect can ask for more than a redraw.
    let _effects = update(model, clock.now(), message);
}

fn all_asked(model: &Model, asked: &HashSet<Query>) -> bool {
    subscriptions(model)
        .iter()
        .all(|wanted| asked.contains(&wanted.query))
}
