//! What was done from here; below, the whole record of the one under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::scene::Scene;
use super::widgets::table::{self, Column, Row};
use super::widgets::text::Cut;
use super::widgets::{document, facts, time};
use crate::app::action_log::{ActionRecord, RecordKind};
use crate::app::row::RowId;
use crate::domain::text::printable;

const COLUMNS: [Column; 4] = [
    Column::text("time", 0, 16, 18),
    Column::text("what", 0, 10, 12),
    Column::text("target", 0, 10, 40).cut(Cut::Start),
    Column::text("outcome", 0, 12, 160),
];

/// Lines for the record under the cursor.
const DETAILS: u16 = 8;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    if scene.list().rows.is_empty() {
        let next = "F redeploys and R rolls back the service under the cursor; each asks first";
        super::empty::draw(scene, area, buf, "nothing was done from here yet", next);
        return;
    }
    let details = DETAILS.min(area.height / 2);
    let above = Rect {
        height: area.height - details,
        ..area
    };
    table::draw(scene, above, buf, &COLUMNS, |place| {
        record(scene, place).map(|record| Row::of(cells(scene, record)))
    });
    let below = Rect {
        x: area.x + 1,
        y: above.bottom(),
        width: area.width.saturating_sub(2),
        height: details,
    };
    if let Some(record) = record(scene, scene.list().position()) {
        let room = usize::from(below.width);
        let mut lines = vec![scene.heading("the action under the cursor", room)];
        lines.extend(facts::lines(scene, whole(scene, record), room));
        document::draw(scene, below, buf, lines, 0);
    }
}

fn record(scene: Scene<'_>, place: usize) -> Option<&ActionRecord> {
    match scene.list().rows.get(place)? {
        RowId::Action(number) => scene.model.action(*number),
        _ => None,
    }
}

fn cells(scene: Scene<'_>, record: &ActionRecord) -> Vec<Line<'static>> {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let (symbol, word, style) = match record.kind {
        RecordKind::Refused => (symbols.skipped, "refused", styles.stopped()),
        RecordKind::NotSent => (symbols.skipped, "not sent", styles.stopped()),
        RecordKind::Sent => (symbols.moving, "sent", styles.moving()),
        RecordKind::Failed => (symbols.failed, "failed", styles.error_text()),
        RecordKind::Ended => (symbols.ok, "ended", styles.succeeded()),
    };
    let at = time::clock_or_date(record.time, scene.now(), scene.zone());
    let target = record.target.rsplit('/').next().unwrap_or_default();
    vec![
        Line::from(scene.plain(at)),
        Line::styled(format!("{symbol} {word}"), style),
        Line::from(scene.plain(printable(target))),
        Line::from(scene.quiet(printable(&record.outcome))),
    ]
}

fn whole(scene: Scene<'_>, record: &ActionRecord) -> Vec<(&'static str, Line<'static>)> {
    let text = |words: &str| Line::from(scene.plain(printable(words)));
    let known = |words: &Option<String>| match words {
        Some(words) => text(words),
        None => scene.nothing(),
    };
    let place = [&record.account, &record.region, &record.identity];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    let separator = format!(" {} ", scene.symbols().dot);
    vec![
        ("call", text(&record.call)),
        ("target", text(&record.target)),
        ("outcome", text(&record.outcome)),
        ("where", text(&place.join(&separator))),
        ("request", known(&record.request_id)),
    ]
}
