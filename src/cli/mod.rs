//! The command line: what can be typed, and one file for each command that does not open the
//! cockpit.

pub mod args;
