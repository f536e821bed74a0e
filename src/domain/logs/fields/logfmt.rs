//! logfmt: `key=value` pairs with blanks between them, values in quotation marks where they need it.

use std::borrow::Cow;

use super::Value;

/// The pairs of a line. Words that are no pair are passed over, as a date in front is.
pub fn pairs(text: &str) -> impl Iterator<Item = (Cow<'_, str>, Value<'_>)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start();
            let end = rest.find(|c: char| c == '=' || c.is_whitespace())?;
            let (key, behind) = rest.split_at_checked(end)?;
            let Some(behind) = behind.strip_prefix('=') else {
                rest = behind;
                continue;
            };
            let (value, left) = value(behind);
            rest = left;
            if is_key(key) {
                return Some((Cow::Borrowed(key), value));
            }
        }
    })
}

fn is_key(key: &str) -> bool {
    let part =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/' | b'@');
    !key.is_empty() && key.bytes().all(part)
}

fn value(text: &str) -> (Value<'_>, &str) {
    if let Some(inner) = text.strip_prefix('"')
        && let Some(end) = closing(inner)
        && let Some((raw, rest)) = inner.split_at_checked(end)
    {
        let rest = rest.strip_prefix('"').unwrap_or(rest);
        return (Value::Text(unescaped(raw)), rest);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (raw, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (bare(raw), rest)
}

/// Where a value in quotation marks ends.
fn closing(inner: &str) -> Option<usize> {
    let mut escaped = false;
    inner.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

fn unescaped(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    serde_json::from_str(&format!("\"{raw}\"")).map_or(Cow::Borrowed(raw), Cow::Owned)
}

fn bare(raw: &str) -> Value<'_> {
    let numeric = raw.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    match raw {
        "true" => Value::Flag(true),
        "false" => Value::Flag(false),
        _ if numeric && raw.parse::<f64>().is_ok() => Value::Number(raw),
        _ => Value::Text(Cow::Borrowed(raw)),
    }
}
