use super::*;
use crate::app::fixture::*;
use crate::app::msg::Msg;
use crate::app::update::update;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::fixture::at;
use crate::domain::logs::Delivery;

fn failure(kind: FailureKind) -> Failure {
    Failure {
        call: "logs:StartLiveTail".into(),
        kind,
        code: None,
        message: "no".into(),
        request_id: None,
    }
}

fn live(second: i64) -> FeedState {
    FeedState {
        mode: FeedMode::Live { since: at(second) },
        complete_until: Some(at(second)),
        ..FeedState::default()
    }
}

fn tell(model: &mut Model, epoch: u64, event: FeedEvent) {
    let context = model.main_context();
    let msg = Msg::Feed {
        context,
        epoch,
        event,
    };
    update(model, at(OPENED), msg);
}

fn line() -> LogLine {
    LogLine {
        event: None,
        delivery: Delivery(1),
        at: at(OPENED),
        ingested_at: None,
        stream: crate::domain::fixture::stream("app", "one"),
        message: "GET /".into(),
    }
}

#[test]
fn only_the_logs_screen_is_fed_and_the_same_one_again_after_a_look_elsewhere() {
    let mut model = watching();
    assert_eq!(log_feed(&model), None);
    press(&mut model, "l");
    let feed = log_feed(&model).unwrap();
    assert!(feed.live);
    assert_eq!(feed.context, model.main_context());
    press(&mut model, "?");
    assert_eq!(log_feed(&model), None, "nobody looks, nothing is read");
    press(&mut model, "esc");
    assert_eq!(log_feed(&model), Some(feed));
}

#[test]
fn what_comes_of_another_feed_is_dropped() {
    let mut model = watching();
    press(&mut model, "l");
    let epoch = log_feed(&model).unwrap().epoch;
    tell(&mut model, epoch + 1, FeedEvent::Lines(vec![line()]));
    tell(&mut model, epoch + 1, FeedEvent::State(live(1)));
    assert_eq!(model.feed_state(), None);
    assert!(model.log_buffer.as_ref().unwrap().is_empty());
    tell(&mut model, epoch, FeedEvent::Lines(vec![line()]));
    tell(&mut model, epoch, FeedEvent::State(live(1)));
    assert_eq!(model.feed_state(), Some(&live(1)));
    assert_eq!(model.log_buffer.as_ref().unwrap().len(), 1);
    press(&mut model, "?");
    let late = LogLine {
        message: "late".into(),
        ..line()
    };
    tell(&mut model, epoch, FeedEvent::Lines(vec![late]));
    let buffer = model.log_buffer.as_ref().unwrap();
    assert_eq!(buffer.len(), 2, "what was on its way arrives");
}

#[test]
fn of_several_groups_the_worst_is_told_and_the_counts_are_summed() {
    let mut one = live(9);
    one.tally.sessions = 1;
    let mut two = live(4);
    two.tally.sessions = 2;
    let both = one.clone().with(two);
    assert_eq!(both.complete_until, Some(at(4)));
    assert_eq!(both.tally.sessions, 3);
    let broken = FeedState {
        mode: FeedMode::Reconnecting {
            attempt: 2,
            why: failure(FailureKind::Throttled),
        },
        ..FeedState::default()
    };
    let both = one.with(broken.clone());
    assert_eq!(both.mode, broken.mode);
    assert_eq!(both.complete_until, None, "one of them has nothing yet");
    assert_eq!(both.mode.short(), "reconnecting, attempt 2: throttled");
}

#[test]
fn live_tail_says_what_it_costs() {
    let mut state = live(1);
    assert_eq!(state.costs().unwrap(), "billed for 1 min");
    state.tally.live_seconds = 61;
    assert!(state.costs().unwrap().contains("2 min"));
    let why = PollReason::NotPermitted(failure(FailureKind::AccessDenied));
    state.mode = FeedMode::Polling { why };
    assert_eq!(state.costs(), None);
    assert_eq!(
        state.mode.short(),
        "polling: logs:StartLiveTail is not permitted"
    );
}
