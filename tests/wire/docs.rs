//! What `docs/simulator.md` says about scenarios and faults is true.

use cutover::sim::scenario::{self, ScenarioOptions};
use serde_json::Value;

use crate::raw::{START, simulator, steer};

const DOCS: &str = include_str!("../../docs/simulator.md");

/// The blocks of the documentation that are written in `language`.
fn blocks(language: &str) -> Vec<&'static str> {
    let start = format!("```{language}\n");
    let after = DOCS.split(start.as_str()).skip(1);
    after
        .map(|text| text.split_once("```").unwrap().0)
        .collect()
}

#[test]
fn the_scenarios_of_the_documentation_can_be_built() {
    let options = ScenarioOptions {
        seed: 1,
        now: START,
        services: None,
        clusters: None,
        pipelines: None,
    };
    let scenarios = blocks("toml");
    assert_eq!(scenarios.len(), 4);
    for (text, region) in
        scenarios
            .into_iter()
            .zip(["eu-west-1", "us-east-1", "us-east-1", "us-east-1"])
    {
        let mut world = scenario::build_text("docs", text, &options).unwrap();
        let services = &world.region_mut("123456789012", region).ecs.services;
        assert_eq!(services.len(), 1);
        world.advance(START.plus_seconds(600.0));
    }
}

#[test]
fn every_scenario_is_documented() {
    for (name, description) in scenario::names() {
        assert!(
            DOCS.contains(&format!("| `{name}` | {description} |")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_faults_of_the_documentation_are_taken() {
    let server = simulator().await;
    let (_, after) = DOCS.split_once("_sim/faults --data '").unwrap();
    let (faults, _) = after.split_once('\'').unwrap();
    let taken = steer(&server, "POST", "/_sim/faults", faults).await;
    assert_eq!(taken.as_array().map(Vec::len), Some(2));
    let given: Value = serde_json::from_str(faults).unwrap();
    assert_eq!(taken[1]["milliseconds"], given[1]["milliseconds"]);
    server.shutdown().await;
}
