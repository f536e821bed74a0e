//! Scalable targets as a client sees them.

use serde_json::json;

use super::*;
use crate::sim::api::ecs;
use crate::sim::clock::SimTime;

const ACCOUNT: &str = "123456789012";

struct Ground(World);

impl Ground {
    /// The service `web` of the cluster `c`, with four tasks.
    fn new() -> Self {
        let mut ground = Self(World::new(1, SimTime(1_000)));
        ground.ecs("CreateCluster", &json!({"clusterName": "c"}));
        let containers = json!([{"name": "app", "image": "web:1"}]);
        ground.ecs(
            "RegisterTaskDefinition",
            &json!({"family": "web", "containerDefinitions": containers}),
        );
        ground.ecs(
            "CreateService",
            &json!({"cluster": "c", "serviceName": "web", "taskDefinition": "web", "desiredCount": 4}),
        );
        ground
    }

    fn ecs(&mut self, operation: &str, input: &Value) -> Value {
        ecs::handle(&mut self.0, ACCOUNT, "us-east-1", operation, input)
            .unwrap()
            .unwrap()
    }

    fn call(&mut self, operation: &str, more: &Value) -> Answer {
        let mut input = json!({
            "ServiceNamespace": "ecs", "ResourceId": "service/c/web",
            "ScalableDimension": "ecs:service:DesiredCount",
        });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        handle(&mut self.0, ACCOUNT, "us-east-1", operation, &input).unwrap()
    }

    fn register(&mut self, more: &Value) -> Result<String, String> {
        let answer = self.call("RegisterScalableTarget", more);
        let arn = answer.map_err(|error| error.code)?;
        Ok(arn["ScalableTargetARN"].as_str().unwrap().to_owned())
    }

    fn described(&mut self, more: &Value) -> Value {
        let input = json!({"ServiceNamespace": "ecs"});
        let mut input = input.as_object().unwrap().clone();
        input.extend(more.as_object().unwrap().clone());
        let input = Value::Object(input);
        let answer = handle(
            &mut self.0,
            ACCOUNT,
            "us-east-1",
            "DescribeScalableTargets",
            &input,
        );
        answer.unwrap().unwrap()["ScalableTargets"].clone()
    }

    fn desired(&mut self) -> Value {
        let input = json!({"cluster": "c", "services": ["web"]});
        self.ecs("DescribeServices", &input)["services"][0]["desiredCount"].clone()
    }
}

#[test]
fn a_target_keeps_what_is_not_said_again() {
    let mut ground = Ground::new();
    let first = ground.register(&json!({"MinCapacity": 2, "MaxCapacity": 8}));
    let suspended = json!({"DynamicScalingOutSuspended": true});
    let again = ground.register(&json!({"SuspendedState": suspended}));
    assert_eq!(first, again);
    let shown = ground.described(&json!({}));
    let shown = &shown[0];
    assert_eq!(
        (&shown["MinCapacity"], &shown["MaxCapacity"]),
        (&json!(2), &json!(8))
    );
    let state = &shown["SuspendedState"];
    assert_eq!(state["DynamicScalingOutSuspended"], true);
    assert_eq!(state["DynamicScalingInSuspended"], false);
    assert_eq!(ground.desired(), 4);
}

#[test]
fn a_service_out_of_the_bounds_is_brought_within_them() {
    let mut ground = Ground::new();
    let bounds = json!({"MinCapacity": 6, "MaxCapacity": 8});
    assert!(ground.register(&bounds).is_ok());
    assert_eq!(ground.desired(), 6);
    let fewer = json!({"cluster": "c", "service": "web", "desiredCount": 1});
    ground.ecs("UpdateService", &fewer);
    assert_eq!(ground.desired(), 1, "nothing scales by itself");
    assert!(ground.register(&json!({})).is_ok());
    assert_eq!(ground.desired(), 6);
}

#[test]
fn what_cannot_be_a_target_is_refused() {
    let mut ground = Ground::new();
    let whole = json!({"MinCapacity": 1, "MaxCapacity": 2});
    let with = |name: &str, value: Value| {
        let mut changed = whole.clone();
        changed[name] = value;
        changed
    };
    for wrong in [
        json!({"MinCapacity": 1}),
        with("MaxCapacity", json!(0)),
        with("ResourceId", json!("service/c/nothing")),
        with("ResourceId", json!("web")),
        with("ServiceNamespace", json!("lambda")),
        with("ScalableDimension", json!("NO_SUCH_WORD")),
    ] {
        assert_eq!(
            ground.register(&wrong),
            Err("ValidationException".into()),
            "{wrong}"
        );
    }
}

#[test]
fn a_target_goes_once_and_the_count_stays() {
    let mut ground = Ground::new();
    let bounds = json!({"MinCapacity": 6, "MaxCapacity": 8});
    assert!(ground.register(&bounds).is_ok());
    let gone = ground.call("DeregisterScalableTarget", &json!({}));
    assert_eq!(gone, Ok(json!({})));
    let again = ground.call("DeregisterScalableTarget", &json!({}));
    assert_eq!(again.unwrap_err().code, "ObjectNotFoundException");
    assert_eq!(ground.desired(), 6);
    assert_eq!(ground.described(&json!({})), json!([]));
}

#[test]
fn targets_are_found_by_their_resource() {
    let mut ground = Ground::new();
    let bounds = json!({"MinCapacity": 1, "MaxCapacity": 8});
    assert!(ground.register(&bounds).is_ok());
    let found = |ids: &[&str]| json!({"ResourceIds": ids});
    let one = ground.described(&found(&["service/c/web", "service/c/api"]));
    assert_eq!(one[0]["ResourceId"], "service/c/web");
    assert_eq!(ground.described(&found(&["service/c/api"])), json!([]));
    let lambda = json!({"ServiceNamespace": "lambda"});
    assert_eq!(ground.described(&lambda), json!([]));
    let wrong = json!({"NextToken": "zz", "ScalableDimension": null});
    let error = ground.call("DescribeScalableTargets", &wrong).unwrap_err();
    assert_eq!(error.code, "InvalidNextTokenException");
}
