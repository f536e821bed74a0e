//! `cutover sim`: serves the simulated AWS alone.

use std::io::Write;
use std::process::ExitCode;

use super::args::{SimArgs, WorldArgs};
use crate::sim::clock::SimTime;
use crate::sim::server::{SimOptions, SimServer};
use crate::sim::world::accounts::Account;

/// Serves until it is interrupted, and says how to point a client at it.
pub(super) async fn run(arguments: SimArgs) -> anyhow::Result<ExitCode> {
    let options = SimOptions {
        listen: arguments.listen,
        start: arguments.start.map(|start| SimTime(start.as_millisecond())),
        latency: arguments.latency,
        limits: !arguments.no_limits,
        ..world_options(&arguments.world)
    };
    let server = SimServer::start(options).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", how_to_use(&server))?;
    out.flush()?;
    drop(out);
    tokio::signal::ctrl_c().await?;
    server.shutdown().await;
    Ok(ExitCode::SUCCESS)
}

/// The part of the options that `demo` and `sim` share.
pub(super) fn world_options(world: &WorldArgs) -> SimOptions {
    SimOptions {
        scenario: world.scenario.clone(),
        seed: world.seed,
        speed: world.speed,
        paused: world.paused,
        services: world.services,
        clusters: world.clusters,
        pipelines: world.pipelines,
        ..SimOptions::default()
    }
}

fn how_to_use(server: &SimServer) -> String {
    let (endpoint, region) = (server.endpoint(), server.region());
    let first = server.accounts().first();
    let account = first.map_or("", |account| account.id.as_str());
    format!(
        "simulated AWS on {endpoint}, account {account}, {region}\n\
         \n\
         Any AWS client can use it. In another terminal:\n\
         \n\
         \x20 export AWS_ENDPOINT_URL={endpoint} AWS_REGION={region}\n\
         \x20 export AWS_ACCESS_KEY_ID=AKIADEMODEMODEMODEMO AWS_SECRET_ACCESS_KEY=not-a-secret\n\
         \x20 aws ecs list-clusters\n\
         \x20 cutover demo --at {endpoint}\n\
         \n\
         {}\
         \x20 curl -d '{{\"seconds\":60}}' {endpoint}/_sim/advance    move time on\n\
         \x20 curl {endpoint}/_sim/calls                          calls so far\n\
         \n\
         Ctrl-C ends it.",
        accounts(server.accounts())
    )
}

/// A line for each account on how to reach it, when there are several.
fn accounts(accounts: &[Account]) -> String {
    if accounts.len() < 2 {
        return String::new();
    }
    let lines: String = accounts.iter().map(account_line).collect();
    format!("The access key decides the account:\n\n{lines}\n")
}

fn account_line(account: &Account) -> String {
    let Account {
        id,
        name,
        access_key,
    } = account;
    let name = name.as_ref().map(|name| format!(", {name}"));
    format!(
        "\x20 export AWS_ACCESS_KEY_ID={access_key}    account {id}{}\n",
        name.unwrap_or_default()
    )
}
