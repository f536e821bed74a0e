//! Filters as they are typed: one line for each.
//!
//! ```text
//! text            lines with the text, whatever its case
//! -r expression   lines that a regular expression finds
//! -f letters      fuzzy
//! level>=warn     lines of a level or a graver one
//! task:4f1c       the lines of a task, by the beginning of its id
//! container:app   the lines of a container
//! side:new        the lines of one side of the release
//! .path=value     JSON and logfmt fields: =, !=, ~ (has the text), <, >=, or nothing: it is there
//! !…              hides what the rest finds
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::logs::fields::FieldPath;
use crate::domain::logs::level::Level;
use crate::domain::logs::rules::{Bound, Comparison, Rule, RuleKind, StreamSet, Test};
use crate::domain::logs::search::Search;
use crate::domain::logs::{Origins, Side, StreamName};

/// Reads a filter. The error says in words why it is none.
pub fn parse(text: &str, origins: &Origins) -> Result<Rule, String> {
    let text = text.trim();
    let (kind, rest) = match text.strip_prefix('!') {
        Some(rest) => (RuleKind::Exclude, rest.trim_start()),
        None => (RuleKind::Include, text),
    };
    Ok(Rule {
        kind,
        test: test(rest, origins)?,
        enabled: true,
    })
}

/// Reads what is searched for: text, or a regular expression behind `-r`.
pub fn search(text: &str) -> Result<Search, String> {
    match text.trim().strip_prefix("-r ") {
        Some(expression) => Search::regex(expression.trim()).map_err(|error| error.to_string()),
        None => Search::plain(text.trim()).ok_or_else(|| "there is nothing to look for".to_owned()),
    }
}

fn test(text: &str, origins: &Origins) -> Result<Test, String> {
    if let Some(letters) = text.strip_prefix("-f ").map(str::trim) {
        return match letters {
            "" => Err("there are no letters to look for".into()),
            letters => Ok(Test::Fuzzy(letters.to_owned())),
        };
    }
    for prefix in ["level>=", "level:", "level="] {
        if let Some(word) = text.strip_prefix(prefix) {
            return level(word.trim());
        }
    }
    if let Some(id) = text.strip_prefix("task:") {
        return task(id.trim(), origins);
    }
    if let Some(name) = text.strip_prefix("container:") {
        return Ok(Test::Container(name.trim().to_owned()));
    }
    if let Some(word) = text.strip_prefix("side:") {
        return side(word.trim(), origins);
    }
    if let Some(field) = text.strip_prefix("$.").or_else(|| field_in(text)) {
        return self::field(field);
    }
    search(text).map(Test::Text)
}

/// A dot and a letter begin a path; a text that begins with a dot is rare, and `-r` finds it.
fn field_in(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('.')?;
    let begins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '@');
    rest.starts_with(begins).then_some(rest)
}

fn level(word: &str) -> Result<Test, String> {
    let names = || Level::ALL.map(Level::name).join(", ");
    Level::named(word)
        .map(Test::Level)
        .ok_or_else(|| format!("{word:?} is no level: {}", names()))
}

fn task(id: &str, origins: &Origins) -> Result<Test, String> {
    let known: BTreeSet<&str> = origins
        .iter()
        .map(|(stream, _)| stream.task())
        .filter(|task| task.starts_with(id) && !task.is_empty())
        .collect();
    match (known.first(), known.len()) {
        _ if id.is_empty() => Err("a task is named by the beginning of its id".into()),
        (Some(task), 1) => Ok(Test::Task((*task).to_owned())),
        (Some(_), several) => Err(format!("{several} tasks begin with {id}")),
        (None, _) => Err(format!("no task here begins with {id}")),
    }
}

fn side(word: &str, origins: &Origins) -> Result<Test, String> {
    let side = [Side::Old, Side::New]
        .into_iter()
        .find(|side| side.label() == word)
        .ok_or_else(|| "a side is old or new".to_owned())?;
    let of_side = origins
        .iter()
        .filter(|(_, origin)| origin.side == Some(side));
    let streams: BTreeSet<Arc<StreamName>> = of_side
        .map(|(stream, _)| Arc::new(stream.clone()))
        .collect();
    Ok(Test::Streams(StreamSet {
        label: side.label().to_owned(),
        streams: Arc::new(streams),
    }))
}

fn field(text: &str) -> Result<Test, String> {
    let sign = text.find(['=', '!', '~', '<', '>']);
    let (path, rest) = text.split_at(sign.unwrap_or(text.len()));
    let path =
        FieldPath::new(path.trim()).ok_or_else(|| format!("{path:?} is no path of a field"))?;
    let comparison = comparison(rest)?;
    Ok(Test::Field { path, comparison })
}

fn comparison(text: &str) -> Result<Comparison, String> {
    let number = |text: &str| {
        let number = text.trim().parse().ok().and_then(Bound::new);
        number.ok_or_else(|| format!("{:?} is no number", text.trim()))
    };
    if text.is_empty() {
        return Ok(Comparison::Exists);
    }
    if let Some(value) = text.strip_prefix("!=") {
        return Ok(Comparison::Differs(value.trim().to_owned()));
    }
    if let Some(value) = text.strip_prefix(">=") {
        return number(value).map(Comparison::AtLeast);
    }
    if let Some(value) = text.strip_prefix('<').filter(|rest| !rest.starts_with('=')) {
        return number(value).map(Comparison::Below);
    }
    if let Some(value) = text.strip_prefix('~') {
        return search(value).map(Comparison::Contains);
    }
    match text.strip_prefix('=') {
        Some(value) => Ok(Comparison::Equals(value.trim().to_owned())),
        None => Err("fields are compared with =, !=, ~, < or >=".into()),
    }
}
