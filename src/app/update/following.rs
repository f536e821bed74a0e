//! Follows an action that AWS took, until what runs proves how it ended.

use super::acting;
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::operation::{Operation, OperationId, OperationState};
use crate::app::store::Store;
use crate::domain::follow::{Observation, PipelineSeen, Progress, progress};
use crate::domain::plan::Goal;
use crate::domain::remote::Remote;

/// Judges every action that is being followed by what was last read.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    let mut ended = Vec::new();
    for operation in &model.operations {
        let (OperationState::Following(before), Some(goal)) = (&operation.state, &operation.goal)
        else {
            continue;
        };
        let now = judge(model, operation, goal);
        if now != *before {
            ended.push((operation.id, now));
        }
    }
    let mut effects = Vec::new();
    for (id, progress) in ended {
        effects.extend(take_progress(model, id, progress));
    }
    effects
}

fn judge(model: &Model, operation: &Operation, goal: &Goal) -> Progress {
    let Some(store) = model.store(operation.context) else {
        return Progress::Waiting("its context".into());
    };
    // What was read before the call was sent proves nothing.
    let since = |at: Option<jiff::Timestamp>| at >= operation.sent_at;
    let service_arn = goal.service().map(|(_, service)| service);
    let service_gone = service_arn
        .and_then(|arn| store.service_gone_at(arn))
        .is_some_and(|at| since(Some(at)));
    let service = service_arn
        .and_then(|arn| store.services.get(arn))
        .filter(|remote| since(remote.fetched_at()))
        .and_then(|remote| remote.value());
    let records = service_arn
        .and_then(|arn| store.records.get(arn))
        .filter(|remote| since(remote.fetched_at()))
        .and_then(|remote| remote.value());
    let task = match goal {
        Goal::TaskStopped { task, .. } => store
            .single_tasks
            .get(task)
            .filter(|remote| since(remote.fetched_at()))
            .and_then(|remote| remote.value()),
        _ => None,
    };
    let code_deployment = |id: &str| {
        let read = store.code_deployments.get(id);
        read.filter(|remote| since(remote.fetched_at()))?.value()
    };
    let deployment = goal.code_deployment().and_then(code_deployment);
    progress(
        goal,
        Observation {
            service,
            service_gone,
            history: records.map_or(&[][..], Vec::as_slice),
            deployment,
            rollback: deployment
                .and_then(|one| one.rolled_back_by.as_deref())
                .and_then(code_deployment),
            task: task.and_then(Option::as_ref),
            task_gone: task.is_some_and(Option::is_none),
            pipeline: seen_of_pipeline(store, goal, operation),
        },
    )
}

/// What was read of the pipeline since the call was sent.
fn seen_of_pipeline<'a>(store: &'a Store, goal: &Goal, operation: &Operation) -> PipelineSeen<'a> {
    let Goal::Pipeline(goal) = goal else {
        return PipelineSeen::default();
    };
    let known = &store.pipelines;
    let fresh = |at: Option<jiff::Timestamp>| at >= operation.sent_at;
    let state = known.states.get(&goal.pipeline);
    let executions = known.executions.get(&goal.pipeline);
    PipelineSeen {
        state: state
            .filter(|remote| fresh(remote.fetched_at()))
            .and_then(Remote::value),
        executions: executions
            .filter(|remote| fresh(remote.fetched_at()))
            .and_then(Remote::value)
            .map_or(&[][..], |list| &list.items),
    }
}

fn take_progress(model: &mut Model, id: OperationId, progress: Progress) -> Vec<Effect> {
    let now = model.now;
    let Some(operation) = model.operation_mut(id) else {
        return Vec::new();
    };
    let (title, context, intent) = (
        operation.intent.title(),
        operation.context,
        operation.intent.clone(),
    );
    match progress {
        Progress::Waiting(_) => {
            operation.state = OperationState::Following(progress);
            Vec::new()
        }
        Progress::Reached(ref text) | Progress::Missed(ref text) => {
            let outcome = text.clone();
            let reached = matches!(progress, Progress::Reached(_));
            let next = operation.next.take().filter(|_| reached);
            operation.state = OperationState::Ended(progress);
            operation.ended_at = Some(now);
            model.say(format!("{title}: {outcome}"));
            let mut effects = vec![Effect::RecordEnd {
                context,
                intent,
                outcome,
            }];
            if let Some(next) = next {
                effects.extend(acting::go_on(model, context, next));
            }
            effects
        }
    }
}
