//! The engine and the operations of ECS, seen as a client sees them.

mod blue_green;
mod breaker;
mod harness;
mod properties;
mod reads;
mod rolling;
mod shifts;
mod stopping;
mod tasks;
mod writes;
