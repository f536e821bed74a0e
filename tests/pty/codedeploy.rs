//! Releases that CodeDeploy or an external controller moves, from their start to each of their ends.

use aws_sdk_codedeploy::types::{DeploymentCreator, DeploymentInfo, ErrorCode};

use crate::cockpit::{Cockpit, DOWN, ENTER, ESC, TAB};
use crate::simulator::Simulator;

const PRODUCTION: i32 = 80;
const TEST: i32 = 8080;
const REFRESH: &str = "\x12";

/// Opens the cockpit on the release that is in flight.
fn open(simulator: &Simulator) -> Cockpit {
    let mut cockpit = Cockpit::open(simulator, &["--refresh", "1s"]);
    cockpit.sees("1 in flight").keys(ENTER).sees(" release of ");
    cockpit
}

/// The share of the traffic of a listener that goes to the task sets of a revision.
fn traffic(simulator: &Simulator, port: i32, definition: &str) -> i32 {
    let weights = simulator.weights(port);
    let sets = simulator.task_sets("demo", "web").into_iter();
    let own = sets.filter(|set| set.task_definition().unwrap().ends_with(definition));
    own.filter_map(|set| weights.get(set.load_balancers()[0].target_group_arn()?))
        .sum()
}

fn production_of(simulator: &Simulator, definition: &str) -> i32 {
    traffic(simulator, PRODUCTION, definition)
}

fn newest_is(simulator: &Simulator, status: &str) -> bool {
    simulator.deployment_statuses()[0] == status
}

/// The newest deployment and the one before it.
fn newest_two(simulator: &Simulator) -> (DeploymentInfo, DeploymentInfo) {
    let mut deployments = simulator.deployments().into_iter();
    (deployments.next().unwrap(), deployments.next().unwrap())
}

/// Lets the newest deployment end well, and its task set stay alone.
#[track_caller]
fn until_settled(simulator: &Simulator, most: u32) {
    simulator.advance_until(most, |simulator| {
        newest_is(simulator, "Succeeded") && simulator.task_sets("demo", "web").len() == 1
    });
}

/// Proves that nothing is left but one revision, which has all traffic.
#[track_caller]
fn only(simulator: &Simulator, definition: &str) {
    let sets = simulator.task_sets("demo", "web");
    assert_eq!(sets.len(), 1, "{sets:#?}");
    assert_eq!(sets[0].status(), Some("PRIMARY"));
    assert!(sets[0].task_definition().unwrap().ends_with(definition));
    assert_eq!(simulator.task_definition("demo", "web"), definition);
    assert_eq!(simulator.service("demo", "web").running_count, 4);
    assert_eq!(production_of(simulator, definition), 100);
}

/// Lets CodeDeploy roll the release back to `web:8`, and proves that it did, and that the screen
/// calls it so. Gives the deployment that was undone.
#[track_caller]
fn until_rolled_back(simulator: &Simulator, cockpit: &mut Cockpit) -> DeploymentInfo {
    simulator.advance_until(300, |simulator| {
        simulator.deployments()[0].creator() == Some(&DeploymentCreator::CodeDeployRollback)
    });
    until_settled(simulator, 300);
    let (back, undone) = newest_two(simulator);
    let told = back.rollback_info().unwrap();
    assert_eq!(
        told.rollback_triggering_deployment_id(),
        undone.deployment_id()
    );
    only(simulator, "web:8");
    cockpit.sees("✖ ROLLED BACK").sees("✔ roll back");
    cockpit
        .sees("0 running of 0")
        .wait("the traffic to be on the old side", |screen| {
            let mut lines = screen.lines();
            let weights = lines.find(|line| line.trim_start().starts_with("prod "));
            let of_old = weights.and_then(|line| line.split(" wanted").next());
            of_old.is_some_and(|told| told.ends_with(" 100"))
        });
    assert!(!cockpit.screen().contains("SUCCEEDED"));
    undone
}

/// Rolls back what is in flight with the key for it.
#[track_caller]
fn roll_back(simulator: &Simulator, cockpit: &mut Cockpit, traffic: &str) {
    cockpit
        .keys("R")
        .sees("CodeDeploy StopDeployment with automatic rollback")
        .sees("web:8, from which this deployment started")
        .sees(traffic)
        .sees("[ Cancel ]")
        .keys(TAB)
        .sees("[ Roll back ]")
        .keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls("codedeploy.StopDeployment") == 1
    });
    let undone = until_rolled_back(simulator, cockpit);
    assert_eq!(undone.status().unwrap().as_str(), "Stopped");
    cockpit.sees("ROLLED BACK: web:8 runs");
    assert_eq!(simulator.calls("codedeploy.StopDeployment"), 1);
}

#[test]
fn a_canary_is_watched_to_its_success() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = open(&simulator);
    cockpit.sees("IN PROGRESS").sees("INSTALL");
    simulator.advance_until(300, |simulator| production_of(simulator, "web:9") == 10);
    assert_eq!(traffic(&simulator, TEST, "web:9"), 100);
    cockpit
        .sees("◷ BAKING")
        .sees("10 wanted   10 real")
        .sees("90 wanted   90 real")
        .sees("PRODUCTION 1/2");
    simulator.advance_until(400, |simulator| {
        simulator.deployments()[0].instance_termination_wait_time_started
    });
    assert_eq!(production_of(&simulator, "web:9"), 100);
    assert_eq!(simulator.task_sets("demo", "web").len(), 2);
    cockpit
        .sees("◷ ON A TIMER")
        .sees("TERMINATION WAIT")
        .sees("the original task set goes in")
        .sees("100 wanted  100 real");
    until_settled(&simulator, 300);
    only(&simulator, "web:9");
    cockpit
        .sees("✔ SUCCEEDED")
        .keys(ESC)
        .sees("nothing in flight");
    assert_eq!(simulator.deployments().len(), 2);
}

#[test]
fn a_deployment_is_rolled_back_before_the_traffic_moves() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = open(&simulator);
    cockpit.sees("INSTALL");
    assert_eq!(production_of(&simulator, "web:8"), 100);
    let words = "production traffic never left web:8";
    roll_back(&simulator, &mut cockpit, words);
}

#[test]
fn a_deployment_is_rolled_back_while_its_canary_bakes_which_nobody_can_skip() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = open(&simulator);
    simulator.advance_until(300, |simulator| production_of(simulator, "web:9") == 10);
    cockpit
        .sees("PRODUCTION 1/2")
        .keys("c")
        .sees("c: AWS has no call to skip the wait of a CodeDeploy canary");
    let words = "production traffic returns to web:8";
    roll_back(&simulator, &mut cockpit, words);
    assert_eq!(simulator.calls("codedeploy.ContinueDeployment"), 0);
}

#[test]
fn a_deployment_is_rolled_back_while_the_original_is_kept() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = open(&simulator);
    simulator.advance_until(600, |simulator| {
        simulator.deployments()[0].instance_termination_wait_time_started
    });
    assert_eq!(production_of(&simulator, "web:9"), 100);
    cockpit.sees("TERMINATION WAIT");
    let words = "production traffic returns to web:8";
    roll_back(&simulator, &mut cockpit, words);
}

#[test]
fn the_wait_before_the_original_goes_is_ended() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = open(&simulator);
    simulator.advance_until(600, |simulator| {
        simulator.deployments()[0].instance_termination_wait_time_started
    });
    cockpit
        .sees("TERMINATION WAIT")
        .keys("c")
        .sees("ContinueDeployment, TERMINATION_WAIT")
        .sees("this gives web:8 up")
        .keys(TAB)
        .keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls("codedeploy.ContinueDeployment") == 1
    });
    // By itself it would wait for three minutes.
    simulator.advance_until(30, |simulator| newest_is(simulator, "Succeeded"));
    cockpit.sees("✔ SUCCEEDED");
    until_settled(&simulator, 120);
    only(&simulator, "web:9");
}

#[test]
fn an_alarm_that_fires_while_the_canary_bakes_rolls_back() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = open(&simulator);
    simulator.advance_until(300, |simulator| production_of(simulator, "web:9") == 10);
    cockpit.sees("PRODUCTION 1/2");
    simulator.fire_alarm("web-5xx");
    // Alarms are read every ten seconds by themselves. Whether the alarm or the end of the deployment
    // is read first is open.
    cockpit.keys(REFRESH).wait("the alarm", |screen| {
        screen.contains("ALARM") || screen.contains("fired for this release")
    });
    let undone = until_rolled_back(&simulator, &mut cockpit);
    assert_eq!(undone.status().unwrap().as_str(), "Stopped");
    let error = undone.error_information().unwrap();
    assert_eq!(error.code(), Some(&ErrorCode::AlarmActive));
    cockpit.sees("alarm web-5xx fired");
}

#[test]
fn a_finished_deployment_is_rolled_back_by_another_one() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = open(&simulator);
    until_settled(&simulator, 900);
    cockpit
        .sees("✔ SUCCEEDED")
        .keys("R")
        .sees("CreateDeployment")
        .sees("web:8")
        .sees("a release succeeded with web:8")
        .keys(TAB)
        .sees("[ Roll back ]")
        .keys(ENTER);
    simulator.wait_for("the deployment", |simulator| {
        simulator.deployments().len() == 3
    });
    cockpit.sees("○ PENDING").sees_no_more("failing");
    simulator.advance(5);
    cockpit.sees("◌ IN PROGRESS");
    until_settled(&simulator, 900);
    only(&simulator, "web:8");
    let (back, _) = newest_two(&simulator);
    assert_eq!(back.creator(), Some(&DeploymentCreator::User));
    let words = format!("{} succeeded", back.deployment_id().unwrap());
    cockpit.sees(&words).sees("✔ SUCCEEDED");
    assert_eq!(simulator.calls("codedeploy.CreateDeployment"), 1);
}

#[test]
fn the_same_task_definition_is_deployed_again() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = open(&simulator);
    // CodeDeploy takes one deployment at a time.
    cockpit
        .sees("INSTALL")
        .keys("F")
        .sees("F: ")
        .sees("takes one deployment at a time");
    assert_eq!(simulator.calls("codedeploy.CreateDeployment"), 0);
    until_settled(&simulator, 900);
    let before = simulator.task_sets("demo", "web").remove(0);
    cockpit
        .sees("✔ SUCCEEDED")
        .keys("F")
        .sees("CreateDeployment")
        .sees("web:9")
        .sees("[ Cancel ]")
        .keys(TAB)
        .keys(ENTER);
    simulator.wait_for("the deployment", |simulator| {
        simulator.deployments().len() == 3
    });
    cockpit.sees("○ PENDING").sees_no_more("failing");
    simulator.advance(5);
    cockpit.sees("◌ IN PROGRESS");
    until_settled(&simulator, 900);
    only(&simulator, "web:9");
    assert_ne!(simulator.task_sets("demo", "web")[0].id, before.id);
    cockpit.sees("✔ SUCCEEDED");
    assert_eq!(simulator.calls("codedeploy.CreateDeployment"), 1);
}

/// A cockpit on a deployment that is Ready.
#[track_caller]
fn ready() -> (Simulator, Cockpit) {
    let simulator = Simulator::paused("codedeploy-ready");
    let mut cockpit = open(&simulator);
    simulator.advance_until(300, |simulator| newest_is(simulator, "Ready"));
    cockpit.sees("WAITS FOR YOU").sees("READY WAIT");
    assert_eq!(traffic(&simulator, TEST, "web:9"), 100);
    assert_eq!(production_of(&simulator, "web:8"), 100);
    (simulator, cockpit)
}

#[test]
fn a_deployment_that_is_ready_is_let_go_on() {
    let (simulator, mut cockpit) = ready();
    cockpit
        .sees("then it is STOPPED")
        .keys("c")
        .sees("ContinueDeployment, READY_WAIT")
        .sees("all production traffic moves to web:9 at once")
        .keys(TAB)
        .sees("[ Cut over ]")
        .keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls("codedeploy.ContinueDeployment") == 1
    });
    simulator.advance_until(60, |simulator| production_of(simulator, "web:9") == 100);
    cockpit.sees("TERMINATION WAIT");
    until_settled(&simulator, 600);
    only(&simulator, "web:9");
    cockpit.sees("✔ SUCCEEDED");
}

#[test]
fn a_deployment_that_nobody_lets_go_on_is_stopped_and_its_group_goes_back() {
    let (simulator, mut cockpit) = ready();
    simulator.advance_until(900, |simulator| !newest_is(simulator, "Ready"));
    let undone = until_rolled_back(&simulator, &mut cockpit);
    assert_eq!(undone.status().unwrap().as_str(), "Stopped");
    assert_eq!(simulator.calls("codedeploy.StopDeployment"), 0);
}

#[test]
fn a_deployment_that_is_ready_is_rolled_back() {
    let (simulator, mut cockpit) = ready();
    let words = "production traffic never left web:8";
    roll_back(&simulator, &mut cockpit, words);
}

#[test]
fn a_deployment_that_is_ready_is_stopped_where_it_is() {
    let (simulator, mut cockpit) = ready();
    cockpit
        .keys("X")
        .sees("StopDeployment without a rollback")
        .sees("production traffic stays on web:8")
        .sees("nothing goes back")
        .keys(TAB)
        .keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls("codedeploy.StopDeployment") == 1
    });
    simulator.advance_until(60, |simulator| newest_is(simulator, "Stopped"));
    simulator.advance(300);
    // The group rolls back what is stopped on request, but this request said not to.
    assert_eq!(simulator.deployment_statuses(), ["Stopped", "Succeeded"]);
    assert_eq!(simulator.task_sets("demo", "web").len(), 2);
    assert_eq!(production_of(&simulator, "web:8"), 100);
    assert_eq!(simulator.task_definition("demo", "web"), "web:8");
    cockpit.sees("⊘ STOPPED").sees("was stopped; traffic stays");
}

#[test]
fn a_canary_that_is_stopped_stays_where_it_is() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = open(&simulator);
    simulator.advance_until(300, |simulator| production_of(simulator, "web:9") == 10);
    cockpit
        .sees("PRODUCTION 1/2")
        .keys("X")
        .sees("StopDeployment without a rollback")
        .sees("nothing goes back")
        .keys(TAB)
        .keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls("codedeploy.StopDeployment") == 1
    });
    simulator.advance_until(60, |simulator| newest_is(simulator, "Stopped"));
    simulator.advance(600);
    assert_eq!(simulator.deployment_statuses(), ["Stopped", "Succeeded"]);
    assert_eq!(production_of(&simulator, "web:9"), 10);
    assert_eq!(production_of(&simulator, "web:8"), 90);
    assert_eq!(simulator.task_sets("demo", "web").len(), 2);
    cockpit.sees("⊘ STOPPED").sees("was stopped; traffic stays");
    assert!(!cockpit.screen().contains("SUCCEEDED"));
}

#[test]
fn a_rollback_that_fails_is_no_rollback_and_says_why() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = open(&simulator);
    simulator.advance_until(300, |simulator| production_of(simulator, "web:9") == 10);
    cockpit.sees("PRODUCTION 1/2");
    simulator.unroute(PRODUCTION);
    cockpit
        .keys("R")
        .sees("CodeDeploy StopDeployment with automatic rollback")
        .keys(TAB)
        .sees("[ Roll back ]")
        .keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls("codedeploy.StopDeployment") == 1
    });
    simulator.advance_until(120, |simulator| newest_is(simulator, "Failed"));
    assert_eq!(
        simulator.deployment_statuses(),
        ["Failed", "Stopped", "Succeeded"]
    );
    cockpit
        .sees("✖ ROLLBACK FAILED")
        .sees("the rollback failed: Primary taskset target group must be behind");
    let screen = cockpit.screen();
    assert!(!screen.contains("ROLLED BACK"), "{screen}");
    cockpit.keys(ESC).sees("rollback failed");
    cockpit
        .keys(&format!(":actions{ENTER}"))
        .sees("rollback failed");
}

#[test]
fn a_deployment_whose_validation_fails_ends_rolled_back_never_succeeded() {
    let simulator = Simulator::paused("bad-codedeploy");
    let mut cockpit = open(&simulator);
    cockpit.sees("INSTALL");
    let undone = until_rolled_back(&simulator, &mut cockpit);
    assert_eq!(undone.status().unwrap().as_str(), "Failed");
    let error = undone.error_information().unwrap();
    assert_eq!(error.code(), Some(&ErrorCode::HookExecutionFailure));
    cockpit
        .sees("AfterAllowTestTraffic failed")
        .sees("✖ TEST SHIFTED");
    cockpit.keys(ESC).sees("rolled back").sees("stays on :8");
}

/// Looks at the deployments of the only group of the only application.
fn look_at_deployments(cockpit: &mut Cockpit) {
    cockpit
        .keys(&format!(":codedeploy{ENTER}"))
        .sees("AppECS-demo-web")
        .sees("1 application")
        .keys(ENTER)
        .sees(" groups of AppECS-demo-web")
        .sees("DgpECS-demo-web")
        .keys(ENTER)
        .sees(" deployments of DgpECS-demo-web");
}

/// Waits until the screen tells each lifecycle event of a deployment as AWS does.
#[track_caller]
fn tells_events(simulator: &Simulator, cockpit: &mut Cockpit, deployment: &str) {
    let events = simulator.lifecycle_events(deployment);
    assert_eq!(events.len(), 8);
    cockpit.sees(&format!(" deployment {deployment}"));
    for (name, status) in events {
        let word = match status.as_str() {
            "InProgress" => "in progress".to_owned(),
            "Pending" => "to come".to_owned(),
            other => other.to_lowercase(),
        };
        cockpit.wait(&format!("{name} to be told as {word}"), |screen| {
            let mut lines = screen.lines();
            let own = lines.find(|line| {
                let row = line.trim_start_matches(['▌', ' ']);
                row.starts_with(&format!("{name} "))
            });
            own.is_some_and(|line| line.contains(&word))
        });
    }
}

#[test]
fn from_the_applications_down_to_the_lifecycle_events_which_follow_the_deployment() {
    let simulator = Simulator::paused("codedeploy");
    let mut cockpit = open(&simulator);
    look_at_deployments(&mut cockpit);
    let deployment = simulator.deployments()[0].deployment_id.clone().unwrap();
    cockpit
        .sees(&deployment)
        .sees("in progress")
        .sees("succeeded");
    cockpit.keys(ENTER);
    tells_events(&simulator, &mut cockpit, &deployment);
    simulator.advance_until(300, |simulator| production_of(simulator, "web:9") == 10);
    tells_events(&simulator, &mut cockpit, &deployment);
    cockpit.sees("10 % of the traffic");
    until_settled(&simulator, 900);
    tells_events(&simulator, &mut cockpit, &deployment);
    cockpit
        .keys(ESC)
        .sees(" deployments of ")
        .sees_no_more("in progress");
    cockpit
        .keys(ESC)
        .sees(" groups of ")
        .keys(ESC)
        .sees("1 application");
}

#[test]
fn a_failed_deployment_and_its_rollback_tell_of_each_other() {
    let simulator = Simulator::paused("bad-codedeploy");
    let mut cockpit = open(&simulator);
    until_rolled_back(&simulator, &mut cockpit);
    let (back, undone) = newest_two(&simulator);
    let (back, undone) = (back.deployment_id.unwrap(), undone.deployment_id.unwrap());
    look_at_deployments(&mut cockpit);
    cockpit
        .sees(&format!("rolls {undone} back"))
        .sees(&format!("rolled back by {back}"))
        .keys(DOWN)
        .keys(ENTER);
    tells_events(&simulator, &mut cockpit, &undone);
    cockpit.sees("HOOK_EXECUTION_FAILURE").sees(&back);
}

#[test]
fn an_external_release_is_watched_to_its_success() {
    let simulator = Simulator::paused("external");
    let mut cockpit = open(&simulator);
    cockpit
        .sees("IN PROGRESS")
        .sees("old web:7")
        .sees("new web:8");
    // Nothing in ECS names the listener: it is found from the target groups.
    assert_eq!(production_of(&simulator, "web:8"), 50);
    cockpit.sees("50 real");
    let found = simulator.calls("elasticloadbalancing.DescribeTargetGroups");
    simulator.advance_until(900, |simulator| production_of(simulator, "web:8") == 100);
    cockpit.sees("100 real").sees("  0 real");
    let again = simulator.calls("elasticloadbalancing.DescribeTargetGroups");
    assert_eq!(again, found, "they are not looked up each time");
    simulator.advance_until(1200, |simulator| {
        simulator.task_sets("demo", "web").len() == 1
    });
    only(&simulator, "web:8");
    cockpit.sees("✔ SUCCEEDED");
}

#[test]
fn the_newer_task_set_is_made_primary_and_then_the_earlier_again() {
    let simulator = Simulator::paused("external");
    let mut cockpit = open(&simulator);
    let is_primary = |definition: &str| {
        let sets = simulator.task_sets("demo", "web").into_iter();
        let mut primary = sets.filter(|set| set.status() == Some("PRIMARY"));
        let runs = primary.next().unwrap().task_definition.unwrap();
        runs.ends_with(definition) && primary.next().is_none()
    };
    assert!(is_primary("web:7"));
    cockpit
        .sees("the earlier task set is primary already")
        .keys("c")
        .sees("UpdateServicePrimaryTaskSet")
        .sees("ECS moves no traffic")
        .keys(TAB)
        .sees("[ Cut over ]")
        .keys(ENTER);
    simulator.wait_for("the newer one to be primary", |_| is_primary("web:8"));
    cockpit
        .sees("is primary: web:8")
        .sees("the newest task set is primary already")
        .keys("R")
        .sees("UpdateServicePrimaryTaskSet")
        .keys(TAB)
        .sees("[ Roll back ]")
        .keys(ENTER);
    simulator.wait_for("the earlier one to be primary", |_| is_primary("web:7"));
    cockpit.sees("is primary: web:7");
    assert_eq!(simulator.calls("ecs.UpdateServicePrimaryTaskSet"), 2);
    // The traffic is its owner's.
    assert_eq!(production_of(&simulator, "web:7"), 50);
    assert_eq!(production_of(&simulator, "web:8"), 50);
}

#[test]
fn an_external_service_is_not_redeployed_and_the_reason_is_told() {
    let simulator = Simulator::paused("external");
    let mut cockpit = open(&simulator);
    cockpit
        .keys("F")
        .sees("F: an external controller moves this service");
    assert_eq!(simulator.calls("ecs.UpdateService"), 0);
    assert_eq!(simulator.calls("ecs.CreateTaskSet"), 0);
    assert_eq!(simulator.calls("codedeploy.CreateDeployment"), 0);
}
