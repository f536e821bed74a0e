//! Deployments that undo another one: the traffic goes back to the original task set, and the
//! replacement is deleted.

use std::collections::BTreeMap;

use super::app_spec;
use super::deployment::{Next, Revision};
use super::lifecycle::{EventStatus, Lifecycle};
use super::start::NewDeployment;
use super::steps::REROUTE;
use crate::sim::world::Region;

impl Region {
    /// Makes the deployment that undoes the one at `position`.
    pub(super) fn begin_codedeploy_rollback(&mut self, position: usize) {
        let Some(revision) = self.revision_before(position) else {
            return;
        };
        let Ok(spec) = app_spec::read(&revision.content) else {
            return;
        };
        let Some(undone) = self.codedeploy.deployments.get(position).cloned() else {
            return;
        };
        let message = format!(
            "Deployment {} was rolled back automatically after it was {}.",
            undone.id,
            undone.status.word().to_lowercase()
        );
        let new = NewDeployment {
            application: undone.application.clone(),
            group: undone.group.clone(),
            config: Some(undone.config),
            content: revision.content,
            spec,
            description: Some(format!("Automatic rollback of deployment {}", undone.id)),
            override_settings: Some(undone.settings.clone()),
            members: undone.members.clone(),
            undoes: Some(position),
        };
        let made = self.create_deployment(new);
        let Some(made) = made else {
            return;
        };
        let mut id = None;
        if let Some(rollback) = self.deployment_mut(made) {
            rollback.service = undone.service;
            rollback.blue = undone.blue;
            rollback.green = undone.green;
            rollback.green_weight = undone.green_weight;
            rollback.rollback.triggering = Some(undone.id.clone());
            rollback.rollback.message = Some(message.clone());
            id = Some(rollback.id.clone());
        }
        if let Some(undone) = self.deployment_mut(position) {
            undone.rollback_due = false;
            undone.rollback.rollback = id;
            undone.rollback.message = Some(message);
        }
    }

    /// What the original task set of a deployment runs: what the group deployed before, or an
    /// `AppSpec` that says the same when CodeDeploy has deployed nothing before.
    fn revision_before(&self, position: usize) -> Option<Revision> {
        let deployment = self.codedeploy.deployments.get(position)?;
        if let Some(previous) = &deployment.previous {
            return Some(previous.clone());
        }
        let service = self.ecs.services.get(&deployment.service?)?;
        let blue = service.task_set(deployment.blue?)?;
        let spec = &deployment.spec;
        let content = app_spec::write(
            &blue.definition.arn,
            &spec.container,
            spec.port,
            &BTreeMap::new(),
        );
        Some(Revision {
            sha256: super::sha256::sha256(&content),
            content,
        })
    }

    /// A rollback sends all traffic to the original task set, which is PRIMARY again.
    pub(super) fn restore_traffic(&mut self, position: usize) {
        let now = self.ecs.now;
        if let Some((code, message)) = self.way_back_problem(position) {
            return self.fail_deployment(position, code, message);
        }
        self.send_test_traffic(position, false);
        self.send_production_traffic(position, 0);
        let Some(deployment) = self.deployment_mut(position) else {
            return;
        };
        for kind in Lifecycle::ALL {
            deployment.end(kind, now, EventStatus::Skipped, None);
        }
        deployment.begin(Lifecycle::AllowTraffic, now);
        if let (Some(service), Some(blue)) = (deployment.service, deployment.blue) {
            self.make_primary(service, blue);
        }
        self.plan_step(position, REROUTE, Next::Undo);
    }

    /// A rollback deletes the replacement task set, and is done.
    pub(super) fn undo_replacement(&mut self, position: usize) {
        let now = self.ecs.now;
        let Some(deployment) = self.deployment_mut(position) else {
            return;
        };
        deployment.end(Lifecycle::AllowTraffic, now, EventStatus::Succeeded, None);
        if let (Some(service), Some(green)) = (deployment.service, deployment.green) {
            self.delete_task_set(service, green);
        }
        self.succeed_deployment(position);
    }
}
