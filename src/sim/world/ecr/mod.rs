//! Amazon ECR in one account and region: repositories and the images in them.
//!
//! Nobody pushes layers here. An image that a task definition names counts as pushed, until somebody
//! deletes it; then it is gone until it is put again.

pub mod image;
pub mod uri;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Region;
use super::ids::TaskNumber;
use crate::sim::clock::SimTime;
pub use image::Image;
pub use uri::{ImageUri, Reference};

/// The repositories, by name.
#[derive(Clone, Debug, Default)]
pub struct Ecr {
    /// Every repository.
    pub repositories: BTreeMap<String, Repository>,
}

/// A repository.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Unique within the registry.
    pub name: String,
    /// When it was made.
    pub created_at: SimTime,
    /// Its settings, as ECR shows them.
    pub settings: Map<String, Value>,
    /// Its images, by digest.
    pub images: BTreeMap<String, Image>,
    /// The digest that each tag points to.
    pub tags: BTreeMap<String, String>,
    /// What was deleted and not put again.
    deleted: BTreeSet<Reference>,
}

impl Repository {
    /// An empty repository with the settings that ECR gives it without any wishes.
    pub fn new(name: &str, created_at: SimTime) -> Self {
        let settings = [
            ("imageTagMutability", json!("MUTABLE")),
            ("imageScanningConfiguration", json!({"scanOnPush": false})),
            (
                "encryptionConfiguration",
                json!({"encryptionType": "AES256"}),
            ),
        ];
        Self {
            name: name.to_owned(),
            created_at,
            settings: settings
                .into_iter()
                .map(|(member, value)| (member.to_owned(), value))
                .collect(),
            images: BTreeMap::new(),
            tags: BTreeMap::new(),
            deleted: BTreeSet::new(),
        }
    }

    /// The image that a reference names.
    pub fn image(&self, reference: &Reference) -> Option<&Image> {
        match reference {
            Reference::Digest(digest) => self.images.get(digest),
            Reference::Tag(tag) => self.images.get(self.tags.get(tag)?),
        }
    }

    /// The tags of an image, in the order of their names.
    pub fn tags_of<'a>(&'a self, digest: &'a str) -> impl Iterator<Item = &'a String> {
        let pointing = self.tags.iter().filter(move |(_, to)| *to == digest);
        pointing.map(|(tag, _)| tag)
    }

    /// Adds an image, or a tag to one that is there. The tag moves away from another image.
    pub fn put(&mut self, image: Image, tag: Option<&str>) {
        let digest = image.digest.clone();
        self.deleted.remove(&Reference::Digest(digest.clone()));
        self.images.entry(digest.clone()).or_insert(image);
        if let Some(tag) = tag {
            self.deleted.remove(&Reference::Tag(tag.to_owned()));
            self.tags.insert(tag.to_owned(), digest);
        }
    }

    /// Deletes an image by its digest, with all its tags, or takes a tag away; an image that has lost
    /// its last tag so is deleted too. Gives what is gone, by digest and tag; none when there is no
    /// such image.
    pub fn delete(&mut self, reference: &Reference) -> Option<Vec<(String, Option<String>)>> {
        let digest = self.image(reference)?.digest.clone();
        self.deleted.insert(reference.clone());
        let gone: Vec<String> = match reference {
            Reference::Tag(tag) => vec![tag.clone()],
            Reference::Digest(_) => self.tags_of(&digest).cloned().collect(),
        };
        for tag in &gone {
            self.tags.remove(tag);
            self.deleted.insert(Reference::Tag(tag.clone()));
        }
        if self.tags_of(&digest).next().is_none() {
            self.images.remove(&digest);
            self.deleted.insert(Reference::Digest(digest.clone()));
        }
        if gone.is_empty() {
            return Some(vec![(digest, None)]);
        }
        let named = gone.into_iter().map(|tag| (digest.clone(), Some(tag)));
        Some(named.collect())
    }
}

impl Ecr {
    /// Takes an image that somebody names for pushed, unless it was deleted.
    fn name(&mut self, uri: &ImageUri, now: SimTime) {
        let repository = self
            .repositories
            .entry(uri.repository.clone())
            .or_insert_with(|| Repository::new(&uri.repository, now));
        let known = repository.image(&uri.reference).is_some();
        if known || repository.deleted.contains(&uri.reference) {
            return;
        }
        let image = Image::named(&uri.repository, &uri.reference, now);
        let tag = match &uri.reference {
            Reference::Tag(tag) => Some(tag.as_str()),
            Reference::Digest(_) => None,
        };
        repository.put(image, tag);
    }

    fn image_mut(&mut self, uri: &ImageUri) -> Option<&mut Image> {
        let repository = self.repositories.get_mut(&uri.repository)?;
        let digest = repository.image(&uri.reference)?.digest.clone();
        repository.images.get_mut(&digest)
    }
}

impl Region {
    /// What an image is called in the registry of this account and region; none when it belongs to
    /// another registry, which is taken to have it.
    fn own_image(&self, image: &str) -> Option<ImageUri> {
        let place = &self.ecs.place;
        ImageUri::parse(image)
            .filter(|uri| uri.account == place.account && uri.region == place.region)
    }

    /// Takes the images of this registry among `images` for pushed, unless they were deleted.
    pub fn name_images<'a>(&mut self, images: impl IntoIterator<Item = &'a str>) {
        let now = self.ecs.now;
        for image in images {
            if let Some(uri) = self.own_image(image) {
                self.ecr.name(&uri, now);
            }
        }
    }

    /// Whether the registry of this account and region should have this image and does not.
    pub fn is_gone(&self, image: &str) -> bool {
        self.own_image(image).is_some_and(|uri| {
            let repository = self.ecr.repositories.get(&uri.repository);
            repository.is_none_or(|one| one.image(&uri.reference).is_none())
        })
    }

    /// Deletes an image that is called `repository:tag`, as somebody would who cleans up.
    pub fn delete_image(&mut self, name: &str) {
        let (repository, reference) = Reference::split(name);
        if let Some(repository) = self.ecr.repositories.get_mut(repository) {
            repository.delete(&reference);
        }
    }

    /// Takes note that the images of a task were pulled.
    pub(super) fn record_pulls(&mut self, number: TaskNumber) {
        let now = self.ecs.now;
        let task = self.ecs.tasks.get(&number);
        let definition = task.map(|task| std::sync::Arc::clone(&task.definition));
        for spec in definition.iter().flat_map(|one| &one.containers) {
            if let Some(uri) = self.own_image(&spec.image)
                && let Some(image) = self.ecr.image_mut(&uri)
            {
                image.pulled_at = Some(now);
            }
        }
    }
}

#[cfg(test)]
mod tests;
