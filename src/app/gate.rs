//! What an approval would let through: the services behind it, what runs in them now, and what the
//! same execution has already brought elsewhere.
//!
//! For a deploy action of ECS the image stands in a file of the execution's artifact, which cutover
//! does not read. What an earlier deploy action of the same execution started tells it all the same,
//! where there was one.

use super::model::Model;
use super::pipeline_links::{driven_by, service_of};
use super::store::Store;
use crate::domain::arn::{ServiceArn, TaskDefinitionArn};
use crate::domain::context::Scoped;
use crate::domain::pipeline::structure::DeployTarget;
use crate::domain::pipeline::{ActionDeclaration, ApprovalId, PipelineStructure};
use crate::domain::release::{Release, ReleaseStatus};

/// A deploy action of the pipeline, seen from an approval of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeployStep {
    /// Its stage.
    pub stage: String,
    /// Its name.
    pub action: String,
    /// What it deploys to, in the words of its configuration.
    pub target: DeployTarget,
    /// The account and the Region, where they are not those of the pipeline.
    pub elsewhere: Option<String>,
    /// The service, once it is known.
    pub service: Option<Scoped<ServiceArn>>,
}

/// What runs somewhere: a task definition and the images of its containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The task definition.
    pub definition: TaskDefinitionArn,
    /// The images, as far as the task definition has been read.
    pub images: Vec<String>,
}

/// The deploy actions of the execution on both sides of an approval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeploySteps {
    /// Those that ran before it.
    pub before: Vec<DeployStep>,
    /// Those that it lets through.
    pub behind: Vec<DeployStep>,
}

/// The deploy actions of a pipeline on both sides of an approval. Behind it are those up to the next
/// approval: what stands behind that one has another gate.
pub fn deploy_steps(model: &Model, approval: &Scoped<ApprovalId>) -> DeploySteps {
    let store = model.store(approval.context);
    let structure = store.and_then(|store| store.pipeline_structure(&approval.id.pipeline));
    let Some(structure) = structure else {
        return DeploySteps::default();
    };
    let own = position(structure, &approval.id);
    let mut steps = DeploySteps::default();
    for (place, action, target) in structure.deploys() {
        let at = (place, action.run_order);
        let step = step(model, approval, structure, place, action, target);
        let Some(step) = step else { continue };
        match own {
            Some(own) if at > own && !gated(structure, own, at) => steps.behind.push(step),
            Some(own) if at < own => steps.before.push(step),
            _ => {}
        }
    }
    steps
}

/// The place of an approval: its stage's, and its turn in it.
fn position(structure: &PipelineStructure, approval: &ApprovalId) -> Option<(usize, u32)> {
    let mut stages = structure.stages.iter();
    let place = stages.position(|stage| stage.name == approval.stage)?;
    let action = structure.action(&approval.stage, &approval.action)?;
    Some((place, action.run_order))
}

/// Whether another approval stands between two places.
fn gated(structure: &PipelineStructure, from: (usize, u32), to: (usize, u32)) -> bool {
    let stages = structure.stages.iter().enumerate();
    let mut approvals = stages.flat_map(|(place, stage)| {
        let actions = stage.actions.iter();
        let approvals = actions.filter(|one| one.category.name() == "Approval");
        approvals.map(move |one| (place, one.run_order))
    });
    approvals.any(|at| from < at && at < to)
}

fn step(
    model: &Model,
    approval: &Scoped<ApprovalId>,
    structure: &PipelineStructure,
    place: usize,
    action: &ActionDeclaration,
    target: DeployTarget,
) -> Option<DeployStep> {
    let stage = structure.stages.get(place)?.name.clone();
    let pipeline = Scoped::new(approval.context, approval.id.pipeline.clone());
    let service = service_of(model, &pipeline, &stage, &action.name);
    let parts = [action.account.as_deref(), action.region.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    Some(DeployStep {
        action: action.name.clone(),
        target,
        elsewhere: (!parts.is_empty()).then(|| parts.join(" ")),
        service,
        stage,
    })
}

/// What a service runs: what its last release brought that was not undone.
pub fn running(model: &Model, service: &Scoped<ServiceArn>) -> Option<Running> {
    let store = model.store(service.context)?;
    let releases = store.releases.get(&service.id);
    let newest = releases.and_then(|releases| releases.first());
    let undone = |release: &&Release| {
        let back = matches!(
            release.status,
            ReleaseStatus::RolledBack | ReleaseStatus::RollingBack
        );
        back || !release.status.is_over()
    };
    let old = newest
        .filter(undone)
        .and_then(|release| release.old.as_ref())
        .and_then(|side| side.task_definition.clone());
    let current = || Some(store.service(&service.id)?.task_definition.clone());
    let definition = old.or_else(current)?;
    Some(of_definition(store, definition))
}

/// What an earlier deploy action of the same execution brought, as the release that it started tells
/// it; `None` where that release is not known or did not succeed.
pub fn brought(model: &Model, approval: &Scoped<ApprovalId>, step: &DeployStep) -> Option<Running> {
    let pipeline = Scoped::new(approval.context, approval.id.pipeline.clone());
    let execution = &approval.id.execution;
    let (_, service, release) = driven_by(model, &pipeline, &step.stage, &step.action, execution)?;
    let release = release.filter(|release| release.status == ReleaseStatus::Succeeded)?;
    let definition = release.new.as_ref()?.task_definition.clone()?;
    let store = model.store(service.context)?;
    Some(of_definition(store, definition))
}

fn of_definition(store: &Store, definition: TaskDefinitionArn) -> Running {
    let read = store.task_definition(&definition);
    let containers = read.map_or(&[][..], |read| read.containers.as_slice());
    Running {
        images: containers.iter().map(|one| one.image.clone()).collect(),
        definition,
    }
}
