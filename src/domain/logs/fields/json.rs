//! JSON, read from left to right where it stands.

use std::borrow::Cow;

use super::Value;

/// The members of an object. It ends where the object ends, or where it is malformed.
pub struct Members<'a> {
    text: &'a str,
    at: Option<usize>,
}

impl<'a> Members<'a> {
    /// The members of the object that a text begins with; none, when it begins with no object.
    pub fn of(text: &'a str) -> Self {
        let begin = skip_blanks(text.as_bytes(), 0);
        let opens = text.as_bytes().get(begin) == Some(&b'{');
        Self {
            text,
            at: opens.then_some(begin + 1),
        }
    }

    fn member(&mut self) -> Option<(Cow<'a, str>, Value<'a>)> {
        let bytes = self.text.as_bytes();
        let begin = skip_separators(bytes, self.at.take()?);
        let end = string_end(bytes, begin)?;
        let key = unquoted(self.text.get(begin..end)?)?;
        let colon = skip_blanks(bytes, end);
        if bytes.get(colon) != Some(&b':') {
            return None;
        }
        let begin = skip_blanks(bytes, colon + 1);
        let end = value_end(bytes, begin)?;
        let value = value(self.text.get(begin..end)?)?;
        self.at = Some(end);
        Some((key, value))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.member()
    }
}

/// The elements of a list. It ends where the list ends, or where it is malformed.
pub struct Elements<'a> {
    text: &'a str,
    at: Option<usize>,
}

impl<'a> Elements<'a> {
    /// The elements of the list that a text begins with; none, when it begins with no list.
    pub fn of(text: &'a str) -> Self {
        let begin = skip_blanks(text.as_bytes(), 0);
        let opens = text.as_bytes().get(begin) == Some(&b'[');
        Self {
            text,
            at: opens.then_some(begin + 1),
        }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        let begin = skip_separators(bytes, self.at.take()?);
        let end = value_end(bytes, begin)?;
        let value = value(self.text.get(begin..end)?)?;
        self.at = Some(end);
        Some(value)
    }
}

fn skip_blanks(bytes: &[u8], from: usize) -> usize {
    skip(bytes, from, |byte| byte.is_ascii_whitespace())
}

fn skip_separators(bytes: &[u8], from: usize) -> usize {
    skip(bytes, from, |byte| {
        byte.is_ascii_whitespace() || byte == b','
    })
}

fn skip(bytes: &[u8], from: usize, what: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let length = rest.iter().position(|byte| !what(*byte));
    from + length.unwrap_or(rest.len())
}

/// Where the string that begins here ends, its quotation marks included.
fn string_end(bytes: &[u8], begin: usize) -> Option<usize> {
    if bytes.get(begin) != Some(&b'"') {
        return None;
    }
    let mut at = begin + 1;
    loop {
        let rest = bytes.get(at..)?;
        let found = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        match rest.get(found) {
            Some(b'"') => return Some(at + found + 1),
            _ => at += found + 2,
        }
    }
}

/// Where the value that begins here ends. Brackets are counted, not matched by their kind.
fn value_end(bytes: &[u8], begin: usize) -> Option<usize> {
    match bytes.get(begin)? {
        b'"' => string_end(bytes, begin),
        b'{' | b'[' => nested_end(bytes, begin),
        b'}' | b']' | b',' | b':' => None,
        _ => Some(skip(bytes, begin, |byte| {
            !byte.is_ascii_whitespace() && !matches!(byte, b',' | b'}' | b']')
        })),
    }
}

fn nested_end(bytes: &[u8], begin: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = begin;
    loop {
        match bytes.get(at)? {
            b'"' => at = string_end(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
}

fn value(raw: &str) -> Option<Value<'_>> {
    match raw.as_bytes().first()? {
        b'"' => unquoted(raw).map(Value::Text),
        b'{' => Some(Value::Object(raw)),
        b'[' => Some(Value::List(raw)),
        b'-' | b'0'..=b'9' => Some(Value::Number(raw)),
        _ => match raw {
            "true" => Some(Value::Flag(true)),
            "false" => Some(Value::Flag(false)),
            "null" => Some(Value::Null),
            _ => None,
        },
    }
}

/// A string without its quotation marks and escapes. Only one with escapes is copied.
fn unquoted(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    match serde_json::from_str::<String>(raw) {
        Ok(text) => Some(Cow::Owned(text)),
        // A line break inside a string is malformed, and readable all the same.
        Err(_) => Some(Cow::Borrowed(inner)),
    }
}
