//! What a scenario lets people do at set times.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Event;
use super::act_pipelines::PipelineAct;
use super::act_task_sets::TaskSetAct;
use super::service::ServiceChange;
use crate::sim::clock::SimTime;
use crate::sim::world::Region;
use crate::sim::world::alarms::AlarmState;
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::service::{Service, ServiceStatus};
use crate::sim::world::shift::hook::HookAction;
use crate::sim::world::task::{Stop, StopCode};
use crate::sim::world::task_definition::TaskDefinition;

/// Something that is done to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A new revision of the task definition is registered, with another image for its first
    /// container and more environment variables, and deployed.
    Deploy {
        /// The image.
        image: String,
        /// Variables that are added or changed.
        environment: BTreeMap<String, String>,
        /// Functions by lifecycle event for the `AppSpec` of a CodeDeploy deployment, in place of
        /// those that its group usually has.
        hooks: BTreeMap<String, String>,
    },
    /// The same task definition is deployed again.
    Redeploy,
    /// The desired count changes.
    Scale(u32),
    /// The service deployment under way is stopped, so that it rolls back.
    StopDeployment,
    /// The pause that the release waits at is answered.
    Answer(HookAction),
    /// The oldest running task is stopped, with this reason.
    StopTask(String),
    /// The service is deleted.
    Delete,
    /// Something is done to its task sets, or to the CodeDeploy deployment that moves them.
    TaskSet(TaskSetAct),
    /// An alarm of the region changes its state.
    Alarm {
        /// Its name.
        name: String,
        /// What it says from now on.
        state: AlarmState,
    },
    /// Somebody sets the weights of the rules that carry the service's production traffic, past
    /// the release that moves them.
    Weights {
        /// Of the first target group, 0 to 999.
        blue: u32,
        /// Of the second target group, 0 to 999.
        green: u32,
    },
}

/// An act, and what it is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Something is done to a service.
    Service {
        /// The service.
        service: ServiceNumber,
        /// What is done.
        act: Act,
    },
    /// Something is done to a pipeline.
    Pipeline {
        /// The pipeline, by name.
        pipeline: String,
        /// What is done.
        act: PipelineAct,
    },
}

impl Region {
    /// Lets `action` happen at `at`.
    pub fn schedule(&mut self, at: SimTime, action: Action) {
        let position = self.ecs.actions.len();
        self.ecs.actions.push(action);
        self.ecs.queue.push(at, Event::Act(position));
    }

    /// Does a scheduled action.
    pub(super) fn act(&mut self, position: usize) {
        match self.ecs.actions.get(position).cloned() {
            Some(Action::Service { service, act }) => self.act_on_service(service, act),
            Some(Action::Pipeline { pipeline, act }) => self.act_on_pipeline(&pipeline, act),
            None => {}
        }
    }

    /// Does something to a service. One that is gone by then is let be.
    fn act_on_service(&mut self, number: ServiceNumber, act: Act) {
        let service = self.ecs.services.get(&number);
        let Some(service) = service.filter(|one| one.status == ServiceStatus::Active) else {
            return;
        };
        let present = service
            .primary()
            .map(|primary| Arc::clone(&primary.definition));
        let act = if service.controller.has_task_sets() {
            self.act_on_task_sets(number, act)
        } else {
            Some(act)
        };
        let Some(act) = act else {
            return;
        };
        match act {
            Act::Deploy {
                image, environment, ..
            } => {
                let deploy = present.map(|one| self.next_revision(&one, &image, &environment));
                self.update_service(
                    number,
                    ServiceChange {
                        deploy,
                        ..ServiceChange::default()
                    },
                );
            }
            Act::Redeploy => {
                let change = ServiceChange {
                    deploy: present,
                    ..ServiceChange::default()
                };
                self.update_service(number, change);
            }
            Act::Scale(desired) => {
                let change = ServiceChange {
                    desired: Some(desired),
                    ..ServiceChange::default()
                };
                self.update_service(number, change);
            }
            Act::StopDeployment => self.stop_current_release(number),
            Act::Answer(action) => self.answer_pause(number, action),
            Act::StopTask(reason) => self.stop_oldest_task(number, reason),
            Act::Delete => self.delete_service(number),
            // A service that ECS deploys has no task sets.
            Act::TaskSet(_) => {}
            Act::Alarm { name, state } => self.change_alarm(&name, state),
            Act::Weights { blue, green } => self.overrule_weights(number, blue, green),
        }
    }

    fn change_alarm(&mut self, name: &str, state: AlarmState) {
        let reason = match state {
            AlarmState::Alarm => {
                "Threshold Crossed: 1 datapoint [42.0] was greater than the threshold (10.0)."
            }
            AlarmState::Ok => {
                "Threshold Crossed: 1 datapoint [0.0] was not greater than the threshold (10.0)."
            }
            AlarmState::InsufficientData => "Insufficient Data: 1 datapoint was unknown.",
        };
        self.set_alarm_state(name, state, reason);
    }

    fn overrule_weights(&mut self, number: ServiceNumber, blue: u32, green: u32) {
        let Some(service) = self.ecs.services.get(&number) else {
            return;
        };
        let stand = service
            .target_groups()
            .find_map(|group| self.elb.stand_of(group))
            .cloned();
        if let Some(stand) = stand {
            let weights = [(stand.blue, blue), (stand.green, green)];
            self.elb.set_weights(&stand.production_rule, &weights);
        }
    }

    fn stop_current_release(&mut self, number: ServiceNumber) {
        let release = self
            .ecs
            .services
            .get(&number)
            .and_then(Service::primary)
            .map(|one| one.release);
        if let Some(release) = release {
            // A service deployment that has ended meanwhile needs no stop.
            let _ = self.stop_release(number, release);
        }
    }

    fn answer_pause(&mut self, number: ServiceNumber, action: HookAction) {
        if let Some((release, hook)) = self.open_pause(number) {
            // A pause that is there can be answered.
            let _ = self.answer_hook(number, release, &hook, action);
        }
    }

    fn stop_oldest_task(&mut self, number: ServiceNumber, reason: String) {
        let Some(service) = self.ecs.services.get(&number) else {
            return;
        };
        let oldest = self
            .ecs
            .live_tasks(service)
            .find(|task| task.wanted)
            .map(|task| task.number);
        if let Some(task) = oldest {
            self.stop_task(
                task,
                Stop {
                    code: StopCode::UserInitiated,
                    reason,
                },
            );
        }
    }

    pub(super) fn next_revision(
        &mut self,
        present: &TaskDefinition,
        image: &str,
        environment: &BTreeMap<String, String>,
    ) -> Arc<TaskDefinition> {
        let mut members = present.members.clone();
        if let Some(first) = members
            .get_mut("containerDefinitions")
            .and_then(|all| all.get_mut(0))
            .and_then(Value::as_object_mut)
        {
            first.insert("image".to_owned(), json!(image));
            let variables = first.entry("environment").or_insert_with(|| json!([]));
            set_variables(variables, environment);
        }
        let at = self.ecs.now;
        let tags = present.tags.clone();
        self.ecs
            .task_definitions
            .register(&self.ecs.place, &present.family, members, tags, at)
    }
}

fn set_variables(variables: &mut Value, changes: &BTreeMap<String, String>) {
    let Some(variables) = variables.as_array_mut() else {
        return;
    };
    for (name, value) in changes {
        let named = |one: &&mut Value| one.get("name").and_then(Value::as_str) == Some(name);
        if let Some(present) = variables.iter_mut().find(named) {
            *present = json!({"name": name, "value": value});
        } else {
            variables.push(json!({"name": name, "value": value}));
        }
    }
}
