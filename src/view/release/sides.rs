//! The old and the new side of a release.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Shape;
use crate::app::store::Store;
use crate::domain::release::{Release, Side};
use crate::domain::text::printable;
use crate::domain::traffic::TargetHealth;
use crate::view::scene::Scene;
use crate::view::widgets::text::{self, Cut, short_image};
use crate::view::widgets::{beside, facts, gauge, time};

/// From this width of the screen on the two sides stand beside each other.
const BESIDE: usize = 76;
/// Columns of a traffic gauge.
const GAUGE: usize = 12;
/// The same where there is little room.
const NARROW_GAUGE: usize = 4;
/// From this width of a side on a gauge has its full width.
const ROOMY: usize = 50;

/// What depends on both sides.
#[derive(Copy, Clone)]
struct Shown {
    /// Whether there is test traffic at all.
    tested: bool,
    /// Whether what the load balancer sends has been wrong for longer than it takes to change it.
    disagrees: bool,
}

/// Both sides, beside each other wherever there is room for that.
pub(super) fn lines(
    scene: Scene<'_>,
    shape: Shape,
    store: &Store,
    release: &Release,
) -> Vec<Line<'static>> {
    let shape = Shape {
        wide: shape.room >= BESIDE,
        ..shape
    };
    let styles = scene.styles();
    let sides =
        [&release.old, &release.new].map(|side| side.clone().map(|side| told(release, side)));
    let [old, new] = sides.each_ref().map(Option::as_ref);
    let shown = Shown {
        tested: old.into_iter().chain(new).any(is_tested),
        disagrees: release.traffic_disagrees(),
    };
    let draw = |which, one, style| side(scene, shape, shown, store, (which, one), style);
    let old = draw("old", old, styles.old_side());
    let new = draw("new", new, styles.new_side());
    beside::arrange(old, new, shape.wide, shape.part())
}

/// What load balancers do now says nothing about a release that is over.
fn told(release: &Release, side: Side) -> Side {
    if !release.status.is_over() {
        return side;
    }
    Side {
        production_real: None,
        test_real: None,
        targets: None,
        ..side
    }
}

/// Whether test traffic goes to a side, or should.
fn is_tested(side: &Side) -> bool {
    let shares = [side.test_percent, side.test_real];
    shares.into_iter().flatten().any(|share| share > 0.0)
}

fn side(
    scene: Scene<'_>,
    shape: Shape,
    shown: Shown,
    store: &Store,
    (which, side): (&str, Option<&Side>),
    style: Style,
) -> Vec<Line<'static>> {
    let room = shape.part();
    let name = side
        .and_then(|side| side.task_definition.as_ref())
        .map(|definition| printable(definition.family_revision()));
    let mut lines = vec![heading(scene, room, which, name.as_deref(), style)];
    let Some(side) = side else {
        lines.push(Line::from(scene.quiet("  nothing is known of it")));
        return lines;
    };
    let mut rows = vec![("  tasks", tasks(scene, side))];
    let prod = traffic(
        scene,
        room,
        (side.production_percent, side.production_real),
        style,
        shown.disagrees,
    );
    rows.extend(prod.map(|line| ("  prod", line)));
    if shown.tested {
        let test = (side.test_percent, side.test_real);
        let test = traffic(scene, room, test, style, false);
        rows.extend(test.map(|line| ("  test", line)));
    }
    let health = side.targets.map(|health| targets(scene, room, health));
    rows.extend(health.map(|line| ("  targets", line)));
    for (place, image) in images(store, side).into_iter().enumerate() {
        let label = if place == 0 { "  image" } else { "" };
        let image = text::fit(
            &image,
            room.saturating_sub(9),
            Cut::Start,
            scene.symbols().ellipsis,
        );
        rows.push((label, Line::from(scene.plain(image))));
    }
    if !shape.low {
        let made = registered(scene, store, side);
        rows.extend(made.map(|line| ("  made", line)));
    }
    lines.extend(facts::lines(scene, rows, room));
    lines
}

fn heading(
    scene: Scene<'_>,
    room: usize,
    which: &str,
    name: Option<&str>,
    style: Style,
) -> Line<'static> {
    let rule = scene.symbols().rule;
    let name = name.unwrap_or("not known");
    let name = text::fit(
        name,
        room.saturating_sub(12),
        Cut::Family,
        scene.symbols().ellipsis,
    );
    let used = 5 + which.len() + text::width(&name);
    Line::from(vec![
        Span::styled(rule.repeat(2), scene.styles().border()),
        scene.quiet(format!(" {which} ")),
        Span::styled(name, style),
        Span::raw(" "),
        Span::styled(
            rule.repeat(room.saturating_sub(used)),
            scene.styles().border(),
        ),
    ])
}

fn tasks(scene: Scene<'_>, side: &Side) -> Line<'static> {
    let known = |count: Option<u32>| count.map_or("?".to_owned(), |n| n.to_string());
    let mut spans = vec![scene.plain(format!("{} running", known(side.running)))];
    if let Some(desired) = side.desired {
        spans.push(scene.plain(format!(" of {desired}")));
    }
    if let Some(pending) = side.pending.filter(|pending| *pending > 0) {
        let words = format!("   {pending} pending");
        spans.push(Span::styled(words, scene.styles().moving()));
    }
    if let Some(failed) = side.failed.filter(|failed| *failed > 0) {
        let words = format!("   {} {failed} failed", scene.symbols().failed);
        spans.push(Span::styled(words, scene.styles().failed()));
    }
    Line::from(spans)
}

/// What share was asked for, and what the load balancer really sends. The bar shows what is real
/// where that is known.
fn traffic(
    scene: Scene<'_>,
    room: usize,
    (wanted, real): (Option<f64>, Option<f64>),
    style: Style,
    disagrees: bool,
) -> Option<Line<'static>> {
    let shown = real.or(wanted)?;
    let empty = scene.styles().gauge_empty();
    let columns = if room < ROOMY { NARROW_GAUGE } else { GAUGE };
    let mut spans = gauge::bar(shown, 100.0, columns, scene.symbols(), style, empty);
    if let Some(wanted) = wanted {
        spans.push(scene.plain(format!(" {:>3} wanted", text::percent(wanted))));
    }
    spans.extend(match (wanted, real) {
        (_, None) => None,
        (Some(_), Some(real)) if disagrees => Some(Span::styled(
            format!("  {} {} REAL", scene.symbols().warning, text::percent(real)),
            scene.styles().warning(),
        )),
        (_, Some(real)) => Some(scene.quiet(format!("  {:>3} real", text::percent(real)))),
    });
    Some(Line::from(spans))
}

/// What the health checks say of the targets.
fn targets(scene: Scene<'_>, room: usize, health: TargetHealth) -> Line<'static> {
    let styles = scene.styles();
    let of = health.wanted();
    let words = match of {
        0 => "none registered".to_owned(),
        _ if health.healthy < of && room < ROOMY => format!("{}/{of}", health.healthy),
        _ => format!("{} of {of} healthy", health.healthy),
    };
    let mut spans = vec![scene.plain(words)];
    let mut add = |count: u32, symbol: &str, word: &str, style: Style| {
        if count > 0 {
            spans.push(Span::styled(format!("  {symbol}{count} {word}"), style));
        }
    };
    let failed = format!("{} ", scene.symbols().failed);
    add(health.unhealthy, &failed, "unhealthy", styles.failed());
    add(health.initial, "", "new", styles.moving());
    add(health.draining, "", "draining", styles.quiet());
    add(health.other, "", "unused", styles.quiet());
    Line::from(spans)
}

/// The images as the service revision tells them, or else as the task definition does.
fn images(store: &Store, side: &Side) -> Vec<String> {
    let told = if side.images.is_empty() {
        side.task_definition
            .as_ref()
            .and_then(|arn| store.task_definition(arn))
            .map(crate::domain::task_definition::TaskDefinition::images)
            .unwrap_or_default()
    } else {
        side.images.clone()
    };
    told.iter()
        .map(|image| printable(&short_image(image)))
        .collect()
}

fn registered(scene: Scene<'_>, store: &Store, side: &Side) -> Option<Line<'static>> {
    let definition = store.task_definition(side.task_definition.as_ref()?)?;
    let mut words = time::ago(definition.registered_at?, scene.now());
    if let Some(who) = &definition.registered_by {
        let who = who.rsplit('/').next().unwrap_or(who);
        words = format!("{words} by {}", printable(who));
    }
    if !definition.is_active() {
        words = format!("{words}, {}", printable(&definition.status));
    }
    Some(Line::from(scene.quiet(words)))
}
