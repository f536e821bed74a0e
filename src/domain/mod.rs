//! What cutover knows about ECS: plain types and the rules over them.
//!
//! Nothing here names the SDK, tokio or ratatui, reads a clock, or does I/O. Everything arrives as
//! a value and leaves as a value, so every rule is tested beside its code.

pub mod alarm;
pub mod arn;
pub mod autoscaling;
pub mod breaker;
pub mod call;
pub mod cluster;
pub mod codedeploy;
pub mod confirmation;
pub mod context;
pub mod definition_diff;
pub mod diagnosis;
pub mod event_text;
pub mod facts;
pub mod failure;
#[cfg(test)]
pub(crate) mod fixture;
pub mod follow;
pub mod history;
pub mod image;
pub mod inbox;
pub mod incident;
pub mod intent;
pub mod lifecycle;
pub mod logs;
pub mod pipeline;
pub mod plan;
pub mod planner;
pub mod preflight;
pub mod release;
pub mod remote;
pub mod service;
pub mod service_deployment;
pub mod task;
pub mod task_definition;
pub mod text;
pub mod traffic;
