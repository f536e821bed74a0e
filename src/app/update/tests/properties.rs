//! Whatever is pressed and whatever arrives: nothing panics, the cursor is on a row, and nothing is
//! sent that was not confirmed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;

use crate::app::availability::availability;
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::fixture::*;
use crate::app::freshness::freshness;
use crate::app::interest::subscriptions;
use crate::app::model::Model;
use crate::app::msg::{Data, Execution, Msg};
use crate::app::operation::OperationId;
use crate::app::query::Query;
use crate::app::rows;
use crate::app::screen::Screen;
use crate::app::update::{settle, update};
use crate::config::pattern::Pattern;
use crate::domain::confirmation::Button;
use crate::domain::failure::FailureKind;
use crate::domain::fixture::*;
use crate::domain::service::{Deployment, RolloutState, Service};
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;
use crate::keys::ACTIONS;

/// Stands for the action that was begun last.
const NEWEST: OperationId = OperationId(0);

/// Keys: mostly those that do something.
fn key() -> impl Strategy<Value = Msg> {
    let bound: Vec<&str> = ACTIONS
        .iter()
        .flat_map(|action| action.spec().keys)
        .copied()
        .collect();
    let bound = prop::sample::select(bound).prop_map(pressed);
    let plain = prop_oneof![
        Just(KeyCode::Tab),
        Just(KeyCode::Enter),
        Just(KeyCode::Esc),
        Just(KeyCode::Backspace),
        any::<char>().prop_map(KeyCode::Char),
        prop::sample::select(vec!['w', 'e', 'b', '5', ':', '/']).prop_map(KeyCode::Char),
    ]
    .prop_map(|code| Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    prop_oneof![3 => bound, 4 => plain]
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["web", "api", "mailer"])
}

fn deployments() -> impl Strategy<Value = Vec<Deployment>> {
    let state = prop::sample::select(vec![
        None,
        Some(RolloutState::InProgress),
        Some(RolloutState::Completed),
        Some(RolloutState::Failed),
        Some(RolloutState::Unknown("ODD".into())),
    ]);
    let one = (
        0_u32..4,
        0_u32..4,
        0_u32..9,
        any::<u32>(),
        state,
        any::<bool>(),
    );
    let one = one.prop_map(|(number, revision, running, desired, state, primary)| {
        let mut one = if primary {
            deployment(number, revision)
        } else {
            active(number, revision)
        };
        (one.running, one.desired, one.failed) = (running, desired, running / 3);
        one.rollout_state = state;
        one
    });
    prop::collection::vec(one, 0..4)
}

fn service_data() -> impl Strategy<Value = Service> {
    (
        name(),
        deployments(),
        any::<u32>(),
        prop::option::of(0_u8..4),
    )
        .prop_map(|(name, deployments, desired, record)| {
            let current_deployment = record.map(|id| record_arn(&format!("{name}-{id}")));
            Service {
                desired,
                current_deployment,
                ..called(name, deployments)
            }
        })
}

fn history() -> impl Strategy<Value = Data> {
    let status = prop::sample::select(vec![
        Record::Pending,
        Record::InProgress,
        Record::StopRequested,
        Record::Stopped,
        Record::Successful,
        Record::RollbackInProgress,
        Record::RollbackSuccessful,
        Record::RollbackFailed,
        Record::Unknown("ODD".into()),
    ]);
    let one = (0_u8..4, status, 0_u32..4, 0_u32..4, 0_i64..9_999);
    let one = one.prop_map(|(id, status, from, to, created)| {
        record(&id.to_string(), status, from, to, created)
    });
    (name(), prop::collection::vec(one, 0..5)).prop_map(|(name, mut records)| {
        for record in &mut records {
            record.arn = record_arn(&format!("{name}-{}", record.arn.name()));
            record.service = service_arn(name);
        }
        Data::ServiceDeployments {
            service: service_arn(name),
            records,
        }
    })
}

fn tasks() -> impl Strategy<Value = Data> {
    let one = (prop::sample::select(vec!["a", "b", "c"]), any::<bool>()).prop_map(|(id, up)| {
        if up {
            running(id)
        } else {
            stopped(
                id,
                "Essential container in task exited",
                container(Some(1), None),
            )
        }
    });
    let all = prop::collection::vec(one, 0..4);
    (prop::option::of(name()), any::<bool>(), all).prop_map(|(name, stopped, tasks)| Data::Tasks {
        cluster: cluster("prod"),
        service: name.map(service_arn),
        stopped,
        tasks,
    })
}

fn data() -> impl Strategy<Value = Data> {
    let names = || prop::collection::vec(name(), 0..3);
    let arns = |names: Vec<&str>| names.into_iter().map(service_arn).collect::<Vec<_>>();
    prop_oneof![
        (prop::collection::vec(service_data(), 0..3), names()).prop_map(
            move |(services, missing)| Data::Services {
                services,
                missing: arns(missing),
            }
        ),
        names().prop_map(move |services| Data::ServiceArns {
            cluster: cluster("prod"),
            services: arns(services),
        }),
        any::<bool>().prop_map(|there| {
            Data::ClusterArns(there.then(|| cluster("prod")).into_iter().collect())
        }),
        any::<u32>().prop_map(|running| Data::Clusters(vec![counted("prod", running)])),
        Just(Data::Identity(identity())),
        history(),
        tasks(),
        any::<bool>().prop_map(|there| Data::Task {
            arn: task_arn("a"),
            task: there.then(|| Box::new(running("a"))),
        }),
        (0_u32..4).prop_map(|to| Data::TaskDefinition(Box::new(definition(to, "ACTIVE")))),
        Just(Data::Families(vec!["web".into()])),
        prop::collection::vec((0_u32..9).prop_map(web), 0..4).prop_map(|revisions| {
            Data::Revisions {
                family: "web".into(),
                revisions,
            }
        }),
    ]
}

fn outcome() -> impl Strategy<Value = Execution> {
    prop_oneof![
        Just(Execution::Sent {
            request_id: None,
            detail: None,
        }),
        Just(Execution::Moved(vec!["it moved".into()])),
        Just(Execution::NotChecked(failure(FailureKind::Timeout))),
        Just(Execution::Failed(failure(FailureKind::Refused))),
    ]
}

fn facts_message() -> impl Strategy<Value = Msg> {
    let read =
        (deployments(), any::<bool>(), any::<bool>()).prop_map(|(some, production, task)| {
            let mut known = facts(
                service(some),
                vec![record("b", Record::InProgress, 1, 2, 1_000)],
            );
            known.production = production;
            known.task = task.then(|| running("a"));
            known.target = Some(Ok(definition(1, "ACTIVE")));
            Ok(Box::new(known.into()))
        });
    let facts = prop_oneof![4 => read, 1 => Just(Err(failure(FailureKind::Timeout)))];
    (operation(), facts).prop_map(|(operation, facts)| Msg::FactsRead { operation, facts })
}

/// Any action, or [`NEWEST`].
fn operation() -> impl Strategy<Value = OperationId> {
    prop_oneof![2 => Just(NEWEST), 1 => (1_u64..6).prop_map(OperationId)]
}

/// The way of an action that is confirmed, to be broken off anywhere by what else comes.
fn action() -> impl Strategy<Value = Vec<Msg>> {
    let wish = prop::sample::select(vec!["F", "R", "ctrl-d"]).prop_map(pressed);
    let executed = outcome().prop_map(|outcome| Msg::Executed {
        operation: NEWEST,
        outcome,
    });
    (wish, facts_message(), executed).prop_map(|(wish, facts, executed)| {
        let name = Msg::Paste("web".into());
        vec![
            wish,
            facts,
            name,
            pressed("tab"),
            pressed("enter"),
            executed,
        ]
    })
}

fn pressed(key: &str) -> Msg {
    let chord = crate::keys::Chord::parse(key).unwrap();
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::CONTROL, chord.control);
    modifiers.set(KeyModifiers::ALT, chord.alt);
    Msg::Key(KeyEvent::new(chord.code, modifiers))
}

/// Everything that can come, in any order.
fn messages() -> impl Strategy<Value = Vec<Msg>> {
    let some = prop_oneof![
        9 => message().prop_map(|one| vec![one]),
        1 => action(),
    ];
    prop::collection::vec(some, 0..60).prop_map(|parts| parts.concat())
}

/// The message, with [`NEWEST`] replaced by the action that was begun last.
fn addressed(model: &Model, message: Msg) -> Msg {
    let newest = model.operations.last().map_or(NEWEST, |one| one.id);
    let of = |id: OperationId| if id == NEWEST { newest } else { id };
    match message {
        Msg::FactsRead { operation, facts } => Msg::FactsRead {
            operation: of(operation),
            facts,
        },
        Msg::Executed { operation, outcome } => Msg::Executed {
            operation: of(operation),
            outcome,
        },
        other => other,
    }
}

fn message() -> impl Strategy<Value = Msg> {
    let asked = OPENED - 50..OPENED + 50;
    prop_oneof![
        8 => key(),
        5 => (asked.clone(), data()).prop_map(|(asked, data)| Msg::Fetched {
            context: HERE,
            asked_at: at(asked),
            data: Box::new(data),
        }),
        1 => (asked, any::<bool>()).prop_map(|(asked, good)| Msg::Ended {
            context: HERE,
            query: Query::Clusters,
            asked_at: at(asked),
            outcome: if good { Ok(()) } else { Err(failure(FailureKind::Throttled)) },
        }),
        1 => (any::<u16>(), any::<u16>()).prop_map(|(columns, rows)| Msg::Resize { columns, rows }),
        1 => Just(Msg::Tick),
        1 => ".{0,12}".prop_map(Msg::Paste),
        2 => facts_message(),
        1 => (operation(), outcome()).prop_map(|(operation, outcome)| Msg::Executed {
            operation,
            outcome,
        }),
    ]
}

/// Whether Enter would now answer a confirmation with yes.
fn answers_yes(model: &Model, message: &Msg) -> bool {
    let enter = matches!(message, Msg::Key(key) if key.code == KeyCode::Enter);
    match &model.dialog {
        Some(Dialog::Confirm { confirmation, .. }) => {
            enter && confirmation.button() == Button::Proceed && confirmation.is_unlocked()
        }
        _ => false,
    }
}

fn holds(model: &Model) -> Result<(), TestCaseError> {
    let list = &model.navigation.current().list;
    prop_assert_eq!(list.selected().is_some(), !list.rows.is_empty());
    prop_assert!(list.rows.len() <= list.total);
    let mut fresh = model.clone();
    rows::refresh(&mut fresh);
    prop_assert_eq!(&fresh.navigation.current().list.rows, &list.rows);
    let home = model.navigation.trail().next();
    prop_assert_eq!(home, Some(&Screen::Releases));
    if let (Some(logs), Some(buffer)) = (&model.navigation.current().logs, &model.log_buffer) {
        prop_assert!(buffer.passing() <= buffer.lines.entries());
        prop_assert!(logs.follows() || buffer.lines.entries() > 0);
    }
    for action in ACTIONS {
        availability(model, *action);
    }
    freshness(model);
    let wanted = subscriptions(model);
    prop_assert!(
        wanted
            .iter()
            .all(|one| one.pace >= model.preferences.refresh || one.query == Query::Identity)
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn nothing_panics_and_nothing_is_sent_unconfirmed(
        production: bool,
        read_only in prop::bool::weighted(0.2),
        messages in messages(),
    ) {
        let mut model = watching();
        model.preferences.read_only = read_only;
        if production {
            model.preferences.production.clusters = vec![Pattern::new("prod").unwrap()];
        }
        for (second, message) in (OPENED..).zip(messages) {
            let message = addressed(&model, message);
            let confirmed = answers_yes(&model, &message);
            let mut effects = update(&mut model, at(second), message);
            effects.extend(settle(&mut model));
            let sent = effects.iter().filter(|one| matches!(one, Effect::Execute { .. })).count();
            prop_assert_eq!(sent, usize::from(confirmed));
            prop_assert!(!(read_only && sent > 0));
            holds(&model)?;
        }
    }

    #[test]
    fn settling_twice_changes_nothing(messages in messages()) {
        let mut model = watching();
        for message in messages {
            let message = addressed(&model, message);
            update(&mut model, at(OPENED), message);
        }
        settle(&mut model);
        let before = model.navigation.current().clone();
        model.unsettled = true;
        prop_assert_eq!(settle(&mut model), vec![]);
        prop_assert_eq!(model.navigation.current(), &before);
    }
}
