//! What stands in front of the screen and takes the keys.

use tui_input::Input;

use super::logs::FilterPanel;
use super::operation::OperationId;
use crate::domain::arn::{ClusterArn, ServiceArn};
use crate::domain::confirmation::Confirmation;
use crate::domain::context::{ContextId, Scoped};
use crate::domain::intent::{Intent, PipelineIntent};
use crate::domain::logs::buffer::LineId;
use crate::domain::plan::Refusal;

/// A dialog. Esc closes every one of them and sends nothing.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// The facts for a plan are being read.
    Planning {
        /// The action.
        operation: OperationId,
        /// What the person wants.
        intent: Intent,
    },
    /// There is no plan, and why.
    Refused {
        /// What the person wanted.
        title: String,
        /// Why not.
        refusal: Refusal,
    },
    /// The plan, and the question whether to send it.
    Confirm {
        /// The action.
        operation: OperationId,
        /// The plan and the state of the answer.
        confirmation: Box<Confirmation>,
        /// Lines scrolled, where the plan is taller than the terminal.
        scroll: u16,
    },
    /// The number of tasks is asked for.
    Count {
        /// The cluster.
        cluster: ClusterArn,
        /// The service.
        service: Scoped<ServiceArn>,
        /// The present desired count.
        now: u32,
        /// What is typed.
        input: Input,
    },
    /// Words of the person's own are asked for: the reason of an approval, for instance.
    Words {
        /// The context that the wish is for.
        context: ContextId,
        /// The wish that they belong to.
        intent: PipelineIntent,
        /// What is typed.
        input: Input,
    },
    /// The filters of the logs screen.
    LogFilters(FilterPanel),
    /// A whole log line.
    LogLine {
        /// The line.
        id: LineId,
        /// Rows scrolled.
        scroll: usize,
    },
    /// Nothing was sent because the facts had moved.
    Moved {
        /// What the person wanted.
        title: String,
        /// What moved.
        moved: Vec<String>,
    },
}
