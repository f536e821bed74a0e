//! A service whose traffic is shifted, for the tests of blue/green, linear and canary deployments.

use serde_json::{Value, json};

use super::harness::Ground;
use crate::sim::world::DEFAULT_ACCOUNT;
use crate::sim::world::alarms::AlarmState;
use crate::sim::world::elb::Stand;

/// A world with a load balancer and a service `web` behind it.
pub struct Shifts {
    pub ground: Ground,
    pub stand: Stand,
}

impl Shifts {
    /// A steady service of three tasks with this deployment configuration.
    pub fn new(configuration: &Value) -> Self {
        let mut shifts = Self::unmade();
        shifts.create(configuration);
        shifts.ground.pass(600.0);
        let service = shifts.ground.service();
        assert_eq!(
            service["deployments"][0]["rolloutState"], "COMPLETED",
            "{service:#}"
        );
        assert_eq!(shifts.real("production"), (100, 0));
        shifts
    }

    /// A load balancer without a service.
    pub fn unmade() -> Self {
        let mut ground = Ground::new();
        let region = ground.world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
        let (place, now) = (region.ecs.place.clone(), region.ecs.now);
        let stand = region.elb.stand(&place, &mut region.ecs.rng, "web", now);
        Self { ground, stand }
    }

    /// Makes the service.
    pub fn create(&mut self, configuration: &Value) -> Value {
        self.ground.register("web:1");
        let more = json!({
            "loadBalancers": [self.balancer()], "deploymentConfiguration": configuration,
        });
        self.ground.create(3, &more)
    }

    /// What the service says of its load balancer.
    pub fn balancer(&self) -> Value {
        json!({
            "targetGroupArn": self.stand.blue, "containerName": "app", "containerPort": 80,
            "advancedConfiguration": {
                "alternateTargetGroupArn": self.stand.green,
                "productionListenerRule": self.stand.production_rule,
                "testListenerRule": self.stand.test_rule,
                "roleArn": "arn:aws:iam::123456789012:role/ecsInfrastructureRole",
            },
        })
    }

    /// The weights of the first and of the second target group on the load balancer itself.
    pub fn real(&mut self, kind: &str) -> (u32, u32) {
        let rule = match kind {
            "production" => self.stand.production_rule.clone(),
            _ => self.stand.test_rule.clone(),
        };
        let region = self.ground.world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
        let weights = region.elb.weights(&rule).unwrap();
        let of = |group: &str| {
            let found = weights.iter().find(|(arn, _)| arn == group);
            found.map_or(0, |(_, weight)| *weight)
        };
        (of(&self.stand.blue), of(&self.stand.green))
    }

    /// What was asked for the revision that is deployed, in percent: production, test.
    pub fn asked(&mut self, arn: &str) -> (f64, f64) {
        let target = self.ground.release(arn)["targetServiceRevision"].clone();
        let of = |name: &str| target[name].as_f64().unwrap();
        (
            of("requestedProductionTrafficWeight"),
            of("requestedTestTrafficWeight"),
        )
    }

    /// Lets time pass until the release is at this stage.
    #[track_caller]
    pub fn until_stage(&mut self, arn: &str, stage: &str) {
        self.ground.pass_until(7_200.0, |ground| {
            ground.release(arn)["lifecycleStage"] == stage
        });
    }

    /// Lets time pass until the release has this status.
    #[track_caller]
    pub fn until_status(&mut self, arn: &str, status: &str) {
        self.ground
            .pass_until(7_200.0, |ground| ground.release(arn)["status"] == status);
    }

    /// The hook that waits for somebody.
    #[track_caller]
    pub fn until_pause(&mut self, arn: &str) -> String {
        let waiting = |ground: &mut Ground| {
            let hooks = ground.release(arn)["lifecycleHookDetails"].clone();
            let hooks = hooks.as_array().cloned().unwrap_or_default();
            let mut open = hooks
                .iter()
                .filter(|one| one["status"] == "AWAITING_ACTION");
            open.next()
                .map(|one| one["hookId"].as_str().unwrap().to_owned())
        };
        self.ground
            .pass_until(7_200.0, |ground| waiting(ground).is_some());
        waiting(&mut self.ground).unwrap()
    }

    /// Answers a pause.
    pub fn answer(&mut self, arn: &str, hook: &str, action: &str) {
        let input = json!({"serviceDeploymentArn": arn, "hookId": hook, "action": action});
        let answer = self.ground.ok("ContinueServiceDeployment", &input);
        assert_eq!(answer, json!({"serviceDeploymentArn": arn}));
    }

    /// Stops the release, so that it rolls back.
    pub fn stop(&mut self, arn: &str) {
        let input = json!({"serviceDeploymentArn": arn});
        self.ground.ok("StopServiceDeployment", &input);
    }

    /// Lets an alarm say this.
    pub fn alarm(&mut self, name: &str, state: AlarmState) {
        let region = self.ground.world.region_mut(DEFAULT_ACCOUNT, "us-east-1");
        let now = region.ecs.now;
        region.alarms.put(name, now);
        region.set_alarm_state(name, state, "as the test says");
        self.ground.pass(0.01);
    }

    /// The images of the tasks that are meant to run, with how many of each.
    pub fn images(&mut self) -> Vec<(String, usize)> {
        let mut images: Vec<String> = self
            .ground
            .tasks("RUNNING")
            .iter()
            .map(|task| task["containers"][0]["image"].as_str().unwrap().to_owned())
            .collect();
        images.sort();
        let mut counted: Vec<(String, usize)> = Vec::new();
        for image in images {
            match counted.last_mut().filter(|(last, _)| *last == image) {
                Some((_, count)) => *count += 1,
                None => counted.push((image, 1)),
            }
        }
        counted
    }

    /// Everything is as it was before: the old image, and all traffic on the first target group.
    #[track_caller]
    pub fn is_back(&mut self, arn: &str) {
        let release = self.ground.release(arn);
        assert_eq!(release["status"], "ROLLBACK_SUCCESSFUL", "{release:#}");
        assert_eq!(
            release["rollback"]["serviceRevisionArn"],
            release["sourceServiceRevisions"][0]["arn"]
        );
        assert_eq!(release["rollback"]["reason"], release["statusReason"]);
        assert_eq!(self.images(), [("web:1".to_owned(), 3)]);
        assert_eq!(self.asked(arn), (0.0, 0.0));
        self.ground.pass(10.0);
        assert_eq!(self.real("production"), (100, 0));
        assert_eq!(self.real("test"), (100, 0));
        let service = self.ground.service();
        assert_eq!(service["deployments"].as_array().unwrap().len(), 1);
        assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
        assert!(
            service["taskDefinition"]
                .as_str()
                .unwrap()
                .ends_with("web:1")
        );
    }
}

/// The ways in which the parts of a story can be told.
pub fn blue_green(more: &Value) -> Value {
    let mut configuration = json!({"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 3});
    for (name, value) in more.as_object().unwrap() {
        configuration[name] = value.clone();
    }
    configuration
}

/// A pause at these stages.
pub fn pause(stages: &[&str]) -> Value {
    json!({"targetType": "PAUSE", "lifecycleStages": stages})
}

/// A Lambda function of this name at these stages.
pub fn lambda(name: &str, stages: &[&str]) -> Value {
    json!({
        "hookTargetArn": format!("arn:aws:lambda:us-east-1:123456789012:function:{name}"),
        "roleArn": "arn:aws:iam::123456789012:role/ecsHooks",
        "lifecycleStages": stages,
    })
}
