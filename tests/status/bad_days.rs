//! Bad days: what could be read is printed, what could not is named, and the exit code says so.

use cutover::sim::server::SimServer;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::program::{Program, Run, break_with, json, simulator};

/// The one error of a report.
fn only_error(report: &Value) -> &Value {
    let errors = report["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{report}");
    &errors[0]
}

fn error_fault(operation: &str, code: &str, message: &str) -> Value {
    json!([{"operation": operation, "kind": "error", "code": code, "message": message}])
}

async fn denied(server: &SimServer, operation: &str) -> Value {
    let call = operation.replace('.', ":");
    let message = format!("User: oncall is not authorized to perform: {call}");
    break_with(
        server,
        error_fault(operation, "AccessDeniedException", &message),
    )
    .await;
    let run = json(server).await;
    assert_eq!(run.code, 1, "{operation}: {run:?}");
    let report = run.report();
    for error in report["errors"].as_array().unwrap() {
        assert_eq!(error["call"], call, "{report}");
        assert_eq!(error["kind"], "access_denied");
        assert_eq!(error["code"], "AccessDeniedException");
        assert_eq!(error["message"], message);
        assert_eq!(error["advice"], format!("ask for the permission {call}"));
        assert!(error["request_id"].is_string());
    }
    report
}

fn releases(report: &Value) -> &Vec<Value> {
    report["releases"].as_array().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_permission_that_is_missing_takes_away_only_what_it_gives() {
    let server = simulator(Some("tour")).await;
    let whole = json(&server).await.report();
    let in_flight = |report: &Value| {
        let moving = releases(report)
            .iter()
            .filter(|one| one["status"] == "in_progress" || one["status"] == "waiting");
        moving.count()
    };

    let report = denied(&server, "sts.GetCallerIdentity").await;
    assert_eq!(only_error(&report)["what"], "who the calls are made as");
    assert_eq!(report["account"], Value::Null);
    assert_eq!(releases(&report).len(), releases(&whole).len());

    let report = denied(&server, "ecs.ListClusters").await;
    assert_eq!(only_error(&report)["what"], "the clusters");
    assert_eq!(report["account"], "123456789012");
    assert_eq!(report["releases"], json!([]));

    let report = denied(&server, "ecs.DescribeServices").await;
    let whats: Vec<&Value> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["what"])
        .collect();
    assert_eq!(
        whats,
        [
            "the services of batch",
            "the services of prod-core",
            "the services of prod-edge"
        ]
    );

    let report = denied(&server, "ecs.ListServiceDeployments").await;
    assert_eq!(
        in_flight(&report),
        in_flight(&whole),
        "deployments[] tells them too"
    );

    let report = denied(&server, "ecs.ListTasks").await;
    assert_eq!(releases(&report).len(), releases(&whole).len());
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_cluster_that_cannot_be_read_leaves_the_others() {
    let server = simulator(Some("tour")).await;
    let mut fault = error_fault("ecs.ListServices", "AccessDeniedException", "no");
    fault[0]["times"] = json!(1);
    break_with(&server, fault).await;
    let run = json(&server).await;
    let report = run.report();
    let error = only_error(&report);
    assert_eq!((run.code, &error["kind"]), (1, &json!("access_denied")));
    let what = error["what"].as_str().unwrap();
    let lost = what.strip_prefix("the services of ").unwrap();
    assert!(!releases(&report).is_empty());
    assert!(releases(&report).iter().all(|one| one["cluster"] != lost));
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_that_passes_is_asked_through() {
    let server = simulator(Some("tour")).await;
    let mut fault = error_fault("ecs.ListServices", "ServerException", "boom");
    fault[0]["times"] = json!(2);
    fault[0]["status"] = json!(500);
    break_with(&server, fault).await;
    let run = json(&server).await;
    assert_eq!((run.code, run.report()["errors"].clone()), (0, json!([])));
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_account() {
    let server = simulator(Some("rolling")).await;
    break_with(
        &server,
        error_fault("ecs.*", "ThrottlingException", "Rate exceeded"),
    )
    .await;
    let run = json(&server).await;
    let report = run.report();
    let error = only_error(&report);
    assert_eq!((run.code, &error["kind"]), (1, &json!("throttled")));
    assert_eq!(error["advice"], "run it again in a moment");
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_have_expired() {
    let server = simulator(Some("rolling")).await;
    let message = "The security token included in the request is expired";
    break_with(&server, error_fault("*", "ExpiredTokenException", message)).await;
    let run = json(&server).await;
    let report = run.report();
    assert_eq!((run.code, &report["account"]), (1, &Value::Null));
    for error in report["errors"].as_array().unwrap() {
        assert_eq!(error["kind"], "expired_credentials");
        assert_eq!(error["message"], message);
        assert!(error["advice"].as_str().unwrap().contains("aws sso login"));
    }
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_answers_html_garbage_or_breaks_off() {
    let server = simulator(Some("rolling")).await;
    for (kind, expected) in [
        (json!({"kind": "html", "status": 200}), "garbled"),
        (json!({"kind": "html", "status": 503}), "server_fault"),
        (json!({"kind": "garbage"}), "garbled"),
        (json!({"kind": "truncate"}), "garbled"),
        (json!({"kind": "drop"}), "unreachable"),
    ] {
        let mut fault = kind.clone();
        fault["operation"] = json!("ecs.*");
        break_with(&server, json!([fault])).await;
        let run = json(&server).await;
        let report = run.report();
        assert_eq!(only_error(&report)["kind"], expected, "{kind}: {report}");
        assert_eq!(run.code, 1);
    }
    server.shutdown().await;
}

/// Everything fails in the same way, and the table says so without claiming an empty board.
async fn both_forms(program: impl Fn(&[&str]) -> Program) -> (Run, Value) {
    let table = program(&["status"]).run().await;
    assert_eq!(table.code, 1, "{table:?}");
    assert!(table.out.contains("no release could be read"), "{table:?}");
    assert!(!table.out.contains("no release in flight"), "{table:?}");
    let run = program(&["status", "-o", "json"]).run().await;
    assert_eq!(run.code, 1, "{run:?}");
    let report = run.report();
    assert_eq!(report["releases"], json!([]));
    assert_eq!(report["account"], Value::Null);
    (table, report)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_credentials() {
    let server = simulator(Some("rolling")).await;
    let endpoint = server.endpoint();
    let (table, report) = both_forms(|arguments| {
        Program::new(arguments)
            .with("AWS_ENDPOINT_URL", &endpoint)
            .with("AWS_REGION", "ap-northeast-1")
    })
    .await;
    for error in report["errors"].as_array().unwrap() {
        assert_eq!(error["kind"], "no_credentials", "{report}");
    }
    assert!(table.out.contains("--profile"), "{table:?}");
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_is_not_there() {
    let (table, report) = both_forms(|arguments| {
        Program::new(arguments)
            .with("AWS_REGION", "eu-west-1")
            .with("AWS_PROFILE", "nobody")
    })
    .await;
    assert_eq!(report["errors"][0]["kind"], "no_credentials", "{report}");
    assert!(table.out.contains("nobody"), "{table:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_region() {
    let (table, report) = both_forms(|arguments| Program::new(arguments).with_keys()).await;
    assert_eq!(report["region"], Value::Null);
    assert_eq!(report["errors"][0]["kind"], "no_region", "{report}");
    assert!(table.out.contains("--region"), "{table:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_refuses() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let (table, report) = both_forms(|arguments| {
        Program::new(arguments)
            .with("AWS_REGION", "eu-west-1")
            .with("AWS_ENDPOINT_URL", &endpoint)
            .with_keys()
    })
    .await;
    for error in report["errors"].as_array().unwrap() {
        assert_eq!(error["kind"], "unreachable", "{report}");
    }
    assert!(table.out.contains("refused"), "{table:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_account_is_a_whole_report() {
    let server = simulator(None).await;
    let run = json(&server).await;
    let report = run.report();
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(report["account"], "123456789012");
    assert_eq!(
        (&report["releases"], &report["errors"]),
        (&json!([]), &json!([]))
    );
    let table = Program::new(&["status"]).at(&server).run().await;
    assert_eq!(table.code, 0);
    assert!(
        table
            .out
            .ends_with("no release in flight, and none in the last 24 hours\n")
    );
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_or_a_service_that_is_not_there() {
    let server = simulator(Some("tour")).await;
    let named = async |flag: &str, name: &str| {
        let program = Program::new(&["status", "-o", "json", flag, name]);
        let run = program.at(&server).run().await;
        assert_eq!(run.code, 1, "{run:?}");
        run.report()
    };
    let report = named("--cluster", "prod").await;
    let error = only_error(&report);
    assert_eq!(
        (&error["kind"], &error["what"]),
        (&json!("not_found"), &json!("cluster prod"))
    );
    assert_eq!(error["advice"], "there are batch, prod-core, prod-edge");
    let report = named("--service", "chekcout").await;
    let error = only_error(&report);
    assert_eq!(error["what"], "service chekcout");
    assert!(
        error["advice"].as_str().unwrap().contains("checkout"),
        "{error}"
    );
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_begun_prints_nothing_on_standard_output() {
    let wrong = Program::new(&["status", "-o", "xml"]).run().await;
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
    let broken = Program::new(&["status", "--config", "no-such-file.toml"])
        .run()
        .await;
    assert_eq!((broken.code, broken.out.as_str()), (1, ""));
    assert!(broken.err.contains("no-such-file.toml"), "{broken:?}");
}

/// `cutover status | head -1` ends without a complaint.
#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn a_reader_that_goes_away_is_no_failure() {
    let server = simulator(Some("tour")).await;
    let run = Program::shell("\"$CUTOVER\" status | true; exit \"${PIPESTATUS[0]}\"")
        .at(&server)
        .run()
        .await;
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    server.shutdown().await;
}
