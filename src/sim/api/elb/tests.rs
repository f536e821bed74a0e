//! A load balancer built through the API, what is read of it, and what is refused.

use serde_json::{Value, json};

use super::handle;
use crate::sim::api::ApiError;
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;
use crate::sim::world::elb::TargetState;
use crate::sim::world::{DEFAULT_ACCOUNT, Region, World};

const REGION: &str = "us-east-1";

struct Ground(World);

impl Ground {
    fn new() -> Self {
        Self(World::new(3, SimTime(1_795_000_000_000)))
    }

    fn region(&mut self) -> &mut Region {
        self.0.region_mut(DEFAULT_ACCOUNT, REGION)
    }

    fn call(&mut self, operation: &str, input: &Value) -> Result<Value, ApiError> {
        handle(&mut self.0, DEFAULT_ACCOUNT, REGION, operation, input).unwrap()
    }

    #[track_caller]
    fn ok(&mut self, operation: &str, input: &Value) -> Value {
        self.call(operation, input).unwrap()
    }

    #[track_caller]
    fn code(&mut self, operation: &str, input: &Value) -> String {
        self.call(operation, input).unwrap_err().code
    }

    fn balancer(&mut self, name: &str) -> String {
        let input = json!({"Name": name, "Subnets": ["subnet-1", "subnet-2"]});
        let answer = self.ok("CreateLoadBalancer", &input);
        text(&answer["LoadBalancers"][0]["LoadBalancerArn"])
    }

    fn group(&mut self, name: &str) -> String {
        let input = json!({"Name": name, "Protocol": "HTTP", "Port": "80", "VpcId": "vpc-1"});
        let answer = self.ok("CreateTargetGroup", &input);
        text(&answer["TargetGroups"][0]["TargetGroupArn"])
    }

    fn listener(&mut self, balancer: &str, port: &str, group: &str) -> String {
        let input = json!({
            "LoadBalancerArn": balancer, "Port": port, "Protocol": "HTTP",
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
        });
        let answer = self.ok("CreateListener", &input);
        text(&answer["Listeners"][0]["ListenerArn"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn shares(blue: &str, green: &str, weights: (&str, &str)) -> Value {
    json!([{"Type": "forward", "ForwardConfig": {"TargetGroups": [
        {"TargetGroupArn": blue, "Weight": weights.0},
        {"TargetGroupArn": green, "Weight": weights.1},
    ]}}])
}

fn paths(path: &str) -> Value {
    json!([{"Field": "path-pattern", "Values": [path]}])
}

#[test]
fn a_load_balancer_is_built_and_read_back() {
    let mut ground = Ground::new();
    let balancer = ground.balancer("web");
    let (blue, green) = (ground.group("blue"), ground.group("green"));
    let listener = ground.listener(&balancer, "80", &blue);
    let rule = ground.ok(
        "CreateRule",
        &json!({
            "ListenerArn": listener, "Priority": "10", "Conditions": paths("/*"),
            "Actions": shares(&blue, &green, ("90", "10")),
        }),
    )["Rules"][0]
        .clone();
    let forward = &rule["Actions"][0]["ForwardConfig"]["TargetGroups"];
    assert_eq!(forward[1], json!({"TargetGroupArn": green, "Weight": 10}));
    assert_eq!(
        rule["Conditions"][0]["PathPatternConfig"],
        json!({"Values": ["/*"]})
    );

    let rules = ground.ok("DescribeRules", &json!({"ListenerArn": listener}));
    assert_eq!(rules["Rules"][0], rule);
    assert_eq!(rules["Rules"][1]["Priority"], "default");
    assert_eq!(rules["Rules"][1]["IsDefault"], true);
    let listeners = ground.ok("DescribeListeners", &json!({"LoadBalancerArn": balancer}));
    let default = &listeners["Listeners"][0]["DefaultActions"][0];
    assert_eq!(default["TargetGroupArn"], blue);
    let groups = ground.ok(
        "DescribeTargetGroups",
        &json!({"LoadBalancerArn": balancer}),
    );
    assert_eq!(groups["TargetGroups"].as_array().unwrap().len(), 2);
    assert_eq!(
        groups["TargetGroups"][0]["LoadBalancerArns"],
        json!([balancer])
    );
    let balancers = ground.ok("DescribeLoadBalancers", &json!({"Names": ["web"]}));
    let created = &balancers["LoadBalancers"][0]["CreatedTime"];
    assert_eq!(created, "2026-11-18T11:06:40Z");
}

#[test]
fn weights_are_changed_behind_the_back_of_a_release() {
    let mut ground = Ground::new();
    let place = ground.region().ecs.place.clone();
    let elb = &mut ground.region().elb;
    let stand = elb.stand(&place, &mut Rng::new(1), "web", SimTime(0));
    let actions = shares(&stand.blue, &stand.green, ("0", "999"));
    ground.ok(
        "ModifyRule",
        &json!({"RuleArn": stand.production_rule, "Actions": actions}),
    );
    let wanted = [(stand.blue.clone(), 0), (stand.green.clone(), 999)];
    let elb = &ground.region().elb;
    assert_eq!(elb.weights(&stand.production_rule), Some(&wanted[..]));
    ground.ok(
        "ModifyListener",
        &json!({"ListenerArn": stand.test_listener, "Port": "9000", "DefaultActions": actions}),
    );
    let elb = &ground.region().elb;
    assert_eq!(elb.weights(&stand.test_listener), Some(&wanted[..]));
    assert_eq!(elb.listeners[&stand.test_listener].port, 9000);
}

#[test]
fn the_health_of_targets_has_its_reasons() {
    let mut ground = Ground::new();
    let balancer = ground.balancer("web");
    let group = ground.group("blue");
    for (id, state) in [
        ("10.0.0.1", TargetState::Initial),
        ("10.0.0.2", TargetState::Healthy),
        ("10.0.0.3", TargetState::Unhealthy),
        ("10.0.0.4", TargetState::Draining),
    ] {
        ground.region().elb.set_target(&group, id, 8080, state);
    }
    let states = |ground: &mut Ground, more: Value| -> Vec<String> {
        let mut input = json!({"TargetGroupArn": group});
        input["Targets"] = more;
        let answer = ground.ok("DescribeTargetHealth", &input);
        let rows = answer["TargetHealthDescriptions"]
            .as_array()
            .unwrap()
            .clone();
        rows.iter()
            .map(|row| {
                let health = &row["TargetHealth"];
                format!(
                    "{} {}",
                    text(&health["State"]),
                    health["Reason"].as_str().unwrap_or("-")
                )
            })
            .collect()
    };
    assert_eq!(
        states(&mut ground, json!([])),
        ["unused Target.NotInUse"; 4]
    );
    ground.listener(&balancer, "80", &group);
    assert_eq!(
        states(&mut ground, json!([])),
        [
            "initial Elb.RegistrationInProgress",
            "healthy -",
            "unhealthy Target.ResponseCodeMismatch",
            "draining Target.DeregistrationInProgress",
        ]
    );
    assert_eq!(
        states(
            &mut ground,
            json!([{"Id": "10.0.0.2"}, {"Id": "10.0.0.2", "Port": "1"}])
        ),
        ["healthy -", "unused Target.NotRegistered"]
    );
}

#[test]
fn lists_come_in_pages() {
    let mut ground = Ground::new();
    for number in 0..5 {
        ground.group(&format!("group-{number}"));
    }
    let mut seen = Vec::new();
    let mut marker = json!("");
    loop {
        let input = json!({"PageSize": "2", "Marker": marker});
        let answer = ground.ok("DescribeTargetGroups", &input);
        let page = answer["TargetGroups"].as_array().unwrap().clone();
        assert!(page.len() <= 2);
        seen.extend(page.iter().map(|one| text(&one["TargetGroupName"])));
        match answer.get("NextMarker") {
            Some(next) => marker = next.clone(),
            None => break,
        }
    }
    seen.sort();
    assert_eq!(
        seen,
        ["group-0", "group-1", "group-2", "group-3", "group-4"]
    );
    for wrong in [
        json!({"PageSize": "0"}),
        json!({"PageSize": "401"}),
        json!({"Marker": "?"}),
    ] {
        assert_eq!(
            ground.code("DescribeTargetGroups", &wrong),
            "ValidationError"
        );
    }
}

#[test]
fn what_is_not_there_has_its_own_error() {
    let mut ground = Ground::new();
    for (operation, input, code) in [
        (
            "DescribeLoadBalancers",
            json!({"Names": ["x"]}),
            "LoadBalancerNotFound",
        ),
        (
            "DescribeLoadBalancers",
            json!({"LoadBalancerArns": ["x"]}),
            "LoadBalancerNotFound",
        ),
        (
            "DescribeTargetGroups",
            json!({"Names": ["x"]}),
            "TargetGroupNotFound",
        ),
        (
            "DescribeTargetGroups",
            json!({"LoadBalancerArn": "x"}),
            "LoadBalancerNotFound",
        ),
        (
            "DescribeTargetHealth",
            json!({"TargetGroupArn": "x"}),
            "TargetGroupNotFound",
        ),
        ("DescribeTargetHealth", json!({}), "ValidationError"),
        (
            "DescribeListeners",
            json!({"ListenerArns": ["x"]}),
            "ListenerNotFound",
        ),
        (
            "DescribeListeners",
            json!({"LoadBalancerArn": "x"}),
            "LoadBalancerNotFound",
        ),
        ("DescribeListeners", json!({}), "ValidationError"),
        ("DescribeRules", json!({"RuleArns": ["x"]}), "RuleNotFound"),
        (
            "DescribeRules",
            json!({"ListenerArn": "x"}),
            "ListenerNotFound",
        ),
        ("DescribeRules", json!({}), "ValidationError"),
        ("ModifyRule", json!({"RuleArn": "x"}), "RuleNotFound"),
        (
            "ModifyListener",
            json!({"ListenerArn": "x"}),
            "ListenerNotFound",
        ),
    ] {
        assert_eq!(ground.code(operation, &input), code, "{operation} {input}");
    }
    assert!(handle(&mut ground.0, "1", REGION, "DeleteRule", &json!({})).is_none());
}

#[test]
fn what_contradicts_what_is_there_is_refused() {
    let mut ground = Ground::new();
    let (one, two) = (ground.balancer("one"), ground.balancer("two"));
    assert_eq!(
        ground.balancer("one"),
        one,
        "the same call again gives the same"
    );
    let group = ground.group("blue");
    let listener = ground.listener(&one, "80", &group);
    let forward = json!([{"Type": "forward", "TargetGroupArn": group}]);
    let rule = json!({
        "ListenerArn": listener, "Priority": "1", "Conditions": paths("/a"), "Actions": forward,
    });
    ground.ok("CreateRule", &rule);
    let default =
        text(&ground.ok("DescribeRules", &json!({"ListenerArn": listener}))["Rules"][1]["RuleArn"]);
    let with = |name: &str, value: Value| {
        let mut changed = rule.clone();
        changed["Priority"] = json!("2");
        changed[name] = value;
        changed
    };
    let gone = json!([{"Type": "forward", "TargetGroupArn": "arn:of:nothing"}]);
    let heavy = shares(&group, "x", ("1000", "0"));
    let listen = |port: &str, protocol: &str, balancer: &str| {
        json!({
            "LoadBalancerArn": balancer, "Port": port, "Protocol": protocol,
            "DefaultActions": forward,
        })
    };
    for (operation, input, code) in [
        ("CreateRule", rule.clone(), "PriorityInUse"),
        (
            "CreateRule",
            with("Priority", json!("0")),
            "ValidationError",
        ),
        (
            "CreateRule",
            with("Priority", json!("one")),
            "ValidationError",
        ),
        ("CreateRule", with("Actions", gone), "TargetGroupNotFound"),
        ("CreateRule", with("Actions", heavy), "ValidationError"),
        ("CreateRule", with("Actions", json!("")), "ValidationError"),
        (
            "CreateRule",
            with("Conditions", json!("")),
            "ValidationError",
        ),
        (
            "CreateRule",
            with("Conditions", json!([{"Field": "moon"}])),
            "ValidationError",
        ),
        (
            "ModifyRule",
            json!({"RuleArn": default}),
            "OperationNotPermitted",
        ),
        (
            "CreateListener",
            listen("80", "HTTP", &one),
            "DuplicateListener",
        ),
        (
            "CreateListener",
            listen("81", "TCP", &one),
            "UnsupportedProtocol",
        ),
        (
            "CreateListener",
            listen("443", "HTTPS", &one),
            "ValidationError",
        ),
        (
            "CreateListener",
            listen("80", "HTTP", &two),
            "TargetGroupAssociationLimit",
        ),
        (
            "CreateTargetGroup",
            json!({"Name": "blue", "Protocol": "HTTP", "Port": "81", "VpcId": "vpc-1"}),
            "DuplicateTargetGroupName",
        ),
        (
            "CreateLoadBalancer",
            json!({"Name": "one", "Scheme": "internal", "Subnets": ["a", "b"]}),
            "DuplicateLoadBalancerName",
        ),
        (
            "CreateLoadBalancer",
            json!({"Name": "-x", "Subnets": ["a", "b"]}),
            "ValidationError",
        ),
        (
            "CreateLoadBalancer",
            json!({"Name": "x", "Subnets": ["a"]}),
            "ValidationError",
        ),
    ] {
        assert_eq!(ground.code(operation, &input), code, "{operation} {input}");
    }
}
