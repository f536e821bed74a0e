//! The simulated AWS over the wire: what clients see on the socket.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod control;
mod docs;
mod faults;
mod protocol;
mod raw;
mod sdk;
