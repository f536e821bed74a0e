//! Log lines and where to find them.

pub mod buffer;
pub mod fields;
pub mod histogram;
pub mod level;
mod line;
mod mark;
mod origin;
pub mod plain;
mod plan;
pub mod rules;
pub mod search;
mod source;
pub mod trace;

pub use line::{Delivery, EventId, LogLine, StreamName, stream_parts};
pub use mark::{Mark, fresh_marks, marks};
pub use origin::{Origin, Origins, Side, release_of, side_of};
pub use plan::{LogPlan, LogStreams, container_stream, log_plan};
pub use source::LogSource;
