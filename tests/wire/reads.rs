//! Reading: every page, batches as large as AWS allows, and nothing asked twice that cannot have
//! changed.

use cutover::aws::DesiredStatus;
use cutover::domain::arn::{ClusterArn, ServiceArn, TaskArn};
use cutover::domain::failure::FailureKind;
use cutover::domain::service_deployment::ServiceDeploymentStatus;
use serde_json::{Value, json};

use crate::server::{Asked, Endpoint, Reply};

fn cluster() -> ClusterArn {
    ClusterArn::new("arn:aws:ecs:eu-west-1:1:cluster/prod")
}

fn service() -> ServiceArn {
    ServiceArn::new("arn:aws:ecs:eu-west-1:1:service/prod/web")
}

#[tokio::test]
async fn every_page_is_read_and_shown_as_it_comes() {
    let endpoint = Endpoint::start(|asked| {
        Reply::json(&match asked.body["nextToken"].as_str() {
            None => json!({"clusterArns": ["a", "b"], "nextToken": "2"}),
            Some("2") => json!({"clusterArns": [], "nextToken": "3"}),
            Some(_) => json!({"clusterArns": ["c"]}),
        })
    })
    .await;
    let aws = endpoint.connect().await;
    let mut pages = Vec::new();
    let arns = aws.cluster_arns(|page| pages.push(page.len())).await;
    assert_eq!(arns.unwrap().len(), 3);
    assert_eq!(pages, [2, 0, 1]);
    let asked = endpoint.asked();
    assert_eq!(asked[0].body["maxResults"], 100);
    assert!(asked[0].head.contains("app/cutover"), "{}", asked[0].head);
}

#[tokio::test]
async fn no_list_is_not_an_empty_list() {
    let endpoint = Endpoint::always(|| Reply::Http(200, "text/plain", String::new())).await;
    let failure = endpoint.connect().await.cluster_arns(|_| {}).await;
    assert_eq!(failure.unwrap_err().kind, FailureKind::Garbled);
}

#[tokio::test]
async fn an_endless_list_is_a_failure() {
    let endless = || Reply::json(&json!({"clusterArns": ["a"], "nextToken": "again"}));
    let endpoint = Endpoint::always(endless).await;
    let failure = endpoint.connect().await.cluster_arns(|_| {}).await;
    assert_eq!(failure.unwrap_err().kind, FailureKind::Garbled);
    assert_eq!(endpoint.asked().len(), 2);
}

#[tokio::test]
async fn services_come_by_tens_in_the_order_asked_for() {
    let endpoint = Endpoint::start(|asked| {
        let names = asked.body["services"].as_array().unwrap();
        assert!(names.len() <= 10);
        let services: Vec<Value> = names
            .iter()
            .filter(|name| *name != "s7")
            .map(|name| json!({"serviceArn": name, "taskDefinition": "td:1"}))
            .collect();
        let failures: Vec<Value> = names
            .iter()
            .filter(|name| *name == "s7")
            .map(|name| json!({"arn": name, "reason": "MISSING"}))
            .collect();
        Reply::json(&json!({"services": services, "failures": failures}))
    })
    .await;
    let aws = endpoint.connect().await;
    let arns: Vec<_> = (0..25).map(|n| ServiceArn::new(format!("s{n}"))).collect();
    let mut batches = Vec::new();
    let found = aws
        .services(&cluster(), &arns, |batch| batches.push(batch.len()))
        .await
        .unwrap();
    assert_eq!(batches, [9, 10, 5]);
    let wanted: Vec<_> = arns.iter().filter(|arn| arn.as_str() != "s7").collect();
    let got: Vec<_> = found.items.iter().map(|item| &item.arn).collect();
    assert_eq!(got, wanted);
    assert_eq!(found.missing, [("s7".to_owned(), "MISSING".to_owned())]);
}

fn record(id: &str, status: &str, created: i64) -> Value {
    json!({
        "serviceDeploymentArn": format!("arn:aws:ecs:eu-west-1:1:service-deployment/prod/web/{id}"),
        "serviceArn": service().as_str(),
        "clusterArn": cluster().as_str(),
        "status": status,
        "createdAt": created,
        "targetServiceRevision": {"arn": format!("revision-{id}"), "requestedTaskCount": 3},
        "targetServiceRevisionArn": format!("revision-{id}"),
    })
}

fn release_endpoint(asked: &Asked) -> Reply {
    let all = [
        record("old", "SUCCESSFUL", 100),
        record("new", "IN_PROGRESS", 200),
    ];
    let wanted = |key: &str| -> Vec<String> {
        let names = asked.body[key].as_array().cloned().unwrap_or_default();
        names
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    };
    Reply::json(&match asked.operation.as_str() {
        "ListServiceDeployments" => json!({ "serviceDeployments": all }),
        "DescribeServiceDeployments" => {
            let arns = wanted("serviceDeploymentArns");
            let known = all.into_iter().filter(|record| {
                let arn = record["serviceDeploymentArn"].as_str().unwrap();
                arns.iter().any(|wanted| wanted == arn)
            });
            json!({"serviceDeployments": known.collect::<Vec<_>>()})
        }
        "DescribeServiceRevisions" => {
            let revisions = wanted("serviceRevisionArns");
            let known = revisions.iter().map(|arn| {
                json!({
                    "serviceRevisionArn": arn,
                    "taskDefinition": format!("td-of-{arn}"),
                    "containerImages": [{"containerName": "app", "image": "web:2"}],
                })
            });
            json!({"serviceRevisions": known.collect::<Vec<_>>()})
        }
        other => panic!("not expected: {other}"),
    })
}

#[tokio::test]
async fn watching_a_release_costs_one_list_and_one_describe() {
    let endpoint = Endpoint::start(release_endpoint).await;
    let aws = endpoint.connect().await;
    let first = aws
        .service_deployments(&cluster(), &service())
        .await
        .unwrap()
        .records;
    assert_eq!(
        first[0].status,
        ServiceDeploymentStatus::InProgress,
        "newest first"
    );
    let target = first[0].target.as_ref().unwrap();
    assert_eq!(target.requested, Some(3));
    assert_eq!(target.images, ["web:2"]);
    assert_eq!(
        target.task_definition.as_ref().unwrap().as_str(),
        "td-of-revision-new"
    );
    let before = endpoint.asked().len();
    let second = aws
        .service_deployments(&cluster(), &service())
        .await
        .unwrap()
        .records;
    assert_eq!(first, second);
    let asked = endpoint.asked().split_off(before);
    let operations: Vec<_> = asked.iter().map(|asked| asked.operation.as_str()).collect();
    assert_eq!(
        operations,
        ["ListServiceDeployments", "DescribeServiceDeployments"]
    );
    assert_eq!(
        asked[1].body["serviceDeploymentArns"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn without_permission_to_describe_the_list_still_tells() {
    let endpoint = Endpoint::start(|asked| match asked.operation.as_str() {
        "ListServiceDeployments" => release_endpoint(asked),
        _ => Reply::error("AccessDeniedException", "no"),
    })
    .await;
    let aws = endpoint.connect().await;
    let read = aws
        .service_deployments(&cluster(), &service())
        .await
        .unwrap();
    let (records, unread) = (read.records, read.unread.unwrap());
    assert_eq!(unread.kind, FailureKind::AccessDenied);
    assert_eq!(unread.call, "ecs:DescribeServiceDeployments");
    assert_eq!(records.len(), 2);
    assert_eq!(records[1].status, ServiceDeploymentStatus::Successful);
    assert_eq!(records[0].target.as_ref().unwrap().task_definition, None);
}

#[tokio::test]
async fn a_passing_failure_to_describe_is_not_taken_for_an_answer() {
    let endpoint = Endpoint::start(|asked| match asked.operation.as_str() {
        "ListServiceDeployments" => release_endpoint(asked),
        _ => Reply::error("ThrottlingException", "Rate exceeded"),
    })
    .await;
    let aws = endpoint.connect().await;
    let failure = aws
        .service_deployments(&cluster(), &service())
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Throttled);
    assert_eq!(failure.call, "ecs:DescribeServiceDeployments");
}

#[tokio::test]
async fn a_stopped_task_is_described_once() {
    let endpoint = Endpoint::start(|asked| {
        Reply::json(&match asked.operation.as_str() {
            "ListTasks" => json!({"taskArns": ["t1"]}),
            _ => json!({"tasks": [
                {"taskArn": "t1", "taskDefinitionArn": "td:1", "lastStatus": "STOPPED"}
            ]}),
        })
    })
    .await;
    let aws = endpoint.connect().await;
    for _ in 0..2 {
        let service = service();
        let tasks = aws
            .tasks(&cluster(), Some(&service), DesiredStatus::Stopped)
            .await;
        assert_eq!(tasks.unwrap()[0].arn, TaskArn::new("t1"));
    }
    assert_eq!(
        endpoint.operations(),
        ["ListTasks", "DescribeTasks", "ListTasks"]
    );
    let asked = &endpoint.asked()[0].body;
    assert_eq!(asked["desiredStatus"], "STOPPED");
    assert_eq!(asked["serviceName"], "web");
}

#[tokio::test]
async fn a_task_that_is_gone_is_none() {
    let gone =
        || Reply::json(&json!({"tasks": [], "failures": [{"arn": "t", "reason": "MISSING"}]}));
    let endpoint = Endpoint::always(gone).await;
    let task = endpoint
        .connect()
        .await
        .task(&cluster(), &TaskArn::new("t"))
        .await;
    assert_eq!(task, Ok(None));
}
