//! What an execution brings: a commit, with as much as the source tells of it.

use std::collections::BTreeMap;

use super::{ActionExecution, ActionState, Category, PipelineState, SourceRevision};

/// Characters of a commit id that tell it from others; git itself shows as many.
const SHORT: usize = 7;

/// A revision of a source.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Commit {
    /// The commit, the version or the digest.
    pub revision: Option<String>,
    /// The first line of its message.
    pub message: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The branch that it was found on.
    pub branch: Option<String>,
    /// Where it can be looked at.
    pub url: Option<String>,
}

impl Commit {
    /// The revision, shortened where it is the id of a commit.
    pub fn short(&self) -> Option<&str> {
        self.revision.as_deref().map(short_revision)
    }

    /// What an execution says of one of its sources.
    pub fn of_revision(source: &SourceRevision) -> Self {
        Self {
            revision: source.revision.clone(),
            message: source.summary.as_deref().and_then(first_line),
            url: source.url.clone(),
            ..Self::default()
        }
    }

    /// What the state says that a source action found last.
    pub fn of_action(action: &ActionState) -> Self {
        let run = action.latest.as_ref();
        Self {
            revision: action.revision.clone(),
            message: run.and_then(|run| first_line(run.summary.as_deref()?)),
            url: action.revision_url.clone(),
            ..Self::default()
        }
    }

    /// Adds what the source action gave to later ones. The names are those of the variables that
    /// source actions set (CodePipeline user guide, variables available for pipeline actions).
    pub fn add_outputs(&mut self, outputs: &BTreeMap<String, String>) {
        let found = |names: &[&str]| {
            let mut values = names.iter().filter_map(|name| outputs.get(*name));
            values.find(|value| !value.is_empty()).cloned()
        };
        let missing = |known: &mut Option<String>, names: &[&str]| {
            if known.is_none() {
                *known = found(names);
            }
        };
        missing(
            &mut self.author,
            &["AuthorDisplayName", "AuthorId", "AuthorEmail"],
        );
        missing(&mut self.branch, &["BranchName"]);
        missing(&mut self.url, &["CommitUrl"]);
        missing(
            &mut self.revision,
            &["CommitId", "ImageDigest", "VersionId"],
        );
        if self.message.is_none() {
            self.message = found(&["CommitMessage"]).as_deref().and_then(first_line);
        }
    }
}

/// The commit that an execution brings: its first source, with what the run of that source gave.
pub fn of_execution(sources: &[SourceRevision], runs: &[ActionExecution]) -> Option<Commit> {
    let source = sources.first();
    let run = runs.iter().find(|run| match source {
        Some(source) => run.action == source.action,
        None => run.category == Some(Category::Source),
    });
    let mut commit = source.map(Commit::of_revision);
    if let Some(run) = run {
        commit
            .get_or_insert_with(Commit::default)
            .add_outputs(&run.outputs);
    }
    commit.filter(|commit| *commit != Commit::default())
}

/// The commit that the first stage of a pipeline found last.
pub fn of_state(state: &PipelineState) -> Option<Commit> {
    let mut actions = state.stages.first()?.actions.iter();
    let source = actions.find(|action| action.revision.is_some())?;
    Some(Commit::of_action(source))
}

/// A commit id or a digest in few characters; anything else as it is.
pub fn short_revision(revision: &str) -> &str {
    let hash = revision.strip_prefix("sha256:").unwrap_or(revision);
    let is_hash = hash.len() >= 32 && hash.chars().all(|c| c.is_ascii_hexdigit());
    if is_hash {
        hash.get(..SHORT).unwrap_or(hash)
    } else {
        revision
    }
}

/// The first line of a commit message, or of what else an action says. Connections to other providers wrap it in JSON.
pub fn first_line(summary: &str) -> Option<String> {
    let wrapped: Option<serde_json::Value> = serde_json::from_str(summary).ok();
    let unwrapped = wrapped
        .as_ref()
        .and_then(|value| value.get("CommitMessage")?.as_str());
    let mut lines = unwrapped.unwrap_or(summary).lines().map(str::trim);
    lines.find(|line| !line.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "9be00127f4c9d1e4a5b6c7d8e9f0a1b2c3d4e5f6";

    #[test]
    fn only_what_is_a_hash_is_shortened() {
        assert_eq!(short_revision(ID), "9be0012");
        assert_eq!(short_revision(&format!("sha256:{ID}")), "9be0012");
        assert_eq!(short_revision("release-2026-11"), "release-2026-11");
    }

    #[test]
    fn a_message_is_its_first_line_however_it_is_wrapped() {
        let wrapped = r#"{"ProviderType":"GitHub","CommitMessage":"Retry captures\n\nWhy."}"#;
        assert_eq!(first_line(wrapped).as_deref(), Some("Retry captures"));
        assert_eq!(first_line("Fix it\nmore").as_deref(), Some("Fix it"));
        assert_eq!(first_line("42").as_deref(), Some("42"));
        assert_eq!(first_line(""), None);
    }

    #[test]
    fn what_the_execution_says_is_completed_by_what_the_source_gave() {
        let sources = [SourceRevision {
            action: "Source".into(),
            revision: Some(ID.into()),
            summary: Some("Retry captures".into()),
            url: None,
        }];
        assert_eq!(of_execution(&[], &[]), None);
        let mut commit = of_execution(&sources, &[]).unwrap();
        let outputs = [
            ("AuthorDisplayName", ""),
            ("AuthorId", "mika"),
            ("BranchName", "main"),
            ("CommitMessage", "another"),
        ];
        let outputs = outputs.map(|(key, value)| (key.to_owned(), value.to_owned()));
        commit.add_outputs(&BTreeMap::from(outputs));
        assert_eq!(commit.author.as_deref(), Some("mika"));
        assert_eq!(commit.branch.as_deref(), Some("main"));
        assert_eq!(commit.message.as_deref(), Some("Retry captures"));
        assert_eq!(commit.short(), Some("9be0012"));
    }
}
