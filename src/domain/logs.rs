//! Log lines and where to find them.

pub mod buffer;
pub mod fields;
pub mod histogram;
pub mod level;
mod line;
mod plan;
pub mod rules;
pub mod search;
mod source;
pub mod trace;

pub use line::{EventId, LogLine, StreamName, stream_parts};
pub use plan::{LogPlan, LogStreams, log_plan};
pub use source::LogSource;
