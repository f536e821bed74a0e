//! What holds for CodePipeline.

mod approvals;
mod course;
mod declarations;
mod deploys;
mod gates;
mod harness;
mod history;
mod modes;
mod properties;
mod steering;
