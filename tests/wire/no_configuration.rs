//! Without credentials, a profile or a Region. The SDK reads these from the environment, which a
//! process must not change for itself: the test program starts itself again with another one.

use std::path::Path;
use std::process::Command;

use cutover::aws::{ConnectOptions, Credentials, Timeouts, connect};
use cutover::domain::context::{Context, ContextId};
use tempfile::TempDir;

/// What the program started again prints before the failure.
const MARK: &str = "FAILURE";

/// Stands for a profile named by a flag.
const NAMED_PROFILE: &str = "TEST_NAMED_PROFILE";

/// Not a test of its own: it is the other program. It lists clusters with whatever the
/// environment holds and prints the failure.
#[tokio::test]
#[ignore = "started by the tests of this file with an environment of their own"]
async fn lists_clusters_with_the_environment() {
    let options = ConnectOptions {
        context: Context {
            id: ContextId::default(),
            profile: std::env::var(NAMED_PROFILE).ok(),
            region: None,
            endpoint: None,
            demo: false,
        },
        credentials: Credentials::Chain,
        read_only: false,
        timeouts: Timeouts::default(),
    };
    let failure = connect(options).await.cluster_arns(|_| {}).await;
    let failure = failure.unwrap_err();
    println!("{MARK} {:?} {}", failure.kind, failure.message);
}

fn failure_with(home: &Path, environment: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--nocapture", "--exact"])
        .arg("no_configuration::lists_clusters_with_the_environment")
        .env_clear()
        .env("HOME", home)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = text.lines().find_map(|line| {
        line.split_once(MARK)
            .map(|(_, failure)| failure.trim().to_owned())
    });
    found.unwrap_or_else(|| panic!("no failure in: {text}"))
}

#[test]
fn no_region_is_said() {
    let home = tempfile::tempdir().unwrap();
    let keys = [
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "key"),
    ];
    let failure = failure_with(home.path(), &keys);
    assert!(failure.starts_with("NoRegion"), "{failure}");
}

#[test]
fn no_credentials_are_said() {
    let home = tempfile::tempdir().unwrap();
    let failure = failure_with(home.path(), &[("AWS_REGION", "eu-west-1")]);
    assert!(failure.starts_with("NoCredentials"), "{failure}");
    assert!(
        !failure.contains("CredentialsNotLoaded"),
        "no dump: {failure}"
    );
}

/// A home whose AWS configuration holds this text.
fn home_with(config: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    home
}

const SHOP: &str = "[profile shop]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:1\n";

#[test]
fn an_unknown_profile_is_said() {
    for variable in ["AWS_PROFILE", NAMED_PROFILE] {
        for home in [tempfile::tempdir().unwrap(), home_with(SHOP)] {
            let environment = [("AWS_REGION", "eu-west-1"), (variable, "nowhere")];
            let failure = failure_with(home.path(), &environment);
            assert!(failure.starts_with("NoCredentials"), "{failure}");
            assert!(failure.contains("nowhere"), "{failure}");
        }
    }
}

#[test]
fn keys_of_the_environment_do_not_replace_a_profile_that_was_named() {
    let home = home_with(SHOP);
    let keys = [
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "key"),
        (NAMED_PROFILE, "shop"),
    ];
    let failure = failure_with(home.path(), &keys);
    assert!(failure.starts_with("NoCredentials"), "{failure}");
}

#[test]
fn a_region_keys_and_an_endpoint_come_from_the_profile() {
    let keys = "aws_access_key_id = id\naws_secret_access_key = key\n";
    let home = home_with(&format!("{SHOP}{keys}"));
    for variable in ["AWS_PROFILE", NAMED_PROFILE] {
        let failure = failure_with(home.path(), &[(variable, "shop")]);
        assert!(failure.starts_with("Unreachable"), "{failure}");
    }
}

#[test]
fn a_session_that_has_ended_is_said() {
    let home = home_with(
        "[profile shop]\nregion = eu-west-1\nsso_session = work\nsso_account_id = 1\n\
         sso_role_name = oncall\n[sso-session work]\nsso_region = eu-west-1\n\
         sso_start_url = https://example.awsapps.com/start\n",
    );
    let cache = home.path().join(".aws/sso/cache");
    std::fs::create_dir_all(&cache).unwrap();
    // The file is named by the SHA-1 of the session's name.
    let token = "{\"accessToken\": \"t\", \"expiresAt\": \"2020-01-01T00:00:00Z\"}";
    std::fs::write(
        cache.join("e274eeff768c6396088ec6eb091f4bf4d47ab1e0.json"),
        token,
    )
    .unwrap();
    for variable in ["AWS_PROFILE", NAMED_PROFILE] {
        let failure = failure_with(home.path(), &[(variable, "shop")]);
        assert!(failure.starts_with("ExpiredCredentials"), "{failure}");
        assert!(failure.contains("profile shop"), "{failure}");
    }
}
