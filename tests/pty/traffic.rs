//! What looking around costs in calls to AWS.

use crate::cockpit::{Cockpit, ENTER, ESC};
use crate::simulator::Simulator;

#[test]
fn a_screen_that_is_left_and_opened_again_asks_nothing_before_it_is_due() {
    let simulator = Simulator::paused("rolling");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "60s"]);
    cockpit.sees("in progress");
    let before = simulator.calls("ecs.ListServices");
    assert!(before > 0);
    for _ in 0..5 {
        cockpit
            .keys(&format!(":clusters{ENTER}"))
            .sees("INSTANCES")
            .keys(ESC)
            .sees(" releases ──")
            .sees("in progress");
    }
    // The answer to a question that is new comes after those that coming back would have asked.
    cockpit.keys(&format!(":taskdefs{ENTER}")).sees("1 family");
    assert_eq!(simulator.calls("ecs.ListServices"), before);
}
