//! Finding a theme, following what it inherits from, and looking its colours up.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::meaning::Meaning;
use super::source::{self, ColorRef, StyleSource, ThemeSource};
use super::{Paint, Theme, ThemeStyle};
use crate::config::finding::{Finding, join};
use crate::config::settings::ThemeChoice;
use crate::config::terminal::Background;

/// The themes that come with the program: the name and the text.
pub const EMBEDDED: [(&str, &str); 4] = [
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    (
        "high-contrast",
        include_str!("../../../themes/high-contrast.toml"),
    ),
    (
        "colour-blind",
        include_str!("../../../themes/colour-blind.toml"),
    ),
];

/// The theme that every other one stands on in the end.
const ROOT: &str = "dark";

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// No theme has that name.
    #[error(
        "there is no theme {name}: it does not come with cutover, and {tried} is not there; \
         use {}, or put a file there",
        names(known)
    )]
    NotFound {
        /// What was asked for.
        name: String,
        /// Where it was looked for.
        tried: PathBuf,
        /// The themes that come with the program.
        known: Vec<&'static str>,
    },
    /// A file cannot be read.
    #[error("cannot read the theme {path}: {source}; check the path")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Values that cannot be used, all of them at once.
    #[error(
        "the theme cannot be used:\n{}\nCorrect these, or choose another theme",
        join(findings)
    )]
    Invalid {
        /// Every value that was refused.
        findings: Vec<Finding>,
    },
    /// Themes that inherit from each other.
    #[error(
        "the theme inherits from itself: {}; take one of the inherits lines away",
        chain.join(", then ")
    )]
    Circle {
        /// The names, from the one that was asked for to the one that came again.
        chain: Vec<String>,
    },
}

fn names(known: &[&str]) -> String {
    known.join(", ")
}

/// Loads the theme that was chosen, from the program or from files. `themes_dir` holds themes of
/// one's own; a file there wins over the theme of the same name that comes with the program, and
/// may inherit from it by that name. The second part of the result is what is doubtful.
pub fn load(
    choice: &ThemeChoice,
    background: Option<Background>,
    themes_dir: &Path,
) -> Result<(Theme, Vec<Finding>), ThemeError> {
    let mut loader = Loader {
        themes_dir,
        chain: Vec::new(),
        warnings: Vec::new(),
    };
    let source = match choice {
        ThemeChoice::Auto => loader.named(match background {
            Some(Background::Light) => "light",
            Some(Background::Dark) | None => "dark",
        })?,
        ThemeChoice::Named(name) => loader.named(name)?,
        ThemeChoice::File(path) => loader.file(path, None)?,
    };
    Ok((look_up(&source)?, loader.warnings))
}

struct Loader<'a> {
    themes_dir: &'a Path,
    /// What is being inherited from whom, to notice circles.
    chain: Vec<String>,
    warnings: Vec<Finding>,
}

impl Loader<'_> {
    /// A theme by name, with all that it inherits.
    fn named(&mut self, name: &str) -> Result<ThemeSource, ThemeError> {
        let path = self.themes_dir.join(format!("{name}.toml"));
        // A name is no way out of the directory.
        if !name.contains(std::path::is_separator) && path.is_file() {
            return self.file(&path, Some(name));
        }
        self.embedded(name).unwrap_or_else(|| {
            let known = EMBEDDED.iter().map(|(name, _)| *name).collect();
            Err(ThemeError::NotFound {
                name: name.to_owned(),
                tried: path,
                known,
            })
        })
    }

    fn embedded(&mut self, name: &str) -> Option<Result<ThemeSource, ThemeError>> {
        let (name, text) = EMBEDDED.iter().find(|(known, _)| *known == name)?;
        let path = PathBuf::from(format!("{name}.toml (part of cutover)"));
        Some(self.complete(&path, text, *name == ROOT, None))
    }

    fn file(&mut self, path: &Path, own_name: Option<&str>) -> Result<ThemeSource, ThemeError> {
        let text = fs::read_to_string(path).map_err(|source| ThemeError::Read {
            path: path.to_path_buf(),
            source,
        })?;
        self.complete(path, &text, false, own_name)
    }

    /// Reads a theme and puts it on what it inherits from.
    fn complete(
        &mut self,
        path: &Path,
        text: &str,
        is_root: bool,
        own_name: Option<&str>,
    ) -> Result<ThemeSource, ThemeError> {
        let shown = path.display().to_string();
        let seen = self.chain.contains(&shown);
        self.chain.push(shown);
        if seen {
            return Err(ThemeError::Circle {
                chain: self.chain.clone(),
            });
        }
        let source::Parsed {
            source,
            errors,
            warnings,
        } = source::parse(path, text);
        if !errors.is_empty() {
            return Err(ThemeError::Invalid { findings: errors });
        }
        self.warnings.extend(warnings);
        if is_root {
            return Ok(source);
        }
        let parent = source.inherits.as_ref().map_or(ROOT, |(name, _)| name);
        // `dark` that inherits `dark` means the one that it hides.
        let hidden = own_name
            .filter(|own| *own == parent)
            .and_then(|own| self.embedded(own));
        let base = hidden.unwrap_or_else(|| self.named(parent));
        let base = base.map_err(|error| point_at_inherits(error, &source))?;
        Ok(merge(base, source))
    }
}

/// A theme that is missing further up is told at the line that asks for it.
fn point_at_inherits(error: ThemeError, source: &ThemeSource) -> ThemeError {
    match (&error, &source.inherits) {
        (ThemeError::NotFound { .. }, Some((_, place))) => {
            let message = error.to_string();
            ThemeError::Invalid {
                findings: vec![Finding {
                    place: place.clone(),
                    message,
                }],
            }
        }
        _ => error,
    }
}

/// What the child says wins: colour by colour, and style by whole style.
fn merge(mut base: ThemeSource, child: ThemeSource) -> ThemeSource {
    // A colour that changes may look like another one of the sixteen.
    for name in child.palette.keys() {
        base.ansi16.remove(name);
    }
    base.palette.extend(child.palette);
    base.ansi16.extend(child.ansi16);
    base.styles.extend(child.styles);
    base.inherits = child.inherits;
    base
}

fn look_up(source: &ThemeSource) -> Result<Theme, ThemeError> {
    let mut findings = Vec::new();
    let styles = Meaning::ALL
        .iter()
        .map(|meaning| match source.styles.get(meaning.name()) {
            Some(style) => look_up_style(style, source, &mut findings),
            None => ThemeStyle::default(),
        })
        .collect();
    if findings.is_empty() {
        Ok(Theme { styles })
    } else {
        Err(ThemeError::Invalid { findings })
    }
}

fn look_up_style(
    style: &StyleSource,
    source: &ThemeSource,
    findings: &mut Vec<Finding>,
) -> ThemeStyle {
    let mut paint = |color: &Option<ColorRef>| match color {
        None => None,
        Some(ColorRef::Exact(rgb)) => Some(Paint {
            rgb: *rgb,
            ansi16: None,
        }),
        Some(ColorRef::Named(name, place)) => {
            let found = source.palette.get(name);
            if found.is_none() {
                let message = unknown_color(name, &source.palette);
                findings.push(Finding {
                    place: place.clone(),
                    message,
                });
            }
            found.map(|rgb| Paint {
                rgb: *rgb,
                ansi16: source.ansi16.get(name).copied(),
            })
        }
    };
    ThemeStyle {
        fg: paint(&style.fg),
        bg: paint(&style.bg),
        attributes: style.attributes,
    }
}

fn unknown_color(name: &str, palette: &BTreeMap<String, super::color::Rgb>) -> String {
    let known: Vec<&str> = palette.keys().map(String::as_str).collect();
    format!(
        "the palette has no colour {name}; it has {}",
        known.join(", ")
    )
}
