//! Credentials that could not be had, and why.
//!
//! The SDK says this in words only: the type of its error belongs to a crate that its clients do
//! not hand on. The tests under `tests/wire` hold these words against the SDK in use.

use aws_smithy_runtime_api::client::result::ConnectorError;

use super::{chain, connection_kind};
use crate::domain::failure::FailureKind;

/// How the SDK's list of the places it looked at begins.
const CHAIN: &str = "no credentials found in chain";

/// What the SDK says of a place that is not configured.
const NOT_THERE: &str = "was not enabled";

/// What a session that has ended is called: by the SDK, by STS, and by the SSO portal.
const ENDED: [&str; 3] = [
    "expired",
    "session token not found",
    "unauthorizedexception",
];

/// The kind of the failure and its words.
pub(super) fn judge(error: &ConnectorError) -> (FailureKind, String) {
    let kind = if chain::mentions(error, &ENDED) {
        FailureKind::ExpiredCredentials
    } else {
        way_to_them(error).unwrap_or(FailureKind::NoCredentials)
    };
    (kind, words(&chain::flatten(error)))
}

/// Credentials often come over a connection of their own (SSO, STS, a container), which can fail.
fn way_to_them(error: &ConnectorError) -> Option<FailureKind> {
    chain::of(error)
        .skip(1)
        .filter_map(|cause| cause.downcast_ref::<ConnectorError>())
        .find_map(connection_kind)
}

/// The SDK lists every place it looked at. A person wants to know of those that are configured and
/// did not work; if there is none, that nothing is configured.
fn words(text: &str) -> String {
    if !text.contains(CHAIN) {
        return text.to_owned();
    }
    let tried: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.contains(CHAIN) && !line.contains(NOT_THERE))
        .collect();
    if tried.is_empty() {
        return "no credentials in the environment, a profile, a container or an instance"
            .to_owned();
    }
    format!("no credentials: {}", tried.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_are_not_configured_are_not_listed() {
        let none = "no credentials found in chain. Attempted:\n  A: the credential provider was \
                    not enabled: x\n  B: the credential provider was not enabled";
        assert_eq!(
            words(none),
            "no credentials in the environment, a profile, a container or an instance"
        );
        let one = "no credentials found in chain. Attempted:\n  A: it was not enabled\n  B: broken";
        assert_eq!(words(one), "no credentials: B: broken");
        assert_eq!(words("the file is unreadable"), "the file is unreadable");
    }
}
