//! What failed and when; below, what to do about the one under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::empty::failed;
use super::scene::Scene;
use super::widgets::document;
use super::widgets::table::{self, Column, Row};
use super::widgets::time;
use crate::app::model::ErrorEntry;
use crate::app::row::RowId;
use crate::domain::text::printable;

const COLUMNS: [Column; 5] = [
    Column::text("last", 0, 16, 18),
    Column::number("times", 1, 5),
    Column::text("call", 0, 12, 40),
    Column::text("what", 0, 8, 26),
    Column::text("message", 2, 12, 160),
];

/// Lines for the error under the cursor.
const DETAILS: u16 = 7;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    if scene.list().rows.is_empty() {
        super::empty::draw(scene, area, buf, "nothing has failed", "");
        return;
    }
    let details = DETAILS.min(area.height / 2);
    let above = Rect {
        height: area.height - details,
        ..area
    };
    table::draw(scene, above, buf, &COLUMNS, |place| {
        entry(scene, place).map(|entry| Row::of(cells(scene, entry)))
    });
    let below = Rect {
        x: area.x + 1,
        y: above.bottom(),
        width: area.width.saturating_sub(2),
        height: details,
    };
    if let Some(entry) = entry(scene, scene.list().position()) {
        let room = usize::from(below.width);
        let mut lines = vec![scene.heading("the error under the cursor", room)];
        lines.extend(failed(scene, room, &entry.failure));
        document::draw(scene, below, buf, lines, 0);
    }
}

fn entry(scene: Scene<'_>, place: usize) -> Option<&ErrorEntry> {
    let RowId::Error(number) = scene.list().rows.get(place)? else {
        return None;
    };
    let mut errors = scene.model.errors.iter();
    errors.find(|entry| entry.number == *number)
}

fn cells(scene: Scene<'_>, entry: &ErrorEntry) -> Vec<Line<'static>> {
    let at = time::clock_or_date(entry.at, scene.now(), scene.zone());
    vec![
        Line::from(scene.plain(at)),
        Line::from(scene.quiet(entry.times.to_string())),
        Line::from(scene.plain(printable(&entry.failure.call))),
        Line::styled(entry.failure.short(), scene.styles().error_text()),
        Line::from(scene.quiet(printable(&entry.failure.message))),
    ]
}
