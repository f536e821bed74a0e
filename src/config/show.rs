//! `cutover config show`: what is in effect, and why.

use std::fmt::Write;

use super::load::Loaded;
use super::table::{SETTINGS, quoted};

/// The settings in effect as TOML that could be used as a configuration, each with where it comes
/// from. The files come first.
pub fn text(loaded: &Loaded) -> String {
    let mut lines = Vec::new();
    let mut section = "";
    for setting in SETTINGS {
        let (own_section, key) = setting.section_and_key();
        if own_section != section {
            section = own_section;
            lines.push((format!("[{section}]"), None));
        }
        let value = match (setting.show)(&loaded.settings) {
            Some(value) => format!("{key} = {value}"),
            None if setting.sdk_variables.is_empty() => format!("# {key} is not set"),
            None => format!("# {key} is left to the AWS SDK"),
        };
        lines.push((value, Some(loaded.origins.of(setting.path).to_string())));
    }
    lines.push(("[keys]".to_owned(), None));
    for (action, keys) in &loaded.settings.keys {
        let keys: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
        let value = format!("{} = [{}]", bare_or_quoted(action), keys.join(", "));
        lines.push((
            value,
            Some(loaded.origins.of(&format!("keys.{action}")).to_string()),
        ));
    }
    header(loaded) + &aligned(&lines)
}

fn header(loaded: &Loaded) -> String {
    let paths = &loaded.paths;
    let state = if loaded.file_was_read {
        "read"
    } else {
        "not there"
    };
    format!(
        "# configuration  {} ({state})\n# themes         {}\n# action log     {}\n# program's log  {}\n\n",
        paths.config_file.display(),
        paths.themes_dir.display(),
        paths.action_log.display(),
        paths.program_log.display(),
    )
}

/// The origins in a column of their own, which a long value does not push away for all.
fn aligned(lines: &[(String, Option<String>)]) -> String {
    let width = |text: &str| text.chars().count();
    let widths = lines
        .iter()
        .filter(|(_, origin)| origin.is_some())
        .map(|(text, _)| width(text));
    let column = widths
        .filter(|width| *width <= 40)
        .max()
        .unwrap_or_default();
    let mut out = String::new();
    for (text, origin) in lines {
        let written = match origin {
            Some(origin) => {
                let gap = " ".repeat(column.saturating_sub(width(text)));
                writeln!(out, "{text}{gap}  # {origin}")
            }
            None => writeln!(out, "\n{text}"),
        };
        debug_assert!(written.is_ok(), "writing to a text cannot fail");
    }
    out
}

fn bare_or_quoted(key: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if !key.is_empty() && key.chars().all(is_bare) {
        key.to_owned()
    } else {
        quoted(key)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::file;
    use super::super::origin::{Origin, Origins};
    use super::super::paths::Paths;
    use super::super::settings::Settings;
    use super::*;

    fn loaded() -> Loaded {
        let mut settings = Settings::default();
        let mut origins = Origins::default();
        let text =
            "region = 'eu-west-1'\n[production]\nclusters = ['prod-*']\n[keys]\nopen = 'o'\n";
        file::apply(Path::new("c.toml"), text, &mut settings, &mut origins);
        settings.read_only = true;
        origins.note("read_only", Origin::Flag("--read-only"));
        origins.note("profile", Origin::Sdk("AWS_PROFILE"));
        let paths = Paths::new(None, &|_| None, Some(Path::new("/home/ada"))).unwrap();
        Loaded {
            settings,
            origins,
            paths,
            file_was_read: true,
            warnings: Vec::new(),
        }
    }

    #[test]
    fn it_names_every_value_and_its_source() {
        insta::assert_snapshot!(text(&loaded()));
    }

    #[test]
    fn it_can_be_read_as_a_configuration() {
        let original = loaded();
        let mut settings = Settings::default();
        let outcome = file::apply(
            Path::new("c"),
            &text(&original),
            &mut settings,
            &mut Origins::default(),
        );
        assert!(
            outcome.errors.is_empty() && outcome.warnings.is_empty(),
            "{outcome:?}"
        );
        assert_eq!(settings, original.settings);
    }
}
