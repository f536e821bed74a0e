//! The approvals of pipelines in the report.

use super::report::{GateReport, WaitingReport, milliseconds};
use crate::app::model::Model;
use crate::app::pipeline_links::service_of;
use crate::app::store::Store;
use crate::domain::arn::ServiceArn;
use crate::domain::context::Scoped;
use crate::domain::pipeline::{PipelineStructure, WaitingApproval};

/// The word for an approval.
const KIND: &str = "pipeline_approval";
/// What happens to one that nobody answers.
const ON_TIMEOUT: &str = "fail";

/// The approvals that wait. Where a cluster or a service was named, only those before which one
/// that is shown would be deployed.
pub(super) fn waiting(model: &Model) -> impl Iterator<Item = WaitingReport> {
    let preferences = &model.preferences;
    let narrowed = preferences.cluster.is_some() || preferences.service.is_some();
    let approvals = model
        .contexts
        .iter()
        .flat_map(|store| store.approvals().into_iter().map(move |one| (store, one)));
    approvals.filter_map(move |(store, approval)| {
        let next = deployed_next(model, store, &approval);
        if narrowed && !next.as_ref().is_some_and(|next| is_shown(model, next)) {
            return None;
        }
        Some(report(model, approval, next.as_ref()))
    })
}

/// The service that the pipeline deploys first once the approval is given.
fn deployed_next(
    model: &Model,
    store: &Store,
    approval: &WaitingApproval,
) -> Option<Scoped<ServiceArn>> {
    let id = &approval.id;
    let structure = store.pipeline_structure(&id.pipeline)?;
    let place = place_of(structure, &id.stage)?;
    let pipeline = Scoped::new(store.context.id, id.pipeline.clone());
    let mut ahead = structure.deploys().filter(|(at, ..)| *at >= place);
    ahead.find_map(|(at, action, _)| {
        let stage = structure.stages.get(at)?;
        service_of(model, &pipeline, &stage.name, &action.name)
    })
}

fn place_of(structure: &PipelineStructure, stage: &str) -> Option<usize> {
    structure.stages.iter().position(|one| one.name == stage)
}

fn is_shown(model: &Model, service: &Scoped<ServiceArn>) -> bool {
    let preferences = &model.preferences;
    let cluster = model
        .store(service.context)
        .and_then(|store| store.cluster_of.get(&service.id));
    preferences.shows_service(&service.id)
        && cluster.is_some_and(|cluster| preferences.shows_cluster(cluster))
}

fn report(
    model: &Model,
    approval: WaitingApproval,
    next: Option<&Scoped<ServiceArn>>,
) -> WaitingReport {
    let cluster = next.and_then(|next| {
        let store = model.store(next.context)?;
        store.cluster_of.get(&next.id)
    });
    WaitingReport {
        release: None,
        cluster: cluster.map(|cluster| cluster.name().to_owned()),
        service: next.map(|next| next.id.name().to_owned()),
        pipeline: Some(approval.id.pipeline.as_str().to_owned()),
        execution: Some(approval.id.execution.as_str().to_owned()),
        action: Some(approval.id.action),
        text: approval.text,
        link: approval.link,
        gate: GateReport {
            kind: KIND.to_owned(),
            id: approval.token,
            stage: Some(approval.id.stage),
            expires_at: approval.expires_at.map(milliseconds),
            on_timeout: Some(ON_TIMEOUT.to_owned()),
        },
    }
}
