//! The record of everything that was done from here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How an action came out, as far as it was known when the line was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// There was no way to do it, or the cockpit is read-only.
    Refused,
    /// The facts moved between the plan and the sending; nothing was sent.
    NotSent,
    /// AWS took the call.
    Sent,
    /// AWS refused the call, or it could not be sent.
    Failed,
    /// What runs has shown how it ended.
    Ended,
}

/// One line of the action log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRecord {
    /// When.
    pub time: Timestamp,
    /// How it came out.
    pub kind: RecordKind,
    /// The caller's ARN, where it was known.
    pub identity: Option<String>,
    /// The account id, where it was known.
    pub account: Option<String>,
    /// The Region, where it was known.
    pub region: Option<String>,
    /// The call as one would type it, or the wish where no call was made.
    pub call: String,
    /// What it was about: the service's ARN, or the task's.
    pub target: String,
    /// What happened, in words.
    pub outcome: String,
    /// AWS's request id.
    pub request_id: Option<String>,
}
