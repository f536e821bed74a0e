//! The parts of a scenario that are about shifting traffic: how a service is deployed, its
//! lifecycle hooks and alarms, and what Lambda functions do.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::file::ServiceEntry;
use super::time::Offset;
use crate::sim::world::arn::Place;
use crate::sim::world::elb::Stand;
use crate::sim::world::shift::hook::{HookAction, LambdaResult, LambdaRule};

/// How a service is deployed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeploymentEntry {
    /// `BLUE_GREEN`, `LINEAR` or `CANARY`.
    pub strategy: String,
    /// Minutes for which both revisions run after the shift.
    #[serde(default = "three")]
    pub bake: u32,
    /// The step of `LINEAR` or the first part of `CANARY`, in percent.
    pub percent: Option<f64>,
    /// Minutes after each step but the last.
    pub step_bake: Option<u32>,
}

/// A lifecycle hook of a service: a pause, or a Lambda function.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HookEntry {
    /// Where it runs, in the words of ECS.
    pub stages: Vec<String>,
    /// The name of the function; without one it is a pause.
    pub function: Option<String>,
    /// Minutes after which it times out.
    #[serde(default = "thirty")]
    pub timeout: u32,
    /// What happens then: `ROLLBACK` or `CONTINUE`.
    #[serde(default = "rollback")]
    pub action: String,
}

/// The alarms that fail a deployment of a service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmsEntry {
    /// Their names.
    pub names: Vec<String>,
    /// Whether one that fires rolls back.
    #[serde(default = "yes")]
    pub rollback: bool,
}

/// What a Lambda function does when ECS calls it as a hook.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionEntry {
    /// Its name.
    pub function: String,
    /// `succeeds`, `fails` or `hangs`.
    pub result: ResultWord,
    /// For how long it answers that it is in progress.
    #[serde(default)]
    pub after: Offset,
}

impl FunctionEntry {
    /// What the world is told.
    pub fn rule(&self) -> LambdaRule {
        LambdaRule {
            result: self.result.0,
            after: self.after.0.max(0),
        }
    }
}

/// What a function does by its word, such as `fails`.
#[derive(Copy, Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct ResultWord(pub LambdaResult);

impl TryFrom<String> for ResultWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let mut words = LambdaResult::WORDS.iter();
        words
            .find(|(one, _)| *one == word)
            .map(|(_, result)| Self(*result))
            .ok_or_else(|| {
                let words: Vec<&str> = LambdaResult::WORDS.iter().map(|(one, _)| *one).collect();
                format!(
                    "'{word}' is not what a function does, which is: {}",
                    words.join(", ")
                )
            })
    }
}

/// The answer to a pause by its word, `CONTINUE` or `ROLLBACK`.
#[derive(Copy, Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct AnswerWord(pub HookAction);

impl TryFrom<String> for AnswerWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        HookAction::parse(&word).map(Self).ok_or_else(|| {
            format!("'{word}' is not an answer to a pause, which are: CONTINUE, ROLLBACK")
        })
    }
}

/// Adds to the deployment configuration of a service what its entry says.
pub fn configure(place: &Place, configuration: &mut Map<String, Value>, service: &ServiceEntry) {
    let mut put = |name: &str, value: Value| configuration.insert(name.to_owned(), value);
    if let Some(entry) = &service.deployment {
        put("strategy", json!(entry.strategy));
        put("bakeTimeInMinutes", json!(entry.bake));
        let (percent, bake) = (entry.percent, entry.step_bake);
        match entry.strategy.as_str() {
            "LINEAR" => put(
                "linearConfiguration",
                json!({"stepPercent": percent, "stepBakeTimeInMinutes": bake}),
            ),
            "CANARY" => put(
                "canaryConfiguration",
                json!({"canaryPercent": percent, "canaryBakeTimeInMinutes": bake}),
            ),
            _ => None,
        };
    }
    if !service.hook.is_empty() {
        let hooks: Vec<Value> = service
            .hook
            .iter()
            .map(|entry| hook(place, entry))
            .collect();
        put("lifecycleHooks", json!(hooks));
    }
    if let Some(entry) = &service.alarms {
        let (names, rollback) = (&entry.names, entry.rollback);
        put(
            "alarms",
            json!({"alarmNames": names, "enable": true, "rollback": rollback}),
        );
    }
}

fn hook(place: &Place, entry: &HookEntry) -> Value {
    let (account, region) = (&place.account, &place.region);
    let waits = json!({"timeoutInMinutes": entry.timeout, "action": entry.action});
    match &entry.function {
        Some(name) => json!({
            "targetType": "AWS_LAMBDA",
            "hookTargetArn": format!("arn:aws:lambda:{region}:{account}:function:{name}"),
            "roleArn": format!("arn:aws:iam::{account}:role/ecsLifecycleHooks"),
            "lifecycleStages": entry.stages,
            "timeoutConfiguration": waits,
        }),
        None => json!({
            "targetType": "PAUSE",
            "lifecycleStages": entry.stages,
            "timeoutConfiguration": waits,
        }),
    }
}

/// The advanced configuration of a load balancer whose traffic is shifted.
pub fn advanced(place: &Place, stand: &Stand) -> Value {
    json!({
        "alternateTargetGroupArn": stand.green,
        "productionListenerRule": stand.production_rule,
        "testListenerRule": stand.test_rule,
        "roleArn": format!("arn:aws:iam::{}:role/ecsInfrastructureRole", place.account),
    })
}

fn three() -> u32 {
    3
}

fn thirty() -> u32 {
    30
}

fn rollback() -> String {
    "ROLLBACK".to_owned()
}

fn yes() -> bool {
    true
}
