//! Themes: colours by meaning, in TOML files that can inherit from each other.

pub mod color;
pub mod load;
pub mod meaning;
pub mod source;

use self::color::Rgb;
use self::meaning::Meaning;
use self::source::Attributes;

/// A theme with everything looked up, ready for a terminal of any depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// One style for each meaning, in the order of [`Meaning::ALL`].
    styles: Vec<ThemeStyle>,
}

/// A colour of a theme.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Paint {
    /// The colour itself.
    pub rgb: Rgb,
    /// The number among the sixteen colours that the theme asks for, where it does.
    pub ansi16: Option<u8>,
}

/// A style of a theme.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct ThemeStyle {
    /// The text; `None` keeps the colour that is there.
    pub fg: Option<Paint>,
    /// The ground; `None` keeps the colour that is there.
    pub bg: Option<Paint>,
    /// What else is done to the text.
    pub attributes: Attributes,
}

impl Theme {
    /// The style of a meaning.
    pub fn style(&self, meaning: Meaning) -> ThemeStyle {
        self.styles
            .get(meaning as usize)
            .copied()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
