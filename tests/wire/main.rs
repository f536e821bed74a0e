//! The program's side of the wire: the real SDK against real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod bad_endpoints;
mod changes;
mod no_configuration;
mod reads;
mod server;
