//! Filter patterns on JSON events, such as `{ $.level = "ERROR" && $.ms > 100 }`.

use serde_json::Value;

use super::condition::Test;
use super::filter::MOST_PATTERNS;

/// A condition on a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonFilter {
    /// Both hold.
    And(Box<JsonFilter>, Box<JsonFilter>),
    /// One holds, or both.
    Or(Box<JsonFilter>, Box<JsonFilter>),
    /// The member at a path passes a test.
    Test(Vec<Step>, Test),
}

/// A step of a path such as `$.request.headers[0]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A member of an object.
    Member(String),
    /// An item of an array.
    Item(usize),
}

impl JsonFilter {
    /// Whether the condition holds for `event`.
    pub fn matches(&self, event: &Value) -> bool {
        match self {
            Self::And(left, right) => left.matches(event) && right.matches(event),
            Self::Or(left, right) => left.matches(event) || right.matches(event),
            Self::Test(path, test) => test.passes(find(event, path)),
        }
    }
}

fn find<'a>(event: &'a Value, path: &[Step]) -> Option<&'a Value> {
    path.iter().try_fold(event, |value, step| match step {
        Step::Member(name) => value.get(name),
        Step::Item(index) => value.get(*index),
    })
}

/// Understands a pattern in braces.
pub fn parse(pattern: &str) -> Result<JsonFilter, String> {
    let invalid = || format!("Invalid filter pattern: '{pattern}'");
    let inner = pattern
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    let mut parser = Parser {
        rest: inner.ok_or_else(invalid)?.trim_start(),
        depth: 0,
        patterns: 0,
    };
    let filter = parser.either().ok_or_else(invalid)?;
    if parser.rest.is_empty() && parser.patterns <= MOST_PATTERNS {
        Ok(filter)
    } else {
        Err(invalid())
    }
}

/// How deep parentheses may nest.
const DEEPEST: u8 = 32;

/// A recursive-descent parser; each method takes what it understands off the front of `rest`.
struct Parser<'a> {
    rest: &'a str,
    depth: u8,
    /// How many regular expressions there were.
    patterns: usize,
}

impl Parser<'_> {
    fn accept(&mut self, token: &str) -> bool {
        let Some(after) = self.rest.strip_prefix(token) else {
            return false;
        };
        self.rest = after.trim_start();
        true
    }

    fn either(&mut self) -> Option<JsonFilter> {
        let mut left = self.both()?;
        while self.accept("||") {
            left = JsonFilter::Or(Box::new(left), Box::new(self.both()?));
        }
        Some(left)
    }

    fn both(&mut self) -> Option<JsonFilter> {
        let mut left = self.single()?;
        while self.accept("&&") {
            left = JsonFilter::And(Box::new(left), Box::new(self.single()?));
        }
        Some(left)
    }

    fn single(&mut self) -> Option<JsonFilter> {
        if !self.accept("(") {
            let path = self.path()?;
            let (test, rest) = Test::take(self.rest)?;
            self.rest = rest;
            self.patterns += usize::from(test.is_pattern());
            return Some(JsonFilter::Test(path, test));
        }
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let inner = self.either()?;
        self.depth -= 1;
        self.accept(")").then_some(inner)
    }

    fn path(&mut self) -> Option<Vec<Step>> {
        let mut text = self.rest.strip_prefix('$')?;
        let mut steps = Vec::new();
        loop {
            if let Some(after) = text.strip_prefix('.').filter(|it| !it.starts_with('[')) {
                let end = after.find(|letter| !is_name(letter)).unwrap_or(after.len());
                let (name, after) = after.split_at(end);
                if name.is_empty() {
                    return None;
                }
                steps.push(Step::Member(name.to_owned()));
                text = after;
            } else if let Some(after) = strip_bracket(text) {
                let (name, after) = after.split_once("']")?;
                steps.push(Step::Member(name.to_owned()));
                text = after;
            } else if let Some(after) = text.strip_prefix('[') {
                let (index, after) = after.split_once(']')?;
                steps.push(Step::Item(index.trim().parse().ok()?));
                text = after;
            } else {
                break;
            }
        }
        self.rest = text.trim_start();
        (!steps.is_empty()).then_some(steps)
    }
}

/// What follows `['` or `.['`.
fn strip_bracket(text: &str) -> Option<&str> {
    text.strip_prefix('.').unwrap_or(text).strip_prefix("['")
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(pattern: &str) -> bool {
        let event = json!({
            "level": "ERROR", "ms": 120, "ok": false, "gone": null,
            "request": {"path": "/checkout/7", "hops": [1, 2]}
        });
        parse(pattern).unwrap().matches(&event)
    }

    #[test]
    fn texts_and_numbers_compare() {
        assert!(holds(r#"{ $.level = "ERROR" }"#));
        assert!(holds("{ $.level = ERROR }"));
        assert!(!holds(r#"{ $.level != "ERROR" }"#));
        assert!(holds("{$.ms>100}"));
        assert!(holds("{ $.ms <= 120 }"));
        assert!(!holds("{ $.ms = 1.2 }"));
        assert!(!holds(r#"{ $.nothing != "x" }"#));
    }

    #[test]
    fn wildcards_stand_for_any_text() {
        assert!(holds(r#"{ $.request.path = "/checkout/*" }"#));
        assert!(holds(r#"{ $.request.path = "*out*7" }"#));
        assert!(!holds(r#"{ $.request.path = "/cart/*" }"#));
        assert!(holds(r#"{ $.level = "*" }"#));
    }

    #[test]
    fn conditions_combine() {
        assert!(holds(
            r#"{ ($.level = "WARN" || $.level = "ERROR") && $.ms > 100 }"#
        ));
        assert!(!holds(
            r#"{ $.level = "WARN" || $.level = "ERROR" && $.ms > 500 }"#
        ));
        assert!(holds(
            "{ $.request.hops[1] = 2 && $.ok IS FALSE && $.gone IS NULL }"
        ));
        assert!(holds("{ $.nothing NOT EXISTS }"));
        assert!(!holds("{ $.level NOT EXISTS }"));
    }

    #[test]
    fn broken_patterns_are_refused() {
        for pattern in [
            "{",
            "{}",
            "{ level = 1 }",
            "{ $.a }",
            "{ $.a = }",
            "{ $.a = 1",
            "{ ($.a = 1 }",
            "{ $.a < x }",
            "{ $. = 1 }",
            "{ $.a[x] = 1 }",
            "{ $.a = 1 b }",
            "{ $.a = \"x }",
        ] {
            assert!(parse(pattern).is_err(), "{pattern}");
        }
        let deep = format!("{{ {}$.a = 1{} }}", "(".repeat(5000), ")".repeat(5000));
        assert!(parse(&deep).is_err());
    }
}
