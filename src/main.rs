//! Serves the simulated AWS: `cutover sim`.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;
use cutover::sim::server::{SimOptions, SimServer};

/// The release cockpit for Amazon ECS in the terminal.
#[derive(Parser)]
#[command(version)]
enum Cli {
    /// Serves the simulated AWS alone.
    Sim(Sim),
}

#[derive(clap::Args)]
struct Sim {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:4566")]
    listen: SocketAddr,
    /// Scenario by name or file; empty world without one.
    #[arg(long)]
    scenario: Option<String>,
    /// Decides everything random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Simulated seconds in a real second.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Starts with a clock that stands still.
    #[arg(long)]
    paused: bool,
    /// Number of services, for scenarios that let it be chosen.
    #[arg(long)]
    services: Option<u32>,
    /// Number of clusters, for scenarios that let it be chosen.
    #[arg(long)]
    clusters: Option<u32>,
    /// Real milliseconds that every answer takes at least.
    #[arg(long, default_value_t = 0)]
    latency: u64,
    /// Switches AWS's token buckets off.
    #[arg(long)]
    no_limits: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Cli::Sim(sim) = Cli::parse();
    let server = SimServer::start(SimOptions {
        listen: sim.listen,
        scenario: sim.scenario,
        seed: sim.seed,
        speed: sim.speed,
        paused: sim.paused,
        start: None,
        services: sim.services,
        clusters: sim.clusters,
        latency: Duration::from_millis(sim.latency),
        limits: !sim.no_limits,
    })
    .await?;
    println!("simulated AWS on {}", server.endpoint());
    tokio::signal::ctrl_c().await?;
    server.shutdown().await;
    Ok(())
}
