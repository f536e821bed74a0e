//! Makes the pictures in screenshots/ from real screens of the real program:
//! `cargo test --test pty screenshots -- --ignored`.

use std::path::Path;

use crate::cockpit::{Cockpit, DOWN, ENTER, ESC};
use crate::picture::svg;
use crate::simulator::Simulator;

fn save(cockpit: &Cockpit, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    let picture = cockpit.with_screen(svg);
    std::fs::write(folder.join(format!("{name}.svg")), picture).unwrap();
}

fn open(simulator: &Simulator, theme: &str) -> Cockpit {
    let endpoint = simulator.endpoint();
    let arguments = [
        "demo",
        "--at",
        &endpoint,
        "--theme",
        theme,
        "--refresh",
        "1s",
    ];
    Cockpit::run(&arguments, &[("COLORTERM", "truecolor")], 120, 36)
}

#[test]
#[ignore = "it writes into screenshots/"]
fn screenshots() {
    let simulator = Simulator::paused("tour");
    simulator.advance(5);
    let mut cockpit = open(&simulator, "dark");
    cockpit
        .sees("container checkout exits 1")
        .sees("out of memory")
        .sees("rolled back")
        .sees("succeeded")
        .sees("cannot be pulled");
    save(&cockpit, "releases");

    cockpit
        .keys("/checkout")
        .keys(ENTER)
        .keys(ENTER)
        .sees("breaker")
        .sees("differs");
    cockpit.sees("EssentialContainerExited");
    save(&cockpit, "release");

    cockpit.keys("R").sees("[ Cancel ]");
    save(&cockpit, "roll-back");

    cockpit.keys(ESC).sees_no_more("[ Cancel ]");
    cockpit.keys(&format!(":services{ENTER}")).sees("sessions");
    save(&cockpit, "services");

    cockpit.keys(DOWN).keys(DOWN).keys("p").sees("TOOK");
    save(&cockpit, "history");

    cockpit
        .keys(&format!(":pipelines{ENTER}"))
        .sees("waits for you")
        .sees("Source");
    save(&cockpit, "pipelines");
    cockpit.keys(&format!(":gates{ENTER}")).sees("approval");
    save(&cockpit, "gates");
    cockpit
        .keys("/approval")
        .keys(ENTER)
        .sees("/approval")
        .keys(ENTER)
        .sees("an approval lets it into")
        .sees("Reserve stock per warehouse");
    save(&cockpit, "gate");

    for (service, place, name) in [
        ("storefront", "next part of the traffic", "linear"),
        ("pricing", "pricing-5xx", "canary"),
        ("orders", "AllowTraffic", "codedeploy"),
        ("billing", "is Ready", "codedeploy-ready"),
        ("ledger", "external", "external"),
        ("fulfilment", "pause hook", "blue-green"),
    ] {
        cockpit
            .keys(&format!(":releases{ENTER}"))
            .sees("STRATEGY")
            .keys(&format!("/{service}"))
            .keys(ENTER)
            .sees("shown")
            .keys("g")
            .keys(ENTER)
            .sees(place)
            .sees(&format!("old {service}:"));
        save(&cockpit, &format!("release-{name}"));
    }
    // The last of them waits for somebody.
    cockpit.keys("c").sees("[ Cancel ]");
    save(&cockpit, "cut-over");

    for theme in ["light", "high-contrast", "colour-blind"] {
        let mut cockpit = open(&simulator, theme);
        cockpit
            .sees("container checkout exits 1")
            .sees("out of memory")
            .sees("rolled back")
            .sees("succeeded");
        save(&cockpit, &format!("theme-{theme}"));
    }

    let simulator = Simulator::paused("bad-release-logs");
    simulator.advance(170);
    let mut cockpit = open(&simulator, "dark");
    cockpit.sees("in progress").keys("l").sees("new began");
    cockpit.keys("v").sees("TypeError").sees("live");
    save(&cockpit, "logs");
}
