//! The whole program in a real terminal, on the simulated AWS, with the clock moved by hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]
#![cfg(unix)]

mod act;
mod bad_days;
mod cockpit;
mod codedeploy;
mod gates;
mod logs;
mod picture;
mod pipelines;
mod preflight;
mod production;
mod races;
mod screenshots;
mod shifting;
mod simulator;
mod take_away;
mod terminal;
mod traffic;
mod watch;
