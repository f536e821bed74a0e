//! The alarms that a release watches: which fire, and which fired already when it began.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Shape;
use crate::domain::alarm::AlarmState;
use crate::domain::release::{Release, WatchedAlarm};
use crate::domain::text::{count, printable};
use crate::view::scene::Scene;
use crate::view::widgets::text::{self, Cut};
use crate::view::widgets::time;

/// A heading and a line for each alarm; on a low terminal only those that are not well.
pub(super) fn lines(scene: Scene<'_>, shape: Shape, release: &Release) -> Vec<Line<'static>> {
    if release.alarms.is_empty() {
        return Vec::new();
    }
    let room = shape.part();
    let well = |alarm: &WatchedAlarm| {
        alarm.state == Some(AlarmState::Ok) && !alarm.triggered && !alarm.already_firing
    };
    let mut shown: Vec<&WatchedAlarm> = release.alarms.iter().collect();
    shown.sort_by_key(|alarm| rank(alarm));
    let quiet = release.alarms.iter().filter(|alarm| well(alarm)).count();
    let over = release.status.is_over();
    let title = match (shape.low, release.alarms.len() - quiet) {
        (true, 0) if !over => format!("alarms: {} OK", count(quiet, "alarm")),
        (true, _) if quiet > 0 && !over => format!("alarms, {quiet} more OK"),
        _ => "alarms".to_owned(),
    };
    if shape.low {
        shown.retain(|alarm| !well(alarm));
    }
    let mut lines = vec![scene.heading(&title, room)];
    lines.extend(shown.into_iter().map(|alarm| one(scene, room, alarm, over)));
    lines
}

/// What has to be seen first.
fn rank(alarm: &WatchedAlarm) -> u8 {
    match &alarm.state {
        _ if alarm.triggered => 0,
        Some(AlarmState::Alarm) if !alarm.already_firing => 1,
        Some(AlarmState::Alarm) => 2,
        Some(AlarmState::Unknown(_)) => 3,
        None => 4,
        Some(AlarmState::InsufficientData) => 5,
        Some(AlarmState::Ok) => 6,
    }
}

/// Of a release that is over only what its alarms did counts: nobody reads their states any more.
fn one(scene: Scene<'_>, room: usize, alarm: &WatchedAlarm, over: bool) -> Line<'static> {
    let (symbol, word, style) = if over {
        outcome(scene, alarm)
    } else {
        state(scene, alarm)
    };
    let mut about = Vec::new();
    if alarm.triggered {
        about.push("fired for this release".into());
    }
    if alarm.already_firing {
        about.push("ignored: fired before".into());
    }
    // That it is well again is no news about one that fired for this release.
    let well_again = alarm.triggered && alarm.state == Some(AlarmState::Ok);
    let shown = !over && !well_again;
    if let (Some(since), true) = (alarm.since, shown) {
        let seconds = scene.now().as_second() - since.as_second();
        about.push(format!("for {}", time::age(seconds)));
    }
    let about = if about.is_empty() {
        String::new()
    } else {
        format!("  {}", about.join(", "))
    };
    let rest = 6 + text::width(&word).max(7);
    let name = text::fit(
        &printable(&alarm.name),
        room.saturating_sub(rest),
        Cut::Start,
        scene.symbols().ellipsis,
    );
    let line = Line::from(vec![
        Span::styled(format!("  {symbol} {word:7}"), style),
        scene.plain(format!("  {name}")),
        scene.quiet(about),
    ]);
    text::fit_line(line, room, Cut::End, scene.symbols().ellipsis)
}

fn outcome(scene: Scene<'_>, alarm: &WatchedAlarm) -> (&'static str, String, Style) {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    if alarm.triggered {
        (symbols.failed, "fired".into(), styles.failed())
    } else {
        (symbols.dot, "watched".into(), styles.quiet())
    }
}

fn state(scene: Scene<'_>, alarm: &WatchedAlarm) -> (&'static str, String, Style) {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    match &alarm.state {
        Some(AlarmState::Ok) => (symbols.ok, "OK".into(), styles.succeeded()),
        Some(AlarmState::Alarm) if alarm.already_firing => {
            (symbols.warning, "ALARM".into(), styles.warning())
        }
        Some(AlarmState::Alarm) => (symbols.failed, "ALARM".into(), styles.failed()),
        Some(AlarmState::InsufficientData) => (symbols.unknown, "no data".into(), styles.unknown()),
        Some(AlarmState::Unknown(name)) => (symbols.unknown, printable(name), styles.unknown()),
        None => (symbols.unknown, "not read".into(), styles.unknown()),
    }
}
