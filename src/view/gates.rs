//! The inbox: everything that waits for a person, the soonest to end first.

mod gate;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

pub(crate) use self::gate::draw as draw_gate;
use super::scene::Scene;
use super::widgets::table::{self, Column, Row};
use super::widgets::{text, time};
use crate::app::inbox::inbox;
use crate::app::list::Sort;
use crate::app::row::RowId;
use crate::domain::context::ContextId;
use crate::domain::failure::Failure;
use crate::domain::inbox::{InboxItem, Unanswered};
use crate::domain::text::printable;

const COLUMNS: [Column; 7] = [
    Column::text("waits", 0, 18, 20),
    Column::text("for", 0, 12, 36),
    Column::text("where", 2, 8, 28).optional(),
    Column::text("since", 3, 5, 6),
    Column::text("expires", 0, 7, 8),
    Column::text("then", 1, 14, 28).whole(),
    Column::text("brings", 4, 12, 120).optional(),
];

/// Seconds before its end from which on a gate is urgent.
const URGENT: i64 = 600;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    let unread = unread(scene, usize::from(area.width.saturating_sub(2)));
    for (line, y) in unread.iter().zip(area.top()..area.bottom()) {
        buf.set_line(area.x + 1, y, line, area.width.saturating_sub(1));
    }
    let used = text::columns(unread.len()).min(area.height);
    let area = Rect {
        y: area.y + used,
        height: area.height - used,
        ..area
    };
    if scene.list().rows.is_empty() {
        let nothing = "nothing waits for you";
        let next =
            "an approval, a pause hook or a CodeDeploy deployment that is Ready comes up here";
        super::empty::draw(scene, area, buf, nothing, next);
        return;
    }
    let items = inbox(scene.model);
    table::draw(scene, area, buf, &COLUMNS, |place| {
        let item = at(scene, &items, place)?;
        let mut row = Row::of(cells(scene, item));
        row.above = heading(scene, &items, usize::from(area.width), place);
        Some(row)
    });
}

fn at<'a>(
    scene: Scene<'_>,
    items: &'a [(ContextId, InboxItem)],
    place: usize,
) -> Option<&'a InboxItem> {
    let RowId::Gate(context, id) = scene.list().rows.get(place)? else {
        return None;
    };
    let mut items = items.iter();
    let found = items.find(|(of, item)| of == context && item.id == *id);
    found.map(|(_, item)| item)
}

/// In the inbox's own order, a line before what asks for nobody.
fn heading(
    scene: Scene<'_>,
    items: &[(ContextId, InboxItem)],
    width: usize,
    place: usize,
) -> Option<Line<'static>> {
    let quiet = |place: usize| at(scene, items, place).is_some_and(|item| !item.asks);
    let first = quiet(place) && place.checked_sub(1).is_none_or(|before| !quiet(before));
    let own_order = scene.list().sort == Sort::default();
    (own_order && first).then(|| {
        let words = "ends by itself, and you may cut it short";
        scene.heading(words, width.saturating_sub(2))
    })
}

/// What could not be read, so that an empty inbox is not taken for a promise.
fn unread(scene: Scene<'_>, room: usize) -> Vec<Line<'static>> {
    let failures = scene.model.contexts.iter().filter_map(|store| {
        let asked = store.queries.get(&crate::app::query::Query::Pipelines)?;
        let (_, failure) = asked.failure()?;
        Some(failure)
    });
    let line = |failure: &Failure| {
        let words = format!(
            "{} pipelines not read: {}",
            scene.symbols().warning,
            failure.short()
        );
        Line::styled(
            scene.fit(&printable(&words), room),
            scene.styles().error_text(),
        )
    };
    failures.map(line).collect()
}

fn cells(scene: Scene<'_>, item: &InboxItem) -> Vec<Line<'static>> {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    let (symbol, style) = if item.asks {
        (symbols.waiting, styles.waiting())
    } else {
        (symbols.timer, styles.timer())
    };
    let quiet = |words: &str| Line::from(scene.quiet(printable(words)));
    let since = item
        .since
        .map(|at| scene.now().as_second() - at.as_second());
    vec![
        Line::styled(format!("{symbol} {}", item.kind.label()), style),
        Line::from(scene.plain(printable(&item.subject))),
        quiet(item.place.as_deref().unwrap_or_default()),
        Line::from(scene.plain(since.map_or_else(String::new, time::age))),
        expires(scene, item),
        Line::from(then(scene, item)),
        quiet(item.brings.as_deref().unwrap_or_default()),
    ]
}

/// The time that is left.
fn expires(scene: Scene<'_>, item: &InboxItem) -> Line<'static> {
    let Some(at) = item.expires_at else {
        return Line::from(scene.quiet("not told"));
    };
    let left = (at.as_second() - scene.now().as_second()).max(0);
    let style = match left {
        ..URGENT if item.asks => scene.styles().waiting(),
        _ => scene.styles().text(),
    };
    Line::styled(time::duration(left), style)
}

/// What happens when nobody answers. What undoes the release or ends the execution is written
/// large.
pub(super) fn then(scene: Scene<'_>, item: &InboxItem) -> Span<'static> {
    let Some(then) = &item.unanswered else {
        return scene.quiet("not told");
    };
    let style: Style = match then {
        Unanswered::Fails | Unanswered::RollsBack | Unanswered::Stops => scene.styles().warning(),
        _ => scene.styles().quiet(),
    };
    Span::styled(printable(&then_words(then)), style)
}

fn then_words(then: &Unanswered) -> String {
    match then {
        Unanswered::Fails => "the execution FAILS".into(),
        Unanswered::RollsBack => "it ROLLS BACK".into(),
        Unanswered::Stops => "it is STOPPED".into(),
        other => other.label(),
    }
}
