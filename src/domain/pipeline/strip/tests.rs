use super::*;
use crate::domain::fixture::at;
use crate::domain::pipeline::ConditionStatus;
use crate::domain::pipeline::{
    ActionDeclaration, ConditionState, ErrorDetails, PipelineName, StageExecution, Transition,
};

/// An execution of a stage, by a letter and its status.
fn run(id: &str, status: &str) -> StageExecution {
    StageExecution {
        id: ExecutionId::new(id),
        status: StageStatus::from_name(status),
        rollback: false,
    }
}

fn action(name: &str, status: &str, second: i64) -> ActionState {
    ActionState {
        name: name.into(),
        latest: Some(ActionRun {
            id: None,
            status: ActionStatus::from_name(status),
            summary: None,
            changed_at: Some(at(second)),
            token: None,
            updated_by: None,
            external_id: None,
            external_url: None,
            percent: None,
            error: None,
            log_stream: None,
        }),
        revision: None,
        entity_url: None,
        revision_url: None,
    }
}

fn stage(name: &str, latest: Option<StageExecution>, actions: Vec<ActionState>) -> StageState {
    StageState {
        name: name.into(),
        latest,
        inbound: Vec::new(),
        transition: None,
        actions,
        before_entry: None,
        on_success: None,
        on_failure: None,
        retries: 0,
    }
}

fn pipeline(stages: Vec<StageState>) -> PipelineState {
    PipelineState {
        name: PipelineName::new("shop"),
        version: Some(1),
        stages,
    }
}

fn declared(stage: &str, actions: &[(&str, Category, u32)]) -> StageDeclaration {
    let action = |(name, category, run_order): &(&str, Category, u32)| ActionDeclaration {
        name: (*name).into(),
        category: category.clone(),
        provider: "Manual".into(),
        run_order: *run_order,
        configuration: std::collections::BTreeMap::new(),
        account: None,
        region: None,
        timeout_minutes: None,
    };
    StageDeclaration {
        name: stage.into(),
        actions: actions.iter().map(action).collect(),
        on_failure: None,
    }
}

fn structure(stages: Vec<StageDeclaration>) -> PipelineStructure {
    PipelineStructure {
        name: PipelineName::new("shop"),
        arn: None,
        version: Some(1),
        mode: None,
        stages,
    }
}

fn standings(state: &PipelineState) -> Vec<Standing> {
    let strip = strip(state, None).into_iter();
    strip.map(|stage| stage.standing).collect()
}

#[test]
fn what_an_earlier_execution_did_in_a_stage_is_still_to_come() {
    let state = pipeline(vec![
        stage("Source", Some(run("b", "Succeeded")), Vec::new()),
        stage("Build", Some(run("b", "InProgress")), Vec::new()),
        stage("Prod", Some(run("a", "Succeeded")), Vec::new()),
    ]);
    assert_eq!(
        standings(&state),
        [Standing::Succeeded, Standing::Moving, Standing::NotYet]
    );
    assert_eq!(standing(&strip(&state, None)), PipelineStanding::Moving);
}

#[test]
fn an_approval_is_known_by_its_token_or_by_the_structure() {
    let mut approve = action("Approve", "InProgress", 10);
    let waiting = |approve: &ActionState| {
        let prod = stage("Prod", Some(run("a", "InProgress")), vec![approve.clone()]);
        pipeline(vec![prod])
    };
    // In the mode PARALLEL there is no token.
    assert_eq!(standings(&waiting(&approve)), [Standing::Moving]);
    let known = structure(vec![declared(
        "Prod",
        &[("Approve", Category::Approval, 1)],
    )]);
    let strip_of = |approve: &ActionState| strip(&waiting(approve), Some(&known));
    assert_eq!(strip_of(&approve)[0].standing, Standing::WaitsForYou);
    assert_eq!(strip_of(&approve)[0].action.as_deref(), Some("Approve"));
    approve.latest.as_mut().unwrap().token = Some("t".into());
    assert_eq!(standings(&waiting(&approve)), [Standing::WaitsForYou]);
    assert_eq!(
        standing(&strip(&waiting(&approve), None)),
        PipelineStanding::WaitsForYou
    );
}

#[test]
fn a_failure_that_a_newer_execution_overtook_is_no_failure_of_the_pipeline() {
    let failed = |source: &str, build: &str, status: &str| {
        standing(&strip(
            &pipeline(vec![
                stage("Source", Some(run(source, "Succeeded")), Vec::new()),
                stage("Build", Some(run(build, status)), Vec::new()),
                stage("Prod", Some(run("a", "Failed")), Vec::new()),
            ]),
            None,
        ))
    };
    assert_eq!(failed("b", "b", "InProgress"), PipelineStanding::Moving);
    assert_eq!(failed("b", "b", "Stopped"), PipelineStanding::Failed);
    assert_eq!(failed("a", "a", "Succeeded"), PipelineStanding::Failed);
}

#[test]
fn the_worst_comes_first() {
    use PipelineStanding as P;
    let mut order = vec![
        P::Succeeded,
        P::Held,
        P::Moving,
        P::NeverRan,
        P::WaitsForYou,
        P::Failed,
    ];
    order.sort();
    assert_eq!(
        order,
        [
            P::Failed,
            P::WaitsForYou,
            P::Moving,
            P::Held,
            P::Succeeded,
            P::NeverRan
        ]
    );
}

#[test]
fn a_way_that_is_off_holds_a_pipeline_that_rests() {
    let mut prod = stage("Prod", None, Vec::new());
    prod.transition = Some(Transition {
        enabled: false,
        changed_by: None,
        changed_at: None,
        reason: Some("freeze".into()),
    });
    prod.inbound = vec![run("a", "InProgress")];
    let state = pipeline(vec![
        stage("Source", Some(run("a", "Succeeded")), Vec::new()),
        prod,
    ]);
    let strip = strip(&state, None);
    assert!(strip[1].held);
    assert_eq!(strip[1].inbound, 1);
    assert_eq!(standing(&strip), PipelineStanding::Held);
}

#[test]
fn a_rollback_is_never_a_success_of_the_stage() {
    let mut prod = Some(run("r", "InProgress"));
    prod.as_mut().unwrap().rollback = true;
    let state = |prod: &Option<StageExecution>| {
        pipeline(vec![
            stage("Source", Some(run("b", "Succeeded")), Vec::new()),
            stage("Prod", prod.clone(), Vec::new()),
        ])
    };
    assert_eq!(standings(&state(&prod))[1], Standing::RollingBack);
    assert_eq!(
        standing(&strip(&state(&prod), None)),
        PipelineStanding::RollingBack
    );
    prod.as_mut().unwrap().status = StageStatus::Succeeded;
    assert_eq!(standings(&state(&prod))[1], Standing::RolledBack);
    assert_eq!(
        standing(&strip(&state(&prod), None)),
        PipelineStanding::RolledBack
    );
}

#[test]
fn the_failure_is_that_of_this_execution() {
    let mut test = action("Test", "Failed", 20);
    test.latest.as_mut().unwrap().error = Some(ErrorDetails {
        code: Some("JobFailed".into()),
        message: Some("3 tests failed".into()),
    });
    // What failed an execution ago goes on being told until it runs again.
    let deploy = action("Deploy", "Failed", 10);
    let prod = stage("Prod", Some(run("a", "Failed")), vec![test, deploy]);
    let found = failure(&pipeline(vec![prod])).unwrap();
    assert_eq!(found.sentence(), "Test in Prod: JobFailed: 3 tests failed");
}

#[test]
fn a_condition_that_does_not_hold_is_a_failure_of_the_stage() {
    let mut prod = stage(
        "Prod",
        Some(run("a", "Failed")),
        vec![action("Deploy", "Failed", 10)],
    );
    prod.before_entry = Some(ConditionState {
        status: Some(ConditionStatus::Failed),
        summary: Some("outside the window".into()),
        rules: Vec::new(),
    });
    let state = pipeline(vec![prod]);
    assert_eq!(
        failure(&state).unwrap().sentence(),
        "Prod: its entry condition does not hold: outside the window"
    );
    assert_eq!(failure(&pipeline(Vec::new())), None);
}

#[test]
fn behind_an_action_that_works_nothing_has_run_yet() {
    let prod = stage(
        "Prod",
        Some(run("b", "InProgress")),
        vec![
            action("Approve", "InProgress", 20),
            action("Deploy", "Succeeded", 10),
        ],
    );
    let known = declared(
        "Prod",
        &[
            ("Approve", Category::Approval, 1),
            ("Deploy", Category::Deploy, 2),
        ],
    );
    let stand =
        |place: usize, known| of_action(&Standing::WaitsForYou, &prod, known, &prod.actions[place]);
    assert_eq!(stand(0, Some(&known)), Standing::WaitsForYou);
    assert_eq!(stand(1, Some(&known)), Standing::NotYet);
    assert_eq!(stand(1, None), Standing::Succeeded);
    let to_come = of_action(&Standing::NotYet, &prod, None, &prod.actions[1]);
    assert_eq!(to_come, Standing::NotYet);
}

#[test]
fn what_is_not_known_is_told_by_its_name() {
    let state = pipeline(vec![stage("Prod", Some(run("a", "Pondering")), Vec::new())]);
    assert_eq!(
        standing(&strip(&state, None)),
        PipelineStanding::Unknown("Pondering".into())
    );
    let never = pipeline(vec![stage("Prod", None, Vec::new())]);
    assert_eq!(standing(&strip(&never, None)), PipelineStanding::NeverRan);
}
