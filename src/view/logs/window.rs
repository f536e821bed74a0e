//! Which lines are on screen, in one column or in two that share the time.
//!
//! ```text
//! whole        one line on each row
//! left right   lines of the same second stand beside each other, each in its own column
//! ```

use std::collections::VecDeque;

/// The column that a line stands in.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// The whole width.
    Whole,
    /// The left half.
    Left,
    /// The right half.
    Right,
}

/// A line with the rows that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block<Row> {
    /// Its place among the lines that pass the filters.
    pub rank: usize,
    /// Its column.
    pub column: Column,
    /// The second that it belongs to.
    pub second: i64,
    /// What is drawn.
    pub rows: Vec<Row>,
}

/// One row of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Packed<Row> {
    /// A row over the whole width, with the rank of its line.
    Whole(usize, Row),
    /// A row of two halves, each with the rank of its line.
    Halves(Option<(usize, Row)>, Option<(usize, Row)>),
}

/// What has to be in sight.
#[derive(Copy, Clone, Debug)]
pub(super) struct View {
    /// How many lines there are.
    pub count: usize,
    /// The lowest line.
    pub bottom: usize,
    /// The line under the cursor, where there is one.
    pub cursor: Option<usize>,
    /// Rows of the screen.
    pub height: usize,
    /// Whether lines below the lowest one may fill rows that would stay empty.
    pub fill: bool,
}

/// The height of lines of the same second beside each other.
#[derive(Copy, Clone, Default)]
struct Pack {
    closed: usize,
    second: Option<i64>,
    left: usize,
    right: usize,
}

impl Pack {
    fn with<Row>(mut self, block: &Block<Row>) -> Self {
        let rows = block.rows.len();
        if block.column == Column::Whole || self.second != Some(block.second) {
            self.closed = self.height();
            (self.left, self.right) = (0, 0);
            self.second = Some(block.second);
        }
        match block.column {
            Column::Whole => {
                self.closed += rows;
                self.second = None;
            }
            Column::Left => self.left += rows,
            Column::Right => self.right += rows,
        }
        self
    }

    fn height(self) -> usize {
        self.closed + self.left.max(self.right)
    }
}

/// The lines on screen, in their order. Only those that are shown are made.
pub(super) fn window<Row>(
    view: View,
    mut make: impl FnMut(usize) -> Option<Block<Row>>,
) -> VecDeque<Block<Row>> {
    let mut blocks = VecDeque::new();
    let Some(last) = view.count.checked_sub(1) else {
        return blocks;
    };
    let cursor = view.cursor.map(|cursor| cursor.min(last));
    let bottom = view.bottom.min(last).max(cursor.unwrap_or(0));
    let mut pack = Pack::default();
    for rank in (0..=bottom).rev() {
        let Some(block) = make(rank) else { break };
        let next = pack.with(&block);
        if next.height() > view.height && !blocks.is_empty() {
            break;
        }
        pack = next;
        blocks.push_front(block);
    }
    let first = blocks.front().map_or(0, |block: &Block<Row>| block.rank);
    let above = cursor.filter(|cursor| *cursor < first);
    if above.is_none() && (!view.fill || first > 0 || pack.height() >= view.height) {
        return blocks;
    }
    downwards(view, above.unwrap_or(first), make)
}

/// The lines from one on that fill the screen.
fn downwards<Row>(
    view: View,
    top: usize,
    mut make: impl FnMut(usize) -> Option<Block<Row>>,
) -> VecDeque<Block<Row>> {
    let mut blocks = VecDeque::new();
    let mut pack = Pack::default();
    for rank in top..view.count {
        let Some(block) = make(rank) else { break };
        pack = pack.with(&block);
        if pack.height() > view.height && !blocks.is_empty() {
            break;
        }
        blocks.push_back(block);
    }
    blocks
}

/// The rows of the screen.
pub(super) fn pack<Row>(blocks: impl IntoIterator<Item = Block<Row>>) -> Vec<Packed<Row>> {
    let mut packed = Vec::new();
    let (mut left, mut right) = (VecDeque::new(), VecDeque::new());
    let mut second = None;
    for block in blocks {
        if block.column == Column::Whole || second != Some(block.second) {
            flush(&mut packed, &mut left, &mut right);
        }
        second = (block.column != Column::Whole).then_some(block.second);
        let rank = block.rank;
        let rows = block.rows.into_iter();
        match block.column {
            Column::Whole => packed.extend(rows.map(|row| Packed::Whole(rank, row))),
            Column::Left => left.extend(rows.map(|row| (rank, row))),
            Column::Right => right.extend(rows.map(|row| (rank, row))),
        }
    }
    flush(&mut packed, &mut left, &mut right);
    packed
}

fn flush<Row>(
    packed: &mut Vec<Packed<Row>>,
    left: &mut VecDeque<(usize, Row)>,
    right: &mut VecDeque<(usize, Row)>,
) {
    while !(left.is_empty() && right.is_empty()) {
        packed.push(Packed::Halves(left.pop_front(), right.pop_front()));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn block(rank: usize, column: Column, second: i64, rows: usize) -> Block<usize> {
        Block {
            rank,
            column,
            second,
            rows: (0..rows).collect(),
        }
    }

    fn shown(view: View) -> Vec<usize> {
        let blocks = window(view, |rank| Some(block(rank, Column::Whole, 0, 1)));
        blocks.iter().map(|block| block.rank).collect()
    }

    const VIEW: View = View {
        count: 10,
        bottom: 9,
        cursor: None,
        height: 3,
        fill: true,
    };

    #[test]
    fn the_newest_lines_fill_the_screen() {
        assert_eq!(shown(VIEW), [7, 8, 9]);
        assert_eq!(shown(View { count: 2, ..VIEW }), [0, 1]);
        assert_eq!(shown(View { count: 0, ..VIEW }), [0; 0]);
    }

    #[test]
    fn the_cursor_is_in_sight_and_moves_the_lines_only_at_the_edges() {
        let at = |bottom, cursor| {
            shown(View {
                bottom,
                cursor: Some(cursor),
                ..VIEW
            })
        };
        assert_eq!(at(6, 5), [4, 5, 6]);
        assert_eq!(at(6, 4), [4, 5, 6]);
        assert_eq!(at(6, 3), [3, 4, 5]);
        assert_eq!(at(6, 7), [5, 6, 7]);
        assert_eq!(at(0, 0), [0, 1, 2]);
    }

    #[test]
    fn a_pause_leaves_rows_empty_rather_than_show_what_is_new() {
        let paused = View {
            bottom: 1,
            fill: false,
            ..VIEW
        };
        assert_eq!(shown(paused), [0, 1]);
    }

    #[test]
    fn lines_of_the_same_second_stand_beside_each_other() {
        let blocks = vec![
            block(0, Column::Left, 1, 1),
            block(1, Column::Right, 1, 2),
            block(2, Column::Left, 1, 1),
            block(3, Column::Left, 2, 1),
            block(4, Column::Whole, 2, 1),
            block(5, Column::Right, 2, 1),
        ];
        let ranks: Vec<(Option<usize>, Option<usize>)> = pack(blocks)
            .into_iter()
            .map(|row| match row {
                Packed::Whole(rank, _) => (Some(rank), Some(rank)),
                Packed::Halves(left, right) => (left.map(|one| one.0), right.map(|one| one.0)),
            })
            .collect();
        let expected = [
            (Some(0), Some(1)),
            (Some(2), Some(1)),
            (Some(3), None),
            (Some(4), Some(4)),
            (None, Some(5)),
        ];
        assert_eq!(ranks, expected);
    }

    fn column() -> impl Strategy<Value = Column> {
        prop::sample::select(vec![Column::Whole, Column::Left, Column::Right])
    }

    proptest! {
        #[test]
        fn what_is_shown_fits_and_holds_the_cursor(
            lines in prop::collection::vec((column(), 0i64..4, 1usize..4), 1..40),
            bottom in 0usize..50,
            cursor in prop::option::of(0usize..50),
            height in 1usize..12,
            fill: bool,
        ) {
            let view = View { count: lines.len(), bottom, cursor, height, fill };
            let blocks = window(view, |rank| {
                lines.get(rank).map(|(column, second, rows)| block(rank, *column, *second, *rows))
            });
            let ranks: Vec<usize> = blocks.iter().map(|block| block.rank).collect();
            prop_assert!(ranks.windows(2).all(|pair| pair[0] + 1 == pair[1]));
            if let Some(cursor) = cursor {
                prop_assert!(ranks.contains(&cursor.min(lines.len() - 1)));
            }
            let one = blocks.len() == 1;
            prop_assert!(pack(blocks).len() <= height || one);
        }
    }
}
