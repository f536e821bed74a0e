//! One approval: what it would let through, and what is known of that.
//!
//! ```text
//! pipeline · stage · action   WAITS FOR YOU        expires in …, then …
//! text, link
//! ── commit ─────────────────────────────────────
//! ── lets it into ───────────────────────────────
//! ── before this ────────────────────────────────
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::then;
use crate::app::gate::{DeployStep, Running, brought, deploy_steps, running};
use crate::app::rows::pipelines::{commit_of, run_seconds, says, started_by};
use crate::app::store::Store;
use crate::domain::context::Scoped;
use crate::domain::inbox::InboxItem;
use crate::domain::pipeline::structure::DeployTarget;
use crate::domain::pipeline::{
    ActionExecution, ApprovalId, Category, PipelineExecution, WaitingApproval,
};
use crate::domain::text::printable;
use crate::view::pipelines::marks;
use crate::view::scene::Scene;
use crate::view::widgets::text::{Cut, short_image};
use crate::view::widgets::{document, facts, text, time};
use crate::view::{empty, status};

pub(crate) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    id: &Scoped<ApprovalId>,
) -> usize {
    let Some(store) = scene.model.store(id.context) else {
        return 0;
    };
    let approval = store.approval(&id.id);
    let execution = store.pipeline_execution(&id.id.pipeline, &id.id.execution);
    if approval.is_none() && execution.is_none() {
        let nothing = "this approval waits no longer";
        empty::draw(scene, area, buf, nothing, ":gates lists what waits");
        return 0;
    }
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let room = usize::from(inner.width);
    let mut lines = header(scene, store, id, approval.as_ref(), room);
    lines.extend(what(scene, store, approval.as_ref(), execution, room));
    lines.extend(targets(scene, id, room));
    lines.extend(earlier(scene, store, id, room));
    document::draw(scene, inner, buf, lines, scene.page().scroll)
}

/// Whether it still waits, until when, and what it asks.
fn header(
    scene: Scene<'_>,
    store: &Store,
    id: &Scoped<ApprovalId>,
    approval: Option<&WaitingApproval>,
    room: usize,
) -> Vec<Line<'static>> {
    let styles = scene.styles();
    let place = format!("{} in {}", id.id.action, id.id.stage);
    let mut first = Line::from(vec![
        Span::styled(printable(id.id.pipeline.as_str()), styles.title()),
        scene.quiet(format!(" {} {}  ", scene.symbols().dot, printable(&place))),
    ]);
    let Some(approval) = approval else {
        let words = format!("{} ANSWERED, or over", scene.symbols().ok);
        first.push_span(Span::styled(words, styles.succeeded()));
        return vec![first];
    };
    let words = format!("{} WAITS FOR YOUR APPROVAL", scene.symbols().waiting);
    first.push_span(Span::styled(words, styles.waiting()));
    let structure = store.pipeline_structure(&id.id.pipeline);
    let item = InboxItem::of_approval(approval, structure);
    let mut lines = vec![first, wait(scene, &item)];
    if let Some(words) = &approval.text {
        let wrapped = text::wrap(&printable(words), room.saturating_sub(2));
        let style = styles.title();
        lines.extend(
            wrapped
                .into_iter()
                .map(|line| Line::styled(format!("  {line}"), style)),
        );
    }
    if let Some(link) = &approval.link {
        lines.push(Line::from(scene.plain(format!("  {}", printable(link)))));
    }
    if let Some(topic) = &item.notified {
        let words = printable(&format!("  who hears of it: the topic {topic}"));
        lines.push(Line::from(scene.quiet(words)));
    }
    lines
}

/// Since when it waits, for how long it still does, and what happens then.
fn wait(scene: Scene<'_>, item: &InboxItem) -> Line<'static> {
    let now = scene.now().as_second();
    let since = item.since.map_or_else(String::new, |at| {
        format!("for {}, ", time::duration(now - at.as_second()))
    });
    let ends = item.expires_at.map_or("without a known end".into(), |at| {
        let left = (at.as_second() - now).max(0);
        format!("expires in {}", time::duration(left))
    });
    Line::from(vec![
        scene.plain(format!("  {since}{ends}, then ")),
        then(scene, item),
    ])
}

/// The execution and its commit.
fn what(
    scene: Scene<'_>,
    store: &Store,
    approval: Option<&WaitingApproval>,
    execution: Option<&PipelineExecution>,
    room: usize,
) -> Vec<Line<'static>> {
    let told = |words: &str| Line::from(scene.plain(printable(words)));
    let mut rows = Vec::new();
    let Some(execution) = execution else {
        let id = approval.map_or_else(String::new, |one| one.id.execution.to_string());
        rows.push(("execution", told(&format!("{id}, not read yet"))));
        return heading(scene, "execution", rows, room);
    };
    let mark = marks::of_execution(scene, store, execution);
    let mut line = told(&format!("{}  ", execution.id));
    line.push_span(Span::styled(
        format!("{} {}", mark.symbol, mark.word),
        mark.style,
    ));
    rows.push(("execution", line));
    let commit = commit_of(store, execution).unwrap_or_default();
    let mut add = |name: &'static str, words: Option<&str>| {
        rows.extend(words.map(|words| (name, told(words))));
    };
    add("commit", commit.revision.as_deref());
    add("message", commit.message.as_deref());
    add("author", commit.author.as_deref());
    add("branch", commit.branch.as_deref());
    add("link", commit.url.as_deref());
    add("started by", started_by(execution).as_deref());
    if let Some(at) = execution.started_at {
        let words = format!(
            "{}  {}",
            time::date(at, scene.zone()),
            time::ago(at, scene.now())
        );
        rows.push(("started", told(&words)));
    }
    heading(scene, "brings", rows, room)
}

fn heading(
    scene: Scene<'_>,
    words: &str,
    rows: Vec<(&str, Line<'static>)>,
    room: usize,
) -> Vec<Line<'static>> {
    let mut lines = vec![scene.heading(words, room)];
    lines.extend(facts::lines(scene, rows, room));
    lines
}

/// Where an approval lets the execution go on to, and what it would change there.
fn targets(scene: Scene<'_>, id: &Scoped<ApprovalId>, room: usize) -> Vec<Line<'static>> {
    let steps = deploy_steps(scene.model, id);
    let mut lines = vec![scene.heading("an approval lets it into", room)];
    if steps.behind.is_empty() {
        let words = "  no deploy action stands between this approval and the next, or the end";
        lines.push(Line::from(scene.quiet(words)));
    }
    let known = steps
        .before
        .iter()
        .rev()
        .find_map(|step| Some((step, brought(scene.model, id, step)?)));
    for step in &steps.behind {
        lines.push(target_line(scene, step));
        lines.extend(change(scene, step, known.as_ref(), room));
    }
    lines
}

/// The action and the service that it deploys.
fn target_line(scene: Scene<'_>, step: &DeployStep) -> Line<'static> {
    let target = match &step.target {
        DeployTarget::Service { cluster, service } => format!("{service} in {cluster}"),
        DeployTarget::Group(group) => {
            format!("{} by CodeDeploy {}", group.group, group.application)
        }
    };
    let elsewhere = step
        .elsewhere
        .as_ref()
        .map_or_else(String::new, |place| format!(", in {place}"));
    let by = format!("  {} in {}: ", step.action, step.stage);
    Line::from(vec![
        scene.quiet(printable(&by)),
        Span::styled(printable(&target), scene.styles().title()),
        scene.plain(printable(&elsewhere)),
    ])
}

/// What runs there now and what would come, as far as that is known before it deploys.
fn change(
    scene: Scene<'_>,
    step: &DeployStep,
    known: Option<&(&DeployStep, Running)>,
    room: usize,
) -> Vec<Line<'static>> {
    let fit = |line| text::fit_line(line, room, Cut::End, scene.symbols().ellipsis);
    let now = step
        .service
        .as_ref()
        .and_then(|service| running(scene.model, service));
    let now = now.map_or_else(
        || "not known here: the service has not been read".to_owned(),
        |now| words(&now),
    );
    let mut lines = vec![fit(Line::from(vec![
        Span::styled("    now  ", scene.styles().old_side()),
        scene.plain(printable(&now)),
    ]))];
    let comes = match known {
        Some((before, brought)) => {
            let stage = &before.stage;
            format!("{}, as this execution brought to {stage}", words(brought))
        }
        None => "the image is not known before it deploys: see the commit".to_owned(),
    };
    lines.push(fit(Line::from(vec![
        Span::styled("    new  ", scene.styles().new_side()),
        scene.plain(printable(&comes)),
    ])));
    lines
}

fn words(running: &Running) -> String {
    let images: Vec<String> = running.images.iter().map(|one| short_image(one)).collect();
    let name = running.definition.family_revision();
    match &images[..] {
        [] => name.to_owned(),
        images => format!("{name}  image {}", images.join(" ")),
    }
}

/// What the execution has gone through already.
fn earlier(
    scene: Scene<'_>,
    store: &Store,
    id: &Scoped<ApprovalId>,
    room: usize,
) -> Vec<Line<'static>> {
    let runs = store.action_executions(&id.id.execution);
    let mut lines = vec![scene.heading("before this", room)];
    if runs.is_empty() {
        lines.push(Line::from(scene.quiet("  not read yet")));
    }
    let own = |run: &&ActionExecution| run.stage == id.id.stage && run.action == id.id.action;
    let others = runs.iter().filter(|run| !own(run));
    lines.extend(others.map(|run| {
        let line = run_line(scene, run);
        text::fit_line(line, room, Cut::End, scene.symbols().ellipsis)
    }));
    lines
}

fn run_line(scene: Scene<'_>, run: &ActionExecution) -> Line<'static> {
    let approval = run.category == Some(Category::Approval);
    let status::Mark {
        symbol,
        word,
        style,
    } = marks::of_run(scene, &run.status, approval);
    let took = run_seconds(run, scene.now()).map(time::duration);
    let name = format!("{} in {}", run.action, run.stage);
    let says = says(run).unwrap_or_default();
    Line::from(vec![
        Span::styled(format!("  {symbol} {word:12} "), style),
        scene.plain(format!("{:28} ", printable(&name))),
        scene.plain(format!("{:>8}  ", took.unwrap_or_default())),
        scene.quiet(printable(&says)),
    ])
}
