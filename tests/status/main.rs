//! `cutover status` as a program that calls it sees it: the real binary against the simulated AWS,
//! on good days and bad ones, and its answer held against `docs/status.schema.json`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod agreement;
mod approvals;
mod bad_days;
mod course;
mod program;
mod schema;
mod shifting;
mod table;
mod truth;
