//! What `update` wants done. The runtime does it, and what comes back is a message.

use super::logs::Takeaway;
use super::operation::OperationId;
use super::query::Query;
use crate::domain::confirmation::Confirmed;
use crate::domain::context::ContextId;
use crate::domain::intent::Intent;
use crate::domain::plan::{Plan, Refusal};

/// Something to be written to a file that is not there yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Save {
    /// The file, or the folder to put it into, as it was typed; `None` for the folder of the program.
    pub path: Option<String>,
    /// The file's name where none was typed.
    pub name: String,
    /// What is written.
    pub content: Takeaway,
}

/// An intention of the pure core.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// Hand the terminal back to the shell until it continues the program.
    Suspend,
    /// Draw everything again, on a cleared terminal.
    Redraw,
    /// Put text on the clipboard of the person's terminal.
    Copy(String),
    /// Tell the person, who may look elsewhere, that something has begun to wait for them: by the
    /// terminal, as the configuration says.
    Notify(String),
    /// Open a link in the browser, or show it where there is none.
    OpenLink(String),
    /// Come back with [`Msg::Sift`](super::msg::Msg::Sift) once the keys and messages that are there
    /// have been taken in: there are more log lines to look through than one frame has time for.
    Sift,
    /// Write lines to a file, and come back with [`Msg::Saved`](super::msg::Msg::Saved).
    Save(Box<Save>),
    /// Ask again now.
    Refresh {
        /// The context.
        context: ContextId,
        /// The question.
        query: Query,
    },
    /// Read the facts for a plan.
    ReadFacts {
        /// The operation.
        operation: OperationId,
        /// The context.
        context: ContextId,
        /// What the person wants.
        intent: Intent,
    },
    /// Read the facts again, and if they have not moved send the call.
    Execute {
        /// The operation.
        operation: OperationId,
        /// The context.
        context: ContextId,
        /// The plan that the person confirmed.
        plan: Box<Confirmed<Plan>>,
    },
    /// Write down that a wish was refused before anything could be sent.
    RecordRefusal {
        /// The context.
        context: ContextId,
        /// The wish.
        intent: Intent,
        /// Why not.
        refusal: Refusal,
    },
    /// Write down how an action came out, once what runs has proved it.
    RecordEnd {
        /// The context.
        context: ContextId,
        /// The wish.
        intent: Intent,
        /// What was seen.
        outcome: String,
    },
}
