//! Actions on their way: from the wish to what proves it.

use jiff::Timestamp;

use crate::domain::context::ContextId;
use crate::domain::failure::Failure;
use crate::domain::follow::Progress;
use crate::domain::intent::Intent;
use crate::domain::plan::{Goal, Refusal};

/// Numbers the actions of one run.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(pub u64);

/// How far an action is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperationState {
    /// The facts are being read.
    Planning,
    /// There is no way to do it.
    Refused(Refusal),
    /// The person has to say yes or no.
    Confirming,
    /// The person said no.
    Cancelled,
    /// The facts are read again, and the call is sent.
    Sending,
    /// The facts moved, or could not be read again: nothing was sent.
    NotSent(Vec<String>),
    /// AWS refused it, or it could not be sent.
    Failed(Failure),
    /// AWS took it; what runs has to prove it.
    Following(Progress),
    /// What runs has proved it, or it came to another end.
    Ended(Progress),
}

/// An action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its number.
    pub id: OperationId,
    /// The context that it acts in.
    pub context: ContextId,
    /// What the person wants.
    pub intent: Intent,
    /// How far it is.
    pub state: OperationState,
    /// What will prove it, once it is planned.
    pub goal: Option<Goal>,
    /// When the person asked for it.
    pub asked_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When it came to its end.
    pub ended_at: Option<Timestamp>,
    /// AWS's request id.
    pub request_id: Option<String>,
    /// What the person wants once this has taken effect.
    pub next: Option<Intent>,
}

impl Operation {
    /// Whether there is still something to wait for.
    pub fn is_open(&self) -> bool {
        matches!(
            self.state,
            OperationState::Planning
                | OperationState::Confirming
                | OperationState::Sending
                | OperationState::Following(_)
        )
    }
}
