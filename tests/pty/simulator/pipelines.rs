//! What AWS tells of pipelines: their executions, where these stand, and what waits in them.

use aws_sdk_codepipeline::types::{
    ActionExecutionDetail, ActionExecutionStatus, ApprovalResult, ApprovalStatus,
    PipelineExecutionSummary, StageState,
};
use aws_sdk_codepipeline::{Client, config::Credentials};
use aws_sdk_ecs::config::SharedCredentialsProvider;

use super::Simulator;

impl Simulator {
    fn codepipeline(&self) -> Client {
        Client::new(&self.aws)
    }

    /// The executions of a pipeline, the newest first.
    pub fn executions(&self, pipeline: &str) -> Vec<PipelineExecutionSummary> {
        let client = self.codepipeline();
        let asked = client.list_pipeline_executions().pipeline_name(pipeline);
        let answer = self.runtime.block_on(asked.send()).unwrap();
        answer.pipeline_execution_summaries.unwrap_or_default()
    }

    /// The id of the execution of a commit, by the beginning of the commit's id.
    #[track_caller]
    pub fn execution_of(&self, pipeline: &str, commit: &str) -> String {
        let all = self.executions(pipeline).into_iter();
        let mut own = all.filter(|one| {
            let mut sources = one.source_revisions().iter();
            sources.any(|source| source.revision_id().unwrap_or_default().starts_with(commit))
        });
        own.next().unwrap().pipeline_execution_id.unwrap()
    }

    /// The status of an execution.
    #[track_caller]
    pub fn execution_status(&self, pipeline: &str, execution: &str) -> String {
        let all = self.executions(pipeline).into_iter();
        let mut own = all.filter(|one| one.pipeline_execution_id() == Some(execution));
        own.next().unwrap().status.unwrap().as_str().to_owned()
    }

    /// A stage as it stands.
    #[track_caller]
    pub fn stage_state(&self, pipeline: &str, stage: &str) -> StageState {
        let asked = self.codepipeline().get_pipeline_state().name(pipeline);
        let answer = self.runtime.block_on(asked.send()).unwrap();
        let stages = answer.stage_states.unwrap_or_default().into_iter();
        let mut own = stages.filter(|one| one.stage_name() == Some(stage));
        own.next().unwrap()
    }

    /// The runs of the actions of a pipeline, the newest first.
    pub fn action_runs(&self, pipeline: &str) -> Vec<ActionExecutionDetail> {
        let client = self.codepipeline();
        let asked = client.list_action_executions().pipeline_name(pipeline);
        let answer = self.runtime.block_on(asked.send()).unwrap();
        answer.action_execution_details.unwrap_or_default()
    }

    /// The executions whose action `Approve` waits, the newest first.
    pub fn waiting(&self, pipeline: &str) -> Vec<String> {
        let runs = self.action_runs(pipeline).into_iter();
        let waiting = runs.filter(|run| {
            run.action_name() == Some("Approve")
                && run.status == Some(ActionExecutionStatus::InProgress)
        });
        waiting
            .map(|run| run.pipeline_execution_id.unwrap())
            .collect()
    }

    /// What was said in the answer to the approval of an execution.
    pub fn said(&self, pipeline: &str, execution: &str) -> String {
        let runs = self.action_runs(pipeline).into_iter();
        let mut own = runs.filter(|run| {
            run.action_name() == Some("Approve") && run.pipeline_execution_id() == Some(execution)
        });
        let output = own.next().unwrap().output.unwrap();
        let result = output.execution_result.unwrap();
        result.external_execution_summary.unwrap_or_default()
    }

    /// Somebody else answers the approval that waits in a stage.
    #[track_caller]
    pub fn answer_approval(&self, pipeline: &str, stage: &str, status: ApprovalStatus, say: &str) {
        let state = self.stage_state(pipeline, stage);
        let mut actions = state.action_states().iter();
        let token = actions.find_map(|action| action.latest_execution()?.token());
        let result = ApprovalResult::builder().status(status).summary(say);
        let client = self.codepipeline();
        let asked = client
            .put_approval_result()
            .pipeline_name(pipeline)
            .stage_name(stage)
            .action_name("Approve")
            .token(token.unwrap())
            .result(result.build().unwrap());
        self.runtime.block_on(asked.send()).unwrap();
    }

    /// The image that a service is meant to run.
    pub fn image(&self, cluster: &str, service: &str) -> String {
        self.image_by(&self.ecs.clone(), cluster, service)
    }

    /// The image that a service is meant to run in the account of an access key.
    pub fn image_in(&self, access_key: &str, cluster: &str, service: &str) -> String {
        let credentials = Credentials::new(access_key, "key", None, None, "test");
        let provider = SharedCredentialsProvider::new(credentials);
        let there = self.aws.to_builder().credentials_provider(provider).build();
        self.image_by(&aws_sdk_ecs::Client::new(&there), cluster, service)
    }

    fn image_by(&self, client: &aws_sdk_ecs::Client, cluster: &str, service: &str) -> String {
        let asked = client
            .describe_services()
            .cluster(cluster)
            .services(service);
        let answer = self.runtime.block_on(asked.send()).unwrap();
        let definition = answer.services()[0].task_definition.clone();
        let asked = client
            .describe_task_definition()
            .set_task_definition(definition);
        let answer = self.runtime.block_on(asked.send()).unwrap();
        let containers = answer.task_definition.unwrap().container_definitions;
        containers.unwrap().remove(0).image.unwrap()
    }
}
