//! One approval: the services that it lets an execution into, and those that the execution is in
//! already.

use super::Interest;
use super::pace::SLOW;
use crate::app::gate::{DeployStep, brought, deploy_steps, running};
use crate::app::query::Query;
use crate::domain::context::Scoped;
use crate::domain::pipeline::ApprovalId;

impl Interest<'_> {
    /// What runs in the services around an approval. They can be of any context.
    pub(super) fn around_gate(&mut self, approval: &Scoped<ApprovalId>) {
        let steps = deploy_steps(self.model, approval);
        for step in steps.before.iter().chain(&steps.behind) {
            self.deployed(approval, step);
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
