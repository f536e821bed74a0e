//! A call that failed, in words for the person who reads them.

use serde::Serialize;

/// Why a call failed, as far as it decides what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// No credentials were found in the chain.
    NoCredentials,
    /// The credentials were found and are past their time.
    ExpiredCredentials,
    /// AWS does not know the credentials, or the signature is wrong.
    InvalidCredentials,
    /// No Region is configured.
    NoRegion,
    /// The identity may not make this call.
    AccessDenied,
    /// Too many calls in this account and Region.
    Throttled,
    /// What was asked for does not exist.
    NotFound,
    /// The endpoint does not have this operation, or answered it with something that is not AWS's.
    Unsupported,
    /// AWS refused the request as it was sent.
    Refused,
    /// The resource moved meanwhile.
    Conflict,
    /// The endpoint could not be reached.
    Unreachable,
    /// No answer in time.
    Timeout,
    /// The endpoint answered with a fault of its own.
    ServerFault,
    /// The answer could not be read.
    Garbled,
    /// The cockpit is read-only.
    ReadOnly,
}

/// A failed call: what was tried, what happened, what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The call, such as `ecs:DescribeServices`, which is also the IAM action's name.
    pub call: String,
    /// The kind of failure.
    pub kind: FailureKind,
    /// AWS's error code where there was one, such as `ThrottlingException`.
    pub code: Option<String>,
    /// What happened, in AWS's words or the transport's, without control characters.
    pub message: String,
    /// AWS's request id, for a support case.
    pub request_id: Option<String>,
}

impl Failure {
    /// Whether asking again would fail the same way until somebody changes a permission or the
    /// endpoint, so that going without is the best there is.
    pub fn is_lasting(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::AccessDenied | FailureKind::Unsupported
        )
    }

    /// What the reader can do about it, in one sentence.
    pub fn advice(&self) -> String {
        match self.kind {
            FailureKind::NoCredentials => {
                "sign in (aws sso login, aws configure) or name a profile with --profile".into()
            }
            FailureKind::ExpiredCredentials => {
                "sign in again (aws sso login); cutover takes up the new credentials by itself"
                    .into()
            }
            FailureKind::InvalidCredentials => {
                "check which profile or keys are in use: aws sts get-caller-identity".into()
            }
            FailureKind::NoRegion => "name one with --region or AWS_REGION".into(),
            FailureKind::AccessDenied => format!("ask for the permission {}", self.call),
            FailureKind::Throttled => "wait: cutover has slowed down by itself".into(),
            FailureKind::NotFound => "check the name, the account and the Region".into(),
            FailureKind::Unsupported => {
                "nothing to do: this endpoint does not have the operation".into()
            }
            FailureKind::Refused => "read the reason; nothing was changed".into(),
            FailureKind::Conflict => "look at what moved, then decide again".into(),
            FailureKind::Unreachable => {
                "check the network, the Region's name and --endpoint-url".into()
            }
            FailureKind::Timeout => {
                "wait; reads are tried again, changes never by themselves".into()
            }
            FailureKind::ServerFault => {
                "wait: cutover goes on trying; see AWS's health page".into()
            }
            FailureKind::Garbled => "check --endpoint-url: what answers there is not AWS".into(),
            FailureKind::ReadOnly => "start cutover without --read-only".into(),
        }
    }

    /// The failure in a few words, for a status line.
    pub fn short(&self) -> &'static str {
        match self.kind {
            FailureKind::NoCredentials => "no credentials",
            FailureKind::ExpiredCredentials => "credentials expired",
            FailureKind::InvalidCredentials => "credentials not accepted",
            FailureKind::NoRegion => "no Region",
            FailureKind::AccessDenied => "access denied",
            FailureKind::Throttled => "throttled",
            FailureKind::NotFound => "not found",
            FailureKind::Unsupported => "not supported here",
            FailureKind::Refused => "refused",
            FailureKind::Conflict => "conflict",
            FailureKind::Unreachable => "unreachable",
            FailureKind::Timeout => "no answer",
            FailureKind::ServerFault => "server fault",
            FailureKind::Garbled => "answer not understood",
            FailureKind::ReadOnly => "read-only",
        }
    }
}
