//! Everything that a service with two target groups needs, put up at once.

use serde_json::{Map, Value, json};

use super::Elb;
use super::balancer::{Action, Forward, Listener, LoadBalancer, Priority};
use super::target_group::{TargetGroup, Targets};
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;
use crate::sim::world::arn::Place;

/// The longest name of a load balancer or target group.
const LONGEST_NAME: usize = 32;

/// The ARNs of a load balancer and its parts, with production and test traffic on `blue`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The application load balancer.
    pub load_balancer: String,
    /// The listener of production traffic, on port 80.
    pub production_listener: String,
    /// The listener of test traffic, on port 8080.
    pub test_listener: String,
    /// The rule of the production listener.
    pub production_rule: String,
    /// The rule of the test listener.
    pub test_rule: String,
    /// The target group that gets the traffic at first.
    pub blue: String,
    /// The target group of the next release.
    pub green: String,
}

impl Stand {
    /// The other one of the two target groups; blue for one that is neither.
    pub fn other(&self, target_group: &str) -> &str {
        if target_group == self.blue {
            &self.green
        } else {
            &self.blue
        }
    }
}

impl Elb {
    /// Puts up everything that a blue/green service needs: an application load balancer, two
    /// target groups, a production listener with a rule, a test listener with a rule; all
    /// production and test weights are on `blue`. Names come from `name`.
    pub fn stand(&mut self, place: &Place, rng: &mut Rng, name: &str, now: SimTime) -> Stand {
        let name = self.free_name(name);
        let vpc = format!("vpc-0{}", rng.hex(16));
        let load_balancer = self.stand_balancer(place, rng, &name, &vpc, now);
        let mut group = |suffix| self.stand_group(place, rng, &fitting(&name, suffix), &vpc);
        let (blue, green) = (group("-blue"), group("-green"));
        let on_blue = Action::Forward(Forward {
            weights: vec![(blue.clone(), 100), (green.clone(), 0)],
            ..Forward::default()
        });
        let mut listen = |port| {
            let listener = self.add_listener(
                rng,
                Listener {
                    arn: String::new(),
                    load_balancer: load_balancer.clone(),
                    port,
                    protocol: "HTTP".to_owned(),
                    default_rule: String::new(),
                    members: Map::new(),
                },
                vec![not_found()],
            );
            let condition = json!({
                "Field": "path-pattern",
                "Values": ["/*"],
                "PathPatternConfig": {"Values": ["/*"]},
            });
            let priority = Priority::Number(1);
            let actions = vec![on_blue.clone()];
            let rule = self.add_rule(rng, &listener, priority, vec![condition], actions);
            (listener, rule)
        };
        let (production_listener, production_rule) = listen(80);
        let (test_listener, test_rule) = listen(8080);
        let stand = Stand {
            load_balancer,
            production_listener,
            test_listener,
            production_rule,
            test_rule,
            blue,
            green,
        };
        self.stands.push(stand.clone());
        stand
    }

    /// `name`, or with a number behind it when a load balancer has this name already.
    fn free_name(&self, name: &str) -> String {
        let taken = |name: &String| self.load_balancers.values().any(|one| one.name == *name);
        let numbered = (2..).map(|number| fitting(name, &format!("-{number}")));
        std::iter::once(fitting(name, ""))
            .chain(numbered)
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    /// The stand that has this target group, if it was put up as one.
    pub fn stand_of(&self, target_group_arn: &str) -> Option<&Stand> {
        self.stands
            .iter()
            .find(|stand| stand.blue == target_group_arn || stand.green == target_group_arn)
    }

    fn stand_balancer(
        &mut self,
        place: &Place,
        rng: &mut Rng,
        name: &str,
        vpc: &str,
        now: SimTime,
    ) -> String {
        let zones: Vec<Value> = ['a', 'b']
            .iter()
            .map(|zone| {
                json!({
                    "ZoneName": format!("{}{zone}", place.region),
                    "SubnetId": format!("subnet-0{}", rng.hex(16)),
                    "LoadBalancerAddresses": [],
                })
            })
            .collect();
        let members = object(json!({
            "DNSName": format!("{name}-{}.{}.elb.amazonaws.com", rng.digits(10), place.region),
            "CanonicalHostedZoneId": "Z35SXDOTRQ7X7K",
            "Scheme": "internet-facing",
            "VpcId": vpc,
            "State": {"Code": "active"},
            "Type": "application",
            "AvailabilityZones": zones,
            "SecurityGroups": [format!("sg-0{}", rng.hex(16))],
            "IpAddressType": "ipv4",
        }));
        let id = rng.hex(16);
        let arn = place.elb(&format!("loadbalancer/app/{name}/{id}"));
        self.load_balancers.insert(
            arn.clone(),
            LoadBalancer {
                arn: arn.clone(),
                name: name.to_owned(),
                created_at: now,
                members,
            },
        );
        arn
    }

    fn stand_group(&mut self, place: &Place, rng: &mut Rng, name: &str, vpc: &str) -> String {
        let members = object(json!({
            "Protocol": "HTTP",
            "Port": 80,
            "VpcId": vpc,
            "HealthCheckProtocol": "HTTP",
            "HealthCheckPort": "traffic-port",
            "HealthCheckEnabled": true,
            "HealthCheckIntervalSeconds": 10,
            "HealthCheckTimeoutSeconds": 5,
            "HealthyThresholdCount": 2,
            "UnhealthyThresholdCount": 2,
            "HealthCheckPath": "/health",
            "Matcher": {"HttpCode": "200"},
            "TargetType": "ip",
            "ProtocolVersion": "HTTP1",
            "IpAddressType": "ipv4",
        }));
        let arn = place.elb(&format!("targetgroup/{name}/{}", rng.hex(16)));
        self.target_groups.insert(
            arn.clone(),
            TargetGroup {
                arn: arn.clone(),
                name: name.to_owned(),
                members,
                targets: Targets::new(),
            },
        );
        arn
    }
}

/// What a listener answers when no rule takes a request.
fn not_found() -> Action {
    Action::Other(json!({
        "Type": "fixed-response",
        "Order": 1,
        "FixedResponseConfig": {
            "StatusCode": "404",
            "ContentType": "text/plain",
            "MessageBody": "Not found",
        },
    }))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// A name of letters, digits and hyphens that isn't too long, as names here have to be.
fn fitting(name: &str, suffix: &str) -> String {
    let room = LONGEST_NAME.saturating_sub(suffix.len());
    let letters: String = name
        .chars()
        .map(|one| {
            if one.is_ascii_alphanumeric() {
                one
            } else {
                '-'
            }
        })
        .take(room)
        .collect();
    format!("{}{suffix}", letters.trim_matches('-'))
}
