//! What a key is about on the screens of pipelines.

use super::Selection;
use crate::app::model::Model;
use crate::app::pipeline_links::service_of;
use crate::app::store::Store;
use crate::domain::arn::ServiceArn;
use crate::domain::context::Scoped;
use crate::domain::pipeline::{
    ActionExecution, ActionStatus, ApprovalId, Category, PipelineName, StageState, StageStatus,
};

pub(super) fn of_approval(approval: &ApprovalId, found: &mut Selection) {
    found.pipeline = Some(approval.pipeline.clone());
    found.stage = Some(approval.stage.clone());
    found.action = Some(approval.action.clone());
    found.execution = Some(approval.execution.clone());
    found.approval = Some(approval.clone());
}

/// A pipeline with what most wants an answer in it: the approval that waits, or the stage that
/// failed, or else the execution that is under way.
pub(super) fn of_pipeline(model: &Model, name: &PipelineName, found: &mut Selection) {
    found.pipeline = Some(name.clone());
    let Some(store) = model.store(found.context) else {
        return;
    };
    if let Some(approval) = store.approvals_of(name).first() {
        of_approval(&approval.id, found);
        return;
    }
    let stages = store.pipeline_state(name).into_iter();
    let stages: Vec<_> = stages.flat_map(|state| &state.stages).collect();
    let with = |status: &StageStatus| {
        let stands = |one: &&&_| stage_status(one) == Some(status);
        stages.iter().find(stands).copied()
    };
    let failed = with(&StageStatus::Failed);
    found.stage = failed.map(|stage| stage.name.clone());
    let decisive = failed.or_else(|| with(&StageStatus::InProgress));
    let latest = decisive.and_then(|stage| stage.latest.as_ref());
    found.execution = latest.map(|latest| latest.id.clone());
}

fn stage_status(stage: &StageState) -> Option<&StageStatus> {
    stage.latest.as_ref().map(|latest| &latest.status)
}

/// A stage of the pipeline on screen, or an action of it: with the execution in it, the approval
/// that waits there, and the service that it deploys.
pub(super) fn of_stage(model: &Model, stage: &str, action: Option<&str>, found: &mut Selection) {
    found.stage = Some(stage.to_owned());
    found.action = action.map(str::to_owned);
    let pipeline = found.pipeline.clone();
    let store = model.store(found.context);
    let (Some(store), Some(pipeline)) = (store, pipeline) else {
        return;
    };
    let state = store.pipeline_state(&pipeline);
    let latest = state.and_then(|state| state.stage(stage)?.latest.as_ref());
    found.execution = latest.map(|latest| latest.id.clone());
    let approvals = store.approvals_of(&pipeline);
    let here = |approval: &ApprovalId| {
        approval.stage == stage && action.is_none_or(|action| approval.action == action)
    };
    let mut waiting = approvals.iter().filter(|approval| here(&approval.id));
    found.approval = waiting.next().map(|approval| approval.id.clone());
    if let Some(action) = action {
        found.service = deployed(model, found, stage, action);
        let known = state.and_then(|state| state.stage(stage)?.action(action));
        let run = known.and_then(|action| action.latest.as_ref());
        found.log_stream = run.and_then(|run| run.log_stream.clone());
        found.link = link_of(model, found)
            .or_else(|| run?.external_url.clone())
            .or_else(|| known?.revision_url.clone())
            .or_else(|| known?.entity_url.clone());
    }
}

/// A run of the execution on screen.
pub(super) fn of_run(model: &Model, id: &str, found: &mut Selection) {
    found.run = Some(id.to_owned());
    let Some((store, run)) = run(model, found) else {
        return;
    };
    found.log_stream.clone_from(&run.log_stream);
    found.link.clone_from(&run.external_url);
    let stage = run.stage.clone();
    let action = run.action.clone();
    let waits = run.status == ActionStatus::InProgress;
    let pipeline = found.pipeline.clone();
    found.service = deployed(model, found, &stage, &action);
    if let (true, Some(pipeline), Some(execution)) = (waits, pipeline, found.execution.clone()) {
        let id = ApprovalId {
            pipeline,
            stage: stage.clone(),
            action: action.clone(),
            execution,
        };
        found.approval = store.approval(&id).map(|approval| approval.id);
    }
    (found.stage, found.action) = (Some(stage), Some(action));
}

/// The link that goes with the approval that is selected.
pub(super) fn link_of(model: &Model, found: &Selection) -> Option<String> {
    let store = model.store(found.context)?;
    store.approval(found.approval.as_ref()?)?.link
}

/// The run that is selected.
fn run<'a>(model: &'a Model, found: &Selection) -> Option<(&'a Store, &'a ActionExecution)> {
    let store = model.store(found.context)?;
    let mut runs = store.action_executions(found.execution.as_ref()?).iter();
    let run = runs.find(|run| Some(&run.id) == found.run.as_ref())?;
    Some((store, run))
}

/// The service that an action deploys, where it is one of the context that is selected.
fn deployed(model: &Model, found: &Selection, stage: &str, action: &str) -> Option<ServiceArn> {
    let pipeline = Scoped::new(found.context, found.pipeline.clone()?);
    let service = service_of(model, &pipeline, stage, action)?;
    (service.context == found.context).then_some(service.id)
}

/// The clusters, by name, that the deploy actions of a selected approval's stage and of those behind
/// it deploy to.
pub(super) fn approved_clusters<'a>(
    model: &'a Model,
    selected: &Selection,
) -> impl Iterator<Item = &'a str> {
    let approval = selected.approval.as_ref();
    let structure = approval.and_then(|approval| {
        let store = model.store(selected.context)?;
        let structure = store.pipeline_structure(&approval.pipeline)?;
        let mut stages = structure.stages.iter();
        let first = stages.position(|stage| stage.name == approval.stage)?;
        Some((structure, first))
    });
    structure.into_iter().flat_map(|(structure, first)| {
        let stages = structure.stages.iter().skip(first);
        let actions = stages.flat_map(|stage| &stage.actions);
        let deploys = actions.filter(|action| action.category == Category::Deploy);
        deploys.filter_map(|action| Some(action.configuration.get("ClusterName")?.as_str()))
    })
}
