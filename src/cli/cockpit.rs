//! `cutover`: opens the cockpit on AWS.

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::bail;

use super::{environment, program_log};
use crate::aws::{self, ConnectOptions, Credentials, Timeouts};
use crate::config::flags::GlobalArgs;
use crate::config::load::Loaded;
use crate::domain::context::Context;
use crate::keys::Keymap;
use crate::runtime::clock::Clock;
use crate::runtime::{self, Cockpit, Connecting, Recorder};

/// Opens the cockpit on what the SDK's chain finds.
pub(super) async fn run(global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    require_terminal()?;
    let loaded = environment::load(global)?;
    let context = environment::context(&loaded.settings);
    let options = ConnectOptions {
        context: context.clone(),
        credentials: Credentials::Chain,
        read_only: loaded.settings.read_only,
        timeouts: Timeouts::default(),
    };
    let connecting: Connecting = Box::pin(async move { Ok(aws::connect(options).await) });
    let recorder = Recorder::new(loaded.paths.action_log.clone());
    open(loaded, context, connecting, Clock::system(), recorder).await
}

/// The cockpit draws on a terminal and reads its keys: without one it says so, and what to use
/// instead.
pub(super) fn require_terminal() -> anyhow::Result<()> {
    if std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
        return Ok(());
    }
    bail!(
        "the cockpit needs a terminal, and standard input or output is not one; \
         to print the releases board once use: cutover status"
    )
}

/// Opens the cockpit on a connection in the making.
pub(super) async fn open(
    loaded: Loaded,
    context: Context,
    connecting: Connecting,
    clock: Clock,
    recorder: Recorder,
) -> anyhow::Result<ExitCode> {
    let log_problem = program_log::start(loaded.settings.log_level, &loaded.paths);
    let (keymap, key_warnings) = Keymap::configured(&loaded.settings.keys);
    let notices = loaded
        .warnings
        .iter()
        .map(ToString::to_string)
        .chain(key_warnings.iter().map(ToString::to_string))
        .chain(log_problem)
        .collect();
    runtime::run(Cockpit {
        preferences: environment::preferences(&loaded.settings),
        keymap,
        context,
        connecting,
        clock,
        look: environment::look(&loaded),
        recorder,
        saved_dir: loaded.paths.saved_dir.clone(),
        notify_gates: loaded.settings.notify_gates,
        notices,
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}
