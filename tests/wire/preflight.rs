//! Images and autoscaling, read from the simulated AWS and from one that does not tell.

use cutover::aws::Aws;
use cutover::domain::autoscaling::ScalableTarget;
use cutover::domain::failure::FailureKind;
use cutover::domain::image::{EcrImage, Registry};
use cutover::domain::preflight::ImageState;

use crate::cockpit_on_simulator::{all_services, scenario};
use crate::raw::steer;

const REGISTRY: &str = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

fn image(path: &str) -> EcrImage {
    match Registry::of(&format!("{REGISTRY}/{path}")) {
        Registry::Ecr(image) => image,
        Registry::Other(name) => panic!("taken for an image of {name}"),
    }
}

async fn state(aws: &Aws, path: &str) -> ImageState {
    aws.image_state(&image(path)).await.unwrap()
}

#[tokio::test]
async fn an_image_is_there_or_gone() {
    let (server, aws) = scenario("image-gone").await;
    assert_eq!(state(&aws, "shop/web:1.2.0").await, ImageState::There);
    for gone in ["shop/web:1.1.0", "shop/web", "shop/nothing:1"] {
        assert_eq!(state(&aws, gone).await, ImageState::Gone, "{gone}");
    }
    let digest = format!("shop/web@sha256:{}", "0".repeat(64));
    assert_eq!(state(&aws, &digest).await, ImageState::Gone);
    server.shutdown().await;
}

#[tokio::test]
async fn an_image_is_asked_for_where_its_name_says_that_it_is() {
    let (server, aws) = scenario("image-gone").await;
    let elsewhere = EcrImage {
        region: "us-west-2".into(),
        ..image("shop/web:1.2.0")
    };
    assert_eq!(aws.image_state(&elsewhere).await, Ok(ImageState::Gone));
    let other = EcrImage {
        account: "999999999999".into(),
        ..image("shop/web:1.2.0")
    };
    assert_eq!(aws.image_state(&other).await, Ok(ImageState::Gone));
    server.shutdown().await;
}

#[tokio::test]
async fn what_may_not_be_read_is_not_gone_and_is_not_asked_again_at_once() {
    let (server, aws) = scenario("image-gone").await;
    let denied = r#"[{"operation":"ecr.*","kind":"error","code":"AccessDeniedException",
        "message":"not authorized to perform ecr:DescribeImages"}]"#;
    steer(&server, "POST", "/_sim/faults", denied).await;
    for _ in 0..3 {
        let failure = aws.image_state(&image("shop/web:1.1.0")).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::AccessDenied);
        assert_eq!(failure.call, "ecr:DescribeImages");
    }
    let calls = steer(&server, "GET", "/_sim/calls", "").await;
    assert_eq!(calls["operations"]["ecr.DescribeImages"]["400"], 1);
    server.shutdown().await;
}

#[tokio::test]
async fn a_service_is_scaled_or_not() {
    let (server, aws) = scenario("image-gone").await;
    let services = all_services(&aws).await;
    let mut found = Vec::new();
    for service in &services {
        let read = aws.scalable_target(&service.cluster, &service.arn);
        found.push((service.name().to_owned(), read.await.unwrap()));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    let scaled = ScalableTarget {
        min: 2,
        max: 6,
        in_suspended: false,
        out_suspended: true,
        scheduled_suspended: false,
    };
    let wanted = [("api".to_owned(), None), ("web".to_owned(), Some(scaled))];
    assert_eq!(found, wanted);
    server.shutdown().await;
}
