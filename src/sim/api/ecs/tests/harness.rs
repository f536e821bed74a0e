//! A small world for tests, used through the operations of ECS alone.

use serde_json::{Value, json};

use crate::sim::api::ApiError;
use crate::sim::api::ecs::handle;
use crate::sim::api::logs;
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;
use crate::sim::world::arn::Place;
use crate::sim::world::elb::Stand;
use crate::sim::world::engine::{Event, Step};
use crate::sim::world::{DEFAULT_ACCOUNT, World};

const START: SimTime = SimTime(1_700_000_000_000);

/// A world with a cluster `c`.
pub struct Ground {
    pub world: World,
}

impl Ground {
    pub fn new() -> Self {
        Self::with_seed(7)
    }

    pub fn with_seed(seed: u64) -> Self {
        let mut ground = Self {
            world: World::new(seed, START),
        };
        ground.ok("CreateCluster", &json!({"clusterName": "c"}));
        ground
    }

    pub fn call(&mut self, operation: &str, input: &Value) -> Result<Value, ApiError> {
        handle(
            &mut self.world,
            DEFAULT_ACCOUNT,
            "us-east-1",
            operation,
            input,
        )
        .unwrap()
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

    /// Puts up a load balancer with all its parts, called `web`.
    pub fn stand(&mut self) -> Stand {
        let place = Place::new(DEFAULT_ACCOUNT, "us-east-1");
        let region = self.world.region_mut(&place.account, &place.region);
        region.elb.stand(&place, &mut Rng::new(1), "web", START)
    }

    /// Registers a revision of the family `web` with one container of this image.
    pub fn register(&mut self, image: &str) -> String {
        self.register_with(image, &json!({}))
    }

    /// The same, with more members for the container.
    pub fn register_with(&mut self, image: &str, more: &Value) -> String {
        let mut container = json!({"name": "app", "image": image});
        for (name, value) in more.as_object().unwrap() {
            container[name] = value.clone();
        }
        let input = json!({"family": "web", "containerDefinitions": [container]});
        let answer = self.ok("RegisterTaskDefinition", &input);
        answer["taskDefinition"]["taskDefinitionArn"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Makes the service `web` of image `web:1`, with more members, and lets it become steady.
    pub fn steady(&mut self, desired: u32, more: &Value) {
        self.register("web:1");
        self.create(desired, more);
        self.pass(180.0);
        let service = self.service();
        assert_eq!(service["runningCount"], desired, "{service:#}");
        assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
    }

    pub fn create(&mut self, desired: u32, more: &Value) -> Value {
        let mut input = json!({
            "cluster": "c", "serviceName": "web", "taskDefinition": "web",
            "desiredCount": desired,
        });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        self.ok("CreateService", &input)
    }

    /// Registers the image and deploys it; gives the ARN of the service deployment.
    pub fn deploy(&mut self, image: &str) -> String {
        let definition = self.register(image);
        self.deploy_definition(&definition)
    }

    pub fn deploy_definition(&mut self, definition: &str) -> String {
        let input = json!({"cluster": "c", "service": "web", "taskDefinition": definition});
        let answer = self.ok("UpdateService", &input);
        answer["service"]["currentServiceDeployment"]
            .as_str()
            .unwrap()
            .to_owned()
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

    pub fn service(&mut self) -> Value {
        let answer = self.ok(
            "DescribeServices",
            &json!({"cluster": "c", "services": ["web"]}),
        );
        answer["services"][0].clone()
    }

    pub fn release(&mut self, arn: &str) -> Value {
        let input = json!({"serviceDeploymentArns": [arn]});
        self.ok("DescribeServiceDeployments", &input)["serviceDeployments"][0].clone()
    }

    pub fn events(&mut self) -> Vec<String> {
        let service = self.service();
        let events = service["events"].as_array().unwrap().iter();
        events
            .map(|event| event["message"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Every task of the cluster with this desired status, described.
    pub fn tasks(&mut self, status: &str) -> Vec<Value> {
        let input = json!({"cluster": "c", "desiredStatus": status});
        let arns = self.ok("ListTasks", &input)["taskArns"].clone();
        if arns.as_array().unwrap().is_empty() {
            return Vec::new();
        }
        let input = json!({"cluster": "c", "tasks": arns});
        self.ok("DescribeTasks", &input)["tasks"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// Lets the first container of a running task of this image exit, as if it had crashed.
    pub fn fail_one(&mut self, image: &str) {
        let tasks = self.tasks("RUNNING");
        let task = tasks
            .iter()
            .find(|task| task["containers"][0]["image"] == image)
            .unwrap();
        let id = task["taskArn"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        let region = self.world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
        let number = region.ecs.task_ids[&id];
        let now = region.ecs.now;
        region
            .ecs
            .queue
            .push(now, Event::Step(number, Step::Exit(0)));
        self.pass(0.01);
    }

    /// Every message of a log group up to now.
    pub fn log(&mut self, group: &str) -> Vec<String> {
        let input = json!({"logGroupName": group});
        let answer = logs::handle(
            &mut self.world,
            DEFAULT_ACCOUNT,
            "us-east-1",
            "FilterLogEvents",
            &input,
        );
        let answer = answer.unwrap().unwrap();
        let events = answer["events"].as_array().unwrap().iter();
        events
            .map(|event| event["message"].as_str().unwrap().to_owned())
            .collect()
    }
}
