//! Where a pipeline and what moves its releases tell different stories.

use ratatui::text::Line;

use crate::app::pipeline_links::driven_by;
use crate::domain::context::Scoped;
use crate::domain::pipeline::agree::disagreement;
use crate::domain::pipeline::{ExecutionId, PipelineName};
use crate::domain::text::printable;
use crate::view::scene::Scene;

/// A line for each deploy action that says something else than the release that it started.
/// `execution` is the execution that is in a stage, or was there last.
pub(super) fn lines(
    scene: Scene<'_>,
    pipeline: &Scoped<PipelineName>,
    room: usize,
    execution: impl Fn(&str) -> Option<ExecutionId>,
) -> Vec<Line<'static>> {
    let store = scene.model.store(pipeline.context);
    let structure = store.and_then(|store| store.pipeline_structure(&pipeline.id));
    let deploys = structure.into_iter().flat_map(|structure| {
        let deploys = structure.deploys();
        deploys.filter_map(|(place, action, _)| Some((structure.stages.get(place)?, action)))
    });
    let told = deploys.filter_map(|(stage, action)| {
        let execution = execution(&stage.name)?;
        let driven = driven_by(scene.model, pipeline, &stage.name, &action.name, &execution);
        let (run, service, release) = driven?;
        let words = disagreement(&run, release?, scene.now())?;
        let symbol = scene.symbols().warning;
        let words = format!("{symbol} {}: {words}", service.id.name());
        Some(Line::styled(
            scene.fit(&printable(&words), room),
            scene.styles().failed(),
        ))
    });
    told.collect()
}
