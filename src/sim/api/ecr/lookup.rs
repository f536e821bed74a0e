//! Finding what a request names, with the errors of ECR for what isn't there.

use serde_json::{Map, Value, json};

use crate::sim::api::ecs::page::Form;
use crate::sim::api::{ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::ecr::{Reference, Repository};

/// The most images that a request names.
const MOST_IMAGES: usize = 100;

/// The pages of every list of ECR.
pub const PAGES: Form = Form {
    size: "maxResults",
    token: "nextToken",
    usual: 100,
    most: 1000,
    invalid: || ApiError::invalid_parameter("Invalid parameter at 'nextToken': it is not known"),
};

/// The error for a registry in which nobody has ever made a repository.
pub fn no_registry(registry: &str) -> ApiError {
    ApiError::new(
        "RepositoryNotFoundException",
        format!("The registry with id '{registry}' has no repositories"),
    )
}

/// The error for a repository that isn't there.
pub fn no_repository(region: &Region, name: &str) -> ApiError {
    let registry = &region.ecs.place.account;
    ApiError::new(
        "RepositoryNotFoundException",
        format!(
            "The repository with name '{name}' does not exist in the registry with id '{registry}'"
        ),
    )
}

/// The name in `repositoryName`, which has to be one that a repository can have.
pub fn repository_name(input: Input<'_>) -> Result<&str, ApiError> {
    let name = input.required_string("repositoryName")?;
    if valid_name(name) {
        return Ok(name);
    }
    Err(ApiError::invalid_parameter(
        "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular \
         expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''",
    ))
}

/// Whether a text is 2 to 256 characters of words of small letters and digits, with one of `._-`
/// between two words, and with slashes between parts.
fn valid_name(name: &str) -> bool {
    let word = |word: &str| {
        let mut bytes = word.bytes();
        !word.is_empty() && bytes.all(|one| one.is_ascii_lowercase() || one.is_ascii_digit())
    };
    (2..=256).contains(&name.len())
        && name
            .split('/')
            .all(|part| part.split(['.', '_', '-']).all(word))
}

/// The repository that a request names.
pub fn repository<'a>(region: &'a Region, input: Input<'_>) -> Result<&'a Repository, ApiError> {
    let name = repository_name(input)?;
    let found = region.ecr.repositories.get(name);
    found.ok_or_else(|| no_repository(region, name))
}

/// An image as a request names it: by a digest, a tag, or both.
#[derive(Clone, Debug)]
pub struct ImageId<'a> {
    /// The digest, if it is given.
    pub digest: Option<&'a str>,
    /// The tag, if it is given.
    pub tag: Option<&'a str>,
}

impl ImageId<'_> {
    /// What names the image.
    pub fn reference(&self) -> Option<Reference> {
        let digest = self.digest.map(|one| Reference::Digest(one.to_owned()));
        digest.or_else(|| Some(Reference::Tag(self.tag?.to_owned())))
    }

    /// The same as ECR shows it.
    pub fn json(&self) -> Value {
        let mut members = Map::new();
        for (name, value) in [("imageDigest", self.digest), ("imageTag", self.tag)] {
            if let Some(value) = value {
                members.insert(name.to_owned(), json!(value));
            }
        }
        Value::Object(members)
    }

    /// Why ECR does not find it in a repository: a code of failures, and words.
    pub fn failure(&self, repository: &Repository) -> Option<(&'static str, &'static str)> {
        let Some(reference) = self.reference() else {
            return Some((
                "MissingDigestAndTag",
                "Invalid request parameters: both tag and digest cannot be null",
            ));
        };
        let Some(image) = repository.image(&reference) else {
            return Some(("ImageNotFound", "Requested image not found"));
        };
        let other = self.tag.is_some_and(|tag| {
            self.digest.is_some() && repository.tags.get(tag) != Some(&image.digest)
        });
        other.then_some((
            "ImageTagDoesNotMatchDigest",
            "Requested image tag does not match the requested image digest",
        ))
    }
}

/// The images that a request names.
pub fn image_ids(input: Input<'_>) -> Result<Vec<ImageId<'_>>, ApiError> {
    let given = input.structures("imageIds")?;
    if given.len() > MOST_IMAGES || (input.has("imageIds") && given.is_empty()) {
        return Err(ApiError::invalid_parameter(
            "Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have length \
             between 1 and 100'",
        ));
    }
    given.into_iter().map(image_id).collect()
}

fn image_id(input: Input<'_>) -> Result<ImageId<'_>, ApiError> {
    Ok(ImageId {
        digest: input.string("imageDigest")?,
        tag: input.string("imageTag")?,
    })
}

/// An entry of `failures`.
pub fn failure(id: &ImageId<'_>, (code, reason): (&str, &str)) -> Value {
    json!({"imageId": id.json(), "failureCode": code, "failureReason": reason})
}

#[cfg(test)]
mod tests {
    use super::valid_name;

    #[test]
    fn names_are_words_with_one_sign_between_them() {
        for name in ["web", "shop/web-api", "a0.b_c/d", "42"] {
            assert!(valid_name(name), "{name}");
        }
        for name in ["", "w", "Web", "web--api", "/web", "shop/", "-web", "wéb"] {
            assert!(!valid_name(name), "{name}");
        }
    }
}
