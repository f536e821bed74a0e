//! A list under a cursor: filtered, sorted, and selected by identity.

use super::filter::Filter;

/// The order of a list: a column, and whether it runs backwards.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct Sort {
    /// The column's index among the screen's columns; `None` for the screen's own order.
    pub column: Option<usize>,
    /// Whether the order is reversed.
    pub descending: bool,
}

/// A list's state. The rows are only names: what they show is looked up when it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct ListState<Id> {
    /// The rows that pass the filter, in order.
    pub rows: Vec<Id>,
    /// How many rows there are without the filter.
    pub total: usize,
    /// The filter.
    pub filter: Filter,
    /// The order.
    pub sort: Sort,
    selected: Option<Id>,
    position: usize,
}

impl<Id> Default for ListState<Id> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            total: 0,
            filter: Filter::default(),
            sort: Sort::default(),
            selected: None,
            position: 0,
        }
    }
}

impl<Id: Clone + PartialEq> ListState<Id> {
    /// Takes in the rows anew. The cursor stays on its row wherever that went; if it is gone, on the
    /// row that took its place. Until somebody moved the cursor it stays on top.
    pub fn set_rows(&mut self, rows: Vec<Id>, total: usize) {
        self.rows = rows;
        self.total = total;
        let found = self
            .selected
            .as_ref()
            .and_then(|selected| self.rows.iter().position(|row| row == selected));
        self.position = found.unwrap_or_else(|| self.clamp(self.position));
        // A filter that nothing passes, half typed, is no reason to lose the place.
        if found.is_none() && !self.rows.is_empty() {
            let touched = self.selected.is_some();
            self.selected = self.rows.get(self.position).filter(|_| touched).cloned();
        }
    }

    /// The row under the cursor.
    pub fn selected(&self) -> Option<&Id> {
        self.rows.get(self.position)
    }

    /// The cursor's place among the rows.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Moves the cursor by so many rows, up when negative.
    pub fn move_by(&mut self, rows: isize) {
        self.move_to(self.position.saturating_add_signed(rows));
    }

    /// Moves the cursor to a row.
    pub fn move_to(&mut self, position: usize) {
        self.position = self.clamp(position);
        if let Some(row) = self.rows.get(self.position) {
            self.selected = Some(row.clone());
        }
    }

    fn clamp(&self, position: usize) -> usize {
        position.min(self.rows.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_cursor_stays_with_its_row() {
        let mut list = ListState::default();
        list.set_rows(vec!["a", "b", "c"], 3);
        list.move_to(1);
        list.set_rows(vec!["x", "y", "b"], 3);
        assert_eq!(list.selected(), Some(&"b"));
        list.set_rows(vec!["x", "y"], 2);
        assert_eq!(list.selected(), Some(&"y"));
        list.set_rows(vec![], 0);
        assert_eq!(list.selected(), None);
    }

    #[test]
    fn an_untouched_cursor_stays_on_top() {
        let mut list = ListState::default();
        list.set_rows(vec!["a", "b"], 2);
        list.set_rows(vec!["worse", "a", "b"], 3);
        assert_eq!(list.selected(), Some(&"worse"));
    }

    proptest! {
        #[test]
        fn the_cursor_is_never_outside(
            steps in proptest::collection::vec((0usize..20, -30isize..30), 0..40)
        ) {
            let mut list = ListState::default();
            for (rows, by) in steps {
                list.set_rows((0..rows).collect(), rows);
                list.move_by(by);
                prop_assert_eq!(list.selected().is_some(), rows > 0);
            }
        }
    }
}
