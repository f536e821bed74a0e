//! Text by the columns it takes on a terminal.

use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The end at which a text gives way when there is not enough room: the one that says less.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum Cut {
    /// The end, as for a name or a sentence.
    #[default]
    End,
    /// The beginning, as for an ARN or an image.
    Start,
    /// The end of the family, so that the revision in `family:revision` stays whole.
    Family,
    /// The end of an id, whose digits are no number.
    Id,
}

/// The columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// A number of columns as the terminal counts them.
pub fn columns(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// A share in percent, with a decimal only where it has one.
pub fn percent(share: f64) -> String {
    let tenths = format!("{share:.1}");
    tenths
        .strip_suffix(".0")
        .map_or(tenths.clone(), str::to_owned)
}

/// Makes a text fit into so many columns. Numbers are left out whole rather than cut in two.
pub fn fit(text: &str, room: usize, cut: Cut, ellipsis: &str) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mark = width(ellipsis);
    if room < mark {
        return String::new();
    }
    match cut {
        Cut::End => keep_beginning(text, room - mark) + ellipsis,
        Cut::Id => keep_graphemes(text, room - mark).to_owned() + ellipsis,
        Cut::Start => format!("{ellipsis}{}", keep_end(text, room - mark)),
        Cut::Family => match text.rsplit_once(':') {
            Some((family, revision)) if width(revision) + mark + 1 < room => {
                let room = room - mark - 1 - width(revision);
                format!("{}{ellipsis}:{revision}", keep_beginning(family, room))
            }
            _ => keep_beginning(text, room - mark) + ellipsis,
        },
    }
}

/// The longest beginning within so many columns.
fn keep_graphemes(text: &str, room: usize) -> &str {
    let mut used = 0;
    let mut end = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        used += width(grapheme);
        if used > room {
            break;
        }
        end = start + grapheme.len();
    }
    text.split_at(end).0
}

/// The longest beginning within so many columns that does not end inside a number.
fn keep_beginning(text: &str, room: usize) -> String {
    let (kept, rest) = text.split_at(keep_graphemes(text, room).len());
    let whole = if rest.starts_with(digit) && kept.ends_with(digit) {
        kept.trim_end_matches(digit)
    } else {
        kept
    };
    whole.trim_end().to_owned()
}

/// The longest end within so many columns that does not begin inside a number.
fn keep_end(text: &str, room: usize) -> &str {
    let mut used = 0;
    let mut begin = text.len();
    for (start, grapheme) in text.grapheme_indices(true).rev() {
        used += width(grapheme);
        if used > room {
            break;
        }
        begin = start;
    }
    let (rest, kept) = text.split_at(begin);
    if rest.ends_with(digit) && kept.starts_with(digit) {
        kept.trim_start_matches(digit)
    } else {
        kept
    }
}

fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Makes a line of differently styled pieces fit into so many columns.
pub fn fit_line(line: Line<'static>, room: usize, cut: Cut, ellipsis: &str) -> Line<'static> {
    let total = line.width();
    if total <= room {
        return line;
    }
    if let (Cut::Start | Cut::Family | Cut::Id, [only]) = (cut, &line.spans[..]) {
        return Line::styled(fit(&only.content, room, cut, ellipsis), only.style);
    }
    let mut left = room;
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut rest = line.spans.into_iter().peekable();
    while let Some(span) = rest.next() {
        let mine = span.width();
        let after: usize = rest.clone().map(|span| span.width()).sum();
        if mine <= left && (after == 0 || mine + width(ellipsis) <= left) {
            left -= mine;
            spans.push(span);
        } else {
            let text = if mine <= left {
                fit(
                    &format!("{} ", span.content),
                    left.min(mine),
                    Cut::End,
                    ellipsis,
                )
            } else {
                fit(&span.content, left, Cut::End, ellipsis)
            };
            spans.push(Span::styled(text, span.style));
            break;
        }
    }
    Line::from(spans)
}

/// Breaks a text into lines of at most so many columns, between words where that is possible.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in words(text) {
        let mine = width(word);
        if used + mine > room && used > 0 {
            lines.push(line.trim_end().to_owned());
            line.clear();
            used = 0;
            if word.trim().is_empty() {
                continue;
            }
        }
        if mine <= room {
            line.push_str(word);
            used += mine;
            continue;
        }
        for grapheme in word.graphemes(true) {
            let mine = width(grapheme);
            if used + mine > room && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += mine;
        }
    }
    if !line.trim().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Words and the room between them, in turn.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let blank = first.is_whitespace();
        let end = rest
            .find(|c: char| c.is_whitespace() != blank)
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

/// The part of an image's reference that tells it from others: repository and tag, without the
/// registry, and of a digest the beginning.
pub fn short_image(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    match name.split_once("@sha256:") {
        Some((name, digest)) => {
            format!("{name}@{}", digest.get(..12).unwrap_or(digest))
        }
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_end_that_says_less_gives_way() {
        assert_eq!(fit("checkout", 8, Cut::End, "…"), "checkout");
        assert_eq!(fit("checkout-worker", 9, Cut::End, "…"), "checkout…");
        assert_eq!(
            fit("arn:aws:ecs:service/x", 10, Cut::Start, "…"),
            "…service/x"
        );
        assert_eq!(fit("payments-api:42", 10, Cut::Family, "…"), "paymen…:42");
        assert_eq!(fit("payments", 2, Cut::End, "..."), "");
    }

    #[test]
    fn a_number_is_never_cut_in_two() {
        assert_eq!(fit("desired 12345", 11, Cut::End, "…"), "desired…");
        assert_eq!(fit("12345 of them", 11, Cut::Start, "…"), "… of them");
        assert_eq!(fit("12345", 3, Cut::End, "…"), "…");
        assert_eq!(fit("4f1ce2d37a7a", 9, Cut::Id, "…"), "4f1ce2d3…");
    }

    #[test]
    fn a_share_has_a_decimal_only_where_it_needs_one() {
        let read = [0.0, 5.0, 12.5, 33.333, 99.96, 100.0].map(percent);
        assert_eq!(read, ["0", "5", "12.5", "33.3", "100", "100"]);
    }

    #[test]
    fn wide_and_combining_characters_count_by_columns() {
        assert_eq!(fit("日本語サービス", 7, Cut::End, "…"), "日本語…");
        assert_eq!(
            fit("e\u{301}a\u{301}o\u{301}", 3, Cut::End, "…"),
            "e\u{301}a\u{301}o\u{301}"
        );
        assert_eq!(fit("日本語", 4, Cut::Start, "…"), "…語");
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(
            wrap("set --dry-run, then", 11),
            ["set", "--dry-run,", "then"]
        );
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn an_image_loses_its_registry() {
        assert_eq!(
            short_image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/payments:1f3c9aa"),
            "payments:1f3c9aa"
        );
        assert_eq!(
            short_image("payments@sha256:0123456789abcdef0123"),
            "payments@0123456789ab"
        );
    }

    #[test]
    fn a_character_without_width_does_not_stay_on_a_line_that_is_full() {
        for line in wrap("\u{16af0}!େ𑌿", 0) {
            assert!(
                width(&line) <= 1 || line.graphemes(true).count() == 1,
                "{line:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn nothing_takes_more_room_than_it_has(text in "\\PC{0,40}", room in 0usize..30) {
            for cut in [Cut::End, Cut::Start, Cut::Family, Cut::Id] {
                prop_assert!(width(&fit(&text, room, cut, "…")) <= room);
                let halves = Line::from(vec![Span::raw(text.clone()), Span::raw(text.clone())]);
                prop_assert!(fit_line(halves, room, cut, "…").width() <= room);
            }
            for line in wrap(&text, room) {
                let fits = width(&line) <= room.max(1);
                prop_assert!(fits || line.graphemes(true).count() == 1);
            }
        }
    }
}
