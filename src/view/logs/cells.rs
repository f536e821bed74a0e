//! Text of any length and any script, cut on the borders of cells. Only what fits is looked at, so
//! that a line of a megabyte costs no more than a line that fills the screen.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::printable;
use crate::view::widgets::text::width;

/// Bytes that a column can be worth: the longest emoji sequences take about 14 for each of their two
/// columns. What piles more marks than that on a character is cut.
const BYTES: usize = 16;
/// Bytes beyond what the columns are worth, so that little room is not taken for no room.
const SLACK: usize = 64;

/// The beginning of a text that can matter for so many columns, safe to show.
fn near(text: &str, room: usize) -> (String, bool) {
    let end = text.floor_char_boundary(room.saturating_mul(BYTES).saturating_add(SLACK));
    let (near, rest) = text.split_at(end);
    (printable(near), rest.is_empty())
}

/// The longest beginning within so many columns: the byte behind it.
fn fitting(text: &str, room: usize) -> usize {
    let ascii = text.bytes().take(room + 1);
    if ascii.clone().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.len().min(room);
    }
    let mut used = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        used += width(grapheme);
        if used > room {
            return start;
        }
    }
    text.len()
}

/// Makes a text fit into so many columns.
pub(super) fn clip(text: &str, room: usize, ellipsis: &str) -> String {
    let (mut near, whole) = near(text, room);
    let end = fitting(&near, room);
    if whole && end == near.len() {
        return near;
    }
    let mark = width(ellipsis);
    if room < mark {
        return String::new();
    }
    let end = fitting(&near, room - mark);
    near.truncate(end);
    near + ellipsis
}

/// Breaks a text into rows of at most so many columns, between words where that is possible: at most
/// `most` rows, and whether that is all of it.
pub(super) fn wrap(text: &str, room: usize, most: usize) -> (Vec<String>, bool) {
    let room = room.max(1);
    let (near, mut whole) = near(text, room.saturating_mul(most.max(1)));
    let mut rest = near.as_str();
    let mut rows = Vec::new();
    loop {
        let end = break_point(rest, room);
        let (row, after) = rest.split_at(end);
        rows.push(row.trim_end().to_owned());
        rest = after.strip_prefix(' ').unwrap_or(after);
        if rest.is_empty() {
            break;
        }
        if rows.len() >= most {
            whole = false;
            break;
        }
    }
    (rows, whole)
}

/// Where a row ends: behind the last word that fits, or in a word that is longer than the row.
fn break_point(text: &str, room: usize) -> usize {
    let end = fitting(text, room);
    let (row, after) = text.split_at(end);
    if after.is_empty() || after.starts_with(' ') {
        return end;
    }
    let word = row.rfind(' ').map_or(0, |space| space + 1);
    // A word that would leave most of the row empty is broken.
    if width(row.get(..word).unwrap_or_default()) > room / 2 {
        return word;
    }
    if end > 0 {
        return end;
    }
    // A character that is wider than the row still has to go somewhere.
    text.graphemes(true).next().map_or(text.len(), str::len)
}

/// Whether a text has letters that are written from right to left. Some terminals reorder the whole
/// row that they stand in.
pub(super) fn is_right_to_left(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(
            c,
            '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
                | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_fits_stays_and_the_rest_is_cut_on_the_border_of_a_cell() {
        assert_eq!(clip("checkout", 8, "…"), "checkout");
        assert_eq!(clip("checkouts", 8, "…"), "checkou…");
        assert_eq!(clip("日本語サービス", 7, "…"), "日本語…");
        assert_eq!(
            clip("e\u{301}e\u{301}e\u{301}", 3, "…"),
            "e\u{301}e\u{301}e\u{301}"
        );
        assert_eq!(clip("abc", 2, "..."), "");
    }

    #[test]
    fn a_megabyte_is_not_read_to_show_its_beginning() {
        let long = "x".repeat(1_000_000);
        assert_eq!(clip(&long, 10, "…"), "xxxxxxxxx…");
        let (rows, whole) = wrap(&long, 10, 3);
        assert_eq!((rows.len(), whole), (3, false));
        let marks = format!("a{}b", "\u{301}".repeat(100_000));
        assert!(clip(&marks, 10, "…").len() < 1_000);
    }

    #[test]
    fn rows_break_between_words_and_inside_those_that_are_too_long() {
        let rows = |text, room| wrap(text, room, 9).0;
        assert_eq!(rows("one two three", 8), ["one two", "three"]);
        assert_eq!(rows("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(rows("a 日本語日本語", 6), ["a 日本", "語日本", "語"]);
        assert_eq!(rows("", 4), [""]);
        assert_eq!(rows("日", 1), ["日"]);
        assert_eq!(
            wrap("one two three", 3, 2),
            (vec!["one".into(), "two".into()], false)
        );
    }

    #[test]
    fn letters_that_run_the_other_way_are_known() {
        assert!(is_right_to_left("order שלום"));
        assert!(is_right_to_left("مرحبا"));
        assert!(!is_right_to_left("order 日本語 résumé"));
    }

    proptest! {
        #[test]
        fn nothing_takes_more_room_than_it_has(text in ".{0,60}", room in 0usize..30, most in 1usize..5) {
            prop_assert!(width(&clip(&text, room, "…")) <= room);
            let (rows, _) = wrap(&text, room, most);
            prop_assert!(rows.len() <= most);
            for row in rows {
                prop_assert!(width(&row) <= room.max(1) || row.graphemes(true).count() == 1, "{row:?}");
                prop_assert!(!row.contains(char::is_control));
            }
        }
    }
}
