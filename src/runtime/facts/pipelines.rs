//! Reads the facts that a plan about a pipeline is made from, afresh.

use crate::aws::Aws;
use crate::config::settings::ProductionRules;
use crate::domain::context::Identity;
use crate::domain::facts::PipelineFacts;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::intent::{PipelineIntent, PipelineWish};
use crate::domain::pipeline::{
    ActionExecution, DeployTarget, ExecutionId, PipelineExecution, PipelineState, PipelineStructure,
};

/// Pages of executions in which the one that a wish is about is looked for, newest first.
const PAGES: usize = 3;

/// Reads everything that the wish depends on at one moment. The state of the pipeline has to be
/// readable; what else cannot be read is told in the plan.
pub(super) async fn read(
    aws: &Aws,
    intent: &PipelineIntent,
    production: &ProductionRules,
) -> Result<PipelineFacts, Failure> {
    let name = &intent.pipeline;
    let (identity, state, structure) = tokio::join!(
        aws.identity(),
        Box::pin(aws.pipeline_state(name)),
        Box::pin(aws.pipeline_structure(name)),
    );
    let identity = identity.ok();
    let state = state?;
    let structure = structure.and_then(|found| {
        found.ok_or_else(|| Failure {
            call: "codepipeline:GetPipeline".to_owned(),
            kind: FailureKind::NotFound,
            code: None,
            message: format!("there is no pipeline {name}"),
            request_id: None,
        })
    });
    let about = execution_of(&intent.wish, state.as_ref());
    let (execution, actions, succeeded) = tokio::join!(
        Box::pin(execution(aws, intent, about.as_ref())),
        Box::pin(actions(aws, intent)),
        Box::pin(succeeded(aws, intent)),
    );
    let production = is_production(production, identity.as_ref(), structure.as_ref().ok());
    Ok(PipelineFacts {
        identity,
        region: aws.context().region.clone(),
        state,
        structure,
        execution,
        actions,
        succeeded,
        production,
    })
}

/// The execution that a wish is about: the one that it names, or the one in its stage.
fn execution_of(wish: &PipelineWish, state: Option<&PipelineState>) -> Option<ExecutionId> {
    match wish {
        PipelineWish::Answer { execution, .. } | PipelineWish::StopExecution { execution, .. } => {
            Some(execution.clone())
        }
        PipelineWish::RetryStage { .. } | PipelineWish::OverrideCondition { .. } => {
            let stage = state?.stage(wish.stage()?)?;
            Some(stage.latest.as_ref()?.id.clone())
        }
        _ => None,
    }
}

async fn execution(
    aws: &Aws,
    intent: &PipelineIntent,
    id: Option<&ExecutionId>,
) -> Result<Option<PipelineExecution>, Failure> {
    let Some(id) = id else {
        return Ok(None);
    };
    let found = aws.pipeline_executions(&intent.pipeline, PAGES).await?;
    Ok(found.items.into_iter().find(|one| one.id == *id))
}

/// The runs of the actions of the execution that waits for an answer: in pipelines whose mode is
/// PARALLEL only they name the request.
async fn actions(aws: &Aws, intent: &PipelineIntent) -> Result<Vec<ActionExecution>, Failure> {
    match &intent.wish {
        PipelineWish::Answer { execution, .. } => {
            aws.action_executions(&intent.pipeline, execution).await
        }
        _ => Ok(Vec::new()),
    }
}

async fn succeeded(aws: &Aws, intent: &PipelineIntent) -> Result<Vec<PipelineExecution>, Failure> {
    match &intent.wish {
        PipelineWish::RollBackStage { stage, .. } => {
            aws.executions_succeeded_in(&intent.pipeline, stage).await
        }
        _ => Ok(Vec::new()),
    }
}

/// A pipeline is production where its account is, where the account that one of its deploy actions
/// works in is, or where it deploys to a cluster that is.
fn is_production(
    rules: &ProductionRules,
    identity: Option<&Identity>,
    structure: Option<&PipelineStructure>,
) -> bool {
    let own = identity.is_some_and(|who| rules.is_production_account(&who.account, None));
    let deploys = structure.into_iter().flat_map(PipelineStructure::deploys);
    own || deploys.into_iter().any(|(_, action, target)| {
        let there = action.account.as_deref();
        let cluster = match &target {
            DeployTarget::Service { cluster, .. } => Some(cluster),
            DeployTarget::Group(_) => None,
        };
        there.is_some_and(|account| rules.is_production_account(account, None))
            || cluster.is_some_and(|cluster| rules.is_production_cluster(cluster))
    })
}
