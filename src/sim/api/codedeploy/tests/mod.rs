mod course;
mod harness;
