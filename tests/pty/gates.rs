//! Everything that waits for a person, and the answers that are given to it from there.

use aws_sdk_codepipeline::types::ApprovalStatus;

use crate::cockpit::{Cockpit, DOWN, ENTER, TAB};
use crate::simulator::Simulator;

const REFRESH: &str = "\x12";
const ANSWER: &str = "codepipeline.PutApprovalResult";

/// Opens the cockpit on what waits.
fn open(simulator: &Simulator) -> Cockpit {
    let mut cockpit = Cockpit::open(simulator, &["--refresh", "1s"]);
    cockpit
        .sees("read-write")
        .keys(&format!(":gates{ENTER}"))
        .sees("‖ approval");
    cockpit
}

/// Gives a reason, and sees the plan that comes of it.
#[track_caller]
fn reason(cockpit: &mut Cockpit, words: &str) {
    cockpit
        .sees("which others will read")
        .keys(words)
        .sees(words)
        .keys(ENTER)
        .sees("[ Cancel ]");
}

/// Whether the first container of a service runs this image.
fn runs(simulator: &Simulator, cluster: &str, service: &str, image: &str) -> bool {
    simulator.image(cluster, service).contains(image)
}

#[test]
fn an_approval_is_given_with_a_reason_and_production_deploys() {
    let simulator = Simulator::paused("pipeline");
    let execution = simulator.execution_of("shop", "9be0012");
    let mut cockpit = open(&simulator);
    assert!(runs(&simulator, "prod", "shop", "acme/shop:1.8.3"));
    cockpit.sees("the execution FAILS").keys("a");
    reason(&mut cockpit, "Checked on staging");
    cockpit
        .sees("CodePipeline PutApprovalResult, Approved")
        .sees("ECS deploys shop in prod")
        .keys(TAB)
        .sees("[ Approve ]")
        .keys(ENTER);
    simulator.wait_for("the answer", |simulator| simulator.calls(ANSWER) == 1);
    assert_eq!(simulator.said("shop", &execution), "Checked on staging");
    cockpit.sees("APPROVED");
    simulator.advance_until(1200, |simulator| {
        simulator.execution_status("shop", &execution) == "Succeeded"
    });
    assert!(runs(&simulator, "prod", "shop", "acme/shop:1.9.0"));
    assert_eq!(simulator.calls(ANSWER), 1);
    cockpit
        .keys(&format!(":actions{ENTER}"))
        .sees("APPROVED: it is in Production")
        .keys(DOWN)
        .wait("the reason in the record of the call", |screen| {
            let words: Vec<&str> = screen.split_whitespace().collect();
            let call = "status=Approved,summary=\"Checked on staging\"";
            words.join(" ").contains(call)
        });
}

#[test]
fn a_rejection_wants_a_reason_and_fails_the_execution() {
    let simulator = Simulator::paused("pipeline");
    let execution = simulator.execution_of("shop", "9be0012");
    let mut cockpit = open(&simulator);
    cockpit
        .keys("A")
        .sees("the reason, which others will read")
        .keys(ENTER)
        .sees("a reason is wanted for this");
    assert_eq!(simulator.calls(ANSWER), 0);
    reason(&mut cockpit, "Captures fail twice");
    cockpit
        .sees("CodePipeline PutApprovalResult, Rejected")
        .keys(TAB)
        .sees("[ Reject ]")
        .keys(ENTER);
    simulator.wait_for("the answer", |simulator| simulator.calls(ANSWER) == 1);
    simulator.advance_until(60, |simulator| {
        simulator.execution_status("shop", &execution) == "Failed"
    });
    assert_eq!(simulator.said("shop", &execution), "Captures fail twice");
    assert!(runs(&simulator, "prod", "shop", "acme/shop:1.8.3"));
    cockpit.sees("REJECTED");
}

#[test]
fn an_approval_that_somebody_else_gave_first_is_not_given_again() {
    let simulator = Simulator::paused("pipeline");
    let execution = simulator.execution_of("shop", "9be0012");
    let mut cockpit = open(&simulator);
    cockpit.keys("A");
    reason(&mut cockpit, "Too late for today");
    let status = ApprovalStatus::Approved;
    simulator.answer_approval("shop", "Production", status, "Go ahead");
    cockpit
        .keys(TAB)
        .keys(ENTER)
        .sees("nothing was sent")
        .sees("the approval was approved already by ")
        .sees("Go ahead");
    assert_eq!(simulator.calls(ANSWER), 1, "only the other person's");
    assert_eq!(simulator.said("shop", &execution), "Go ahead");
}

#[test]
fn an_approval_that_waits_for_a_newer_execution_meanwhile_is_not_given() {
    let simulator = Simulator::paused("pipeline-failed");
    let newer = simulator.execution_of("mailer", "3e6f815");
    let mut cockpit = open(&simulator);
    cockpit.sees("Retry a bounced mail once").keys("a");
    reason(&mut cockpit, "Once is enough");
    let status = ApprovalStatus::Rejected;
    simulator.answer_approval("mailer", "Production", status, "Wait for Welsh");
    simulator.advance_until(300, |simulator| {
        simulator.waiting("mailer") == [newer.as_str()]
    });
    cockpit
        .keys(TAB)
        .keys(ENTER)
        .sees("nothing was sent")
        .sees("was rejected already by ")
        .sees("Wait for Welsh");
    assert_eq!(simulator.calls(ANSWER), 1, "only the other person's");
    assert_eq!(simulator.waiting("mailer"), [newer]);
}

#[test]
fn in_a_parallel_pipeline_one_of_two_that_wait_is_let_go_on() {
    let simulator = Simulator::paused("pipeline-parallel");
    let both = simulator.waiting("search");
    assert_eq!(both.len(), 2);
    let mut cockpit = open(&simulator);
    cockpit
        .sees("Fold accents")
        .sees("Cap the length")
        .keys("a");
    reason(&mut cockpit, "The first is good");
    cockpit.keys(TAB).sees("[ Approve ]").keys(ENTER);
    simulator.wait_for("the answer", |simulator| simulator.calls(ANSWER) == 1);
    let left = simulator.waiting("search");
    assert_eq!(left.len(), 1);
    let gone = both.iter().find(|one| !left.contains(one)).unwrap();
    assert_eq!(simulator.said("search", gone), "The first is good");
    cockpit.sees("APPROVED");
    simulator.advance_until(1200, |simulator| {
        simulator.execution_status("search", gone) == "Succeeded"
    });
    assert!(simulator.waiting("search").contains(&left[0]));
    assert_eq!(simulator.calls(ANSWER), 1);
}

#[test]
fn a_promotion_brings_the_image_into_the_other_account() {
    let simulator = Simulator::paused("promotion");
    let there =
        |simulator: &Simulator| simulator.image_in("AKIAPRODUCTION", "production", "orders");
    let mut cockpit = open(&simulator);
    assert!(there(&simulator).contains("acme/orders:12.5.0"));
    cockpit.keys("a");
    reason(&mut cockpit, "Report is green");
    cockpit
        .sees("stage Production")
        .keys(TAB)
        .sees("[ Approve ]")
        .keys(ENTER);
    simulator.wait_for("the answer", |simulator| simulator.calls(ANSWER) == 1);
    simulator.advance_until(1200, |simulator| {
        there(simulator).contains("acme/orders:12.6.0")
    });
    cockpit.sees("APPROVED");
}

#[test]
fn a_deployment_that_a_pipeline_started_is_let_go_on_from_the_inbox() {
    let simulator = Simulator::paused("pipeline-codedeploy");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit
        .sees("read-write")
        .keys(&format!(":gates{ENTER}"))
        .sees("‖ ready")
        .sees("payments")
        .keys("c")
        .sees("ContinueDeployment, READY_WAIT")
        .keys(TAB)
        .sees("[ Cut over ]")
        .keys(ENTER);
    simulator.wait_for("the call", |simulator| {
        simulator.calls("codedeploy.ContinueDeployment") == 1
    });
    let execution = simulator.execution_of("payments", "e41b9f2");
    simulator.advance_until(1800, |simulator| {
        simulator.execution_status("payments", &execution) == "Succeeded"
    });
    assert!(runs(&simulator, "prod", "payments", "acme/payments:5.2.5"));
}

#[test]
fn an_approval_that_nobody_gives_fails_after_seven_days() {
    let simulator = Simulator::paused("pipeline");
    let execution = simulator.execution_of("shop", "9be0012");
    let mut cockpit = open(&simulator);
    cockpit.sees("6d 23h");
    simulator.advance(6 * 24 * 3600);
    assert_eq!(simulator.waiting("shop")[0], execution);
    cockpit.keys(REFRESH).sees_no_more("6d 23h").sees(" 23h");
    simulator.advance(24 * 3600);
    assert_eq!(simulator.execution_status("shop", &execution), "Failed");
    assert_eq!(simulator.calls(ANSWER), 0);
    assert!(runs(&simulator, "prod", "shop", "acme/shop:1.8.3"));
    // The next execution has waited at the entry, and waits for an answer of its own.
    cockpit
        .keys(REFRESH)
        .sees("Log the reason of a declined card");
}

#[test]
fn a_gate_that_appears_is_announced_on_the_board() {
    let simulator = Simulator::paused("pipeline");
    let mut cockpit = Cockpit::open(&simulator, &["--refresh", "1s"]);
    cockpit.sees("1 waiting for you");
    simulator.answer_approval("shop", "Production", ApprovalStatus::Rejected, "Not now");
    let next = simulator.execution_of("shop", "c07d5e1");
    simulator.advance_until(300, |simulator| {
        simulator.waiting("shop") == [next.as_str()]
    });
    cockpit
        .keys(REFRESH)
        .sees(" releases ")
        .sees("shop waits for your approval: Approve in Production");
}
