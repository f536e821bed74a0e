//! The tables of `docs/keys.md` are those of the program, and the keys that the README names exist.

use std::fmt::Write;
use std::path::PathBuf;

use cutover::app::command::COMMANDS;
use cutover::keys::{ACTIONS, Chord, Group, Keymap};

const BEGIN: &str = "<!-- tables: written by the test, see the end of this page -->\n";
const END: &str = "<!-- end of the tables -->\n";

fn page() -> (PathBuf, String) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

fn code(words: &[&str]) -> String {
    let marked: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    marked.join(", ")
}

fn tables() -> String {
    let mut text = String::new();
    for group in Group::ALL {
        let title = group.title();
        let _ = write!(
            text,
            "\n## {title}\n\n| key | action | what it does |\n| --- | --- | --- |\n"
        );
        for action in ACTIONS.iter().filter(|action| action.spec().group == group) {
            let spec = action.spec();
            let keys = code(spec.keys);
            let _ = writeln!(text, "| {keys} | `{}` | {} |", spec.name, spec.summary);
        }
    }
    text.push_str("\n## Commands\n\n| command | also | what it does |\n| --- | --- | --- |\n");
    for command in COMMANDS {
        let also = code(command.aliases);
        let line = format!("{} {}", command.name, command.argument);
        let _ = writeln!(
            text,
            "| `:{}` | {also} | {} |",
            line.trim_end(),
            command.summary
        );
    }
    text.push('\n');
    text
}

#[test]
fn the_page_of_keys_is_the_table_of_the_program() {
    let (path, page) = page();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (told, after) = rest.split_once(END).unwrap();
    let tables = tables();
    if told == tables {
        return;
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{tables}{END}{after}")).unwrap();
        return;
    }
    let diff = similar::TextDiff::from_lines(told, &tables);
    panic!(
        "docs/keys.md is not what the program does; UPDATE_DOCS=1 cargo test --test docs mends it\n{}",
        diff.unified_diff().header("docs/keys.md", "the program")
    );
}

/// A cell with `|` in it would break the table.
#[test]
fn no_cell_breaks_its_table() {
    for line in tables().lines().filter(|line| line.starts_with('|')) {
        assert_eq!(line.matches('|').count(), 4, "{line}");
    }
}

#[test]
fn the_keys_of_the_readme_are_keys() {
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once("\n## Keys\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let keymap = Keymap::standard();
    let mut seen = 0;
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    for cell in rows.filter_map(|row| row.split('|').nth(1)) {
        for key in cell.split('`').skip(1).step_by(2) {
            let chord = Chord::parse(key).unwrap_or_else(|error| panic!("{error}"));
            let does = |in_logs| keymap.action(chord, in_logs).is_some();
            assert!(does(false) || does(true), "{key} does nothing");
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}
