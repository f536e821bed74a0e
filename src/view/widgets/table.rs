//! A table whose columns give way by rank, and of which only the visible rows are made.

use std::collections::VecDeque;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::text::{self, Cut};
use super::window::{self, Tall};
use crate::app::rows;
use crate::view::scene::Scene;

/// Columns between two columns.
const GAP: usize = 2;
/// Wide columns grow in steps, so that they stand still while one scrolls.
const STEP: usize = 4;

/// The rank from which on a column is worth less than another one whole.
const LUXURY: u8 = 4;

/// A column of a table.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Column {
    /// The title, in the words that sorting uses.
    pub title: &'static str,
    /// The higher, the sooner the column is left out; 0 stays.
    pub rank: u8,
    /// The width, in columns of the terminal, below which it is left out rather than cut.
    pub least: usize,
    /// The width that it never exceeds.
    pub most: usize,
    /// Whether its cells stand at its right side, as numbers do.
    pub right: bool,
    /// Where its cells are cut.
    pub cut: Cut,
    /// Whether it is left out where all its visible cells are empty.
    pub optional: bool,
    /// Whether others are cut, and those from [`LUXURY`] on left out, before it is cut.
    pub whole: bool,
}

impl Column {
    /// A column of text.
    pub const fn text(title: &'static str, rank: u8, least: usize, most: usize) -> Self {
        Self {
            title,
            rank,
            least,
            most,
            right: false,
            cut: Cut::End,
            optional: false,
            whole: false,
        }
    }

    /// A column of numbers.
    pub const fn number(title: &'static str, rank: u8, least: usize) -> Self {
        Self {
            right: true,
            ..Self::text(title, rank, least, 16)
        }
    }

    /// The same column, cut elsewhere.
    pub const fn cut(self, cut: Cut) -> Self {
        Self { cut, ..self }
    }

    /// The same column, cut only where nothing else can give way.
    pub const fn whole(self) -> Self {
        Self {
            whole: true,
            ..self
        }
    }

    /// The same column, left out where it says nothing.
    pub const fn optional(self) -> Self {
        Self {
            optional: true,
            ..self
        }
    }
}

/// A row: a cell for each column, a heading above it, and lines below that explain it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// The cells, in the order of the columns.
    pub cells: Vec<Line<'static>>,
    /// A line above, for instance between what is in flight and what is over.
    pub above: Option<Line<'static>>,
    /// Lines below, which belong to the row.
    pub below: Vec<Line<'static>>,
}

impl Row {
    /// A row of one line.
    pub fn of(cells: Vec<Line<'static>>) -> Self {
        Self {
            cells,
            ..Self::default()
        }
    }
}

impl Tall for Row {
    fn height(&self) -> usize {
        1 + usize::from(self.above.is_some()) + self.below.len()
    }
}

/// Draws the list of the page in front.
pub(crate) fn draw(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    columns: &[Column],
    make: impl FnMut(usize) -> Option<Row>,
) {
    let list = scene.list();
    let room = usize::from(area.height.saturating_sub(1));
    let (first, rows) = window::around(list.rows.len(), list.position(), room, make);
    let widths = widths(columns, &rows, usize::from(area.width.saturating_sub(2)));
    if area.height > 0 {
        let header = header(scene, columns, &widths);
        buf.set_line(area.x + 1, area.y, &header, area.width.saturating_sub(1));
    }
    let mut y = area.y + 1;
    for (place, row) in rows.into_iter().enumerate() {
        let selected = first + place == list.position();
        y = draw_row(scene, area, buf, y, columns, &widths, row, selected);
    }
}

/// The height that a table with all its rows takes, so that others can have the rest.
pub(crate) fn height_of(rows: usize) -> u16 {
    text::columns(rows).saturating_add(1)
}

fn header(scene: Scene<'_>, columns: &[Column], widths: &[Option<usize>]) -> Line<'static> {
    let sort = scene.list().sort;
    let sorted = sort
        .column
        .and_then(|column| rows::columns(&scene.page().screen).get(column));
    let cells = columns.iter().map(|column| {
        let mut title = column.title.to_uppercase();
        if sorted == Some(&column.title) {
            let mark = if sort.descending {
                scene.symbols().descending
            } else {
                scene.symbols().ascending
            };
            title = format!("{mark}{title}");
        }
        Line::from(Span::styled(title, scene.styles().column_header()))
    });
    beside(scene, columns, widths, cells.collect())
}

/// Puts the cells of a row beside each other.
fn beside(
    scene: Scene<'_>,
    columns: &[Column],
    widths: &[Option<usize>],
    cells: Vec<Line<'static>>,
) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for ((column, width), cell) in columns.iter().zip(widths).zip(cells) {
        let Some(width) = *width else { continue };
        if !spans.is_empty() {
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        let cell = text::fit_line(cell, width, column.cut, scene.symbols().ellipsis);
        let pad = Span::raw(" ".repeat(width.saturating_sub(cell.width())));
        if column.right {
            spans.push(pad);
            spans.extend(cell.spans);
        } else {
            spans.extend(cell.spans);
            spans.push(pad);
        }
    }
    Line::from(spans)
}

#[expect(clippy::too_many_arguments, reason = "a private step of `draw`")]
fn draw_row(
    scene: Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    mut y: u16,
    columns: &[Column],
    widths: &[Option<usize>],
    row: Row,
    selected: bool,
) -> u16 {
    let room = area.width.saturating_sub(1);
    if let Some(line) = row.above {
        if y < area.bottom() {
            buf.set_line(area.x + 1, y, &line, room);
        }
        y += 1;
    }
    let own = std::iter::once(beside(scene, columns, widths, row.cells));
    for line in own.chain(row.below) {
        if y < area.bottom() {
            let line = text::fit_line(line, room.into(), Cut::End, scene.symbols().ellipsis);
            buf.set_line(area.x + 1, y, &line, room);
            if selected {
                let mark = Span::styled(scene.symbols().cursor, scene.styles().border_focused());
                buf.set_span(area.x, y, &mark, 1);
                buf.set_style(
                    Rect::new(area.x, y, area.width, 1),
                    scene.styles().selected(),
                );
            }
        }
        y += 1;
    }
    y
}

/// The width of each column; `None` for one that is left out.
fn widths(columns: &[Column], rows: &VecDeque<Row>, room: usize) -> Vec<Option<usize>> {
    let mut widths = naturals(columns, rows, true);
    if total(&widths) > room {
        widths = naturals(columns, rows, false);
    }
    leave_out(columns, &mut widths, LUXURY, |widths| {
        needed(columns, widths, true) <= room
    });
    leave_out(columns, &mut widths, 1, |widths| {
        needed(columns, widths, false) <= room
    });
    shrink(columns, &mut widths, room);
    widths
}

/// Leaves out columns from a rank on, the highest first, until it is enough.
fn leave_out(
    columns: &[Column],
    widths: &mut [Option<usize>],
    from: u8,
    enough: impl Fn(&[Option<usize>]) -> bool,
) {
    while !enough(widths) {
        let weakest = columns
            .iter()
            .enumerate()
            .filter(|(place, column)| {
                column.rank >= from && widths.get(*place).is_some_and(Option::is_some)
            })
            .max_by_key(|(place, column)| (column.rank, *place))
            .map(|(place, _)| place);
        match weakest.and_then(|place| widths.get_mut(place)) {
            Some(width) => *width = None,
            None => return,
        }
    }
}

/// The widths that the visible cells ask for, in steps where there is room for that.
fn naturals(columns: &[Column], rows: &VecDeque<Row>, steps: bool) -> Vec<Option<usize>> {
    columns
        .iter()
        .enumerate()
        .map(|(place, column)| natural(column, place, rows, steps))
        .collect()
}

fn natural(column: &Column, place: usize, rows: &VecDeque<Row>, steps: bool) -> Option<usize> {
    let cells = rows
        .iter()
        .filter_map(|row| row.cells.get(place))
        .map(Line::width)
        .max()
        .unwrap_or(0);
    if column.optional && cells == 0 {
        return None;
    }
    let wanted = cells.max(text::width(column.title)).min(column.most);
    if steps && wanted > 2 * STEP && !column.right {
        Some((wanted.div_ceil(STEP) * STEP).min(column.most))
    } else {
        Some(wanted)
    }
}

/// The room that columns of these widths take.
fn total(widths: &[Option<usize>]) -> usize {
    let used: usize = widths.iter().flatten().map(|width| width + GAP).sum();
    used.saturating_sub(GAP)
}

/// The least room that the columns need, with or without those that stay whole being so.
fn needed(columns: &[Column], widths: &[Option<usize>], whole: bool) -> usize {
    let least = columns.iter().zip(widths).filter_map(|(column, width)| {
        let width = (*width)?;
        let cut = !(whole && column.whole);
        let least = if cut { width.min(column.least) } else { width };
        Some(least + GAP)
    });
    least.sum::<usize>().saturating_sub(GAP)
}

/// Takes room from the widest columns until all of them fit; from those that stay whole only once the
/// others have none to give.
fn shrink(columns: &[Column], widths: &mut [Option<usize>], room: usize) {
    loop {
        if total(widths) <= room {
            return;
        }
        let widest = columns
            .iter()
            .zip(widths.iter_mut())
            .filter_map(|(column, width)| width.as_mut().map(|width| (column, width)))
            .filter(|(column, width)| **width > column.least)
            .max_by_key(|(column, width)| (!column.whole, **width - column.least));
        match widest {
            Some((_, width)) => *width -= 1,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column::text("name", 0, 6, 30),
        Column::text("cluster", 2, 6, 20),
        Column::number("tasks", 1, 5),
    ];

    fn rows(names: &[&'static str]) -> VecDeque<Row> {
        let row = |name: &&'static str| {
            Row::of(vec![
                Line::from(*name),
                Line::from("production"),
                Line::from("4/4"),
            ])
        };
        names.iter().map(row).collect()
    }

    #[test]
    fn columns_take_what_they_need_while_there_is_room() {
        let rows = rows(&["checkout"]);
        assert_eq!(widths(&COLUMNS, &rows, 80), [Some(8), Some(12), Some(5)]);
    }

    #[test]
    fn columns_shrink_and_then_give_way_by_rank() {
        let rows = rows(&["checkout-worker"]);
        assert_eq!(widths(&COLUMNS, &rows, 30), [Some(11), Some(10), Some(5)]);
        assert_eq!(widths(&COLUMNS, &rows, 20), [Some(13), None, Some(5)]);
        assert_eq!(widths(&COLUMNS, &rows, 8), [Some(8), None, None]);
    }

    #[test]
    fn a_column_that_stays_whole_gives_way_last() {
        let columns = |rank| {
            [
                COLUMNS[0],
                COLUMNS[1].whole(),
                Column { rank, ..COLUMNS[2] },
            ]
        };
        let cells = ["checkout-worker", "production", "4/4"];
        let row = Row::of(cells.map(Line::from).to_vec());
        let rows = VecDeque::from([row]);
        assert_eq!(widths(&columns(3), &rows, 27), [Some(8), Some(10), Some(5)]);
        assert_eq!(widths(&columns(3), &rows, 22), [Some(6), Some(7), Some(5)]);
        assert_eq!(
            widths(&columns(LUXURY), &rows, 22),
            [Some(10), Some(10), None]
        );
    }

    #[test]
    fn an_optional_column_that_says_nothing_is_left_out() {
        let column = [Column::text("note", 0, 4, 9).optional()];
        let empty = VecDeque::from([Row::of(vec![Line::default()])]);
        assert_eq!(widths(&column, &empty, 40), [None]);
    }
}
