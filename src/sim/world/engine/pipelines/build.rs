//! Builds with CodeBuild.

use super::{Event, RunStatus};
use crate::sim::world::Region;
use crate::sim::world::codebuild::{BuildStatus, NewBuild, build_url};
use crate::sim::world::codepipeline::action_run::ActionRun;
use crate::sim::world::codepipeline::{RunKey, Turn};
use crate::sim::world::engine::timing::Range;

/// CodePipeline notices that a build has ended.
const NOTICED: Range = Range::new(500, 3_000);

impl Region {
    pub(super) fn begin_build(&mut self, key: RunKey) {
        let Some(new) = self.new_build(key) else {
            return;
        };
        if let Some(fault) = self.take_fault(key) {
            self.codebuild.fail_next(&new.project, &fault.message);
        }
        let id = self.start_build(new);
        let Some(build) = self.codebuild.build(&id) else {
            return;
        };
        let place = &self.ecs.place;
        let (url, log) = (build_url(place, &id), build.log_arn(place));
        let ends_at = build.ends_at();
        self.change_run(key, |run| {
            run.external_id = Some(id);
            run.external_url = Some(url);
            run.log_stream = Some(log);
        });
        let noticed = ends_at.plus_millis(NOTICED.pick(&mut self.ecs.rng));
        if let Some(run) = self.codepipeline.run_mut(key) {
            run.ticket = run.ticket.wrapping_add(1);
            let turn = Turn::Advance(key, run.ticket);
            self.ecs.queue.push(noticed, Event::Pipeline(turn));
        }
    }

    fn new_build(&self, key: RunKey) -> Option<NewBuild> {
        let pipeline = self.pipeline_of(key.execution)?;
        let execution = self.codepipeline.execution(key.execution)?;
        let run = self.codepipeline.run(key)?;
        let source = run.inputs.first();
        let revision = execution.revisions.first().map(|one| &one.revision);
        let bucket = pipeline.bucket(&self.ecs.place.region);
        Some(NewBuild {
            project: run.configuration.get("ProjectName")?.clone(),
            initiator: format!("codepipeline/{}", pipeline.name),
            source_version: source.map(|one| format!("arn:aws:s3:::{bucket}/{}", one.key)),
            resolved_source_version: revision.map(|one| one.id.clone()),
            images: execution
                .images
                .iter()
                .map(|(_, image)| image.clone())
                .collect(),
        })
    }

    /// The build of a run has ended.
    pub(super) fn end_build(&mut self, key: RunKey) {
        let now = self.ecs.now;
        let id = self
            .codepipeline
            .run(key)
            .and_then(|run| run.external_id.clone());
        let build = id.as_deref().and_then(|id| self.codebuild.build(id));
        let Some(build) = build else {
            return;
        };
        if build.progress(now).status != BuildStatus::Failed {
            return self.end_run(key, RunStatus::Succeeded, None);
        }
        let failed = build.course.phases.iter().find(|phase| phase.fails);
        let words = failed.map(|phase| {
            let (code, message) = build.context(phase);
            format!(
                " Phase: {}, Code: {code}, Message: {message}",
                phase.kind.word()
            )
        });
        let message = format!(
            "Build terminated with state: FAILED.{}",
            words.unwrap_or_default()
        );
        self.fail_run(key, "JobFailed", message);
    }

    /// How far a run is, 0 to 100, while that is known.
    pub fn percent_of_run(&self, run: &ActionRun) -> Option<u32> {
        let build = self.codebuild.build(run.external_id.as_deref()?)?;
        Some(build.progress(self.ecs.now).percent)
    }
}
