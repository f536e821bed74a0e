//! Variables: what actions tell each other.

use std::collections::BTreeMap;

use crate::sim::world::Region;
use crate::sim::world::codepipeline::execution::Execution;
use crate::sim::world::codepipeline::pipeline::Action;
use crate::sim::world::codepipeline::{ExecutionKey, RunKey};

impl Region {
    /// The configuration of an action with the variables of an execution filled in.
    pub(super) fn resolved_configuration(
        &self,
        key: ExecutionKey,
        action: &Action,
    ) -> BTreeMap<String, String> {
        let execution = self.codepipeline.execution(key);
        let filled = action.configuration.iter().map(|(name, value)| {
            let value = execution.map_or_else(|| value.clone(), |one| resolve(one, value));
            (name.clone(), value)
        });
        filled.collect()
    }

    /// Makes the output variables of a run known under the namespace of its action.
    pub(super) fn publish_variables(&mut self, key: RunKey) {
        let namespace = self.action_of(key).and_then(|one| one.namespace.clone());
        let variables = self.codepipeline.run(key).map(|run| run.variables.clone());
        let (Some(namespace), Some(variables)) = (namespace, variables) else {
            return;
        };
        if let Some(execution) = self.codepipeline.execution_mut(key.execution) {
            execution.outputs.insert(namespace, variables);
        }
    }
}

/// A text with each `#{namespace.key}` replaced by the value of the variable. One that has no value
/// stays as it is.
pub fn resolve(execution: &Execution, text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("#{") {
        resolved.push_str(before);
        let found = after.split_once('}').and_then(|(name, tail)| {
            let (namespace, key) = name.split_once('.')?;
            Some((value(execution, namespace, key)?, tail))
        });
        if let Some((value, tail)) = found {
            resolved.push_str(value);
            rest = tail;
        } else {
            resolved.push_str("#{");
            rest = after;
        }
    }
    resolved + rest
}

/// The value of a variable: of the pipeline, of the execution, or of an action before.
pub fn value<'a>(execution: &'a Execution, namespace: &str, key: &str) -> Option<&'a str> {
    match (namespace, key) {
        ("codepipeline", "PipelineExecutionId") => Some(execution.id.as_str()),
        ("variables", key) => execution.variables.get(key).map(String::as_str),
        (namespace, key) => Some(execution.outputs.get(namespace)?.get(key)?.as_str()),
    }
}
