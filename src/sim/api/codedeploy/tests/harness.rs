//! A small world for tests: a service that CodeDeploy deploys behind a load balancer.

use serde_json::{Value, json};

use crate::sim::api::{ApiError, codedeploy, ecs};
use crate::sim::clock::SimTime;
use crate::sim::world::elb::Stand;
use crate::sim::world::{DEFAULT_ACCOUNT, Region, World};

const START: SimTime = SimTime(1_700_000_000_000);
const REGION: &str = "us-east-1";

/// A world with a cluster `c`, a service `web` at rest, and a load balancer for it.
pub struct Ground {
    pub world: World,
    pub stand: Stand,
}

impl Ground {
    /// The service has this many tasks; `more` changes the deployment group.
    pub fn new(desired: u32, more: &Value) -> Self {
        Self::with_seed(7, desired, more)
    }

    pub fn with_seed(seed: u64, desired: u32, more: &Value) -> Self {
        let mut world = World::new(seed, START);
        let region = world.region_mut(DEFAULT_ACCOUNT, REGION);
        let place = region.ecs.place.clone();
        let stand = region.elb.stand(&place, &mut region.ecs.rng, "web", START);
        let mut ground = Self { world, stand };
        ground
            .ecs("CreateCluster", &json!({"clusterName": "c"}))
            .unwrap();
        ground.register("web:1");
        let balancer = json!([{
            "targetGroupArn": ground.stand.blue, "containerName": "app", "containerPort": 80,
        }]);
        let input = json!({
            "cluster": "c", "serviceName": "web", "taskDefinition": "web", "desiredCount": desired,
            "deploymentController": {"type": "CODE_DEPLOY"}, "loadBalancers": balancer,
        });
        ground.ecs("CreateService", &input).unwrap();
        ground.pass(120.0);
        let application = json!({"applicationName": "shop", "computePlatform": "ECS"});
        ground.ok("CreateApplication", &application);
        let mut group = ground.group_input();
        for (name, value) in more.as_object().unwrap() {
            group[name] = value.clone();
        }
        ground.ok("CreateDeploymentGroup", &group);
        ground
    }

    /// The input of `CreateDeploymentGroup`: all at once, and the original goes at once.
    pub fn group_input(&self) -> Value {
        json!({
            "applicationName": "shop", "deploymentGroupName": "web",
            "serviceRoleArn": "arn:aws:iam::123456789012:role/codedeploy",
            "deploymentConfigName": "CodeDeployDefault.ECSAllAtOnce",
            "deploymentStyle":
                {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
            "blueGreenDeploymentConfiguration": {
                "deploymentReadyOption": {"actionOnTimeout": "CONTINUE_DEPLOYMENT"},
                "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE"},
            },
            "ecsServices": [{"clusterName": "c", "serviceName": "web"}],
            "loadBalancerInfo": {"targetGroupPairInfoList": [{
                "targetGroups": [{"name": "web-blue"}, {"name": "web-green"}],
                "prodTrafficRoute": {"listenerArns": [self.stand.production_listener]},
                "testTrafficRoute": {"listenerArns": [self.stand.test_listener]},
            }]},
        })
    }

    pub fn region(&mut self) -> &mut Region {
        self.world.region_mut(DEFAULT_ACCOUNT, REGION)
    }

    pub fn ecs(&mut self, operation: &str, input: &Value) -> Result<Value, ApiError> {
        ecs::handle(&mut self.world, DEFAULT_ACCOUNT, REGION, operation, input).unwrap()
    }

    pub fn call(&mut self, operation: &str, input: &Value) -> Result<Value, ApiError> {
        codedeploy::handle(&mut self.world, DEFAULT_ACCOUNT, REGION, operation, input).unwrap()
    }

    #[track_caller]
    pub fn ok(&mut self, operation: &str, input: &Value) -> Value {
        self.call(operation, input).unwrap()
    }

    /// The code of the error that the operation answers.
    #[track_caller]
    pub fn error(&mut self, operation: &str, input: &Value) -> String {
        self.call(operation, input).unwrap_err().code
    }

    /// Registers a revision of the family `web` with one container of this image.
    pub fn register(&mut self, image: &str) -> String {
        let input = json!({
            "family": "web", "containerDefinitions": [{"name": "app", "image": image}],
        });
        let answer = self.ecs("RegisterTaskDefinition", &input).unwrap();
        answer["taskDefinition"]["taskDefinitionArn"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The input of `CreateDeployment` for a task definition, with hooks.
    pub fn deployment_input(definition: &str, hooks: &Value) -> Value {
        let content = json!({
            "version": 0.0,
            "Resources": [{"TargetService": {
                "Type": "AWS::ECS::Service",
                "Properties": {
                    "TaskDefinition": definition,
                    "LoadBalancerInfo": {"ContainerName": "app", "ContainerPort": 80},
                },
            }}],
            "Hooks": hooks,
        });
        json!({
            "applicationName": "shop", "deploymentGroupName": "web",
            "revision": {
                "revisionType": "AppSpecContent",
                "appSpecContent": {"content": content.to_string()},
            },
        })
    }

    /// Registers the image and deploys it with these hooks; gives the id of the deployment.
    pub fn deploy(&mut self, image: &str, hooks: &Value) -> String {
        let definition = self.register(image);
        let input = Self::deployment_input(&definition, hooks);
        let answer = self.ok("CreateDeployment", &input);
        answer["deploymentId"].as_str().unwrap().to_owned()
    }

    pub fn pass(&mut self, seconds: f64) {
        let to = self.world.now().plus_seconds(seconds);
        self.world.advance(to);
    }

    /// Lets time pass until the condition holds, a quarter of a second at a time.
    #[track_caller]
    pub fn pass_until(&mut self, most: f64, mut holds: impl FnMut(&mut Self) -> bool) {
        let end = self.world.now().plus_seconds(most);
        while !holds(self) {
            assert!(
                self.world.now() < end,
                "not within {most} seconds: {:#}",
                self.service()
            );
            self.pass(0.25);
        }
    }

    /// Lets time pass until a deployment has this status.
    #[track_caller]
    pub fn pass_until_status(&mut self, id: &str, status: &str) {
        let end = self.world.now().plus_seconds(7200.0);
        while self.deployment(id)["status"] != status {
            assert!(
                self.world.now() < end,
                "{:#} {:#}",
                self.deployment(id),
                self.service()
            );
            self.pass(0.25);
        }
    }

    pub fn deployment(&mut self, id: &str) -> Value {
        self.ok("GetDeployment", &json!({"deploymentId": id}))["deploymentInfo"].clone()
    }

    /// The ECS target of a deployment.
    pub fn target(&mut self, id: &str) -> Value {
        let input = json!({"deploymentId": id, "targetId": "c:web"});
        self.ok("GetDeploymentTarget", &input)["deploymentTarget"]["ecsTarget"].clone()
    }

    /// The status of a lifecycle event of a deployment.
    pub fn event(&mut self, id: &str, name: &str) -> String {
        let target = self.target(id);
        let events = target["lifecycleEvents"].as_array().unwrap();
        let event = events.iter().find(|one| one["lifecycleEventName"] == name);
        event.unwrap()["status"].as_str().unwrap().to_owned()
    }

    pub fn service(&mut self) -> Value {
        let input = json!({"cluster": "c", "services": ["web"]});
        self.ecs("DescribeServices", &input).unwrap()["services"][0].clone()
    }

    /// The percentages of production and test traffic that go to the second target group.
    pub fn weights(&mut self) -> (u32, u32) {
        let stand = self.stand.clone();
        let elb = &self.region().elb;
        let green = |rule: &str| {
            let weights = elb.weights(rule).unwrap();
            assert_eq!(weights.iter().map(|(_, weight)| weight).sum::<u32>(), 100);
            weights
                .iter()
                .find(|(arn, _)| *arn == stand.green)
                .unwrap()
                .1
        };
        (green(&stand.production_rule), green(&stand.test_rule))
    }
}
