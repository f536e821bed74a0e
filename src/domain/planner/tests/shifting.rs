//! Releases of ECS that shift traffic: at a pause hook, and at each stage.

use super::*;
use crate::domain::alarm::{Alarm, AlarmState};
use crate::domain::call::HookAnswer;
use crate::domain::lifecycle::{HookKind, HookStatus, LifecycleHook};
use crate::domain::service::Strategy;
use crate::domain::traffic::Weights;

fn facts_of(record: ServiceDeployment) -> Facts {
    let service = Service {
        strategy: record.strategy.clone().unwrap(),
        ..releasing()
    };
    facts(service, vec![record])
}

fn at_stage(strategy: Strategy, stage: &str, percent: f64) -> Facts {
    facts_of(shifting(strategy, stage, percent))
}

fn paused(strategy: Strategy, stage: &str, percent: f64) -> Facts {
    let mut record = shifting(strategy, stage, percent);
    record.hooks = vec![pause_hook("h-1", 9_000)];
    facts_of(record)
}

fn cut_over(facts: &Facts) -> Result<Plan, Refusal> {
    plan(&wish(Wish::CutOver), facts)
}

fn lambda(status: HookStatus) -> LifecycleHook {
    LifecycleHook {
        kind: HookKind::Lambda,
        target: Some("check-orders".into()),
        status,
        ..pause_hook("h-2", 9_000)
    }
}

fn stop() -> Call {
    Call::StopServiceDeployment {
        deployment: record_arn("b"),
    }
}

fn answer(answer: HookAnswer) -> Call {
    Call::ContinueServiceDeployment {
        deployment: record_arn("b"),
        hook: "h-1".into(),
        answer,
    }
}

#[test]
fn a_pause_hook_is_told_to_continue() {
    let facts = paused(Strategy::BlueGreen, "POST_TEST_TRAFFIC_SHIFT", 0.0);
    let plan = cut_over(&facts).unwrap();
    assert_eq!(plan.call, answer(HookAnswer::Continue));
    assert_eq!(plan.call.operations(), ["ecs:ContinueServiceDeployment"]);
    let command = plan.call.as_command();
    assert!(
        command.ends_with("--hook-id h-1 --action CONTINUE"),
        "{command}"
    );
    assert_eq!(plan.then[0], "production traffic moves to web:2");
    assert!(plan.then[1].contains("would roll back"), "{}", plan.then[1]);
    assert!(matches!(plan.goal, Goal::HookAnswered { ref hook, .. } if hook == "h-1"));
}

#[test]
fn what_a_hook_lets_through_depends_on_its_stage() {
    let then = |strategy, stage| cut_over(&paused(strategy, stage, 0.0)).unwrap().then[0].clone();
    assert_eq!(
        then(Strategy::BlueGreen, "PRE_SCALE_UP"),
        "the tasks of web:2 start"
    );
    assert!(then(Strategy::BlueGreen, "POST_SCALE_UP").starts_with("test traffic"));
    assert!(then(Strategy::Linear, "PRE_PRODUCTION_TRAFFIC_SHIFT").starts_with("the next part"));
    assert!(then(Strategy::Canary, "POST_PRODUCTION_TRAFFIC_SHIFT").starts_with("the next step"));
    assert!(then(Strategy::BlueGreen, "A_NEW_STAGE").contains("moves on"));
}

#[test]
fn a_rollback_at_a_pause_hook_is_its_answer_and_elsewhere_a_stop() {
    let stages = [
        ("RECONCILE_SERVICE", 0.0, "never left web:1"),
        ("PRE_SCALE_UP", 0.0, "never left web:1"),
        ("SCALE_UP", 0.0, "never left web:1"),
        ("POST_SCALE_UP", 0.0, "never left web:1"),
        ("TEST_TRAFFIC_SHIFT", 0.0, "never left web:1"),
        ("POST_TEST_TRAFFIC_SHIFT", 0.0, "never left web:1"),
        ("PRE_PRODUCTION_TRAFFIC_SHIFT", 0.0, "never left web:1"),
        ("PRE_PRODUCTION_TRAFFIC_SHIFT", 20.0, "returns to web:1"),
        ("PRODUCTION_TRAFFIC_SHIFT", 0.0, "returns to web:1"),
        ("POST_PRODUCTION_TRAFFIC_SHIFT", 100.0, "returns to web:1"),
        ("BAKE_TIME", 100.0, "returns to web:1"),
        ("CLEAN_UP", 100.0, "on their way out"),
    ];
    for (stage, percent, words) in stages {
        let free = roll_back(&at_stage(Strategy::Linear, stage, percent)).unwrap();
        assert_eq!(free.call, stop(), "{stage}");
        let held = roll_back(&paused(Strategy::Linear, stage, percent)).unwrap();
        assert_eq!(held.call, answer(HookAnswer::RollBack), "{stage}");
        for plan in [free, held] {
            assert!(plan.then[1].contains(words), "{stage}: {}", plan.then[1]);
            assert!(matches!(plan.goal, Goal::RollbackEnds { .. }));
        }
    }
}

#[test]
fn what_waits_for_nobody_cannot_be_let_go_on() {
    let refused = |facts: &Facts| refusal(cut_over(facts));
    let bake = at_stage(Strategy::BlueGreen, "BAKE_TIME", 100.0);
    assert_eq!(refused(&bake), "AWS has no call to skip a bake");
    let step = at_stage(Strategy::Canary, "PRODUCTION_TRAFFIC_SHIFT", 5.0);
    assert_eq!(refused(&step), "AWS has no call to skip the bake of a step");
    let scaling = at_stage(Strategy::BlueGreen, "SCALE_UP", 0.0);
    assert!(refused(&scaling).contains("it is at scale up"));
    let strange = at_stage(Strategy::Unknown("NEW".into()), "A_NEW_STAGE", 0.0);
    assert!(refused(&strange).contains("a new stage"));
    let rolling = facts(
        releasing(),
        vec![record("b", Record::InProgress, 1, 2, 1_000)],
    );
    assert!(refused(&rolling).contains("no traffic to cut over"));
    let bare = facts(releasing(), vec![]);
    assert!(refused(&bare).contains("no traffic to cut over"));
    assert!(refused(&facts(settled(), history())).contains("no release of web is in flight"));
    let blind = Facts {
        history: Err(failure(FailureKind::AccessDenied)),
        ..facts(releasing(), vec![])
    };
    assert!(refused(&blind).contains("access denied"));
    let mut back = paused(Strategy::BlueGreen, "BAKE_TIME", 100.0);
    back.history.as_mut().unwrap()[0].status = Record::RollbackInProgress;
    assert!(refused(&back).contains("rolling back"));
}

#[test]
fn a_function_decides_by_itself_and_holds_beside_a_pause_hook() {
    let mut record = shifting(Strategy::BlueGreen, "POST_TEST_TRAFFIC_SHIFT", 0.0);
    record.hooks = vec![lambda(HookStatus::InProgress)];
    let reason = refusal(cut_over(&facts_of(record.clone())));
    assert!(reason.starts_with("check-orders decides"), "{reason}");
    record.hooks.push(pause_hook("h-1", 9_000));
    let plan = cut_over(&facts_of(record.clone())).unwrap();
    assert_eq!(plan.call, answer(HookAnswer::Continue));
    assert!(has_check(
        &plan,
        Verdict::Warning,
        "Lambda hook holds the same stage"
    ));
    record.hooks = vec![LifecycleHook {
        id: None,
        ..pause_hook("", 9_000)
    }];
    assert!(refusal(cut_over(&facts_of(record))).contains("does not tell its id"));
}

#[test]
fn alarms_that_fire_and_traffic_that_disagrees_are_told() {
    let mut facts = paused(Strategy::Canary, "POST_PRODUCTION_TRAFFIC_SHIFT", 5.0);
    let record = &mut facts.history.as_mut().unwrap()[0];
    record.settings.as_mut().unwrap().alarms = vec!["errors".into(), "lost".into()];
    let weights = Weights(vec![
        (target_group("green"), 40),
        (target_group("blue"), 60),
    ]);
    facts
        .traffic
        .weights
        .insert("rule/production".into(), weights);
    let firing = Alarm {
        name: "errors".into(),
        state: AlarmState::Alarm,
        since: None,
        reason: None,
    };
    facts
        .alarms
        .as_mut()
        .unwrap()
        .insert("errors".into(), firing);
    let plan = cut_over(&facts).unwrap();
    assert!(has_check(
        &plan,
        Verdict::Warning,
        "alarm errors fires already"
    ));
    assert!(has_check(
        &plan,
        Verdict::Unknown,
        "alarm lost was not found"
    ));
    assert!(has_check(&plan, Verdict::Warning, "really sends 40 %"));
    let redeploy = super::plan(&wish(Wish::ForceRedeploy), &facts).unwrap();
    assert!(has_check(&redeploy, Verdict::Warning, "ECS ignores it"));
    facts.alarms = Err(failure(FailureKind::AccessDenied));
    assert!(has_check(
        &cut_over(&facts).unwrap(),
        Verdict::Unknown,
        "access denied"
    ));
}

#[test]
fn ecs_stops_only_with_a_rollback() {
    let stop = |facts: &Facts| refusal(plan(&wish(Wish::Stop), facts));
    let baking = at_stage(Strategy::BlueGreen, "BAKE_TIME", 100.0);
    assert_eq!(stop(&baking), "ECS stops a release only with a rollback");
    assert_eq!(
        stop(&facts(settled(), vec![])),
        "no release of web is in flight"
    );
}

#[test]
fn an_answered_hook_moves_a_plan_and_a_stage_only_a_cutover() {
    let before = paused(Strategy::Linear, "PRE_PRODUCTION_TRAFFIC_SHIFT", 20.0);
    let moved = |wanted: Wish, now: &Facts| before.basis(&wanted).moved(&now.basis(&wanted));
    let back = || Wish::RollBack { to: None };
    let mut answered = before.clone();
    answered.history.as_mut().unwrap()[0].hooks[0].status = HookStatus::Succeeded;
    for wanted in [Wish::CutOver, back()] {
        assert_eq!(moved(wanted, &answered), ["hook h-1 is now SUCCEEDED"]);
    }
    let next = paused(Strategy::Linear, "PRE_PRODUCTION_TRAFFIC_SHIFT", 30.0);
    assert!(
        moved(Wish::CutOver, &next).is_empty(),
        "weights are no part of it"
    );
    let mut other = before.clone();
    other.history.as_mut().unwrap()[0].hooks = vec![pause_hook("h-9", 1)];
    let sentences = [
        "hook h-1 holds the release no more",
        "another hook came: h-9, AWAITING_ACTION",
    ];
    assert_eq!(moved(Wish::CutOver, &other), sentences);
    let mut on = before.clone();
    on.history.as_mut().unwrap()[0].lifecycle_stage = Some("PRODUCTION_TRAFFIC_SHIFT".into());
    let told = ["the release is now at PRODUCTION_TRAFFIC_SHIFT"];
    assert_eq!(moved(Wish::CutOver, &on), told);
    assert!(
        moved(back(), &on).is_empty(),
        "its traffic had moved before"
    );
    on.history.as_mut().unwrap()[0].lifecycle_stage = Some("CLEAN_UP".into());
    assert_eq!(
        moved(back(), &on),
        ["the release is now removing the old side"]
    );
    assert!(moved(Wish::ForceRedeploy, &on).is_empty());
}
