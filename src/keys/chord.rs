//! A key as it is written: `ctrl-r`, `R`, `esc`, `f5`.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use thiserror::Error;

/// A key with its modifiers. Shift is part of the character: `R`, not `shift-r`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key.
    pub code: KeyCode,
    /// Whether control is held.
    pub control: bool,
    /// Whether alt is held.
    pub alt: bool,
}

/// A text that names no key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} names no key: write a character, or esc, enter, tab, space, f5, ctrl-r, alt-x")]
pub struct ChordError(pub String);

/// Names of keys that are no characters.
const NAMED: [(&str, KeyCode); 16] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("space", KeyCode::Char(' ')),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("del", KeyCode::Delete),
    ("ins", KeyCode::Insert),
];

impl Chord {
    /// The key of an event.
    pub fn of(event: &KeyEvent) -> Self {
        Self {
            code: event.code,
            control: event.modifiers.contains(KeyModifiers::CONTROL),
            alt: event.modifiers.contains(KeyModifiers::ALT),
        }
    }

    /// Reads a key as it is written.
    pub fn parse(text: &str) -> Result<Self, ChordError> {
        let error = || ChordError(text.to_owned());
        let mut rest = text;
        let (mut control, mut alt) = (false, false);
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-").filter(|after| !after.is_empty()) {
                (control, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix("alt-").filter(|after| !after.is_empty())
            {
                (alt, rest) = (true, after);
            } else {
                break;
            }
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() => KeyCode::Char(c),
            _ => named(rest).ok_or_else(error)?,
        };
        Ok(Self { code, control, alt })
    }
}

fn named(text: &str) -> Option<KeyCode> {
    let known = NAMED
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, code)| *code);
    known.or_else(|| {
        let number = text.strip_prefix('f')?.parse().ok()?;
        (1..=12).contains(&number).then_some(KeyCode::F(number))
    })
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        if let Some((name, _)) = NAMED.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "f{n}"),
            other => write!(f, "{other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        for text in [
            "R", "r", "/", "ctrl-r", "alt-x", "esc", "enter", "space", "f5", "pgdn", "-",
        ] {
            assert_eq!(Chord::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn nonsense_is_an_error() {
        for text in ["", "ctrl-", "f13", "hyper-x", "ab"] {
            assert!(Chord::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_event_is_the_key_that_is_written() {
        let of = |code, modifiers| Chord::of(&KeyEvent::new(code, modifiers)).to_string();
        let shift = KeyModifiers::SHIFT;
        assert_eq!(of(KeyCode::Char('R'), shift), "R");
        assert_eq!(of(KeyCode::BackTab, shift), "backtab");
        assert_eq!(of(KeyCode::Char('r'), KeyModifiers::CONTROL), "ctrl-r");
        let both = KeyModifiers::CONTROL | KeyModifiers::ALT;
        assert_eq!(
            Chord::parse(&of(KeyCode::F(5), both)).unwrap().code,
            KeyCode::F(5)
        );
    }

    #[test]
    fn dashes_are_keys_too() {
        for text in ["-", "ctrl--", "alt--"] {
            assert_eq!(
                Chord::parse(text).unwrap().code,
                KeyCode::Char('-'),
                "{text}"
            );
        }
    }
}
