//! Models built by the messages that a run of the program would receive.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use cutover::app::effect::Effect;
use cutover::app::model::{Model, Preferences};
use cutover::app::msg::{Data, Msg};
use cutover::app::query::Query;
use cutover::app::update::{settle, update};
use cutover::config::pattern::Pattern;
use cutover::config::settings::ProductionRules;
use cutover::domain::context::{Context, ContextId, Identity};
use cutover::domain::failure::{Failure, FailureKind};
use cutover::keys::{Chord, Keymap};
use jiff::Timestamp;

pub const HERE: ContextId = ContextId(0);

/// 2026-11-21 03:00:00 UTC, and so many seconds before it.
pub fn before(seconds: i64) -> Timestamp {
    let now: Timestamp = "2026-11-21T03:00:00Z".parse().unwrap();
    Timestamp::from_second(now.as_second() - seconds).unwrap()
}

pub fn now() -> Timestamp {
    before(0)
}

pub fn context() -> Context {
    Context {
        id: HERE,
        profile: Some("acme-prod".into()),
        region: Some("ap-northeast-1".into()),
        endpoint: None,
        demo: false,
    }
}

pub fn preferences(production: &[&str]) -> Preferences {
    Preferences {
        refresh: Duration::from_secs(2),
        live_logs: true,
        read_only: false,
        production: ProductionRules {
            accounts: Vec::new(),
            clusters: production
                .iter()
                .map(|name| Pattern::new(name).unwrap())
                .collect(),
        },
        cluster: None,
        service: None,
        zone: jiff::tz::TimeZone::UTC,
    }
}

/// A model that has received nothing.
pub fn nothing_read() -> Model {
    Model::new(
        preferences(&["prod-*"]),
        Keymap::standard(),
        vec![context()],
        now(),
    )
}

/// A model that knows who it is.
pub fn signed_in() -> Model {
    let mut model = nothing_read();
    fetch(
        &mut model,
        Data::Identity(Identity {
            account: "123456789012".into(),
            arn: "arn:aws:sts::123456789012:assumed-role/oncall/mika".into(),
        }),
    );
    end(&mut model, Query::Identity, Ok(()));
    let metered = Msg::Metered {
        context: HERE,
        calls_per_minute: 14,
        slowed: false,
    };
    update(&mut model, now(), metered);
    model
}

/// A part of an answer, asked two seconds ago.
pub fn fetch(model: &mut Model, data: Data) {
    let message = Msg::Fetched {
        context: HERE,
        asked_at: before(2),
        data: Box::new(data),
    };
    update(model, now(), message);
}

/// The end of an answer.
pub fn end(model: &mut Model, query: Query, outcome: Result<(), Failure>) {
    end_at(model, query, before(2), outcome);
}

pub fn end_at(model: &mut Model, query: Query, asked_at: Timestamp, outcome: Result<(), Failure>) {
    let message = Msg::Ended {
        context: HERE,
        query,
        asked_at,
        outcome,
    };
    update(model, now(), message);
    settle(model);
}

/// Presses keys, written as in the configuration: `enter`, `R`, `ctrl-d`.
pub fn press(model: &mut Model, keys: &[&str]) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in keys {
        let chord = Chord::parse(key).unwrap();
        let mut modifiers = KeyModifiers::NONE;
        modifiers.set(KeyModifiers::CONTROL, chord.control);
        modifiers.set(KeyModifiers::ALT, chord.alt);
        let event = KeyEvent::new(chord.code, modifiers);
        effects.extend(update(model, model.now, Msg::Key(event)));
        settle(model);
    }
    effects
}

/// Types text.
pub fn type_in(model: &mut Model, text: &str) {
    for c in text.chars() {
        let event = KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
        update(model, model.now, Msg::Key(event));
        settle(model);
    }
}

/// Goes to a screen by its name.
pub fn go(model: &mut Model, name: &str) {
    press(model, &[":"]);
    type_in(model, name);
    press(model, &["enter"]);
}

pub fn failure(call: &str, kind: FailureKind, message: &str) -> Failure {
    Failure {
        call: call.into(),
        kind,
        code: None,
        message: message.into(),
        request_id: Some("3f1c9aa2-7d10-4a54-9f57-0b8f5b2d77a1".into()),
    }
}
