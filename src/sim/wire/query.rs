//! The forms of the query protocol.

use serde_json::{Map, Value};

use crate::sim::api::ApiError;

/// The most parts of a dotted name: the deepest of the service models here has 8.
const MOST_PARTS: usize = 12;

/// The services that speak this protocol here: the version of their API, and their XML namespace.
const SERVICES: [(&str, &str, &str); 2] = [
    (
        "sts",
        "2011-06-15",
        "https://sts.amazonaws.com/doc/2011-06-15/",
    ),
    (
        "elasticloadbalancing",
        "2015-12-01",
        "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
    ),
];

/// The XML namespace of a service.
pub fn namespace(service: &str) -> &'static str {
    SERVICES
        .iter()
        .find(|(name, _, _)| *name == service)
        .map_or("https://aws.amazon.com/", |(_, _, namespace)| namespace)
}

/// Whether the simulator has this version of a service. Elastic Load Balancing has an older one
/// with operations of the same names, for load balancers of another kind.
pub fn has_version(service: &str, version: &str) -> bool {
    SERVICES
        .iter()
        .any(|(name, known, _)| *name == service && *known == version)
}

/// The members of a form, decoded, in the order in which they came.
pub fn decode(body: &[u8]) -> Vec<(String, String)> {
    String::from_utf8_lossy(body)
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescape(name), unescape(value))
        })
        .collect()
}

/// The member called `name`.
pub fn member<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// The input of the operation: every member but those that route the call. Dots in names make
/// structures and lists of them: `Conditions.member.1.Field`. Every value is a string.
pub fn input(form: &[(String, String)]) -> Result<Value, ApiError> {
    let mut root = Map::new();
    for (name, value) in form {
        if name != "Action" && name != "Version" {
            insert(&mut root, name, value).ok_or_else(|| malformed(name))?;
        }
    }
    Ok(lists(Value::Object(root)))
}

/// Puts a value where its dotted name says; none when something else is there, or the name has an
/// empty part or more parts than any name has.
fn insert(root: &mut Map<String, Value>, name: &str, value: &str) -> Option<()> {
    let parts: Vec<&str> = name.split('.').take(MOST_PARTS + 1).collect();
    let (last, path) = parts.split_last()?;
    if parts.len() > MOST_PARTS || parts.iter().any(|part| part.is_empty()) {
        return None;
    }
    let mut here = root;
    for part in path {
        let next = here
            .entry(*part)
            .or_insert_with(|| Value::Object(Map::new()));
        here = next.as_object_mut()?;
    }
    let before = here.insert((*last).to_owned(), Value::String(value.to_owned()));
    before.is_none().then_some(())
}

/// Makes lists of the structures that stand for them: `{"member": {"1": …, "2": …}}`.
fn lists(value: Value) -> Value {
    let Value::Object(mut members) = value else {
        return value;
    };
    if members.len() == 1
        && let Some(Value::Object(items)) = members.get_mut("member")
        && items.keys().all(|place| place.parse::<u32>().is_ok())
    {
        let mut items: Vec<(u32, Value)> = std::mem::take(items)
            .into_iter()
            .map(|(place, item)| (place.parse().unwrap_or(u32::MAX), lists(item)))
            .collect();
        items.sort_by_key(|(place, _)| *place);
        return items.into_iter().map(|(_, item)| item).collect();
    }
    let members = members
        .into_iter()
        .map(|(name, inner)| (name, lists(inner)))
        .collect();
    Value::Object(members)
}

fn malformed(name: &str) -> ApiError {
    let start: String = name.chars().take(100).collect();
    ApiError::new(
        "MalformedQueryString",
        format!("The parameter {start} is not valid, or is there twice."),
    )
}

/// Undoes percent encoding, and `+` for a space. What is not valid stays as it is.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| *first == b'%').and_then(hex_byte);
        rest = if escaped.is_some() {
            after.get(2..).unwrap_or_default()
        } else {
            after
        };
        bytes.push(match (escaped, first) {
            (Some(byte), _) => byte,
            (None, b'+') => b' ',
            (None, other) => *other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn forms_are_decoded() {
        let form = decode(b"Action=Get&Name=a%2Fb+c%zz&Empty=&Alone");
        assert_eq!(member(&form, "Action"), Some("Get"));
        assert_eq!(member(&form, "Name"), Some("a/b c%zz"));
        assert_eq!(member(&form, "Alone"), Some(""));
        assert_eq!(
            input(&form).unwrap(),
            json!({"Name": "a/b c%zz", "Empty": "", "Alone": ""})
        );
    }

    #[test]
    fn dotted_names_make_structures_and_lists() {
        let form = decode(
            b"Conditions.member.2.Field=host&Conditions.member.1.Field=path\
              &Conditions.member.1.Values.member.1=%2Fa&Conditions.member.1.Values.member.10=c\
              &Conditions.member.1.Values.member.2=b&Config.Path=x&Names=",
        );
        assert_eq!(
            input(&form).unwrap(),
            json!({
                "Conditions": [{"Field": "path", "Values": ["/a", "b", "c"]}, {"Field": "host"}],
                "Config": {"Path": "x"},
                "Names": "",
            })
        );
    }

    #[test]
    fn names_that_make_no_sense_are_refused() {
        let deep = format!("a{}=1", ".a".repeat(100_000));
        for body in ["A=1&A.B=2", "A.B=2&A=1", "A=1&A=2", "A.=1", ".=1", &deep] {
            let error = input(&decode(body.as_bytes())).unwrap_err();
            assert_eq!(error.code, "MalformedQueryString", "{body:.20}");
        }
        let list = input(&decode(b"A.member.x=1&B.member.1.=2"));
        assert!(list.is_err());
    }
}
