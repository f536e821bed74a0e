//! Deploys: what is asked of the world, and what it answers.
//!
//! A service can be in another account or region than its pipeline. So a deploy action puts what it
//! wants into the outbox of its CodePipeline, the world delivers it, and answers through
//! [`Region::deploy_started`] and [`Region::deploy_progressed`].

use std::collections::BTreeMap;

use super::{ASK, RunStatus};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::RunKey;
use crate::sim::world::codepipeline::action_run::ActionRun;
use crate::sim::world::codepipeline::pipeline::{Action, Provider};

/// What a deploy action is told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeployOrder {
    /// The run that wants it, which the answers name.
    pub run: RunKey,
    /// The pipeline, by name.
    pub pipeline: String,
    /// The execution, by id.
    pub execution: String,
    /// The action, by name.
    pub action: String,
    /// `ECS` or `CodeDeployToECS`.
    pub provider: String,
    /// The account to deploy to, when the action's role names another than the pipeline's.
    pub account: Option<String>,
    /// The Region to deploy to, when the action names another than the pipeline's.
    pub region: Option<String>,
    /// The configuration of the action, with variables filled in.
    pub configuration: BTreeMap<String, String>,
    /// Images: the name of the container or, for `CodeDeployToECS`, of the placeholder in the task
    /// definition, and the URI. An empty name means the first container.
    pub images: Vec<(String, String)>,
}

/// What a deploy action has started, to be asked after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deploying {
    /// A deployment of ECS.
    Ecs {
        /// Where the service is.
        account: String,
        /// Where the service is.
        region: String,
        /// The cluster, by name.
        cluster: String,
        /// The service, by name.
        service: String,
        /// The ARN of the task definition that is deployed.
        task_definition: String,
        /// The ARN of the service deployment, when the service has them.
        service_deployment: Option<String>,
    },
    /// A deployment of CodeDeploy.
    CodeDeploy {
        /// Where the deployment group is.
        account: String,
        /// Where the deployment group is.
        region: String,
        /// The id of the deployment.
        deployment_id: String,
    },
}

/// How something that a deploy action has started stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeployProgress {
    /// It is under way.
    InProgress {
        /// What there is to say about it.
        summary: Option<String>,
    },
    /// It has ended well.
    Succeeded {
        /// What there is to say about it.
        summary: Option<String>,
    },
    /// It has failed.
    Failed {
        /// Such as `JobFailed`.
        code: String,
        /// Words for people.
        message: String,
    },
}

/// What a deploy action asks of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// To start a deployment. The answer goes to [`Region::deploy_started`].
    Start(DeployOrder),
    /// To say how a deployment stands. The answer goes to [`Region::deploy_progressed`].
    Ask(RunKey, Deploying),
}

impl Region {
    pub(super) fn order_deploy(&mut self, key: RunKey) {
        let Some(order) = self.deploy_order(key) else {
            return;
        };
        self.codepipeline.outbox.push(Outgoing::Start(order));
    }

    fn deploy_order(&self, key: RunKey) -> Option<DeployOrder> {
        let pipeline = self.pipeline_of(key.execution)?;
        let execution = self.codepipeline.execution(key.execution)?;
        let (run, action) = (self.codepipeline.run(key)?, self.action_of(key)?);
        let place = &self.ecs.place;
        let account = action.account().filter(|one| *one != place.account);
        let region = action.region.as_ref();
        Some(DeployOrder {
            run: key,
            pipeline: pipeline.name.clone(),
            execution: execution.id.clone(),
            action: action.name.clone(),
            provider: action.provider_name.clone(),
            account: account.map(str::to_owned),
            region: region.filter(|one| **one != place.region).cloned(),
            configuration: run.configuration.clone(),
            images: images(action, run, &execution.images),
        })
    }

    /// What a run has ordered was started, or could not be.
    pub fn deploy_started(&mut self, key: RunKey, started: Result<Deploying, (String, String)>) {
        let under_way = self.codepipeline.run(key);
        if under_way.is_none_or(|run| run.status.is_over()) {
            return;
        }
        match started {
            Ok(deploying) => {
                self.change_run(key, |run| note_deploying(run, deploying));
                self.plan_run(key, ASK);
            }
            Err((code, message)) => self.fail_run(key, &code, message),
        }
    }

    /// It is time to ask how the deployment of a run stands.
    pub(super) fn ask_after_deploy(&mut self, key: RunKey) {
        let deploying = self
            .codepipeline
            .run(key)
            .and_then(|run| run.deploying.clone());
        if let Some(deploying) = deploying {
            self.codepipeline.outbox.push(Outgoing::Ask(key, deploying));
        }
    }

    /// How the deployment of a run stands.
    pub fn deploy_progressed(&mut self, key: RunKey, progress: DeployProgress) {
        let under_way = self.codepipeline.run(key);
        if under_way.is_none_or(|run| run.status.is_over()) {
            return;
        }
        match progress {
            DeployProgress::InProgress { summary } => {
                let known = under_way.is_some_and(|run| run.summary == summary);
                if !known && summary.is_some() {
                    self.change_run(key, |run| run.summary = summary);
                }
                self.plan_run(key, ASK);
            }
            DeployProgress::Succeeded { summary } => {
                self.change_run(key, |run| run.summary = summary.or(run.summary.take()));
                self.end_run(key, RunStatus::Succeeded, None);
            }
            DeployProgress::Failed { code, message } => self.fail_run(key, &code, message),
        }
    }
}

/// The images that an action deploys. `CodeDeployToECS` names its placeholders in its configuration,
/// up to four of them.
fn images(action: &Action, run: &ActionRun, images: &[(String, String)]) -> Vec<(String, String)> {
    if action.provider != Provider::CodeDeployToEcs {
        return images.to_vec();
    }
    let placeholders = (1..=4).map(|number| format!("Image{number}ContainerName"));
    let named = placeholders.filter_map(|key| run.configuration.get(&key).cloned());
    named
        .zip(images)
        .map(|(name, (_, image))| (name, image.clone()))
        .collect()
}

/// Shows on a run what it has started.
fn note_deploying(run: &mut ActionRun, deploying: Deploying) {
    match &deploying {
        Deploying::Ecs {
            region,
            cluster,
            service,
            service_deployment,
            ..
        } => {
            run.external_id.clone_from(service_deployment);
            run.external_url = Some(format!(
                "https://{region}.console.aws.amazon.com/ecs/v2/clusters/{cluster}/services/{service}/deployments?region={region}"
            ));
            run.variables
                .insert("ClusterName".to_owned(), cluster.clone());
            run.variables
                .insert("ServiceName".to_owned(), service.clone());
        }
        Deploying::CodeDeploy {
            region,
            deployment_id,
            ..
        } => {
            run.external_id = Some(deployment_id.clone());
            run.external_url = Some(format!(
                "https://{region}.console.aws.amazon.com/codesuite/codedeploy/deployments/{deployment_id}?region={region}"
            ));
            run.variables
                .insert("DeploymentId".to_owned(), deployment_id.clone());
        }
    }
    run.deploying = Some(deploying);
}
