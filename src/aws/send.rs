//! Calls that change something. Each is sent once, and only from a confirmed plan.

mod codedeploy;
mod pipelines;
mod race;

use aws_sdk_ecs::types::{DeploymentLifecycleHookAction, StopServiceDeploymentStopType};
use aws_types::request_id::RequestId;

use super::Aws;
use super::answer::Sent;
use super::budget::Group;
use super::call::Operation;
use super::connection::Mutations;
use super::failure::of_kind;
use super::register_copy::copy_input;
use crate::domain::arn::{
    ClusterArn, ServiceArn, ServiceDeploymentArn, TaskArn, TaskDefinitionArn,
};
use crate::domain::call::{Call, HookAnswer};
use crate::domain::confirmation::Confirmed;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::plan::Plan;

const UPDATE_SERVICE: Operation = Operation::new("ecs:UpdateService", Group::Mutations);
const REGISTER: Operation = Operation::new("ecs:RegisterTaskDefinition", Group::Mutations);
const STOP_DEPLOYMENT: Operation = Operation::new("ecs:StopServiceDeployment", Group::Mutations);
const CONTINUE_RELEASE: Operation =
    Operation::new("ecs:ContinueServiceDeployment", Group::Mutations);
const UPDATE_PRIMARY: Operation =
    Operation::new("ecs:UpdateServicePrimaryTaskSet", Group::Mutations);
const STOP_TASK: Operation = Operation::new("ecs:StopTask", Group::Mutations);

/// The Describe that belongs to a change: it does not wait behind reads either.
const DESCRIBE_SOURCE: Operation = Operation::new("ecs:DescribeTaskDefinition", Group::Mutations);

/// What one `UpdateService` changes.
enum Change<'a> {
    /// Start the same task definition again.
    Redeploy,
    /// Run another task definition.
    TaskDefinition(&'a str),
    /// Run another number of tasks.
    DesiredCount(u32),
}

impl Aws {
    /// Sends a confirmed plan's call, once. In a read-only cockpit nothing is sent.
    pub async fn send(&self, plan: &Confirmed<Plan>) -> Result<Sent, Failure> {
        let sent = match &plan.get().call {
            Call::ForceNewDeployment { cluster, service } => {
                self.update_service(cluster, service, Change::Redeploy)
                    .await
            }
            Call::UpdateTaskDefinition {
                cluster,
                service,
                task_definition,
            } => {
                let change = Change::TaskDefinition(task_definition.as_str());
                self.update_service(cluster, service, change).await
            }
            Call::RegisterCopyAndUpdate {
                cluster,
                service,
                source,
            } => {
                self.register_copy_and_update(cluster, service, source)
                    .await
            }
            Call::UpdateDesiredCount {
                cluster,
                service,
                desired,
            } => {
                self.update_service(cluster, service, Change::DesiredCount(*desired))
                    .await
            }
            Call::StopServiceDeployment { deployment } => {
                self.stop_service_deployment(deployment).await
            }
            Call::ContinueServiceDeployment {
                deployment,
                hook,
                answer,
            } => {
                self.continue_service_deployment(deployment, hook, *answer)
                    .await
            }
            Call::UpdatePrimaryTaskSet {
                cluster,
                service,
                task_set,
            } => {
                self.update_primary_task_set(cluster, service, task_set)
                    .await
            }
            Call::CreateDeployment(order) => self.create_deployment(order).await,
            Call::StopDeployment {
                deployment,
                roll_back,
            } => self.stop_deployment(deployment, *roll_back).await,
            Call::ContinueDeployment { deployment, wait } => {
                self.continue_deployment(deployment, *wait).await
            }
            Call::StopTask {
                cluster,
                task,
                reason,
            } => self.stop_task(cluster, task, reason).await,
            Call::Pipeline(call) => self.send_to_pipeline(call).await,
        };
        sent.map_err(|failure| with_doubt(race::named(failure)))
    }

    /// A client for changes; there is none in a read-only cockpit.
    fn client_for<T>(
        &self,
        operation: Operation,
        of: impl FnOnce(&Mutations) -> T,
    ) -> Result<T, Failure> {
        self.clients().mutations.as_ref().map(of).ok_or_else(|| {
            let message = "this cockpit is read-only: nothing was sent";
            of_kind(operation.name, FailureKind::ReadOnly, message)
        })
    }

    fn mutating_client(&self, operation: Operation) -> Result<aws_sdk_ecs::Client, Failure> {
        self.client_for(operation, |mutations| mutations.ecs.clone())
    }

    async fn continue_service_deployment(
        &self,
        deployment: &ServiceDeploymentArn,
        hook: &str,
        answer: HookAnswer,
    ) -> Result<Sent, Failure> {
        let client = self.mutating_client(CONTINUE_RELEASE)?;
        let action = match answer {
            HookAnswer::Continue => DeploymentLifecycleHookAction::Continue,
            HookAnswer::RollBack => DeploymentLifecycleHookAction::Rollback,
        };
        let request = client.continue_service_deployment();
        let request = request.service_deployment_arn(deployment.as_str());
        let request = request.hook_id(hook).action(action);
        let answer = self.call(CONTINUE_RELEASE, |_| request.send()).await?;
        Ok(sent(&answer, None))
    }

    async fn update_primary_task_set(
        &self,
        cluster: &ClusterArn,
        service: &ServiceArn,
        task_set: &str,
    ) -> Result<Sent, Failure> {
        let client = self.mutating_client(UPDATE_PRIMARY)?;
        let request = client.update_service_primary_task_set();
        let request = request.cluster(cluster.as_str()).service(service.as_str());
        let request = request.primary_task_set(task_set);
        let answer = self.call(UPDATE_PRIMARY, |_| request.send()).await?;
        Ok(sent(&answer, None))
    }

    async fn update_service(
        &self,
        cluster: &ClusterArn,
        service: &ServiceArn,
        change: Change<'_>,
    ) -> Result<Sent, Failure> {
        let client = self.mutating_client(UPDATE_SERVICE)?;
        let request = client.update_service();
        let request = request.cluster(cluster.as_str()).service(service.as_str());
        let request = match change {
            Change::Redeploy => request.force_new_deployment(true),
            Change::TaskDefinition(arn) => request.task_definition(arn),
            Change::DesiredCount(desired) => {
                request.desired_count(i32::try_from(desired).unwrap_or(i32::MAX))
            }
        };
        let answer = self.call(UPDATE_SERVICE, |_| request.send()).await?;
        Ok(sent(&answer, None))
    }

    async fn stop_service_deployment(
        &self,
        deployment: &ServiceDeploymentArn,
    ) -> Result<Sent, Failure> {
        let client = self.mutating_client(STOP_DEPLOYMENT)?;
        let request = client.stop_service_deployment();
        let request = request.service_deployment_arn(deployment.as_str());
        let request = request.stop_type(StopServiceDeploymentStopType::Rollback);
        let answer = self.call(STOP_DEPLOYMENT, |_| request.send()).await?;
        Ok(sent(&answer, None))
    }

    async fn stop_task(
        &self,
        cluster: &ClusterArn,
        task: &TaskArn,
        reason: &str,
    ) -> Result<Sent, Failure> {
        let client = self.mutating_client(STOP_TASK)?;
        let request = client.stop_task().cluster(cluster.as_str());
        let request = request.task(task.as_str()).reason(reason);
        let answer = self.call(STOP_TASK, |_| request.send()).await?;
        Ok(sent(&answer, None))
    }

    /// Registers a copy of a revision that is INACTIVE and moves the service to the copy.
    async fn register_copy_and_update(
        &self,
        cluster: &ClusterArn,
        service: &ServiceArn,
        source: &TaskDefinitionArn,
    ) -> Result<Sent, Failure> {
        let copy = self.register_copy(source).await?;
        let change = Change::TaskDefinition(copy.as_str());
        match self.update_service(cluster, service, change).await {
            Ok(sent) => Ok(Sent {
                detail: Some(copy.to_string()),
                ..sent
            }),
            Err(mut failure) => {
                let made = copy.family_revision();
                failure.message = format!(
                    "{} ({made} was registered; the service was not moved to it)",
                    failure.message
                );
                Err(failure)
            }
        }
    }

    async fn register_copy(
        &self,
        source: &TaskDefinitionArn,
    ) -> Result<TaskDefinitionArn, Failure> {
        let client = self.mutating_client(REGISTER)?;
        let described = self
            .call(DESCRIBE_SOURCE, |clients| {
                let request = clients.ecs.describe_task_definition();
                let request = request.task_definition(source.as_str());
                request
                    .include(aws_sdk_ecs::types::TaskDefinitionField::Tags)
                    .send()
            })
            .await?;
        let tags = described.tags.unwrap_or_default();
        let Some(definition) = described.task_definition else {
            let message = format!("the answer holds no task definition {source}");
            return Err(of_kind(DESCRIBE_SOURCE.name, FailureKind::Garbled, message));
        };
        let request = copy_input(definition, tags);
        let answer = self.call(REGISTER, |_| request.send_with(&client)).await?;
        let arn = answer
            .task_definition()
            .and_then(|registered| registered.task_definition_arn());
        arn.map(TaskDefinitionArn::new).ok_or_else(|| {
            let message = "the answer does not name the revision that was registered";
            of_kind(REGISTER.name, FailureKind::Garbled, message)
        })
    }
}

fn sent(answer: &impl RequestId, detail: Option<String>) -> Sent {
    Sent {
        request_id: answer.request_id().map(str::to_owned),
        detail,
    }
}

/// Where no clear answer came, AWS may have done it all the same: the person has to know before
/// trying again.
fn with_doubt(mut failure: Failure) -> Failure {
    let in_doubt = match failure.kind {
        FailureKind::Timeout | FailureKind::ServerFault | FailureKind::Garbled => true,
        FailureKind::Unreachable => {
            let message = failure.message.to_lowercase();
            !(message.contains("connect error") || message.contains("dns error"))
        }
        _ => false,
    };
    if in_doubt {
        failure
            .message
            .push_str("; AWS may have carried it out all the same: look before you try again");
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unclear_end_leaves_a_doubt() {
        let doubt = |kind, message: &str| {
            with_doubt(of_kind("ecs:UpdateService", kind, message))
                .message
                .contains("carried it out")
        };
        assert!(doubt(FailureKind::Timeout, "no answer in time"));
        assert!(doubt(FailureKind::Unreachable, "connection closed"));
        assert!(!doubt(
            FailureKind::Unreachable,
            "tcp connect error: refused"
        ));
        assert!(!doubt(FailureKind::AccessDenied, "no"));
        assert!(!doubt(FailureKind::Throttled, "slow down"));
    }
}
