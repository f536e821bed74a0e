//! The logs of scenarios: what is written, where, and by which release.

use std::collections::BTreeMap;

use super::*;
use crate::sim::world::deployment::ReleaseStatus;
use crate::sim::world::logs::{Event, LogStream};

const REGION: &str = "eu-west-1";
const NOW: SimTime = SimTime(1_795_000_000_000);

fn world(name: &str) -> World {
    let options = ScenarioOptions {
        seed: 1,
        now: NOW,
        services: None,
        clusters: None,
        pipelines: None,
    };
    build(name, &options).unwrap()
}

/// The events of a stream after `after`, as they are read at `now`.
fn events(stream: &LogStream, after: SimTime, now: SimTime) -> Vec<Event> {
    let from = crate::sim::world::logs::EventKey::before(after);
    let first = stream.key_after(from, now);
    std::iter::successors(first, |key| stream.key_after(*key, now))
        .map(|key| stream.event(key, now).unwrap())
        .collect()
}

/// The events of the groups that start with `prefix`, by stream.
fn read(
    world: &mut World,
    prefix: &str,
    after: SimTime,
    now: SimTime,
) -> BTreeMap<String, Vec<Event>> {
    let logs = &world.region_mut("123456789012", REGION).logs;
    let groups = logs.groups().iter();
    let groups = groups.filter(|(name, _)| name.starts_with(prefix));
    let streams = groups.flat_map(|(_, group)| group.streams());
    streams
        .map(|(name, stream)| (name.clone(), events(stream, after, now)))
        .collect()
}

#[test]
fn the_noisy_world_logs_hundreds_of_lines_a_second() {
    let mut world = world("noisy");
    let later = NOW.plus_seconds(60.0);
    world.advance(later);
    let streams = read(&mut world, "/", NOW, NOW.plus_seconds(40.0));
    let lines: usize = streams.values().map(Vec::len).sum();
    assert!((300 * 40..900 * 40).contains(&lines), "{lines} in 40 s");
    let names: Vec<&str> = streams.keys().map(String::as_str).collect();
    for prefix in [
        "ecs/shop/",
        "ecs/proxy/",
        "ecs/agent/",
        "jobs/mails/worker/",
    ] {
        assert!(
            names.iter().any(|name| name.starts_with(prefix)),
            "{names:?}"
        );
    }
    for container in ["/metrics/", "/legacy/", "/silent/"] {
        assert!(
            !names.iter().any(|name| name.contains(container)),
            "{names:?}"
        );
    }
}

#[test]
fn some_lines_of_the_noisy_world_come_late_and_some_are_hostile() {
    let mut world = world("noisy");
    world.advance(NOW.plus_seconds(100.0));
    let streams = read(&mut world, "/ecs/prod/shop", NOW, NOW.plus_seconds(100.0));
    let all: Vec<&Event> = streams.values().flatten().collect();
    let delay = |event: &Event| event.ingested.millis_since(event.key.at);
    assert!(all.iter().any(|event| delay(event) == 30_000));
    assert!(all.iter().all(|event| delay(event) <= 30_000));
    let has = |wanted: &dyn Fn(&str) -> bool| all.iter().any(|event| wanted(&event.message));
    assert!(has(&|text| text.contains("\u{1b}[2J")));
    assert!(has(&|text| text.contains('\u{0}')));
    assert!(has(&|text| text.contains("日本語")));
    assert!(has(&|text| text.contains('\u{202e}')));
    assert!(has(&|text| text.len() > 200_000));
    assert!(has(&|text| text.starts_with("\tat com.acme")));
}

#[test]
fn the_bad_release_fails_in_its_logs_while_the_old_one_is_calm() {
    let mut world = world("bad-release-logs");
    let end = NOW.plus_seconds(240.0);
    world.advance(end);
    let streams = read(
        &mut world,
        "/ecs/prod/checkout",
        NOW.plus_seconds(60.0),
        end,
    );
    let (mut old, mut new) = ((0, 0), (0, 0));
    for (name, events) in streams
        .iter()
        .filter(|(name, _)| name.starts_with("ecs/checkout/"))
    {
        let logs = &world.region_mut("123456789012", REGION).logs;
        let group = logs.group("/ecs/prod/checkout").unwrap();
        let stream = group.stream(name).unwrap();
        let first = stream.first(end).unwrap();
        let version = stream.event(first, end).unwrap().message;
        let side = if version.contains("3.8.0") {
            &mut new
        } else {
            &mut old
        };
        let errors = events.iter().filter(|one| one.message.starts_with("ERROR"));
        side.0 += events.len();
        side.1 += errors.count();
    }
    assert!(old.0 > 1_000 && new.0 > 1_000, "{old:?} {new:?}");
    assert!(old.1 * 100 < old.0, "{old:?}");
    assert!(new.1 * 20 > new.0, "{new:?}");
}

#[test]
fn the_bad_release_rolls_back_after_its_alarm() {
    let mut world = world("bad-release-logs");
    let state = |world: &mut World| {
        let ecs = &world.region_mut("123456789012", REGION).ecs;
        let service = ecs.services.values().next().unwrap();
        service.releases.last().unwrap().status
    };
    world.advance(NOW.plus_seconds(290.0));
    assert_eq!(state(&mut world), ReleaseStatus::InProgress);
    world.advance(NOW.plus_seconds(1_800.0));
    assert_eq!(state(&mut world), ReleaseStatus::RollbackSuccessful);
}
