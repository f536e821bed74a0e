//! What the rules of a condition decide.

use super::actions::MINUTE;
use super::conditions::Verdict;
use super::variables::resolve;
use crate::sim::world::Region;
use crate::sim::world::codepipeline::ExecutionKey;
use crate::sim::world::codepipeline::action_run::RunError;
use crate::sim::world::codepipeline::condition::{ConditionStatus, Rule, RuleProvider};
use crate::sim::world::codepipeline::window;
use crate::sim::world::engine::timing::{self, Range};
use crate::sim::world::shift::hook::LambdaResult;

/// A rule has looked.
const LOOK: Range = Range::new(1_500, 4_000);
/// Milliseconds after which a function that says nothing has failed: 20 minutes, as for Lambda
/// actions.
const SILENT: i64 = 20 * MINUTE;

impl Region {
    /// Milliseconds until a rule decides.
    pub(super) fn rule_takes(&mut self, rule: &Rule) -> i64 {
        let setting = |name: &str| rule.configuration.get(name).map(String::as_str);
        match rule.provider {
            RuleProvider::LambdaInvoke => {
                let function = self.lambda_rule(setting("FunctionName").unwrap_or_default());
                match function.result {
                    LambdaResult::Hangs => SILENT,
                    _ => timing::LAMBDA.pick(&mut self.ecs.rng) + function.after,
                }
            }
            RuleProvider::CloudWatchAlarm => {
                let minutes = setting("WaitTime").and_then(|one| one.parse::<i64>().ok());
                let wait = minutes.unwrap_or(0).max(0).saturating_mul(MINUTE);
                wait.saturating_add(LOOK.pick(&mut self.ecs.rng))
            }
            _ => LOOK.pick(&mut self.ecs.rng),
        }
    }

    /// What a rule decides now.
    pub(super) fn judge(&self, key: ExecutionKey, rule: &Rule) -> Verdict {
        let setting = |name: &str| rule.configuration.get(name).map(String::as_str);
        match rule.provider {
            RuleProvider::LambdaInvoke => {
                let function = setting("FunctionName").unwrap_or_default();
                match self.lambda_rule(function).result {
                    LambdaResult::Succeeds => succeeded(None),
                    LambdaResult::Fails => {
                        failed(format!("The function {function} reported a failure"))
                    }
                    LambdaResult::Hangs => {
                        failed(format!("The function {function} did not answer in time"))
                    }
                }
            }
            RuleProvider::CloudWatchAlarm => self.alarm_verdict(rule).unwrap_or_else(|| {
                let name = setting("AlarmName").unwrap_or_default();
                succeeded(Some(format!(
                    "The alarm {name} stayed out of the states that are watched"
                )))
            }),
            RuleProvider::DeploymentWindow => {
                let cron = setting("Cron").unwrap_or_default();
                match window::is_open(cron, setting("TimeZone"), self.ecs.now) {
                    Some(true) => succeeded(None),
                    Some(false) => failed(format!("The deployment window {cron} is closed")),
                    None => errored(format!("The deployment window {cron} is not valid")),
                }
            }
            RuleProvider::VariableCheck => self.variable_verdict(key, rule),
            RuleProvider::Other => succeeded(None),
        }
    }

    /// What a rule on an alarm decides as long as it may still wait: nothing, while the alarm is in
    /// none of the states that it watches. Without a list it watches ALARM.
    pub(super) fn alarm_verdict(&self, rule: &Rule) -> Option<Verdict> {
        if rule.provider != RuleProvider::CloudWatchAlarm {
            return None;
        }
        let name = rule.configuration.get("AlarmName")?;
        let Some(alarm) = self.alarms.get(name) else {
            return Some(errored(format!("There is no alarm with the name {name}")));
        };
        let watched = rule.configuration.get("AlarmStates");
        let mut watched = watched.map_or("ALARM", String::as_str).split(',');
        let hit = watched.any(|state| state.trim() == alarm.state.word());
        hit.then(|| {
            failed(format!(
                "The alarm {name} is in the state {}",
                alarm.state.word()
            ))
        })
    }

    fn variable_verdict(&self, key: ExecutionKey, rule: &Rule) -> Verdict {
        let setting = |name: &str| rule.configuration.get(name).map(String::as_str);
        let Some(execution) = self.codepipeline.execution(key) else {
            return errored("The execution is gone".to_owned());
        };
        let found = resolve(execution, setting("Variable").unwrap_or_default());
        let wanted = resolve(execution, setting("Value").unwrap_or_default());
        let operator = setting("Operator").unwrap_or("EQ");
        let holds = match operator {
            "EQ" => found == wanted,
            "NE" => found != wanted,
            "CONTAINS" => found.contains(&wanted),
            other => {
                return errored(format!(
                    "The operator {other} is not known to this simulator"
                ));
            }
        };
        if holds {
            succeeded(None)
        } else {
            failed(format!(
                "The value '{found}' does not fulfil {operator} '{wanted}'"
            ))
        }
    }
}

fn succeeded(summary: Option<String>) -> Verdict {
    Verdict {
        status: ConditionStatus::Succeeded,
        summary,
        error: None,
    }
}

fn failed(message: String) -> Verdict {
    with_error(ConditionStatus::Failed, "RuleFailed", message)
}

fn errored(message: String) -> Verdict {
    with_error(ConditionStatus::Errored, "RuleExecutionError", message)
}

fn with_error(status: ConditionStatus, code: &str, message: String) -> Verdict {
    Verdict {
        status,
        summary: Some(message.clone()),
        error: Some(RunError {
            code: code.to_owned(),
            message,
        }),
    }
}
