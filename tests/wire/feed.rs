//! The feed of log lines against a service that samples, breaks off, refuses and throttles, while
//! 5,000 lines a second are written: each line is there once in the end.

mod watcher;

use std::time::Duration;

use cutover::app::feed::{FeedEvent, FeedMode, PollReason};
use cutover::runtime::feed::Patience;
use serde_json::{Value, json};

use watcher::{LOUD, Watcher, patience};

/// Seconds before and after what is written while no session is open: what is read for the samples of
/// sessions reaches no further.
const BETWEEN: u64 = 8;

/// The operation fails as when the service has troubles.
fn unavailable(operation: &str) -> Value {
    json!({"operation": operation, "kind": "error", "status": 503,
           "code": "ServiceUnavailableException"})
}

/// A session ends in a way while lines are written before, during and after that.
async fn across_the_end(end: &str) -> Watcher {
    let mut watcher = Watcher::live().await;
    watcher.write(LOUD, 2).await;
    watcher
        .faults(json!([unavailable("logs.StartLiveTail")]))
        .await;
    watcher.end_sessions(end).await;
    watcher.until_read().await;
    watcher.pass(BETWEEN).await;
    watcher.write(LOUD, 1).await;
    watcher.pass(BETWEEN).await;
    watcher.faults(json!([])).await;
    watcher.until_live().await;
    watcher.write(LOUD, 1).await;
    watcher.check().await;
    assert_eq!(watcher.gaps(), 0);
    let tally = watcher.state.tally;
    assert_eq!((tally.sessions, tally.reconnects), (2, 1), "{end}");
    watcher
}

/// The same with an end that is no usual one, which is told.
async fn across_a_break(end: &str) {
    let watcher = across_the_end(end).await;
    assert_eq!(watcher.broken().len(), 1, "{end}: {:?}", watcher.told);
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn what_a_sample_left_out_is_read() {
    let mut watcher = Watcher::live().await;
    let before = watcher.len();
    watcher.write(LOUD, 4).await;
    watcher
        .until("four samples", |watcher| watcher.state.tally.sampled >= 4)
        .await;
    // What is sampled is shown at once; what is not is read when it can be found.
    watcher
        .until("what the samples have", |watcher| {
            watcher.len() >= before + 2_000
        })
        .await;
    assert!(watcher.state.tally.open_milliseconds > 0);
    watcher.check().await;
    let sampled = |event: &&FeedEvent| matches!(event, FeedEvent::Sampled { .. });
    assert!(watcher.told.iter().filter(sampled).count() >= 4);
    assert_eq!((watcher.gaps(), watcher.broken().len()), (0, 0));
    assert_eq!(watcher.state.tally.sessions, 1);
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn a_session_that_breaks_off_loses_nothing() {
    across_a_break("break").await;
}

#[tokio::test]
async fn a_session_that_is_truncated_loses_nothing() {
    across_a_break("truncate").await;
}

#[tokio::test]
async fn a_session_that_is_closed_without_a_word_loses_nothing() {
    across_a_break("close").await;
}

#[tokio::test]
async fn a_session_that_fails_loses_nothing() {
    across_a_break("exception").await;
}

#[tokio::test]
async fn a_session_with_garbage_in_it_loses_nothing() {
    across_a_break("garbage").await;
}

#[tokio::test]
async fn a_session_that_ends_after_its_time_is_followed_by_another_one() {
    let watcher = across_the_end("timeout").await;
    assert!(watcher.broken().is_empty(), "this is how sessions end");
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn a_session_that_says_nothing_any_more_is_given_up() {
    let mut watcher = Watcher::new(Patience {
        silence: Duration::from_secs(1),
        ..patience()
    })
    .await;
    watcher.look();
    watcher.until_live().await;
    watcher.write(LOUD, 1).await;
    watcher.end_sessions("hang").await;
    watcher.write(LOUD, 2).await;
    watcher.until_live().await;
    let broken = watcher.broken();
    assert!(!broken.is_empty());
    assert!(broken.iter().all(|why| why.contains("says nothing")));
    watcher.check().await;
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn a_session_that_is_throttled_is_tried_again() {
    let mut watcher = Watcher::new(patience()).await;
    watcher
        .faults(
            json!([{"operation": "logs.StartLiveTail", "kind": "error", "times": 1,
                        "code": "ThrottlingException"}]),
        )
        .await;
    watcher.look();
    watcher.write(LOUD, 2).await;
    watcher.until_live().await;
    watcher.write(LOUD, 1).await;
    watcher.check().await;
    let retried = |mode: &FeedMode| matches!(mode, FeedMode::Reconnecting { .. });
    assert!(watcher.modes.iter().any(retried), "{:?}", watcher.modes);
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn readings_that_are_throttled_are_made_again() {
    let mut watcher = Watcher::live().await;
    watcher.write(LOUD, 1).await;
    watcher
        .faults(
            json!([{"operation": "logs.FilterLogEvents", "kind": "error", "times": 1,
                        "code": "ThrottlingException"}]),
        )
        .await;
    watcher.write(LOUD, 1).await;
    watcher.check().await;
    let calls = crate::raw::steer(&watcher.server, "GET", "/_sim/calls", "").await;
    assert_eq!(calls["errors"], json!({"ThrottlingException": 1}));
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn lines_are_asked_for_where_live_tail_is_not_permitted() {
    let mut watcher = Watcher::new(patience()).await;
    watcher.ask_every(Duration::from_millis(200));
    watcher
        .faults(json!([{"operation": "logs.StartLiveTail", "kind": "error",
                        "code": "AccessDeniedException"}]))
        .await;
    watcher.look();
    let polls = |watcher: &Watcher| {
        let FeedMode::Polling { why } = &watcher.state.mode else {
            return false;
        };
        matches!(why, PollReason::NotPermitted(_))
    };
    watcher.until("polling", polls).await;
    watcher.write(LOUD, 2).await;
    watcher.check().await;
    assert!(polls(&watcher));
    assert_eq!(watcher.state.tally.sessions, 0);
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn a_session_that_begins_late_misses_nothing() {
    let mut watcher = Watcher::new(patience()).await;
    watcher
        .faults(json!([unavailable("logs.StartLiveTail")]))
        .await;
    watcher.look();
    watcher.until_read().await;
    watcher.write(LOUD, 2).await;
    watcher.pass(BETWEEN).await;
    watcher.faults(json!([])).await;
    watcher.until_live().await;
    watcher.write(LOUD, 1).await;
    watcher.check().await;
    assert_eq!(watcher.state.tally.sessions, 1);
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn a_session_whose_answer_comes_late_misses_nothing() {
    let mut watcher = Watcher::new(patience()).await;
    watcher
        .faults(json!([{"operation": "logs.StartLiveTail", "kind": "delay",
                        "milliseconds": 400}]))
        .await;
    watcher.look();
    watcher.write(LOUD, 3).await;
    assert_eq!(watcher.state.tally.sessions, 0, "it is not open yet");
    watcher.until_live().await;
    watcher.write(LOUD, 1).await;
    watcher.check().await;
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn a_task_that_joins_is_there_from_its_first_line_on() {
    let mut watcher = Watcher::live().await;
    watcher.begin("web/app/4");
    watcher.write(LOUD, 1).await;
    // Nothing that is read for another reason reaches back to that.
    watcher.settle().await;
    watcher.settle().await;
    watcher.join();
    watcher.write(LOUD, 1).await;
    watcher.check().await;
    assert_eq!(
        watcher.state.tally.sessions, 1,
        "the session has it already"
    );
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn a_container_that_joins_is_there_from_its_first_line_on() {
    let mut watcher = Watcher::live().await;
    watcher.begin("web/sidecar/1");
    watcher.write(LOUD, 1).await;
    // Nothing that is read for another reason reaches back to that.
    watcher.settle().await;
    watcher.settle().await;
    watcher.join();
    watcher.until_live().await;
    watcher.write(LOUD, 1).await;
    watcher.check().await;
    assert!(watcher.broken().is_empty());
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn what_was_written_while_one_looked_elsewhere_is_there_afterwards() {
    let mut watcher = Watcher::live().await;
    watcher.write(LOUD, 1).await;
    watcher.look_away().await;
    watcher.write(LOUD, 2).await;
    watcher.pass(BETWEEN).await;
    watcher.look();
    watcher.until_live().await;
    watcher.write(LOUD, 1).await;
    watcher.check().await;
    watcher.server.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_read_in_time_is_told_as_a_gap() {
    let mut watcher = Watcher::live().await;
    watcher
        .faults(
            json!([{"operation": "logs.FilterLogEvents", "kind": "error", "status": 500,
                        "code": "InternalFailure"}]),
        )
        .await;
    watcher.write(LOUD, 1).await;
    watcher.pass(2).await;
    watcher
        .until("a sample", |watcher| watcher.state.tally.sampled > 0)
        .await;
    watcher.pass(310).await;
    watcher.until("the time after it", Watcher::is_quiet).await;
    watcher.write(LOUD, 1).await;
    watcher
        .until("a gap", |watcher| watcher.state.tally.gaps > 0)
        .await;
    assert_eq!(watcher.gaps(), 1, "it is told once: {:?}", watcher.told);
    watcher.server.shutdown().await;
}
