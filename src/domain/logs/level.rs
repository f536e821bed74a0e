//! How grave a line is, by what it says of itself.

use super::fields::{self, Value};

#[cfg(test)]
mod tests;

/// How far into a plain line a level is looked for, in bytes. Beyond it are the line's own words.
const PLAIN_WINDOW: usize = 160;
/// How far into a JSON line a level is looked for, in bytes.
const JSON_WINDOW: usize = 8 * 1024;
/// How far into a line the status of a request is looked for, in bytes.
const REQUEST_WINDOW: usize = 1024;

/// How grave a line is, from the least to the most.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Steps inside the program.
    Trace,
    /// What helps its authors.
    Debug,
    /// What goes on; notices too.
    Info,
    /// What may become an error.
    Warn,
    /// What went wrong.
    Error,
    /// What ends the program.
    Fatal,
}

impl Level {
    /// All of them, from the least grave to the most.
    pub const ALL: [Self; 6] = [
        Self::Trace,
        Self::Debug,
        Self::Info,
        Self::Warn,
        Self::Error,
        Self::Fatal,
    ];

    /// The level of a line: of a JSON line by its fields, else by logfmt, by the first letter of a
    /// klog header, by a level's name where log formats have it, by how traces begin, and by the
    /// status of a request. A line that says nothing of it has none. Nothing is allocated.
    pub fn of(message: &str) -> Option<Self> {
        let text = message.trim_start();
        if text.starts_with('{') {
            return of_json(text);
        }
        of_klog(text)
            .or_else(|| of_plain(text))
            .or_else(|| of_trace(text))
            .or_else(|| of_request(text))
    }

    /// The level that a word names, whatever its case: the names of the usual log libraries and of
    /// syslog.
    pub fn named(word: &str) -> Option<Self> {
        const NAMES: [(&str, Level); 27] = [
            ("info", Level::Info),
            ("error", Level::Error),
            ("warn", Level::Warn),
            ("warning", Level::Warn),
            ("debug", Level::Debug),
            ("trace", Level::Trace),
            ("fatal", Level::Fatal),
            ("critical", Level::Fatal),
            ("notice", Level::Info),
            ("err", Level::Error),
            ("inf", Level::Info),
            ("information", Level::Info),
            ("informational", Level::Info),
            ("wrn", Level::Warn),
            ("dbg", Level::Debug),
            ("trc", Level::Trace),
            ("verbose", Level::Trace),
            ("finest", Level::Trace),
            ("finer", Level::Trace),
            ("fine", Level::Debug),
            ("severe", Level::Error),
            ("crit", Level::Fatal),
            ("ftl", Level::Fatal),
            ("alert", Level::Fatal),
            ("emerg", Level::Fatal),
            ("emergency", Level::Fatal),
            ("panic", Level::Fatal),
        ];
        let named = |(name, _): &&(&str, Self)| word.eq_ignore_ascii_case(name);
        NAMES.iter().find(named).map(|(_, level)| *level)
    }

    /// The word for the screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }

    /// Whether it counts as an error.
    pub fn is_error(self) -> bool {
        self >= Self::Error
    }

    /// The level of a number as pino and bunyan write it, from 10 for trace to 60 for fatal.
    fn of_number(number: &str) -> Option<Self> {
        match number.parse::<u32>().ok()? {
            10..20 => Some(Self::Trace),
            20..30 => Some(Self::Debug),
            30..40 => Some(Self::Info),
            40..50 => Some(Self::Warn),
            50..60 => Some(Self::Error),
            60 => Some(Self::Fatal),
            _ => None,
        }
    }
}

fn head(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

/// By the first field that names a level; without one, by the status of a request.
fn of_json(text: &str) -> Option<Level> {
    let mut status = None;
    for (key, value) in fields::members(head(text, JSON_WINDOW)) {
        if is_level_key(&key) {
            let found = match &value {
                Value::Text(word) => Level::named(word).or_else(|| Level::of_number(word)),
                Value::Number(number) => Level::of_number(number),
                _ => None,
            };
            if found.is_some() {
                return found;
            }
        }
        match (key.as_ref(), value) {
            ("log", Value::Object(inner)) => {
                let level = fields::members(inner).find(|(key, _)| key == "level");
                if let Some((_, Value::Text(word))) = level {
                    return Level::named(&word);
                }
            }
            ("status" | "status_code" | "statusCode", Value::Number(number)) => {
                status = of_status(number.as_bytes());
            }
            _ => {}
        }
    }
    status
}

fn is_level_key(key: &str) -> bool {
    const KEYS: [&str; 9] = [
        "level",
        "severity",
        "lvl",
        "log.level",
        "loglevel",
        "log_level",
        "levelname",
        "severitytext",
        "severity_text",
    ];
    KEYS.iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// The header of glog and klog: a letter, and the month and day in four digits.
fn of_klog(text: &str) -> Option<Level> {
    let (letter, rest) = text.as_bytes().split_first()?;
    let (date, rest) = rest.split_at_checked(4)?;
    if !date.iter().all(u8::is_ascii_digit) || rest.first() != Some(&b' ') {
        return None;
    }
    match letter {
        b'I' => Some(Level::Info),
        b'W' => Some(Level::Warn),
        b'E' => Some(Level::Error),
        b'F' => Some(Level::Fatal),
        _ => None,
    }
}

/// By a level's name where log formats have it: in capitals, in brackets, as `level=` or in front.
fn of_plain(text: &str) -> Option<Level> {
    let window = head(text, PLAIN_WINDOW);
    let bytes = window.as_bytes();
    let mut begin = 0;
    let mut words = 0;
    while let Some(word) = next_word(bytes, begin) {
        begin = word.end;
        let letters = bytes.get(word.clone()).unwrap_or_default();
        if !letters.iter().all(u8::is_ascii_alphabetic) {
            continue;
        }
        words += 1;
        let before = window.get(..word.start).unwrap_or_default();
        let after = bytes.get(word.end).copied();
        if says_level(letters, before, after, words == 1)
            && let Some(level) = window.get(word).and_then(Level::named)
        {
            return Some(level);
        }
    }
    None
}

/// The next run of letters, digits and underlines.
fn next_word(bytes: &[u8], from: usize) -> Option<std::ops::Range<usize>> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let start = from + bytes.get(from..)?.iter().position(part)?;
    let rest = bytes.get(start..)?;
    let length = rest.iter().position(|byte| !part(byte));
    Some(start..start + length.unwrap_or(rest.len()))
}

/// Whether a word stands where a level stands, whatever word it is.
fn says_level(letters: &[u8], before: &str, after: Option<u8>, first: bool) -> bool {
    let previous = before.bytes().next_back();
    let ends = matches!(
        after,
        None | Some(b' ' | b']' | b')' | b'>' | b'|' | b':' | b',' | b'!' | b'"' | b'-' | b'\n')
    );
    if !ends {
        return false;
    }
    match previous {
        None => after == Some(b':') || is_capitals(letters),
        Some(b'[' | b'(' | b'<' | b'|') => after != Some(b' ') || is_capitals(letters),
        Some(b' ' | b':' | b'*' | b'\t') => is_capitals(letters) || (first && after == Some(b' ')),
        Some(b'=') => names_level(before.trim_end_matches('=')),
        Some(b'"') => names_level(before.trim_end_matches(['"', '='])),
        _ => false,
    }
}

fn is_capitals(letters: &[u8]) -> bool {
    letters.iter().all(u8::is_ascii_uppercase)
}

/// Whether the text ends in the key of a level, as `level=` has it.
fn names_level(before: &str) -> bool {
    let key = before.rsplit([' ', '\t', ',', '[', '{']).next();
    key.is_some_and(is_level_key)
}

/// By how the trace of an error begins, in the languages that print one.
fn of_trace(text: &str) -> Option<Level> {
    const ERRORS: [&str; 6] = [
        "Traceback (most recent call last)",
        "Exception in thread",
        "Unhandled ",
        "Uncaught ",
        "Segmentation fault",
        "Caused by:",
    ];
    if text.starts_with("panic: ") || text.starts_with("fatal error: ") {
        return Some(Level::Fatal);
    }
    let panicked = || text.starts_with("thread '") && text.contains("panicked at");
    let begins = ERRORS.iter().any(|begin| text.starts_with(begin));
    (begins || is_exception(text) || panicked()).then_some(Level::Error)
}

/// Whether a text begins with the name of an exception, such as `java.io.IOException: closed` or
/// `TypeError: x is undefined`.
pub(super) fn is_exception(text: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'$');
    let end = text.bytes().position(|byte| !part(byte));
    let (name, rest) = text
        .split_at_checked(end.unwrap_or(text.len()))
        .unwrap_or_default();
    let named = name.ends_with("Error") || name.ends_with("Exception");
    named && (rest.is_empty() || rest.starts_with(':'))
}

/// By the status of a request in an access log, behind the request in quotation marks.
fn of_request(text: &str) -> Option<Level> {
    let window = head(text, REQUEST_WINDOW);
    let (_, rest) = window.split_once(" HTTP/")?;
    let (_, rest) = rest.split_once("\" ")?;
    of_status(rest.as_bytes())
}

/// A server that fails is an error; one that is asked for nonsense is not.
fn of_status(digits: &[u8]) -> Option<Level> {
    let (status, rest) = digits.split_at_checked(3)?;
    let whole =
        status.iter().all(u8::is_ascii_digit) && !rest.first().is_some_and(u8::is_ascii_digit);
    match status.first() {
        Some(b'5') if whole => Some(Level::Error),
        Some(b'1'..=b'4') if whole => Some(Level::Info),
        _ => None,
    }
}
