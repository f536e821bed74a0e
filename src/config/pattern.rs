//! Patterns that mark what is production: `*` stands for any text, `?` for one character.

use std::fmt;

/// A pattern for the name of an account or a cluster. Upper and lower case differ, as they do in
/// the names of AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
}

impl Pattern {
    /// Takes the text of a pattern. An empty one would match nothing that exists, so it is `None`.
    pub fn new(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self {
            text: text.to_owned(),
        })
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole of `name` matches.
    ///
    /// It walks both texts once and goes back only to the last `*`, so the time is at most the
    /// product of the two lengths.
    pub fn matches(&self, name: &str) -> bool {
        let mut pattern = self.text.chars();
        let mut rest = name.chars();
        // Where to go on from if the text after the last `*` does not fit here.
        let mut retry = None;
        loop {
            match (pattern.next(), rest.clone().next()) {
                (Some('*'), _) => retry = Some((pattern.clone(), rest.clone())),
                (Some('?'), Some(_)) => {
                    rest.next();
                }
                (Some(wanted), Some(found)) if wanted == found => {
                    rest.next();
                }
                (None, None) => return true,
                _ => {
                    let Some((after_star, mut from)) = retry else {
                        return false;
                    };
                    if from.next().is_none() {
                        return false;
                    }
                    pattern = after_star.clone();
                    rest = from.clone();
                    retry = Some((after_star, from));
                }
            }
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(name)
    }

    #[test]
    fn a_plain_pattern_is_the_whole_name() {
        assert!(matches("prod", "prod"));
        assert!(!matches("prod", "prod-core"));
        assert!(!matches("prod", "my-prod"));
        assert!(!matches("prod", ""));
    }

    #[test]
    fn a_star_is_any_text_also_none() {
        assert!(matches("prod*", "prod"));
        assert!(matches("prod*", "prod-core"));
        assert!(matches("*prod*", "eu-prod-1"));
        assert!(matches("a*b*c", "a-b-b-c"));
        assert!(matches("*", ""));
        assert!(!matches("a*b*c", "a-c-b"));
        assert!(!matches("*-prod", "prod"));
    }

    #[test]
    fn a_question_mark_is_exactly_one_character() {
        assert!(matches("prod-?", "prod-é"));
        assert!(!matches("prod-?", "prod-"));
        assert!(!matches("prod-?", "prod-10"));
        assert!(matches("?*", "x"));
        assert!(!matches("?*", ""));
    }

    #[test]
    fn case_differs() {
        assert!(!matches("Prod*", "prod-core"));
    }

    #[test]
    fn an_empty_pattern_is_refused() {
        assert_eq!(Pattern::new(""), None);
    }

    /// The rule in its plainest form, too slow for use: the two must agree.
    fn slow(pattern: &[char], name: &[char]) -> bool {
        match (pattern.split_first(), name.split_first()) {
            (None, None) => true,
            (Some(('*', tail)), _) => (0..=name.len()).any(|skip| slow(tail, &name[skip..])),
            (Some(('?', tail)), Some((_, rest))) => slow(tail, rest),
            (Some((wanted, tail)), Some((found, rest))) => wanted == found && slow(tail, rest),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_plain_rule(pattern in "[ab*?]{1,7}", name in "[ab]{0,9}") {
            let expected = slow(
                &pattern.chars().collect::<Vec<_>>(),
                &name.chars().collect::<Vec<_>>(),
            );
            prop_assert_eq!(matches(&pattern, &name), expected);
        }
    }
}
