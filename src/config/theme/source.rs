//! One theme file as it is written, before it inherits and before colours are looked up.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::color::{ANSI_NAMES, Rgb, ansi_number};
use super::meaning::Meaning;
use crate::config::document::Document;
use crate::config::finding::{Finding, Place};
use crate::config::suggest;

/// A colour of a style: as such, or by its name in a palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColorRef {
    /// `#rrggbb`.
    Exact(Rgb),
    /// A name, and where it was used.
    Named(String, Place),
}

/// A style as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StyleSource {
    /// The colour of the text.
    pub fg: Option<ColorRef>,
    /// The colour of the ground.
    pub bg: Option<ColorRef>,
    /// What else is done to the text.
    pub attributes: Attributes,
}

/// What can be done to text besides colouring it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a terminal switches each of these by itself"
)]
pub struct Attributes {
    /// Heavier or brighter.
    pub bold: bool,
    /// Fainter.
    pub dim: bool,
    /// Slanted.
    pub italic: bool,
    /// With a line below.
    pub underlined: bool,
    /// With text and ground swapped.
    pub reversed: bool,
}

impl Attributes {
    /// The names in theme files.
    pub const NAMES: [&'static str; 5] = ["bold", "dim", "italic", "underlined", "reversed"];

    fn by_name(&mut self, name: &str) -> Option<&mut bool> {
        match name {
            "bold" => Some(&mut self.bold),
            "dim" => Some(&mut self.dim),
            "italic" => Some(&mut self.italic),
            "underlined" => Some(&mut self.underlined),
            "reversed" => Some(&mut self.reversed),
            _ => None,
        }
    }
}

/// A theme file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThemeSource {
    /// The theme that says what this one does not say.
    pub inherits: Option<(String, Place)>,
    /// Colours by name.
    pub palette: BTreeMap<String, Rgb>,
    /// Which of the sixteen colours stands for a name of the palette, by number. Without an entry
    /// the nearest one does.
    pub ansi16: BTreeMap<String, u8>,
    /// The styles, by the name of their meaning.
    pub styles: BTreeMap<&'static str, StyleSource>,
}

/// A theme file, and what was found while it was read.
#[derive(Debug, Default)]
pub struct Parsed {
    /// What could be read.
    pub source: ThemeSource,
    /// What cannot be used.
    pub errors: Vec<Finding>,
    /// Keys that nobody knows.
    pub warnings: Vec<Finding>,
}

/// Reads the text of the theme file `path`.
pub fn parse(path: &Path, text: &str) -> Parsed {
    let mut reader = Reader {
        document: Document::new(path, text),
        parsed: Parsed::default(),
    };
    match reader.document.parse() {
        Ok(table) => reader.read(&table),
        Err(finding) => reader.parsed.errors.push(finding),
    }
    reader.parsed
}

type Key<'a> = Spanned<Cow<'a, str>>;
type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'a> {
    document: Document<'a>,
    parsed: Parsed,
}

impl Reader<'_> {
    fn read(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "inherits" => self.read_inherits(value),
                "palette" => self.for_each(value, "palette", Self::read_color),
                "ansi16" => self.for_each(value, "ansi16", Self::read_ansi),
                "styles" => self.for_each(value, "styles", Self::read_style),
                other => {
                    let known = ["inherits", "palette", "ansi16", "styles"];
                    self.unknown("key", other, &known, &key.span());
                }
            }
        }
    }

    fn for_each(
        &mut self,
        value: &Value<'_>,
        section: &str,
        read: fn(&mut Self, &Key<'_>, &Value<'_>),
    ) {
        match value.get_ref().as_table() {
            Some(table) => table.iter().for_each(|(key, value)| read(self, key, value)),
            None => self.refuse(section, value, "a table"),
        }
    }

    fn read_inherits(&mut self, value: &Value<'_>) {
        match value.get_ref().as_str() {
            Some(name) => {
                let place = self.document.place(&value.span());
                self.parsed.source.inherits = Some((name.to_owned(), place));
            }
            None => self.refuse("inherits", value, "the name of a theme"),
        }
    }

    fn read_color(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let name = key.get_ref().to_string();
        match value.get_ref().as_str().and_then(Rgb::parse) {
            Some(color) => {
                self.parsed.source.palette.insert(name, color);
            }
            None => self.refuse(
                &format!("palette.{name}"),
                value,
                "a colour such as \"#7cc4ff\"",
            ),
        }
    }

    fn read_ansi(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let name = key.get_ref().to_string();
        if let Some(number) = value.get_ref().as_str().and_then(ansi_number) {
            self.parsed.source.ansi16.insert(name, number);
        } else {
            let expected = format!("one of {}", ANSI_NAMES.join(", "));
            self.refuse(&format!("ansi16.{name}"), value, &expected);
        }
    }

    fn read_style(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let name = key.get_ref().as_ref();
        let Some(meaning) = Meaning::from_name(name) else {
            let known: Vec<&str> = Meaning::ALL.iter().map(|meaning| meaning.name()).collect();
            self.unknown("style", name, &known, &key.span());
            return;
        };
        let Some(table) = value.get_ref().as_table() else {
            let expected = "a style such as { fg = \"#7cc4ff\", bold = true }";
            self.refuse(&format!("styles.{name}"), value, expected);
            return;
        };
        let mut style = StyleSource::default();
        for (attribute, value) in table {
            self.read_attribute(name, attribute, value, &mut style);
        }
        self.parsed.source.styles.insert(meaning.name(), style);
    }

    fn read_attribute(
        &mut self,
        style_name: &str,
        key: &Key<'_>,
        value: &Value<'_>,
        style: &mut StyleSource,
    ) {
        let name = key.get_ref().as_ref();
        let path = format!("styles.{style_name}.{name}");
        match (name, style.attributes.by_name(name)) {
            ("fg", _) => style.fg = self.color_ref(&path, value),
            ("bg", _) => style.bg = self.color_ref(&path, value),
            (_, Some(attribute)) => match value.get_ref().as_bool() {
                Some(switch) => *attribute = switch,
                None => self.refuse(&path, value, "true or false"),
            },
            (_, None) => {
                let known = [&["fg", "bg"][..], &Attributes::NAMES].concat();
                self.unknown("part of a style", name, &known, &key.span());
            }
        }
    }

    fn color_ref(&mut self, path: &str, value: &Value<'_>) -> Option<ColorRef> {
        let color = match value.get_ref().as_str() {
            Some(text) if text.starts_with('#') => Rgb::parse(text).map(ColorRef::Exact),
            Some(name) if !name.is_empty() => {
                let place = self.document.place(&value.span());
                Some(ColorRef::Named(name.to_owned(), place))
            }
            _ => None,
        };
        if color.is_none() {
            self.refuse(
                path,
                value,
                "a colour such as \"#7cc4ff\", or a name of the palette",
            );
        }
        color
    }

    fn refuse(&mut self, path: &str, value: &Value<'_>, expected: &str) {
        let message = format!(
            "{path} is {}, but must be {expected}",
            self.document.source(value)
        );
        self.parsed
            .errors
            .push(self.document.finding(&value.span(), message));
    }

    fn unknown(&mut self, what: &str, written: &str, known: &[&str], span: &Range<usize>) {
        let suggestion = suggest::nearest(written, known.iter().copied())
            .map(|near| format!("; did you mean {near}?"))
            .unwrap_or_default();
        let message = format!("unknown {what} {written}, it is ignored{suggestion}");
        self.parsed
            .warnings
            .push(self.document.finding(span, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_style_is_a_table_or_dotted_keys() {
        let table = "[styles]\nfailed = { fg = 'alarm', bold = true }";
        let dotted = "[styles]\n\nfailed.bold = true\nfailed.fg = '#ff0000'";
        let table = parse(Path::new("t"), table).source;
        let dotted = parse(Path::new("t"), dotted).source;
        assert!(table.styles["failed"].attributes.bold && dotted.styles["failed"].attributes.bold);
        let place = Place::Line {
            file: "t".into(),
            line: 2,
        };
        assert_eq!(
            table.styles["failed"].fg,
            Some(ColorRef::Named("alarm".into(), place))
        );
        assert_eq!(
            dotted.styles["failed"].fg,
            Some(ColorRef::Exact(Rgb::new(255, 0, 0)))
        );
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_line() {
        let parsed = parse(
            Path::new("t"),
            "inherits = 1\n[palette]\nsea = 'blue'\n[ansi16]\nsea = 'navy'\n\
             [styles]\ntext = 'sea'\nfailed = { fg = '#12', bold = 'yes' }\n",
        );
        assert!(parsed.warnings.is_empty());
        let errors = texts(&parsed.errors);
        assert_eq!(errors.len(), 6, "{errors:?}");
        for (error, expected) in errors.iter().zip([
            "t:1: inherits is 1, but must be the name of a theme",
            "t:3: palette.sea is 'blue', but must be a colour",
            "t:5: ansi16.sea is 'navy', but must be one of black, red,",
            "t:7: styles.text is 'sea', but must be a style",
            "t:8: styles.failed.fg is '#12', but must be a colour",
            "t:8: styles.failed.bold is 'yes', but must be true or false",
        ]) {
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn unknown_keys_are_warnings_with_a_suggestion() {
        let parsed = parse(
            Path::new("t"),
            "inherit = 'dark'\n[styles]\nfaild = {}\ntext = { color = '#ffffff', underline = true }\n",
        );
        assert!(parsed.errors.is_empty());
        assert_eq!(
            texts(&parsed.warnings),
            [
                "t:1: unknown key inherit, it is ignored; did you mean inherits?",
                "t:3: unknown style faild, it is ignored; did you mean failed?",
                "t:4: unknown part of a style color, it is ignored",
                "t:4: unknown part of a style underline, it is ignored; did you mean underlined?",
            ]
        );
    }
}
