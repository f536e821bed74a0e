//! The pipelines of a fleet: most at rest, a few under way, a few that wait for a person.

use toml::Spanned;

use super::file::{AtEntry, File, ServiceEntry};
use super::fleet::word;
use super::pipeline::{ApprovalEntry, PipelineEntry, PushEntry, StageEntry};
use super::time::Offset;
use crate::sim::rng::Rng;

/// How many pipelines are under way at the start, and how many wait for a person.
const MOVING: u32 = 4;
const WAITING: u32 = 3;
/// Every so many pipelines, one has an approval.
const APPROVALS: u32 = 4;
/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

const MESSAGES: [&str; 10] = [
    "Retry idempotent requests",
    "Cap the length of a query",
    "Log the reason of a refusal",
    "Read the timeout from the environment",
    "Update dependencies",
    "Drop the old endpoint",
    "Round amounts half up",
    "Warm the cache at the start",
    "Split the batch by customer",
    "Count what is skipped",
];
const AUTHORS: [&str; 6] = [
    "Ada Novak",
    "Jonas Weber",
    "Liam Byrne",
    "Mia Chen",
    "Noor Haddad",
    "Sofia Rossi",
];

/// Adds pipelines to `file`, each for one of the services of the fleet, and what has happened to
/// them.
pub fn expand(pipelines: u32, seed: u64, fleet: &[ServiceEntry], file: &mut File) {
    // A generator of its own: the services are the same with and without pipelines.
    let mut rng = Rng::new(seed ^ 0x7069_7065_6C69_6E65);
    // The first services have releases of their own.
    let mut services = fleet.iter().rev().cycle();
    for number in 0..pipelines {
        let Some(service) = services.next() else {
            return;
        };
        let entry = pipeline(number, service);
        let name = entry.name.get_ref().clone();
        file.pipeline.push(entry);
        let mut past = rng.range(service.since.0, -90 * MINUTE);
        past = past.max(service.since.0.saturating_add(MINUTE));
        file.at.push(push(past, &name, service, 1, &mut rng));
        if has_approval(number) {
            file.at.push(approve(past + 20 * MINUTE, &name));
        }
        if number < MOVING * APPROVALS && !has_approval(number) && number % APPROVALS == 1 {
            let time = -rng.range(20_000, 100_000);
            file.at.push(push(time, &name, service, 2, &mut rng));
        }
        if number < WAITING * APPROVALS && has_approval(number) {
            let time = -rng.range(8 * MINUTE, 30 * MINUTE);
            file.at.push(push(time, &name, service, 2, &mut rng));
        }
    }
}

fn has_approval(number: u32) -> bool {
    number.is_multiple_of(APPROVALS)
}

fn pipeline(number: u32, service: &ServiceEntry) -> PipelineEntry {
    let target = format!("{}/{}", service.cluster.get_ref(), service.name);
    let build = StageEntry {
        name: "Build".to_owned(),
        build: Some(service.name.clone()),
        ..StageEntry::default()
    };
    let deploy = StageEntry {
        name: "Deploy".to_owned(),
        approve: has_approval(number)
            .then(|| "Deploy '#{SourceVariables.CommitMessage}'?".to_owned()),
        deploy: vec![Spanned::new(0..0, target)],
        ..StageEntry::default()
    };
    let mode = match number % 10 {
        7 => "SUPERSEDED",
        9 => "PARALLEL",
        _ => "QUEUED",
    };
    PipelineEntry {
        name: Spanned::new(0..0, format!("{}-{:03}", service.name, number + 1)),
        account: None,
        region: None,
        mode: mode.to_owned(),
        repository: Some(format!("acme/{}", service.name)),
        branch: "main".to_owned(),
        ecr: None,
        since: service.since,
        stage: vec![build, deploy],
    }
}

fn push(time: i64, pipeline: &str, service: &ServiceEntry, minor: u32, rng: &mut Rng) -> AtEntry {
    let number = u32::try_from(rng.range(0, 60)).unwrap_or(0);
    AtEntry {
        push: Some(PushEntry {
            id: Some(rng.hex(40)),
            message: word(&MESSAGES, number).to_owned(),
            author: word(&AUTHORS, number / 7).to_owned(),
            email: None,
            image: Some(format!("{}:3.{minor}.{number}", service.name)),
        }),
        ..AtEntry::of_pipeline(Offset(time), pipeline.to_owned())
    }
}

fn approve(time: i64, pipeline: &str) -> AtEntry {
    AtEntry {
        approve: Some(ApprovalEntry {
            stage: None,
            by: "noor".to_owned(),
            summary: "Checked".to_owned(),
        }),
        ..AtEntry::of_pipeline(Offset(time), pipeline.to_owned())
    }
}
