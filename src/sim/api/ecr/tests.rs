//! Repositories and images as a client sees them.

use serde_json::json;

use super::*;
use crate::sim::clock::SimTime;

const ACCOUNT: &str = "123456789012";

struct Ground(World);

impl Ground {
    /// A registry with the repository `shop/web`.
    fn new() -> Self {
        let mut ground = Self(World::new(1, SimTime(1_000)));
        ground.ok("CreateRepository", &json!({"repositoryName": "shop/web"}));
        ground
    }

    fn call(&mut self, operation: &str, input: &Value) -> Answer {
        handle(&mut self.0, ACCOUNT, "us-east-1", operation, input).unwrap()
    }

    fn ok(&mut self, operation: &str, input: &Value) -> Value {
        self.call(operation, input).unwrap()
    }

    /// The code and the message of a refusal.
    fn refused(&mut self, operation: &str, input: &Value) -> (String, String) {
        let error = self.call(operation, input).unwrap_err();
        (error.code, error.message)
    }

    fn put(&mut self, manifest: &str, tag: &str) -> Value {
        let input =
            json!({"repositoryName": "shop/web", "imageManifest": manifest, "imageTag": tag});
        self.ok("PutImage", &input)["image"].clone()
    }
}

fn by_tag(tag: &str) -> Value {
    json!({"repositoryName": "shop/web", "imageIds": [{"imageTag": tag}]})
}

#[test]
fn a_repository_is_made_once_and_shown() {
    let mut ground = Ground::new();
    let again = json!({"repositoryName": "shop/web"});
    let (code, _) = ground.refused("CreateRepository", &again);
    assert_eq!(code, "RepositoryAlreadyExistsException");
    let all = ground.ok("DescribeRepositories", &json!({}));
    let shown = &all["repositories"][0];
    assert_eq!(
        shown["repositoryUri"],
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/web"
    );
    assert_eq!(shown["imageTagMutability"], "MUTABLE");
    let (code, message) = ground.refused(
        "DescribeRepositories",
        &json!({"repositoryNames": ["shop/api"]}),
    );
    assert_eq!(code, "RepositoryNotFoundException");
    assert!(message.contains("'shop/api' does not exist"), "{message}");
}

#[test]
fn an_image_that_is_gone_is_told_as_ecr_does() {
    let mut ground = Ground::new();
    ground.put("{}", "1.0");
    assert_eq!(
        ground.ok("DescribeImages", &by_tag("1.0"))["imageDetails"][0]["imageTags"],
        json!(["1.0"])
    );
    let gone = ground.ok("BatchDeleteImage", &by_tag("1.0"));
    assert_eq!(gone["imageIds"][0]["imageTag"], "1.0");
    let (code, message) = ground.refused("DescribeImages", &by_tag("1.0"));
    assert_eq!(code, "ImageNotFoundException");
    assert_eq!(
        message,
        "The image with imageId {imageDigest:'null', imageTag:'1.0'} does not exist within the \
         repository with name 'shop/web' in the registry with id '123456789012'"
    );
    let got = ground.ok("BatchGetImage", &by_tag("1.0"));
    assert_eq!(got["failures"][0]["failureCode"], "ImageNotFound");
    let again = ground.ok("BatchDeleteImage", &by_tag("1.0"));
    assert_eq!(again["failures"][0]["failureCode"], "ImageNotFound");
}

#[test]
fn a_digest_and_a_tag_have_to_fit() {
    let mut ground = Ground::new();
    let digest = ground.put("{}", "1.0")["imageId"]["imageDigest"].clone();
    ground.put(r#"{"layers": []}"#, "2.0");
    let both = |tag: &str| json!({"repositoryName": "shop/web", "imageIds": [{"imageDigest": digest, "imageTag": tag}]});
    let found = ground.ok("BatchGetImage", &both("1.0"));
    assert_eq!(found["images"][0]["imageManifest"], "{}");
    let found = ground.ok("BatchGetImage", &both("2.0"));
    assert_eq!(
        found["failures"][0]["failureCode"],
        "ImageTagDoesNotMatchDigest"
    );
    let neither = json!({"repositoryName": "shop/web", "imageIds": [{}]});
    let found = ground.ok("BatchGetImage", &neither);
    assert_eq!(found["failures"][0]["failureCode"], "MissingDigestAndTag");
    let (code, _) = ground.refused("DescribeImages", &neither);
    assert_eq!(code, "InvalidParameterException");
}

#[test]
fn what_is_put_twice_or_does_not_fit_is_refused() {
    let mut ground = Ground::new();
    ground.put("{}", "1.0");
    let put = |manifest: &str, tag: &str| json!({"repositoryName": "shop/web", "imageManifest": manifest, "imageTag": tag});
    let (code, _) = ground.refused("PutImage", &put("{}", "1.0"));
    assert_eq!(code, "ImageAlreadyExistsException");
    let mut wrong = put("{}", "2.0");
    wrong["imageDigest"] = json!("sha256:00");
    let (code, _) = ground.refused("PutImage", &wrong);
    assert_eq!(code, "ImageDigestDoesNotMatchException");
    ground.ok(
        "CreateRepository",
        &json!({"repositoryName": "fixed", "imageTagMutability": "IMMUTABLE"}),
    );
    let mut input = put("{}", "1.0");
    input["repositoryName"] = json!("fixed");
    ground.ok("PutImage", &input);
    input["imageManifest"] = json!(r#"{"layers": []}"#);
    let (code, _) = ground.refused("PutImage", &input);
    assert_eq!(code, "ImageTagAlreadyExistsException");
}

#[test]
fn lists_come_in_pages_and_by_whether_there_is_a_tag() {
    let mut ground = Ground::new();
    for (manifest, tag) in [("{}", "1"), (r#"{"a": 1}"#, "2"), (r#"{"a": 2}"#, "2")] {
        ground.put(manifest, tag);
    }
    let of = |more: Value| {
        let mut input = json!({"repositoryName": "shop/web"});
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        input
    };
    let first = ground.ok("ListImages", &of(json!({"maxResults": 2})));
    assert_eq!(first["imageIds"].as_array().unwrap().len(), 2);
    let rest = of(json!({"maxResults": 2, "nextToken": first["nextToken"]}));
    let rest = ground.ok("ListImages", &rest);
    assert_eq!(rest["imageIds"].as_array().unwrap().len(), 1);
    let untagged = of(json!({"filter": {"tagStatus": "UNTAGGED"}}));
    let images = ground.ok("DescribeImages", &untagged);
    assert_eq!(images["imageDetails"].as_array().unwrap().len(), 1);
    assert_eq!(images["imageDetails"][0].get("imageTags"), None);
    let archived = of(json!({"filter": {"imageStatus": "ARCHIVED"}}));
    let images = ground.ok("DescribeImages", &archived);
    assert_eq!(images["imageDetails"], json!([]));
    let (code, _) = ground.refused("ListImages", &of(json!({"nextToken": "zz"})));
    assert_eq!(code, "InvalidParameterException");
}

#[test]
fn the_registry_of_another_account_is_another_one() {
    let mut ground = Ground::new();
    let input = json!({"registryId": "999999999999", "repositoryName": "shop/web"});
    let (code, _) = ground.refused("ListImages", &input);
    assert_eq!(code, "RepositoryNotFoundException");
    assert!(!ground.0.has_region("999999999999", "us-east-1"));
    let own = json!({"registryId": ACCOUNT, "repositoryName": "shop/web"});
    assert_eq!(ground.ok("ListImages", &own)["imageIds"], json!([]));
}
