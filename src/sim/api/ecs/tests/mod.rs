//! The engine and the operations of ECS, seen as a client sees them.

mod alarms;
mod blue_green;
mod breaker;
mod gradual;
mod harness;
mod images;
mod properties;
mod reads;
mod rolling;
mod shift_properties;
mod shifts;
mod stopping;
mod task_sets;
mod tasks;
mod writes;
