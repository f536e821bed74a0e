//! Deploys that go to other accounts and Regions, and come back.

use serde_json::{Value, json};

use super::*;
use crate::sim::api::{codepipeline, ecs};
use crate::sim::world::codepipeline::action_run::ActionRun;
use crate::sim::world::codepipeline::execution::ExecutionStatus;

const START: SimTime = SimTime(1_795_000_000_000);
const TOOLS: (&str, &str) = ("111122223333", "us-east-1");
const TARGET: (&str, &str) = ("444455556666", "eu-west-1");

fn service(world: &mut World, (account, region): (&str, &str)) {
    let container = json!({"name": "web", "image": "web:1.0.0", "memory": 256});
    for (operation, input) in [
        ("CreateCluster", json!({"clusterName": "shop"})),
        (
            "RegisterTaskDefinition",
            json!({"family": "web", "containerDefinitions": [container]}),
        ),
        (
            "CreateService",
            json!({
                "cluster": "shop", "serviceName": "web", "taskDefinition": "web",
                "desiredCount": 2,
                "deploymentConfiguration":
                    {"deploymentCircuitBreaker": {"enable": true, "rollback": true}},
            }),
        ),
    ] {
        let answer = ecs::handle(world, account, region, operation, &input);
        answer.unwrap().unwrap();
    }
    world.advance(world.now().plus_seconds(600.0));
}

fn action(name: &str, category: &str, provider: &str, more: &Value) -> Value {
    let mut action = json!({
        "name": name,
        "actionTypeId":
            {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
    });
    for (key, value) in more.as_object().unwrap() {
        action[key] = value.clone();
    }
    action
}

/// A pipeline in the account for tools, which deploys to the other one.
fn pipeline(world: &mut World) {
    let source = json!({
        "configuration": {"RepositoryName": "acme/web"},
        "outputArtifacts": [{"name": "Image"}],
    });
    let deploy = json!({
        "configuration": {"ClusterName": "shop", "ServiceName": "web"},
        "inputArtifacts": [{"name": "Image"}],
        "roleArn": "arn:aws:iam::444455556666:role/deploy",
        "region": "eu-west-1",
    });
    let store = json!({"type": "S3", "location": "artifacts"});
    let input = json!({"pipeline": {
        "name": "web", "pipelineType": "V2", "executionMode": "QUEUED",
        "roleArn": "arn:aws:iam::111122223333:role/pipeline",
        "artifactStores": {"us-east-1": store, "eu-west-1": store},
        "stages": [
            {"name": "Source", "actions": [action("Source", "Source", "ECR", &source)]},
            {"name": "Deploy", "actions": [action("Deploy", "Deploy", "ECS", &deploy)]},
        ],
    }});
    let (account, region) = TOOLS;
    let answer = codepipeline::handle(world, account, region, "CreatePipeline", &input);
    answer.unwrap().unwrap();
}

/// How the only execution stands, and the newest run in it.
fn stand(world: &mut World) -> (ExecutionStatus, ActionRun) {
    let region = world.region_mut(TOOLS.0, TOOLS.1);
    let (_, pipeline) = region.codepipeline.pipeline("web").unwrap();
    let execution = pipeline.executions.first().unwrap();
    (execution.status, execution.runs.last().unwrap().clone())
}

#[test]
fn a_deploy_reaches_the_service_of_another_account_and_region() {
    let mut world = World::new(3, START);
    service(&mut world, TARGET);
    pipeline(&mut world);
    world.advance(world.now().plus_seconds(30.0));
    let (status, run) = stand(&mut world);
    assert_eq!(status, ExecutionStatus::InProgress);
    let Some(Deploying::Ecs {
        account,
        service_deployment,
        ..
    }) = run.deploying
    else {
        panic!("{run:?}");
    };
    assert_eq!(account, TARGET.0);
    let arn = service_deployment.unwrap();
    assert!(arn.starts_with("arn:aws:ecs:eu-west-1:444455556666:service-deployment/shop/web/"));
    world.advance(world.now().plus_seconds(600.0));
    assert_eq!(stand(&mut world).0, ExecutionStatus::Succeeded);
    let region = world.region_mut(TARGET.0, TARGET.1);
    let service = region.ecs.services.values().next().unwrap();
    let image = &service.primary().unwrap().definition.containers[0].image;
    assert!(
        image.starts_with("111122223333.dkr.ecr.us-east-1."),
        "{image}"
    );
}

#[test]
fn a_service_that_is_not_there_fails_the_action() {
    let mut world = World::new(3, START);
    pipeline(&mut world);
    world.advance(world.now().plus_seconds(60.0));
    let (status, run) = stand(&mut world);
    assert_eq!(status, ExecutionStatus::Failed);
    let error = run.error.unwrap();
    assert_eq!(error.code, CONFIGURATION_ERROR);
    assert_eq!(error.message, "The AWS ECS cluster shop does not exist");
}

#[test]
fn one_long_step_makes_the_same_world_as_many_short_ones() {
    let ends = [1, 7, 60, 900].map(|step| {
        let mut world = World::new(3, START);
        service(&mut world, TARGET);
        pipeline(&mut world);
        let end = world.now().plus_seconds(900.0);
        while world.now() < end {
            let next = world.now().plus_seconds(f64::from(step));
            world.advance(next.min(end));
        }
        let (_, run) = stand(&mut world);
        let region = world.region_mut(TARGET.0, TARGET.1);
        (run.updated_at, run.id, region.ecs.rng.next_u64())
    });
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
}

#[test]
fn an_order_of_a_call_goes_out_even_while_time_stands_still() {
    let mut world = World::new(3, START);
    service(&mut world, TARGET);
    pipeline(&mut world);
    world.advance(world.now().plus_seconds(3.0));
    let region = world.region_mut(TOOLS.0, TOOLS.1);
    let end = region.ecs.now.plus_seconds(30.0);
    region.advance_to_delivery(end);
    assert_eq!(region.codepipeline.outbox.len(), 1);
    let now = world.now();
    world.advance(now);
    assert!(stand(&mut world).1.deploying.is_some());
}
