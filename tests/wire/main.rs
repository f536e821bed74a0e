//! Both sides of the wire: the simulated AWS as clients see it on the socket, and the program's own
//! client against real sockets that answer well, badly or never.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod accounts;
mod bad_endpoints;
mod changes;
mod changes_of_pipelines;
mod cockpit_on_simulator;
mod codepipeline;
mod control;
mod docs;
mod faults;
mod feed;
mod live_tail;
mod log_pages;
mod no_configuration;
mod pipelines;
mod pipelines_on_simulator;
mod preflight;
mod protocol;
mod raw;
mod reads;
mod sdk;
mod server;
mod sides;
mod sides_on_simulator;
mod task_sets_on_simulator;
mod traffic;
