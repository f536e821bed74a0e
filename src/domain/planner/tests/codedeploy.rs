//! Services that CodeDeploy moves.

use super::*;
use crate::domain::call::{DeploymentOrder, DeploymentWait};
use crate::domain::codedeploy::{
    CodeDeployStatus as Status, CodeDeployment, GroupId, TrafficRouting,
};
use crate::domain::service::TaskSet;

/// The task set of `web:REVISION` that deployment `d-REVISION` made.
fn set(revision: u32, status: &str) -> TaskSet {
    TaskSet {
        external_id: Some(format!("d-{revision}")),
        container: Some(("app".into(), 8080)),
        ..task_set(
            &format!("set-{revision}"),
            status,
            revision,
            i64::from(revision) * 1_000,
        )
    }
}

fn deployment_of(revision: u32, status: Status) -> CodeDeployment {
    code_deployment(
        &format!("d-{revision}"),
        status,
        revision,
        i64::from(revision) * 1_000,
    )
}

fn facts_of(sets: Vec<TaskSet>, deployments: Vec<CodeDeployment>) -> Facts {
    let mut service = moved_by_codedeploy(sets);
    let primary = service.task_sets.iter().find(|set| set.status == "PRIMARY");
    service.task_definition = primary.unwrap().task_definition.clone();
    Facts {
        codedeploy: Ok(deployments),
        ..facts(service, vec![])
    }
}

/// `web:2` is on its way over `web:1`, by a deployment that is told.
fn moving(change: impl FnOnce(&mut CodeDeployment)) -> Facts {
    let mut deployment = deployment_of(2, Status::InProgress);
    change(&mut deployment);
    let sets = vec![set(2, "ACTIVE"), set(1, "PRIMARY")];
    facts_of(sets, vec![deployment, deployment_of(1, Status::Succeeded)])
}

/// `web:3` runs; `web:1` succeeded before, `web:2` did not.
fn resting() -> Facts {
    let mut failed = deployment_of(2, Status::Failed);
    failed.rolled_back_by = Some("d-back".into());
    let all = vec![
        deployment_of(3, Status::Succeeded),
        failed,
        deployment_of(1, Status::Succeeded),
    ];
    facts_of(vec![set(3, "PRIMARY")], all)
}

fn planned(wanted: Wish, facts: &Facts, status: &str) -> Result<Plan, Refusal> {
    let intent = wish(wanted);
    plan(&intent, &with_target(facts.clone(), &intent, status))
}

fn order(revision: u32, copy: bool) -> Call {
    Call::CreateDeployment(DeploymentOrder {
        group: GroupId {
            application: "shop".into(),
            group: "web".into(),
        },
        task_definition: web(revision),
        container: "app".into(),
        port: 8080,
        copy,
    })
}

#[test]
fn ready_is_let_go_on() {
    let facts = moving(|one| one.status = Status::Ready);
    let plan = plan(&wish(Wish::CutOver), &facts).unwrap();
    let wait = DeploymentWait::Ready;
    let call = Call::ContinueDeployment {
        deployment: "d-2".into(),
        wait,
    };
    assert_eq!(plan.call, call);
    assert!(
        plan.call
            .as_command()
            .ends_with("--deployment-wait-type READY_WAIT")
    );
    assert!(plan.then[0].starts_with("10 % of the production traffic moves to web:2"));
    assert!(plan.then[1].contains("kept for 10 min"));
    assert!(
        matches!(plan.goal, Goal::DeploymentSucceeds { deployment: Some(ref id), .. } if id == "d-2")
    );
}

#[test]
fn ending_the_termination_wait_says_that_it_gives_the_old_side_up() {
    let facts = moving(|one| one.termination_wait_started = true);
    let plan = plan(&wish(Wish::CutOver), &facts).unwrap();
    assert!(plan.call.as_command().ends_with("TERMINATION_WAIT"));
    assert!(has_check(&plan, Verdict::Warning, "this gives web:1 up"));
}

#[test]
fn other_waits_of_codedeploy_cannot_be_skipped() {
    let refused =
        |change: fn(&mut CodeDeployment)| refusal(plan(&wish(Wish::CutOver), &moving(change)));
    assert_eq!(
        refused(|one| advance(one, 6)),
        "AWS has no call to skip the wait of a CodeDeploy canary"
    );
    let linear = refused(|one| {
        advance(one, 6);
        one.routing = Some(TrafficRouting::Linear {
            percent: 10,
            minutes: 1,
        });
    });
    assert!(linear.contains("between two parts"));
    assert!(refused(|one| one.status = Status::Baking).contains("bake"));
    for status in [Status::Created, Status::Queued, Status::InProgress] {
        let facts = moving(|one| one.status = status.clone());
        assert!(refusal(plan(&wish(Wish::CutOver), &facts)).contains("waits for nobody"));
    }
    let odd = moving(|one| one.status = Status::Unknown("Held".into()));
    assert!(refusal(plan(&wish(Wish::CutOver), &odd)).contains("d-2 is Held"));
    for wanted in [Wish::CutOver, Wish::Stop] {
        assert!(
            refusal(plan(&wish(wanted), &resting())).contains("no release of web is in flight")
        );
    }
}

#[test]
fn a_deployment_that_has_not_ended_is_stopped_with_a_rollback() {
    let unfinished = [
        Status::Created,
        Status::Queued,
        Status::InProgress,
        Status::Baking,
        Status::Ready,
        Status::Unknown("Held".into()),
    ];
    for status in unfinished {
        let plan = roll_back(&moving(|one| one.status = status)).unwrap();
        let call = Call::StopDeployment {
            deployment: "d-2".into(),
            roll_back: true,
        };
        assert_eq!(plan.call, call);
        assert!(plan.call.as_command().ends_with("--auto-rollback-enabled"));
        assert_eq!(plan.then[1], "production traffic never left web:1");
        assert!(matches!(
            plan.goal,
            Goal::DeploymentRolledBack { task_definition: Some(ref old), .. } if *old == web(1)
        ));
    }
    let after = roll_back(&moving(|one| one.termination_wait_started = true)).unwrap();
    assert_eq!(after.then[1], "production traffic returns to web:1");
    let blind = roll_back(&moving(|one| one.target = None)).unwrap();
    assert!(blind.then[1].contains("could not be read"));
}

#[test]
fn a_rollback_in_flight_is_not_rolled_back() {
    let back = moving(|one| one.creator = Some("codeDeployRollback".into()));
    assert_eq!(refusal(roll_back(&back)), "it is rolling back already");
    let back = moving(|one| one.rolls_back = Some("d-1".into()));
    assert_eq!(refusal(roll_back(&back)), "it is rolling back already");
}

#[test]
fn a_chosen_target_waits_for_the_deployment_in_flight_unless_it_is_where_that_came_from() {
    let to = |revision| Wish::RollBack {
        to: Some(web(revision)),
    };
    let facts = moving(|_| {});
    assert!(refusal(planned(to(9), &facts, "ACTIVE")).contains("one deployment at a time"));
    assert!(planned(to(1), &facts, "ACTIVE").is_ok());
}

#[test]
fn with_nothing_in_flight_a_deployment_of_the_last_success_is_made() {
    let facts = resting();
    let back = Wish::RollBack { to: None };
    let plan = planned(back.clone(), &facts, "ACTIVE").unwrap();
    assert_eq!(plan.call, order(1, false));
    assert_eq!(plan.call.operations(), ["codedeploy:CreateDeployment"]);
    assert!(has_check(
        &plan,
        Verdict::Good,
        "a release succeeded with web:1"
    ));
    assert!(matches!(
        plan.goal,
        Goal::DeploymentSucceeds {
            deployment: None,
            ..
        }
    ));
    let copied = planned(back, &facts, "INACTIVE").unwrap();
    assert_eq!(copied.call, order(1, true));
    assert_eq!(copied.call.operations().len(), 3);
    assert!(has_check(
        &copied,
        Verdict::Warning,
        "a copy of it is registered first"
    ));
}

#[test]
fn deploying_and_redeploying_make_deployments() {
    let facts = resting();
    let again = planned(Wish::ForceRedeploy, &facts, "ACTIVE").unwrap();
    assert_eq!(again.call, order(3, false));
    assert!(has_check(&again, Verdict::Good, "no rollback"));
    let deploy = |revision, status| {
        let task_definition = web(revision);
        planned(Wish::Deploy { task_definition }, &facts, status)
    };
    assert_eq!(deploy(9, "ACTIVE").unwrap().call, order(9, false));
    assert!(refusal(deploy(9, "INACTIVE")).contains("INACTIVE"));
    let busy = moving(|_| {});
    assert!(refusal(planned(Wish::ForceRedeploy, &busy, "ACTIVE")).contains("one deployment at"));
}

#[test]
fn without_a_group_or_a_container_no_deployment_is_made() {
    let mut facts = resting();
    facts.service.as_mut().unwrap().task_sets[0].container = None;
    let reason = refusal(planned(Wish::ForceRedeploy, &facts, "ACTIVE"));
    assert!(reason.contains("names no container"), "{reason}");
    facts.service.as_mut().unwrap().task_sets[0].container = Some(("proxy".into(), 80));
    let reason = refusal(planned(Wish::ForceRedeploy, &facts, "ACTIVE"));
    assert!(reason.contains("has no container proxy"), "{reason}");
    facts.codedeploy = Ok(vec![]);
    let reason = refusal(planned(Wish::ForceRedeploy, &facts, "ACTIVE"));
    assert!(reason.contains("deployment group"), "{reason}");
    facts.codedeploy = Err(failure(FailureKind::AccessDenied));
    let back = Wish::RollBack { to: None };
    for wanted in [Wish::ForceRedeploy, Wish::CutOver, Wish::Stop, back] {
        assert!(refusal(planned(wanted, &facts, "ACTIVE")).contains("access denied"));
    }
}

#[test]
fn a_stop_leaves_everything_where_it_is() {
    let plan = plan(&wish(Wish::Stop), &moving(|_| {})).unwrap();
    assert!(
        plan.call
            .as_command()
            .ends_with("--no-auto-rollback-enabled")
    );
    assert!(has_check(&plan, Verdict::Warning, "nothing goes back"));
    assert_eq!(plan.then[1], "production traffic stays on web:1");
    assert!(matches!(plan.goal, Goal::DeploymentStops { .. }));
}

#[test]
fn a_deployment_that_moved_on_sends_nothing() {
    let before = moving(|one| one.status = Status::Ready);
    let moved = |wanted: Wish, now: &Facts| before.basis(&wanted).moved(&now.basis(&wanted));
    let back = || Wish::RollBack { to: None };
    let shifting = moving(|one| advance(one, 6));
    assert_eq!(
        moved(Wish::CutOver, &shifting),
        ["deployment d-2 is now InProgress"]
    );
    let words = ["the release is now with production traffic on the new side"];
    assert_eq!(moved(back(), &shifting), words);
    let ended = moving(|one| one.status = Status::Succeeded);
    assert!(moved(back(), &ended).contains(&"the deployment in flight has ended".to_owned()));
    let mut blind = before.clone();
    blind.codedeploy = Err(failure(FailureKind::Throttled));
    let told = moved(Wish::CutOver, &blind);
    assert!(told.contains(&"the CodeDeploy deployments could not be read again".to_owned()));
    let mut primary = before.clone();
    let sets = &mut primary.service.as_mut().unwrap().task_sets;
    sets[0].status = "PRIMARY".into();
    sets[1].status = "ACTIVE".into();
    assert_eq!(
        moved(back(), &primary),
        ["the primary task set is now set-2"]
    );
    assert!(moved(Wish::SetDesiredCount { desired: 9 }, &primary).is_empty());
}
