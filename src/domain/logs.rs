//! Log lines and where to find them.

mod line;
mod plan;
mod source;

pub use line::{EventId, LogLine, StreamName, stream_parts};
pub use plan::{LogPlan, LogStreams, log_plan};
pub use source::LogSource;
