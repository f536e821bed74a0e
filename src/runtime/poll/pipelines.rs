//! Asks CodePipeline.

use jiff::Timestamp;

use super::Asker;
use crate::app::msg::Data;
use crate::app::query::Query;
use crate::domain::failure::Failure;
use crate::domain::pipeline::PipelineName;

/// Pages of a hundred executions that are read of a pipeline; the list says that there are more.
const HISTORY_PAGES: usize = 5;
/// Pages that are looked through for executions in flight. A pipeline in PARALLEL mode has at most
/// fifty of them at once, and the oldest can be months old.
const PARALLEL_PAGES: usize = 3;

impl Asker {
    /// Answers a question about pipelines; `None` for any other question.
    pub(super) async fn pipelines(
        &self,
        query: &Query,
        asked_at: Timestamp,
    ) -> Result<Option<Data>, Failure> {
        Ok(Some(match query {
            Query::Pipelines => Data::Pipelines(self.aws.pipelines().await?),
            Query::PipelineState(pipeline) => Data::PipelineState {
                pipeline: pipeline.clone(),
                state: self.aws.pipeline_state(pipeline).await?.map(Box::new),
            },
            Query::PipelineStructure(pipeline) => Data::PipelineStructure {
                pipeline: pipeline.clone(),
                structure: self.aws.pipeline_structure(pipeline).await?.map(Box::new),
            },
            Query::PipelineExecutions(pipeline) => {
                let read = self
                    .aws
                    .pipeline_executions(pipeline, HISTORY_PAGES)
                    .await?;
                Data::PipelineExecutions {
                    pipeline: pipeline.clone(),
                    executions: read.items,
                    cut: read.cut,
                }
            }
            Query::ParallelExecutions(pipeline) => self.parallel(pipeline, asked_at).await?,
            Query::ActionExecutions {
                pipeline,
                execution,
            } => Data::ActionExecutions {
                pipeline: pipeline.clone(),
                execution: execution.clone(),
                actions: self.aws.action_executions(pipeline, execution).await?,
            },
            _ => return Ok(None),
        }))
    }

    /// The runs of each execution are told before the list that names it, so that no execution ever
    /// looks as if nothing waited in it.
    async fn parallel(
        &self,
        pipeline: &PipelineName,
        asked_at: Timestamp,
    ) -> Result<Data, Failure> {
        let mut read = self
            .aws
            .pipeline_executions(pipeline, PARALLEL_PAGES)
            .await?;
        read.items.retain(|execution| !execution.status.is_over());
        for execution in &read.items {
            let actions = self.aws.action_executions(pipeline, &execution.id).await?;
            let data = Data::ActionExecutions {
                pipeline: pipeline.clone(),
                execution: execution.id.clone(),
                actions,
            };
            self.tell(asked_at, data).await;
        }
        Ok(Data::ParallelExecutions {
            pipeline: pipeline.clone(),
            executions: read.items,
            cut: read.cut,
        })
    }
}
