//! Filter patterns on space-delimited events, such as `[ip, user, ..., status = 4*, bytes]`.

use super::condition::Test;
use super::filter::MOST_PATTERNS;

/// Conditions on fields.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldsFilter {
    /// The fields before the ellipsis, or all of them without one.
    before: Vec<Condition>,
    /// The fields after the ellipsis, if there is one.
    after: Option<Vec<Condition>>,
}

/// A condition on one field.
#[derive(Clone, Debug, PartialEq)]
enum Condition {
    /// Any value will do.
    Any,
    Test(Test),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

impl FieldsFilter {
    /// Whether the fields of `message` are as many as asked for, and pass.
    pub fn matches(&self, message: &str) -> bool {
        let fields = fields(message);
        let Some(after) = &self.after else {
            return fields.len() == self.before.len() && all(&self.before, &fields);
        };
        let Some(rest) = fields.len().checked_sub(after.len()) else {
            return false;
        };
        let (first, last) = fields.split_at(rest);
        first.len() >= self.before.len() && all(&self.before, first) && all(after, last)
    }
}

fn all(conditions: &[Condition], fields: &[&str]) -> bool {
    let mut pairs = conditions.iter().zip(fields);
    pairs.all(|(condition, field)| condition.holds(field))
}

impl Condition {
    fn holds(&self, field: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Test(test) => test.passes_text(field),
            Self::And(left, right) => left.holds(field) && right.holds(field),
            Self::Or(left, right) => left.holds(field) || right.holds(field),
        }
    }
}

/// The fields of an event: what stands between spaces, where brackets and quotation marks keep
/// their content together.
fn fields(message: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut rest = message.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => Some('"'),
            '[' => Some(']'),
            _ => None,
        };
        let inner = end.and_then(|end| rest.get(1..)?.split_once(end));
        let (field, after) = inner.unwrap_or_else(|| {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest.split_at(end)
        });
        fields.push(field);
        rest = after.trim_start();
    }
    fields
}

/// Understands a pattern in brackets.
pub fn parse(pattern: &str) -> Result<FieldsFilter, String> {
    let inner = pattern
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    inner
        .and_then(parse_fields)
        .ok_or_else(|| format!("Invalid filter pattern: '{pattern}'"))
}

fn parse_fields(text: &str) -> Option<FieldsFilter> {
    let mut filter = FieldsFilter {
        before: Vec::new(),
        after: None,
    };
    let mut parser = Parser {
        rest: text.trim_start(),
        patterns: 0,
    };
    loop {
        if parser.accept("...") {
            if filter.after.replace(Vec::new()).is_some() {
                return None;
            }
        } else {
            let condition = parser.field()?;
            filter
                .after
                .as_mut()
                .unwrap_or(&mut filter.before)
                .push(condition);
        }
        if parser.rest.is_empty() {
            return (parser.patterns <= MOST_PATTERNS).then_some(filter);
        }
        if !parser.accept(",") {
            return None;
        }
    }
}

/// A recursive-descent parser; each method takes what it understands off the front of `rest`.
struct Parser<'a> {
    rest: &'a str,
    /// How many regular expressions there were.
    patterns: usize,
}

impl<'a> Parser<'a> {
    fn accept(&mut self, token: &str) -> bool {
        let Some(after) = self.rest.strip_prefix(token) else {
            return false;
        };
        self.rest = after.trim_start();
        true
    }

    /// A name, which may have a condition.
    fn field(&mut self) -> Option<Condition> {
        let name = self.name()?;
        if self.rest.is_empty() || self.rest.starts_with(',') {
            return Some(Condition::Any);
        }
        let first = self.test()?;
        let first = self.both(first, name)?;
        self.either(first, name)
    }

    fn either(&mut self, mut left: Condition, name: &str) -> Option<Condition> {
        while self.accept("||") {
            let right = self.named_test(name)?;
            let right = self.both(right, name)?;
            left = Condition::Or(Box::new(left), Box::new(right));
        }
        Some(left)
    }

    fn both(&mut self, mut left: Condition, name: &str) -> Option<Condition> {
        while self.accept("&&") {
            let right = self.named_test(name)?;
            left = Condition::And(Box::new(left), Box::new(right));
        }
        Some(left)
    }

    /// A test of the same field, which has to be named again.
    fn named_test(&mut self, name: &str) -> Option<Condition> {
        if self.name()? != name {
            return None;
        }
        self.test()
    }

    fn test(&mut self) -> Option<Condition> {
        let (test, rest) = Test::take_comparison(self.rest)?;
        self.rest = rest;
        self.patterns += usize::from(test.is_pattern());
        Some(Condition::Test(test))
    }

    fn name(&mut self) -> Option<&'a str> {
        let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        let end = self.rest.find(|letter| !is_name(letter));
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest.trim_start();
        (!name.is_empty()).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str =
        r#"127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#;

    fn matches(pattern: &str) -> bool {
        parse(pattern).unwrap().matches(EVENT)
    }

    #[test]
    fn fields_stand_between_spaces_quotes_and_brackets() {
        assert_eq!(
            fields(EVENT),
            [
                "127.0.0.1",
                "-",
                "frank",
                "10/Oct/2000:13:25:15 -0700",
                "GET /index.html HTTP/1.0",
                "404",
                "1534"
            ]
        );
        assert_eq!(fields(" a \"open "), ["a", "\"open"]);
        assert_eq!(fields(""), Vec::<&str>::new());
    }

    #[test]
    fn the_number_of_fields_has_to_fit() {
        assert!(matches("[ip, id, user, time, request, status, bytes]"));
        assert!(!matches("[ip, id, user, time, request, status]"));
        assert!(matches("[ip, ..., bytes]"));
        assert!(matches("[...]"));
        assert!(matches("[..., status = 404, bytes]"));
        assert!(!matches("[a, b, c, d, e, f, g, ..., h]"));
    }

    #[test]
    fn values_are_compared() {
        assert!(matches("[ip, id, user = frank, ..., bytes > 1000]"));
        assert!(!matches("[ip, id, user = mia, ...]"));
        assert!(matches("[ip, ..., request = *.html*, status = 4*, bytes]"));
        assert!(matches("[..., status = 410 || status = 404, bytes]"));
        assert!(matches(
            "[..., status = 4* && status != 410, bytes >= 1534]"
        ));
        assert!(!matches("[..., status = 4* && status != 404, bytes]"));
        assert!(matches(
            "[..., request = \"GET /index.html HTTP/1.0\", s, b]"
        ));
        assert!(matches("[ip = %127\\.0\\.0\\.[0-9]%, ...]"));
        assert!(matches("[ip != %^10%, ...]"));
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        for pattern in [
            "[]",
            "[a",
            "[a,]",
            "[a b]",
            "[a =]",
            "[a = 1 && b = 2]",
            "[a < x]",
            "[..., ...]",
            "[a = %(%]",
            "[a = %a%, b = %b%, c = %c%]",
        ] {
            assert!(parse(pattern).is_err(), "{pattern}");
        }
    }
}
