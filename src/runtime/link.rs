//! Opens a link in the person's browser, where there is one.

use std::process::{Command, Stdio};

/// Opens a link; `false` where there is no browser to open it in, as over SSH.
pub(super) fn open(link: &str) -> bool {
    opener().is_some_and(|program| {
        Command::new(program)
            .arg(link)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .is_ok()
    })
}

fn opener() -> Option<&'static str> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "macos") {
        return (!is_set("SSH_CONNECTION")).then_some("open");
    }
    (is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")).then_some("xdg-open")
}
