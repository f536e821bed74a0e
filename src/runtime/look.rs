//! How the screen looks on this terminal.

use std::path::PathBuf;

use crate::config::settings::{Symbols, ThemeChoice, TimeZoneChoice};
use crate::config::terminal::{Background, ColorDepth};
use crate::config::theme::load::{self, ThemeError};
use crate::view::Look;
use crate::view::style::Styles;
use crate::view::symbols::SymbolSet;

/// What the look is made from, so that it can be made again when the terminal says that it is light.
#[derive(Clone, Debug)]
pub struct LookSource {
    /// The theme that is wanted.
    pub theme: ThemeChoice,
    /// Where the person's own themes are.
    pub themes_dir: PathBuf,
    /// How many colours there are.
    pub depth: ColorDepth,
    /// The symbols.
    pub symbols: Symbols,
    /// The zone of the times on screen.
    pub zone: TimeZoneChoice,
    /// What the environment says about the ground.
    pub background: Option<Background>,
    /// Whether the terminal can be asked about its ground.
    pub may_be_asked: bool,
}

impl LookSource {
    /// Makes the look, and the warnings about the theme's file. Fails when the theme cannot be read.
    pub fn make(&self) -> Result<(Look, Vec<String>), ThemeError> {
        let (theme, findings) = load::load(&self.theme, self.background, &self.themes_dir)?;
        let look = Look {
            styles: Styles::new(&theme, self.depth),
            symbols: SymbolSet::of(self.symbols),
            zone: self.zone.zone(),
        };
        Ok((look, findings.iter().map(ToString::to_string).collect()))
    }

    /// Whether asking the terminal for its ground could change anything.
    pub(super) fn wants_background(&self) -> bool {
        self.theme == ThemeChoice::Auto && self.background.is_none() && self.may_be_asked
    }
}
