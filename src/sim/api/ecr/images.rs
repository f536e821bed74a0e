//! `DescribeImages`, `BatchGetImage` and `ListImages`.

use serde_json::{Map, Value, json};

use super::lookup::{self, ImageId};
use crate::sim::api::ecs::page::{Order, page_of};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::clock::SimTime;
use crate::sim::world::Region;
use crate::sim::world::ecr::{Image, Repository};

/// `DescribeImages`: those that are named, each of which has to be there, or a page of all.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let repository = lookup::repository(region, input)?;
    let registry = &region.ecs.place.account;
    let ids = lookup::image_ids(input)?;
    if ids.is_empty() {
        let filter = Filter::read(input)?;
        let shown = repository
            .images
            .values()
            .filter(|image| filter.takes(repository, image))
            .map(|image| (image.digest.clone(), detail(registry, repository, image)));
        return page_of(
            &lookup::PAGES,
            input,
            "imageDetails",
            Order::Ascending,
            shown,
        );
    }
    if input.has("maxResults") || input.has("nextToken") {
        return Err(ApiError::invalid_parameter(
            "Invalid parameter: 'maxResults' and 'nextToken' cannot be used with 'imageIds'",
        ));
    }
    let details: Result<Vec<Value>, ApiError> = ids
        .iter()
        .map(|id| match (id.failure(repository), found(repository, id)) {
            (None, Some(image)) => Ok(detail(registry, repository, image)),
            (Some(("MissingDigestAndTag", words)), _) => Err(ApiError::invalid_parameter(words)),
            _ => Err(not_found(registry, repository, id)),
        })
        .collect();
    Ok(json!({"imageDetails": details?}))
}

fn found<'a>(repository: &'a Repository, id: &ImageId<'_>) -> Option<&'a Image> {
    repository.image(&id.reference()?)
}

fn not_found(registry: &str, repository: &Repository, id: &ImageId<'_>) -> ApiError {
    let (digest, tag) = (id.digest.unwrap_or("null"), id.tag.unwrap_or("null"));
    let name = &repository.name;
    ApiError::new(
        "ImageNotFoundException",
        format!(
            "The image with imageId {{imageDigest:'{digest}', imageTag:'{tag}'}} does not exist \
             within the repository with name '{name}' in the registry with id '{registry}'"
        ),
    )
}

fn detail(registry: &str, repository: &Repository, image: &Image) -> Value {
    let tags: Vec<&String> = repository.tags_of(&image.digest).collect();
    let mut shown = Map::new();
    for (member, value) in [
        ("registryId", json!(registry)),
        ("repositoryName", json!(repository.name)),
        ("imageDigest", json!(image.digest)),
        ("imageTags", json!(tags)),
        ("imageSizeInBytes", json!(image.size)),
        ("imagePushedAt", image.pushed_at.json()),
        ("imageManifestMediaType", json!(image.media_type)),
        (
            "lastRecordedPullTime",
            image.pulled_at.map_or(Value::Null, SimTime::json),
        ),
        ("imageStatus", json!("ACTIVE")),
    ] {
        // An image without tags, or one that nobody has pulled, lacks the member.
        let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !empty {
            shown.insert(member.to_owned(), value);
        }
    }
    Value::Object(shown)
}

/// `BatchGetImage`: those that are there with their manifests, and why the others are not.
pub fn batch_get(region: &mut Region, input: Input<'_>) -> Answer {
    let repository = lookup::repository(region, input)?;
    let registry = &region.ecs.place.account;
    let ids = lookup::image_ids(input)?;
    let (mut images, mut failures) = (Vec::new(), Vec::new());
    for id in &ids {
        match (id.failure(repository), found(repository, id)) {
            (None, Some(image)) => images.push(whole(registry, repository, image, id.tag)),
            (Some(why), _) => failures.push(lookup::failure(id, why)),
            (None, None) => {}
        }
    }
    Ok(json!({"images": images, "failures": failures}))
}

/// An image with its manifest.
pub fn whole(registry: &str, repository: &Repository, image: &Image, tag: Option<&str>) -> Value {
    let id = ImageId {
        digest: Some(&image.digest),
        tag,
    };
    json!({
        "registryId": registry,
        "repositoryName": repository.name,
        "imageId": id.json(),
        "imageManifest": image.manifest,
        "imageManifestMediaType": image.media_type,
    })
}

/// `ListImages`: each tag with its digest, and each image without a tag.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let repository = lookup::repository(region, input)?;
    let filter = Filter::read(input)?;
    let mut rows: Vec<(String, Value)> = Vec::new();
    for image in repository.images.values() {
        if !filter.takes(repository, image) {
            continue;
        }
        let tags: Vec<&String> = repository.tags_of(&image.digest).collect();
        let digest = Some(image.digest.as_str());
        if tags.is_empty() {
            let id = ImageId { digest, tag: None };
            rows.push((image.digest.clone(), id.json()));
        }
        for tag in tags {
            let id = ImageId {
                digest,
                tag: Some(tag),
            };
            rows.push((format!("{} {tag}", image.digest), id.json()));
        }
    }
    page_of(&lookup::PAGES, input, "imageIds", Order::Ascending, rows)
}

/// Which images are asked for.
struct Filter {
    /// With tags, or without, if that matters.
    tagged: Option<bool>,
    /// Whether images that are not archived are asked for: there are no other ones here.
    active: bool,
}

impl Filter {
    fn read(input: Input<'_>) -> Result<Self, ApiError> {
        let filter = input.structure("filter")?;
        let word = |name: &str| filter.map_or(Ok(None), |filter| filter.string(name));
        Ok(Self {
            tagged: match word("tagStatus")? {
                Some("TAGGED") => Some(true),
                Some("UNTAGGED") => Some(false),
                _ => None,
            },
            active: matches!(word("imageStatus")?, None | Some("ACTIVE" | "ANY")),
        })
    }

    fn takes(&self, repository: &Repository, image: &Image) -> bool {
        let tagged = repository.tags_of(&image.digest).next().is_some();
        self.active && self.tagged.is_none_or(|wanted| wanted == tagged)
    }
}
