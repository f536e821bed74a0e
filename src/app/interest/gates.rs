//! The services around pipelines: those that an approval lets an execution into, those that the
//! execution is in already, and those that a pipeline on screen deploys.

use super::Interest;
use super::pace::{REST, SLOW};
use crate::app::gate::{DeployStep, brought, deploy_steps, running};
use crate::app::pipeline_links::service_of;
use crate::app::query::Query;
use crate::domain::context::Scoped;
use crate::domain::pipeline::structure::DeployTarget;
use crate::domain::pipeline::{ApprovalId, PipelineName};

impl Interest<'_> {
    /// What runs in the services around an approval. They can be of any context.
    pub(super) fn around_gate(&mut self, approval: &Scoped<ApprovalId>) {
        let steps = deploy_steps(self.model, approval);
        for step in steps.before.iter().chain(&steps.behind) {
            self.deployed(approval, step);
        }
    }

    /// What became of the releases that a pipeline has started, without which a pipeline on screen
    /// could not say that it is wrong about one. They can be of any context.
    pub(super) fn around_pipeline(&mut self, pipeline: &Scoped<PipelineName>) {
        let model = self.model;
        let here = self.store.context.id;
        let store = model.store(pipeline.context);
        let Some(structure) = store.and_then(|store| store.pipeline_structure(&pipeline.id)) else {
            return;
        };
        for (place, action, target) in structure.deploys() {
            let Some(stage) = structure.stages.get(place) else {
                continue;
            };
            match service_of(model, pipeline, &stage.name, &action.name) {
                Some(service) if service.context == here => {
                    self.service(&service.id, self.on_screen());
                    self.records(&service.id, self.on_screen());
                }
                Some(_) => {}
                None => self.looked_for(&target),
            }
        }
    }

    /// The cluster of a service that has not been read yet.
    fn looked_for(&mut self, target: &DeployTarget) {
        let DeployTarget::Service { cluster, .. } = target else {
            return;
        };
        self.counts(REST);
        let mut clusters = self.store.clusters.keys();
        let found = clusters.find(|arn| arn.name() == cluster.as_str());
        if let Some(found) = found.cloned() {
            self.ask(Query::Services(found), REST);
        }
    }

    fn deployed(&mut self, approval: &Scoped<ApprovalId>, step: &DeployStep) {
        let here = self.store.context.id;
        let Some(service) = step.service.as_ref().filter(|one| one.context == here) else {
            return;
        };
        self.service(&service.id, self.on_screen());
        self.records(&service.id, self.on_screen());
        let known = [
            running(self.model, service),
            brought(self.model, approval, step),
        ];
        for known in known.into_iter().flatten() {
            self.ask(Query::TaskDefinition(known.definition), SLOW);
        }
    }
}
