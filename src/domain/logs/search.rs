//! Texts to look for in lines: plain ones and regular expressions.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

/// Memory that a compiled expression may take, in bytes: one that is typed must not take the
/// program's.
const MOST_MEMORY: usize = 4 << 20;

/// Why a regular expression cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It cannot be read.
    #[error("regular expression cannot be read: {0}")]
    Syntax(String),
    /// It would take too much memory.
    #[error("regular expression is too large")]
    TooLarge,
}

/// A text that is looked for, ready for many lines. Two are equal when they were typed alike.
#[derive(Clone, Debug)]
pub struct Search {
    text: String,
    plain: bool,
    regex: Regex,
}

impl PartialEq for Search {
    fn eq(&self, other: &Self) -> bool {
        self.plain == other.plain && self.text == other.text
    }
}

impl Eq for Search {}

impl Search {
    /// A plain text, whatever its case; `None` for an empty one.
    pub fn plain(text: &str) -> Option<Self> {
        let regex = compile(&regex::escape(text), true).ok()?;
        (!text.is_empty()).then(|| Self {
            text: text.to_owned(),
            plain: true,
            regex,
        })
    }

    /// A regular expression. Case matters only when it has a capital letter. `^` and `$` are the
    /// ends of each line inside an event.
    pub fn regex(text: &str) -> Result<Self, PatternError> {
        Ok(Self {
            text: text.to_owned(),
            plain: false,
            regex: compile(text, !has_capital(text))?,
        })
    }

    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is a plain text, not a regular expression.
    pub fn is_plain(&self) -> bool {
        self.plain
    }

    /// Whether a line has it.
    pub fn is_in(&self, message: &str) -> bool {
        self.regex.is_match(message)
    }

    /// Where a line has it, in bytes, from left to right; empty matches are left out.
    pub fn places<'a>(&'a self, message: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let found = self.regex.find_iter(message);
        found
            .map(|found| found.range())
            .filter(|range| !range.is_empty())
    }
}

fn compile(text: &str, any_case: bool) -> Result<Regex, PatternError> {
    let built = RegexBuilder::new(text)
        .case_insensitive(any_case)
        .multi_line(true)
        .size_limit(MOST_MEMORY)
        .dfa_size_limit(MOST_MEMORY)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => PatternError::TooLarge,
        other => {
            // The last line says what is wrong; those before it draw where.
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default().trim();
            PatternError::Syntax(last.trim_start_matches("error: ").to_owned())
        }
    })
}

/// Whether an expression has a capital letter that stands for itself, as `\S` does not.
fn has_capital(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c.is_uppercase() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_text_is_found_in_any_case_and_means_itself() {
        let search = Search::plain("a.B(").unwrap();
        assert!(search.is_in("xx A.b( yy") && !search.is_in("aXb("));
        assert!(search.is_plain() && search.text() == "a.B(");
        assert_eq!(Search::plain(""), None);
        assert!(Search::plain("STRAẞE").unwrap().is_in("eine straße"));
    }

    #[test]
    fn case_matters_when_an_expression_has_a_capital() {
        assert!(Search::regex(r"err\S+").unwrap().is_in("ERROR"));
        assert!(!Search::regex(r"Err\w+").unwrap().is_in("ERROR"));
        assert!(Search::regex("^b$").unwrap().is_in("a\nb\nc"));
    }

    #[test]
    fn places_are_those_that_can_be_marked() {
        let search = Search::regex("o*").unwrap();
        let places: Vec<_> = search.places("foo bo").collect();
        assert_eq!(places, [1..3, 5..6]);
    }

    #[test]
    fn a_bad_expression_says_why() {
        let error = Search::regex("a(b").unwrap_err().to_string();
        assert!(error.contains("unclosed group"), "{error}");
        assert_eq!(Search::regex(r"\w{9999}"), Err(PatternError::TooLarge));
    }
}
