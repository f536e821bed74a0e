//! What the benches share: the program in a terminal, the simulated AWS, a fleet as the core knows
//! it, log lines, and the table of figures.
#![allow(dead_code, reason = "every bench uses a part of it")]

pub mod figures;
pub mod fleet;
pub mod lines;
pub mod reading;
pub mod report;
pub mod simulator;
pub mod terminal;

/// Whether this is `cargo bench`. A test runner that starts every target gets nothing from a
/// bench, and waits for none.
pub fn is_wanted() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}
