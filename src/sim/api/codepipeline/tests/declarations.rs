//! What CodePipeline refuses to make.

use serde_json::{Value, json};

use super::harness::{Ground, action, declaration};

/// A change of a declaration.
type Change = fn(&mut Value);

fn refused(change: impl FnOnce(&mut Value)) -> String {
    let mut declared = declaration("QUEUED");
    change(&mut declared);
    Ground::empty(1).error("CreatePipeline", &json!({"pipeline": declared}))
}

fn remove(declared: &mut Value, member: &str) {
    declared.as_object_mut().unwrap().remove(member);
}

#[test]
fn a_declaration_has_to_fit_the_model() {
    for change in [
        (|one| remove(one, "name")) as Change,
        |one| one["name"] = json!("a shop"),
        |one| one["name"] = json!("x".repeat(101)),
        |one| remove(one, "roleArn"),
        |one| one["roleArn"] = json!("admin"),
        |one| one["executionMode"] = json!("SOMEHOW"),
        |one| one["stages"][1]["actions"][0]["runOrder"] = json!(0),
        |one| one["stages"][2]["actions"][0]["timeoutInMinutes"] = json!(4),
        |one| one["stages"][1]["actions"][0]["actionTypeId"]["category"] = json!("Dance"),
        |one| one["stages"][1]["name"] = json!("a b"),
    ] {
        assert_eq!(refused(change), "ValidationException");
    }
}

#[test]
fn a_declaration_has_to_make_sense() {
    let structure = "InvalidStructureException";
    let in_stage = "InvalidStageDeclarationException";
    let in_action = "InvalidActionDeclarationException";
    let cases: [(Change, &str); 14] = [
        (|one| remove(one, "artifactStore"), structure),
        (
            |one| one["artifactStores"] = json!({"us-east-1": {"type": "S3", "location": "other"}}),
            structure,
        ),
        (|one| one["stages"] = json!([one["stages"][0]]), structure),
        (|one| one["stages"][2]["name"] = json!("Build"), structure),
        (|one| one["pipelineType"] = json!("V1"), structure),
        (
            |one| one["stages"][1]["actions"] = json!([one["stages"][0]["actions"][0]]),
            structure,
        ),
        (
            |one| one["stages"][0]["actions"] = json!([one["stages"][2]["actions"][0]]),
            structure,
        ),
        (|one| one["stages"][1]["actions"] = json!([]), in_stage),
        (
            |one| {
                let twice = one["stages"][2]["actions"][0].clone();
                one["stages"][2]["actions"] = json!([twice, twice]);
            },
            in_stage,
        ),
        (
            |one| one["stages"][1]["actions"][0]["configuration"] = json!({}),
            in_action,
        ),
        (
            |one| one["stages"][1]["actions"][0]["inputArtifacts"] = json!([{"name": "Nothing"}]),
            in_action,
        ),
        (
            |one| {
                one["stages"][1]["actions"][0]["outputArtifacts"] =
                    json!([{"name": "SourceOutput"}]);
            },
            in_action,
        ),
        (
            |one| {
                one["executionMode"] = json!("PARALLEL");
                one["stages"][3]["onFailure"] = json!({"result": "ROLLBACK"});
            },
            structure,
        ),
        (
            |one| {
                one["stages"][3]["beforeEntry"] =
                    json!({"conditions": [{"result": "FAIL", "rules": []}]});
            },
            structure,
        ),
    ];
    for (place, (change, code)) in cases.into_iter().enumerate() {
        assert_eq!(refused(change), code, "case {place}");
    }
}

#[test]
fn variables_of_the_pipeline_are_filled_in() {
    let mut declared = declaration("QUEUED");
    declared["variables"] = json!([{"name": "stage", "defaultValue": "blue"}, {"name": "who"}]);
    declared["stages"][2]["actions"][0]["configuration"]["CustomData"] = json!(
        "#{variables.who} deploys to #{variables.stage}, #{nobody.knows} #{codepipeline.PipelineExecutionId}"
    );
    let mut ground = Ground::with(&declared);
    let start = "StartPipelineExecution";
    assert_eq!(
        ground.error(start, &json!({"name": "shop"})),
        "ValidationException"
    );
    let unknown = json!({"name": "shop", "variables": [{"name": "other", "value": "1"}]});
    assert_eq!(ground.error(start, &unknown), "ValidationException");
    let input = json!({"name": "shop", "variables": [{"name": "who", "value": "Kim"}]});
    let id = ground.ok(start, &input)["pipelineExecutionId"].clone();
    ground.pass(300);
    let listed = ground.ok("ListActionExecutions", &json!({"pipelineName": "shop"}));
    let text = &listed["actionExecutionDetails"][0]["input"]["resolvedConfiguration"]["CustomData"];
    assert_eq!(
        *text,
        json!(format!(
            "Kim deploys to blue, #{{nobody.knows}} {}",
            id.as_str().unwrap()
        ))
    );
    let input = json!({"pipelineName": "shop", "pipelineExecutionId": id});
    let got = ground.ok("GetPipelineExecution", &input);
    let variables = json!([
        {"name": "stage", "resolvedValue": "blue"}, {"name": "who", "resolvedValue": "Kim"},
    ]);
    assert_eq!(got["pipelineExecution"]["variables"], variables);
}

#[test]
fn other_sources_bring_what_aws_says_of_them() {
    let sources = json!([
        action(
            "Image",
            "Source",
            "ECR",
            &json!({
                "configuration": {"RepositoryName": "shop", "ImageTag": "live"},
                "outputArtifacts": [{"name": "SourceOutput"}],
            })
        ),
        action(
            "Object",
            "Source",
            "S3",
            &json!({
                "configuration": {"S3Bucket": "sources", "S3ObjectKey": "shop.zip"},
            })
        ),
        action(
            "Commit",
            "Source",
            "CodeCommit",
            &json!({
                "configuration": {"RepositoryName": "shop", "BranchName": "main"},
            })
        ),
    ]);
    let mut declared = declaration("QUEUED");
    declared["stages"][0]["actions"] = sources;
    let mut ground = Ground::with(&declared);
    ground.start();
    ground.pass(10);
    let listed = ground.ok("ListActionExecutions", &json!({"pipelineName": "shop"}));
    let runs = listed["actionExecutionDetails"].as_array().unwrap();
    let variables = |name: &str| {
        let run = runs.iter().find(|one| one["actionName"] == name).unwrap();
        run["output"]["outputVariables"].clone()
    };
    assert_eq!(variables("Image")["ImageTag"], "live");
    let uri = variables("Image")["ImageURI"].as_str().unwrap().to_owned();
    assert!(
        uri.starts_with("123456789012.dkr.ecr.us-east-1.amazonaws.com/shop@sha256:"),
        "{uri}"
    );
    assert_eq!(variables("Object")["BucketName"], "sources");
    assert_eq!(variables("Commit")["RepositoryName"], "shop");
    let listed = ground.ok("ListPipelineExecutions", &json!({"pipelineName": "shop"}));
    let revisions = listed["pipelineExecutionSummaries"][0]["sourceRevisions"]
        .as_array()
        .unwrap();
    let summary = |name: &str| {
        let revision = revisions
            .iter()
            .find(|one| one["actionName"] == name)
            .unwrap();
        revision["revisionSummary"].clone()
    };
    assert_eq!(summary("Image"), json!(null));
    assert!(
        summary("Object")
            .as_str()
            .unwrap()
            .starts_with("Amazon S3 version id: ")
    );
    assert_eq!(summary("Commit"), "Change something");
}
