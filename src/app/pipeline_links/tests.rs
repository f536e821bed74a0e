//! From a release to its pipeline and back, through what was read.

use super::*;
use crate::app::fixture::*;
use crate::app::msg::Data;
use crate::domain::context::ContextId;
use crate::domain::fixture::{at, moving, record, service};
use crate::domain::pipeline::fixture::*;
use crate::domain::pipeline::{ExecutionMode, ExecutionStatus, PipelineState, PipelineStructure};
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;

const RELEASE_BEGAN: i64 = 1_000;

/// A cockpit with a release of `web` and the structure of `shop`, which stands like this.
fn linked(state: PipelineState, release: Record) -> Model {
    let mut model = cockpit(vec![service(vec![moving(2, 2)])]);
    records(
        &mut model,
        OPENED,
        vec![record("b", release, 1, 2, RELEASE_BEGAN)],
    );
    tell(&mut model, OPENED, Data::Pipelines(vec![summary("shop")]));
    let known = Data::PipelineStructure {
        pipeline: shop(),
        structure: Some(Box::new(structure())),
    };
    tell(&mut model, OPENED, known);
    let stands = Data::PipelineState {
        pipeline: shop(),
        state: Some(Box::new(state)),
    };
    tell(&mut model, OPENED, stands);
    model
}

fn web() -> Scoped<ServiceArn> {
    Scoped::new(HERE, crate::domain::fixture::service_arn("web"))
}

fn release(model: &Model) -> &Release {
    store(model).newest_release(&web().id).unwrap()
}

#[test]
fn a_release_leads_to_its_execution_and_back() {
    let state = deploying(ActionStatus::InProgress, RELEASE_BEGAN - 5);
    let model = linked(state, Record::InProgress);
    let run = driver_of(&model, &web(), release(&model)).unwrap();
    assert_eq!(run.id.execution, execution_id("e1"));
    assert_eq!(run.context, HERE);
    let pipeline = Scoped::new(HERE, shop());
    let e1 = execution_id("e1");
    let back = driven_by(&model, &pipeline, "Production", "Deploy", &e1).unwrap();
    assert_eq!(back.0, run.id);
    assert_eq!(back.1, web());
    assert_eq!(back.2.unwrap().id, release(&model).id);
    assert!(driven_by(&model, &pipeline, "Build", "Build", &e1).is_none());
    let e2 = execution_id("e2");
    assert!(driven_by(&model, &pipeline, "Production", "Deploy", &e2).is_none());
    assert_eq!(disagreement(&model, &web(), release(&model)), None);
    assert_eq!(upcoming_deploys(&model, &web()), []);
}

#[test]
fn an_action_that_missed_a_rollback_is_told_of_the_release() {
    let state = deploying(ActionStatus::InProgress, RELEASE_BEGAN - 5);
    let model = linked(state, Record::RollbackSuccessful);
    let said = disagreement(&model, &web(), release(&model)).unwrap();
    let head = "CodePipeline says In Progress, ECS rolled back ";
    assert!(said.starts_with(head), "{said}");
}

#[test]
fn a_release_by_hand_has_no_pipeline_and_one_that_waits_is_told() {
    let model = linked(waiting(RELEASE_BEGAN - 5), Record::InProgress);
    assert_eq!(driver_of(&model, &web(), release(&model)), None);
    let ahead = upcoming_deploys(&model, &web());
    assert_eq!(ahead.len(), 1);
    assert_eq!(ahead[0].id.execution, execution_id("e1"));
    let approval = link::Held::Approval("Approve".into());
    assert_eq!(ahead[0].id.held, Some(approval));
}

#[test]
fn the_state_ends_a_run_that_was_read_before() {
    let state = deploying(ActionStatus::Failed, 3_000);
    let mut model = linked(state, Record::InProgress);
    assert_eq!(driver_of(&model, &web(), release(&model)), None);
    let actions = vec![run(
        "e1",
        "Deploy",
        ActionStatus::InProgress,
        RELEASE_BEGAN - 5,
    )];
    let told = Data::ActionExecutions {
        pipeline: shop(),
        execution: execution_id("e1"),
        actions,
    };
    tell(&mut model, OPENED, told);
    let run = driver_of(&model, &web(), release(&model)).unwrap().id;
    assert_eq!(run.status, ActionStatus::Failed);
    assert_eq!(run.ended_at, Some(at(3_000)));
    let said = disagreement(&model, &web(), release(&model));
    let sentence = "CodePipeline says Failed, ECS goes on";
    assert_eq!(said.as_deref(), Some(sentence));
}

#[test]
fn a_run_that_is_tried_again_counts_beside_the_one_that_failed() {
    let again = deploying(ActionStatus::InProgress, RELEASE_BEGAN - 5);
    let mut model = linked(again, Record::InProgress);
    let told = Data::ActionExecutions {
        pipeline: shop(),
        execution: execution_id("e1"),
        actions: vec![run("e1", "Deploy", ActionStatus::Failed, 100)],
    };
    tell(&mut model, OPENED, told);
    let run = driver_of(&model, &web(), release(&model)).unwrap().id;
    assert_eq!(run.started_at, Some(at(RELEASE_BEGAN - 5)));
}

#[test]
fn in_parallel_the_executions_in_flight_are_looked_through() {
    let idle = deploying(ActionStatus::Succeeded, 100);
    let mut model = linked(idle, Record::InProgress);
    let mut parallel = summary("shop");
    parallel.mode = Some(ExecutionMode::Parallel);
    tell(&mut model, OPENED, Data::Pipelines(vec![parallel]));
    let executions = ["e8", "e7"].map(|id| execution(id, ExecutionStatus::InProgress, 900));
    for (id, action) in [("e8", "Approve"), ("e7", "Deploy")] {
        let told = Data::ActionExecutions {
            pipeline: shop(),
            execution: execution_id(id),
            actions: vec![run(id, action, ActionStatus::InProgress, RELEASE_BEGAN - 1)],
        };
        tell(&mut model, OPENED, told);
    }
    let told = Data::ParallelExecutions {
        pipeline: shop(),
        executions: executions.to_vec(),
        cut: false,
    };
    tell(&mut model, OPENED, told);
    let run = driver_of(&model, &web(), release(&model)).unwrap().id;
    assert_eq!(run.execution, execution_id("e7"));
    let ahead = upcoming_deploys(&model, &web());
    let ids: Vec<&str> = ahead.iter().map(|one| one.id.execution.as_str()).collect();
    assert_eq!(ids, ["e8"]);
}

#[test]
fn a_pipeline_of_another_account_drives_a_release_of_this_one() {
    let mut model = linked(
        deploying(ActionStatus::InProgress, RELEASE_BEGAN - 5),
        Record::InProgress,
    );
    model.contexts.push(Store::new(context(1)));
    let mut declared = structure();
    declared.name = PipelineName::new("promotion");
    declared.arn = Some("arn:aws:codepipeline:eu-west-1:999999999999:promotion".into());
    let there = model.store_mut(ContextId(1)).unwrap();
    let tell = |store: &mut Store, declared: &PipelineStructure| {
        let data = Data::PipelineStructure {
            pipeline: declared.name.clone(),
            structure: Some(Box::new(declared.clone())),
        };
        store.take(data, at(OPENED));
    };
    tell(there, &declared);
    let contexts = |model: &Model| -> Vec<u16> {
        let found = deploys_of(model, &web());
        found.iter().map(|one| one.context.0).collect()
    };
    assert_eq!(contexts(&model), [0], "it deploys in its own account");
    declared.stages[2].actions[1].account = Some("123456789012".into());
    tell(model.store_mut(ContextId(1)).unwrap(), &declared);
    assert_eq!(contexts(&model), [0, 1]);
    let pipeline = Scoped::new(ContextId(1), declared.name.clone());
    let service = service_of(&model, &pipeline, "Production", "Deploy");
    assert_eq!(service, Some(web()));
}
