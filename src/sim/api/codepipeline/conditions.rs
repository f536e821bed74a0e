//! Conditions of stages: what is read out of a declaration, and how they are shown.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::declare::{configuration, repeated, structure, text_of};
use super::lookup;
use super::shown::Shown;
use crate::sim::api::ApiError;
use crate::sim::world::codepipeline::action_run::RunError;
use crate::sim::world::codepipeline::condition::{
    Condition, ConditionRun, Consequence, Gate, Rule, RuleProvider, RuleRun, StageConditions,
};
use crate::sim::world::codepipeline::execution::StageRun;
use crate::sim::world::codepipeline::pipeline::Mode;
use crate::sim::world::codepipeline::stage::Stage;

/// The members of a stage that hold its conditions: in the declaration, and in its state.
const MEMBERS: [(&str, &str, Gate); 3] = [
    (
        "beforeEntry",
        "beforeEntryConditionState",
        Gate::BeforeEntry,
    ),
    ("onSuccess", "onSuccessConditionState", Gate::OnSuccess),
    ("onFailure", "onFailureConditionState", Gate::OnFailure),
];

/// Reads the conditions of a stage.
pub fn read(stage: &Value, path: &str) -> Result<StageConditions, ApiError> {
    let mut gates = BTreeMap::new();
    for (member, _, gate) in MEMBERS {
        let declared = stage.get(member).and_then(|one| one.get("conditions"));
        let Some(declared) = declared.and_then(Value::as_array) else {
            continue;
        };
        let path = format!("{path}.{member}.conditions");
        let [condition] = declared.as_slice() else {
            let rule = "Member must have length less than or equal to 1";
            return Err(lookup::breaks(&format!("{declared:?}"), &path, rule));
        };
        gates.insert(gate, read_condition(condition, gate, &path)?);
    }
    let on_failure = stage.get("onFailure");
    let result = on_failure.map(|one| text_of(one, "result"));
    let retry = on_failure.and_then(|one| one.get("retryConfiguration"));
    let mode = retry.map(|one| text_of(one, "retryMode"));
    Ok(StageConditions {
        gates,
        on_failure: result.and_then(Consequence::from_word),
        retries_all: mode == Some("ALL_ACTIONS"),
    })
}

fn read_condition(declared: &Value, gate: Gate, path: &str) -> Result<Condition, ApiError> {
    let rules = declared.get("rules").and_then(Value::as_array);
    let rules: Result<Vec<Rule>, ApiError> = rules
        .into_iter()
        .flatten()
        .map(|rule| read_rule(rule, path))
        .collect();
    let rules = rules?;
    if rules.is_empty() || rules.len() > 5 {
        return Err(structure("A condition must have between 1 and 5 rules"));
    }
    if let Some(name) = repeated(rules.iter().map(|one| one.name.as_str())) {
        return Err(structure(format!(
            "A condition has more than one rule with the name '{name}'"
        )));
    }
    let usual = match gate {
        Gate::OnFailure => Consequence::Rollback,
        _ => Consequence::Fail,
    };
    let result = Consequence::from_word(text_of(declared, "result"));
    Ok(Condition {
        result: result.unwrap_or(usual),
        rules,
    })
}

fn read_rule(declared: &Value, path: &str) -> Result<Rule, ApiError> {
    let name = text_of(declared, "name");
    lookup::check_name(name, &format!("{path}.rules.name"))?;
    let provider = declared
        .get("ruleTypeId")
        .map(|one| text_of(one, "provider"));
    let rule = Rule {
        name: name.to_owned(),
        provider: RuleProvider::of(provider.unwrap_or_default()),
        configuration: configuration(declared, path)?,
    };
    let needs: &[&str] = match rule.provider {
        RuleProvider::LambdaInvoke => &["FunctionName"],
        RuleProvider::CloudWatchAlarm => &["AlarmName"],
        RuleProvider::DeploymentWindow => &["Cron"],
        RuleProvider::VariableCheck => &["Variable", "Value", "Operator"],
        RuleProvider::Other => &[],
    };
    let missing = needs
        .iter()
        .find(|key| !rule.configuration.contains_key(**key));
    missing.map_or(Ok(rule), |key| {
        Err(structure(format!(
            "The configuration of the rule '{name}' is missing required configuration '{key}'"
        )))
    })
}

/// "Configure conditions for a stage" and "Configuring stage rollback": conditions and results need
/// a pipeline of type V2, nothing rolls back in PARALLEL mode, and a source stage can't be rolled
/// back.
pub fn check(stages: &[Stage], kind: &str, mode: Mode) -> Result<(), ApiError> {
    for (place, stage) in stages.iter().enumerate() {
        let conditions = &stage.conditions;
        let any = conditions.on_failure.is_some() || !conditions.gates.is_empty();
        if any && kind == "V1" {
            return Err(structure(format!(
                "Stage '{}' has conditions or a failure result, which pipelines of type V1 do not support",
                stage.name
            )));
        }
        let results = conditions.gates.values().map(|one| one.result);
        let rolls_back = results
            .chain(conditions.on_failure)
            .any(|one| one == Consequence::Rollback);
        if rolls_back && mode == Mode::Parallel {
            return Err(structure(format!(
                "Stage '{}' rolls back, which is not supported in the execution mode PARALLEL",
                stage.name
            )));
        }
        if rolls_back && place == 0 {
            return Err(structure("The source stage can not be rolled back"));
        }
    }
    Ok(())
}

/// Puts the conditions of a stage into its state, with how they stand for its latest execution.
pub fn put_states(shown: &mut Shown, stage: &Stage, run: Option<&StageRun>) {
    for (_, member, gate) in MEMBERS {
        if let Some(declared) = stage.conditions.gates.get(&gate) {
            let run = run.and_then(|run| run.conditions.get(&gate));
            shown.put(member, state(declared, run));
        }
    }
    let retries = run.map(|run| run.retries).unwrap_or_default();
    if let Some(trigger) = retries.latest {
        // The model has no 0 for these.
        let count = |count: u32| Some(count).filter(|one| *one > 0);
        let mut metadata = Shown::default();
        metadata.put_some("autoStageRetryAttempt", count(retries.by_itself));
        metadata.put_some("manualStageRetryAttempt", count(retries.by_hand));
        metadata.put("latestRetryTrigger", trigger);
        shown.put("retryStageMetadata", metadata);
    }
}

fn state(declared: &Condition, run: Option<&ConditionRun>) -> Value {
    let rules = declared.rules.iter().enumerate().map(|(place, rule)| {
        let mut shown = Shown::default();
        shown.put("ruleName", rule.name.as_str());
        let run = run.and_then(|run| run.rules.get(place));
        shown.put_some("latestExecution", run.map(rule_execution));
        Value::from(shown)
    });
    let mut condition = Shown::default();
    let mut shown = Shown::default();
    if let Some(run) = run {
        let mut one = Shown::default();
        one.put("status", run.status.word());
        one.put_text("summary", run.summary.as_ref());
        shown.put("latestExecution", one.clone());
        one.put("lastStatusChange", run.changed_at.json());
        condition.put("latestExecution", one);
    }
    condition.put("ruleStates", rules.collect::<Vec<Value>>());
    shown.put("conditionStates", vec![Value::from(condition)]);
    shown.into()
}

fn rule_execution(run: &RuleRun) -> Value {
    let mut shown = Shown::default();
    shown.put("ruleExecutionId", run.id.as_str());
    shown.put("status", run.status.rule_word());
    shown.put_text("summary", run.summary.as_ref());
    shown.put("lastStatusChange", run.changed_at.json());
    shown.put_some("errorDetails", run.error.as_ref().map(error));
    shown.into()
}

/// What went wrong in a run of an action or a rule.
pub fn error(error: &RunError) -> Value {
    json!({"code": error.code, "message": error.message})
}
