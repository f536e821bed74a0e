//! The pure core: everything that can happen is a [`msg::Msg`], [`update::update`] is the only place
//! that changes the [`model::Model`], and what it wants done leaves it as an [`effect::Effect`].
//!
//! Nothing here reads a clock, does I/O or spawns anything.

pub mod action_log;
pub mod availability;
pub mod below;
pub mod command;
pub mod dialog;
pub mod effect;
pub mod feed;
pub mod filter;
#[cfg(test)]
pub(crate) mod fixture;
pub mod freshness;
pub mod gate;
pub mod inbox;
mod incident;
pub mod interest;
pub mod list;
pub mod log_sources;
pub mod logs;
pub mod logs_range;
pub mod model;
pub mod msg;
pub mod operation;
pub mod pipeline_links;
pub mod query;
pub mod reading;
pub mod row;
pub mod rows;
pub mod screen;
pub mod selection;
pub mod store;
pub mod summary;
pub mod timeline;
pub mod update;
