//! What a plan is checked against beside the facts that it stands on: images and autoscaling. None of
//! it can refuse a plan, and none of it is waited for long.

use super::arn::TaskDefinitionArn;
use super::autoscaling::ScalableTarget;
use super::facts::Facts;
use super::intent::Wish;
use super::pipeline::link::UpcomingDeploy;
use super::service::Controller;

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preflight {
    /// The images that tasks will be started from, each once.
    pub images: Vec<ImageReading>,
    /// Why the task definition that names the images could not be read, in a few words.
    pub unnamed: Option<String>,
    /// Whether the service is scaled; `None` where nobody asked.
    pub scaling: Option<ScalingReading>,
    /// The executions of pipelines that will deploy the service, the nearest to it first.
    pub upcoming: Vec<UpcomingDeploy>,
}

/// An image, and whether it can still be pulled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageReading {
    /// The image as the task definition names it.
    pub image: String,
    /// What its registry said.
    pub state: ImageState,
}

/// Whether an image can still be pulled, as far as its registry tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageState {
    /// ECR has it.
    There,
    /// ECR has it no more.
    Gone,
    /// ECR has it in its archive, from which it cannot be pulled.
    Archived,
    /// It could not be read: why, in a few words.
    Unread(String),
}

/// What Application Auto Scaling said of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScalingReading {
    /// It does not scale it.
    None,
    /// It does.
    Scaled(ScalableTarget),
    /// It could not be read: why, in a few words.
    Unread(String),
}

/// Where the images are named that a wish starts tasks from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImagesOf {
    /// They are known already.
    Known(TaskDefinitionArn, Vec<String>),
    /// The task definition that names them has to be read.
    Revision(TaskDefinitionArn),
}

/// The images that a wish starts tasks from; `None` where it starts none, or only such as run
/// already.
pub fn images_of(wish: &Wish, facts: &Facts) -> Option<ImagesOf> {
    if let Some(Ok(target)) = &facts.target {
        return Some(ImagesOf::Known(target.arn.clone(), target.images()));
    }
    let service = facts.service.as_ref()?;
    match wish {
        Wish::ForceRedeploy if service.controller == Controller::Ecs => {
            Some(ImagesOf::Revision(service.task_definition.clone()))
        }
        Wish::SetDesiredCount { desired } if *desired > service.desired => {
            Some(ImagesOf::Revision(service.task_definition.clone()))
        }
        // ECS goes back to the revision that the release in flight started from.
        Wish::RollBack { to: None } => {
            let source = facts.in_flight()?.sources.first()?;
            let revision = source.task_definition.clone()?;
            Some(match &source.images[..] {
                [] => ImagesOf::Revision(revision),
                images => ImagesOf::Known(revision, images.to_vec()),
            })
        }
        _ => None,
    }
}

/// Whether autoscaling matters to a wish: to a change of the count, and to what begins a release, as
/// scaling out goes on during one.
pub fn is_scaling_asked(wish: &Wish) -> bool {
    matches!(
        wish,
        Wish::SetDesiredCount { .. }
            | Wish::ForceRedeploy
            | Wish::Deploy { .. }
            | Wish::RollBack { .. }
    )
}
