use super::*;
use crate::sim::clock::SimTime;
use crate::sim::world::{DEFAULT_ACCOUNT, World};

const START: SimTime = SimTime(1_795_000_000_000);

fn new(project: &str) -> NewBuild {
    NewBuild {
        project: project.to_owned(),
        initiator: "codepipeline/shop".to_owned(),
        resolved_source_version: Some("9be0012f".to_owned()),
        images: vec!["acme/shop:9be0012".to_owned()],
        ..NewBuild::default()
    }
}

fn world() -> World {
    World::new(7, START)
}

/// What a build has written by `now`.
fn log(region: &Region, id: &str, now: SimTime) -> Vec<String> {
    let build = region.codebuild.build(id).unwrap();
    let group = region.logs.group(&build.log_group()).unwrap();
    let stream = group.stream(&build.uuid).unwrap();
    let mut key = stream.first(now);
    let mut lines = Vec::new();
    while let Some(one) = key {
        lines.push(stream.event(one, now).unwrap().message);
        key = stream.key_after(one, now);
    }
    lines
}

#[test]
fn a_build_goes_through_its_phases_and_succeeds() {
    let mut world = world();
    let region = world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
    let id = region.start_build(new("shop"));
    let build = region.codebuild.build(&id).unwrap();
    let mut phases = vec![];
    let mut percent = 0;
    let mut now = START;
    while build.progress(now).status == BuildStatus::InProgress {
        let progress = build.progress(now);
        assert!(progress.percent >= percent && progress.percent < 100);
        percent = progress.percent;
        phases.push(progress.phase);
        now = now.plus_millis(50);
    }
    phases.dedup();
    assert_eq!(phases.len(), 10);
    assert!(phases.is_sorted());
    assert_eq!(
        build.progress(build.ends_at()),
        BuildProgress {
            phase: PhaseKind::Completed,
            status: BuildStatus::Succeeded,
            percent: 100
        }
    );
    assert!((80.0..160.0).contains(&build.ends_at().seconds_since(START)));
}

#[test]
fn its_log_is_written_as_time_passes() {
    let mut world = world();
    let region = world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
    let id = region.start_build(new("shop"));
    assert_eq!(log(region, &id, START), Vec::<String>::new());
    let end = region.codebuild.build(&id).unwrap().ends_at();
    let half = log(region, &id, START.plus_seconds(40.0));
    let whole = log(region, &id, end);
    assert!(half.len() > 5 && half.len() < whole.len());
    assert!(whole.starts_with(&half));
    assert!(
        whole
            .iter()
            .any(|line| line.ends_with("docker push acme/shop:9be0012"))
    );
    assert!(
        whole[0].starts_with("[Container] 2026/11/18 "),
        "{}",
        whole[0]
    );
}

#[test]
fn a_failure_is_taken_by_the_next_build_only() {
    let mut world = world();
    let region = world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
    region
        .codebuild
        .fail_next("shop", "flaky test checkout_total");
    let failed = region.start_build(new("shop"));
    let good = region.start_build(new("shop"));
    let always = region.start_build(new("web-fails"));
    let status = |id: &str| {
        let build = region.codebuild.build(id).unwrap();
        build.progress(build.ends_at()).status
    };
    assert_eq!(status(&failed), BuildStatus::Failed);
    assert_eq!(status(&good), BuildStatus::Succeeded);
    assert_eq!(status(&always), BuildStatus::Failed);
    let end = region.codebuild.build(&failed).unwrap().ends_at();
    let lines = log(region, &failed, end);
    assert!(lines.contains(&"ERROR flaky test checkout_total".to_owned()));
    assert!(lines.iter().all(|line| !line.contains("docker push")));
    assert_eq!(region.codebuild.build(&good).unwrap().number, 2);
}

#[test]
fn a_project_can_say_how_long_its_builds_take() {
    let mut world = world();
    let region = world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
    region.codebuild.project_mut("shop").seconds = Some(60);
    let id = region.start_build(new("shop"));
    let build = region.codebuild.build(&id).unwrap();
    assert_eq!(build.ends_at(), START.plus_seconds(60.0));
}
