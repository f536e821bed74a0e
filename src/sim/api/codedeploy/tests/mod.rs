mod course;
mod harness;
mod pace;
mod properties;
mod reads;
mod rollback;
mod stopping;
mod waits;
