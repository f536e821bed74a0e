//! The simulated AWS: a real HTTP server on loopback that speaks the AWS wire protocols over a
//! world of pure state machines.
//!
//! It imports nothing from the rest of the crate, and only `cli` and tests import it: the program
//! and the simulator meet on a socket.

pub mod api;
pub mod clock;
pub mod control;
pub mod faults;
pub mod limits;
pub mod rng;
pub mod scenario;
pub mod server;
pub mod sessions;
pub mod simulation;
mod tailing;
pub mod wire;
pub mod world;
