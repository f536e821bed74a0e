//! Production is marked by the configuration, looks different, and asks for the name.

use crate::cockpit::{Cockpit, ENTER, TAB};
use crate::simulator::Simulator;

#[test]
fn in_production_the_name_has_to_be_typed() {
    let simulator = Simulator::paused("rolling");
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/cutover");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("config.toml"),
        "[production]\nclusters = [\"demo\"]\n",
    )
    .unwrap();
    let endpoint = simulator.endpoint();
    let arguments = ["demo", "--at", &endpoint, "--refresh", "1s"];
    let mut cockpit = Cockpit::run_in(home, &arguments, &[], 120, 40);
    cockpit.sees("in progress").sees("PRODUCTION");
    cockpit.keys("R").sees("type").sees("[ Cancel ]");
    // The action cannot be reached while the name is missing.
    cockpit
        .keys(TAB)
        .keys("wec")
        .keys(ENTER)
        .sees("type web to confirm");
    assert_eq!(simulator.calls("ecs.StopServiceDeployment"), 0);
    cockpit
        .keys("\x7f")
        .keys("b")
        .keys(TAB)
        .sees("[ Roll back ]")
        .keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls("ecs.StopServiceDeployment") == 1
    });
}
