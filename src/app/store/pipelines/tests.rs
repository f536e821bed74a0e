//! What stays, what goes, and which approvals wait.

use super::*;
use crate::app::fixture::context;
use crate::domain::fixture::at;
use crate::domain::pipeline::fixture::*;
use crate::domain::pipeline::{ActionStatus, ExecutionStatus};

fn store() -> Store {
    Store::new(context(0))
}

fn state_of(name: &str, mut state: PipelineState) -> Data {
    state.name = PipelineName::new(name);
    Data::PipelineState {
        pipeline: PipelineName::new(name),
        state: Some(Box::new(state)),
    }
}

fn structure_of(name: &str, timeout_minutes: Option<u32>) -> Data {
    let mut declared = structure();
    declared.stages[2].actions[0].timeout_minutes = timeout_minutes;
    Data::PipelineStructure {
        pipeline: PipelineName::new(name),
        structure: Some(Box::new(declared)),
    }
}

#[test]
fn the_approval_that_expires_first_comes_first() {
    let mut store = store();
    for (name, since) in [("late", 2_000), ("unknown", 100), ("soon", 1_000)] {
        store.take(state_of(name, waiting(since)), at(10));
    }
    store.take(structure_of("late", None), at(10));
    store.take(structure_of("soon", None), at(10));
    let order = |store: &Store| -> Vec<String> {
        let approvals = store.approvals().into_iter();
        approvals
            .map(|one| one.id.pipeline.as_str().to_owned())
            .collect()
    };
    assert_eq!(order(&store), ["soon", "late", "unknown"]);
    store.take(structure_of("unknown", Some(5)), at(10));
    assert_eq!(order(&store), ["unknown", "soon", "late"]);
    let first = store.approvals().remove(0);
    assert_eq!(store.approval(&first.id), Some(first.clone()));
    let answered = state_of("unknown", deploying(ActionStatus::InProgress, 3_000));
    store.take(answered, at(20));
    assert_eq!(store.approval(&first.id), None);
}

#[test]
fn an_older_answer_changes_nothing() {
    let mut store = store();
    store.take(state_of("shop", waiting(1_000)), at(20));
    store.take(
        state_of("shop", deploying(ActionStatus::Succeeded, 900)),
        at(10),
    );
    assert_eq!(store.approvals().len(), 1);
    let gone = Data::PipelineState {
        pipeline: shop(),
        state: None,
    };
    store.take(gone.clone(), at(15));
    assert!(store.pipeline_state(&shop()).is_some());
    store.take(gone, at(30));
    assert_eq!(store.pipeline_state(&shop()), None);
}

#[test]
fn what_the_list_no_longer_names_goes() {
    let mut store = store();
    let list = |names: &[&str]| Data::Pipelines(names.iter().map(|name| summary(name)).collect());
    store.take(list(&["web", "shop"]), at(10));
    for name in ["shop", "web"] {
        store.take(state_of(name, waiting(1_000)), at(10));
        store.take(structure_of(name, None), at(10));
    }
    let names: Vec<&str> = store
        .pipeline_list()
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["shop", "web"]);
    store.take(list(&["web"]), at(20));
    assert_eq!(store.pipeline_structure(&shop()), None);
    assert_eq!(store.approvals().len(), 1);
    assert_eq!(store.pipeline_summary(&shop()), None);
}

#[test]
fn the_variables_of_a_text_are_filled_in_once_the_run_is_known() {
    let mut store = store();
    store.take(state_of("shop", waiting(1_000)), at(10));
    store.take(structure_of("shop", None), at(10));
    let text = |store: &Store| store.approvals()[0].text.clone().unwrap();
    assert_eq!(text(&store), "Ship #{Source.CommitId}?");
    let mut waits = run("e1", "Approve", ActionStatus::InProgress, 1_000);
    let filled = ("CustomData".to_owned(), "Ship 9be0012?".to_owned());
    waits.configuration = std::iter::once(filled).collect();
    let earlier = run("e1", "Approve", ActionStatus::Failed, 500);
    let told = Data::ActionExecutions {
        pipeline: shop(),
        execution: execution_id("e1"),
        actions: vec![earlier, waits],
    };
    store.take(told, at(11));
    assert_eq!(text(&store), "Ship 9be0012?");
}

#[test]
fn in_parallel_the_approvals_are_those_of_the_executions_in_flight() {
    let mut store = store();
    let mut waits = run("e7", "Approve", ActionStatus::InProgress, 1_000);
    waits.external_id = Some("token-7".into());
    let told = Data::ActionExecutions {
        pipeline: shop(),
        execution: execution_id("e7"),
        actions: vec![waits],
    };
    store.take(told, at(10));
    assert_eq!(store.approvals(), [], "nobody said that it is in flight");
    let in_flight = |executions| Data::ParallelExecutions {
        pipeline: shop(),
        executions,
        cut: false,
    };
    let e7 = execution("e7", ExecutionStatus::InProgress, 900);
    store.take(in_flight(vec![e7]), at(10));
    let tokens: Vec<String> = store.approvals().into_iter().map(|one| one.token).collect();
    assert_eq!(tokens, ["token-7"]);
    store.take(in_flight(Vec::new()), at(20));
    assert_eq!(store.approvals(), []);
}

#[test]
fn a_pipeline_whose_mode_is_another_now_has_no_executions_side_by_side() {
    let mut store = store();
    let listed = |mode| {
        let mut listed = summary("shop");
        listed.mode = Some(mode);
        Data::Pipelines(vec![listed])
    };
    store.take(listed(ExecutionMode::Parallel), at(10));
    let in_flight = Data::ParallelExecutions {
        pipeline: shop(),
        executions: vec![execution("e7", ExecutionStatus::InProgress, 900)],
        cut: false,
    };
    store.take(in_flight, at(10));
    store.take(listed(ExecutionMode::Parallel), at(20));
    assert_eq!(store.parallel_executions(&shop()).len(), 1);
    store.take(listed(ExecutionMode::Superseded), at(30));
    assert_eq!(store.parallel_executions(&shop()), []);
    let mode = store.pipeline_mode(&shop());
    assert_eq!(mode, Some(&ExecutionMode::Superseded));
}

#[test]
fn an_execution_is_as_it_was_read_last() {
    let mut store = store();
    let list = |status, at_second| {
        let data = Data::PipelineExecutions {
            pipeline: shop(),
            executions: vec![execution("e7", status, 900)],
            cut: false,
        };
        (data, at(at_second))
    };
    let (data, asked_at) = list(ExecutionStatus::InProgress, 10);
    store.take(data, asked_at);
    let parallel = Data::ParallelExecutions {
        pipeline: shop(),
        executions: vec![execution("e7", ExecutionStatus::Stopping, 900)],
        cut: false,
    };
    store.take(parallel, at(20));
    let status = |store: &Store| {
        let known = store.pipeline_execution(&shop(), &execution_id("e7"));
        known.unwrap().status.clone()
    };
    assert_eq!(status(&store), ExecutionStatus::Stopping);
    let (data, asked_at) = list(ExecutionStatus::Stopped, 30);
    store.take(data, asked_at);
    assert_eq!(status(&store), ExecutionStatus::Stopped);
}

#[test]
fn the_runs_of_executions_that_were_read_long_ago_make_room() {
    let mut store = store();
    for number in 0..=ACTIONS_KEPT {
        let told = Data::ActionExecutions {
            pipeline: shop(),
            execution: execution_id(&format!("e{number}")),
            actions: Vec::new(),
        };
        let second = i64::try_from(number).unwrap();
        store.take(told, at(second));
    }
    assert_eq!(store.pipelines.actions.len(), ACTIONS_KEPT);
    assert!(!store.pipelines.actions.contains_key(&execution_id("e0")));
}
