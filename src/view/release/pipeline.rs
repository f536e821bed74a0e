//! Which execution of which pipeline drives a release, and where the two tell different stories.

use ratatui::text::{Line, Span};

use crate::app::pipeline_links::driver_of;
use crate::domain::context::{ContextId, Scoped};
use crate::domain::pipeline::agree::disagreement;
use crate::domain::release::Release;
use crate::domain::text::printable;
use crate::view::pipelines::marks;
use crate::view::scene::Scene;
use crate::view::widgets::text::{self, Cut};

/// Two lines at most; none for a release that no pipeline that was read has started.
pub(super) fn lines(
    scene: Scene<'_>,
    room: usize,
    release: &Release,
    context: ContextId,
) -> Vec<Line<'static>> {
    let service = Scoped::new(context, release.service.clone());
    let Some(run) = driver_of(scene.model, &service, release) else {
        return Vec::new();
    };
    let deploy = &run.id.deploy;
    let words = printable(&format!(
        "  pipeline {} #{} at {} in {}  ",
        deploy.pipeline,
        run.id.execution.short(),
        deploy.action,
        deploy.stage,
    ));
    let mark = marks::of_run(scene, &run.id.status, false);
    let line = Line::from(vec![
        scene.quiet(words),
        Span::styled(format!("{} {}", mark.symbol, mark.word), mark.style),
    ]);
    let fit = |line| text::fit_line(line, room, Cut::End, scene.symbols().ellipsis);
    let disagree = disagreement(&run.id, release, scene.now()).map(|words| {
        let words = format!("{} {}", scene.symbols().warning, printable(&words));
        Line::styled(words, scene.styles().failed())
    });
    std::iter::once(line).chain(disagree).map(fit).collect()
}
