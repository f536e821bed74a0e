//! The second line: which screen this is, how much of it is shown, and what is wrong anywhere.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::widgets::pieces::{self, Piece};
use super::widgets::text::{self, Cut};
use crate::app::availability::has_list;
use crate::app::reading::{Reading, reading};
use crate::app::rows;
use crate::app::screen::{Screen, Subject};
use crate::app::selection::{is_production, selection};
use crate::app::summary::summary;
use crate::domain::text::printable;

/// From this width on the line says of what services are short.
const NARROW: u16 = 100;
/// From this width on it says in full what is short of tasks.
const ROOMY: u16 = 130;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    let room = usize::from(area.width).saturating_sub(2);
    let separator = format!(" {} ", scene.symbols().dot);
    let name = here(scene);
    let left = room.saturating_sub(text::width(&name).min(room / 2) + 6);
    let facts = pieces::choose(facts(scene), left, text::width(&separator));
    let facts = pieces::join(facts, &scene.quiet(separator));
    let trail = trail(scene, &name, room.saturating_sub(facts.width() + 4));
    let production = is_production(scene.model, &selection(scene.model));
    let rule = if production {
        scene.symbols().rule_production
    } else {
        scene.symbols().rule
    };
    let gap = room.saturating_sub(trail.width() + facts.width() + 2);
    let mut spans = vec![Span::raw(" ")];
    spans.extend(trail.spans);
    spans.push(Span::raw(" "));
    spans.push(Span::styled(rule.repeat(gap), scene.styles().border()));
    spans.push(Span::raw(" "));
    spans.extend(facts.spans);
    buf.set_line(area.x, area.y, &Line::from(spans), area.width);
}

/// The screen in front, by its name and what it shows.
fn here(scene: Scene<'_>) -> String {
    label(&scene.page().screen)
}

/// The way here, as much of it as fits.
fn trail(scene: Scene<'_>, name: &str, room: usize) -> Line<'static> {
    let screens: Vec<&Screen> = scene.model.navigation.trail().collect();
    let before = screens.split_last().map_or(&[][..], |(_, before)| before);
    let name = scene.fit(name, room);
    let separator = format!(" {} ", scene.symbols().trail);
    let mut spans = vec![Span::styled(name, scene.styles().title())];
    for screen in before.iter().rev() {
        let used: usize = spans.iter().map(Span::width).sum();
        if used + screen.name().len() + 3 > room {
            break;
        }
        spans.insert(0, scene.quiet(separator.clone()));
        spans.insert(0, scene.quiet(screen.name()));
    }
    Line::from(spans)
}

/// The screen with what it shows.
fn label(screen: &Screen) -> String {
    let of = |what: &str, name: &str| format!("{what} of {}", printable(name));
    match screen {
        Screen::Release { service, .. } => format!("release of {}", printable(service.id.name())),
        Screen::Services(Some(cluster)) => of("services", cluster.id.name()),
        Screen::Tasks {
            cluster,
            service,
            stopped,
        } => {
            let name = service
                .as_ref()
                .map_or(cluster.id.name(), |service| service.name());
            of(if *stopped { "stopped tasks" } else { "tasks" }, name)
        }
        Screen::Task { task, .. } => format!("task {}", task.short()),
        Screen::Revisions { family, .. } => of("revisions", &family.id),
        Screen::History(service) => of("history", service.id.name()),
        Screen::Groups(application) => of("groups", &application.id),
        Screen::Deployments(group) => of("deployments", &group.id.group),
        Screen::Deployment(deployment) => format!("deployment {}", printable(&deployment.id)),
        Screen::Pipeline(pipeline) => format!("pipeline {}", printable(pipeline.id.as_str())),
        Screen::Executions(pipeline) => of("executions", pipeline.id.as_str()),
        Screen::Execution {
            pipeline,
            execution,
        } => printable(&format!(
            "execution {} of {}",
            execution.short(),
            pipeline.id
        )),
        Screen::Gate(approval) => printable(&format!(
            "approval {} of {}",
            approval.id.action, approval.id.pipeline
        )),
        Screen::Logs(source) => of("logs", &source.id.name()),
        Screen::Describe(subject) => format!("describe {}", printable(subject_name(subject))),
        other => other.name().to_owned(),
    }
}

fn subject_name(subject: &Subject) -> &str {
    match subject {
        Subject::Cluster(cluster) => cluster.id.name(),
        Subject::Service(service) => service.id.name(),
        Subject::Task(_, task) => task.short(),
        Subject::TaskDefinition(definition) => definition.id.family_revision(),
    }
}

fn facts(scene: Scene<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let piece =
        |rank, words: String, style: Style| Piece::new(rank, vec![Span::styled(words, style)]);
    let styles = scene.styles();
    let progress = progress(scene);
    let filling = progress.is_some();
    pieces.extend(progress.map(|words| piece(2, words, styles.moving())));
    if let Reading::Partial {
        failed,
        asked,
        failure,
    } = reading(scene.model)
    {
        let words = format!("{failed} of {asked} not read: {}", failure.short());
        pieces.push(piece(1, words, styles.error_text()));
    }
    pieces.extend(list_facts(scene, filling));
    pieces.extend(wrong(scene));
    pieces
}

/// The filter, how much it leaves, and the order. While the list fills, its length says nothing.
fn list_facts(scene: Scene<'_>, filling: bool) -> Vec<Piece> {
    let page = scene.page();
    let styles = scene.styles();
    let mut pieces = Vec::new();
    let filter = page.list.filter.text();
    if !filter.is_empty() {
        let words = format!("/{}", printable(filter));
        let words = text::fit(&words, 24, Cut::End, scene.symbols().ellipsis);
        pieces.push(Piece::new(
            0,
            vec![Span::styled(words, styles.search_match())],
        ));
    }
    if !has_list(&page.screen) {
        return pieces;
    }
    if page.faults_only {
        pieces.push(Piece::new(1, vec![scene.plain("only what is wrong")]));
    }
    let (shown, total) = (page.list.rows.len(), page.list.total);
    if shown < total {
        let words = format!("shown {} of {}", number(shown), number(total));
        pieces.push(Piece::new(1, vec![scene.plain(words)]));
    } else if total > 0 && !filling && page.screen != Screen::Releases {
        let words = format!("{} {}", number(total), noun(&page.screen, total));
        pieces.push(Piece::new(4, vec![scene.quiet(words)]));
    }
    let sort = page.list.sort;
    let order = match sort.column.and_then(|n| rows::columns(&page.screen).get(n)) {
        Some(column) if sort.descending => Some(format!("by {column}, turned round")),
        Some(column) => Some(format!("by {column}")),
        None if sort.descending => Some("turned round".to_owned()),
        None => None,
    };
    if let Some(words) = order {
        pieces.push(Piece::new(3, vec![scene.plain(words)]));
    }
    pieces
}

/// What the rows of a screen are.
fn noun(screen: &Screen, count: usize) -> &'static str {
    let (one, many) = match screen {
        Screen::Clusters => ("cluster", "clusters"),
        Screen::Services(_) => ("service", "services"),
        Screen::Tasks { .. } => ("task", "tasks"),
        Screen::Task { .. } => ("container", "containers"),
        Screen::TaskDefinitions => ("family", "families"),
        Screen::Revisions { .. } => ("revision", "revisions"),
        Screen::Applications => ("application", "applications"),
        Screen::Groups(_) => ("group", "groups"),
        Screen::Deployments(_) => ("deployment", "deployments"),
        Screen::Deployment(_) => ("event", "events"),
        Screen::Gates => ("gate", "gates"),
        Screen::Pipelines => ("pipeline", "pipelines"),
        Screen::Pipeline(_) => ("stage or action", "stages and actions"),
        Screen::Executions(_) => ("execution", "executions"),
        Screen::Errors => ("error", "errors"),
        Screen::Execution { .. } | Screen::Actions => ("action", "actions"),
        _ => ("release", "releases"),
    };
    if count == 1 { one } else { many }
}

/// A number with its thousands apart.
pub(crate) fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How far a sweep that is still under way has come.
fn progress(scene: Scene<'_>) -> Option<String> {
    let Reading::Under { answered, asked } = reading(scene.model) else {
        return None;
    };
    let (read, about) = match &scene.page().screen {
        Screen::Releases | Screen::Services(None) => services(scene, None),
        Screen::Services(Some(cluster)) => services(scene, Some(cluster.id.as_str())),
        _ => (0, 0),
    };
    if about > 0 {
        return Some(format!(
            "read {} of about {} services",
            number(read),
            number(about.max(read))
        ));
    }
    (asked > 1).then(|| format!("{answered} of {asked} answered"))
}

/// The services that were read, and how many there may be.
fn services(scene: Scene<'_>, cluster: Option<&str>) -> (usize, usize) {
    let mut read = 0;
    let mut listed = 0;
    let mut told = 0;
    for store in &scene.model.contexts {
        let shown = |arn: &crate::domain::arn::ClusterArn| {
            scene.model.preferences.shows_cluster(arn)
                && cluster.is_none_or(|cluster| cluster == arn.as_str())
        };
        for (arn, remote) in &store.services {
            if store.cluster_of.get(arn).is_some_and(shown) {
                listed += 1;
                read += usize::from(remote.value().is_some());
            }
        }
        told += store
            .clusters
            .iter()
            .filter(|(arn, _)| shown(arn))
            .filter_map(|(_, remote)| remote.value())
            .map(|cluster| cluster.active_services as usize)
            .sum::<usize>();
    }
    (read, told.max(listed))
}

/// What is wrong or waits, on whichever screen one is.
fn wrong(scene: Scene<'_>) -> Vec<Piece> {
    let counts = summary(scene.model);
    let styles = scene.styles();
    let symbols = scene.symbols();
    let mut pieces = Vec::new();
    if scene.page().screen == Screen::Releases && counts.in_flight() > 0 {
        let words = format!("{} in flight", counts.in_flight());
        pieces.push(Piece::new(2, vec![Span::styled(words, styles.moving())]));
    }
    let short = match (scene.model.columns, counts.short) {
        (..NARROW, _) => "short",
        (..ROOMY, _) => "short of tasks",
        (_, 1) => "service short of tasks",
        _ => "services short of tasks",
    };
    let kinds = [
        (
            counts.waiting + counts.approvals,
            symbols.waiting,
            "waiting for you",
            styles.waiting(),
        ),
        (counts.failed, symbols.failed, "failed", styles.failed()),
        (counts.failing, symbols.warning, "failing", styles.failed()),
        (
            counts.rolling_back,
            symbols.rolling_back,
            "rolling back",
            styles.rolling_back(),
        ),
        (counts.short, symbols.warning, short, styles.failed()),
    ];
    for (count, symbol, words, style) in kinds {
        if count > 0 {
            let words = format!("{symbol} {count} {words}");
            pieces.push(Piece::new(1, vec![Span::styled(words, style)]));
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(number(7), "7");
        assert_eq!(number(2_000), "2,000");
        assert_eq!(number(1_234_567), "1,234,567");
    }
}
