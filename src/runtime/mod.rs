//! The edge: the event loop, the terminal, the polls, and everything that the pure core wants done.

mod actions;
pub mod clock;
mod effects;
mod event_loop;
mod facts;
pub mod feed;
mod frames;
pub mod headless;
mod link;
mod look;
mod notify;
mod pace;
mod poll;
mod poller;
mod recorder;
mod save;
mod terminal;

pub use event_loop::{Cockpit, CockpitError, Connecting, run};
pub use look::LookSource;
pub use recorder::Recorder;
