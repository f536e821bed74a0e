//! A deploy action starts a real release where its service is.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{CONFIGURATION_ERROR, DeployOrder, Deploying, Failure};
use crate::sim::world::Region;
use crate::sim::world::engine::service::ServiceChange;
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::service::{Service, ServiceStatus};
use crate::sim::world::task_definition::TaskDefinition;

impl Region {
    /// Starts what a deploy action orders. The error is the action's.
    pub(super) fn start_deploy(&mut self, order: &DeployOrder) -> Result<Deploying, Failure> {
        if order.provider == "CodeDeployToECS" {
            self.start_codedeploy(order)
        } else {
            self.start_ecs(order)
        }
    }

    /// Provider ECS: a new revision of the task definition with the images of `imagedefinitions.json`,
    /// and an update of the service.
    fn start_ecs(&mut self, order: &DeployOrder) -> Result<Deploying, Failure> {
        let number = self.service_of(order)?;
        let present = self
            .ecs
            .services
            .get(&number)
            .and_then(Service::primary)
            .map(|primary| Arc::clone(&primary.definition));
        let Some(present) = present else {
            return Err(invalid(
                "The Amazon ECS service has a deployment controller that this action does not deploy.",
            ));
        };
        let definition = self.with_images(&present, &order.images)?;
        let task_definition = definition.arn.clone();
        let change = ServiceChange {
            deploy: Some(definition),
            ..ServiceChange::default()
        };
        self.update_service(number, change);
        let release = self.ecs.services.get(&number).and_then(Service::release);
        Ok(Deploying::Ecs {
            account: self.ecs.place.account.clone(),
            region: self.ecs.place.region.clone(),
            cluster: setting(order, "ClusterName"),
            service: setting(order, "ServiceName"),
            task_definition,
            service_deployment: release.map(|release| release.arn.clone()),
        })
    }

    /// Provider `CodeDeployToECS`: the template of the task definition with the images in place of
    /// the placeholders, and a deployment of the group.
    fn start_codedeploy(&mut self, order: &DeployOrder) -> Result<Deploying, Failure> {
        let application = setting(order, "ApplicationName");
        let name = setting(order, "DeploymentGroupName");
        let Some(group) = self.codedeploy.group(&application, &name) else {
            return Err(invalid(&format!(
                "No deployment group found for name: {name}"
            )));
        };
        let service = self
            .ecs
            .cluster(Some(&group.cluster))
            .and_then(|cluster| self.ecs.service_in(cluster, &group.service))
            .map(|service| service.number);
        let present = service.and_then(|one| Some((one, self.newest_definition(one)?)));
        let Some((service, present)) = present else {
            return Err(invalid(
                "The specified ECS service cannot be found or is not active.",
            ));
        };
        if let Some(one) = self.codedeploy.under_way(&application, &name) {
            let message = format!(
                "The Deployment Group '{name}' already has an active Deployment '{}'",
                one.id
            );
            return Err(("DeploymentLimitExceededException".to_owned(), message));
        }
        // The template is the task definition that runs, with a placeholder for each image in the
        // order of its containers.
        let images: Vec<(String, String)> = present
            .containers
            .iter()
            .zip(&order.images)
            .map(|(container, (_, image))| (container.name.clone(), image.clone()))
            .collect();
        let definition = self.with_images(&present, &images)?;
        let hooks = std::collections::BTreeMap::new();
        let position = self.deploy_by_codedeploy(service, &definition, &hooks);
        let deployment = position.and_then(|one| self.codedeploy.deployments.get(one));
        deployment.map_or_else(
            || Err(invalid("The ECS service has no load balancer.")),
            |deployment| {
                Ok(Deploying::CodeDeploy {
                    account: self.ecs.place.account.clone(),
                    region: self.ecs.place.region.clone(),
                    deployment_id: deployment.id.clone(),
                })
            },
        )
    }

    /// The active service that an order names.
    fn service_of(&self, order: &DeployOrder) -> Result<ServiceNumber, Failure> {
        let cluster = self.ecs.cluster(Some(&setting(order, "ClusterName")));
        let Some(cluster) = cluster else {
            return Err(no_cluster(order));
        };
        let name = setting(order, "ServiceName");
        let service = self.ecs.service_in(cluster, &name);
        service
            .filter(|service| service.status == ServiceStatus::Active)
            .map(|service| service.number)
            .ok_or_else(|| invalid(&format!("The AWS ECS service {name} does not exist")))
    }

    /// A new revision of a task definition with other images, by the name of the container; an
    /// empty name means the first one.
    fn with_images(
        &mut self,
        present: &TaskDefinition,
        images: &[(String, String)],
    ) -> Result<Arc<TaskDefinition>, Failure> {
        let mut members = present.members.clone();
        let containers = members
            .get_mut("containerDefinitions")
            .and_then(Value::as_array_mut);
        let mut containers: Vec<&mut Value> = containers.into_iter().flatten().collect();
        for (name, image) in images {
            let container = containers
                .iter_mut()
                .find(|one| name.is_empty() || one.get("name") == Some(&json!(name)))
                .and_then(|one| one.as_object_mut())
                .ok_or_else(|| invalid(&format!("The AWS ECS container {name} does not exist")))?;
            container.insert("image".to_owned(), json!(image));
        }
        let (at, tags) = (self.ecs.now, present.tags.clone());
        let ecs = &mut self.ecs;
        Ok(ecs
            .task_definitions
            .register(&ecs.place, &present.family, members, tags, at))
    }
}

/// The failure of an order whose cluster isn't there.
pub(super) fn no_cluster(order: &DeployOrder) -> Failure {
    let cluster = setting(order, "ClusterName");
    invalid(&format!("The AWS ECS cluster {cluster} does not exist"))
}

fn invalid(message: &str) -> Failure {
    (CONFIGURATION_ERROR.to_owned(), message.to_owned())
}

fn setting(order: &DeployOrder, name: &str) -> String {
    order.configuration.get(name).cloned().unwrap_or_default()
}
