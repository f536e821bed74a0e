//! Builds with `CodeBuild`.

use super::RunStatus;
use crate::sim::world::Region;
use crate::sim::world::codepipeline::RunKey;
use crate::sim::world::engine::timing::Range;

/// A build has ended.
const BUILD: Range = Range::new(70_000, 150_000);

impl Region {
    pub(super) fn start_build(&mut self, key: RunKey) {
        let uuid = self.ecs.rng.uuid();
        self.change_run(key, |run| {
            let project = run.configuration.get("ProjectName").cloned();
            run.external_id = Some(format!("{}:{uuid}", project.unwrap_or_default()));
        });
        self.plan_run(key, BUILD);
    }

    pub(super) fn advance_build(&mut self, key: RunKey) {
        self.end_run(key, RunStatus::Succeeded, None);
    }
}
