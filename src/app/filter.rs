//! The filter of a list, as k9s has it: `/text`, `/!text` for the inverse, `/-f text` fuzzy.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// A filter as it was typed. An empty one lets everything pass.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Filter {
    text: String,
}

impl Filter {
    /// Takes the filter as it was typed after the slash.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it lets everything pass.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Keeps what passes, in its order. `text` gives what a row is matched by; case does not matter.
    pub fn retain<T>(&self, rows: &mut Vec<T>, text: impl Fn(&T) -> String) {
        let mut sieve = self.sieve();
        if !sieve.is_open() {
            rows.retain(|row| sieve.lets_pass(&text(row)));
        }
    }

    /// The filter, ready to look at many texts.
    pub fn sieve(&self) -> Sieve {
        if let Some(pattern) = self.text.strip_prefix("-f ").map(str::trim) {
            return Sieve::fuzzy(pattern);
        }
        let (inverse, needle) = match self.text.strip_prefix('!') {
            Some(rest) => (true, rest.to_lowercase()),
            None => (false, self.text.to_lowercase()),
        };
        Sieve(if needle.is_empty() {
            Kind::Open
        } else {
            Kind::Plain { needle, inverse }
        })
    }

    /// Whether what passes is among what passes another filter, as while a filter is typed.
    pub fn narrows(&self, other: &Self) -> bool {
        match (self.sieve().0, other.sieve().0) {
            (_, Kind::Open) => true,
            (
                Kind::Plain {
                    needle,
                    inverse: false,
                },
                Kind::Plain {
                    needle: wider,
                    inverse: false,
                },
            ) => needle.contains(&wider),
            _ => false,
        }
    }
}

/// A filter at work.
pub struct Sieve(Kind);

enum Kind {
    /// Everything passes.
    Open,
    Plain {
        needle: String,
        inverse: bool,
    },
    Fuzzy {
        pattern: Pattern,
        matcher: Box<Matcher>,
        buffer: Vec<char>,
    },
}

impl Sieve {
    fn fuzzy(pattern: &str) -> Self {
        if pattern.is_empty() {
            return Self(Kind::Open);
        }
        Self(Kind::Fuzzy {
            pattern: Pattern::parse(pattern, CaseMatching::Ignore, Normalization::Smart),
            matcher: Box::new(Matcher::new(Config::DEFAULT)),
            buffer: Vec::new(),
        })
    }

    /// Whether everything passes.
    pub fn is_open(&self) -> bool {
        matches!(self.0, Kind::Open)
    }

    /// Whether a text passes.
    pub fn lets_pass(&mut self, text: &str) -> bool {
        match &mut self.0 {
            Kind::Open => true,
            Kind::Plain { needle, inverse } => {
                text.to_lowercase().contains(needle.as_str()) != *inverse
            }
            Kind::Fuzzy {
                pattern,
                matcher,
                buffer,
            } => pattern
                .score(Utf32Str::new(text, buffer), matcher)
                .is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(filter: &str) -> Vec<&'static str> {
        let mut rows = vec!["checkout prod", "Payments prod", "mailer batch"];
        Filter::new(filter).retain(&mut rows, |row| (*row).to_owned());
        rows
    }

    #[test]
    fn plain_inverse_and_fuzzy() {
        assert_eq!(kept("PROD"), ["checkout prod", "Payments prod"]);
        assert_eq!(kept("!prod"), ["mailer batch"]);
        assert_eq!(kept("-f ckot"), ["checkout prod"]);
        assert_eq!(kept("").len(), 3);
        assert_eq!(kept("!").len(), 3);
        assert_eq!(kept("-f ").len(), 3);
    }

    #[test]
    fn what_is_typed_further_narrows_what_passes() {
        let narrows = |text: &str, before: &str| Filter::new(text).narrows(&Filter::new(before));
        assert!(narrows("Pay", "pa") && narrows("pay", "") && narrows("!pay", ""));
        assert!(!narrows("pa", "pay") && !narrows("!pay", "!pa") && !narrows("-f pay", "pa"));
    }
}
