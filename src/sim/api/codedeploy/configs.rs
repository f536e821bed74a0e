//! `GetDeploymentConfig`, `ListDeploymentConfigs`.

use serde_json::{Value, json};

use super::lookup;
use crate::sim::api::ecs::page::Order;
use crate::sim::api::{Answer, Input};
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;
use crate::sim::world::Region;
use crate::sim::world::codedeploy::config::{CONFIGS, Config, Pace};
use crate::sim::world::ecs::fingerprint;

/// When the predefined configurations were made: 2018-11-27, the day that CodeDeploy came to ECS.
const MADE_AT: SimTime = SimTime(1_543_276_800_000);

/// `GetDeploymentConfig`.
pub fn get(_: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::required(
        input,
        "deploymentConfigName",
        "Deployment Config name",
        "DeploymentConfigNameRequiredException",
    )?;
    let config = lookup::config(name)?;
    Ok(json!({"deploymentConfigInfo": shown(config)}))
}

/// `ListDeploymentConfigs`.
pub fn list(_: &mut Region, input: Input<'_>) -> Answer {
    let items = CONFIGS
        .iter()
        .map(|config| (config.name.to_owned(), json!(config.name)));
    lookup::page(input, "deploymentConfigsList", Order::Ascending, items)
}

fn shown(config: &Config) -> Value {
    let id = Rng::new(fingerprint(config.name)).uuid();
    let (member, value) = match config.pace {
        Pace::AllAtOnce => ("trafficRoutingConfig", json!({"type": "AllAtOnce"})),
        Pace::Canary(percent, minutes) => (
            "trafficRoutingConfig",
            json!({
                "type": "TimeBasedCanary",
                "timeBasedCanary": {"canaryPercentage": percent, "canaryInterval": minutes},
            }),
        ),
        Pace::Linear(percent, minutes) => (
            "trafficRoutingConfig",
            json!({
                "type": "TimeBasedLinear",
                "timeBasedLinear": {"linearPercentage": percent, "linearInterval": minutes},
            }),
        ),
        Pace::Hosts(kind, value) => ("minimumHealthyHosts", json!({"type": kind, "value": value})),
    };
    json!({
        "deploymentConfigId": id,
        "deploymentConfigName": config.name,
        "createTime": MADE_AT.json(),
        "computePlatform": config.platform.word(),
        member: value,
    })
}
