//! Filter patterns on JSON events, such as `{ $.level = "ERROR" && $.ms > 100 }`.

use serde_json::Value;

use super::filter::take_quoted;

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

/// What is asked of the member.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Equal to a text in which `*` stands for anything.
    Text(String),
    /// There, and not equal to such a text.
    NotText(String),
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

impl Test {
    fn passes(&self, found: Option<&Value>) -> bool {
        match (self, found) {
            (Self::NotExists, found) => found.is_none(),
            (_, None) => false,
            (Self::IsNull, Some(value)) => value.is_null(),
            (Self::Is(wanted), Some(value)) => value.as_bool() == Some(*wanted),
            (Self::Text(wanted), Some(value)) => scalar(value).is_some_and(|it| like(wanted, &it)),
            (Self::NotText(wanted), Some(value)) => {
                scalar(value).is_some_and(|it| !like(wanted, &it))
            }
            (Self::Number(comparison, wanted), Some(value)) => value
                .as_f64()
                .is_some_and(|number| comparison.holds(number, *wanted)),
        }
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

fn find<'a>(event: &'a Value, path: &[Step]) -> Option<&'a Value> {
    path.iter().try_fold(event, |value, step| match step {
        Step::Member(name) => value.get(name),
        Step::Item(index) => value.get(*index),
    })
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

/// Understands a pattern in braces.
pub fn parse(pattern: &str) -> Result<JsonFilter, String> {
    let invalid = || format!("Invalid filter pattern: '{pattern}'");
    let inner = pattern
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    let mut parser = Parser {
        rest: inner.ok_or_else(invalid)?.trim_start(),
        depth: 0,
    };
    let filter = parser.either().ok_or_else(invalid)?;
    if parser.rest.is_empty() {
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
}

impl<'a> Parser<'a> {
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
            return Some(JsonFilter::Test(path, self.test()?));
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
            if let Some(after) = text.strip_prefix('.') {
                let end = after.find(|letter| !is_name(letter)).unwrap_or(after.len());
                let (name, after) = after.split_at(end);
                if name.is_empty() {
                    return None;
                }
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

    fn test(&mut self) -> Option<Test> {
        if self.accept("NOT EXISTS") {
            return Some(Test::NotExists);
        }
        if self.accept("IS ") {
            return [
                ("NULL", Test::IsNull),
                ("TRUE", Test::Is(true)),
                ("FALSE", Test::Is(false)),
            ]
            .into_iter()
            .find_map(|(word, test)| self.accept(word).then_some(test));
        }
        let comparison = [
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
            ("=", Comparison::Equal),
        ]
        .into_iter()
        .find_map(|(token, comparison)| self.accept(token).then_some(comparison))?;
        let (text, quoted) = self.operand()?;
        match (text.parse::<f64>(), comparison) {
            (Ok(number), _) if !quoted => Some(Test::Number(comparison, number)),
            (_, Comparison::Equal) => Some(Test::Text(text)),
            (_, Comparison::NotEqual) => Some(Test::NotText(text)),
            _ => None,
        }
    }

    /// The right side of a comparison, and whether it was quoted.
    fn operand(&mut self) -> Option<(String, bool)> {
        let (text, rest, quoted) = if let Some(quoted) = self.rest.strip_prefix('"') {
            let (text, rest) = take_quoted(quoted)?;
            (text, rest, true)
        } else {
            let end = self.rest.find(ends_operand).unwrap_or(self.rest.len());
            let (text, rest): (&'a str, &'a str) = self.rest.split_at(end);
            (text.to_owned(), rest, false)
        };
        self.rest = rest.trim_start();
        (quoted || !text.is_empty()).then_some((text, quoted))
    }
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}

fn ends_operand(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ')' | '&' | '|' | '"')
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
