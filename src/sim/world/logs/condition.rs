//! What a filter pattern asks of a value: the right side of `$.status >= 500` and `status = 4*`.

use serde_json::Value;

use super::filter::take_quoted;
use super::pattern::Pattern;

/// What is asked of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Equal to a text in which `*` stands for anything.
    Text(String),
    /// There, and not equal to such a text.
    NotText(String),
    /// A text in which a regular expression matches.
    Pattern(Pattern),
    /// There, and a text in which it does not match.
    NotPattern(Pattern),
    /// A number that compares so with another.
    Number(Comparison, f64),
    /// `IS TRUE` or `IS FALSE`.
    Is(bool),
    /// `IS NULL`.
    IsNull,
    /// `NOT EXISTS`.
    NotExists,
}

/// How two numbers compare.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Test {
    /// Takes a comparison or a question such as `IS NULL` off the front of `text`, and gives the
    /// rest; none for what is neither.
    pub fn take(text: &str) -> Option<(Self, &str)> {
        let words = [
            ("NOT EXISTS", Self::NotExists),
            ("IS NULL", Self::IsNull),
            ("IS TRUE", Self::Is(true)),
            ("IS FALSE", Self::Is(false)),
        ];
        for (word, test) in words {
            if let Some(rest) = text.strip_prefix(word) {
                return Some((test, rest.trim_start()));
            }
        }
        Self::take_comparison(text)
    }

    /// Takes a comparison off the front of `text`, and gives the rest.
    pub fn take_comparison(text: &str) -> Option<(Self, &str)> {
        let (comparison, text) = [
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
            ("=", Comparison::Equal),
        ]
        .into_iter()
        .find_map(|(token, comparison)| Some((comparison, text.strip_prefix(token)?)))?;
        let (operand, rest) = Operand::take(text.trim_start())?;
        let test = match (operand, comparison) {
            (Operand::Number(number), _) => Self::Number(comparison, number),
            (Operand::Text(text), Comparison::Equal) => Self::Text(text),
            (Operand::Text(text), Comparison::NotEqual) => Self::NotText(text),
            (Operand::Pattern(pattern), Comparison::Equal) => Self::Pattern(pattern),
            (Operand::Pattern(pattern), Comparison::NotEqual) => Self::NotPattern(pattern),
            _ => return None,
        };
        Some((test, rest.trim_start()))
    }

    /// Whether it is about a regular expression.
    pub fn is_pattern(&self) -> bool {
        matches!(self, Self::Pattern(_) | Self::NotPattern(_))
    }

    /// Whether a member of a JSON event passes; none stands for a member that is not there.
    pub fn passes(&self, found: Option<&Value>) -> bool {
        match (self, found) {
            (Self::NotExists, found) => found.is_none(),
            (_, None) => false,
            (Self::IsNull, Some(value)) => value.is_null(),
            (Self::Is(wanted), Some(value)) => value.as_bool() == Some(*wanted),
            (Self::Number(comparison, wanted), Some(value)) => value
                .as_f64()
                .is_some_and(|number| comparison.holds(number, *wanted)),
            (test, Some(value)) => scalar(value).is_some_and(|text| test.passes_text(&text)),
        }
    }

    /// Whether a field of a space-delimited event passes.
    pub fn passes_text(&self, text: &str) -> bool {
        match self {
            Self::Text(wanted) => like(wanted, text),
            Self::NotText(wanted) => !like(wanted, text),
            Self::Pattern(pattern) => pattern.matches(text),
            Self::NotPattern(pattern) => !pattern.matches(text),
            Self::Number(comparison, wanted) => text
                .parse()
                .is_ok_and(|number| comparison.holds(number, *wanted)),
            Self::Is(_) | Self::IsNull | Self::NotExists => false,
        }
    }
}

/// The right side of a comparison.
enum Operand {
    Text(String),
    Number(f64),
    Pattern(Pattern),
}

impl Operand {
    fn take(text: &str) -> Option<(Self, &str)> {
        if let Some(quoted) = text.strip_prefix('"') {
            let (text, rest) = take_quoted(quoted)?;
            return Some((Self::Text(text), rest));
        }
        if let Some(pattern) = text.strip_prefix('%') {
            let (pattern, rest) = pattern.split_once('%')?;
            return Some((Self::Pattern(Pattern::parse(pattern)?), rest));
        }
        let end = text.find(ends_operand).unwrap_or(text.len());
        let (text, rest) = text.split_at(end);
        let number = text.parse().map(Self::Number);
        let operand = number.unwrap_or_else(|_| Self::Text(text.to_owned()));
        (!text.is_empty()).then_some((operand, rest))
    }
}

impl Comparison {
    #[expect(
        clippy::float_cmp,
        reason = "the pattern asks for equality of what was written"
    )]
    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// Whether `text` is like `pattern`, in which `*` stands for any text, also none.
fn like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    true
}

fn ends_operand(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ')' | '&' | '|' | '"' | ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(test: &str, text: &str) -> bool {
        let (test, rest) = Test::take(test).unwrap();
        assert_eq!(rest, "");
        test.passes_text(text)
    }

    #[test]
    fn texts_numbers_and_expressions_are_told_apart() {
        assert!(passes("= 4*", "404"));
        assert!(passes("!= \"a b\"", "a"));
        assert!(passes("= 1e3", "1000"));
        assert!(passes(">= 500", "500.5"));
        assert!(!passes("> 500", "many"));
        assert!(passes("=%^Tr.*l$%", "Trail"));
        assert!(!passes("!= %a+%", "baa"));
    }

    #[test]
    fn what_is_no_comparison_is_refused() {
        for text in ["", "x", "=", "= %a", "= %(%", "< x", "> %a%", "= \"a"] {
            assert!(Test::take(text).is_none(), "{text}");
        }
    }
}
