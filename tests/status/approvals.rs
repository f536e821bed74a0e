//! Approvals of pipelines: told with what they hold, until somebody answers.

use serde_json::{Value, json};

use crate::program::{Program, break_with, json as read, simulator};

/// The approvals of a report that could be read whole.
fn approvals(report: &Value) -> Vec<&Value> {
    assert_eq!(report["errors"], json!([]), "{report}");
    let gates = report["gates"].as_array().unwrap().iter();
    gates
        .filter(|gate| gate["kind"] == "pipeline_approval")
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_is_told_with_what_it_holds() {
    let server = simulator(Some("pipeline")).await;
    let report = read(&server).await.report();
    let waiting = approvals(&report);
    assert_eq!(waiting.len(), 1, "{report}");
    let gate = waiting[0];
    for (name, value) in [
        ("pipeline", "shop"),
        ("stage", "Production"),
        ("cluster", "prod"),
        ("service", "shop"),
        ("on_timeout", "fail"),
        ("text", "Release 'Retry idempotent captures' to production?"),
        ("link", "https://shop.staging.example.com/health"),
    ] {
        assert_eq!(gate[name], value, "{name}");
    }
    assert_eq!(gate["release"], Value::Null);
    assert!(gate["id"].as_str().is_some_and(|token| !token.is_empty()));
    assert!(gate["expires_at"].is_string());
    let table = Program::new(&["status"]).at(&server).run().await;
    let line = "pipeline shop waits at pipeline approval Production/";
    assert!(table.out.contains(line), "{}", table.out);
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_executions_of_a_parallel_pipeline_wait_each_for_itself() {
    let server = simulator(Some("pipeline-parallel")).await;
    let report = read(&server).await.report();
    let waiting = approvals(&report);
    let texts: Vec<&str> = waiting
        .iter()
        .map(|gate| gate["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        [
            "Deploy 'Fold accents' by Ada Novak?",
            "Deploy 'Cap the length of a query' by Liam Byrne?",
        ],
        "the one that expires first comes first"
    );
    assert_ne!(waiting[0]["id"], waiting[1]["id"]);
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_about_one_cluster_is_told_of_no_other() {
    let server = simulator(Some("pipeline")).await;
    for (cluster, told) in [("prod", 1), ("staging", 0)] {
        let arguments = ["status", "-o", "json", "--cluster", cluster];
        let run = Program::new(&arguments).at(&server).run().await;
        assert_eq!(approvals(&run.report()).len(), told, "{cluster}");
    }
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_permission_the_releases_are_told_all_the_same() {
    let server = simulator(Some("pipeline")).await;
    let fault = json!([{
        "operation": "codepipeline.ListPipelines",
        "kind": "error",
        "code": "AccessDeniedException",
        "message": "not authorized",
    }]);
    break_with(&server, fault).await;
    let run = read(&server).await;
    let report = run.report();
    assert_eq!(run.code, 1);
    assert_eq!(report["gates"], json!([]));
    assert!(!report["releases"].as_array().unwrap().is_empty());
    let errors = report["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{report}");
    assert_eq!(errors[0]["call"], "codepipeline:ListPipelines");
    assert_eq!(errors[0]["what"], "the pipelines of CodePipeline");
    server.shutdown().await;
}
