//! A release from its start to its end, looked at every few seconds.

use serde_json::{Value, json};

use crate::program::{json, simulator, steer};

/// Looks at the newest release of the one service that there is until it is over; every status and stage that was seen, once
/// each, in order, and the last report.
async fn course(scenario: &str) -> (Vec<String>, Vec<String>, Value) {
    let server = simulator(Some(scenario)).await;
    let (mut statuses, mut stages): (Vec<String>, Vec<String>) = Default::default();
    for _ in 0..120 {
        let run = json(&server).await;
        let report = run.report();
        assert_eq!(run.code, 0, "{run:?}");
        let releases = report["releases"].as_array().unwrap();
        let newest = releases
            .iter()
            .max_by_key(|one| one["started_at"].as_str().unwrap_or("9").to_owned());
        if let Some(release) = newest {
            note(&mut statuses, &release["status"]);
            note(&mut stages, &release["stage"]);
            if !release["finished_at"].is_null() {
                let release = release.clone();
                server.shutdown().await;
                return (statuses, stages, release);
            }
        }
        steer(&server, "POST", "/_sim/advance", &json!({"seconds": 10})).await;
    }
    panic!("the release did not end: {statuses:?} {stages:?}");
}

fn note(seen: &mut Vec<String>, value: &Value) {
    if let Some(text) = value
        .as_str()
        .filter(|text| seen.last().is_none_or(|last| last != text))
    {
        seen.push(text.to_owned());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_release_goes_from_in_progress_to_succeeded() {
    let (statuses, stages, last) = course("rolling").await;
    assert_eq!(statuses, ["in_progress", "succeeded"]);
    assert!(stages.iter().any(|stage| stage == "starting"), "{stages:?}");
    assert_eq!(last["stage"], Value::Null);
    assert_eq!(last["new"]["running"], last["new"]["desired"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_release_is_rolled_back_and_never_succeeds() {
    let (statuses, _, last) = course("bad-rolling").await;
    assert_eq!(statuses, ["in_progress", "rolling_back", "rolled_back"]);
    assert_eq!(last["breaker"]["failures"], last["breaker"]["threshold"]);
    assert_eq!(last["old"]["running"], last["old"]["desired"]);
    assert_ne!(
        last["old"]["task_definition"],
        last["new"]["task_definition"]
    );
}
