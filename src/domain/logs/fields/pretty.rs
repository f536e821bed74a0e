//! A JSON line over several lines.

use super::Value;
use super::json::{Elements, Members};

/// How much of a line is printed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Lines; what is left out is marked by a line of its own.
    pub lines: usize,
    /// Objects inside each other; deeper ones stay on one line.
    pub depth: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            lines: 500,
            depth: 8,
        }
    }
}

/// A JSON line with one member on each line, two blanks for each depth; `None` for a line that is
/// no whole JSON object.
pub fn pretty(message: &str, bounds: Bounds) -> Option<Vec<String>> {
    let text = message.trim();
    if !text.starts_with('{') || serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return None;
    }
    let mut page = Page {
        lines: Vec::new(),
        bounds,
    };
    page.print("", &Value::Object(text), 0, "");
    if page.lines.len() > bounds.lines {
        page.lines.truncate(bounds.lines);
        page.lines.push("…".to_owned());
    }
    Some(page.lines)
}

struct Page {
    lines: Vec<String>,
    bounds: Bounds,
}

impl Page {
    /// Prints a value behind its key. A line more than allowed tells that there is more.
    fn print(&mut self, key: &str, value: &Value<'_>, depth: usize, comma: &str) {
        if self.lines.len() > self.bounds.lines {
            return;
        }
        let indent = "  ".repeat(depth);
        let deep = depth >= self.bounds.depth;
        match value {
            Value::Object(raw) if !deep && Members::of(raw).next().is_some() => {
                self.lines.push(format!("{indent}{key}{{"));
                let mut members = Members::of(raw).peekable();
                while let Some((name, inner)) = members.next() {
                    let comma = if members.peek().is_some() { "," } else { "" };
                    self.print(&format!("{}: ", quoted(&name)), &inner, depth + 1, comma);
                }
                self.lines.push(format!("{indent}}}{comma}"));
            }
            Value::List(raw) if !deep && Elements::of(raw).next().is_some() => {
                self.lines.push(format!("{indent}{key}["));
                let mut elements = Elements::of(raw).peekable();
                while let Some(inner) = elements.next() {
                    let comma = if elements.peek().is_some() { "," } else { "" };
                    self.print("", &inner, depth + 1, comma);
                }
                self.lines.push(format!("{indent}]{comma}"));
            }
            Value::Text(text) => self
                .lines
                .push(format!("{indent}{key}{}{comma}", quoted(text))),
            plain => self
                .lines
                .push(format!("{indent}{key}{}{comma}", plain.text())),
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
