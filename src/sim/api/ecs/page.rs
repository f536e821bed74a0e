//! Pages of lists.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::sim::api::{Answer, ApiError, Input};

/// How a service writes its pages.
#[derive(Copy, Clone, Debug)]
pub struct Form {
    /// The member that says how many results a page has.
    pub size: &'static str,
    /// The member that says where a page begins, in the request and in the answer.
    pub token: &'static str,
    /// Results of a page when the client does not say.
    pub usual: i64,
    /// Most results that any page has.
    pub most: i64,
    /// The error for a token that was not made here.
    pub invalid: fn() -> ApiError,
}

/// The order of the keys of a list.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// From the smallest key.
    Ascending,
    /// From the largest key.
    Descending,
}

impl Order {
    /// Whether `key` belongs to a page before the one that follows `last`.
    fn passed(self, key: &str, last: &str) -> bool {
        match self {
            Self::Ascending => key <= last,
            Self::Descending => key >= last,
        }
    }
}

/// Answers one page of `items` under the member `name`; without `maxResults` it has `usual`
/// results.
///
/// Each item comes with a key, and the keys are in the order that is said. The token of the next page
/// holds the last key of this one, so that what comes or goes between two pages hides nothing
/// else and repeats nothing.
pub fn page(
    input: Input<'_>,
    name: &str,
    usual: i64,
    order: Order,
    items: impl IntoIterator<Item = (String, Value)>,
) -> Answer {
    let form = Form {
        size: "maxResults",
        token: "nextToken",
        usual,
        most: 100,
        invalid: || ApiError::invalid_parameter("Invalid token."),
    };
    page_of(&form, input, name, order, items)
}

/// The same for a service that has another form.
pub fn page_of(
    form: &Form,
    input: Input<'_>,
    name: &str,
    order: Order,
    items: impl IntoIterator<Item = (String, Value)>,
) -> Answer {
    let size = input
        .integer_within(form.size, 1, form.most)?
        .unwrap_or(form.usual);
    let size = usize::try_from(size).unwrap_or(1);
    let after = input
        .string(form.token)?
        .map(|token| read_token(token).ok_or_else(form.invalid))
        .transpose()?;
    let mut rest = items
        .into_iter()
        .skip_while(|(key, _)| after.as_ref().is_some_and(|last| order.passed(key, last)))
        .peekable();
    let mut results = Vec::new();
    let mut last = String::new();
    while results.len() < size
        && let Some((key, value)) = rest.next()
    {
        results.push(value);
        last = key;
    }
    let mut answer = Map::new();
    answer.insert(name.to_owned(), Value::Array(results));
    if rest.peek().is_some() {
        answer.insert(form.token.to_owned(), Value::String(write_token(&last)));
    }
    Ok(Value::Object(answer))
}

/// A token that no client can mistake for a name: the hexadecimal digits of the key.
fn write_token(key: &str) -> String {
    key.bytes().fold(String::new(), |mut token, byte| {
        // Writing to a String can't fail.
        let _ = write!(token, "{byte:02x}");
        token
    })
}

fn read_token(token: &str) -> Option<String> {
    if !token.is_ascii() || !token.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..token.len())
        .step_by(2)
        .map(|start| u8::from_str_radix(token.get(start..start + 2)?, 16).ok())
        .collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(count: u32) -> Vec<(String, Value)> {
        (0..count)
            .map(|one| (format!("n{one:03}"), json!(one)))
            .collect()
    }

    fn ask(input: &Value, items: Vec<(String, Value)>) -> Answer {
        page(
            Input::new(input).unwrap(),
            "names",
            10,
            Order::Ascending,
            items,
        )
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let mut input = json!({"maxResults": 4});
        let mut seen = Vec::new();
        loop {
            let answer = ask(&input, names(10)).unwrap();
            seen.extend(answer["names"].as_array().unwrap().clone());
            let Some(token) = answer.get("nextToken") else {
                break;
            };
            input["nextToken"] = token.clone();
        }
        assert_eq!(seen, (0..10).map(|one| json!(one)).collect::<Vec<_>>());
    }

    #[test]
    fn a_full_last_page_has_no_token() {
        let answer = ask(&json!({}), names(10)).unwrap();
        assert_eq!(answer.get("nextToken"), None);
        assert!(
            ask(&json!({}), names(11))
                .unwrap()
                .get("nextToken")
                .is_some()
        );
    }

    #[test]
    fn what_goes_between_pages_hides_nothing() {
        let first = ask(&json!({"maxResults": 2}), names(6)).unwrap();
        let mut items = names(6);
        items.remove(1);
        let next = ask(
            &json!({"maxResults": 2, "nextToken": first["nextToken"]}),
            items,
        )
        .unwrap();
        assert_eq!(next["names"], json!([2, 3]));
    }

    #[test]
    fn descending_lists_go_on_below() {
        let items = || names(3).into_iter().rev();
        let ask = |input: &Value| {
            page(
                Input::new(input).unwrap(),
                "names",
                2,
                Order::Descending,
                items(),
            )
            .unwrap()
        };
        let first = ask(&json!({}));
        assert_eq!(first["names"], json!([2, 1]));
        assert_eq!(
            ask(&json!({"nextToken": first["nextToken"]}))["names"],
            json!([0])
        );
    }

    #[test]
    fn sizes_and_tokens_are_checked() {
        assert!(ask(&json!({"maxResults": 101}), names(1)).is_err());
        assert!(ask(&json!({"maxResults": 0}), names(1)).is_err());
        assert!(ask(&json!({"nextToken": "zz"}), names(1)).is_err());
        assert!(ask(&json!({"nextToken": "abc"}), names(1)).is_err());
        assert!(ask(&json!({"nextToken": "é"}), names(1)).is_err());
    }
}
