//! cutover: the release cockpit for Amazon ECS in the terminal.
//!
//! `docs/architecture.md` draws how the parts fit together. The crate is a library so that tests
//! and benches can reach every part; the program is the thin binary beside it.

pub mod aws;
pub mod domain;
pub mod sim;
