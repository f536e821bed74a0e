//! Answers that are not AWS's: HTML from a proxy or an emulator, empty bodies, broken JSON.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::codes::kind_of_status;
use super::of_kind;
use crate::domain::failure::{Failure, FailureKind};

/// How much of a strange body is quoted, in characters.
const QUOTED: usize = 160;

/// What kind of thing a body is.
#[derive(Debug, PartialEq, Eq)]
enum Body {
    /// Nothing, or it did not arrive whole.
    Empty,
    /// A web page.
    Html,
    /// JSON with a message, though without an AWS error code.
    Message(String),
    /// Something else, quoted.
    Other(String),
}

/// An answer that could not be read; `cause` is what the SDK stumbled over.
pub(super) fn unreadable(call: &str, answer: &HttpResponse, cause: &str) -> Failure {
    let body = read(answer.body().bytes().unwrap_or_default());
    let (kind, message) = judge(answer.status().as_u16(), &body, cause);
    of_kind(call, kind, message)
}

fn judge(status: u16, body: &Body, cause: &str) -> (FailureKind, String) {
    let kind = kind_of_status(status);
    match body {
        // Emulators answer a page for an operation that they do not have, with status 500 too; a
        // page with 502 to 504 comes from a proxy in between.
        Body::Html => (
            match status {
                404 | 405 | 500 | 501 => FailureKind::Unsupported,
                502..=599 => FailureKind::ServerFault,
                _ => FailureKind::Garbled,
            },
            format!("the endpoint answered HTML, not AWS JSON (HTTP {status})"),
        ),
        Body::Other(quote) if quote.contains("NotImplemented") => {
            (FailureKind::Unsupported, format!("HTTP {status}: {quote}"))
        }
        Body::Message(text) if text.contains("NotImplemented") => {
            (FailureKind::Unsupported, format!("HTTP {status}: {text}"))
        }
        _ if kind == FailureKind::Garbled && !(200..300).contains(&status) => (
            kind,
            format!("HTTP {status}, which no AWS endpoint answers"),
        ),
        _ if kind == FailureKind::Garbled => (
            kind,
            format!("the answer could not be read (HTTP {status}): {cause}"),
        ),
        Body::Message(text) => (kind, format!("HTTP {status}: {text}")),
        Body::Other(quote) => (kind, format!("HTTP {status}, not AWS JSON: {quote}")),
        Body::Empty => (kind, format!("HTTP {status} without a message")),
    }
}

fn read(bytes: &[u8]) -> Body {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    if text.is_empty() {
        return Body::Empty;
    }
    let start: String = text.chars().take(256).collect::<String>().to_lowercase();
    if start.starts_with("<!doctype html") || start.contains("<html") {
        return Body::Html;
    }
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
        let message = ["message", "Message", "errorMessage", "error"]
            .iter()
            .find_map(|key| value.get(key)?.as_str());
        if let Some(message) = message {
            return Body::Message(message.to_owned());
        }
    }
    let mut quote: String = text.chars().take(QUOTED).collect();
    if quote.len() < text.len() {
        quote.push('…');
    }
    Body::Other(quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, body: &[u8]) -> FailureKind {
        judge(status, &read(body), "cause").0
    }

    #[test]
    fn html_is_called_html() {
        let page = b"<!doctype html>\n<html lang=en><title>500 Internal Server Error</title>";
        let (kind, message) = judge(500, &read(page), "expected value");
        assert_eq!(kind, FailureKind::Unsupported);
        assert_eq!(
            message,
            "the endpoint answered HTML, not AWS JSON (HTTP 500)"
        );
    }

    #[test]
    fn the_status_decides_what_a_page_means() {
        let page = b"<HTML><body>x</body></HTML>";
        assert_eq!(kind(404, page), FailureKind::Unsupported);
        assert_eq!(kind(503, page), FailureKind::ServerFault);
        assert_eq!(kind(200, page), FailureKind::Garbled);
        assert_eq!(kind(400, page), FailureKind::Garbled);
    }

    #[test]
    fn a_fault_without_a_page_is_a_fault() {
        assert_eq!(kind(500, b""), FailureKind::ServerFault);
        assert_eq!(
            kind(500, b"{\"message\":\"boom\"}"),
            FailureKind::ServerFault
        );
        assert_eq!(kind(501, b""), FailureKind::Unsupported);
        assert_eq!(
            kind(500, b"NotImplementedError: x"),
            FailureKind::Unsupported
        );
    }

    #[test]
    fn a_good_status_with_a_bad_body_is_garbled_and_says_why() {
        let (kind, message) = judge(200, &read(b"\x00\xffgarbage"), "expected value at 1");
        assert_eq!(kind, FailureKind::Garbled);
        assert_eq!(
            message,
            "the answer could not be read (HTTP 200): expected value at 1"
        );
    }

    #[test]
    fn a_redirection_is_not_from_aws() {
        let (kind, message) = judge(302, &Body::Empty, "Error {}");
        assert_eq!(kind, FailureKind::Garbled);
        assert_eq!(message, "HTTP 302, which no AWS endpoint answers");
    }

    #[test]
    fn a_long_body_is_quoted_with_a_mark() {
        let Body::Other(quote) = read("y".repeat(500).as_bytes()) else {
            panic!("not quoted");
        };
        assert_eq!(quote.chars().count(), QUOTED + 1);
    }
}
