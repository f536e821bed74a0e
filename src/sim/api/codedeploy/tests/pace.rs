//! How traffic moves, by configuration.

use serde_json::json;

use super::harness::Ground;

/// The production weights that a deployment goes through, each with the seconds since the first.
fn course(config: &str) -> Vec<(u32, f64)> {
    let mut ground = Ground::new(1, &json!({"deploymentConfigName": config}));
    let id = ground.deploy("web:2", &json!([]));
    let mut seen: Vec<(u32, f64)> = Vec::new();
    let mut first = None;
    for _ in 0..16_000 {
        let weight = ground.weights().0;
        let now = ground.world.now().epoch_seconds();
        if weight > 0 && seen.last().is_none_or(|(last, _)| *last != weight) {
            let start = *first.get_or_insert(now);
            seen.push((weight, now - start));
            let side = &ground.target(&id)["taskSetsInfo"];
            assert_eq!(side[1]["trafficWeight"], f64::from(weight));
            assert_eq!(side[0]["trafficWeight"], f64::from(100 - weight));
        }
        if ground.deployment(&id)["status"] == "Succeeded" {
            return seen;
        }
        ground.pass(0.25);
    }
    panic!("{config} does not end: {seen:?}");
}

fn close(seen: &[(u32, f64)], wanted: &[(u32, f64)]) {
    assert_eq!(seen.len(), wanted.len(), "{seen:?}");
    for ((weight, at), (wanted, time)) in seen.iter().zip(wanted) {
        assert_eq!(weight, wanted, "{seen:?}");
        assert!((at - time).abs() < 0.6, "{seen:?}");
    }
}

#[test]
fn a_canary_takes_two_steps() {
    close(
        &course("CodeDeployDefault.ECSCanary10Percent5Minutes"),
        &[(10, 0.0), (100, 300.0)],
    );
}

#[test]
fn linear_takes_ten_steps() {
    let wanted: Vec<(u32, f64)> = (1..=10)
        .map(|step| (step * 10, f64::from(step - 1) * 60.0))
        .collect();
    close(
        &course("CodeDeployDefault.ECSLinear10PercentEvery1Minutes"),
        &wanted,
    );
}

#[test]
fn a_deployment_can_have_another_configuration_than_its_group() {
    let mut ground = Ground::new(1, &json!({}));
    let definition = ground.register("web:2");
    let mut input = Ground::deployment_input(&definition, &json!([]));
    input["deploymentConfigName"] = json!("CodeDeployDefault.ECSCanary10Percent15Minutes");
    input["description"] = json!("careful");
    let id = ground.ok("CreateDeployment", &input)["deploymentId"].clone();
    let id = id.as_str().unwrap();
    ground.pass_until(200.0, |ground| ground.weights().0 == 10);
    ground.pass(600.0);
    assert_eq!(ground.weights().0, 10);
    assert_eq!(ground.deployment(id)["description"], "careful");
    ground.pass_until_status(id, "Succeeded");
}

#[test]
fn without_a_test_listener_there_is_no_test_traffic() {
    let ground = Ground::new(1, &json!({}));
    let mut pair = ground.group_input()["loadBalancerInfo"].clone();
    pair["targetGroupPairInfoList"][0]
        .as_object_mut()
        .unwrap()
        .remove("testTrafficRoute");
    let mut ground = Ground::new(1, &json!({"loadBalancerInfo": pair}));
    let id = ground.deploy("web:2", &json!([]));
    ground.pass_until_status(&id, "Succeeded");
    assert_eq!(ground.weights(), (100, 0));
    assert_eq!(ground.event(&id, "AllowTestTraffic"), "Skipped");
    assert_eq!(ground.event(&id, "AfterAllowTestTraffic"), "Skipped");
    assert_eq!(ground.event(&id, "AllowTraffic"), "Succeeded");
}
