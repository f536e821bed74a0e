//! Pipelines: what is shown of them, and what is done to them.

use aws_sdk_codepipeline::types::ExecutionType;

use crate::cockpit::{Cockpit, DOWN, ENTER, ESC, TAB};
use crate::simulator::Simulator;

/// Opens the cockpit on the pipelines.
fn open(simulator: &Simulator) -> Cockpit {
    let mut cockpit = Cockpit::open(simulator, &["--refresh", "1s"]);
    cockpit
        .sees("read-write")
        .keys(&format!(":pipelines{ENTER}"))
        .sees(" MODE")
        .sees_no_more("not read yet");
    cockpit
}

/// Moves down until the cursor is on the row that begins like this.
#[track_caller]
fn choose(cockpit: &mut Cockpit, row: &str) {
    for _ in 0..40 {
        let before = cockpit.screen();
        if cursor(&before).is_some_and(|line| line.starts_with(row)) {
            return;
        }
        cockpit.keys(DOWN).wait("the cursor to move", |screen| {
            cursor(screen) != cursor(&before)
        });
    }
    panic!("no row begins with {row:?}:\n{}", cockpit.screen());
}

/// The row under the cursor.
fn cursor(screen: &str) -> Option<&str> {
    let mut lines = screen.lines();
    let own = lines.find_map(|line| line.split_once('▌'))?;
    Some(own.1.trim_start())
}

/// Opens a pipeline from the list of them.
#[track_caller]
fn open_pipeline(cockpit: &mut Cockpit, status: &str, name: &str) {
    cockpit.sees(status);
    choose(cockpit, status);
    cockpit.keys(ENTER).sees(&format!(" pipeline {name} "));
}

/// Confirms the plan in the dialog that is open.
#[track_caller]
fn confirm(cockpit: &mut Cockpit, button: &str) {
    cockpit
        .sees("[ Cancel ]")
        .keys(TAB)
        .sees(&format!("[ {button} ]"))
        .keys(ENTER);
}

#[test]
fn the_way_into_a_stage_is_closed_with_a_reason_and_opened_again() {
    let simulator = Simulator::paused("pipeline");
    let mut cockpit = open(&simulator);
    open_pipeline(&mut cockpit, "‖ waits for you", "shop");
    choose(&mut cockpit, "Staging ");
    cockpit
        .keys("I")
        .sees("the reason, which others will read")
        .keys("Freeze until the sale is over")
        .keys(ENTER)
        .sees("CodePipeline DisableStageTransition, inbound");
    confirm(&mut cockpit, "Switch off");
    simulator.wait_for("the way to be closed", |simulator| {
        let stage = simulator.stage_state("shop", "Staging");
        !stage.inbound_transition_state.unwrap().enabled
    });
    let way = simulator
        .stage_state("shop", "Staging")
        .inbound_transition_state;
    let told = way.unwrap().disabled_reason;
    assert_eq!(told.as_deref(), Some("Freeze until the sale is over"));
    cockpit
        .sees("the way into Staging is off")
        .sees("Freeze until the sale is over")
        .keys("I")
        .sees("CodePipeline EnableStageTransition, inbound");
    confirm(&mut cockpit, "Switch on");
    simulator.wait_for("the way to be open", |simulator| {
        let stage = simulator.stage_state("shop", "Staging");
        stage.inbound_transition_state.unwrap().enabled
    });
    cockpit.sees("the way into Staging is on");
    assert_eq!(simulator.calls("codepipeline.DisableStageTransition"), 1);
    assert_eq!(simulator.calls("codepipeline.EnableStageTransition"), 1);
}

#[test]
fn an_execution_that_waits_is_stopped_and_a_new_one_is_started() {
    let simulator = Simulator::paused("pipeline");
    let execution = simulator.execution_of("shop", "9be0012");
    let before = simulator.executions("shop").len();
    let mut cockpit = open(&simulator);
    open_pipeline(&mut cockpit, "‖ waits for you", "shop");
    choose(&mut cockpit, "Production ");
    cockpit
        .keys("\x18")
        .sees("it may be left empty")
        .keys(ENTER)
        .sees("CodePipeline StopPipelineExecution, abandon");
    confirm(&mut cockpit, "Stop and abandon");
    simulator.wait_for("the execution to be stopped", |simulator| {
        simulator.calls("codepipeline.StopPipelineExecution") == 1
    });
    simulator.advance_until(60, |simulator| {
        simulator.execution_status("shop", &execution) == "Stopped"
    });
    cockpit
        .sees("STOPPED")
        .keys("N")
        .sees("CodePipeline StartPipelineExecution");
    confirm(&mut cockpit, "Start");
    simulator.wait_for("the execution", |simulator| {
        simulator.executions("shop").len() == before + 1
    });
    let new = simulator.executions("shop").remove(0).pipeline_execution_id;
    let short: String = new.unwrap().chars().take(8).collect();
    cockpit.sees(&format!("execution {short} is InProgress"));
    assert_eq!(simulator.calls("codepipeline.StartPipelineExecution"), 1);
}

#[test]
fn a_condition_that_holds_an_execution_is_overridden() {
    let simulator = Simulator::paused("pipeline-failed");
    let execution = simulator.execution_of("gateway", "cd94b17");
    let mut cockpit = open(&simulator);
    cockpit.sees(" gateway ");
    let screen = cockpit.screen();
    let row = screen
        .lines()
        .find(|line| line.contains(" gateway "))
        .unwrap();
    let row = row
        .trim_start_matches(['▌', ' '])
        .split("gateway")
        .next()
        .unwrap();
    choose(&mut cockpit, &format!("{row}gateway"));
    cockpit.keys(ENTER).sees(" pipeline gateway ");
    choose(&mut cockpit, "Production ");
    cockpit
        .keys("V")
        .sees("CodePipeline OverrideStageCondition, BEFORE_ENTRY");
    confirm(&mut cockpit, "Override");
    simulator.wait_for("the call", |simulator| {
        simulator.calls("codepipeline.OverrideStageCondition") == 1
    });
    simulator.advance_until(1800, |simulator| {
        simulator.execution_status("gateway", &execution) == "Succeeded"
    });
    assert!(
        simulator
            .image("prod", "gateway")
            .contains("acme/gateway:9.2.0")
    );
    cockpit.sees("the condition was overridden");
}

#[test]
fn a_failed_build_tells_its_cause_and_its_log_and_is_tried_again() {
    let simulator = Simulator::paused("pipeline-failed");
    let execution = simulator.execution_of("catalog", "8d27be4");
    let mut cockpit = open(&simulator);
    cockpit
        .sees("Build in Build: JobFailed: Build terminated with state: FAILED")
        .keys(ENTER)
        .sees(" pipeline catalog ");
    choose(&mut cockpit, "Build       ✖ failed      ");
    cockpit.keys(DOWN).keys("l");
    cockpit
        .sees("reserves_the_last_item")
        .keys(ESC)
        .sees(" pipeline catalog ")
        .keys("e")
        .sees("CodePipeline RetryStageExecution, FAILED_ACTIONS");
    confirm(&mut cockpit, "Retry");
    simulator.wait_for("the call", |simulator| {
        simulator.calls("codepipeline.RetryStageExecution") == 1
    });
    simulator.advance_until(1800, |simulator| {
        simulator.execution_status("catalog", &execution) == "Succeeded"
    });
    let image = simulator.image("prod", "catalog");
    assert!(image.contains("acme/catalog:7.5.0"), "{image}");
    assert_eq!(simulator.calls("codepipeline.RetryStageExecution"), 1);
}

#[test]
fn a_stage_goes_back_to_what_succeeded_in_it_before() {
    let simulator = Simulator::paused("pipeline");
    let now = simulator.execution_of("shop", "c07d5e1");
    let mut cockpit = open(&simulator);
    open_pipeline(&mut cockpit, "‖ waits for you", "shop");
    choose(&mut cockpit, "Staging ");
    cockpit.keys("R").sees("CodePipeline RollbackStage");
    confirm(&mut cockpit, "Roll back");
    simulator.wait_for("the execution", |simulator| {
        simulator.calls("codepipeline.RollbackStage") == 1
    });
    let back = simulator.executions("shop").remove(0);
    assert_eq!(back.execution_type, Some(ExecutionType::Rollback));
    let back = back.pipeline_execution_id.unwrap();
    assert_ne!(back, now);
    simulator.advance_until(900, |simulator| {
        simulator.execution_status("shop", &back) == "Succeeded"
    });
    let image = simulator.image("staging", "shop");
    assert!(image.contains("acme/shop:1.9.0"), "{image}");
    cockpit.sees("Staging succeeded");
}

#[test]
fn what_a_pipeline_has_not_heard_of_is_told_on_it_and_on_the_release() {
    let simulator = Simulator::paused("pipeline-failed");
    let mut cockpit = open(&simulator);
    open_pipeline(&mut cockpit, "◌ in progress", "checkout");
    cockpit.sees("checkout: CodePipeline says In Progress, ECS rolled back ");
    choose(&mut cockpit, "Production");
    cockpit
        .keys(DOWN)
        .sees("── action Deploy ")
        .keys(ENTER)
        .sees(" release of checkout")
        .sees("pipeline checkout #")
        .sees("CodePipeline says In Progress, ECS rolled back ");
}

#[test]
fn before_a_rollback_the_pipeline_that_would_deploy_over_it_is_held() {
    let simulator = Simulator::paused("pipeline");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit.sees("1 waiting for you").sees("shop     prod ");
    choose(&mut cockpit, "✔ succeeded   shop     prod ");
    cockpit
        .keys("R")
        .sees("pipeline shop deploys over this once somebody approves")
        .sees("pipeline shop deploys over this: execution ")
        .sees("turn in Production")
        .sees("[ Cancel ]")
        .keys(TAB)
        .sees("[ Switch off first ]")
        .keys(ENTER)
        .sees("CodePipeline DisableStageTransition, inbound");
    assert_eq!(simulator.calls("ecs.UpdateService"), 0);
    confirm(&mut cockpit, "Switch off");
    simulator.wait_for("the way to be closed", |simulator| {
        let stage = simulator.stage_state("shop", "Production");
        !stage.inbound_transition_state.unwrap().enabled
    });
    // The rollback is planned again by itself, on what has become true.
    cockpit
        .sees("is held: the way into Production is off")
        .sees("UpdateService");
    assert_eq!(simulator.calls("ecs.UpdateService"), 0);
    confirm(&mut cockpit, "Roll back");
    simulator.wait_for("the rollback", |simulator| {
        simulator.image("prod", "shop").contains("acme/shop:1.8.2")
    });
    assert_eq!(simulator.calls("ecs.UpdateService"), 1);
    assert_eq!(simulator.calls("codepipeline.DisableStageTransition"), 1);
}
