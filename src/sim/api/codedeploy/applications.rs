//! `CreateApplication`, `GetApplication`, `BatchGetApplications`, `ListApplications`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::shape::CREATE_APPLICATION_INPUT;
use super::{lookup, show};
use crate::sim::api::ecs::page::Order;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::codedeploy::Application;
use crate::sim::world::codedeploy::config::Platform;

/// Applications that one `BatchGetApplications` may name.
const MOST: usize = 100;

/// `CreateApplication`.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::application_name(input)?;
    lookup::request(input, CREATE_APPLICATION_INPUT)?;
    let word = input.string("computePlatform")?.unwrap_or("Server");
    let platform = Platform::from_word(word).ok_or_else(|| {
        ApiError::new(
            "InvalidComputePlatformException",
            format!("The compute platform {word} is invalid"),
        )
    })?;
    if region.codedeploy.applications.contains_key(name) {
        return Err(ApiError::new(
            "ApplicationAlreadyExistsException",
            format!("Application already exists with name: {name}"),
        ));
    }
    let application = Application {
        id: region.ecs.rng.uuid(),
        name: name.to_owned(),
        platform,
        created_at: region.ecs.now,
        groups: BTreeMap::new(),
    };
    let answer = json!({"applicationId": application.id});
    region
        .codedeploy
        .applications
        .insert(name.to_owned(), application);
    Ok(answer)
}

/// `GetApplication`.
pub fn get(region: &mut Region, input: Input<'_>) -> Answer {
    let name = lookup::application_name(input)?;
    let found = lookup::application(&region.codedeploy, name)?;
    Ok(json!({"application": show::application(found)}))
}

/// `BatchGetApplications`: names that mean nothing are left out.
pub fn batch_get(region: &mut Region, input: Input<'_>) -> Answer {
    let names = lookup::batch(
        input,
        "applicationNames",
        "ApplicationNameRequiredException",
        MOST,
        "BatchLimitExceededException",
    )?;
    let mut found: Vec<Value> = Vec::new();
    for name in names {
        lookup::check_application_name(name)?;
        let application = region.codedeploy.applications.get(name);
        found.extend(application.map(show::application));
    }
    Ok(json!({"applicationsInfo": found}))
}

/// `ListApplications`.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let names = region.codedeploy.applications.keys();
    let items = names.map(|name| (name.clone(), json!(name)));
    lookup::page(input, "applications", Order::Ascending, items)
}
