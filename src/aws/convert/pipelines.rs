//! Pipelines of CodePipeline: the list, the structure, where they stand, what ran.

mod executions;
mod state;
mod structure;
#[cfg(test)]
mod tests;

use aws_sdk_codepipeline::types::{
    ErrorDetails as SdkError, ExecutionMode as SdkMode, PipelineSummary as SdkSummary,
};

pub(in crate::aws) use executions::{action_execution, execution};
pub(in crate::aws) use state::state;
pub(in crate::aws) use structure::structure;

use super::{count, text, text_or_empty, time};
use crate::domain::pipeline::{ErrorDetails, ExecutionMode, PipelineName, PipelineSummary};
use crate::domain::text::printable;

/// Converts an entry of the list; `None` without its name.
pub(in crate::aws) fn summary(source: &SdkSummary) -> Option<PipelineSummary> {
    Some(PipelineSummary {
        name: PipelineName::new(text(source.name())?),
        version: source.version().map(count),
        mode: mode(source.execution_mode()),
        created_at: time(source.created()),
        updated_at: time(source.updated()),
    })
}

fn mode(source: Option<&SdkMode>) -> Option<ExecutionMode> {
    let word = text(source.map(SdkMode::as_str))?;
    Some(ExecutionMode::from_name(&word))
}

/// What went wrong; `None` where nothing is said about it.
fn error(source: Option<&SdkError>) -> Option<ErrorDetails> {
    let source = source?;
    let error = ErrorDetails {
        code: text(source.code()),
        message: text(source.message()),
    };
    (error.code.is_some() || error.message.is_some()).then_some(error)
}

/// A status by its word; empty where the endpoint left it out, so that nothing is made up.
fn status<S>(source: Option<&str>, from_name: impl Fn(&str) -> S) -> S {
    from_name(&text_or_empty(source))
}

/// The account of a role's ARN.
fn account(role: Option<&str>) -> Option<String> {
    let account = role?.split(':').nth(4)?;
    (!account.is_empty()).then(|| printable(account))
}
