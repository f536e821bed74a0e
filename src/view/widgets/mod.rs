//! Shared pieces of screens.

pub mod beside;
pub mod document;
pub mod facts;
pub mod gauge;
pub mod pieces;
pub mod table;
pub mod text;
pub mod time;
pub mod window;
