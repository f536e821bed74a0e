//! Several accounts and Regions behind one endpoint: the access key tells the account, the scope of
//! the signature the Region.

use cutover::sim::server::SimServer;
use serde_json::json;

use crate::raw::{simulator, simulator_with, steer};
use crate::sdk::config_with_key;

const SCENARIO: &str = r#"
    region = "eu-west-1"

    [[account]]
    id = "111122223333"
    name = "staging"

    [[account]]
    id = "444455556666"
    name = "production"
    access_key = "AKIAPRODUCTION"

    [[cluster]]
    name = "staging"

    [[cluster]]
    name = "production"
    account = "444455556666"

    [[cluster]]
    name = "elsewhere"
    account = "444455556666"
    region = "us-east-2"
"#;

/// A simulator with this scenario.
async fn simulator_of(text: &str) -> SimServer {
    let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let name = file.path().to_str().unwrap().to_owned();
    simulator_with(|options| options.scenario = Some(name)).await
}

/// Whom STS names, and the clusters that there are, for a key and a Region.
async fn seen(server: &SimServer, key: &str, region: &str) -> (String, Vec<String>) {
    let mut config = config_with_key(server, key).await.to_builder();
    config.set_region(aws_config::Region::new(region.to_owned()));
    let config = config.build();
    let sts = aws_sdk_sts::Client::new(&config);
    let identity = sts.get_caller_identity().send().await.unwrap();
    let ecs = aws_sdk_ecs::Client::new(&config);
    let listed = ecs.list_clusters().send().await.unwrap();
    (
        identity.account().unwrap().to_owned(),
        listed.cluster_arns().to_vec(),
    )
}

#[tokio::test]
async fn the_key_decides_the_account_and_the_scope_the_region() {
    let server = simulator_of(SCENARIO).await;
    let cluster = |region, account, name| format!("arn:aws:ecs:{region}:{account}:cluster/{name}");
    for (key, region, account, name) in [
        ("anything", "eu-west-1", "111122223333", Some("staging")),
        ("111122223333", "eu-west-1", "111122223333", Some("staging")),
        (
            "AKIAPRODUCTION",
            "eu-west-1",
            "444455556666",
            Some("production"),
        ),
        (
            "444455556666",
            "us-east-2",
            "444455556666",
            Some("elsewhere"),
        ),
        ("anything", "us-east-2", "111122223333", None),
        ("777788889999", "eu-west-1", "777788889999", None),
    ] {
        let wanted: Vec<String> = name
            .map(|name| cluster(region, account, name))
            .into_iter()
            .collect();
        assert_eq!(
            seen(&server, key, region).await,
            (account.to_owned(), wanted),
            "{key} {region}"
        );
    }
    server.shutdown().await;
}

#[tokio::test]
async fn what_one_account_makes_the_other_does_not_see() {
    let server = simulator().await;
    for key in ["111122223333", "444455556666"] {
        let ecs = aws_sdk_ecs::Client::new(&config_with_key(&server, key).await);
        ecs.create_cluster().cluster_name(key).send().await.unwrap();
    }
    for key in ["111122223333", "444455556666"] {
        let (_, clusters) = seen(&server, key, "ap-northeast-1").await;
        let own = format!("arn:aws:ecs:ap-northeast-1:{key}:cluster/{key}");
        assert_eq!(clusters, [own]);
    }
    server.shutdown().await;
}

#[tokio::test]
async fn the_accounts_are_listed_with_their_keys() {
    let server = simulator_of(SCENARIO).await;
    let scenario = steer(&server, "GET", "/_sim/scenario", "").await;
    assert_eq!(
        scenario["accounts"],
        json!([
            {"id": "111122223333", "name": "staging", "access_key": "111122223333"},
            {"id": "444455556666", "name": "production", "access_key": "AKIAPRODUCTION"},
        ])
    );
    assert_eq!(
        scenario["regions"][0],
        json!({"account": "111122223333", "region": "eu-west-1"})
    );
    server.shutdown().await;
}
