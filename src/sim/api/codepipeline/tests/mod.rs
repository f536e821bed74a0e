//! What holds for `CodePipeline`.

mod approvals;
mod course;
mod deploys;
mod harness;
