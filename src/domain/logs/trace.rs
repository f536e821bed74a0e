//! Lines that belong to the one above them: stack traces, and other texts of several lines, that
//! arrive as an event for each line.

use super::level::{Level, is_exception};

#[cfg(test)]
mod tests;

/// What the lines of a stream are in the middle of.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum Within {
    /// Nothing that announces what follows.
    #[default]
    Nothing,
    /// A Python traceback, which ends with a line that is not indented.
    Traceback,
    /// A Python traceback that has ended; another one may be chained to it.
    TracebackEnd,
    /// The goroutines of a Go program that panicked.
    Goroutines,
    /// A Rust panic, whose message is a line of its own.
    Panic,
}

/// How a line stands to the one before it in its stream.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Whether it belongs to the line before it.
    pub continues: bool,
    /// What the next line is in the middle of.
    pub within: Within,
}

impl Within {
    /// Reads the next line of a stream. `level` is what the line says of itself, `above` the level
    /// of the line that it might belong to.
    pub fn read(self, message: &str, level: Option<Level>, above: Option<Level>) -> Reading {
        let begins = Self::beginning(message);
        if begins != Self::Nothing {
            let chained = self == Self::TracebackEnd || above >= Some(Level::Warn);
            let continues = begins == Self::Traceback && chained;
            return reading(continues, begins);
        }
        match self {
            Self::Traceback if is_indented(message) => reading(true, self),
            Self::Traceback => reading(true, Self::TracebackEnd),
            Self::TracebackEnd if is_chain(message) => reading(true, self),
            Self::Goroutines if is_goroutine(message) => reading(true, self),
            Self::Panic => reading(true, Self::Nothing),
            _ => {
                let continues = goes_on(message, level) || explains(message, above);
                reading(continues, Self::Nothing)
            }
        }
    }

    /// What a line announces.
    fn beginning(message: &str) -> Self {
        if message.starts_with("Traceback (most recent call last)") {
            Self::Traceback
        } else if message.starts_with("panic: ") || message.starts_with("fatal error: ") {
            Self::Goroutines
        } else if message.starts_with("thread '")
            && message.contains("panicked at")
            && message.ends_with(':')
        {
            Self::Panic
        } else {
            Self::Nothing
        }
    }
}

fn reading(continues: bool, within: Within) -> Reading {
    Reading { continues, within }
}

/// Whether a line goes on with the one before it, whatever that was. One that is indented does
/// unless it names a level: some loggers align the names of levels to the right.
fn goes_on(message: &str, level: Option<Level>) -> bool {
    const BEGINNINGS: [&str; 9] = [
        "Caused by:",
        "Suppressed:",
        "--- End of ",
        "---> ",
        "... ",
        "goroutine ",
        "created by ",
        "stack backtrace:",
        "note: run with `RUST_BACKTRACE",
    ];
    (is_indented(message) && level.is_none())
        || BEGINNINGS.iter().any(|begin| message.starts_with(begin))
        || is_frame(message)
        || is_closing(message)
}

fn is_indented(message: &str) -> bool {
    message.starts_with([' ', '\t']) && !message.trim_start().is_empty()
}

/// A frame without indentation, such as `at shop.Cart.add(Cart.java:12)`.
fn is_frame(message: &str) -> bool {
    message.starts_with("at ") && message.contains(['(', ':'])
}

/// What closes a text of several lines, such as printed JSON.
fn is_closing(message: &str) -> bool {
    let text = message.trim_end();
    text.starts_with(['}', ']', ')']) && text.chars().all(|c| "}]);,".contains(c))
}

fn is_chain(message: &str) -> bool {
    message.trim().is_empty()
        || message.starts_with("During handling of the above exception")
        || message.starts_with("The above exception was the direct cause")
}

/// A line of a Go dump: a goroutine, a function with its arguments, where that is, how it ended.
fn is_goroutine(message: &str) -> bool {
    message.trim().is_empty()
        || message.starts_with([' ', '\t'])
        || message.starts_with("goroutine ")
        || message.starts_with("created by ")
        || message.starts_with("[signal ")
        || message.starts_with("exit status ")
        || is_call(message)
}

/// `main.serve(0x1, 0x2)`: the name before the bracket has no blank.
fn is_call(message: &str) -> bool {
    let name = message.split_once('(').map_or("", |(name, _)| name);
    message.ends_with(')') && name.contains('.') && !name.contains(' ')
}

/// The name of an exception with its package, behind a line that reports a failure.
fn explains(message: &str, above: Option<Level>) -> bool {
    let name = message.split([':', ' ']).next().unwrap_or_default();
    above >= Some(Level::Warn) && name.contains('.') && is_exception(message)
}
