//! The logs screen: its lines and how they are read.

mod evidence;
mod panel;
mod reading;
mod rule_text;
mod session;
mod takeaway;
#[cfg(test)]
mod tests;

pub use panel::{FilterPanel, Stacked, Typing};
pub use reading::{Hue, JsonForm, LogsState, Place, Searching, Seek, Target, Times};
pub use rule_text::{parse as parse_rule, search as parse_search};
pub use session::LogBuffer;
pub(crate) use takeaway::plain;
pub use takeaway::{Extent, Takeaway};
