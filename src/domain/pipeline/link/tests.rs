//! What deploys a service, what drives a release, and what is still on its way.

use super::*;
use crate::domain::fixture::{at, record, releasing};
use crate::domain::pipeline::fixture::*;
use crate::domain::pipeline::{ConditionState, ExecutionStatus, StageStatus};
use crate::domain::release::past;
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;

fn deploy() -> DeployAction {
    deploys_of(&structure(), &releasing(), None).remove(0)
}

/// Releases of `web` by their ids and the seconds at which they began, the newest first.
fn releases(began: &[(&str, i64)]) -> Vec<Release> {
    let records: Vec<_> = began
        .iter()
        .map(|(id, began)| record(id, Record::Successful, 1, 2, *began))
        .collect();
    past(&records, None)
}

fn driven(run: &DeployRun, releases: &[Release]) -> Option<i64> {
    let release = run.release(releases)?;
    release.started_at.map(Timestamp::as_second)
}

#[test]
fn a_service_knows_the_actions_that_deploy_it() {
    let found = deploy();
    assert_eq!((found.place, found.stage.as_str()), (2, "Production"));
    assert_eq!(found.before, ["Approve"]);
    let mut other = releasing();
    other.cluster = crate::domain::fixture::cluster("staging");
    assert_eq!(deploys_of(&structure(), &other, None), []);
}

#[test]
fn a_service_of_another_account_or_region_is_another_one() {
    let mut elsewhere = structure();
    elsewhere.arn = Some("arn:aws:codepipeline:eu-west-1:999999999999:shop".into());
    assert_eq!(deploys_of(&elsewhere, &releasing(), None), []);
    elsewhere.stages[2].actions[1].account = Some("123456789012".into());
    assert_eq!(deploys_of(&elsewhere, &releasing(), None).len(), 1);
    elsewhere.stages[2].actions[1].region = Some("us-east-1".into());
    assert_eq!(deploys_of(&elsewhere, &releasing(), None), []);
    elsewhere.arn = None;
    elsewhere.stages[2].actions[1].region = None;
    assert_eq!(deploys_of(&elsewhere, &releasing(), None).len(), 1);
}

#[test]
fn a_deployment_group_stands_for_its_service() {
    let mut grouped = structure();
    let action = &mut grouped.stages[2].actions[1];
    *action = declared(
        "Deploy",
        crate::domain::pipeline::Category::Deploy,
        "CodeDeployToECS",
        &[("ApplicationName", "shop"), ("DeploymentGroupName", "web")],
    );
    let group = GroupId {
        application: "shop".into(),
        group: "web".into(),
    };
    assert_eq!(deploys_of(&grouped, &releasing(), Some(&group)).len(), 1);
    assert_eq!(deploys_of(&grouped, &releasing(), None), []);
}

#[test]
fn an_action_in_progress_drives_the_first_release_that_began_since() {
    let state = deploying(ActionStatus::InProgress, 1_000);
    let run = last_run(&deploy(), &state).unwrap();
    assert_eq!(run.execution, execution_id("e1"));
    assert_eq!((run.started_at, run.ended_at), (Some(at(1_000)), None));
    let all = releases(&[("before", 900), ("own", 1_002), ("later", 1_500)]);
    assert_eq!(driven(&run, &all), Some(1_002));
    assert_eq!(driven(&run, &releases(&[("before", 900)])), None);
    assert_eq!(driven(&run, &releases(&[("rounded", 999)])), Some(999));
}

#[test]
fn an_action_that_succeeded_drove_the_last_release_before_its_end() {
    let state = deploying(ActionStatus::Succeeded, 2_000);
    let run = last_run(&deploy(), &state).unwrap();
    assert_eq!((run.started_at, run.ended_at), (None, Some(at(2_000))));
    let all = releases(&[("before", 900), ("own", 1_500), ("later", 2_500)]);
    assert_eq!(driven(&run, &all), Some(1_500));
    let failed = last_run(&deploy(), &deploying(ActionStatus::Failed, 2_000)).unwrap();
    assert_eq!(driven(&failed, &all), None, "it may not have come to one");
}

#[test]
fn the_runs_of_an_execution_tell_both_ends() {
    let actions = [
        run("e1", "Approve", ActionStatus::Succeeded, 1_000),
        run("e1", "Deploy", ActionStatus::Failed, 1_100),
        run("e1", "Deploy", ActionStatus::InProgress, 1_400),
    ];
    let found = runs(&deploy(), &actions);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].ended_at, Some(at(1_160)));
    assert_eq!(found[1].ended_at, None);
    let all = releases(&[("first", 1_101), ("second", 1_401)]);
    assert_eq!(driven(&found[0], &all), Some(1_101));
    assert_eq!(driven(&found[1], &all), Some(1_401));
    let newest = driver(&all[0], &all, &found).unwrap();
    assert_eq!(newest.started_at, Some(at(1_400)));
    let unrelated = releases(&[("by hand", 100)]);
    assert_eq!(driver(&unrelated[0], &unrelated, &found), None);
}

#[test]
fn codedeploy_is_told_by_the_id_of_its_deployment_and_by_nothing_else() {
    let mut all = releases(&[("a", 1_100)]);
    all[0].codedeploy = Some(crate::domain::release::CodeDeployId {
        deployment: "d-1".into(),
        group: None,
    });
    let mut own = run("e1", "Deploy", ActionStatus::InProgress, 1_000);
    own.external_id = Some("d-1".into());
    let found = runs(&deploy(), std::slice::from_ref(&own));
    assert_eq!(driven(&found[0], &all), Some(1_100));
    own.external_id = Some("d-2".into());
    assert_eq!(driven(&runs(&deploy(), &[own])[0], &all), None);
}

#[test]
fn what_waits_before_an_action_is_about_to_deploy() {
    let mut state = waiting(1_000);
    state.stages[2].inbound = vec![in_stage("e2", StageStatus::InProgress)];
    state.stages[1].latest = Some(in_stage("e3", StageStatus::InProgress));
    let found = upcoming(&deploy(), &state);
    let told: Vec<_> = found
        .iter()
        .map(|one| (one.execution.as_str(), one.stage.as_str(), one.held.clone()))
        .collect();
    assert_eq!(
        told,
        [
            ("e1", "Production", Some(Held::Approval("Approve".into()))),
            ("e2", "Production", Some(Held::Queue)),
            ("e3", "Build", None),
        ]
    );
}

#[test]
fn a_transition_that_is_off_holds_what_waits_at_it() {
    let mut state = deploying(ActionStatus::Succeeded, 2_000);
    state.stages[2].inbound = vec![in_stage("e2", StageStatus::InProgress)];
    let held = |state: &PipelineState| upcoming(&deploy(), state)[0].held.clone();
    assert_eq!(held(&state), None);
    let transition = state.stages[2].transition.as_mut().unwrap();
    transition.enabled = false;
    transition.reason = Some("freeze".into());
    assert_eq!(held(&state), Some(Held::Transition(Some("freeze".into()))));
}

#[test]
fn what_deploys_now_or_is_through_is_not_about_to() {
    for status in [
        ActionStatus::InProgress,
        ActionStatus::Succeeded,
        ActionStatus::Failed,
    ] {
        let state = deploying(status.clone(), 1_000);
        assert_eq!(upcoming(&deploy(), &state), [], "{status:?}");
    }
}

#[test]
fn the_state_of_an_action_can_still_be_that_of_the_execution_before() {
    let mut again = deploying(ActionStatus::Succeeded, 1_000);
    again.stages[2].latest = Some(in_stage("e2", StageStatus::InProgress));
    again.stages[2].actions[0] = approval(2_000);
    let found = upcoming(&deploy(), &again);
    assert_eq!(found[0].held, Some(Held::Approval("Approve".into())));
    again.stages[2].actions[0] = action("Approve", Some((ActionStatus::Succeeded, 950)));
    assert_eq!(upcoming(&deploy(), &again), []);
    again.stages[2].before_entry = Some(ConditionState {
        status: Some(ConditionStatus::InProgress),
        summary: None,
        rules: Vec::new(),
    });
    assert_eq!(upcoming(&deploy(), &again).len(), 1);
}

#[test]
fn in_parallel_each_execution_tells_how_far_it_is() {
    let e7 = execution("e7", ExecutionStatus::InProgress, 900).id;
    let waits = run("e7", "Approve", ActionStatus::InProgress, 1_000);
    let found = upcoming_in_parallel(&deploy(), &e7, std::slice::from_ref(&waits)).unwrap();
    assert_eq!(found.held, Some(Held::Approval("Approve".into())));
    assert_eq!(found.stage, "Production");
    let deploys = run("e7", "Deploy", ActionStatus::InProgress, 1_100);
    assert_eq!(
        upcoming_in_parallel(&deploy(), &e7, &[waits, deploys]),
        None
    );
}
