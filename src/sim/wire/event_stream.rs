//! Event streams: frames with headers and a JSON payload, one after the other in the body of an
//! answer (`vnd.amazon.eventstream`).

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use serde_json::{Value, json};

/// The media type of the body.
pub const MEDIA_TYPE: &str = "application/vnd.amazon.eventstream";

/// The media type of the first message, which is the answer as it would be without a stream.
const INITIAL: &str = "application/x-amz-json-1.1";

/// The message that comes before all events.
pub fn initial_response() -> Vec<u8> {
    frame(
        [
            (":message-type", "event"),
            (":event-type", "initial-response"),
            (":content-type", INITIAL),
        ],
        &json!({}),
    )
}

/// An event of the kind that the service model names, such as `sessionUpdate`.
pub fn event(kind: &str, content: &Value) -> Vec<u8> {
    frame(
        [
            (":message-type", "event"),
            (":event-type", kind),
            (":content-type", "application/json"),
        ],
        content,
    )
}

/// An error that ends the stream.
pub fn exception(code: &str, message: &str) -> Vec<u8> {
    frame(
        [
            (":message-type", "exception"),
            (":exception-type", code),
            (":content-type", "application/json"),
        ],
        &json!({"message": message}),
    )
}

fn frame(headers: [(&'static str, &str); 3], content: &Value) -> Vec<u8> {
    let message = Message::new(content.to_string().into_bytes());
    let message = headers.into_iter().fold(message, |message, (name, value)| {
        let value = HeaderValue::String(value.to_owned().into());
        message.add_header(Header::new(name, value))
    });
    let mut bytes = Vec::new();
    // Only headers longer than 64 kB and payloads longer than 24 MB can't be written, which no
    // caller makes.
    if let Err(error) = write_message_to(&message, &mut bytes) {
        tracing::error!(%error, "a frame of an event stream could not be written");
        bytes.clear();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::read_message_from;
    use aws_smithy_eventstream::smithy::parse_response_headers;

    use super::*;

    #[test]
    fn frames_say_what_they_are() {
        for (bytes, kind, name, content) in [
            (initial_response(), "event", "initial-response", json!({})),
            (
                event("sessionUpdate", &json!({"sessionResults": []})),
                "event",
                "sessionUpdate",
                json!({"sessionResults": []}),
            ),
            (
                exception("SessionTimeoutException", "over"),
                "exception",
                "SessionTimeoutException",
                json!({"message": "over"}),
            ),
        ] {
            let message = read_message_from(&mut bytes.as_slice()).unwrap();
            let headers = parse_response_headers(&message).unwrap();
            assert_eq!(headers.message_type.as_str(), kind);
            assert_eq!(headers.smithy_type.as_str(), name);
            let payload: Value = serde_json::from_slice(message.payload()).unwrap();
            assert_eq!(payload, content);
        }
    }
}
