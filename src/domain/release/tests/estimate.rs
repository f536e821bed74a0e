//! When a release will be over.

use std::collections::BTreeMap;

use super::*;
use crate::domain::service::Strategy;

fn at_stage(strategy: Strategy, stage: &str, percent: f64, seen_at: i64) -> Release {
    let record = shifting(strategy, stage, percent);
    let service = named(service(vec![]), "b");
    let mut log = StageLog::default();
    log.observe(&record, at(seen_at));
    current_of(&Sources {
        observed: &BTreeMap::from([(ReleaseId(record.arn.as_str().into()), log)]),
        ..Sources::of(&service, std::slice::from_ref(&record))
    })
    .unwrap()
}

/// Earlier releases that took so long.
fn earlier(strategy: &Strategy, seconds: &[i64]) -> Vec<Release> {
    let records: Vec<ServiceDeployment> = seconds
        .iter()
        .enumerate()
        .map(|(index, seconds)| {
            let mut one = record(&format!("e{index}"), Record::Successful, 1, 2, 100);
            one.strategy = Some(strategy.clone());
            one.finished_at = Some(at(100 + seconds));
            one
        })
        .collect();
    past(&records, None)
}

fn seconds(release: &Release, earlier: &[Release], now: i64) -> Option<(i64, EstimateBasis)> {
    let estimate = estimate(release, earlier, at(now))?;
    Some((estimate.at.as_second() - now, estimate.basis))
}

#[test]
fn a_rolling_release_takes_as_long_as_the_earlier_ones() {
    let release = current(
        &named(releasing(), "b"),
        &[record("b", Record::InProgress, 1, 2, 1_000)],
    );
    let release = release.unwrap();
    let past = earlier(&Strategy::Rolling, &[100, 200, 900]);
    assert_eq!(
        seconds(&release, &past, 1_050),
        Some((150, EstimateBasis::Earlier(3)))
    );
    assert_eq!(
        seconds(&release, &past, 1_200),
        None,
        "it takes longer than they did"
    );
    assert_eq!(seconds(&release, &[], 1_050), None);
    let other = earlier(&Strategy::Canary, &[100]);
    assert_eq!(seconds(&release, &other, 1_050), None, "another mechanism");
}

#[test]
fn the_configured_waits_alone_tell_how_long_it_takes_at_least() {
    let scale = at_stage(Strategy::BlueGreen, "SCALE_UP", 0.0, 1_010);
    assert_eq!(
        seconds(&scale, &[], 1_020),
        Some((300, EstimateBasis::Configuration))
    );
    let bake = at_stage(Strategy::BlueGreen, "BAKE_TIME", 100.0, 1_200);
    assert_eq!(
        seconds(&bake, &[], 1_260),
        Some((240, EstimateBasis::Configuration))
    );
    let clean = at_stage(Strategy::BlueGreen, "CLEAN_UP", 100.0, 1_600);
    assert_eq!(
        seconds(&clean, &[], 1_610),
        Some((0, EstimateBasis::Configuration))
    );
}

#[test]
fn steps_count_with_their_bakes() {
    // Four of ten: the rest of this step's two minutes, five more, and the bake.
    let linear = at_stage(Strategy::Linear, "PRODUCTION_TRAFFIC_SHIFT", 40.0, 1_200);
    assert_eq!(
        seconds(&linear, &[], 1_230),
        Some((90 + 5 * 120 + 300, EstimateBasis::Configuration))
    );
    let all = at_stage(Strategy::Linear, "PRODUCTION_TRAFFIC_SHIFT", 100.0, 1_200);
    assert_eq!(
        seconds(&all, &[], 1_230),
        Some((300, EstimateBasis::Configuration))
    );
    let before = at_stage(Strategy::Canary, "SCALE_UP", 0.0, 1_200);
    assert_eq!(
        seconds(&before, &[], 1_230),
        Some((180 + 300, EstimateBasis::Configuration))
    );
}

#[test]
fn both_together_share_the_work_among_the_stages_that_are_left() {
    // 600 seconds are 300 of bake and 300 of work on five stages, of which one is half done and
    // four are to come.
    let scale = at_stage(Strategy::BlueGreen, "SCALE_UP", 0.0, 1_010);
    let past = earlier(&Strategy::BlueGreen, &[600]);
    assert_eq!(
        seconds(&scale, &past, 1_020),
        Some((300 + 300 * 9 / 10, EstimateBasis::Both(1)))
    );
}

#[test]
fn where_people_are_asked_the_fastest_release_counts_as_if_somebody_answered_now() {
    let mut record = shifting(Strategy::BlueGreen, "POST_TEST_TRAFFIC_SHIFT", 0.0);
    record.hooks = vec![pause_hook("x", 90_000)];
    let service = named(service(vec![]), "b");
    let waiting = current(&service, &[record]).unwrap();
    let past = earlier(&Strategy::BlueGreen, &[500, 9_000, 80_000]);
    let (left, basis) = seconds(&waiting, &past, 1_100).unwrap();
    assert_eq!((left, basis), (300 + 200 * 4 / 10, EstimateBasis::Both(3)));
}

#[test]
fn what_is_over_or_goes_back_has_no_estimate() {
    let past = earlier(&Strategy::Rolling, &[100]);
    for status in [
        ReleaseStatus::RollingBack,
        ReleaseStatus::RolledBack,
        ReleaseStatus::Succeeded,
        ReleaseStatus::Unknown("X".into()),
    ] {
        let release = standing("r", status, 1_000);
        assert_eq!(seconds(&release, &past, 1_001), None);
    }
}
