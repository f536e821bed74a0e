//! CodePipeline: the pipelines, their structures, where they stand, what ran in them.
//!
//! CodePipeline has no call for many pipelines at once: each state, structure and history is a call
//! of its own. How often each is made is decided where the questions are.

use std::cmp::Reverse;
use std::collections::HashSet;

use aws_sdk_codepipeline::types::ActionExecutionFilter;

use super::Aws;
use super::answer::PipelineExecutions;
use super::budget::Group;
use super::call::{Operation, Pages};
use super::convert::{collect, pipelines as convert};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::pipeline::{
    ActionExecution, ExecutionId, PipelineName, PipelineState, PipelineStructure, PipelineSummary,
};

const LIST: Operation = Operation::new("codepipeline:ListPipelines", Group::PipelineReads);
const GET_STATE: Operation = Operation::new("codepipeline:GetPipelineState", Group::PipelineReads);
const GET: Operation = Operation::new("codepipeline:GetPipeline", Group::PipelineReads);
const LIST_EXECUTIONS: Operation =
    Operation::new("codepipeline:ListPipelineExecutions", Group::PipelineReads);
const LIST_ACTIONS: Operation =
    Operation::new("codepipeline:ListActionExecutions", Group::PipelineReads);

/// AWS's limit of a page of pipelines.
const PIPELINES_A_PAGE: i32 = 1_000;
/// AWS's limit of a page of executions, and of a page of runs of actions.
const EXECUTIONS_A_PAGE: i32 = 100;

impl Aws {
    /// All pipelines, in the order of the alphabet. Where they may not be listed, that is not tried
    /// again for ten minutes.
    pub async fn pipelines(&self) -> Result<Vec<PipelineSummary>, Failure> {
        let mut found = Vec::new();
        let mut pages = Pages::of(LIST);
        loop {
            let token = pages.token();
            let answer = self
                .call_spared(LIST, "", |clients| {
                    let request = clients.codepipeline.list_pipelines();
                    let request = request.max_results(PIPELINES_A_PAGE);
                    request.set_next_token(token).send()
                })
                .await?;
            found.extend(collect(answer.pipelines(), convert::summary));
            if !pages.more(answer.next_token)? {
                break;
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        // A pipeline that is made between two pages can move another to both.
        found.dedup_by(|a, b| a.name == b.name);
        Ok(found)
    }

    /// Where a pipeline stands; `None` when it is not there any more.
    pub async fn pipeline_state(
        &self,
        name: &PipelineName,
    ) -> Result<Option<PipelineState>, Failure> {
        let answer = self
            .call_spared(GET_STATE, name.as_str(), |clients| {
                let request = clients.codepipeline.get_pipeline_state();
                request.name(name.as_str()).send()
            })
            .await;
        unless_gone(answer.map(|answer| Some(convert::state(name, &answer))))
    }

    /// What a pipeline declares; `None` when it is not there any more.
    pub async fn pipeline_structure(
        &self,
        name: &PipelineName,
    ) -> Result<Option<PipelineStructure>, Failure> {
        let answer = self
            .call_spared(GET, name.as_str(), |clients| {
                let request = clients.codepipeline.get_pipeline();
                request.name(name.as_str()).send()
            })
            .await;
        unless_gone(answer.map(|answer| convert::structure(&answer)))
    }

    /// The executions of a pipeline, newest first: pages of a hundred, at most so many.
    pub async fn pipeline_executions(
        &self,
        name: &PipelineName,
        most_pages: usize,
    ) -> Result<PipelineExecutions, Failure> {
        let mut found = PipelineExecutions::default();
        let mut pages = Pages::of(LIST_EXECUTIONS);
        for page in 1.. {
            let token = pages.token();
            let answer = self
                .call_spared(LIST_EXECUTIONS, name.as_str(), |clients| {
                    let request = clients.codepipeline.list_pipeline_executions();
                    let request = request.pipeline_name(name.as_str());
                    let request = request.max_results(EXECUTIONS_A_PAGE);
                    request.set_next_token(token).send()
                })
                .await?;
            let summaries = answer.pipeline_execution_summaries();
            found.items.extend(collect(summaries, convert::execution));
            if !pages.more(answer.next_token)? {
                break;
            }
            if page >= most_pages {
                found.cut = true;
                break;
            }
        }
        found.items.sort_by_key(|one| Reverse(one.started_at));
        // An execution that begins between two pages moves another to both.
        let mut seen = HashSet::new();
        found.items.retain(|one| seen.insert(one.id.clone()));
        Ok(found)
    }

    /// The runs of the actions of an execution, in the order in which they began.
    pub async fn action_executions(
        &self,
        pipeline: &PipelineName,
        execution: &ExecutionId,
    ) -> Result<Vec<ActionExecution>, Failure> {
        let filter = ActionExecutionFilter::builder()
            .pipeline_execution_id(execution.as_str())
            .build();
        let mut found = Vec::new();
        let mut pages = Pages::of(LIST_ACTIONS);
        loop {
            let token = pages.token();
            let filter = filter.clone();
            let answer = self
                .call_spared(LIST_ACTIONS, pipeline.as_str(), |clients| {
                    let request = clients.codepipeline.list_action_executions();
                    let request = request.pipeline_name(pipeline.as_str()).filter(filter);
                    let request = request.max_results(EXECUTIONS_A_PAGE);
                    request.set_next_token(token).send()
                })
                .await?;
            let details = answer.action_execution_details();
            found.extend(collect(details, convert::action_execution));
            if !pages.more(answer.next_token)? {
                break;
            }
        }
        // AWS tells the newest first. An endpoint that does not know the filter tells others too.
        found.retain(|run| run.execution == *execution);
        found.reverse();
        found.sort_by_key(|run| run.started_at);
        let mut seen = HashSet::new();
        found.retain(|run| seen.insert(run.id.clone()));
        Ok(found)
    }
}

/// A pipeline that was deleted is no failure: the list will not name it any more.
fn unless_gone<T>(answer: Result<Option<T>, Failure>) -> Result<Option<T>, Failure> {
    match answer {
        Err(failure) if failure.kind == FailureKind::NotFound => Ok(None),
        other => other,
    }
}
