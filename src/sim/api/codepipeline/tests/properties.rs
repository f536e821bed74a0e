//! What holds for pipelines whatever is done.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::harness::{Ground, approval, declaration};
use crate::sim::world::codepipeline::ActionFault;
use crate::sim::world::codepipeline::action_run::RunStatus;
use crate::sim::world::codepipeline::execution::ExecutionStatus;
use crate::sim::world::codepipeline::pipeline::{Mode, Pipeline};
use crate::sim::world::engine::pipelines::deploy::DeployProgress;

#[derive(Clone, Debug)]
enum Deed {
    Start,
    Answer(bool),
    Stop(usize, bool),
    Retry(usize, &'static str, bool),
    RollBack(usize, &'static str),
    Override(usize, bool),
    Transition(&'static str, bool),
    Break(&'static str),
    Deploys(bool),
    Pass(u32),
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let stage = || prop::sample::select(vec!["Source", "Build", "Approve", "Deploy"]);
    let action = prop::sample::select(vec!["Source", "Build", "Deploy"]);
    prop_oneof![
        4 => Just(Deed::Start),
        4 => any::<bool>().prop_map(Deed::Answer),
        1 => (0usize..6, any::<bool>()).prop_map(|(one, abandon)| Deed::Stop(one, abandon)),
        3 => (0usize..6, stage(), any::<bool>()).prop_map(|(one, stage, all)| Deed::Retry(one, stage, all)),
        2 => (0usize..6, stage()).prop_map(|(one, stage)| Deed::RollBack(one, stage)),
        1 => (0usize..6, any::<bool>()).prop_map(|(one, entry)| Deed::Override(one, entry)),
        2 => (stage(), any::<bool>()).prop_map(|(stage, on)| Deed::Transition(stage, on)),
        2 => action.prop_map(Deed::Break),
        1 => any::<bool>().prop_map(Deed::Deploys),
        8 => (1u32..200).prop_map(Deed::Pass),
    ]
}

fn any_pipeline() -> impl Strategy<Value = Value> {
    let mode = prop::sample::select(vec!["QUEUED", "SUPERSEDED", "PARALLEL"]);
    let result = prop::sample::select(vec!["FAIL", "RETRY", "SKIP", "ROLLBACK"]);
    let function = prop::sample::select(vec!["check", "check-fails"]);
    (mode, result, function, any::<bool>()).prop_map(|(mode, result, function, gate)| {
        let mut declared = declaration(mode);
        if mode != "PARALLEL" || result != "ROLLBACK" {
            declared["stages"][3]["onFailure"] = json!({"result": result});
        }
        if gate {
            let rule = json!({
                "name": "ask", "configuration": {"FunctionName": function},
                "ruleTypeId": {"category": "Rule", "owner": "AWS", "provider": "LambdaInvoke"},
            });
            declared["stages"][3]["beforeEntry"] =
                json!({"conditions": [{"result": "FAIL", "rules": [rule]}]});
        }
        declared
    })
}

fn shop(ground: &mut Ground) -> Pipeline {
    ground
        .region()
        .codepipeline
        .pipeline("shop")
        .unwrap()
        .1
        .clone()
}

/// The id of the execution that is so many executions older than the newest one.
fn id_of(ground: &mut Ground, back: usize) -> String {
    let pipeline = shop(ground);
    let execution = pipeline.executions.iter().rev().nth(back);
    execution.map_or_else(
        || "00000000-0000-4000-8000-000000000000".to_owned(),
        |one| one.id.clone(),
    )
}

fn apply(ground: &mut Ground, deed: &Deed) {
    let call = |ground: &mut Ground, operation: &str, input: Value| {
        // What can't be done is refused.
        let _ = ground.call(operation, &input);
    };
    match deed {
        Deed::Start => call(ground, "StartPipelineExecution", json!({"name": "shop"})),
        Deed::Answer(approved) => {
            let pipeline = shop(ground);
            let runs = pipeline.executions.iter().flat_map(|one| &one.runs);
            let token = runs.filter_map(|run| run.token.clone()).next_back();
            let status = if *approved { "Approved" } else { "Rejected" };
            if let Some(token) = token {
                call(ground, "PutApprovalResult", approval(&token, status));
            }
        }
        Deed::Stop(back, abandon) => {
            let id = id_of(ground, *back);
            let input =
                json!({"pipelineName": "shop", "pipelineExecutionId": id, "abandon": abandon});
            call(ground, "StopPipelineExecution", input);
        }
        Deed::Retry(back, stage, all) => {
            let id = id_of(ground, *back);
            let mode = if *all {
                "ALL_ACTIONS"
            } else {
                "FAILED_ACTIONS"
            };
            let input = json!({
                "pipelineName": "shop", "stageName": stage, "pipelineExecutionId": id,
                "retryMode": mode,
            });
            call(ground, "RetryStageExecution", input);
        }
        Deed::RollBack(back, stage) => {
            let id = id_of(ground, *back);
            let input = json!({
                "pipelineName": "shop", "stageName": stage, "targetPipelineExecutionId": id,
            });
            call(ground, "RollbackStage", input);
        }
        Deed::Override(back, entry) => {
            let id = id_of(ground, *back);
            let kind = if *entry { "BEFORE_ENTRY" } else { "ON_SUCCESS" };
            let input = json!({
                "pipelineName": "shop", "stageName": "Deploy", "pipelineExecutionId": id,
                "conditionType": kind,
            });
            call(ground, "OverrideStageCondition", input);
        }
        Deed::Transition(stage, on) => {
            let operation = if *on {
                "EnableStageTransition"
            } else {
                "DisableStageTransition"
            };
            let input = json!({
                "pipelineName": "shop", "stageName": stage, "transitionType": "Inbound",
                "reason": "freeze",
            });
            call(ground, operation, input);
        }
        Deed::Break(action) => {
            let fault = ActionFault {
                code: "JobFailed".to_owned(),
                message: "no".to_owned(),
                times: 1,
            };
            let key = ("shop".to_owned(), (*action).to_owned());
            ground.region().codepipeline.faults.insert(key, fault);
        }
        Deed::Deploys(succeed) => {
            ground.deploys = if *succeed {
                DeployProgress::Succeeded { summary: None }
            } else {
                DeployProgress::InProgress { summary: None }
            };
        }
        Deed::Pass(seconds) => ground.pass(*seconds),
    }
}

/// The executions in a stage that nothing has ended.
fn inside(pipeline: &Pipeline, stage: usize) -> Vec<usize> {
    let executions = pipeline.executions.iter().enumerate();
    let inside = executions.filter(|(_, one)| {
        let run = one.stages.get(&stage);
        one.stage == stage && run.is_some_and(|run| run.status.is_under_way())
    });
    inside.map(|(position, _)| position).collect()
}

fn check(pipeline: &Pipeline) {
    for (place, stage) in pipeline.stages.iter().enumerate() {
        let inside = inside(pipeline, place);
        if pipeline.mode == Mode::Parallel {
            assert_eq!(stage.holder, None);
        } else {
            assert!(
                inside.len() <= 1,
                "{inside:?} share the stage {}",
                stage.name
            );
            assert_eq!(stage.holder, inside.first().copied());
        }
        for waiting in &stage.waiting {
            let one = &pipeline.executions[*waiting];
            assert_eq!(
                (one.status, one.stage),
                (ExecutionStatus::InProgress, place)
            );
        }
        if pipeline.mode == Mode::Superseded {
            assert!(stage.waiting.len() <= 1);
        }
        let held_up = !stage.transition.enabled || stage.holder.is_some();
        assert!(
            stage.waiting.is_empty() || held_up,
            "{} waits for nothing",
            stage.name
        );
    }
    for one in &pipeline.executions {
        let under_way = one.has_runs_under_way();
        assert!(!(one.status.is_over() && under_way), "{one:#?}");
        let stage = one.stages.get(&one.stage);
        let inside = stage.is_some_and(|run| run.status.is_under_way());
        let position = pipeline.execution(&one.id).unwrap().0;
        let waits = pipeline.stages[one.stage].waiting.contains(&position);
        assert_eq!(!one.status.is_over(), inside || waits, "{one:#?}");
    }
}

/// How each run of an action stands, by its id.
fn runs(pipeline: &Pipeline) -> BTreeMap<String, RunStatus> {
    let runs = pipeline.executions.iter().flat_map(|one| &one.runs);
    runs.map(|run| (run.id.clone(), run.status)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn pipelines_stay_in_order(
        declared in any_pipeline(),
        deeds in prop::collection::vec(any_deed(), 1..40),
    ) {
        let mut ground = Ground::with(&declared);
        let mut before = BTreeMap::new();
        for deed in &deeds {
            apply(&mut ground, deed);
            let pipeline = shop(&mut ground);
            check(&pipeline);
            let after = runs(&pipeline);
            for (id, status) in &before {
                if *status != RunStatus::InProgress {
                    prop_assert_eq!(after.get(id), Some(status), "a run that was over moved");
                }
            }
            before = after;
            ground.state();
            ground.ok("ListActionExecutions", &json!({"pipelineName": "shop"}));
            ground.ok("ListPipelineExecutions", &json!({"pipelineName": "shop"}));
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_course(deeds in prop::collection::vec(any_deed(), 1..15)) {
        let course = || {
            let mut ground = Ground::new("QUEUED");
            for deed in &deeds {
                apply(&mut ground, deed);
            }
            ground.ok("ListActionExecutions", &json!({"pipelineName": "shop"}))
        };
        prop_assert_eq!(course(), course());
    }
}
