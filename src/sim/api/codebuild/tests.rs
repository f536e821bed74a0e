use serde_json::{Value, json};

use super::*;
use crate::sim::clock::SimTime;
use crate::sim::world::DEFAULT_ACCOUNT;
use crate::sim::world::codebuild::NewBuild;

const START: SimTime = SimTime(1_795_000_000_000);
const REGION: &str = "eu-west-1";

fn start(world: &mut World, project: &str) -> String {
    let region = world.region_mut(DEFAULT_ACCOUNT, REGION);
    region.start_build(NewBuild {
        project: project.to_owned(),
        initiator: "codepipeline/shop".to_owned(),
        ..NewBuild::default()
    })
}

fn get(world: &mut World, input: &Value) -> Answer {
    handle(world, DEFAULT_ACCOUNT, REGION, "BatchGetBuilds", input).unwrap()
}

#[test]
fn a_build_is_described_while_it_runs_and_when_it_is_over() {
    let mut world = World::new(1, START);
    let id = start(&mut world, "shop");
    let early = get(&mut world, &json!({"ids": [id]})).unwrap();
    let build = &early["builds"][0];
    assert_eq!(build["currentPhase"], "SUBMITTED");
    assert!(build["logs"]["groupName"].is_null());
    world.advance(START.plus_seconds(45.0));
    let answer = get(&mut world, &json!({"ids": [id]})).unwrap();
    let build = &answer["builds"][0];
    assert_eq!(
        (&build["currentPhase"], &build["buildStatus"]),
        (&json!("BUILD"), &json!("IN_PROGRESS"))
    );
    assert!(build["endTime"].is_null());
    assert_eq!(build["logs"]["groupName"], "/aws/codebuild/shop");
    world.advance(START.plus_seconds(300.0));
    let arn = build["arn"].clone();
    let answer = get(&mut world, &json!({"ids": [arn]})).unwrap();
    let build = &answer["builds"][0];
    assert_eq!(build["buildStatus"], "SUCCEEDED");
    assert_eq!(build["phases"].as_array().unwrap().len(), 11);
    assert_eq!(build["initiator"], "codepipeline/shop");
}

#[test]
fn a_failed_build_names_the_command() {
    let mut world = World::new(1, START);
    let id = start(&mut world, "shop-fails");
    world.advance(START.plus_seconds(300.0));
    let answer = get(&mut world, &json!({"ids": [id]})).unwrap();
    let build = &answer["builds"][0];
    assert_eq!(build["buildStatus"], "FAILED");
    let phases = build["phases"].as_array().unwrap();
    let failed = phases.iter().find(|one| one["phaseStatus"] == "FAILED");
    let context = &failed.unwrap()["contexts"][0];
    assert_eq!(context["statusCode"], "COMMAND_EXECUTION_ERROR");
}

#[test]
fn what_is_missing_is_named_and_what_is_wrong_is_refused() {
    let mut world = World::new(1, START);
    let none = "shop:0b5f4ee2-5e6c-4a57-9a4c-0d9c3a3c5c4e";
    let answer = get(&mut world, &json!({"ids": [none]})).unwrap();
    assert_eq!(answer["buildsNotFound"], json!([none]));
    let many = vec![none; 101];
    for input in [
        json!({}),
        json!({"ids": []}),
        json!({"ids": ["shop"]}),
        json!({"ids": many}),
    ] {
        let error = get(&mut world, &input).unwrap_err();
        assert_eq!(error.code, "InvalidInputException");
    }
}
