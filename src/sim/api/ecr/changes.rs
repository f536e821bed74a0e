//! `PutImage` and `BatchDeleteImage`.

use serde_json::{Value, json};

use super::images::whole;
use super::lookup::{self, ImageId};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::ecr::{Image, Repository};

/// `PutImage`. The layers that a manifest names are taken for uploaded.
pub fn put(region: &mut Region, input: Input<'_>) -> Answer {
    let now = region.ecs.now;
    let registry = region.ecs.place.account.clone();
    let repository = lookup::repository(region, input)?;
    let manifest = input.required_string("imageManifest")?;
    let tag = input.string("imageTag")?.filter(|tag| !tag.is_empty());
    let image = Image::of_manifest(manifest, input.string("imageManifestMediaType")?, now);
    let wanted = input.string("imageDigest")?;
    if wanted.is_some_and(|digest| digest != image.digest) {
        return Err(ApiError::new(
            "ImageDigestDoesNotMatchException",
            format!(
                "The digest of the manifest is '{}', which is not the one that was given",
                image.digest
            ),
        ));
    }
    check_new(repository, &image, tag, &registry)?;
    let name = repository.name.clone();
    let digest = image.digest.clone();
    let repository = region.ecr.repositories.get_mut(&name);
    let Some(repository) = repository else {
        return Err(lookup::no_repository(region, &name));
    };
    repository.put(image, tag);
    let shown = repository
        .images
        .get(&digest)
        .map(|image| whole(&registry, repository, image, tag));
    Ok(json!({"image": shown}))
}

/// Refuses what is there already, and a tag that may not move.
fn check_new(
    repository: &Repository,
    image: &Image,
    tag: Option<&str>,
    registry: &str,
) -> Result<(), ApiError> {
    let at = |tag: &str| repository.tags.get(tag);
    let same = match tag {
        Some(tag) => at(tag) == Some(&image.digest),
        None => repository.images.contains_key(&image.digest),
    };
    let (digest, name) = (&image.digest, &repository.name);
    if same {
        let tag = tag.unwrap_or("null");
        return Err(ApiError::new(
            "ImageAlreadyExistsException",
            format!(
                "Image with digest '{digest}' and tag '{tag}' already exists in the repository with \
                 name '{name}' in registry with id '{registry}'"
            ),
        ));
    }
    let mutability = repository.settings.get("imageTagMutability");
    let fixed = mutability.and_then(Value::as_str) == Some("IMMUTABLE");
    match tag.filter(|tag| fixed && at(tag).is_some()) {
        Some(tag) => Err(ApiError::new(
            "ImageTagAlreadyExistsException",
            format!(
                "The image tag '{tag}' already exists in the '{name}' repository and cannot be \
                 overwritten because the tag is immutable."
            ),
        )),
        None => Ok(()),
    }
}

/// `BatchDeleteImage`: what is there goes, and what is not is told.
pub fn batch_delete(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::repository(region, input)?.name.clone();
    let ids = lookup::image_ids(input)?;
    let (mut gone, mut failures) = (Vec::new(), Vec::new());
    let Some(repository) = region.ecr.repositories.get_mut(&name) else {
        return Err(lookup::no_repository(region, &name));
    };
    for id in &ids {
        if let Some(why) = id.failure(repository) {
            failures.push(lookup::failure(id, why));
            continue;
        }
        // A tag that is given with its digest goes alone.
        let by_tag = ImageId {
            digest: id.digest.filter(|_| id.tag.is_none()),
            tag: id.tag,
        };
        let deleted = by_tag.reference().and_then(|one| repository.delete(&one));
        gone.extend(deleted.into_iter().flatten().map(|(digest, tag)| {
            ImageId {
                digest: Some(&digest),
                tag: tag.as_deref(),
            }
            .json()
        }));
    }
    Ok(json!({"imageIds": gone, "failures": failures}))
}
