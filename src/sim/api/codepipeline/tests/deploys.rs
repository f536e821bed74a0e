//! Deploy actions and the world that they deploy to.

use serde_json::json;

use super::harness::{Ground, START, deploying};
use crate::sim::world::engine::pipelines::deploy::{DeployProgress, Outgoing};

fn deploying_shop() -> (Ground, String) {
    let mut ground = Ground::new("SUPERSEDED");
    ground.deploys = DeployProgress::InProgress {
        summary: Some("2 of 3 tasks run".to_owned()),
    };
    let id = ground.start();
    ground.pass(300);
    ground.answer("Approved");
    (ground, id)
}

#[test]
fn an_order_says_what_to_deploy_and_where() {
    let (mut ground, id) = deploying_shop();
    let outbox = ground.region().codepipeline.outbox.clone();
    let [Outgoing::Start(order)] = outbox.as_slice() else {
        panic!("{outbox:?}");
    };
    assert_eq!(order.execution, id);
    assert_eq!(
        (order.account.as_ref(), order.region.as_ref()),
        (None, None)
    );
    assert_eq!(order.configuration["ServiceName"], "web");
    let source = ground.action("Source", "Source");
    let commit = source["externalExecutionId"].as_str().unwrap();
    let image = format!("shop:{}", &commit[..7]);
    assert_eq!(order.images, [(String::new(), image)]);
}

#[test]
fn a_deploy_is_asked_after_until_it_ends() {
    let (mut ground, id) = deploying_shop();
    ground.pass(120);
    let run = ground.action("Deploy", "Deploy");
    assert_eq!(run["status"], "InProgress");
    assert_eq!(run["summary"], "2 of 3 tasks run");
    ground.deploys = DeployProgress::Failed {
        code: "JobFailed".to_owned(),
        message: "The deployment failed".to_owned(),
    };
    ground.pass(30);
    assert_eq!(ground.status(&id), "Failed");
    let error = json!({"code": "JobFailed", "message": "The deployment failed"});
    assert_eq!(ground.action("Deploy", "Deploy")["errorDetails"], error);
}

#[test]
fn what_cannot_be_started_fails_the_action() {
    let (mut ground, id) = deploying_shop();
    ground.region().codepipeline.outbox.clear();
    let run = ground.run("Deploy");
    let refused = (
        "ConfigurationError".to_owned(),
        "There is no such service".to_owned(),
    );
    ground.region().deploy_started(run, Err(refused));
    assert_eq!(ground.status(&id), "Failed");
    // What comes too late changes nothing.
    ground.region().deploy_started(run, Ok(deploying()));
    assert_eq!(
        ground.action("Deploy", "Deploy")["externalExecutionId"],
        json!(null)
    );
}

#[test]
fn an_action_gives_up_on_a_deploy_that_does_not_end() {
    let (mut ground, id) = deploying_shop();
    ground.pass(3500);
    assert_eq!(ground.status(&id), "InProgress");
    ground.pass(200);
    assert_eq!(ground.status(&id), "Failed");
    assert_eq!(
        ground.action("Deploy", "Deploy")["errorDetails"]["code"],
        "JobTimedOut"
    );
    assert!(ground.region().ecs.now > START);
}
