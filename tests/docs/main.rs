//! The pages of the project say what the program does: keys, commands, permissions, links.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod keys;
mod links;
mod permissions;
