//! Keys as data: one table drives dispatch, the help screen, the line of keys, the configuration
//! and the documentation.

mod action;
mod chord;
mod keymap;

pub use action::{ACTIONS, Action, ActionSpec, Group, Place};
pub use chord::{Chord, ChordError};
pub use keymap::{KeyWarning, Keymap};
