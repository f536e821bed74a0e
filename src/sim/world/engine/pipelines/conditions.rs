//! Conditions of stages are looked at, and what follows is done.

use super::Event;
use crate::sim::world::Region;
use crate::sim::world::codepipeline::action_run::RunError;
use crate::sim::world::codepipeline::condition::{
    Condition, ConditionRun, ConditionStatus, Consequence, Gate, RuleRun,
};
use crate::sim::world::codepipeline::execution::{Phase, StageStatus};
use crate::sim::world::codepipeline::{ExecutionKey, Turn};

/// How a rule ends.
pub(super) struct Verdict {
    pub status: ConditionStatus,
    pub summary: Option<String>,
    pub error: Option<RunError>,
}

impl Region {
    /// Looks at a condition of the stage that an execution is in; says whether there is one.
    pub(super) fn look_at(&mut self, key: ExecutionKey, gate: Gate) -> bool {
        let Some(condition) = self.condition(key, gate).cloned() else {
            return false;
        };
        let now = self.ecs.now;
        let rules = condition.rules.iter().map(|_| RuleRun {
            id: self.ecs.rng.uuid(),
            status: ConditionStatus::InProgress,
            summary: None,
            changed_at: now,
            error: None,
        });
        let run = ConditionRun {
            status: ConditionStatus::InProgress,
            summary: None,
            changed_at: now,
            rules: rules.collect(),
        };
        self.change_stage(key, |stage| {
            stage.phase = Phase::Condition(gate);
            stage.conditions.insert(gate, run);
        });
        for (place, rule) in condition.rules.iter().enumerate() {
            let delay = self.rule_takes(rule);
            self.after(delay, Event::Pipeline(Turn::Rule(key, gate, place)));
        }
        true
    }

    /// The condition that the stage declares in which an execution is.
    pub(super) fn condition(&self, key: ExecutionKey, gate: Gate) -> Option<&Condition> {
        let stage = self.codepipeline.execution(key)?.stage;
        let stage = self.pipeline_of(key)?.stages.get(stage)?;
        stage.conditions.gates.get(&gate)
    }

    /// A condition that an execution is looked at by now.
    fn open_condition(&self, key: ExecutionKey, gate: Gate) -> Option<&ConditionRun> {
        let execution = self.codepipeline.execution(key)?;
        let stage = execution.stages.get(&execution.stage)?;
        let run = stage.conditions.get(&gate)?;
        (stage.phase == Phase::Condition(gate) && run.status == ConditionStatus::InProgress)
            .then_some(run)
    }

    /// It is time for a rule to decide.
    pub(super) fn rule_turn(&mut self, key: ExecutionKey, gate: Gate, place: usize) {
        let open = self.open_condition(key, gate);
        let open = open.and_then(|run| run.rules.get(place));
        if open.is_none_or(|rule| rule.status != ConditionStatus::InProgress) {
            return;
        }
        let rule = self
            .condition(key, gate)
            .and_then(|one| one.rules.get(place));
        if let Some(rule) = rule.cloned() {
            let verdict = self.judge(key, &rule);
            self.decide(key, gate, place, verdict);
        }
    }

    /// An alarm has changed: rules that watch it look at once.
    pub(in crate::sim::world::engine) fn alarms_changed_for_pipelines(&mut self) {
        for (key, gate, place) in self.watched_rules() {
            let rule = self
                .condition(key, gate)
                .and_then(|one| one.rules.get(place));
            let Some(rule) = rule.cloned() else {
                continue;
            };
            if let Some(verdict) = self.alarm_verdict(&rule) {
                self.decide(key, gate, place, verdict);
            }
        }
    }

    /// The rules that are looked at now and haven't decided.
    fn watched_rules(&self) -> Vec<(ExecutionKey, Gate, usize)> {
        let mut watched = Vec::new();
        for (pipeline, owner) in self.codepipeline.pipelines.iter().enumerate() {
            let stages = owner.stages.iter();
            if stages
                .clone()
                .all(|stage| stage.conditions.gates.is_empty())
            {
                continue;
            }
            for (execution, one) in owner.executions.iter().enumerate() {
                let key = ExecutionKey {
                    pipeline,
                    execution,
                };
                let stage = one.stages.get(&one.stage);
                let Some(Phase::Condition(gate)) = stage.map(|stage| stage.phase) else {
                    continue;
                };
                let run = self.open_condition(key, gate);
                let rules = run.into_iter().flat_map(|run| run.rules.iter().enumerate());
                let open = rules.filter(|(_, rule)| rule.status == ConditionStatus::InProgress);
                watched.extend(open.map(|(place, _)| (key, gate, place)));
            }
        }
        watched
    }

    /// A rule decides. The condition ends with its last rule.
    fn decide(&mut self, key: ExecutionKey, gate: Gate, place: usize, verdict: Verdict) {
        let now = self.ecs.now;
        let mut ended = None;
        self.change_stage(key, |stage| {
            let Some(run) = stage.conditions.get_mut(&gate) else {
                return;
            };
            if let Some(rule) = run.rules.get_mut(place) {
                rule.status = verdict.status;
                rule.summary = verdict.summary;
                rule.error = verdict.error;
                rule.changed_at = now;
            }
            ended = outcome(run);
            if let Some(status) = ended {
                run.status = status;
                run.changed_at = now;
                run.summary = summary(status);
            }
        });
        match ended {
            None => {}
            Some(ConditionStatus::Succeeded) => self.condition_holds(key, gate),
            Some(_) => self.condition_fails(key, gate),
        }
    }

    fn condition_holds(&mut self, key: ExecutionKey, gate: Gate) {
        match gate {
            Gate::BeforeEntry => self.begin_actions(key),
            Gate::OnSuccess => self.leave(key, StageStatus::Succeeded),
            Gate::OnFailure => self.end_failed(key),
        }
    }

    fn condition_fails(&mut self, key: ExecutionKey, gate: Gate) {
        let result = self.condition(key, gate).map(|one| one.result);
        self.follow_consequence(key, result.unwrap_or(Consequence::Fail));
    }

    /// Somebody lets an execution pass a condition all the same; says whether that was possible.
    pub fn override_condition(&mut self, key: ExecutionKey, gate: Gate) -> bool {
        let Some(execution) = self.codepipeline.execution(key) else {
            return false;
        };
        let stage = execution.stages.get(&execution.stage);
        let run = stage.and_then(|stage| stage.conditions.get(&gate));
        let holds_up = run.is_some_and(|run| {
            matches!(
                run.status,
                ConditionStatus::InProgress | ConditionStatus::Failed | ConditionStatus::Errored
            )
        });
        let here = stage.is_some_and(|stage| {
            stage.phase == Phase::Condition(gate)
                && matches!(stage.status, StageStatus::InProgress | StageStatus::Failed)
        });
        if !holds_up || !here || execution.stop.is_some() {
            return false;
        }
        let now = self.ecs.now;
        self.change_stage(key, |stage| {
            if let Some(run) = stage.conditions.get_mut(&gate) {
                run.status = ConditionStatus::Overridden;
                run.summary = summary(ConditionStatus::Overridden);
                run.changed_at = now;
                for rule in &mut run.rules {
                    if rule.status == ConditionStatus::InProgress {
                        rule.status = ConditionStatus::Overridden;
                        rule.changed_at = now;
                    }
                }
            }
        });
        self.reopen(key);
        self.condition_holds(key, gate);
        true
    }
}

/// How a condition ends, once all its rules have decided.
fn outcome(run: &ConditionRun) -> Option<ConditionStatus> {
    let has = |status: ConditionStatus| run.rules.iter().any(|rule| rule.status == status);
    if has(ConditionStatus::InProgress) {
        None
    } else if has(ConditionStatus::Errored) {
        Some(ConditionStatus::Errored)
    } else if has(ConditionStatus::Failed) {
        Some(ConditionStatus::Failed)
    } else {
        Some(ConditionStatus::Succeeded)
    }
}

fn summary(status: ConditionStatus) -> Option<String> {
    let words = match status {
        ConditionStatus::Failed => "At least one rule of the condition failed",
        ConditionStatus::Errored => "At least one rule of the condition could not be evaluated",
        ConditionStatus::Overridden => "The condition was overridden",
        _ => return None,
    };
    Some(words.to_owned())
}
