//! The simulated world: accounts and regions, each with its ECS, CloudWatch Logs, load balancers
//! and alarms. Everything here is a pure state machine: time is handed in, and the same seed makes the same world.

pub mod accounts;
pub mod alarms;
pub mod arn;
pub mod behaviour;
pub mod cluster;
pub mod codebuild;
pub mod codedeploy;
pub mod codepipeline;
pub mod deliveries;
pub mod deployment;
pub mod ecs;
pub mod elb;
pub mod engine;
pub mod ids;
pub mod logs;
pub mod queue;
pub mod rules;
pub mod service;
pub mod shift;
pub mod task;
pub mod task_definition;
pub mod task_set;

use std::collections::BTreeMap;

use crate::sim::clock::SimTime;
use accounts::Accounts;
use alarms::Alarms;
use arn::Place;
use codebuild::CodeBuild;
use codedeploy::CodeDeploy;
use codepipeline::CodePipeline;
use ecs::Ecs;
use elb::Elb;
use logs::Logs;

/// The account that calls belong to unless the world says otherwise.
pub const DEFAULT_ACCOUNT: &str = "123456789012";

/// One account in one region.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its ECS.
    pub ecs: Ecs,
    /// Its CloudWatch Logs.
    pub logs: Logs,
    /// Its Elastic Load Balancing.
    pub elb: Elb,
    /// Its CloudWatch alarms.
    pub alarms: Alarms,
    /// Its CodeDeploy.
    pub codedeploy: CodeDeploy,
    /// Its CodePipeline.
    pub codepipeline: CodePipeline,
    /// Its CodeBuild.
    pub codebuild: CodeBuild,
}

/// Several accounts in several regions, at one moment of simulated time.
#[derive(Clone, Debug)]
pub struct World {
    seed: u64,
    now: SimTime,
    regions: BTreeMap<(String, String), Region>,
    /// The accounts that there are, and the keys that lead to them.
    pub accounts: Accounts,
}

impl World {
    /// An empty world. `seed` decides every id and every jitter in it.
    pub fn new(seed: u64, start: SimTime) -> Self {
        Self {
            seed,
            now: start,
            regions: BTreeMap::new(),
            accounts: Accounts::default(),
        }
    }

    /// The simulated time.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// The state of an account in a region, made when it is first asked for.
    pub fn region_mut(&mut self, account: &str, region: &str) -> &mut Region {
        let (seed, now) = (self.seed, self.now);
        self.regions
            .entry((account.to_owned(), region.to_owned()))
            .or_insert_with(|| Region {
                ecs: Ecs::new(Place::new(account, region), seed, now),
                logs: Logs::default(),
                elb: Elb::default(),
                alarms: Alarms::default(),
                codedeploy: CodeDeploy::default(),
                codepipeline: CodePipeline::default(),
                codebuild: CodeBuild::default(),
            })
    }

    /// The regions that somebody has used, in order of account and name.
    pub fn regions(&self) -> impl Iterator<Item = &Region> {
        self.regions.values()
    }

    /// The name of the first region that somebody has used, of the default account if it has one.
    pub fn first_region(&self) -> Option<&str> {
        let default = self.accounts.default_id();
        let mut keys = self.regions.keys();
        keys.clone()
            .find(|(account, _)| account == default)
            .or_else(|| keys.next())
            .map(|(_, region)| region.as_str())
    }
}
