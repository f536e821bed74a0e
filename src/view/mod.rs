//! Drawing: one file for each screen or region. A view draws what the model says and decides
//! nothing.

pub mod style;
pub mod symbols;
