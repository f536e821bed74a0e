//! The whole program in a real terminal, on the simulated AWS, with the clock moved by hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]
#![cfg(unix)]

mod cockpit;
mod simulator;
