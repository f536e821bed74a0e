//! Sources: what they offer, and what an execution takes from them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::RunStatus;
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;
use crate::sim::world::Region;
use crate::sim::world::arn::Place;
use crate::sim::world::codepipeline::RunKey;
use crate::sim::world::codepipeline::pipeline::{Action, Pipeline, Provider};
use crate::sim::world::codepipeline::revision::{Revision, SourceRevision, Variables};

impl Region {
    /// What the sources of a pipeline offer as long as nobody has pushed anything.
    pub fn first_heads(&mut self, pipeline: &Pipeline) -> BTreeMap<String, Revision> {
        let (place, now) = (self.ecs.place.clone(), self.ecs.now);
        let first = pipeline.stages.first();
        let sources = first.into_iter().flat_map(|stage| &stage.actions);
        sources
            .filter(|action| action.provider.is_source())
            .map(|action| {
                let id = new_id(action.provider, &mut self.ecs.rng);
                let revision = plain_revision(&place, pipeline, action, id, now);
                (action.name.clone(), revision)
            })
            .collect()
    }

    /// A source brings its revision: the newest one, or the one that was asked for.
    pub(super) fn end_source(&mut self, key: RunKey) {
        let (Some(action), Some(pipeline)) = (
            self.action_of(key).cloned(),
            self.pipeline_of(key.execution),
        ) else {
            return;
        };
        let Some(execution) = self.codepipeline.execution(key.execution) else {
            return;
        };
        let head = pipeline.heads.get(&action.name);
        let wanted = execution.wanted_revisions.get(&action.name);
        let revision = match (wanted, head) {
            (Some(id), Some(head)) if *id == head.id => head.clone(),
            (Some(id), _) => {
                plain_revision(&self.ecs.place, pipeline, &action, id.clone(), self.ecs.now)
            }
            (None, Some(head)) => head.clone(),
            (None, None) => return,
        };
        self.bring(key, &action, revision);
        self.end_run(key, RunStatus::Succeeded, None);
    }

    fn bring(&mut self, key: RunKey, action: &Action, revision: Revision) {
        let place = self.ecs.place.clone();
        let variables = variables(&place, action, &revision);
        let source = SourceRevision {
            action: action.name.clone(),
            artifact: action.outputs.first().cloned(),
            summary: summary(action.provider, &revision),
            url: revision
                .url
                .clone()
                .or_else(|| url(&place, action, &revision)),
            revision: revision.clone(),
        };
        if let Some(execution) = self.codepipeline.execution_mut(key.execution) {
            execution.revisions.retain(|one| one.action != action.name);
            execution.revisions.push(source);
            let images = execution
                .revisions
                .iter()
                .flat_map(|one| &one.revision.images);
            execution.images = images.cloned().collect();
        }
        self.change_run(key, |run| {
            run.external_id = Some(revision.id.clone());
            run.variables = variables;
            run.revision = Some(revision);
        });
    }
}

fn new_id(provider: Provider, rng: &mut Rng) -> String {
    match provider {
        Provider::Ecr => format!("sha256:{}", rng.hex(64)),
        Provider::S3Source => rng.token(32),
        _ => rng.hex(40),
    }
}

/// A revision of which nobody has said more than its id.
fn plain_revision(
    place: &Place,
    pipeline: &Pipeline,
    action: &Action,
    id: String,
    now: SimTime,
) -> Revision {
    let commit = matches!(action.provider, Provider::Connection | Provider::CodeCommit);
    let image = if action.provider == Provider::Ecr {
        image_uri(place, action, &id)
    } else {
        let short: String = id.chars().take(7).collect();
        format!("{}:{short}", built_name(pipeline))
    };
    Revision {
        message: if commit {
            "Change something".to_owned()
        } else {
            String::new()
        },
        url: None,
        author: commit.then(|| "Robin Doe".to_owned()),
        email: commit.then(|| "robin@example.com".to_owned()),
        created_at: now,
        images: vec![(String::new(), image)],
        id,
    }
}

/// What images of a pipeline are called: as its first build project, or else as itself.
fn built_name(pipeline: &Pipeline) -> &str {
    let mut actions = pipeline.stages.iter().flat_map(|stage| &stage.actions);
    let build = actions.find(|one| one.provider == Provider::CodeBuild);
    build
        .and_then(|one| one.configuration.get("ProjectName"))
        .map_or(pipeline.name.as_str(), String::as_str)
}

fn setting<'a>(action: &'a Action, name: &str) -> &'a str {
    action.configuration.get(name).map_or("", String::as_str)
}

fn image_uri(place: &Place, action: &Action, digest: &str) -> String {
    let repository = setting(action, "RepositoryName");
    format!(
        "{}.dkr.ecr.{}.amazonaws.com/{repository}@{digest}",
        place.account, place.region
    )
}

/// What CodePipeline says of a revision. For a connection it is JSON, as on AWS.
fn summary(provider: Provider, revision: &Revision) -> Option<String> {
    match provider {
        Provider::Connection => Some(
            serde_json::json!({"ProviderType": "GitHub", "CommitMessage": revision.message})
                .to_string(),
        ),
        Provider::CodeCommit => Some(revision.message.clone()).filter(|text| !text.is_empty()),
        Provider::S3Source => Some(format!("Amazon S3 version id: {}", revision.id)),
        _ => None,
    }
}

/// Where the console shows a revision.
fn url(place: &Place, action: &Action, revision: &Revision) -> Option<String> {
    let console = format!("https://{}.console.aws.amazon.com", place.region);
    let id = &revision.id;
    Some(match action.provider {
        Provider::Connection => format!(
            "{console}/codesuite/settings/connections/redirect?connectionArn={}&referenceType=COMMIT&FullRepositoryId={}&Commit={id}",
            setting(action, "ConnectionArn"),
            setting(action, "FullRepositoryId"),
        ),
        Provider::CodeCommit => format!(
            "{console}/codecommit/home#/repository/{}/commit/{id}",
            setting(action, "RepositoryName"),
        ),
        Provider::Ecr => format!(
            "{console}/ecr/repositories/{}?region={}",
            setting(action, "RepositoryName"),
            place.region,
        ),
        Provider::S3Source => format!(
            "https://console.aws.amazon.com/s3/object/{}?prefix={}",
            setting(action, "S3Bucket"),
            setting(action, "S3ObjectKey"),
        ),
        _ => return None,
    })
}

/// The output variables of a source, as the "Action structure reference" of the CodePipeline user
/// guide lists them.
fn variables(place: &Place, action: &Action, revision: &Revision) -> Variables {
    let text = |value: &str| value.to_owned();
    let at = Timestamp::from_millisecond(revision.created_at.0)
        .map_or_else(|_| String::new(), |at| at.to_string());
    let id = revision.id.clone();
    let author = revision.author.clone().unwrap_or_default();
    let email = revision.email.clone().unwrap_or_default();
    let message = revision.message.clone();
    let pairs: Vec<(&str, String)> = match action.provider {
        Provider::Connection => vec![
            ("AuthorDate", at),
            ("AuthorDisplayName", author.clone()),
            ("AuthorEmail", email),
            ("AuthorId", author),
            ("BranchName", text(setting(action, "BranchName"))),
            ("CommitId", id),
            ("CommitMessage", message),
            ("ConnectionArn", text(setting(action, "ConnectionArn"))),
            (
                "FullRepositoryName",
                text(setting(action, "FullRepositoryId")),
            ),
        ],
        Provider::CodeCommit => vec![
            ("AuthorDate", at.clone()),
            ("BranchName", text(setting(action, "BranchName"))),
            ("CommitId", id),
            ("CommitMessage", message),
            ("CommitterDate", at),
            ("RepositoryName", text(setting(action, "RepositoryName"))),
        ],
        Provider::Ecr => vec![
            ("ImageURI", image_uri(place, action, &id)),
            ("ImageDigest", id),
            (
                "ImageTag",
                text(
                    action
                        .configuration
                        .get("ImageTag")
                        .map_or("latest", String::as_str),
                ),
            ),
            ("RegistryId", place.account.clone()),
            ("RepositoryName", text(setting(action, "RepositoryName"))),
        ],
        Provider::S3Source => vec![
            ("BucketName", text(setting(action, "S3Bucket"))),
            ("ObjectKey", text(setting(action, "S3ObjectKey"))),
            ("VersionId", id),
        ],
        _ => Vec::new(),
    };
    pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
