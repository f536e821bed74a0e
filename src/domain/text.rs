//! Text from outside, made safe to show.

/// Strips everything that a terminal could take as a command: escape sequences, C0 and C1 control
/// characters, and the bidirectional overrides that can reorder a line. A tab becomes a space and
/// a line break a visible mark, so that words stay apart.
pub fn printable(text: &str) -> String {
    stripped(text, '⏎')
}

/// The same for a text of several lines: its line breaks stay.
pub fn printable_lines(text: &str) -> String {
    stripped(text, '\n')
}

fn stripped(text: &str, line_break: char) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape_sequence(&mut chars),
            '\u{9b}' => skip_control_sequence(&mut chars),
            '\t' => clean.push(' '),
            '\n' | '\u{2028}' | '\u{2029}' => clean.push(line_break),
            c if c.is_control() || is_invisible_command(c) => {}
            c => clean.push(c),
        }
    }
    clean
}

/// Directional overrides and isolates, and the zero-width marks that change how others are read.
fn is_invisible_command(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn skip_escape_sequence(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            skip_control_sequence(chars);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            chars.next();
            skip_string_sequence(chars);
        }
        Some(' '..='/') => {
            chars.next();
            chars.next();
        }
        Some(_) => {
            chars.next();
        }
        None => {}
    }
}

/// Parameters and intermediates up to the final byte of a control sequence (ECMA-48, 5.4).
fn skip_control_sequence(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while let Some(&c) = chars.peek() {
        match c {
            ' '..='?' => {
                chars.next();
            }
            '@'..='~' => {
                chars.next();
                return;
            }
            _ => return,
        }
    }
}

/// Up to the string terminator (ST or BEL) of an operating-system or device-control sequence.
fn skip_string_sequence(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while let Some(c) = chars.next() {
        match c {
            '\u{7}' | '\u{9c}' => return,
            '\u{1b}' => {
                if chars.peek() == Some(&'\\') {
                    chars.next();
                }
                return;
            }
            _ => {}
        }
    }
}

/// Joins a count with its noun: `1 task`, `3 tasks`.
pub fn count(n: usize, singular: &str) -> String {
    if n == 1 {
        format!("1 {singular}")
    } else {
        format!("{n} {singular}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escape_sequences_vanish_whole() {
        assert_eq!(printable("a\u{1b}[31mred\u{1b}[0m b"), "ared b");
        assert_eq!(printable("x\u{1b}]0;title\u{7}y"), "xy");
        assert_eq!(printable("x\u{1b}]52;c;aGk=\u{1b}\\y"), "xy");
        assert_eq!(printable("\u{9b}2Jgone"), "gone");
    }

    #[test]
    fn words_stay_apart_and_wide_text_stays() {
        assert_eq!(printable("a\tb\nc\rd"), "a b⏎cd");
        assert_eq!(printable("日本語 e\u{301}"), "日本語 e\u{301}");
        assert_eq!(printable("a\u{202e}b\u{61c}c"), "abc");
        assert_eq!(printable("a\u{2028}b\u{2029}c"), "a⏎b⏎c");
    }

    #[test]
    fn several_lines_stay_several() {
        assert_eq!(printable_lines("a\r\n\tb\u{1b}[1mc"), "a\n bc");
    }

    proptest! {
        #[test]
        fn nothing_that_commands_a_terminal_is_left(text in ".*") {
            let clean = printable(&text);
            prop_assert!(!clean.chars().any(|c| c.is_control() || is_invisible_command(c)));
        }
    }
}
