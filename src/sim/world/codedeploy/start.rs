//! The beginning of a deployment.

use serde_json::{Map, Value, json};

use super::Turn;
use super::app_spec::AppSpec;
use super::config::Config;
use super::deployment::{Deployment, Next, Revision, RollbackInfo, Status};
use super::lifecycle::{Lifecycle, LifecycleEvent};
use super::sha256::sha256;
use crate::sim::world::Region;
use crate::sim::world::engine::Event;
use crate::sim::world::engine::timing::Range;
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::service::ServiceStatus;
use crate::sim::world::task_set::Controller;

/// A new deployment is queued, and starts, after so many milliseconds each.
pub(super) const QUEUE: Range = Range::new(400, 1_100);

/// Members of a group that its deployments repeat.
const REPEATED: [&str; 4] = [
    "deploymentStyle",
    "blueGreenDeploymentConfiguration",
    "loadBalancerInfo",
    "autoRollbackConfiguration",
];

/// A deployment as somebody describes it.
#[derive(Clone, Debug)]
pub struct NewDeployment {
    /// The application, by name.
    pub application: String,
    /// The deployment group, by name.
    pub group: String,
    /// How traffic moves, if not as the group says.
    pub config: Option<&'static Config>,
    /// The content of the `AppSpec`.
    pub content: String,
    /// The same, understood.
    pub spec: AppSpec,
    /// What its maker says about it.
    pub description: Option<String>,
    /// What is to differ from the group: settings, and the members that show them.
    pub override_settings: Option<super::Settings>,
    /// Members to show in place of those of the group.
    pub members: Map<String, Value>,
    /// The deployment that it undoes.
    pub undoes: Option<usize>,
}

impl Region {
    /// Makes a deployment of a group, and gives its position.
    pub(crate) fn create_deployment(&mut self, new: NewDeployment) -> Option<usize> {
        let now = self.ecs.now;
        let id = format!("d-{}", self.ecs.rng.capitals(9));
        let position = self.codedeploy.deployments.len();
        let group = self.codedeploy.group_mut(&new.application, &new.group)?;
        group.last_attempted = Some(position);
        let mut members: Map<String, Value> = REPEATED
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), group.members.get(*name)?.clone())))
            .collect();
        members.extend(new.members);
        let deployment = Deployment {
            id: id.clone(),
            application: new.application,
            group: new.group,
            config: new.config.unwrap_or(group.config),
            settings: new
                .override_settings
                .unwrap_or_else(|| group.settings.clone()),
            members,
            revision: Revision {
                sha256: sha256(&new.content),
                content: new.content,
            },
            spec: new.spec,
            previous: group.target_revision.clone(),
            status: Status::Created,
            error: None,
            created_at: now,
            started_at: None,
            completed_at: None,
            updated_at: now,
            description: new.description,
            undoes: new.undoes,
            rollback: RollbackInfo::default(),
            rollback_due: false,
            events: Lifecycle::ALL
                .into_iter()
                .map(LifecycleEvent::new)
                .collect(),
            cluster: group.cluster.clone(),
            service_name: group.service.clone(),
            service: None,
            blue: None,
            green: None,
            green_weight: 0,
            termination_wait: false,
            stop_requested: None,
            final_sides: None,
            next: Next::Rest,
            ticket: 0,
        };
        self.codedeploy.deployments.push(deployment);
        self.codedeploy.ids.insert(id, position);
        self.plan_step(position, QUEUE, Next::Queue);
        Some(position)
    }

    /// A deployment, to change it.
    pub(super) fn deployment_mut(&mut self, position: usize) -> Option<&mut Deployment> {
        self.codedeploy.deployments.get_mut(position)
    }

    /// Plans the next step of a deployment after a time within `range`; a step that was planned
    /// before is let go.
    pub(super) fn plan_step(&mut self, position: usize, range: Range, next: Next) {
        let delay = range.pick(&mut self.ecs.rng);
        self.plan_step_after(position, delay, next);
    }

    /// The same after exactly so many milliseconds.
    pub(super) fn plan_step_after(&mut self, position: usize, milliseconds: i64, next: Next) {
        let Some(deployment) = self.codedeploy.deployments.get_mut(position) else {
            return;
        };
        deployment.ticket = deployment.ticket.wrapping_add(1);
        deployment.next = next;
        let turn = Turn::Advance(deployment.ticket);
        self.after(milliseconds, Event::CodeDeploy(position, turn));
    }

    pub(super) fn queue_deployment(&mut self, position: usize) {
        if let Some(deployment) = self.deployment_mut(position) {
            deployment.status = Status::Queued;
        }
        self.plan_step(position, QUEUE, Next::Start);
    }

    /// A deployment starts, if its service and its load balancer let it.
    pub(super) fn start_deployment(&mut self, position: usize) {
        let now = self.ecs.now;
        let Some(deployment) = self.deployment_mut(position) else {
            return;
        };
        deployment.status = Status::InProgress;
        deployment.started_at = Some(now);
        deployment.updated_at = now;
        if deployment.is_rollback() {
            return self.plan_step(position, QUEUE, Next::Restore);
        }
        match self.service_to_deploy(position) {
            Err((code, message)) => self.fail_deployment(position, code, message),
            Ok(service) => {
                let blue = self
                    .ecs
                    .services
                    .get(&service)
                    .and_then(|one| one.primary_task_set())
                    .map(|set| set.number);
                if let Some(deployment) = self.deployment_mut(position) {
                    deployment.service = Some(service);
                    deployment.blue = blue;
                }
                if let Some(problem) = self.listener_problem(position) {
                    return self.fail_deployment(position, problem.0, problem.1);
                }
                if let Some(name) = self.firing_alarm(position) {
                    return self.stop_on_alarm(position, &name);
                }
                self.begin_lifecycle(position, Lifecycle::BeforeInstall);
            }
        }
    }

    /// The service that a deployment is for, if CodeDeploy can deploy it.
    fn service_to_deploy(&self, position: usize) -> Result<ServiceNumber, (&'static str, String)> {
        let invalid = |message: &str| ("INVALID_ECS_SERVICE", message.to_owned());
        let found = self.codedeploy.deployments.get(position).and_then(|one| {
            let cluster = self.ecs.cluster(Some(&one.cluster))?;
            self.ecs.service_in(cluster, &one.service_name)
        });
        let Some(service) = found.filter(|one| one.status == ServiceStatus::Active) else {
            return Err(invalid(
                "The specified ECS service cannot be found or is not active.",
            ));
        };
        if service.controller != Controller::CodeDeploy {
            return Err(invalid(
                "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment \
                 controller.",
            ));
        }
        if service.primary_task_set().is_none() {
            return Err(invalid("The ECS service has no PRIMARY task set."));
        }
        Ok(service.number)
    }

    /// The members of the replacement: those of the original, with the other target group and with
    /// what the `AppSpec` says.
    pub(super) fn green_members(&self, position: usize) -> Option<Map<String, Value>> {
        let deployment = self.codedeploy.deployments.get(position)?;
        let service = self.ecs.services.get(&deployment.service?)?;
        let blue = service.task_set(deployment.blue?)?;
        let mut members = service.revision(blue.revision)?.members.clone();
        let (_, green) = self.target_groups_of_deployment(position)?;
        let balancer = json!([{
            "targetGroupArn": green,
            "containerName": deployment.spec.container,
            "containerPort": deployment.spec.port,
        }]);
        members.insert("loadBalancers".to_owned(), balancer);
        if deployment
            .spec
            .members
            .contains_key("capacityProviderStrategy")
        {
            // A strategy takes the place of the launch type.
            members.remove("launchType");
        }
        members.extend(deployment.spec.members.clone());
        Some(members)
    }
}
