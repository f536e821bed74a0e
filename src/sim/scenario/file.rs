//! The form of a scenario file. A key that isn't here is an error.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::accounts::AccountsEntry;
use super::delivery::{CodeDeployEntry, TaskSetWord};
use super::logs::{LogEntry, LogsEntry};
use super::pipeline::{
    ApprovalEntry, FailEntry, PipelineEntry, PushEntry, RetryEntry, RollBackEntry, StartEntry,
    StopEntry, TransitionEntry,
};
use super::scaling::AutoScalingEntry;
use super::shift::{AlarmsEntry, AnswerWord, DeploymentEntry, FunctionEntry, HookEntry};
use super::time::Offset;
use crate::sim::world::alarms::AlarmState;
use crate::sim::world::behaviour::Behaviour;

/// A scenario: what there is at first, and what happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The account of clusters that don't name one, or several accounts.
    #[serde(default)]
    pub account: AccountsEntry,
    /// The region of clusters that don't name one; `us-east-1` otherwise.
    pub region: Option<String>,
    /// Clusters.
    #[serde(default)]
    pub cluster: Vec<ClusterEntry>,
    /// How images behave, where their tags don't say it.
    #[serde(default)]
    pub image: Vec<ImageEntry>,
    /// What Lambda functions do, where their names don't say it.
    #[serde(default)]
    pub hook: Vec<FunctionEntry>,
    /// Services that are at rest at first.
    #[serde(default)]
    pub service: Vec<ServiceEntry>,
    /// Pipelines that have never run at first.
    #[serde(default)]
    pub pipeline: Vec<PipelineEntry>,
    /// Many services that nobody wants to write down.
    pub fleet: Option<FleetEntry>,
    /// What happens when.
    #[serde(default)]
    pub at: Vec<AtEntry>,
}

/// A cluster.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterEntry {
    /// Its name, unique in the scenario.
    pub name: String,
    /// Its account, if not that of the scenario.
    pub account: Option<String>,
    /// Its region, if not that of the scenario.
    pub region: Option<String>,
    /// How many tasks fit; as many as anybody wants if this is absent.
    pub capacity: Option<u32>,
    /// Its tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// How an image behaves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageEntry {
    /// The image as services name it, tag included.
    pub name: String,
    /// What its containers do, if not what its tag says.
    pub behaviour: Option<BehaviourWord>,
    /// The cause that a crash or an error logs.
    pub message: Option<String>,
    /// What its containers write, if not what the behaviour says.
    pub log: Option<LogEntry>,
}

/// A behaviour by its word, such as `crash`.
#[derive(Copy, Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct BehaviourWord(pub Behaviour);

impl TryFrom<String> for BehaviourWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Behaviour::from_word(&word).map(Self).ok_or_else(|| {
            let words: Vec<&str> = Behaviour::WORDS.iter().map(|(word, _)| *word).collect();
            format!(
                "'{word}' is not a behaviour, which are: {}",
                words.join(", ")
            )
        })
    }
}

/// A service at rest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceEntry {
    /// Its cluster.
    pub cluster: Spanned<String>,
    /// Its name, which is also its family and the name of its first container.
    pub name: String,
    /// The image of its first container.
    pub image: String,
    /// The revision of its task definition.
    #[serde(default = "one")]
    pub revision: u32,
    /// How many tasks it has.
    #[serde(default = "one")]
    pub desired: u32,
    /// Since when it is at rest.
    #[serde(default = "three_days_ago")]
    pub since: Offset,
    /// CPU units of a task, as Fargate takes them.
    #[serde(default = "quarter")]
    pub cpu: u32,
    /// MiB of a task, as Fargate takes them.
    #[serde(default = "half")]
    pub memory: u32,
    /// Whether a load balancer sends it requests.
    #[serde(default)]
    pub load_balancer: bool,
    /// The container health check of its first container.
    pub health_check: Option<CheckEntry>,
    /// The circuit breaker.
    pub breaker: Option<BreakerEntry>,
    /// How CodeDeploy deploys it, if ECS doesn't.
    pub codedeploy: Option<CodeDeployEntry>,
    /// Whether an external controller deploys it.
    #[serde(default)]
    pub external: bool,
    /// How it is deployed, if not by rolling.
    pub deployment: Option<DeploymentEntry>,
    /// Its lifecycle hooks.
    #[serde(default)]
    pub hook: Vec<HookEntry>,
    /// Between which counts Application Auto Scaling keeps it.
    pub autoscaling: Option<AutoScalingEntry>,
    /// The alarms that fail its deployments.
    pub alarms: Option<AlarmsEntry>,
    /// Percent of the desired count.
    #[serde(default = "hundred")]
    pub minimum_healthy_percent: u32,
    /// Percent of the desired count.
    #[serde(default = "two_hundred")]
    pub maximum_percent: u32,
    /// Where its first container logs to.
    #[serde(default)]
    pub logs: LogsEntry,
    /// Other containers.
    #[serde(default)]
    pub sidecar: Vec<SidecarEntry>,
    /// Environment variables of its first container.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Its tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// A container health check.
#[derive(Copy, Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckEntry {
    /// Seconds between two checks.
    #[serde(default = "ten")]
    pub interval: u32,
    /// How many may fail in a row.
    #[serde(default = "three")]
    pub retries: u32,
    /// Seconds of grace at the start.
    #[serde(default)]
    pub start_period: u32,
}

/// A circuit breaker that is on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakerEntry {
    /// Whether a trip rolls back.
    #[serde(default = "yes")]
    pub rollback: bool,
    /// `COUNT`, `BOUNDED_PERCENT` or `UNBOUNDED_PERCENT`; needs `threshold`.
    pub threshold_type: Option<String>,
    /// The value of the threshold.
    pub threshold: Option<u32>,
    /// Whether a healthy task sets the count back.
    pub reset_on_healthy_task: Option<bool>,
}

/// Another container of a task.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SidecarEntry {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Whether its exit stops the task.
    #[serde(default)]
    pub essential: bool,
    /// Where it logs to.
    #[serde(default)]
    pub logs: LogsEntry,
}

/// A fleet of services that have made-up names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FleetEntry {
    /// How many services.
    pub services: u32,
    /// How many clusters.
    pub clusters: u32,
    /// Most tasks of a service; each has between 1 and this many.
    pub most_tasks: u32,
    /// How many releases are in flight at the start.
    pub releases: u32,
    /// How many of those crash.
    pub crashing: u32,
    /// How many pipelines; each deploys a service of the fleet.
    #[serde(default)]
    pub pipelines: u32,
}

/// Something that happens to a service or to a pipeline. Besides `time` and one of these it has
/// exactly one of the other keys; `environment` and `hooks` go with `deploy`, and `state` with
/// `alarm`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtEntry {
    /// When.
    pub time: Spanned<Offset>,
    /// To which service, as `cluster/service`.
    pub service: Option<Spanned<String>>,
    /// To which pipeline.
    pub pipeline: Option<Spanned<String>>,
    /// This image is deployed.
    pub deploy: Option<String>,
    /// With these environment variables.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// With these functions by lifecycle event, in place of those of `codedeploy`.
    #[serde(default)]
    pub hooks: BTreeMap<String, String>,
    /// The same task definition is deployed again.
    #[serde(default)]
    pub redeploy: bool,
    /// The desired count becomes this.
    pub desired: Option<u32>,
    /// The service deployment under way is stopped.
    #[serde(default)]
    pub stop_deployment: bool,
    /// The pause that its release waits at is answered.
    pub answer: Option<AnswerWord>,
    /// The oldest task is stopped, for this reason.
    pub stop_task: Option<String>,
    /// The service is deleted.
    #[serde(default)]
    pub delete: bool,
    /// This is done to its task sets, or to the CodeDeploy deployment that moves them.
    pub task_set: Option<TaskSetWord>,
    /// This image, as `repository:tag`, is deleted from the registry in the region of the service.
    pub delete_image: Option<String>,
    /// This alarm, in the region of the service, changes its state.
    pub alarm: Option<String>,
    /// What the alarm says from then on; ALARM without it.
    pub state: Option<AlarmWord>,
    /// The rules of production traffic get these weights, whatever a release has asked for: of
    /// `blue` and of `green`, each 0 to 999.
    pub weights: Option<WeightsEntry>,
    /// The source of the pipeline has something new.
    pub push: Option<PushEntry>,
    /// The approval that the pipeline waits for is given.
    pub approve: Option<ApprovalEntry>,
    /// The approval that the pipeline waits for is refused.
    pub reject: Option<ApprovalEntry>,
    /// The next run of an action of the pipeline fails.
    pub fail: Option<FailEntry>,
    /// An execution of the pipeline is started by hand.
    pub start: Option<StartEntry>,
    /// The way into a stage of the pipeline is switched.
    pub transition: Option<TransitionEntry>,
    /// The newest execution under way is stopped.
    pub stop: Option<StopEntry>,
    /// The newest execution that failed or was stopped tries its stage again.
    pub retry: Option<RetryEntry>,
    /// A stage of the pipeline is rolled back to what was in it before.
    pub roll_back: Option<RollBackEntry>,
}

impl AtEntry {
    /// Nothing yet that happens to a service.
    pub fn of_service(time: Offset, service: String) -> Self {
        Self {
            service: Some(Spanned::new(0..0, service)),
            ..Self::nothing(time)
        }
    }

    /// Nothing yet that happens to a pipeline.
    pub fn of_pipeline(time: Offset, pipeline: String) -> Self {
        Self {
            pipeline: Some(Spanned::new(0..0, pipeline)),
            ..Self::nothing(time)
        }
    }

    fn nothing(time: Offset) -> Self {
        Self {
            time: Spanned::new(0..0, time),
            service: None,
            pipeline: None,
            deploy: None,
            environment: BTreeMap::new(),
            hooks: BTreeMap::new(),
            redeploy: false,
            desired: None,
            stop_deployment: false,
            answer: None,
            stop_task: None,
            delete: false,
            task_set: None,
            delete_image: None,
            alarm: None,
            state: None,
            weights: None,
            push: None,
            approve: None,
            reject: None,
            fail: None,
            start: None,
            transition: None,
            stop: None,
            retry: None,
            roll_back: None,
        }
    }
}

/// The state of an alarm by its word, such as `ALARM`.
#[derive(Copy, Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct AlarmWord(pub AlarmState);

impl TryFrom<String> for AlarmWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        AlarmState::from_word(&word).map(Self).ok_or_else(|| {
            format!("'{word}' is not a state of alarms, which are: OK, ALARM, INSUFFICIENT_DATA")
        })
    }
}

/// The weights of the two target groups of a service.
#[derive(Copy, Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightsEntry {
    /// Of the target group that had the traffic at first.
    pub blue: u32,
    /// Of the other one.
    pub green: u32,
}

fn one() -> u32 {
    1
}

fn three() -> u32 {
    3
}

fn ten() -> u32 {
    10
}

fn hundred() -> u32 {
    100
}

fn two_hundred() -> u32 {
    200
}

fn quarter() -> u32 {
    256
}

fn half() -> u32 {
    512
}

fn yes() -> bool {
    true
}

fn three_days_ago() -> Offset {
    Offset(-3 * 86_400_000)
}
