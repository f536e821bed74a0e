//! The XML answers of the query protocol.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Value, json};

use super::query;
use crate::sim::api::ApiError;

/// The XML of an answer.
pub fn answer(service: &str, operation: &str, value: &Value, request_id: &str) -> Vec<u8> {
    let mut document = serde_json::Map::new();
    document.insert(format!("{operation}Result"), value.clone());
    let metadata = json!({"RequestId": request_id});
    document.insert("ResponseMetadata".to_owned(), metadata);
    let root = format!("{operation}Response");
    render(&root, query::namespace(service), &Value::Object(document))
}

/// The XML of an error.
pub fn error(service: &str, error: &ApiError, request_id: &str) -> Vec<u8> {
    let fault = if error.status < 500 {
        "Sender"
    } else {
        "Receiver"
    };
    let error = json!({"Type": fault, "Code": error.code, "Message": error.message});
    let document = json!({"Error": error, "RequestId": request_id});
    render("ErrorResponse", query::namespace(service), &document)
}

fn render(root: &str, namespace: &str, value: &Value) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    // A vector takes everything that is written.
    match element(&mut writer, root, Some(namespace), value) {
        Ok(()) => writer.into_inner(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as XML");
            Vec::new()
        }
    }
}

fn element(
    writer: &mut Writer<Vec<u8>>,
    name: &str,
    namespace: Option<&str>,
    value: &Value,
) -> io::Result<()> {
    let mut start = BytesStart::new(name);
    if let Some(namespace) = namespace {
        start.push_attribute(("xmlns", namespace));
    }
    writer.write_event(Event::Start(start))?;
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                element(writer, name, None, inner)?;
            }
        }
        Value::Array(items) => {
            for item in items {
                element(writer, "member", None, item)?;
            }
        }
        Value::String(text) => write_text(writer, text)?,
        Value::Null => {}
        other => write_text(writer, &other.to_string())?,
    }
    writer.write_event(Event::End(BytesEnd::new(name)))
}

/// Writes a text without what XML can't hold: an error may repeat what a client sent.
fn write_text(writer: &mut Writer<Vec<u8>>, text: &str) -> io::Result<()> {
    let allowed = |one: &char| {
        matches!(one, '\t' | '\n' | '\r')
            || (*one >= ' ' && !matches!(one, '\u{fffe}' | '\u{ffff}'))
    };
    let text: String = text.chars().filter(allowed).collect();
    writer.write_event(Event::Text(BytesText::new(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn answers_are_written_as_xml() {
        let value = json!({"Arn": "a<b", "Tags": [{"Key": 1}], "None": null});
        assert_eq!(
            text(answer("sts", "Get", &value, "id")),
            "<GetResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetResult>\
             <Arn>a&lt;b</Arn><Tags><member><Key>1</Key></member></Tags><None></None></GetResult>\
             <ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetResponse>"
        );
    }

    #[test]
    fn errors_say_whose_fault_they_are() {
        let written = text(error(
            "sts",
            &ApiError::new("InvalidAction", "a & \u{1}b"),
            "id",
        ));
        assert!(
            written.contains("<Code>InvalidAction</Code><Message>a &amp; b</Message>"),
            "{written}"
        );
        assert!(written.contains("<Type>Sender</Type>"));
        let broken = ApiError {
            code: "InternalFailure".to_owned(),
            message: String::new(),
            status: 500,
        };
        assert!(text(error("sts", &broken, "id")).contains("<Type>Receiver</Type>"));
    }
}
