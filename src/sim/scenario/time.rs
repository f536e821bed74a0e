//! Times in scenario files, relative to the moment at which the world starts.

use std::str::FromStr;

use serde::Deserialize;

/// A time relative to the start, in milliseconds: `-40m` lies 40 minutes before it, `+1m30s`
/// or `1m30s` a minute and a half after it. Units are `d`, `h`, `m` and `s`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Offset(pub i64);

/// A text that is no such time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a time such as \"-40m\", \"+1m30s\" or \"-3d\"")]
pub struct BadOffset(String);

impl TryFrom<String> for Offset {
    type Error = BadOffset;

    fn try_from(text: String) -> Result<Self, BadOffset> {
        text.parse()
    }
}

impl FromStr for Offset {
    type Err = BadOffset;

    fn from_str(text: &str) -> Result<Self, BadOffset> {
        let (sign, span) = match text.strip_prefix('-') {
            Some(span) => (-1, span),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let milliseconds = parse_span(span).ok_or_else(|| BadOffset(text.to_owned()))?;
        Ok(Self(sign * milliseconds))
    }
}

/// Milliseconds of a span such as `1h30m`.
fn parse_span(span: &str) -> Option<i64> {
    if span == "0" {
        return Some(0);
    }
    let mut rest = span;
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (digits, after) = rest.split_at(end);
        let number: i64 = digits.parse().ok()?;
        let seconds = match after.chars().next()? {
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(seconds)?.checked_mul(1000)?)?;
        rest = after.get(1..)?;
    }
    (!span.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_add_up() {
        assert_eq!("-40m".parse(), Ok(Offset(-2_400_000)));
        assert_eq!("+1m30s".parse(), Ok(Offset(90_000)));
        assert_eq!("1d2h".parse(), Ok(Offset(93_600_000)));
        assert_eq!("0".parse(), Ok(Offset(0)));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "-", "5", "m", "5x", "1m5", "é", "99999999999999999d"] {
            assert!(text.parse::<Offset>().is_err(), "{text}");
        }
    }
}
