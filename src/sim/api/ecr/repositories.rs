//! `CreateRepository` and `DescribeRepositories`.

use serde_json::{Map, Value, json};

use super::lookup;
use crate::sim::api::ecs::page::{Order, page_of};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::arn::Place;
use crate::sim::world::ecr::Repository;

/// The members of a request that a repository keeps.
const SETTINGS: [&str; 4] = [
    "imageTagMutability",
    "imageTagMutabilityExclusionFilters",
    "imageScanningConfiguration",
    "encryptionConfiguration",
];

/// `CreateRepository`.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::repository_name(input)?;
    if region.ecr.repositories.contains_key(name) {
        let registry = &region.ecs.place.account;
        return Err(ApiError::new(
            "RepositoryAlreadyExistsException",
            format!(
                "The repository with name '{name}' already exists in the registry with id \
                 '{registry}'"
            ),
        ));
    }
    let mut made = Repository::new(name, region.ecs.now);
    let given = input
        .entries()
        .filter(|(name, _)| SETTINGS.contains(&name.as_str()));
    for (name, value) in given {
        made.settings.insert(name.clone(), value.clone());
    }
    let shown = show(&region.ecs.place, &made);
    region.ecr.repositories.insert(name.to_owned(), made);
    Ok(json!({"repository": shown}))
}

/// `DescribeRepositories`: those that are named, or a page of all.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let names = input.strings("repositoryNames")?;
    if names.is_empty() {
        let place = region.ecs.place.clone();
        let all = region.ecr.repositories.values();
        let all = all.map(|one| (one.name.clone(), show(&place, one)));
        return page_of(&lookup::PAGES, input, "repositories", Order::Ascending, all);
    }
    if input.has("maxResults") || input.has("nextToken") {
        return Err(ApiError::invalid_parameter(
            "Invalid parameter: 'maxResults' and 'nextToken' cannot be used with 'repositoryNames'",
        ));
    }
    let found: Result<Vec<Value>, ApiError> = names
        .iter()
        .map(|name| {
            let found = region.ecr.repositories.get(*name);
            let found = found.ok_or_else(|| lookup::no_repository(region, name))?;
            Ok(show(&region.ecs.place, found))
        })
        .collect();
    Ok(json!({"repositories": found?}))
}

fn show(place: &Place, repository: &Repository) -> Value {
    let (account, region, name) = (&place.account, &place.region, &repository.name);
    let mut shown = Map::new();
    for (member, value) in [
        (
            "repositoryArn",
            json!(format!("arn:aws:ecr:{region}:{account}:repository/{name}")),
        ),
        ("registryId", json!(account)),
        ("repositoryName", json!(name)),
        (
            "repositoryUri",
            json!(format!("{account}.dkr.ecr.{region}.amazonaws.com/{name}")),
        ),
        ("createdAt", repository.created_at.json()),
    ] {
        shown.insert(member.to_owned(), value);
    }
    shown.extend(repository.settings.clone());
    Value::Object(shown)
}
