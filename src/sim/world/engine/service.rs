//! What people do to services.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Event, timing};
use crate::sim::world::Region;
use crate::sim::world::deployment::{DeploymentSettings, ReleaseStatus};
use crate::sim::world::ids::{ClusterNumber, ServiceNumber};
use crate::sim::world::service::{Service, ServiceStatus};
use crate::sim::world::task::{Stop, StopCode};
use crate::sim::world::task_definition::TaskDefinition;
use crate::sim::world::task_set::Controller;

/// A service as somebody describes it.
#[derive(Clone, Debug)]
pub struct NewService {
    /// Where it is to be.
    pub cluster: ClusterNumber,
    /// Unique within the cluster.
    pub name: String,
    /// How many tasks it is to have.
    pub desired: u32,
    /// How it is deployed.
    pub settings: DeploymentSettings,
    /// Other members, as ECS shows them.
    pub members: Map<String, Value>,
    /// Tags, a list of `{key, value}`.
    pub tags: Vec<Value>,
    /// Who deploys it.
    pub controller: Controller,
}

/// What an update changes; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct ServiceChange {
    /// Another number of tasks.
    pub desired: Option<u32>,
    /// Another configuration of deployments.
    pub settings: Option<DeploymentSettings>,
    /// Other members; null takes one away.
    pub members: Map<String, Value>,
    /// The task definition to deploy, when the change needs a deployment.
    pub deploy: Option<Arc<TaskDefinition>>,
}

impl Region {
    /// Adds a service that has no deployment yet.
    pub(super) fn insert_service(&mut self, new: NewService) -> Option<ServiceNumber> {
        let number = ServiceNumber(self.ecs.next_number());
        let cluster = self.ecs.clusters.get_mut(&new.cluster)?;
        cluster.services.insert(new.name.clone(), number);
        let arn = self.ecs.place.service(&cluster.name, &new.name);
        self.ecs.services.insert(
            number,
            Service {
                number,
                cluster: new.cluster,
                name: new.name,
                arn,
                status: ServiceStatus::Active,
                desired: new.desired,
                settings: new.settings,
                members: new.members,
                tags: new.tags,
                controller: new.controller,
                deployments: Vec::new(),
                task_sets: Vec::new(),
                releases: Vec::new(),
                revisions: Vec::new(),
                last_completed: None,
                tasks: BTreeSet::new(),
                events: VecDeque::new(),
                created_at: self.ecs.now,
                steady: false,
                wake_at: None,
                deployment_count: 0,
            },
        );
        Some(number)
    }

    /// Makes a service and starts its first deployment or task set, if it is to have one now.
    pub(crate) fn create_service(
        &mut self,
        new: NewService,
        definition: Option<&Arc<TaskDefinition>>,
    ) -> Option<ServiceNumber> {
        let controller = new.controller;
        let number = self.insert_service(new)?;
        match (definition, controller.has_task_sets()) {
            (Some(definition), true) => {
                self.create_first_task_set(number, definition);
            }
            (Some(definition), false) => self.deploy(number, definition),
            (None, _) => {}
        }
        Some(number)
    }

    /// Changes a service, and deploys if the change asks for it.
    pub(crate) fn update_service(&mut self, number: ServiceNumber, change: ServiceChange) {
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        if let Some(desired) = change.desired.filter(|desired| *desired != service.desired) {
            service.desired = desired;
            service.steady = false;
        }
        if let Some(settings) = change.settings {
            service.settings = settings;
        }
        for (name, value) in change.members {
            if value.is_null() {
                service.members.remove(&name);
            } else {
                service.members.insert(name, value);
            }
        }
        self.refresh_release(number);
        if let Some(definition) = change.deploy {
            self.deploy(number, &definition);
        } else {
            self.wake(number);
        }
    }

    /// A release under way follows what the service now says.
    fn refresh_release(&mut self, number: ServiceNumber) {
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        let settings = service.settings.clone();
        let threshold = settings
            .breaker
            .threshold
            .unwrap_or_default()
            .tasks(service.desired);
        if let Some(release) = service.release_mut().filter(|one| !one.status.is_final()) {
            let shift = release.settings.shift.clone();
            release.settings = DeploymentSettings { shift, ..settings };
            if !release.triggered {
                release.threshold = threshold;
            }
        }
    }

    /// Deletes a service: its tasks stop, and then it is INACTIVE.
    pub(crate) fn delete_service(&mut self, number: ServiceNumber) {
        self.end_release(
            number,
            ReleaseStatus::Stopped,
            "Service deployment stopped because the service was deleted.",
        );
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        service.status = ServiceStatus::Draining;
        service.desired = 0;
        self.drain_service(number);
    }

    pub(super) fn drain_service(&mut self, number: ServiceNumber) {
        let Some(service) = self.ecs.services.get(&number) else {
            return;
        };
        let id = service.primary().map_or("", |primary| primary.id.as_str());
        let reason = format!("Scaling activity initiated by (deployment {id})");
        for task in service.tasks.clone() {
            let code = StopCode::ServiceSchedulerInitiated;
            self.stop_task(
                task,
                Stop {
                    code,
                    reason: reason.clone(),
                },
            );
        }
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return;
        };
        if service.tasks.is_empty() {
            service.status = ServiceStatus::Inactive;
            service.deployments.clear();
            service.task_sets.clear();
            self.after(timing::REMEMBERED, Event::ForgetService(number));
        }
    }

    /// Forgets a service that has been INACTIVE for an hour, unless its name is used again.
    pub(super) fn forget_service(&mut self, number: ServiceNumber) {
        let Some(service) = self.ecs.services.remove(&number) else {
            return;
        };
        if let Some(cluster) = self.ecs.clusters.get_mut(&service.cluster)
            && cluster.services.get(&service.name) == Some(&number)
        {
            cluster.services.remove(&service.name);
        }
    }
}
