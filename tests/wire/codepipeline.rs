//! CodePipeline on the wire, as the real SDK reads it.

use aws_config::{BehaviorVersion, Region};
use aws_sdk_codepipeline::Client;
use aws_sdk_codepipeline::types::{
    ActionCategory, ActionDeclaration, ActionOwner, ActionTypeId, ApprovalResult, ApprovalStatus,
    ArtifactStore, ArtifactStoreType, ExecutionMode, InputArtifact, OutputArtifact,
    PipelineDeclaration, PipelineExecutionStatus, PipelineType, StageDeclaration,
};
use aws_sdk_sts::config::Credentials;
use cutover::sim::server::SimServer;

use crate::raw::{simulator, steer};

async fn client(server: &SimServer) -> Client {
    let config = aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(server.endpoint())
        .region(Region::new("ap-northeast-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .load()
        .await;
    Client::new(&config)
}

fn action(name: &str, category: &ActionCategory, provider: &str) -> ActionDeclaration {
    let kind = ActionTypeId::builder()
        .category(category.clone())
        .owner(ActionOwner::Aws)
        .provider(provider)
        .version("1")
        .build()
        .unwrap();
    let action = ActionDeclaration::builder().name(name).action_type_id(kind);
    let action = match category {
        ActionCategory::Source => action
            .configuration("S3Bucket", "sources")
            .configuration("S3ObjectKey", "shop.zip")
            .output_artifacts(OutputArtifact::builder().name("Source").build().unwrap()),
        ActionCategory::Build => action
            .configuration("ProjectName", "shop")
            .input_artifacts(InputArtifact::builder().name("Source").build().unwrap()),
        _ => action.configuration("CustomData", "Deploy?"),
    };
    action.build().unwrap()
}

fn declaration() -> PipelineDeclaration {
    let store = ArtifactStore::builder()
        .r#type(ArtifactStoreType::S3)
        .location("artifacts")
        .build()
        .unwrap();
    let actions = [
        action("Source", &ActionCategory::Source, "S3"),
        action("Build", &ActionCategory::Build, "CodeBuild"),
        action("Approve", &ActionCategory::Approval, "Manual"),
    ];
    let stages = actions.map(|action| {
        let stage = StageDeclaration::builder().name(action.name());
        stage.actions(action).build().unwrap()
    });
    PipelineDeclaration::builder()
        .name("shop")
        .role_arn("arn:aws:iam::123456789012:role/pipeline")
        .artifact_store(store)
        .pipeline_type(PipelineType::V2)
        .execution_mode(ExecutionMode::Queued)
        .set_stages(Some(stages.to_vec()))
        .build()
        .unwrap()
}

async fn token(client: &Client) -> Option<String> {
    let state = client
        .get_pipeline_state()
        .name("shop")
        .send()
        .await
        .unwrap();
    let stage = state.stage_states().last()?;
    let run = stage.action_states().first()?.latest_execution()?;
    run.token().map(str::to_owned)
}

#[tokio::test]
async fn an_approval_is_answered_once() {
    let server = simulator().await;
    let client = client(&server).await;
    let created = client
        .create_pipeline()
        .pipeline(declaration())
        .send()
        .await;
    assert_eq!(created.unwrap().pipeline().unwrap().version(), Some(1));
    steer(&server, "POST", "/_sim/advance", r#"{"seconds": 300}"#).await;
    let waiting = token(&client).await.unwrap();
    let put = |token: &str| {
        let result = ApprovalResult::builder()
            .status(ApprovalStatus::Approved)
            .summary("looks good")
            .build()
            .unwrap();
        client
            .put_approval_result()
            .pipeline_name("shop")
            .stage_name("Approve")
            .action_name("Approve")
            .result(result)
            .token(token)
            .send()
    };
    let stale = put("00000000-0000-4000-8000-000000000000")
        .await
        .unwrap_err();
    assert!(
        stale
            .into_service_error()
            .is_invalid_approval_token_exception()
    );
    assert!(put(&waiting).await.unwrap().approved_at().is_some());
    let again = put(&waiting).await.unwrap_err();
    assert!(
        again
            .into_service_error()
            .is_approval_already_completed_exception()
    );
    assert_eq!(token(&client).await, None);
    let listed = client
        .list_pipeline_executions()
        .pipeline_name("shop")
        .send()
        .await;
    let listed = listed.unwrap();
    let execution = listed.pipeline_execution_summaries().first().unwrap();
    assert_eq!(
        execution.status(),
        Some(&PipelineExecutionStatus::Succeeded)
    );
    server.shutdown().await;
}

#[tokio::test]
async fn a_build_has_a_log_that_can_be_read() {
    let server = simulator().await;
    let client = client(&server).await;
    client
        .create_pipeline()
        .pipeline(declaration())
        .send()
        .await
        .unwrap();
    steer(&server, "POST", "/_sim/advance", r#"{"seconds": 60}"#).await;
    let state = client
        .get_pipeline_state()
        .name("shop")
        .send()
        .await
        .unwrap();
    let run = state.stage_states()[1].action_states()[0]
        .latest_execution()
        .unwrap()
        .clone();
    assert!((1..100).contains(&run.percent_complete().unwrap()));
    let arn = run.log_stream_arn().unwrap();
    let (_, stream) = arn.rsplit_once(":log-stream:").unwrap();
    let id = run.external_execution_id().unwrap();
    assert_eq!(id, format!("shop:{stream}"));
    server.shutdown().await;
}

#[tokio::test]
async fn a_pipeline_that_is_not_there_is_an_error_of_its_own() {
    let server = simulator().await;
    let client = client(&server).await;
    let error = client
        .get_pipeline_state()
        .name("none")
        .send()
        .await
        .unwrap_err();
    let error = error.into_service_error();
    assert!(error.is_pipeline_not_found_exception(), "{error:?}");
    server.shutdown().await;
}
