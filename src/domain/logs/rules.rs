//! Filters that stack: what a line must have, and what it must not have.

mod sieve;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::StreamName;
use super::fields::{FieldPath, Value};
use super::level::Level;
use super::search::Search;

pub(super) use sieve::{Sieve, Verdict};

#[cfg(test)]
mod tests;

/// Whether what a rule finds is shown or hidden.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// Only lines like these are shown.
    Include,
    /// Lines like these are hidden.
    Exclude,
}

/// One filter of the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whether what it finds is shown or hidden.
    pub kind: RuleKind,
    /// What it finds.
    pub test: Test,
    /// One that is switched off stays in the stack and does nothing.
    pub enabled: bool,
}

/// What a rule finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// A plain text or a regular expression in the message.
    Text(Search),
    /// Letters in this order, as fuzzy finders have it.
    Fuzzy(String),
    /// A level, or a graver one. A line without a level has none of them.
    Level(Level),
    /// The lines of one task, by the task id in the stream's name.
    Task(String),
    /// The lines of one container, by its name in the stream's name.
    Container(String),
    /// The lines of some streams, such as those of one side of a release.
    Streams(StreamSet),
    /// A field of JSON and logfmt lines.
    Field {
        /// The field.
        path: FieldPath,
        /// What its value has to be.
        comparison: Comparison,
    },
}

/// Streams with a name for what they have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamSet {
    /// What they have in common, such as `new`.
    pub label: String,
    /// The streams. One that is born later is in no set that was made before.
    pub streams: Arc<BTreeSet<Arc<StreamName>>>,
}

/// What the value of a field has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The field is there, and not `null`.
    Exists,
    /// It is this text, whatever its case.
    Equals(String),
    /// It is there, and another text.
    Differs(String),
    /// It has this text or expression.
    Contains(Search),
    /// It is a number below this one.
    Below(Bound),
    /// It is this number or one above it.
    AtLeast(Bound),
}

/// A number to compare with, which is not NaN.
#[derive(Copy, Clone, Debug)]
pub struct Bound(f64);

impl Bound {
    /// Takes a number; `None` for NaN.
    pub fn new(number: f64) -> Option<Self> {
        (!number.is_nan()).then_some(Self(number))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl PartialEq for Bound {
    fn eq(&self, other: &Self) -> bool {
        self.0.total_cmp(&other.0) == Ordering::Equal
    }
}

impl Eq for Bound {}

impl Comparison {
    /// Whether a value is what it has to be.
    pub fn holds(&self, value: &Value<'_>) -> bool {
        let number = || value.number();
        match self {
            Self::Exists => *value != Value::Null,
            Self::Equals(text) => equal(value.text(), text),
            Self::Differs(text) => !equal(value.text(), text),
            Self::Contains(search) => search.is_in(value.text()),
            Self::Below(bound) => number().is_some_and(|number| number < bound.0),
            Self::AtLeast(bound) => number().is_some_and(|number| number >= bound.0),
        }
    }
}

fn equal(text: &str, other: &str) -> bool {
    text.eq_ignore_ascii_case(other) || text.to_lowercase() == other.to_lowercase()
}

/// The stack of filters, and how much is shown around what they find.
///
/// A line and what belongs to it, such as its stack trace, are one text here: they pass together or
/// not at all.
///
/// - It is hidden when any enabled exclusion finds something in it.
/// - Inclusions that ask for the same thing are alternatives: two texts, two tasks, two levels, two
///   values of one field. Those that ask for different things narrow each other: a task *and* a
///   text.
/// - Context is counted in such texts, among those that no exclusion hides and that the inclusions
///   of tasks, containers and streams let pass: around a line of a task is what that task said.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Filters {
    /// The stack.
    pub rules: Vec<Rule>,
    /// Texts that are shown before each one that is found.
    pub before: usize,
    /// Texts that are shown behind each one that is found.
    pub after: usize,
}

impl Filters {
    /// Whether everything passes.
    pub fn is_open(&self) -> bool {
        !self.rules.iter().any(|rule| rule.enabled)
    }
}
