//! Errors, meters, notices and the action log.

use crate::app::action_log::{ActionRecord, RecordKind};
use crate::app::fixture::*;
use crate::app::freshness::{Freshness, freshness};
use crate::app::model::Model;
use crate::app::msg::{Data, Msg};
use crate::app::query::Query;
use crate::domain::context::ContextId;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::fixture::*;

fn ended(model: &mut Model, asked: i64, outcome: Result<(), Failure>) {
    let message = Msg::Ended {
        context: HERE,
        query: Query::Clusters,
        asked_at: at(asked),
        outcome,
    };
    say(model, asked, message);
}

fn live(seconds: i64) -> Freshness {
    Freshness::Live {
        seconds,
        failing: None,
    }
}

fn noted(outcome: &str) -> ActionRecord {
    ActionRecord {
        time: at(OPENED),
        kind: RecordKind::Sent,
        identity: None,
        account: None,
        region: None,
        call: String::new(),
        target: "web".into(),
        outcome: outcome.into(),
        request_id: None,
    }
}

#[test]
fn the_same_error_is_counted_and_another_is_listed_above_it() {
    let mut model = empty();
    for second in 0..3 {
        let mut slow = failure(FailureKind::Throttled);
        slow.request_id = Some(format!("r-{second}"));
        ended(&mut model, OPENED + second, Err(slow));
    }
    ended(&mut model, OPENED + 9, Err(failure(FailureKind::Timeout)));
    let counts: Vec<u32> = model.errors.iter().map(|entry| entry.times).collect();
    assert_eq!(counts, [3, 1]);
    assert_eq!(model.errors[0].at, at(OPENED + 2));
    assert_eq!(model.errors[0].failure.request_id.as_deref(), Some("r-2"));
    press(&mut model, ": e r r enter");
    assert_eq!(rows(&model), ["2", "1"]);
    ended(
        &mut model,
        OPENED + 10,
        Err(failure(FailureKind::Throttled)),
    );
    assert_eq!(rows(&model), ["1", "2"]);
}

#[test]
fn errors_are_bounded_and_the_one_that_happened_longest_ago_goes() {
    let mut model = empty();
    ended(&mut model, OPENED, Err(failure(FailureKind::Throttled)));
    for number in 0..600 {
        let mut other = failure(FailureKind::Timeout);
        other.message = format!("number {number}");
        ended(&mut model, OPENED + 1, Err(other));
        ended(&mut model, OPENED + 1, Err(failure(FailureKind::Throttled)));
    }
    assert_eq!(model.errors.len(), 500);
    let throttled = model.errors.back().unwrap();
    assert_eq!((throttled.number, throttled.times), (1, 601));
}

#[test]
fn an_error_takes_no_data_away_and_old_data_is_called_old() {
    let mut model = watching();
    ended(&mut model, OPENED, Ok(()));
    let before = rows(&model);
    assert_eq!(freshness(&model), live(0));
    ended(
        &mut model,
        OPENED + 20,
        Err(failure(FailureKind::Throttled)),
    );
    say(&mut model, OPENED + 30, Msg::Tick);
    assert_eq!(rows(&model), before);
    let Freshness::Stale { seconds, failure } = freshness(&model) else {
        panic!("{:?}", freshness(&model));
    };
    assert_eq!(
        (seconds, failure.unwrap().kind),
        (30, FailureKind::Throttled)
    );
    ended(&mut model, OPENED + 31, Ok(()));
    read(&mut model, OPENED + 31, vec![releasing()]);
    assert_eq!(freshness(&model), live(0));
}

#[test]
fn a_source_that_fails_is_told_at_once_and_called_old_once_it_is() {
    let mut model = watching();
    ended(&mut model, OPENED, Ok(()));
    ended(&mut model, OPENED + 2, Err(failure(FailureKind::Throttled)));
    let Freshness::Live {
        seconds: 2,
        failing: Some(why),
    } = freshness(&model)
    else {
        panic!("{:?}", freshness(&model));
    };
    assert_eq!(why.kind, FailureKind::Throttled);
    // The services that are watched are old before the counts of the clusters are.
    for second in [12, 60] {
        say(&mut model, OPENED + second, Msg::Tick);
        assert!(
            matches!(freshness(&model), Freshness::Stale { seconds, failure: Some(_) } if seconds == second),
            "{:?}",
            freshness(&model)
        );
    }
}

#[test]
fn the_age_of_the_board_is_that_of_what_is_watched_on_it() {
    let mut model = watching();
    ended(&mut model, OPENED, Ok(()));
    read(&mut model, OPENED + 9, vec![releasing()]);
    say(&mut model, OPENED + 10, Msg::Tick);
    assert_eq!(freshness(&model), live(1));
}

#[test]
fn a_call_that_is_not_allowed_makes_nothing_old() {
    let mut model = watching();
    ended(&mut model, OPENED, Ok(()));
    for (kind, told) in [
        (FailureKind::AccessDenied, false),
        (FailureKind::Unsupported, false),
        (FailureKind::Throttled, true),
    ] {
        let message = Msg::Ended {
            context: HERE,
            query: Query::ServiceDeployments {
                cluster: cluster("prod"),
                service: service_arn("web"),
            },
            asked_at: at(OPENED),
            outcome: Err(failure(kind.clone())),
        };
        say(&mut model, OPENED, message);
        let is_told = matches!(
            freshness(&model),
            Freshness::Live {
                failing: Some(_),
                ..
            }
        );
        assert_eq!(is_told, told, "{kind:?}");
    }
}

#[test]
fn an_older_answer_ends_no_newer_error_and_an_older_error_no_newer_answer() {
    let mut model = empty();
    press(&mut model, ": c l enter");
    ended(&mut model, OPENED + 9, Ok(()));
    ended(&mut model, OPENED + 1, Err(failure(FailureKind::Timeout)));
    assert_eq!(freshness(&model), live(0));
    ended(&mut model, OPENED + 2, Ok(()));
    assert_eq!(freshness(&model), live(0));
}

#[test]
fn before_the_first_answer_it_loads_and_a_failure_says_why_not() {
    let mut model = empty();
    assert_eq!(freshness(&model), Freshness::Loading);
    ended(&mut model, OPENED, Err(failure(FailureKind::NoCredentials)));
    assert!(matches!(freshness(&model), Freshness::Missing(_)));
}

#[test]
fn a_change_in_what_is_watched_together_makes_nothing_look_unread() {
    let mut model = watching();
    ended(&mut model, OPENED, Ok(()));
    assert_eq!(freshness(&model), live(0));
    read(
        &mut model,
        OPENED + 1,
        vec![called("api", vec![moving(9, 2)])],
    );
    assert_eq!(freshness(&model), live(1));
}

#[test]
fn answers_of_another_context_stay_there() {
    let mut model = watching();
    let before = rows(&model);
    let foreign = Msg::Fetched {
        context: ContextId(7),
        asked_at: at(OPENED + 1),
        data: Box::new(Data::ClusterArns(vec![])),
    };
    say(&mut model, OPENED + 1, foreign);
    assert_eq!(rows(&model), before);
}

#[test]
fn a_clock_that_is_set_back_is_believed() {
    // A demo starts on the system's clock and goes over to the simulator's, which can be behind.
    let mut model = watching();
    say(&mut model, OPENED + 100, Msg::Tick);
    say(&mut model, OPENED, Msg::Tick);
    assert_eq!(model.now, at(OPENED));
}

#[test]
fn size_meter_and_notices_are_taken_in() {
    let mut model = watching();
    say(
        &mut model,
        OPENED,
        Msg::Resize {
            columns: 20,
            rows: 5,
        },
    );
    assert_eq!((model.columns, model.rows), (20, 5));
    say(
        &mut model,
        OPENED,
        Msg::Metered {
            context: HERE,
            calls_per_minute: 14,
            slowed: true,
        },
    );
    assert_eq!(
        (store(&model).calls_per_minute, store(&model).slowed),
        (14, true)
    );
    say(&mut model, OPENED, Msg::Notice("no browser".into()));
    assert_eq!(notice(&model), "no browser");
}

#[test]
fn a_line_of_the_action_log_keeps_its_number_when_old_ones_go() {
    let mut model = empty();
    press(&mut model, ": a c t enter");
    for number in 0..500 {
        say(
            &mut model,
            OPENED,
            Msg::Recorded(noted(&number.to_string())),
        );
    }
    press(&mut model, "down");
    assert_eq!(selected(&model).as_deref(), Some("498"));
    for number in 500..510 {
        say(
            &mut model,
            OPENED,
            Msg::Recorded(noted(&number.to_string())),
        );
    }
    assert_eq!(selected(&model).as_deref(), Some("498"));
    assert_eq!(model.action(498).unwrap().outcome, "498");
    assert_eq!(model.action(9), None, "dropped");
    assert_eq!(model.actions.len(), 500);
}
