//! The panel of the filters that stand on each other.

use tui_input::Input;

/// The panel's state. The filters themselves belong to the screen.
#[derive(Clone, Debug, Default)]
pub struct FilterPanel {
    /// The filter under the cursor, from the top.
    pub cursor: usize,
    /// The filter that is being written, where one is.
    pub typing: Option<Typing>,
}

/// A filter that is being written.
#[derive(Clone, Debug, Default)]
pub struct Typing {
    /// What is typed.
    pub input: Input,
    /// The filter whose place it takes; `None` for a new one.
    pub replaces: Option<usize>,
    /// Why it is no filter yet.
    pub error: Option<String>,
}

impl Typing {
    /// A new filter that begins with some text.
    pub fn new(text: &str) -> Self {
        Self {
            input: Input::new(text.to_owned()),
            ..Self::default()
        }
    }
}

/// A filter of the stack as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stacked {
    /// The text.
    pub text: String,
    /// One that is switched off stays in the stack and does nothing.
    pub enabled: bool,
}

impl Stacked {
    /// A filter that is switched on.
    pub fn new(text: String) -> Self {
        Self {
            text,
            enabled: true,
        }
    }

    /// Hides what was shown, or shows what was hidden.
    pub fn turn_round(&mut self) {
        self.text = match self.text.strip_prefix('!') {
            Some(rest) => rest.trim_start().to_owned(),
            None => format!("!{}", self.text),
        };
    }
}
