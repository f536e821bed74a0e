//! One deployment of CodeDeploy: its lifecycle events, and everything else that is known of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::row::RowId;
use crate::app::rows::codedeploy::definition;
use crate::app::store::Store;
use crate::domain::codedeploy::{
    CodeDeployment, DeployedTaskSet, LifecycleEvent, ReadyWait, TerminationWait, TrafficRouting,
};
use crate::domain::context::Scoped;
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::table::{self, Column, Row};
use crate::view::widgets::text::Cut;
use crate::view::widgets::{document, facts, text, time};
use crate::view::{empty, status};

const EVENTS: [Column; 5] = [
    Column::text("event", 0, 21, 28),
    Column::text("status", 0, 12, 14),
    Column::text("started", 1, 8, 18),
    Column::text("took", 0, 6, 8),
    Column::text("diagnostics", 0, 12, 160).optional(),
];

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer, id: &Scoped<String>) -> usize {
    let store = scene.model.store(id.context);
    let found = store.and_then(|store| Some((store, store.code_deployment(&id.id)?)));
    let Some((store, deployment)) = found else {
        let nothing = "CodeDeploy does not know this deployment";
        empty::draw(scene, area, buf, nothing, "esc goes back");
        return 0;
    };
    let wanted = table::height_of(scene.list().rows.len());
    let height = wanted.min(area.height / 2).max(2).min(area.height);
    let above = Rect { height, ..area };
    table::draw(scene, above, buf, &EVENTS, |place| {
        row(scene, deployment, place)
    });
    let below = Rect {
        x: area.x + 1,
        y: area.y + height,
        width: area.width.saturating_sub(2),
        height: area.height - height,
    };
    let room = usize::from(below.width);
    let mut lines = vec![scene.heading("deployment", room)];
    lines.extend(facts::lines(scene, basics(scene, store, deployment), room));
    lines.extend(task_sets(scene, deployment, room));
    document::draw(scene, below, buf, lines, scene.page().scroll)
}

fn row(scene: Scene<'_>, deployment: &CodeDeployment, place: usize) -> Option<Row> {
    let RowId::LifecycleEvent(name) = scene.list().rows.get(place)? else {
        return None;
    };
    let mut events = deployment.target.as_ref()?.events.iter();
    let event = events.find(|event| event.name == *name)?;
    Some(Row::of(cells(scene, event)))
}

fn cells(scene: Scene<'_>, event: &LifecycleEvent) -> Vec<Line<'static>> {
    let began = event.started_at.map(|at| {
        let words = time::clock_or_date(at, scene.now(), scene.zone());
        Line::from(scene.plain(words))
    });
    let end = match (event.finished_at, event.status.as_str()) {
        (Some(end), _) => Some(end),
        (None, "InProgress") => Some(scene.now()),
        (None, _) => None,
    };
    let took = event
        .started_at
        .zip(end)
        .map(|(begin, end)| time::duration(end.as_second() - begin.as_second()));
    let style = match event.status.as_str() {
        "Failed" => scene.styles().failed(),
        _ => scene.styles().quiet(),
    };
    let diagnostics = printable(event.diagnostics.as_deref().unwrap_or_default());
    vec![
        Line::from(scene.plain(printable(&event.name))),
        status::of_lifecycle_event(scene, &event.status).line(),
        began.unwrap_or_default(),
        Line::from(scene.plain(took.unwrap_or_default())),
        Line::styled(diagnostics, style),
    ]
}

fn basics(
    scene: Scene<'_>,
    store: &Store,
    deployment: &CodeDeployment,
) -> Vec<(&'static str, Line<'static>)> {
    let told = |words: &str| Line::from(scene.plain(printable(words)));
    let moment = |at: jiff::Timestamp| {
        Line::from(vec![
            scene.plain(time::date(at, scene.zone())),
            scene.quiet(format!("  {}", time::ago(at, scene.now()))),
        ])
    };
    let mut rows = vec![(
        "status",
        status::of_code_deployment(scene, &deployment.status).line(),
    )];
    if let Some((code, message)) = &deployment.error {
        let words = printable(&format!("{message} ({code})"));
        rows.push(("error", Line::styled(words, scene.styles().failed())));
    }
    let mut add = |name: &'static str, words: Option<String>| {
        rows.extend(words.map(|words| (name, told(&words))));
    };
    add("rolled back by", deployment.rolled_back_by.clone());
    add("rolls back", deployment.rolls_back.clone());
    add("rollback", deployment.rollback_message.clone());
    add(
        "service",
        deployment.target.as_ref().map(|target| target.id.clone()),
    );
    let definition = definition(store, deployment);
    add(
        "task definition",
        definition.map(|arn| arn.family_revision().to_owned()),
    );
    add("application", Some(deployment.group.application.clone()));
    add("group", Some(deployment.group.group.clone()));
    add("configuration", deployment.configuration.clone());
    add("traffic", deployment.routing.as_ref().map(routing));
    add("when ready", deployment.ready.as_ref().map(ready));
    add(
        "afterwards",
        deployment.termination.as_ref().map(termination),
    );
    add("rolls back by itself", Some(by_itself(deployment)));
    let alarms = deployment.alarms.join(" ");
    add("alarms", Some(alarms).filter(|names| !names.is_empty()));
    add("made by", deployment.creator.clone());
    add("description", deployment.description.clone());
    rows.extend(deployment.created_at.map(|at| ("created", moment(at))));
    rows.extend(deployment.finished_at.map(|at| ("ended", moment(at))));
    rows
}

fn routing(routing: &TrafficRouting) -> String {
    match routing {
        TrafficRouting::AllAtOnce => "all at once".into(),
        TrafficRouting::Canary { percent, minutes } => {
            format!("{percent} %, and the rest after {minutes} min")
        }
        TrafficRouting::Linear { percent, minutes } => {
            format!("{percent} % every {minutes} min")
        }
        TrafficRouting::Unknown(name) => name.clone(),
    }
}

fn ready(wait: &ReadyWait) -> String {
    match (wait.minutes, wait.continues) {
        (0, true) => "the traffic moves at once".into(),
        (minutes, true) => format!("waits {minutes} min, then goes on"),
        (minutes, false) => format!("waits {minutes} min, then is stopped"),
    }
}

fn termination(wait: &TerminationWait) -> String {
    match (wait.terminates, wait.minutes) {
        (false, _) => "the original task set is kept".into(),
        (true, 0) => "the original task set goes at once".into(),
        (true, minutes) => format!("the original task set goes after {minutes} min"),
    }
}

fn by_itself(deployment: &CodeDeployment) -> String {
    match (
        deployment.rolls_back_on_failure,
        deployment.rolls_back_on_alarm,
    ) {
        (true, true) => "on a failure and on an alarm",
        (true, false) => "on a failure",
        (false, true) => "on an alarm",
        (false, false) => "never",
    }
    .into()
}

/// The task sets as CodeDeploy tells them.
fn task_sets(scene: Scene<'_>, deployment: &CodeDeployment, room: usize) -> Vec<Line<'static>> {
    let sets = deployment
        .target
        .as_ref()
        .map_or(&[][..], |target| &target.task_sets);
    if sets.is_empty() {
        return Vec::new();
    }
    let fit = |line| text::fit_line(line, room, Cut::End, scene.symbols().ellipsis);
    std::iter::once(scene.heading("task sets", room))
        .chain(sets.iter().map(|set| fit(task_set(scene, set))))
        .collect()
}

fn task_set(scene: Scene<'_>, set: &DeployedTaskSet) -> Line<'static> {
    let (name, style) = if set.green {
        ("new", scene.styles().new_side())
    } else {
        ("old", scene.styles().old_side())
    };
    let mut words = format!("  {} running of {}", set.running, set.desired);
    if let Some(percent) = set.traffic_percent {
        words = format!("{words}, {} % of the traffic", text::percent(percent));
    }
    let rest: Vec<&str> = [&set.status, &set.target_group, &set.id]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    Line::from(vec![
        ratatui::text::Span::styled(format!("  {name}"), style),
        scene.plain(words),
        scene.quiet(printable(&format!("  {}", rest.join("  ")))),
    ])
}
