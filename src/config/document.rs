//! A TOML file whose parts know the line they stand on.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::finding::{Finding, Place};

/// A text with the name of its file, to turn positions into lines.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    file: PathBuf,
    text: &'a str,
}

impl<'a> Document<'a> {
    /// Takes a text and the file that it came from.
    pub fn new(file: &Path, text: &'a str) -> Self {
        Self {
            file: file.to_path_buf(),
            text,
        }
    }

    /// Reads the text as TOML; the error names the line.
    pub fn parse(&self) -> Result<DeTable<'a>, Finding> {
        DeTable::parse(self.text)
            .map(Spanned::into_inner)
            .map_err(|error| {
                let message = format!("this is not TOML: {}", error.message());
                Finding {
                    place: self.place(&error.span().unwrap_or_default()),
                    message,
                }
            })
    }

    /// The place of a part of the text.
    pub fn place(&self, span: &Range<usize>) -> Place {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        Place::Line {
            file: self.file.clone(),
            line: before.matches('\n').count() + 1,
        }
    }

    /// Something that is wrong with a part of the text.
    pub fn finding(&self, span: &Range<usize>, message: String) -> Finding {
        Finding {
            place: self.place(span),
            message,
        }
    }

    /// A value as it stands in the text, shortened to one line of at most 40 characters.
    pub fn source(&self, value: &Spanned<DeValue<'_>>) -> String {
        let source = self.text.get(value.span()).unwrap_or_default();
        let line = source.lines().next().unwrap_or_default();
        let short: String = line.chars().take(40).collect();
        if short.len() == source.len() {
            short
        } else {
            format!("{short}…")
        }
    }
}
