//! Which rows of a list are on screen.

use std::collections::VecDeque;

/// Something with a height in lines.
pub trait Tall {
    /// Lines that it takes.
    fn height(&self) -> usize;
}

/// The rows that are on screen around the cursor, and the first one's place.
///
/// The cursor is kept in the middle wherever the list is longer than the screen, so that what comes
/// next is in sight in both directions, and no place has to be remembered between two frames. Only
/// rows that are shown are made. The last row may reach over the end.
pub fn around<Row: Tall>(
    count: usize,
    cursor: usize,
    room: usize,
    mut make: impl FnMut(usize) -> Option<Row>,
) -> (usize, VecDeque<Row>) {
    let mut rows = VecDeque::new();
    if count == 0 || room == 0 {
        return (0, rows);
    }
    let cursor = cursor.min(count - 1);
    let Some(row) = make(cursor) else {
        return (0, rows);
    };
    let own = row.height();
    rows.push_back(row);
    let mut first = cursor;
    let mut used = own;
    let above = room.saturating_sub(own) / 2;
    grow_up(&mut first, &mut rows, &mut used, own + above, &mut make);
    let mut next = cursor + 1;
    while used < room
        && next < count
        && let Some(row) = make(next)
    {
        used += row.height();
        rows.push_back(row);
        next += 1;
    }
    grow_up(&mut first, &mut rows, &mut used, room, &mut make);
    (first, rows)
}

fn grow_up<Row: Tall>(
    first: &mut usize,
    rows: &mut VecDeque<Row>,
    used: &mut usize,
    room: usize,
    make: &mut impl FnMut(usize) -> Option<Row>,
) {
    while *used < room
        && let Some(place) = first.checked_sub(1)
        && let Some(row) = make(place)
        && *used + row.height() <= room
    {
        *used += row.height();
        rows.push_front(row);
        *first = place;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Tall for (usize, usize) {
        fn height(&self) -> usize {
            self.1
        }
    }

    fn shown(count: usize, cursor: usize, room: usize) -> (usize, Vec<usize>) {
        let (first, rows) = around(count, cursor, room, |place| Some((place, 1)));
        (first, rows.into_iter().map(|(place, _)| place).collect())
    }

    #[test]
    fn the_cursor_stays_in_the_middle() {
        assert_eq!(shown(3, 1, 10), (0, vec![0, 1, 2]));
        assert_eq!(shown(100, 0, 5), (0, vec![0, 1, 2, 3, 4]));
        assert_eq!(shown(100, 50, 5), (48, vec![48, 49, 50, 51, 52]));
        assert_eq!(shown(100, 99, 5), (95, vec![95, 96, 97, 98, 99]));
        assert_eq!(shown(0, 0, 5), (0, vec![]));
    }

    #[test]
    fn only_what_is_shown_is_made() {
        let mut made = 0;
        around(2_000, 1_000, 40, |place| {
            made += 1;
            Some((place, 1))
        });
        assert!(made <= 42, "{made}");
    }

    proptest! {
        #[test]
        fn the_cursor_is_on_screen_and_no_room_is_lost(
            heights in proptest::collection::vec(1usize..4, 1..60),
            cursor in 0usize..60,
            room in 1usize..30,
        ) {
            let cursor = cursor.min(heights.len() - 1);
            let (first, rows) = around(heights.len(), cursor, room, |place| {
                heights.get(place).map(|height| (place, *height))
            });
            prop_assert!(first <= cursor && cursor < first + rows.len());
            let before: usize = rows.iter().take(cursor - first).map(Tall::height).sum();
            prop_assert!(before < room);
            let used: usize = rows.iter().map(Tall::height).sum();
            let missing = first > 0 || rows.len() < heights.len();
            let slack = rows.front().map_or(0, |_| 2);
            prop_assert!(!missing || used + slack >= room);
        }
    }
}
