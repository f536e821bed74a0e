//! The operations of the simulated services: JSON in, JSON or an AWS error out.

pub mod cloudwatch;
pub mod codebuild;
pub mod codedeploy;
pub mod codepipeline;
pub mod ecs;
pub mod elb;
pub mod error;
pub mod input;
pub mod logs;
pub mod sts;

pub use error::{Answer, ApiError};
pub use input::Input;
