//! docs/configuration.md is held against the tables that the program works with.

use super::settings::Settings;
use super::table::SETTINGS;
use super::theme::load::EMBEDDED;
use super::theme::meaning::Meaning;
use super::theme::source::{self, Attributes};

const TEXT: &str = include_str!("../../docs/configuration.md");

/// The row of a table that starts with that word, in the part of the text under that heading.
fn row(heading: &str, first: &str) -> &'static str {
    let part = TEXT
        .split("\n## ")
        .find(|part| part.starts_with(heading))
        .unwrap();
    let start = format!("| `{first}` |");
    let mut rows = part.lines().filter(|line| line.starts_with(&start));
    let found = rows.next().unwrap_or_else(|| panic!("no row for {first}"));
    assert_eq!(rows.next(), None, "two rows for {first}");
    found
}

#[test]
fn every_setting_has_a_row_with_its_default_its_flag_and_its_variables() {
    for setting in SETTINGS {
        let row = row("Settings", setting.path);
        let default = (setting.show)(&Settings::default());
        let default = default.map_or("| not set |".to_owned(), |text| format!("| `{text}` |"));
        assert!(row.contains(&default), "{row}");
        let sources = setting.flag.into_iter().chain(setting.variable);
        for source in sources.chain(setting.sdk_variables.iter().copied()) {
            assert!(row.contains(&format!("`{source}`")), "{row} lacks {source}");
        }
    }
}

#[test]
fn every_style_has_a_row_that_says_what_it_is_for() {
    for meaning in Meaning::ALL {
        let expected = format!("| `{}` | {} |", meaning.name(), meaning.about());
        assert_eq!(row("Themes", meaning.name()), expected);
    }
}

#[test]
fn themes_attributes_and_the_shared_palette_are_named() {
    let (_, dark) = EMBEDDED[0];
    let palette = source::parse("dark.toml".as_ref(), dark).source.palette;
    let names = palette.keys().map(String::as_str).chain(Attributes::NAMES);
    for name in names.chain(EMBEDDED.map(|(name, _)| name)) {
        assert!(TEXT.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn the_example_of_a_theme_can_be_used() {
    let example = TEXT
        .split("```toml\n")
        .find(|part| part.starts_with("inherits"))
        .unwrap();
    let parsed = source::parse("example".as_ref(), example.split("```").next().unwrap());
    assert!(
        parsed.errors.is_empty() && parsed.warnings.is_empty(),
        "{parsed:?}"
    );
    assert_eq!(parsed.source.styles.len(), 2);
}
