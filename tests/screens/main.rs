//! What the screens look like: every screen and state as text, and every theme with its styles.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod board;
mod codedeploy;
mod dialogs;
mod fixture;
mod footer;
mod gates;
mod inventory;
mod journal;
mod kinds;
mod logs;
mod paint;
mod pipelines;
mod pipes;
mod release;
mod shifts;
mod sizes;
mod states;
mod themes;
mod world;
