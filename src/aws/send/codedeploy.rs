//! Changes through CodeDeploy.

use aws_sdk_codedeploy::types::{
    AppSpecContent, DeploymentWaitType, RevisionLocation, RevisionLocationType,
};
use serde_json::json;

use super::{super::Aws, sent};
use crate::aws::answer::Sent;
use crate::aws::budget::Group;
use crate::aws::call::Operation;
use crate::aws::failure::of_kind;
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::call::{DeploymentOrder, DeploymentWait};
use crate::domain::failure::{Failure, FailureKind};

const CREATE: Operation = Operation::new("codedeploy:CreateDeployment", Group::Mutations);
const STOP: Operation = Operation::new("codedeploy:StopDeployment", Group::Mutations);
const CONTINUE: Operation = Operation::new("codedeploy:ContinueDeployment", Group::Mutations);

/// What CodeDeploy shows as the reason of a deployment.
const DESCRIPTION: &str = "Created from cutover";

impl Aws {
    fn codedeploy_for(&self, operation: Operation) -> Result<aws_sdk_codedeploy::Client, Failure> {
        self.client_for(operation, |mutations| mutations.codedeploy.clone())
    }

    /// Makes a deployment. Its id is the answer's detail. Where the revision is INACTIVE a copy of it
    /// is registered first.
    pub(super) async fn create_deployment(&self, order: &DeploymentOrder) -> Result<Sent, Failure> {
        if !order.copy {
            return self.create_with(order, &order.task_definition).await;
        }
        let copy = self.register_copy(&order.task_definition).await?;
        self.create_with(order, &copy).await.map_err(|mut failure| {
            let made = copy.family_revision();
            failure.message = format!(
                "{} ({made} was registered; no deployment was made with it)",
                failure.message
            );
            failure
        })
    }

    async fn create_with(
        &self,
        order: &DeploymentOrder,
        task_definition: &TaskDefinitionArn,
    ) -> Result<Sent, Failure> {
        let client = self.codedeploy_for(CREATE)?;
        let content = AppSpecContent::builder()
            .content(app_spec(order, task_definition))
            .build();
        let revision = RevisionLocation::builder()
            .revision_type(RevisionLocationType::AppSpecContent)
            .app_spec_content(content)
            .build();
        let request = client
            .create_deployment()
            .application_name(&order.group.application)
            .deployment_group_name(&order.group.group)
            .description(DESCRIPTION)
            .revision(revision);
        let answer = self.call(CREATE, |_| request.send()).await?;
        let Some(id) = answer.deployment_id().map(str::to_owned) else {
            let message = "the answer does not name the deployment that was made";
            return Err(of_kind(CREATE.name, FailureKind::Garbled, message));
        };
        Ok(sent(&answer, Some(id)))
    }

    pub(super) async fn stop_deployment(
        &self,
        deployment: &str,
        roll_back: bool,
    ) -> Result<Sent, Failure> {
        let client = self.codedeploy_for(STOP)?;
        let request = client.stop_deployment().deployment_id(deployment);
        // Without the field the deployment group decides: what was confirmed is always sent.
        let request = request.auto_rollback_enabled(roll_back);
        let answer = self.call(STOP, |_| request.send()).await?;
        Ok(sent(&answer, None))
    }

    pub(super) async fn continue_deployment(
        &self,
        deployment: &str,
        wait: DeploymentWait,
    ) -> Result<Sent, Failure> {
        let client = self.codedeploy_for(CONTINUE)?;
        let wait = match wait {
            DeploymentWait::Ready => DeploymentWaitType::ReadyWait,
            DeploymentWait::Termination => DeploymentWaitType::TerminationWait,
        };
        let request = client.continue_deployment().deployment_id(deployment);
        let request = request.deployment_wait_type(wait);
        let answer = self.call(CONTINUE, |_| request.send()).await?;
        Ok(sent(&answer, None))
    }
}

/// The AppSpec for a service of ECS, as JSON (CodeDeploy guide, "AppSpec resources section for Amazon
/// ECS deployments").
fn app_spec(order: &DeploymentOrder, task_definition: &TaskDefinitionArn) -> String {
    json!({
        "version": 0.0,
        "Resources": [{
            "TargetService": {
                "Type": "AWS::ECS::Service",
                "Properties": {
                    "TaskDefinition": task_definition.as_str(),
                    "LoadBalancerInfo": {
                        "ContainerName": order.container,
                        "ContainerPort": order.port,
                    },
                },
            },
        }],
    })
    .to_string()
}
