//! The query protocol: forms in, XML out.

use serde_json::{Map, Value};

use crate::sim::api::ApiError;

/// The XML namespace of a service that speaks this protocol here.
fn namespace(service: &str) -> &'static str {
    match service {
        "sts" => "https://sts.amazonaws.com/doc/2011-06-15/",
        _ => "https://aws.amazon.com/",
    }
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

/// The input of the operation: every member but those that route the call.
pub fn input(form: &[(String, String)]) -> Value {
    let members: Map<String, Value> = form
        .iter()
        .filter(|(name, _)| name != "Action" && name != "Version")
        .map(|(name, value)| (name.clone(), Value::String(value.clone())))
        .collect();
    Value::Object(members)
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

/// The XML of an answer.
pub fn render(service: &str, operation: &str, value: &Value, request_id: &str) -> String {
    let namespace = namespace(service);
    let result = xml_of(value);
    format!(
        "<{operation}Response xmlns=\"{namespace}\"><{operation}Result>{result}\
         </{operation}Result><ResponseMetadata><RequestId>{request_id}</RequestId>\
         </ResponseMetadata></{operation}Response>"
    )
}

/// The XML of an error.
pub fn render_error(service: &str, error: &ApiError, request_id: &str) -> String {
    let fault = if error.status < 500 {
        "Sender"
    } else {
        "Receiver"
    };
    format!(
        "<ErrorResponse xmlns=\"{}\"><Error><Type>{fault}</Type><Code>{}</Code>\
         <Message>{}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
        namespace(service),
        escape(&error.code),
        escape(&error.message),
    )
}

fn xml_of(value: &Value) -> String {
    let element = |name: &str, inner: &Value| format!("<{name}>{}</{name}>", xml_of(inner));
    let elements: Vec<String> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, inner)| element(name, inner))
            .collect(),
        Value::Array(items) => items.iter().map(|item| element("member", item)).collect(),
        Value::String(text) => vec![escape(text)],
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    };
    elements.concat()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
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
            input(&form),
            json!({"Name": "a/b c%zz", "Empty": "", "Alone": ""})
        );
    }

    #[test]
    fn answers_are_written_as_xml() {
        let value = json!({"Arn": "a<b", "Tags": [{"Key": 1}]});
        assert_eq!(
            render("sts", "Get", &value, "id"),
            "<GetResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetResult>\
             <Arn>a&lt;b</Arn><Tags><member><Key>1</Key></member></Tags></GetResult>\
             <ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetResponse>"
        );
        let error = render_error("sts", &ApiError::new("InvalidAction", "a & b"), "id");
        assert!(error.contains("<Code>InvalidAction</Code><Message>a &amp; b</Message>"));
    }
}
