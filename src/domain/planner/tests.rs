//! Every row of the rollback planner's table that is built, every refusal, and every other action.

mod codedeploy;
mod preflight;
mod shifting;
mod task_sets;

use super::*;
use crate::domain::failure::FailureKind;
use crate::domain::fixture::*;
use crate::domain::plan::Verdict;
use crate::domain::service::{Deployment, DeploymentStatus, RolloutState};
use crate::domain::service_deployment::{ServiceDeployment, ServiceDeploymentStatus as Record};

fn roll_back(facts: &Facts) -> Result<Plan, Refusal> {
    plan(&wish(Wish::RollBack { to: None }), facts)
}

/// Reads the target as the runtime does.
fn with_target(mut facts: Facts, intent: &ServiceIntent, status: &str) -> Facts {
    facts.target = target_of(&intent.wish, &facts).map(|arn| {
        let revision = arn.revision().unwrap();
        Ok(definition(revision, status))
    });
    facts
}

fn settled() -> Service {
    service(vec![deployment(3, 3)])
}

/// web:1 succeeded, web:2 was rolled back, web:3 runs.
fn history() -> Vec<ServiceDeployment> {
    vec![
        record("c", Record::Successful, 1, 3, 3_000),
        record("b", Record::RollbackSuccessful, 1, 2, 2_000),
        record("a", Record::Successful, 0, 1, 1_000),
    ]
}

fn refusal(result: Result<Plan, Refusal>) -> String {
    result.unwrap_err().reason
}

fn has_check(plan: &Plan, verdict: Verdict, words: &str) -> bool {
    plan.checks
        .iter()
        .any(|check| check.verdict == verdict && check.text.contains(words))
}

#[test]
fn a_release_in_flight_is_stopped_with_a_rollback() {
    let facts = facts(
        releasing(),
        vec![record("b", Record::InProgress, 1, 2, 1_000)],
    );
    let intent = wish(Wish::RollBack { to: None });
    assert_eq!(
        target_of(&intent.wish, &facts),
        None,
        "ECS knows the way back"
    );
    let plan = plan(&intent, &facts).unwrap();
    assert_eq!(
        plan.call,
        Call::StopServiceDeployment {
            deployment: record_arn("b")
        }
    );
    assert!(plan.call.as_command().contains("--stop-type ROLLBACK"));
    assert_eq!(
        plan.to.as_deref(),
        Some("web:1, from which this release started")
    );
    assert!(
        matches!(plan.goal, Goal::RollbackEnds { ref record, .. } if *record == record_arn("b"))
    );
    assert_eq!(plan.account, "123456789012, eu-west-1, as ann");
}

#[test]
fn a_pending_release_can_be_stopped_and_one_that_goes_back_or_stops_cannot() {
    let of = |status| roll_back(&facts(releasing(), vec![record("b", status, 1, 2, 1_000)]));
    assert!(of(Record::Pending).is_ok());
    assert!(of(Record::Unknown("HELD".into())).is_ok());
    for status in [Record::RollbackRequested, Record::RollbackInProgress] {
        assert_eq!(refusal(of(status)), "web is rolling back already");
    }
    assert_eq!(
        refusal(of(Record::StopRequested)),
        "the release was told to stop already"
    );
}

#[test]
fn the_first_release_has_nowhere_to_go_back_to() {
    let mut first = record("a", Record::InProgress, 0, 1, 1_000);
    first.sources.clear();
    let alone = service(vec![moving(1, 1)]);
    let refused = roll_back(&facts(alone, vec![first.clone()])).unwrap_err();
    assert!(refused.reason.contains("first release"));
    assert!(refused.instead.is_some());
    // A list without details names no sources, but the older deployment is there.
    let plan = roll_back(&facts(releasing(), vec![first])).unwrap();
    assert_eq!(
        plan.to.as_deref(),
        Some("the revision before it, from which this release started")
    );
}

#[test]
fn with_nothing_in_flight_the_last_success_is_the_target_never_revision_minus_one() {
    let intent = wish(Wish::RollBack { to: None });
    let facts = with_target(facts(settled(), history()), &intent, "ACTIVE");
    let plan = plan(&intent, &facts).unwrap();
    assert_eq!(
        plan.call,
        Call::UpdateTaskDefinition {
            cluster: cluster("prod"),
            service: service_arn("web"),
            task_definition: web(1),
        }
    );
    assert_eq!(plan.to.as_deref(), Some("web:1, image web:1"));
    assert!(has_check(&plan, Verdict::Good, "web:1 is ACTIVE"));
    assert!(has_check(
        &plan,
        Verdict::Good,
        "a release succeeded with web:1 on"
    ));
    assert!(has_check(
        &plan,
        Verdict::Good,
        "no other release is in flight"
    ));
    assert!(matches!(
        plan.goal,
        Goal::NewDeploymentEnds { task_definition: Some(ref to), .. } if *to == web(1)
    ));
}

#[test]
fn an_inactive_target_is_copied_first() {
    let intent = wish(Wish::RollBack { to: None });
    let facts = with_target(facts(settled(), history()), &intent, "INACTIVE");
    let plan = plan(&intent, &facts).unwrap();
    assert_eq!(
        plan.call,
        Call::RegisterCopyAndUpdate {
            cluster: cluster("prod"),
            service: service_arn("web"),
            source: web(1),
        }
    );
    assert!(has_check(&plan, Verdict::Warning, "web:1 is INACTIVE"));
    assert_eq!(plan.call.operations().len(), 3);
    assert!(matches!(
        plan.goal,
        Goal::NewDeploymentEnds {
            task_definition: None,
            ..
        }
    ));
}

#[test]
fn without_any_earlier_success_it_says_so() {
    let only = vec![record("c", Record::Successful, 2, 3, 3_000)];
    assert!(refusal(roll_back(&facts(settled(), only))).contains("90 days"));
    assert!(refusal(roll_back(&facts(settled(), vec![]))).contains("90 days"));
    let mut blind = history();
    for record in &mut blind {
        record.target.as_mut().unwrap().task_definition = None;
    }
    let reason = refusal(roll_back(&facts(settled(), blind)));
    assert!(reason.contains("ecs:DescribeServiceRevisions"), "{reason}");
    let mut denied = facts(settled(), vec![]);
    denied.history = Err(failure(FailureKind::AccessDenied));
    let reason = refusal(roll_back(&denied));
    assert!(reason.contains("access denied"), "{reason}");
}

#[test]
fn without_records_the_older_deployment_that_still_runs_is_the_target() {
    let intent = wish(Wish::RollBack { to: None });
    for history in [Ok(vec![]), Err(failure(FailureKind::Unsupported))] {
        let facts = Facts {
            history,
            ..facts(releasing(), vec![])
        };
        let facts = with_target(facts, &intent, "ACTIVE");
        let plan = plan(&intent, &facts).unwrap();
        assert!(
            matches!(plan.call, Call::UpdateTaskDefinition { ref task_definition, .. } if *task_definition == web(1))
        );
        assert!(!has_check(&plan, Verdict::Good, "succeeded"));
    }
}

#[test]
fn without_records_a_deployment_that_failed_is_no_target() {
    let failed = Deployment {
        rollout_state: Some(RolloutState::Failed),
        ..active(2, 2)
    };
    let mut back = moving(3, 1);
    let facts_of = |primary: Deployment| Facts {
        history: Err(failure(FailureKind::Unsupported)),
        ..facts(service(vec![primary, failed.clone()]), vec![])
    };
    let wanted = Wish::RollBack { to: None };
    assert_eq!(target_of(&wanted, &facts_of(back.clone())), None);
    back.rollout_reason = Some("rolling back to deploymentId ecs-svc/1".into());
    assert_eq!(
        refusal(roll_back(&facts_of(back))),
        "web is rolling back already"
    );
    let mut over = failed.clone();
    over.status = DeploymentStatus::Inactive;
    over.rollout_state = None;
    let gone = facts(service(vec![deployment(3, 1), over]), vec![]);
    assert_eq!(target_of(&wanted, &gone), None);
}

#[test]
fn a_chosen_target_is_taken_even_over_a_release_in_flight_and_is_checked() {
    let intent = wish(Wish::RollBack { to: Some(web(2)) });
    let mut past = history();
    past.push(record("d", Record::InProgress, 3, 4, 4_000));
    let facts = with_target(facts(settled(), past), &intent, "ACTIVE");
    let plan = plan(&intent, &facts).unwrap();
    assert!(
        matches!(plan.call, Call::UpdateTaskDefinition { ref task_definition, .. } if *task_definition == web(2))
    );
    assert!(has_check(&plan, Verdict::Warning, "web:4 is in flight"));
    assert!(has_check(
        &plan,
        Verdict::Warning,
        "no release of this service is known"
    ));
    let same = wish(Wish::RollBack { to: Some(web(3)) });
    let facts = with_target(facts, &same, "ACTIVE");
    assert_eq!(
        refusal(super::plan(&same, &facts)),
        "web runs web:3 already"
    );
}

#[test]
fn a_target_that_cannot_be_read_is_no_target() {
    let intent = wish(Wish::RollBack { to: Some(web(1)) });
    let mut facts = facts(settled(), history());
    assert_eq!(refusal(plan(&intent, &facts)), "web:1 was not read");
    facts.target = Some(Err(failure(FailureKind::AccessDenied)));
    assert!(refusal(plan(&intent, &facts)).contains("web:1 could not be read"));
}

#[test]
fn a_service_that_is_going_or_gone_gets_no_plan() {
    let draining = Service {
        status: "DRAINING".into(),
        ..settled()
    };
    let mut facts = facts(draining, vec![]);
    let forced = wish(Wish::ForceRedeploy);
    assert!(refusal(plan(&forced, &facts)).contains("being deleted"));
    facts.service.as_mut().unwrap().status = "INACTIVE".into();
    assert_eq!(refusal(plan(&forced, &facts)), "web is INACTIVE");
    facts.service = None;
    assert!(refusal(plan(&forced, &facts)).contains("not there"));
}

#[test]
fn a_force_redeploy_sends_nothing_else_and_says_that_it_is_no_rollback() {
    let plan = plan(&wish(Wish::ForceRedeploy), &facts(settled(), history())).unwrap();
    assert_eq!(
        plan.call,
        Call::ForceNewDeployment {
            cluster: cluster("prod"),
            service: service_arn("web"),
        }
    );
    let command = plan.call.as_command();
    assert!(command.ends_with("--force-new-deployment"), "{command}");
    assert!(!command.contains("task-definition"));
    assert!(plan.to.as_deref().unwrap().contains("no rollback"));
    assert!(
        matches!(plan.goal, Goal::NewDeploymentEnds { before: Some(ref id), .. } if id.as_str() == "ecs-svc/3")
    );
    assert!(plan.then[0].contains("at least 4 stay, at most 8 run"));
}

#[test]
fn the_breaker_is_told_where_there_is_one() {
    let check = |breaker, rolls_back, strategy| {
        let mut service = settled();
        service.limits.breaker = breaker;
        service.limits.breaker_rolls_back = rolls_back;
        service.strategy = strategy;
        let plan = plan(&wish(Wish::ForceRedeploy), &facts(service, vec![])).unwrap();
        let found = plan.checks.into_iter();
        found
            .filter(|check| check.text.contains("circuit breaker"))
            .map(|check| check.verdict)
            .collect::<Vec<_>>()
    };
    assert_eq!(check(true, true, Strategy::Rolling), [Verdict::Good]);
    assert_eq!(check(true, false, Strategy::Rolling), [Verdict::Warning]);
    assert_eq!(check(false, false, Strategy::Rolling), [Verdict::Warning]);
    assert_eq!(check(false, false, Strategy::Canary), []);
}

#[test]
fn an_enormous_count_overflows_nothing() {
    let mut huge = settled();
    huge.desired = u32::MAX;
    huge.limits.maximum_percent = Some(u32::MAX);
    let plan = plan(&wish(Wish::ForceRedeploy), &facts(huge, vec![])).unwrap();
    assert!(plan.then[0].contains("at least 4294967295 stay"));
}

#[test]
fn a_deploy_goes_to_the_chosen_active_revision_and_to_no_other() {
    let to = |revision| {
        wish(Wish::Deploy {
            task_definition: web(revision),
        })
    };
    let base = facts(settled(), history());
    let active = with_target(base.clone(), &to(2), "ACTIVE");
    let plan = plan(&to(2), &active).unwrap();
    assert_eq!(
        plan.call.as_command(),
        "aws ecs update-service --cluster prod --service web --task-definition web:2"
    );
    let inactive = with_target(base.clone(), &to(2), "INACTIVE");
    assert!(refusal(super::plan(&to(2), &inactive)).contains("INACTIVE"));
    let same = with_target(base, &to(3), "ACTIVE");
    assert!(refusal(super::plan(&to(3), &same)).contains("already runs"));
}

#[test]
fn a_count_changes_only_the_count() {
    let count = |service: Service, desired| {
        plan(
            &wish(Wish::SetDesiredCount { desired }),
            &facts(service, vec![]),
        )
    };
    let more = count(settled(), 5).unwrap();
    assert_eq!(
        more.call.as_command(),
        "aws ecs update-service --cluster prod --service web --desired-count 5"
    );
    assert_eq!(more.then[0], "ECS starts 1 task");
    assert!(matches!(
        more.goal,
        Goal::CountReached {
            desired: 5,
            before: 4,
            ..
        }
    ));
    let none = count(settled(), 0).unwrap();
    assert_eq!(none.then[0], "ECS stops 4 tasks");
    assert!(has_check(&none, Verdict::Warning, "answers nobody"));
    assert!(refusal(count(settled(), 4)).contains("4 already"));
    let busy = count(releasing(), 5).unwrap();
    assert!(has_check(&busy, Verdict::Warning, "in flight"));
    let mut outside = settled();
    outside.controller = Controller::External;
    assert!(count(outside.clone(), 5).is_err());
    outside.controller = Controller::CodeDeploy;
    assert!(count(outside, 5).is_ok());
}

#[test]
fn a_task_is_stopped_only_while_it_is_wanted() {
    let intent = wish(Wish::StopTask {
        task: task_arn("a"),
    });
    let mut facts = facts(settled(), vec![]);
    assert!(refusal(plan(&intent, &facts)).contains("not there"));
    facts.task = Some(running("a"));
    let plan = plan(&intent, &facts).unwrap();
    assert_eq!(
        plan.call,
        Call::StopTask {
            cluster: cluster("prod"),
            task: task_arn("a"),
            reason: STOP_REASON.into(),
        }
    );
    assert!(plan.then[1].contains("starts another task"));
    assert!(has_check(
        &plan,
        Verdict::Good,
        "4 tasks of the service run"
    ));
    let mut stopping = running("a");
    stopping.desired_status = "STOPPED".into();
    for task in [stopping, stopped("a", "", container(None, None))] {
        facts.task = Some(task);
        assert!(refusal(super::plan(&intent, &facts)).contains("stops already"));
    }
    facts.task = Some(running("a"));
    facts.service.as_mut().unwrap().running = 1;
    let last = super::plan(&intent, &facts).unwrap();
    assert!(has_check(&last, Verdict::Warning, "last running task"));
    facts.service = None;
    let alone = super::plan(&intent, &facts).unwrap();
    assert!(has_check(&alone, Verdict::Warning, "no service"));
}

#[test]
fn who_and_where_is_told_even_where_it_is_not_known() {
    let mut facts = facts(settled(), vec![]);
    (facts.identity, facts.region, facts.production) = (None, None, true);
    let plan = plan(&wish(Wish::ForceRedeploy), &facts).unwrap();
    assert_eq!(plan.account, "account not known, no Region");
    assert!(plan.production);
}
