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
        if let Some(pattern) = self.text.strip_prefix("-f ").map(str::trim) {
            if !pattern.is_empty() {
                retain_fuzzy(rows, pattern, text);
            }
            return;
        }
        let (inverse, needle) = match self.text.strip_prefix('!') {
            Some(rest) => (true, rest.to_lowercase()),
            None => (false, self.text.to_lowercase()),
        };
        if !needle.is_empty() {
            rows.retain(|row| text(row).to_lowercase().contains(&needle) != inverse);
        }
    }
}

fn retain_fuzzy<T>(rows: &mut Vec<T>, pattern: &str, text: impl Fn(&T) -> String) {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(pattern, CaseMatching::Ignore, Normalization::Smart);
    let mut buffer = Vec::new();
    rows.retain(|row| {
        let text = text(row);
        pattern
            .score(Utf32Str::new(&text, &mut buffer), &mut matcher)
            .is_some()
    });
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
}
