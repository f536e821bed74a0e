//! cutover: the release cockpit for Amazon ECS in the terminal.
//!
//! `docs/architecture.md` draws how the parts fit together. The crate is a library so that tests
//! and benches can reach every part; the program is the thin binary beside it.

pub mod app;
pub mod aws;
pub mod cli;
pub mod config;
pub mod domain;
pub mod keys;
pub mod runtime;
pub mod sim;
pub mod view;
