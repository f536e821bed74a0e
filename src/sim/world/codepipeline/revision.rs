//! Revisions: what a source offers, and what an execution carries through its pipeline.

use std::collections::BTreeMap;

use crate::sim::clock::SimTime;

/// A revision of a source: a commit, an image, or a version of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The id of the commit, the digest of the image, or the id of the version.
    pub id: String,
    /// The commit message; empty for images and objects.
    pub message: String,
    /// Where a browser shows it, when that is not what CodePipeline makes of its source.
    pub url: Option<String>,
    /// The name of its author; images and objects have none.
    pub author: Option<String>,
    /// The e-mail address of its author.
    pub email: Option<String>,
    /// When it was made.
    pub created_at: SimTime,
    /// The images that are made of it and deployed, by the name of the container. The name is empty
    /// where nothing tells it: the image is for the first container of the task definition.
    pub images: Vec<(String, String)>,
}

/// A revision in an execution, with the artifact that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRevision {
    /// The action that brought it.
    pub action: String,
    /// The artifact that holds it; an action without output has none.
    pub artifact: Option<String>,
    /// What it brought.
    pub revision: Revision,
    /// What CodePipeline says of it; nothing of an image.
    pub summary: Option<String>,
    /// Where a browser shows it.
    pub url: Option<String>,
}

/// The output variables of an action, by name.
pub type Variables = BTreeMap<String, String>;
