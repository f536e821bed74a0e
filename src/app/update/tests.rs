//! Messages in, state and effects out.

mod acting;
mod answers;
mod following;
mod moving;
mod pipelines;
mod properties;
mod reading_logs;
mod taking_logs;
mod typing;
