//! Filter patterns of `FilterLogEvents` and `StartLiveTail`: terms, quoted phrases, `?any`,
//! `-without`, JSON, fields between spaces, and regular expressions.
//!
//! The rules are those of "Filter pattern syntax" in the CloudWatch Logs user guide.

use super::fields_filter::{self, FieldsFilter};
use super::json_filter::{self, JsonFilter};
use super::pattern::Pattern;

/// The most regular expressions in a pattern for JSON or fields.
pub(super) const MOST_PATTERNS: usize = 2;

/// A filter pattern that was understood.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// The empty pattern, which every event matches.
    All,
    /// Terms in the text.
    Terms(Terms),
    /// A condition on an event that is a JSON object.
    Json(JsonFilter),
    /// Conditions on the fields of an event, which stand between spaces.
    Fields(FieldsFilter),
    /// A regular expression.
    Pattern(Pattern),
}

/// The terms of a pattern for unstructured text. Case matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    every: Vec<String>,
    any: Vec<String>,
    none: Vec<String>,
}

impl Filter {
    /// Understands `pattern`, or says in the words of AWS why it can't.
    pub fn parse(pattern: &str) -> Result<Self, String> {
        let pattern = pattern.trim();
        match pattern.chars().next() {
            None => Ok(Self::All),
            Some('{') => json_filter::parse(pattern).map(Self::Json),
            Some('[') => fields_filter::parse(pattern).map(Self::Fields),
            Some('%') => whole_pattern(pattern).map(Self::Pattern),
            Some(_) => Terms::parse(pattern).map(Self::Terms),
        }
    }

    /// Whether an event with this text matches.
    pub fn matches(&self, message: &str) -> bool {
        match self {
            Self::All => true,
            Self::Terms(terms) => terms.matches(message),
            Self::Fields(fields) => fields.matches(message),
            Self::Pattern(pattern) => pattern.matches(message),
            Self::Json(condition) => {
                serde_json::from_str(message).is_ok_and(|value: serde_json::Value| {
                    value.is_object() && condition.matches(&value)
                })
            }
        }
    }
}

/// A pattern that is nothing but a regular expression between percent signs.
fn whole_pattern(pattern: &str) -> Result<Pattern, String> {
    let inner = pattern
        .strip_prefix('%')
        .and_then(|text| text.strip_suffix('%'));
    inner
        .and_then(Pattern::parse)
        .ok_or_else(|| format!("Invalid filter pattern: '{pattern}'"))
}

impl Terms {
    fn parse(pattern: &str) -> Result<Self, String> {
        let mut terms = Self::default();
        let mut rest = pattern;
        while !rest.is_empty() {
            let (list, after) = if let Some(after) = rest.strip_prefix('?') {
                (&mut terms.any, after)
            } else if let Some(after) = rest.strip_prefix('-') {
                (&mut terms.none, after)
            } else {
                (&mut terms.every, rest)
            };
            let (term, after) = take_term(after)?;
            list.push(term);
            rest = after.trim_start();
        }
        Ok(terms)
    }

    fn matches(&self, message: &str) -> bool {
        // Terms with a question mark count only when they stand alone: the guide says that next
        // to terms of the other kinds they are ignored.
        let alone = self.every.is_empty() && self.none.is_empty();
        if alone && !self.any.is_empty() {
            return self.any.iter().any(|term| message.contains(term.as_str()));
        }
        self.every
            .iter()
            .all(|term| message.contains(term.as_str()))
            && !self.none.iter().any(|term| message.contains(term.as_str()))
    }
}

/// Takes one term, quoted or bare, off the front of the pattern.
fn take_term(text: &str) -> Result<(String, &str), String> {
    if let Some(quoted) = text.strip_prefix('"') {
        return take_quoted(quoted).ok_or_else(|| {
            format!("Invalid filter pattern: the quotation mark in '{text}' has no end")
        });
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (term, rest) = text.split_at(end);
    if term.is_empty()
        || !term
            .chars()
            .all(|letter| letter.is_alphanumeric() || letter == '_')
    {
        return Err(format!("Invalid character(s) in term '{term}'"));
    }
    Ok((term.to_owned(), rest))
}

/// The text up to the closing quotation mark, and what follows it. A backslash keeps the mark
/// after it.
pub(super) fn take_quoted(text: &str) -> Option<(String, &str)> {
    let mut taken = String::new();
    let mut letters = text.char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return text.get(place + 1..).map(|rest| (taken, rest)),
            '\\' => taken.push(letters.next()?.1),
            other => taken.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, message: &str) -> bool {
        Filter::parse(pattern).unwrap().matches(message)
    }

    #[test]
    fn every_term_has_to_be_there() {
        assert!(matches("", "anything"));
        assert!(matches("  ", "anything"));
        assert!(matches("ERROR timeout", "ERROR after a timeout"));
        assert!(!matches("ERROR timeout", "ERROR"));
        assert!(!matches("error", "ERROR"));
    }

    #[test]
    fn phrases_are_quoted() {
        assert!(matches("\"INTERNAL ERROR\"", "x INTERNAL ERROR y"));
        assert!(!matches("\"INTERNAL ERROR\"", "INTERNAL x ERROR"));
        assert!(matches("\"say \\\"no\\\"\"", "they say \"no\""));
        assert!(matches("\"GET /\" 200", "GET /health 200"));
    }

    #[test]
    fn any_and_none() {
        assert!(matches("?ERROR ?WARN", "WARN low"));
        assert!(!matches("?ERROR ?WARN", "INFO"));
        assert!(matches("ERROR -EXPECTED", "ERROR boom"));
        assert!(!matches("ERROR -EXPECTED", "ERROR EXPECTED"));
        assert!(!matches("-\"GET /health\"", "GET /health 200"));
        assert!(matches("?ERROR INFO", "INFO only"));
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        for pattern in [
            "GET /health",
            "\"open",
            "a:b",
            "-",
            "? x",
            "[ip, user",
            "%x",
            "%(x)%",
            "%",
            "%x% y",
            "{ $.a",
        ] {
            assert!(Filter::parse(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn expressions_and_fields_are_patterns_too() {
        assert!(matches("%ERRO.?%", "an ERRO"));
        assert!(matches("[..., status = 5*]", "GET / 502"));
        assert!(matches("{ $.type = %^Up% }", r#"{"type":"Update"}"#));
        let three = "{ $.a = %a% || $.b = %b% || $.c = %c% }";
        assert!(Filter::parse(three).is_err());
    }

    #[test]
    fn json_patterns_want_json_objects() {
        assert!(matches("{ $.level = \"ERROR\" }", r#"{"level":"ERROR"}"#));
        assert!(!matches("{ $.level = \"ERROR\" }", "level ERROR"));
    }
}
