//! Changing: sent once, only from a confirmed plan, and with nothing in it that does not change.

use cutover::aws::{Aws, connect};
use cutover::domain::arn::{
    ClusterArn, ServiceArn, ServiceDeploymentArn, TaskArn, TaskDefinitionArn,
};
use cutover::domain::call::{Call, DeploymentOrder, DeploymentWait, HookAnswer};
use cutover::domain::codedeploy::GroupId;
use cutover::domain::confirmation::{Confirmation, Confirmed};
use cutover::domain::facts::{Facts, Ground};
use cutover::domain::failure::FailureKind;
use cutover::domain::intent::{Intent, ServiceIntent, Wish};
use cutover::domain::plan::{Goal, Plan};
use serde_json::json;

use crate::server::{Endpoint, Reply, options};

fn cluster() -> ClusterArn {
    ClusterArn::new("prod")
}

fn service() -> ServiceArn {
    ServiceArn::new("web")
}

/// A plan for a call, confirmed as a person would.
pub fn confirmed(call: Call) -> Confirmed<Plan> {
    let facts = Facts::nothing();
    let plan = Plan {
        intent: Intent::Service(ServiceIntent {
            cluster: cluster(),
            service: Some(service()),
            wish: Wish::ForceRedeploy,
        }),
        how: String::new(),
        what: String::new(),
        to: None,
        then: Vec::new(),
        checks: Vec::new(),
        call,
        account: String::new(),
        production: false,
        basis: Ground::Service(facts.basis(&Wish::ForceRedeploy)),
        goal: Goal::TaskStopped {
            cluster: cluster(),
            task: TaskArn::new("t"),
        },
        first: None,
    };
    let mut confirmation = Confirmation::new(plan);
    confirmation.toggle();
    confirmation.answer().unwrap()
}

fn force() -> Confirmed<Plan> {
    confirmed(Call::ForceNewDeployment {
        cluster: cluster(),
        service: service(),
    })
}

async fn body_of(call: Call) -> serde_json::Value {
    let endpoint = Endpoint::always(|| Reply::json(&json!({}))).await;
    let aws = endpoint.connect().await;
    let sent = aws.send(&confirmed(call)).await.unwrap();
    assert_eq!(sent.request_id.as_deref(), Some("req-1"));
    let asked = endpoint.asked();
    assert_eq!(asked.len(), 1);
    asked[0].body.clone()
}

#[tokio::test]
async fn only_what_changes_is_sent() {
    let update = |change: (&str, serde_json::Value)| {
        let mut body = json!({"cluster": "prod", "service": "web"});
        body[change.0] = change.1;
        body
    };
    let (cluster, service) = (cluster(), service());
    let force = Call::ForceNewDeployment {
        cluster: cluster.clone(),
        service: service.clone(),
    };
    assert_eq!(
        body_of(force).await,
        update(("forceNewDeployment", json!(true)))
    );
    let deploy = Call::UpdateTaskDefinition {
        cluster: cluster.clone(),
        service: service.clone(),
        task_definition: TaskDefinitionArn::new("web:7"),
    };
    assert_eq!(
        body_of(deploy).await,
        update(("taskDefinition", json!("web:7")))
    );
    let scale = Call::UpdateDesiredCount {
        cluster: cluster.clone(),
        service,
        desired: 0,
    };
    assert_eq!(body_of(scale).await, update(("desiredCount", json!(0))));
    let stop = Call::StopServiceDeployment {
        deployment: ServiceDeploymentArn::new("sd"),
    };
    assert_eq!(
        body_of(stop).await,
        json!({"serviceDeploymentArn": "sd", "stopType": "ROLLBACK"})
    );
    let stop_task = Call::StopTask {
        cluster,
        task: TaskArn::new("t"),
        reason: "why".into(),
    };
    assert_eq!(
        body_of(stop_task).await,
        json!({"cluster": "prod", "task": "t", "reason": "why"})
    );
}

fn order(copy: bool) -> Call {
    Call::CreateDeployment(DeploymentOrder {
        group: GroupId {
            application: "shop".into(),
            group: "web".into(),
        },
        task_definition: TaskDefinitionArn::new("web:1"),
        container: "app".into(),
        port: 8080,
        copy,
    })
}

#[tokio::test]
async fn what_steers_a_release_is_sent_as_it_was_confirmed() {
    for (answer, word) in [
        (HookAnswer::Continue, "CONTINUE"),
        (HookAnswer::RollBack, "ROLLBACK"),
    ] {
        let call = Call::ContinueServiceDeployment {
            deployment: ServiceDeploymentArn::new("sd"),
            hook: "h-1".into(),
            answer,
        };
        let body = json!({"serviceDeploymentArn": "sd", "hookId": "h-1", "action": word});
        assert_eq!(body_of(call).await, body);
    }
    let primary = Call::UpdatePrimaryTaskSet {
        cluster: cluster(),
        service: service(),
        task_set: "ecs-svc/1".into(),
    };
    assert_eq!(
        body_of(primary).await,
        json!({"cluster": "prod", "service": "web", "primaryTaskSet": "ecs-svc/1"})
    );
    for roll_back in [true, false] {
        let deployment = "d-A".to_owned();
        let body = json!({"deploymentId": "d-A", "autoRollbackEnabled": roll_back});
        let call = Call::StopDeployment {
            deployment,
            roll_back,
        };
        assert_eq!(body_of(call).await, body);
    }
    for (wait, word) in [
        (DeploymentWait::Ready, "READY_WAIT"),
        (DeploymentWait::Termination, "TERMINATION_WAIT"),
    ] {
        let deployment = "d-A".to_owned();
        let body = json!({"deploymentId": "d-A", "deploymentWaitType": word});
        assert_eq!(
            body_of(Call::ContinueDeployment { deployment, wait }).await,
            body
        );
    }
}

#[tokio::test]
async fn a_deployment_is_made_with_an_app_spec_and_its_copy_first() {
    let copy = "arn:aws:ecs:eu-west-1:1:task-definition/web:9";
    for (copied, runs) in [(false, "web:1"), (true, copy)] {
        let endpoint = Endpoint::start(move |asked| {
            Reply::json(&match asked.operation.as_str() {
                "CreateDeployment" => json!({"deploymentId": "d-A"}),
                _ => json!({"taskDefinition": {"taskDefinitionArn": copy, "family": "web"}}),
            })
        })
        .await;
        let aws = endpoint.connect().await;
        let sent = aws.send(&confirmed(order(copied))).await.unwrap();
        assert_eq!(sent.detail.as_deref(), Some("d-A"));
        let asked = endpoint.asked();
        let body = &asked.last().unwrap().body;
        assert_eq!(body["applicationName"], "shop");
        assert_eq!(body["deploymentGroupName"], "web");
        assert_eq!(body["revision"]["revisionType"], "AppSpecContent");
        let content = body["revision"]["appSpecContent"]["content"]
            .as_str()
            .unwrap();
        let spec: serde_json::Value = serde_json::from_str(content).unwrap();
        let properties = &spec["Resources"][0]["TargetService"]["Properties"];
        assert_eq!(properties["TaskDefinition"], runs);
        let balancer = json!({"ContainerName": "app", "ContainerPort": 8080});
        assert_eq!(properties["LoadBalancerInfo"], balancer);
        assert_eq!(asked.len(), if copied { 3 } else { 1 });
    }
}

#[tokio::test]
async fn a_stop_that_came_too_late_says_so() {
    let reply = || Reply::error("DeploymentAlreadyCompletedException", "done");
    let (_endpoint, aws) = send_to(reply).await;
    let stop = Call::StopDeployment {
        deployment: "d-A".into(),
        roll_back: true,
    };
    let failure = aws.send(&confirmed(stop)).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Conflict);
    assert!(
        failure
            .message
            .starts_with("it ended before it could be stopped")
    );
}

#[tokio::test]
async fn a_read_only_cockpit_sends_nothing() {
    let endpoint = Endpoint::always(|| Reply::json(&json!({"clusterArns": ["a"]}))).await;
    let mut options = options(&endpoint.url);
    options.read_only = true;
    let aws = connect(options).await;
    let copy = confirmed(Call::RegisterCopyAndUpdate {
        cluster: cluster(),
        service: service(),
        source: TaskDefinitionArn::new("web:1"),
    });
    let stop = confirmed(Call::StopDeployment {
        deployment: "d-A".into(),
        roll_back: true,
    });
    for plan in [
        force(),
        copy,
        stop,
        confirmed(order(true)),
        confirmed(order(false)),
    ] {
        let failure = aws.send(&plan).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::ReadOnly);
    }
    assert_eq!(endpoint.asked().len(), 0);
    assert_eq!(
        aws.cluster_arns(|_| {}).await.unwrap().len(),
        1,
        "reading goes on"
    );
}

async fn send_to(reply: impl Fn() -> Reply + Send + Sync + 'static) -> (Endpoint, Aws) {
    let endpoint = Endpoint::always(reply).await;
    let aws = endpoint.connect().await;
    (endpoint, aws)
}

#[tokio::test]
async fn a_change_is_never_sent_twice_and_an_unclear_end_says_so() {
    let replies: [fn() -> Reply; 4] = [
        || Reply::Http(500, "text/plain", String::new()),
        || Reply::error("ThrottlingException", "Rate exceeded"),
        || Reply::Raw(b""),
        || Reply::Silence,
    ];
    let doubts = [true, false, true, true];
    for (reply, doubt) in replies.into_iter().zip(doubts) {
        let (endpoint, aws) = send_to(reply).await;
        let failure = aws.send(&force()).await.unwrap_err();
        assert_eq!(endpoint.asked().len(), 1, "{failure:?}");
        assert_eq!(
            failure.message.contains("look before you try again"),
            doubt,
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn a_copy_is_registered_with_everything_and_the_service_moved_to_it() {
    let endpoint = Endpoint::start(|asked| {
        Reply::json(&match asked.operation.as_str() {
            "DescribeTaskDefinition" => json!({
                "taskDefinition": {
                    "taskDefinitionArn": "arn:aws:ecs:eu-west-1:1:task-definition/web:1",
                    "family": "web", "revision": 1, "status": "INACTIVE",
                    "cpu": "256", "memory": "512", "networkMode": "awsvpc",
                    "requiresCompatibilities": ["FARGATE"], "compatibilities": ["EC2", "FARGATE"],
                    "containerDefinitions": [{"name": "app", "image": "web:1",
                        "environment": [{"name": "A", "value": "1"}]}],
                },
                "tags": [{"key": "team", "value": "shop"}, {"key": "aws:x", "value": "y"}],
            }),
            "RegisterTaskDefinition" => json!({"taskDefinition": {
                "taskDefinitionArn": "arn:aws:ecs:eu-west-1:1:task-definition/web:9"}}),
            _ => json!({}),
        })
    })
    .await;
    let aws = endpoint.connect().await;
    let plan = confirmed(Call::RegisterCopyAndUpdate {
        cluster: cluster(),
        service: service(),
        source: TaskDefinitionArn::new("web:1"),
    });
    let sent = aws.send(&plan).await.unwrap();
    let made = "arn:aws:ecs:eu-west-1:1:task-definition/web:9";
    assert_eq!(sent.detail.as_deref(), Some(made));
    let asked = endpoint.asked();
    assert_eq!(
        endpoint.operations(),
        [
            "DescribeTaskDefinition",
            "RegisterTaskDefinition",
            "UpdateService"
        ]
    );
    let register = &asked[1].body;
    assert_eq!(register["family"], "web");
    assert_eq!(register["requiresCompatibilities"], json!(["FARGATE"]));
    assert_eq!(register["tags"], json!([{"key": "team", "value": "shop"}]));
    assert_eq!(
        register["containerDefinitions"][0]["environment"][0]["value"],
        "1"
    );
    assert_eq!(asked[2].body["taskDefinition"], made);
}

#[tokio::test]
async fn a_copy_that_was_registered_is_named_when_the_move_fails() {
    let endpoint = Endpoint::start(|asked| match asked.operation.as_str() {
        "UpdateService" => Reply::error("AccessDeniedException", "not you"),
        _ => Reply::json(&json!({"taskDefinition": {
            "taskDefinitionArn": "arn:aws:ecs:eu-west-1:1:task-definition/web:9",
            "family": "web"}})),
    })
    .await;
    let plan = confirmed(Call::RegisterCopyAndUpdate {
        cluster: cluster(),
        service: service(),
        source: TaskDefinitionArn::new("web:1"),
    });
    let failure = endpoint.connect().await.send(&plan).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::AccessDenied);
    assert_eq!(failure.call, "ecs:UpdateService");
    assert!(
        failure.message.contains("web:9 was registered"),
        "{failure:?}"
    );
}
