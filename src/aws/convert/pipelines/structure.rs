//! What a pipeline declares.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_codepipeline::operation::get_pipeline::GetPipelineOutput;
use aws_sdk_codepipeline::types::{
    ActionDeclaration as SdkAction, ActionTypeId, FailureConditions, Result as OnFailure,
    StageDeclaration as SdkStage,
};

use super::{account, mode, status, text};
use crate::aws::convert::{collect, count, text_or_empty};
use crate::domain::pipeline::{
    ActionDeclaration, Category, PipelineName, PipelineStructure, StageDeclaration,
};
use crate::domain::text::printable;

/// The order of an action that names none.
const FIRST: u32 = 1;

/// Converts a structure; `None` without the pipeline or its name.
pub(in crate::aws) fn structure(source: &GetPipelineOutput) -> Option<PipelineStructure> {
    let pipeline = source.pipeline()?;
    Some(PipelineStructure {
        name: PipelineName::new(text(Some(pipeline.name()))?),
        arn: source
            .metadata()
            .and_then(|metadata| text(metadata.pipeline_arn())),
        version: pipeline.version().map(count),
        mode: mode(pipeline.execution_mode()),
        stages: collect(pipeline.stages(), stage),
    })
}

fn stage(source: &SdkStage) -> Option<StageDeclaration> {
    let on_failure = source.on_failure().and_then(FailureConditions::result);
    Some(StageDeclaration {
        name: text(Some(source.name()))?,
        actions: collect(source.actions(), action),
        on_failure: text(on_failure.map(OnFailure::as_str)),
    })
}

fn action(source: &SdkAction) -> Option<ActionDeclaration> {
    let kind = source.action_type_id();
    Some(ActionDeclaration {
        name: text(Some(source.name()))?,
        category: status(
            kind.map(|kind| kind.category().as_str()),
            Category::from_name,
        ),
        provider: text_or_empty(kind.map(ActionTypeId::provider)),
        run_order: source.run_order().map_or(FIRST, count),
        configuration: configuration(source.configuration()),
        account: account(source.role_arn()),
        region: text(source.region()),
        timeout_minutes: source.timeout_in_minutes().map(count),
    })
}

/// Keys and values as they are, made printable.
pub(super) fn configuration(source: Option<&HashMap<String, String>>) -> BTreeMap<String, String> {
    source
        .into_iter()
        .flatten()
        .map(|(key, value)| (printable(key), printable(value)))
        .collect()
}
