//! Everything about one action of a pipeline: what it is declared to do, and how it went last.

use ratatui::text::Line;

use super::marks;
use crate::app::rows::pipelines::short_name;
use crate::domain::pipeline::source::Commit;
use crate::domain::pipeline::strip::Standing;
use crate::domain::pipeline::{ActionDeclaration, ActionRun, ActionState};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::{facts, time};

/// The whole action as text.
pub(super) fn lines(
    scene: Scene<'_>,
    action: &ActionState,
    declared: Option<&ActionDeclaration>,
    standing: &Standing,
    room: usize,
) -> Vec<Line<'static>> {
    let title = printable(&format!("action {}", action.name));
    let mut rows = vec![("status", marks::of_standing(scene, standing).line())];
    if let Some(run) = &action.latest {
        if *standing == Standing::NotYet {
            let words = "what follows is of an earlier execution";
            rows.push(("", Line::from(scene.quiet(words))));
        }
        rows.extend(of_run(scene, run));
    }
    rows.extend(of_revision(scene, action));
    let mut lines = vec![scene.heading(&title, room)];
    lines.extend(facts::lines(scene, rows, room));
    if let Some(declared) = declared {
        lines.push(scene.heading("declared", room));
        lines.extend(facts::lines(scene, declaration(scene, declared), room));
    }
    lines
}

type Fact<'a> = (&'a str, Line<'static>);

fn of_run(scene: Scene<'_>, run: &ActionRun) -> Vec<Fact<'static>> {
    let told = |words: &str| Line::from(scene.plain(printable(words)));
    let mut rows = Vec::new();
    if let Some(error) = &run.error {
        let parts = [error.code.as_deref(), error.message.as_deref()];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        let words = printable(&parts.join(": "));
        rows.push(("error", Line::styled(words, scene.styles().failed())));
    }
    let mut add = |name: &'static str, words: Option<&str>| {
        rows.extend(words.map(|words| (name, told(words))));
    };
    add("says", run.summary.as_deref());
    add("by", run.updated_by.as_deref().map(short_name));
    add("id", run.external_id.as_deref());
    add("link", run.external_url.as_deref());
    add("log", run.log_stream.as_deref());
    if let Some(percent) = run.percent {
        rows.push(("progress", told(&format!("{percent} %"))));
    }
    rows.extend(run.changed_at.map(|at| {
        let words = format!(
            "{}  {}",
            time::date(at, scene.zone()),
            time::ago(at, scene.now())
        );
        ("changed", Line::from(scene.plain(words)))
    }));
    rows
}

fn of_revision(scene: Scene<'_>, action: &ActionState) -> Vec<Fact<'static>> {
    let told = |words: &str| Line::from(scene.plain(printable(words)));
    let commit = Commit::of_action(action);
    let revision = action.revision.as_deref();
    let mut rows: Vec<Fact<'static>> = Vec::new();
    rows.extend(revision.map(|revision| ("revision", told(revision))));
    let link = commit.url.filter(|_| revision.is_some());
    rows.extend(link.map(|link| ("commit at", told(&link))));
    rows.extend(
        action
            .entity_url
            .as_deref()
            .map(|link| ("works with", told(link))),
    );
    rows
}

/// What the structure says of an action.
fn declaration<'a>(scene: Scene<'_>, declared: &'a ActionDeclaration) -> Vec<Fact<'a>> {
    let told = |words: &str| Line::from(scene.plain(printable(words)));
    let kind = format!("{} by {}", declared.category.name(), declared.provider);
    let mut rows: Vec<Fact<'a>> = vec![("kind", told(&kind))];
    let account = declared.account.as_deref();
    rows.extend(account.map(|account| ("account", told(account))));
    let region = declared.region.as_deref();
    rows.extend(region.map(|region| ("Region", told(region))));
    rows.extend(declared.timeout_minutes.map(|minutes| {
        let words = time::duration(i64::from(minutes) * 60);
        ("fails after", told(&words))
    }));
    let settings = declared.configuration.iter();
    rows.extend(settings.map(|(key, value)| (key.as_str(), told(value))));
    rows
}
