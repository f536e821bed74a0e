//! The structure of a pipeline: what `GetPipeline` declares.

use std::collections::BTreeMap;

use super::{ExecutionMode, PipelineName};
use crate::domain::codedeploy::GroupId;
use crate::domain::service::Service;

/// The structure of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineStructure {
    /// Its name.
    pub name: PipelineName,
    /// Its ARN.
    pub arn: Option<String>,
    /// The version; each change makes a new one.
    pub version: Option<u32>,
    /// How its executions share it.
    pub mode: Option<ExecutionMode>,
    /// Its stages, in order.
    pub stages: Vec<StageDeclaration>,
}

/// A stage as it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageDeclaration {
    /// Its name, unique in the pipeline.
    pub name: String,
    /// Its actions.
    pub actions: Vec<ActionDeclaration>,
    /// What happens when it fails, as AWS writes it: `ROLLBACK`, `RETRY`, `SKIP`, `FAIL`.
    pub on_failure: Option<String>,
}

/// What kind of action (`ActionCategory`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Category {
    /// Brings a revision.
    Source,
    /// Makes something of it.
    Build,
    /// Brings it to where it runs.
    Deploy,
    /// Tries it.
    Test,
    /// Calls something.
    Invoke,
    /// Waits for a person.
    Approval,
    /// Runs commands.
    Compute,
    /// One that this version does not know, by its name.
    Unknown(String),
}

impl Category {
    /// Reads the word that AWS writes.
    pub fn from_name(name: &str) -> Self {
        match name {
            "Source" => Self::Source,
            "Build" => Self::Build,
            "Deploy" => Self::Deploy,
            "Test" => Self::Test,
            "Invoke" => Self::Invoke,
            "Approval" => Self::Approval,
            "Compute" => Self::Compute,
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// The word as AWS writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::Source => "Source",
            Self::Build => "Build",
            Self::Deploy => "Deploy",
            Self::Test => "Test",
            Self::Invoke => "Invoke",
            Self::Approval => "Approval",
            Self::Compute => "Compute",
            Self::Unknown(name) => name,
        }
    }
}

/// An action as it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionDeclaration {
    /// Its name, unique in its stage.
    pub name: String,
    /// What kind of action it is.
    pub category: Category,
    /// Who provides it, such as `ECS`, `CodeDeployToECS`, `Manual`.
    pub provider: String,
    /// When it runs in its stage: from 1 on, equal numbers at the same time.
    pub run_order: u32,
    /// Its configuration, variables not filled in.
    pub configuration: BTreeMap<String, String>,
    /// The account that it works in, where its role is of another.
    pub account: Option<String>,
    /// The Region that it works in, where it is another.
    pub region: Option<String>,
    /// Minutes until it fails by itself, where it is declared.
    pub timeout_minutes: Option<u32>,
}

/// What a deploy action changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeployTarget {
    /// A service, by the names of its cluster and its own: the provider `ECS`.
    Service {
        /// The cluster's name.
        cluster: String,
        /// The service's name.
        service: String,
    },
    /// What a deployment group of CodeDeploy moves: the provider `CodeDeployToECS`.
    Group(GroupId),
}

impl ActionDeclaration {
    /// What it deploys to; `None` for other actions and other providers.
    pub fn target(&self) -> Option<DeployTarget> {
        let value = |key: &str| self.configuration.get(key).cloned();
        match self.provider.as_str() {
            "ECS" => Some(DeployTarget::Service {
                cluster: value("ClusterName")?,
                service: value("ServiceName")?,
            }),
            "CodeDeployToECS" => Some(DeployTarget::Group(GroupId {
                application: value("ApplicationName")?,
                group: value("DeploymentGroupName")?,
            })),
            _ => None,
        }
    }
}

impl DeployTarget {
    /// Whether this is the service. `group` is the deployment group that moves it, where one does.
    pub fn is(&self, service: &Service, group: Option<&GroupId>) -> bool {
        match self {
            Self::Service {
                cluster,
                service: name,
            } => cluster == service.cluster.name() && name == service.name(),
            Self::Group(own) => group == Some(own),
        }
    }
}

impl PipelineStructure {
    /// An action with its stage's place, by the names of both.
    pub fn action(&self, stage: &str, action: &str) -> Option<&ActionDeclaration> {
        let stage = self.stages.iter().find(|one| one.name == stage)?;
        stage.actions.iter().find(|one| one.name == action)
    }

    /// The deploy actions, with the places of their stages from 0 on, in order.
    pub fn deploys(&self) -> impl Iterator<Item = (usize, &ActionDeclaration, DeployTarget)> {
        self.stages.iter().enumerate().flat_map(|(place, stage)| {
            let actions = stage.actions.iter();
            actions.filter_map(move |action| Some((place, action, action.target()?)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deploy(provider: &str, configuration: &[(&str, &str)]) -> ActionDeclaration {
        ActionDeclaration {
            name: "Deploy".into(),
            category: Category::Deploy,
            provider: provider.into(),
            run_order: 1,
            configuration: configuration
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            account: None,
            region: None,
            timeout_minutes: None,
        }
    }

    #[test]
    fn a_deploy_action_names_what_it_deploys_to() {
        let ecs = deploy("ECS", &[("ClusterName", "prod"), ("ServiceName", "web")]);
        let target = DeployTarget::Service {
            cluster: "prod".into(),
            service: "web".into(),
        };
        assert_eq!(ecs.target(), Some(target));
        let group = deploy(
            "CodeDeployToECS",
            &[("ApplicationName", "shop"), ("DeploymentGroupName", "web")],
        );
        assert!(matches!(group.target(), Some(DeployTarget::Group(_))));
        assert_eq!(deploy("S3", &[("BucketName", "b")]).target(), None);
        assert_eq!(deploy("ECS", &[("ClusterName", "prod")]).target(), None);
    }
}
