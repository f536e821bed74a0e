//! What is asked of pipelines, how often, and what hundreds of them cost.

use super::*;
use crate::app::fixture::*;
use crate::app::freshness::{Freshness, freshness};
use crate::app::interest::subscriptions;
use crate::app::model::Model;
use crate::app::msg::{Data, Msg};
use crate::app::reading::{Reading, reading};
use crate::domain::context::Scoped;
use crate::domain::failure::FailureKind;
use crate::domain::fixture::{at, failure};
use crate::domain::pipeline::fixture::*;
use crate::domain::pipeline::{ActionStatus, ExecutionStatus, PipelineState, StageStatus};

/// So many pipelines, all through with what they did long ago.
fn many(count: usize) -> Model {
    let mut model = watching();
    let names: Vec<String> = (0..count).map(|n| format!("p{n:03}")).collect();
    let list = names.iter().map(|name| summary(name)).collect();
    tell(&mut model, OPENED, Data::Pipelines(list));
    for name in names {
        told(&mut model, &name, long_done());
    }
    model
}

/// A pipeline through which the last execution went two days ago.
fn long_done() -> PipelineState {
    let mut state = deploying(ActionStatus::Succeeded, 1_000);
    let actions = state.stages.iter_mut().flat_map(|stage| &mut stage.actions);
    for run in actions.filter_map(|action| action.latest.as_mut()) {
        run.changed_at = Some(at(OPENED - 2 * RECENT_SECONDS));
    }
    state
}

fn told(model: &mut Model, name: &str, mut state: PipelineState) {
    state.name = PipelineName::new(name);
    let data = Data::PipelineState {
        pipeline: PipelineName::new(name),
        state: Some(Box::new(state)),
    };
    tell(model, OPENED, data);
}

fn open(model: &mut Model, screen: Screen) {
    model.navigation.open(screen);
}

fn pace_of(model: &Model, query: &Query) -> Option<u64> {
    let wanted = subscriptions(model);
    let found = asked(&wanted, |one| one == query)?;
    Some(found.pace.as_secs())
}

fn state_of(name: &str) -> Query {
    Query::PipelineState(PipelineName::new(name))
}

fn structure_of(name: &str) -> Query {
    Query::PipelineStructure(PipelineName::new(name))
}

/// Calls a minute for pipelines while nothing changes.
fn calls_a_minute(model: &Model) -> f64 {
    let wanted = subscriptions(model);
    let of_pipelines = wanted.iter().filter(|one| {
        matches!(
            one.query,
            Query::Pipelines | Query::PipelineState(_) | Query::PipelineStructure(_)
        )
    });
    of_pipelines.map(|one| 60.0 / one.pace.as_secs_f64()).sum()
}

#[test]
fn five_hundred_pipelines_at_rest_cost_no_more_calls_than_allowed() {
    let mut model = many(500);
    assert!(calls_a_minute(&model) < 31.0, "{}", calls_a_minute(&model));
    assert_eq!(pace_of(&model, &state_of("p007")), Some(1_000));
    open(&mut model, Screen::Pipelines);
    assert!(calls_a_minute(&model) < 92.0, "{}", calls_a_minute(&model));
    assert_eq!(pace_of(&model, &state_of("p007")), Some(334));
}

#[test]
fn few_pipelines_are_read_every_minute_and_a_half_and_no_sooner() {
    let mut model = many(3);
    assert_eq!(pace_of(&model, &state_of("p001")), Some(90));
    open(&mut model, Screen::Pipelines);
    assert_eq!(pace_of(&model, &state_of("p001")), Some(90));
    assert_eq!(pace_of(&model, &Query::Pipelines), Some(60));
}

#[test]
fn what_moves_or_waits_is_read_often_and_with_its_structure() {
    let mut model = many(300);
    told(
        &mut model,
        "p001",
        deploying(ActionStatus::InProgress, 1_000),
    );
    told(&mut model, "p002", waiting(1_000));
    assert_eq!(pace_of(&model, &state_of("p001")), Some(30));
    assert_eq!(pace_of(&model, &state_of("p002")), Some(30));
    open(&mut model, Screen::Pipelines);
    assert_eq!(pace_of(&model, &state_of("p001")), Some(5));
    assert_eq!(pace_of(&model, &state_of("p002")), Some(15));
    assert!(pace_of(&model, &structure_of("p002")).is_some());
    assert_eq!(pace_of(&model, &structure_of("p003")), None);
    let runs = |name| Query::ActionExecutions {
        pipeline: PipelineName::new(name),
        execution: execution_id("e1"),
    };
    assert_eq!(pace_of(&model, &runs("p002")), Some(600));
    assert_eq!(pace_of(&model, &runs("p001")), None);
}

#[test]
fn many_that_move_share_what_is_allowed() {
    let mut model = many(100);
    for number in 0..100 {
        let name = format!("p{number:03}");
        told(
            &mut model,
            &name,
            deploying(ActionStatus::InProgress, 1_000),
        );
    }
    assert_eq!(pace_of(&model, &state_of("p001")), Some(200));
    open(&mut model, Screen::Gates);
    assert_eq!(pace_of(&model, &state_of("p001")), Some(100));
}

#[test]
fn what_a_transition_holds_rests_and_what_may_enter_moves() {
    let mut model = many(1);
    let mut held = deploying(ActionStatus::Succeeded, 1_000);
    held.stages[2].inbound = vec![in_stage("e2", StageStatus::InProgress)];
    assert!(held.is_moving());
    held.stages[2].transition.as_mut().unwrap().enabled = false;
    assert!(!held.is_moving() && held.has_in_flight());
    told(&mut model, "p000", held);
    assert!(pace_of(&model, &structure_of("p000")).is_some());
}

#[test]
fn a_pipeline_that_ran_lately_tells_what_it_deploys() {
    let mut model = many(2);
    told(
        &mut model,
        "p001",
        deploying(ActionStatus::Succeeded, OPENED - 60),
    );
    assert!(pace_of(&model, &structure_of("p001")).is_some());
    assert_eq!(pace_of(&model, &structure_of("p000")), None);
}

#[test]
fn only_parallel_pipelines_are_asked_for_the_executions_in_flight() {
    let mut model = many(2);
    let parallel = Query::ParallelExecutions(PipelineName::new("p001"));
    assert_eq!(pace_of(&model, &parallel), None);
    let mut other = summary("p001");
    other.mode = Some(ExecutionMode::Parallel);
    let list = vec![summary("p000"), other];
    tell(&mut model, OPENED + 1, Data::Pipelines(list));
    assert_eq!(pace_of(&model, &parallel), Some(90));
    let running = Data::ParallelExecutions {
        pipeline: PipelineName::new("p001"),
        executions: vec![execution("e7", ExecutionStatus::InProgress, 1_000)],
        cut: false,
    };
    tell(&mut model, OPENED + 1, running);
    assert_eq!(pace_of(&model, &parallel), Some(30));
}

#[test]
fn a_screen_about_one_pipeline_asks_for_it_alone_and_often() {
    let mut model = many(500);
    told(
        &mut model,
        "p001",
        deploying(ActionStatus::InProgress, 1_000),
    );
    let name = PipelineName::new("p001");
    let id = execution_id("e1");
    let executions = Query::PipelineExecutions(name.clone());
    let actions = Query::ActionExecutions {
        pipeline: name.clone(),
        execution: id.clone(),
    };
    let here = Scoped::new(HERE, name);
    open(&mut model, Screen::Pipeline(here.clone()));
    assert_eq!(pace_of(&model, &state_of("p001")), Some(5));
    assert_eq!(pace_of(&model, &executions), Some(60));
    assert_eq!(pace_of(&model, &actions), None);
    let screen = Screen::Execution {
        pipeline: here,
        execution: id.clone(),
    };
    open(&mut model, screen);
    assert_eq!(pace_of(&model, &actions), Some(5));
    let listed = Data::PipelineExecutions {
        pipeline: PipelineName::new("p001"),
        executions: vec![execution("e1", ExecutionStatus::Succeeded, 1_000)],
        cut: false,
    };
    tell(&mut model, OPENED + 1, listed);
    assert_eq!(pace_of(&model, &actions), Some(60));
}

#[test]
fn a_newer_version_of_a_structure_is_asked_for_at_once() {
    let mut model = many(1);
    told(&mut model, "p000", waiting(1_000));
    let stamp = |model: &Model| {
        let wanted = subscriptions(model);
        asked(&wanted, |one| *one == structure_of("p000"))
            .unwrap()
            .stamp
    };
    assert_eq!(stamp(&model), 3);
    let mut newer = summary("p000");
    newer.version = Some(4);
    tell(&mut model, OPENED + 1, Data::Pipelines(vec![newer]));
    assert_eq!(stamp(&model), 4);
}

#[test]
fn pipelines_make_no_other_screen_older() {
    let model = many(20);
    let visible = crate::app::interest::visible(&model);
    assert!(asked(&visible, |one| matches!(one, Query::Pipelines)).is_none());
    assert!(asked(&visible, |one| matches!(one, Query::PipelineState(_))).is_none());
}

#[test]
fn a_long_list_of_executions_is_read_less_often() {
    let mut model = many(1);
    let name = PipelineName::new("p000");
    let query = Query::PipelineExecutions(name.clone());
    open(
        &mut model,
        Screen::Executions(Scoped::new(HERE, name.clone())),
    );
    let mut listed = |count: usize| {
        let mut executions: Vec<_> = (1..count)
            .map(|n| execution(&format!("e{n}"), ExecutionStatus::Succeeded, 1_000))
            .collect();
        executions.push(execution("e0", ExecutionStatus::InProgress, 1_000));
        let data = Data::PipelineExecutions {
            pipeline: name.clone(),
            executions,
            cut: false,
        };
        tell(&mut model, OPENED, data);
        pace_of(&model, &query)
    };
    assert_eq!(
        [listed(1), listed(100), listed(500)],
        [Some(10), Some(10), Some(50)]
    );
}

#[test]
fn a_release_on_screen_asks_for_the_pipeline_that_deploys_its_service() {
    let mut model = watching();
    tell(&mut model, OPENED, Data::Pipelines(vec![summary("shop")]));
    let known = Data::PipelineStructure {
        pipeline: shop(),
        structure: Some(Box::new(structure())),
    };
    tell(&mut model, OPENED, known);
    told(
        &mut model,
        "shop",
        deploying(ActionStatus::InProgress, 1_000),
    );
    let runs = Query::ActionExecutions {
        pipeline: shop(),
        execution: execution_id("e1"),
    };
    assert_eq!(pace_of(&model, &state_of("shop")), Some(30));
    assert_eq!(pace_of(&model, &runs), None);
    press(&mut model, "enter");
    assert_eq!(pace_of(&model, &state_of("shop")), Some(5));
    assert_eq!(pace_of(&model, &runs), Some(10));
}

#[test]
fn a_pipeline_on_screen_asks_what_became_of_the_releases_that_it_started() {
    let mut model = watching();
    tell(&mut model, OPENED, Data::Pipelines(vec![summary("shop")]));
    let known = Data::PipelineStructure {
        pipeline: shop(),
        structure: Some(Box::new(structure())),
    };
    tell(&mut model, OPENED, known);
    let records = |model: &Model| {
        let records = |query: &Query| matches!(query, Query::ServiceDeployments { .. });
        asked(&subscriptions(model), records).is_some()
    };
    open(&mut model, Screen::Pipelines);
    assert!(!records(&model));
    open(&mut model, Screen::Pipeline(Scoped::new(HERE, shop())));
    assert!(records(&model));
}

#[test]
fn the_age_of_a_screen_of_pipelines_is_that_of_what_it_shows() {
    let mut model = many(2);
    let end = |model: &mut Model, query: Query, second: i64| {
        let message = Msg::Ended {
            context: HERE,
            query,
            asked_at: at(second),
            outcome: Ok(()),
        };
        say(model, OPENED, message);
    };
    end(&mut model, Query::Pipelines, OPENED - 20);
    end(&mut model, state_of("p000"), OPENED - 80);
    end(&mut model, state_of("p001"), OPENED - 7);
    open(&mut model, Screen::Pipelines);
    let live = |seconds| Freshness::Live {
        seconds,
        failing: None,
    };
    assert_eq!(freshness(&model), live(20), "those at rest are read rarely");
    end(&mut model, structure_of("p001"), OPENED - 9_000);
    let shown = Scoped::new(HERE, PipelineName::new("p001"));
    end(
        &mut model,
        Query::PipelineExecutions(shown.id.clone()),
        OPENED - 40,
    );
    open(&mut model, Screen::Pipeline(shown));
    assert_eq!(freshness(&model), live(7));
}

#[test]
fn a_list_of_pipelines_is_whole_once_each_state_was_answered() {
    let mut model = watching();
    open(&mut model, Screen::Pipelines);
    let under = |answered, asked| Reading::Under { answered, asked };
    assert_eq!(reading(&model), under(0, 1));
    let list = vec![summary("p000"), summary("p001")];
    tell(&mut model, OPENED, Data::Pipelines(list));
    let end = |model: &mut Model, query: Query, outcome| {
        let message = Msg::Ended {
            context: HERE,
            query,
            asked_at: at(OPENED),
            outcome,
        };
        say(model, OPENED, message);
    };
    end(&mut model, Query::Pipelines, Ok(()));
    end(&mut model, state_of("p000"), Ok(()));
    assert_eq!(reading(&model), under(2, 3));
    let denied = failure(FailureKind::AccessDenied);
    end(&mut model, state_of("p001"), Err(denied.clone()));
    let partial = Reading::Partial {
        failed: 1,
        asked: 3,
        failure: denied,
    };
    assert_eq!(reading(&model), partial);
    end(&mut model, state_of("p001"), Ok(()));
    assert_eq!(reading(&model), Reading::Whole);
}
