//! A deployment from its beginning to its good end.

use serde_json::json;

use super::harness::Ground;

#[test]
fn a_deployment_replaces_the_task_set_all_at_once() {
    let mut ground = Ground::new(2, &json!({}));
    let service = ground.service();
    assert_eq!(service["deployments"], json!([]), "{service:#}");
    let blue = service["taskSets"][0].clone();
    assert_eq!(blue["status"], "PRIMARY");
    assert_eq!(blue["stabilityStatus"], "STEADY_STATE");
    assert_eq!(blue["runningCount"], 2);
    let id = ground.deploy("web:2", &json!([]));
    assert!(id.starts_with("d-") && id.len() == 11, "{id}");
    assert_eq!(ground.deployment(&id)["status"], "Created");
    ground.pass_until_status(&id, "InProgress");
    ground.pass_until(30.0, |ground| ground.event(&id, "Install") == "InProgress");
    let green = ground.service()["taskSets"][1].clone();
    assert_eq!(green["startedBy"], "CODE_DEPLOY");
    assert_eq!(green["externalId"], json!(id));
    assert_eq!(
        green["loadBalancers"][0]["targetGroupArn"],
        json!(ground.stand.green)
    );
    assert_eq!(ground.weights(), (0, 0));
    ground.pass_until_status(&id, "Succeeded");
    assert_eq!(ground.weights(), (100, 100));
    let target = ground.target(&id);
    assert_eq!(target["status"], "Succeeded");
    for event in target["lifecycleEvents"].as_array().unwrap() {
        assert_eq!(event["status"], "Succeeded", "{event}");
        assert!(event["startTime"].as_f64() <= event["endTime"].as_f64());
    }
    assert_eq!(target["taskSetsInfo"][0]["status"], "DRAINING");
    assert_eq!(target["taskSetsInfo"][1]["trafficWeight"], 100.0);
    ground.pass(60.0);
    let service = ground.service();
    assert_eq!(
        service["taskSets"].as_array().unwrap().len(),
        1,
        "{service:#}"
    );
    assert_eq!(service["taskSets"][0]["id"], green["id"]);
    assert_eq!(service["taskSets"][0]["status"], "PRIMARY");
    assert_eq!(service["runningCount"], 2);
    assert!(
        service["taskDefinition"]
            .as_str()
            .unwrap()
            .ends_with("web:2")
    );
}
