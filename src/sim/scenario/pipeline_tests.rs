//! The named scenarios of pipelines, and what a file may not say about them.

use super::*;
use crate::sim::world::codebuild::BuildStatus;
use crate::sim::world::codepipeline::action_run::RunStatus;
use crate::sim::world::codepipeline::execution::Execution;
use crate::sim::world::codepipeline::pipeline::Pipeline;
use crate::sim::world::deployment::ReleaseStatus;
use crate::sim::world::{DEFAULT_ACCOUNT, Region};

const NOW: SimTime = SimTime(1_763_700_000_000);
const PLACE: &str = "us-east-1";

fn options() -> ScenarioOptions {
    ScenarioOptions {
        seed: 1,
        now: NOW,
        services: None,
        clusters: None,
        pipelines: None,
    }
}

fn named(name: &str) -> World {
    build(name, &options()).unwrap()
}

fn region(world: &mut World) -> &mut Region {
    world.region_mut(DEFAULT_ACCOUNT, PLACE)
}

fn pipeline<'a>(world: &'a mut World, name: &str) -> &'a Pipeline {
    let found = region(world).codepipeline.pipeline(name);
    found.unwrap().1
}

/// The commit, the status, and the stage of every execution of a pipeline, with what its newest
/// run is called and does.
fn course(world: &mut World, name: &str) -> Vec<String> {
    let pipeline = pipeline(world, name);
    let line = |one: &Execution| {
        let commit = &one.revisions.first().unwrap().revision.id[..7];
        let run = one.runs.last().unwrap();
        let stage = &pipeline.stages[run.stage];
        let waits = stage_of_waiting(pipeline, one);
        format!(
            "{commit} {} {}.{} {}{waits}",
            one.status.word(),
            stage.name,
            stage.actions[run.action].name,
            run.status.word()
        )
    };
    pipeline.executions.iter().map(line).collect()
}

fn stage_of_waiting(pipeline: &Pipeline, execution: &Execution) -> String {
    let position = pipeline
        .executions
        .iter()
        .position(|one| one.id == execution.id)
        .unwrap();
    let mut stages = pipeline.stages.iter();
    let stage = stages.find(|stage| stage.waiting.contains(&position));
    stage.map_or_else(String::new, |stage| format!(", waits for {}", stage.name))
}

fn image(region: &Region, cluster: &str) -> String {
    let cluster = region.ecs.cluster(Some(cluster)).unwrap();
    let service = region.ecs.services[cluster.services.values().next().unwrap()].clone();
    let set = service.task_sets.last().map(|set| set.definition.clone());
    let definition = set.unwrap_or_else(|| service.primary().unwrap().definition.clone());
    definition.containers[0].image.clone()
}

#[test]
fn pipeline_has_an_approval_and_an_execution_behind_it() {
    let mut world = named("pipeline");
    assert_eq!(
        course(&mut world, "shop"),
        [
            "1f3c9aa Succeeded Production.Deploy Succeeded",
            "9be0012 InProgress Production.Approve InProgress",
            "c07d5e1 InProgress Staging.Deploy Succeeded, waits for Production",
        ]
    );
    assert_eq!(image(region(&mut world), "staging"), "acme/shop:1.9.1");
    assert_eq!(image(region(&mut world), "prod"), "acme/shop:1.8.3");
}

#[test]
fn pipeline_codedeploy_waits_for_somebody_to_reroute() {
    let mut world = named("pipeline-codedeploy");
    assert_eq!(
        course(&mut world, "payments"),
        [
            "77a0c3d Failed Production.Approve Failed",
            "e41b9f2 InProgress Production.Deploy InProgress",
        ]
    );
    let region = region(&mut world);
    let deployment = region.codedeploy.deployments.last().unwrap();
    assert_eq!(deployment.status.word(), "Ready");
    let pipeline = region.codepipeline.pipeline("payments").unwrap().1;
    let run = pipeline.executions[1].runs.last().unwrap();
    assert_eq!(run.external_id.as_ref(), Some(&deployment.id));
    assert_eq!(image(region, "prod"), "acme/payments:5.2.5");
}

#[test]
fn pipeline_parallel_has_two_approvals() {
    let mut world = named("pipeline-parallel");
    assert_eq!(
        course(&mut world, "search"),
        [
            "04d2b7e Succeeded Production.Deploy Succeeded",
            "5d3e8c0 InProgress Approve.Approve InProgress",
            "b81f4a6 InProgress Approve.Approve InProgress",
            "2c96e0d InProgress Build.Build InProgress",
        ]
    );
}

#[test]
fn pipeline_failed_has_three_kinds_of_trouble() {
    let mut world = named("pipeline-failed");
    assert_eq!(
        course(&mut world, "catalog"),
        [
            "6a1e0f7 Succeeded Production.Deploy Succeeded",
            "8d27be4 Failed Build.Build Failed",
        ]
    );
    assert_eq!(
        course(&mut world, "checkout"),
        [
            "c3f1d20 Succeeded Production.Deploy Succeeded",
            "f50a9c6 InProgress Production.Deploy InProgress",
        ]
    );
    assert_eq!(
        course(&mut world, "mailer"),
        [
            "190cd3b InProgress Production.Approve InProgress",
            "ab2274e Superseded Build.Build Succeeded",
            "3e6f815 InProgress Build.Build Succeeded, waits for Production",
        ]
    );
    let region = region(&mut world);
    let releases = region.ecs.services.values().flat_map(|one| &one.releases);
    let rolled_back = releases.filter(|one| one.status == ReleaseStatus::RollbackSuccessful);
    assert_eq!(rolled_back.count(), 1);
    let builds = region.codebuild.builds();
    let failed = builds
        .iter()
        .find(|one| one.progress(NOW).status == BuildStatus::Failed)
        .unwrap();
    let stream = region.logs.group("/aws/codebuild/catalog").unwrap();
    assert!(stream.stream(&failed.uuid).is_some());
}

#[test]
fn an_action_that_ecs_rolled_back_fails_when_its_hour_is_over() {
    let mut world = named("pipeline-failed");
    world.advance(NOW.plus_seconds(35.0 * 60.0));
    let before = course(&mut world, "checkout");
    assert!(
        before[1].ends_with("Production.Deploy InProgress"),
        "{before:?}"
    );
    world.advance(NOW.plus_seconds(50.0 * 60.0));
    let after = course(&mut world, "checkout");
    assert_eq!(after[1], "f50a9c6 Failed Production.Deploy Failed");
}

#[test]
fn promotion_goes_to_the_other_account_once_it_is_approved() {
    let mut world = named("promotion");
    let production =
        |world: &mut World| image(world.region_mut("210987654321", PLACE), "production");
    assert_eq!(
        course(&mut world, "orders"),
        [
            "d19f7b3 Succeeded Production.Deploy Succeeded",
            "40c8e6a InProgress Promote.Approve InProgress",
        ]
    );
    assert_eq!(image(region(&mut world), "staging"), "acme/orders:12.6.0");
    assert_eq!(production(&mut world), "acme/orders:12.5.0");
    assert_eq!(world.accounts.of_key("AKIAPRODUCTION"), "210987654321");
    let input = serde_json::json!({"name": "orders"});
    let state = |world: &mut World| {
        let answer = crate::sim::api::codepipeline::handle(
            world,
            DEFAULT_ACCOUNT,
            PLACE,
            "GetPipelineState",
            &input,
        );
        answer.unwrap().unwrap()
    };
    let found = state(&mut world);
    let token = found.pointer("/stageStates/3/actionStates/0/latestExecution/token");
    let answer = serde_json::json!({
        "pipelineName": "orders", "stageName": "Promote", "actionName": "Approve",
        "token": token.unwrap(), "result": {"summary": "go", "status": "Approved"},
    });
    crate::sim::api::codepipeline::handle(
        &mut world,
        DEFAULT_ACCOUNT,
        PLACE,
        "PutApprovalResult",
        &answer,
    )
    .unwrap()
    .unwrap();
    world.advance(NOW.plus_seconds(900.0));
    assert_eq!(production(&mut world), "acme/orders:12.6.0");
    let pipeline = pipeline(&mut world, "orders");
    let run = pipeline.executions[1].runs.last().unwrap();
    assert_eq!(run.status, RunStatus::Succeeded);
}

#[test]
fn mistakes_about_pipelines_are_named_with_their_line() {
    let world =
        "[[cluster]]\nname = \"c\"\n[[service]]\ncluster = \"c\"\nname = \"s\"\nimage = \"i\"\n";
    let good =
        "[[pipeline]]\nname = \"p\"\n[[pipeline.stage]]\nname = \"Deploy\"\ndeploy = [\"c/s\"]\n";
    let at = "[[at]]\ntime = \"1m\"\n";
    for (text, problem) in [
        (
            "[[pipeline]]\nname = \"p\"\nstage = [{ name = \"Deploy\", deploy = [\"c/x\"] }]\n"
                .to_owned(),
            "line 9: there is no service 'c/x'",
        ),
        (
            "[[pipeline]]\nname = \"p\"\nstage = []\n".to_owned(),
            "line 8: Pipeline should have at least 2 stages",
        ),
        (
            format!("{good}{at}"),
            "line 13: exactly one of service and pipeline",
        ),
        (
            format!("{good}{at}pipeline = \"q\"\npush = {{}}"),
            "line 14: there is no pipeline 'q'",
        ),
        (
            format!("{good}{at}pipeline = \"p\""),
            "line 14: exactly one of push",
        ),
        (
            format!("{good}{at}pipeline = \"p\"\nfail = {{ action = \"Build\" }}"),
            "line 14: the pipeline has no action 'Build'",
        ),
        (
            format!("{good}{at}pipeline = \"p\"\napprove = {{ stage = \"Gate\" }}"),
            "line 14: the pipeline has no stage 'Gate'",
        ),
    ] {
        let error = build_text("test", &format!("{world}{text}"), &options()).unwrap_err();
        assert!(error.to_string().contains(problem), "{problem}: {error}");
    }
}

#[test]
fn a_fleet_has_pipelines_at_rest_and_a_few_that_move_or_wait() {
    let options = ScenarioOptions {
        services: Some(60),
        clusters: Some(3),
        pipelines: Some(80),
        ..options()
    };
    let mut world = build("fleet", &options).unwrap();
    let pipelines = &region(&mut world).codepipeline.pipelines;
    assert_eq!(pipelines.len(), 80);
    let all = pipelines.iter().flat_map(|one| &one.executions);
    let mut counts = std::collections::BTreeMap::new();
    for execution in all {
        let run = execution.runs.last().unwrap();
        let waits = run.token.is_some() && !run.status.is_over();
        let kind = if waits {
            "waits"
        } else {
            execution.status.word()
        };
        *counts.entry(kind).or_insert(0) += 1;
    }
    assert_eq!(
        counts.into_iter().collect::<Vec<_>>(),
        [("InProgress", 4), ("Succeeded", 80), ("waits", 3)]
    );
}
