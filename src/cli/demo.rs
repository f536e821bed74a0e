//! `cutover demo`: opens the cockpit on the embedded simulated AWS.

use std::process::ExitCode;

use super::args::{DemoArgs, WorldArgs};
use super::sim_clock::SimClockFollower;
use super::{cockpit, environment};
use crate::aws::{self, Aws, ConnectOptions, Credentials, Timeouts};
use crate::config::flags::GlobalArgs;
use crate::domain::context::{Context, ContextId};
use crate::runtime::clock::Clock;
use crate::runtime::{Connecting, Recorder};
use crate::sim::clock::{SimClock, SimTime};
use crate::sim::server::{SimOptions, SimServer};
use jiff::Timestamp;

/// The scenario that a demo opens on when none is named.
const DEFAULT_SCENARIO: &str = "tour";

/// Starts the simulator, and opens the cockpit on it over the wire. The profile, the Region and the
/// endpoint of the configuration do not count here, and actions have a log of their own.
pub(super) async fn run(global: &GlobalArgs, demo: DemoArgs) -> anyhow::Result<ExitCode> {
    cockpit::require_terminal()?;
    let loaded = environment::load(global)?;
    let clock = Clock::system();
    let context = Context {
        id: ContextId(0),
        profile: None,
        region: None,
        endpoint: None,
        demo: true,
    };
    let read_only = loaded.settings.read_only;
    let connecting = match demo.at {
        Some(endpoint) => attach(endpoint, context.clone(), read_only, clock.clone()),
        None => embed(
            options(&demo.world),
            context.clone(),
            read_only,
            clock.clone(),
        ),
    };
    let recorder = Recorder::new(loaded.paths.state_dir.join("demo-actions.jsonl"));
    cockpit::open(loaded, context, connecting, clock, recorder).await
}

fn options(world: &WorldArgs) -> SimOptions {
    SimOptions {
        scenario: Some(
            world
                .scenario
                .clone()
                .unwrap_or_else(|| DEFAULT_SCENARIO.to_owned()),
        ),
        ..super::sim::world_options(world)
    }
}

/// Starts the simulator and connects to it, away from the first frame. The simulator lives as long
/// as its clock is read, which is as long as the program.
fn embed(options: SimOptions, context: Context, read_only: bool, clock: Clock) -> Connecting {
    Box::pin(async move {
        let server = SimServer::start(options).await?;
        let aws = connect(&server.endpoint(), server.region(), context, read_only).await;
        let reading = server.clock();
        clock.set(move || {
            let _alive = &server;
            timestamp(&reading)
        });
        Ok(aws)
    })
}

/// Connects to a simulator that runs already, and follows its clock.
fn attach(endpoint: String, context: Context, read_only: bool, clock: Clock) -> Connecting {
    Box::pin(async move {
        let follower = SimClockFollower::start(&endpoint).await?;
        let region = follower.region().to_owned();
        let aws = connect(&endpoint, &region, context, read_only).await;
        clock.set(move || follower.now());
        Ok(aws)
    })
}

async fn connect(endpoint: &str, region: &str, context: Context, read_only: bool) -> Aws {
    aws::connect(ConnectOptions {
        context: Context {
            region: Some(region.to_owned()),
            endpoint: Some(endpoint.to_owned()),
            ..context
        },
        credentials: Credentials::Fixed {
            access_key_id: "AKIADEMODEMODEMODEMO".to_owned(),
            secret_access_key: "not-a-secret".to_owned(),
        },
        read_only,
        timeouts: Timeouts::default(),
    })
    .await
}

fn timestamp(clock: &SimClock) -> Timestamp {
    let SimTime(milliseconds) = clock.now();
    Timestamp::from_millisecond(milliseconds).unwrap_or_default()
}
