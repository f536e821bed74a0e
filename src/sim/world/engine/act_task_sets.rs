//! What a scenario lets people do to services that CodeDeploy or an external controller deploys.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::act::Act;
use super::task_sets::NewTaskSet;
use crate::sim::world::Region;
use crate::sim::world::behaviour::tag;
use crate::sim::world::codedeploy::app_spec;
use crate::sim::world::codedeploy::start::NewDeployment;
use crate::sim::world::ids::{DeploymentNumber, ServiceNumber};
use crate::sim::world::task_definition::TaskDefinition;
use crate::sim::world::task_set::{Controller, TaskSetStatus};

/// What is done to task sets, or to the CodeDeploy deployment that moves them.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum TaskSetAct {
    /// Somebody reroutes the traffic of a deployment that is Ready.
    Reroute,
    /// Somebody ends the wait before the original is deleted.
    Terminate,
    /// The deployment under way is stopped, and nothing is undone.
    StopOnly,
    /// The newest task set becomes PRIMARY.
    MakePrimary,
    /// The oldest task set that is not PRIMARY is deleted.
    DeleteOld,
    /// The newest task set gets half of the desired count.
    Halve,
}

impl TaskSetAct {
    /// Every act with the word that names it in a scenario.
    pub const WORDS: [(&'static str, Self); 6] = [
        ("reroute", Self::Reroute),
        ("terminate", Self::Terminate),
        ("stop-only", Self::StopOnly),
        ("make-primary", Self::MakePrimary),
        ("delete-old", Self::DeleteOld),
        ("halve", Self::Halve),
    ];
}

impl Region {
    /// Does what means something else for a service with task sets, and gives back what doesn't.
    pub(super) fn act_on_task_sets(&mut self, service: ServiceNumber, act: Act) -> Option<Act> {
        match act {
            Act::Deploy {
                image,
                environment,
                hooks,
            } => {
                if let Some(present) = self.newest_definition(service) {
                    let next = self.next_revision(&present, &image, &environment);
                    self.deploy_task_set(service, &next, &image, &hooks);
                }
            }
            Act::Redeploy => {
                if let Some(present) = self.newest_definition(service) {
                    let image = present.containers.first().map(|one| one.image.clone());
                    let image = image.unwrap_or_default();
                    self.deploy_task_set(service, &present, &image, &BTreeMap::new());
                }
            }
            Act::StopDeployment => {
                if let Some(position) = self.deployment_of(service) {
                    self.request_stop(position, Some(true));
                }
            }
            Act::TaskSet(act) => self.act_on_task_set(service, act),
            other => return Some(other),
        }
        None
    }

    fn act_on_task_set(&mut self, service: ServiceNumber, act: TaskSetAct) {
        let position = self.deployment_of(service);
        let owner = self.ecs.services.get(&service);
        let newest = owner.and_then(|owner| owner.task_sets.last().map(|set| set.number));
        let old = owner.and_then(|owner| {
            let mut sets = owner.task_sets.iter();
            sets.find(|set| set.status == TaskSetStatus::Active)
                .map(|set| set.number)
        });
        match (act, position) {
            // What there is nothing to do to is let be.
            (TaskSetAct::Reroute, Some(position)) => {
                self.end_ready_wait(position);
            }
            (TaskSetAct::Terminate, Some(position)) => {
                self.end_termination_wait(position);
            }
            (TaskSetAct::StopOnly, Some(position)) => {
                self.request_stop(position, Some(false));
            }
            (TaskSetAct::MakePrimary, None) => {
                if let Some(set) = newest {
                    self.make_primary(service, set);
                }
            }
            (TaskSetAct::DeleteOld, None) => {
                if let Some(set) = old {
                    self.delete_task_set(service, set);
                }
            }
            (TaskSetAct::Halve, None) => {
                if let Some(set) = newest {
                    self.scale_task_set(service, set, 50.0);
                }
            }
            _ => {}
        }
    }

    /// The task definition of the newest task set.
    pub(in crate::sim::world) fn newest_definition(
        &self,
        service: ServiceNumber,
    ) -> Option<Arc<TaskDefinition>> {
        let owner = self.ecs.services.get(&service)?;
        owner
            .task_sets
            .last()
            .map(|set| Arc::clone(&set.definition))
    }

    /// The position of the CodeDeploy deployment of a service that is under way.
    fn deployment_of(&self, service: ServiceNumber) -> Option<usize> {
        let (cluster, name) = self.names_of(service)?;
        self.codedeploy.deployments.iter().rposition(|one| {
            one.cluster == cluster && one.service_name == name && !one.status.is_final()
        })
    }

    fn names_of(&self, service: ServiceNumber) -> Option<(String, String)> {
        let owner = self.ecs.services.get(&service)?;
        let cluster = self.ecs.clusters.get(&owner.cluster)?;
        Some((cluster.name.clone(), owner.name.clone()))
    }

    fn deploy_task_set(
        &mut self,
        service: ServiceNumber,
        definition: &Arc<TaskDefinition>,
        image: &str,
        hooks: &BTreeMap<String, String>,
    ) {
        let controller = self.ecs.services.get(&service).map(|one| one.controller);
        if controller == Some(Controller::CodeDeploy) {
            self.deploy_by_codedeploy(service, definition, hooks);
        } else {
            self.add_external_task_set(service, definition, image);
        }
    }

    /// Somebody creates a deployment in the group of the service, unless one is under way.
    pub(in crate::sim::world) fn deploy_by_codedeploy(
        &mut self,
        service: ServiceNumber,
        definition: &TaskDefinition,
        hooks: &BTreeMap<String, String>,
    ) -> Option<usize> {
        let (cluster, name) = self.names_of(service)?;
        let (application, group) = self.codedeploy.group_of(&cluster, &name)?;
        if self
            .codedeploy
            .under_way(application, &group.name)
            .is_some()
        {
            return None;
        }
        let members = self.newest_members(service)?;
        let balancer = members.get("loadBalancers")?.get(0)?;
        let container = balancer.get("containerName")?.as_str()?;
        let port = balancer.get("containerPort")?.as_u64()?;
        let port = u16::try_from(port).ok()?;
        let hooks = if hooks.is_empty() {
            &group.hooks
        } else {
            hooks
        };
        let content = app_spec::write(&definition.arn, container, port, hooks);
        let new = NewDeployment {
            application: application.to_owned(),
            group: group.name.clone(),
            config: None,
            spec: app_spec::read(&content).ok()?,
            content,
            description: None,
            override_settings: None,
            members: Map::new(),
            undoes: None,
        };
        self.create_deployment(new)
    }

    /// Somebody creates a task set behind the other target group.
    fn add_external_task_set(
        &mut self,
        service: ServiceNumber,
        definition: &Arc<TaskDefinition>,
        image: &str,
    ) -> Option<DeploymentNumber> {
        let mut members = self.newest_members(service)?;
        if let Some(group) = members
            .get_mut("loadBalancers")
            .and_then(|all| all.pointer_mut("/0/targetGroupArn"))
        {
            let present = group.as_str().unwrap_or_default();
            if let Some(stand) = self.elb.stand_of(present) {
                *group = Value::from(stand.other(present));
            }
        }
        let new = NewTaskSet {
            definition: Arc::clone(definition),
            members,
            scale: 100.0,
            started_by: None,
            external_id: Some(format!("release-{}", tag(image))),
            tags: Vec::new(),
            status: TaskSetStatus::Active,
        };
        self.create_task_set(service, new)
    }

    /// The members of the newest task set.
    fn newest_members(&self, service: ServiceNumber) -> Option<Map<String, Value>> {
        let owner = self.ecs.services.get(&service)?;
        let newest = owner.task_sets.last()?;
        Some(owner.revision(newest.revision)?.members.clone())
    }
}
