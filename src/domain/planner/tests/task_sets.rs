//! Services that somebody outside moves.

use super::*;

fn facts_of(newer: &str, older: &str) -> Facts {
    let service = Service {
        controller: Controller::External,
        task_sets: vec![
            task_set("a", older, 1, 1_000),
            task_set("b", newer, 2, 2_000),
        ],
        ..service(Vec::new())
    };
    facts(service, vec![])
}

fn planned(wanted: Wish, facts: &Facts) -> Result<Plan, Refusal> {
    plan(&wish(wanted), facts)
}

fn primary(id: &str) -> Call {
    Call::UpdatePrimaryTaskSet {
        cluster: cluster("prod"),
        service: service_arn("web"),
        task_set: id.into(),
    }
}

#[test]
fn a_cutover_makes_the_newer_task_set_primary_and_says_that_no_traffic_moves() {
    let plan = planned(Wish::CutOver, &facts_of("ACTIVE", "PRIMARY")).unwrap();
    assert_eq!(plan.call, primary("b"));
    assert_eq!(plan.call.operations(), ["ecs:UpdateServicePrimaryTaskSet"]);
    assert!(plan.then[1].contains("moves no traffic"));
    assert!(has_check(&plan, Verdict::Good, "2 of 2 tasks of web:2 run"));
    assert!(matches!(plan.goal, Goal::PrimaryTaskSet { ref task_set, .. } if task_set == "b"));
    let done = planned(Wish::CutOver, &facts_of("PRIMARY", "ACTIVE"));
    assert!(refusal(done).contains("primary already"));
}

#[test]
fn a_rollback_makes_the_earlier_task_set_primary() {
    let back = || Wish::RollBack { to: None };
    let facts = facts_of("PRIMARY", "ACTIVE");
    assert_eq!(planned(back(), &facts).unwrap().call, primary("a"));
    let before = planned(back(), &facts_of("ACTIVE", "PRIMARY"));
    assert!(refusal(before).contains("nothing has moved"));
    let draining = planned(back(), &facts_of("PRIMARY", "DRAINING"));
    assert!(refusal(draining).contains("no earlier task set"));
    let to = |revision| Wish::RollBack {
        to: Some(web(revision)),
    };
    assert_eq!(planned(to(1), &facts).unwrap().call, primary("a"));
    assert!(refusal(planned(to(2), &facts)).contains("already"));
    assert!(refusal(planned(to(9), &facts)).contains("no task set of web runs web:9"));
}

#[test]
fn ecs_deploys_nothing_there() {
    let facts = facts_of("PRIMARY", "ACTIVE");
    let deploy = Wish::Deploy {
        task_definition: web(9),
    };
    for wanted in [Wish::ForceRedeploy, deploy] {
        assert!(refusal(planned(wanted, &facts)).contains("no call that deploys"));
    }
    assert!(refusal(planned(Wish::Stop, &facts)).contains("external controller"));
    assert!(planned(Wish::SetDesiredCount { desired: 9 }, &facts).is_err());
}

#[test]
fn a_controller_that_is_not_known_is_steered_in_no_way() {
    let mut facts = facts_of("PRIMARY", "ACTIVE");
    facts.service.as_mut().unwrap().controller = Controller::Unknown("NEW".into());
    let deploy = Wish::Deploy {
        task_definition: web(9),
    };
    let back = Wish::RollBack { to: None };
    for wanted in [Wish::CutOver, Wish::Stop, Wish::ForceRedeploy, deploy, back] {
        assert!(refusal(planned(wanted, &facts)).contains("NEW"));
    }
}
