//! From the SDK's errors to a [`Failure`] that a person can read and the program can act on.

mod chain;
mod codes;
mod credentials;
mod reply;

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::read_only::RefusedReadOnly;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::text::printable;

/// The longest message kept, in characters. AWS's own are shorter; an endpoint that is not AWS can
/// answer anything.
const LONGEST_MESSAGE: usize = 600;

/// What is said when the time for an answer is over.
const NO_ANSWER: &str = "no answer in time";

/// A failure that did not come from the SDK.
pub(super) fn of_kind(call: &str, kind: FailureKind, message: impl Into<String>) -> Failure {
    Failure {
        call: call.to_owned(),
        kind,
        code: None,
        message: tidy(&message.into()),
        request_id: None,
    }
}

/// A stream of answers that broke off, or whose end the service told.
pub(super) fn broken_stream(call: &str, error: &(dyn Error + 'static)) -> Failure {
    let message = chain::flatten(error);
    let kind = if chain::mentions(error, &["sessionstreamingexception"]) {
        FailureKind::ServerFault
    } else {
        FailureKind::Unreachable
    };
    of_kind(call, kind, message)
}

/// Reads an error of the SDK.
pub(super) fn from_sdk<E>(call: &str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let mut failure = match error {
        SdkError::TimeoutError(_) => of_kind(call, FailureKind::Timeout, NO_ANSWER),
        SdkError::ConstructionFailure(_) => not_built(call, error),
        SdkError::DispatchFailure(dispatch) => match dispatch.as_connector_error() {
            Some(connector) => not_sent(call, connector),
            None => of_kind(call, FailureKind::Unreachable, chain::flatten(error)),
        },
        SdkError::ResponseError(answer) => {
            reply::unreadable(call, answer.raw(), &chain::flatten(error))
        }
        SdkError::ServiceError(answer) => match answer.err().code() {
            Some(code) => told(call, code, answer.err().message(), answer.raw()),
            None => reply::unreadable(call, answer.raw(), &chain::flatten(answer.err())),
        },
        _ => of_kind(call, FailureKind::Garbled, chain::flatten(error)),
    };
    failure.request_id = error.request_id().map(printable);
    failure
}

/// An error that AWS named.
fn told(call: &str, code: &str, message: Option<&str>, answer: &HttpResponse) -> Failure {
    let status = answer.status().as_u16();
    let text = message.filter(|text| !text.trim().is_empty());
    Failure {
        code: Some(printable(code)),
        ..of_kind(
            call,
            codes::kind_of(code, text.unwrap_or_default(), status),
            text.map_or_else(|| format!("{code}, without a message"), str::to_owned),
        )
    }
}

/// The request was not even built: read-only, or something missing in the configuration.
fn not_built(call: &str, error: &(dyn Error + 'static)) -> Failure {
    let text = chain::flatten(error);
    if chain::of(error).any(|cause| cause.downcast_ref::<RefusedReadOnly>().is_some()) {
        return of_kind(call, FailureKind::ReadOnly, text);
    }
    let kind = if chain::mentions(error, &["region"]) {
        FailureKind::NoRegion
    } else {
        FailureKind::Refused
    };
    of_kind(call, kind, text)
}

/// The request was built and no answer came: no credentials, no connection, no HTTP.
fn not_sent(call: &str, error: &ConnectorError) -> Failure {
    if chain::mentions(error, &["credential", "identity"]) {
        let (kind, text) = credentials::judge(error);
        return of_kind(call, kind, text);
    }
    let kind = match connection_kind(error) {
        Some(kind) => kind,
        None if chain::mentions(error, &["invalid http", "parse"]) => FailureKind::Garbled,
        None => FailureKind::Unreachable,
    };
    let words = match kind {
        FailureKind::Timeout if chain::mentions(error, &["connect"]) => {
            "no connection in time".to_owned()
        }
        FailureKind::Timeout => NO_ANSWER.to_owned(),
        _ => chain::flatten(error),
    };
    of_kind(call, kind, words)
}

/// What is wrong with the connection; `None` where the trouble is another.
fn connection_kind(error: &ConnectorError) -> Option<FailureKind> {
    if error.is_timeout() {
        Some(FailureKind::Timeout)
    } else if error.is_io() {
        Some(FailureKind::Unreachable)
    } else {
        None
    }
}

/// On one line, without control characters and not longer than a person reads.
fn tidy(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().collect();
    let clean = printable(&words.join(" "));
    if clean.chars().count() <= LONGEST_MESSAGE {
        return clean;
    }
    let mut short: String = clean.chars().take(LONGEST_MESSAGE).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_made_printable_and_cut_with_a_mark() {
        let failure = of_kind("ecs:X", FailureKind::Garbled, "\u{1b}[31mred ");
        assert_eq!(failure.message, "red");
        let lines = of_kind("ecs:X", FailureKind::Garbled, "one\n   two");
        assert_eq!(lines.message, "one two");
        let long = of_kind("ecs:X", FailureKind::Garbled, "é".repeat(700));
        assert_eq!(long.message.chars().count(), LONGEST_MESSAGE + 1);
        assert!(long.message.ends_with('…'));
    }
}
