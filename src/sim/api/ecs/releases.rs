//! The operations on service deployments and service revisions.

use serde_json::{Value, json};

use super::lookup::{self, failure};
use super::page::{Order, page};
use super::show;
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::clock::SimTime;
use crate::sim::world::Region;
use crate::sim::world::deployment::{Release, Revision};
use crate::sim::world::ecs::Ecs;
use crate::sim::world::engine::rollback::StopRefused;
use crate::sim::world::service::Service;

/// Service deployments or revisions that one request may name.
const MOST: usize = 20;
/// The history reaches back 90 days, in milliseconds.
const HISTORY: i64 = 90 * 24 * 3_600_000;

const STATUSES: [&str; 9] = [
    "PENDING",
    "SUCCESSFUL",
    "STOPPED",
    "STOP_REQUESTED",
    "IN_PROGRESS",
    "ROLLBACK_REQUESTED",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_SUCCESSFUL",
    "ROLLBACK_FAILED",
];

/// `ListServiceDeployments`: the newest first.
pub fn list(region: &mut Region, input: Input<'_>) -> Answer {
    let ecs = &region.ecs;
    let name = input.required_string("service")?;
    let cluster = match (input.has("cluster"), owner_of(ecs, name)) {
        (false, Some(cluster)) => ecs
            .cluster(Some(cluster))
            .ok_or_else(|| ApiError::new("ClusterNotFoundException", "Cluster not found."))?,
        _ => lookup::cluster(ecs, input)?,
    };
    let service = ecs
        .service_in(cluster, name)
        .ok_or_else(|| ApiError::new("ServiceNotFoundException", "Service not found."))?;
    let statuses = input.strings("status")?;
    if let Some(unknown) = statuses.iter().find(|one| !STATUSES.contains(one)) {
        return Err(ApiError::invalid_parameter(format!(
            "Unsupported status '{unknown}'."
        )));
    }
    let (after, before) = created_between(input)?;
    let shown = service
        .releases
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, one)| is_kept(ecs, one))
        .filter(|(_, one)| statuses.is_empty() || statuses.contains(&one.status.word()))
        .filter(|(_, one)| {
            let created = one.created_at.epoch_seconds();
            after.is_none_or(|after| created > after)
                && before.is_none_or(|before| created < before)
        })
        .map(|(place, one)| {
            (
                format!("{place:010}"),
                show::release::brief(ecs, service, one),
            )
        });
    page(input, "serviceDeployments", 20, Order::Descending, shown)
}

/// The cluster that a service ARN of the long form names.
fn owner_of<'a>(ecs: &Ecs, name: &'a str) -> Option<&'a str> {
    let path = ecs.place.resource(name)?.strip_prefix("service/")?;
    path.split_once('/').map(|(cluster, _)| cluster)
}

/// The bounds of `createdAt` in epoch seconds: after, before.
fn created_between(input: Input<'_>) -> Result<(Option<f64>, Option<f64>), ApiError> {
    let Some(range) = input.structure("createdAt")? else {
        return Ok((None, None));
    };
    let bound = |name| {
        range.value(name).map(|value| {
            value.as_f64().ok_or_else(|| {
                ApiError::serialization(format!("createdAt.{name} has to be epoch seconds"))
            })
        })
    };
    Ok((bound("after").transpose()?, bound("before").transpose()?))
}

fn is_kept(ecs: &Ecs, release: &Release) -> bool {
    let oldest = SimTime(ecs.now.0.saturating_sub(HISTORY));
    !release.status.is_final() || release.created_at >= oldest
}

/// `DescribeServiceDeployments`.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let ecs = &region.ecs;
    let arns = lookup::names(
        input,
        "serviceDeploymentArns",
        "ServiceDeploymentArns",
        MOST,
    )?;
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for arn in arns {
        match find_release(ecs, arn)? {
            Some((service, _, one)) => found.push(show::release::release(ecs, service, one)),
            None => failures.push(failure(arn)),
        }
    }
    Ok(json!({"serviceDeployments": found, "failures": failures}))
}

/// `DescribeServiceRevisions`.
pub fn describe_revisions(region: &mut Region, input: Input<'_>) -> Answer {
    let ecs = &region.ecs;
    let arns = lookup::names(input, "serviceRevisionArns", "ServiceRevisionArns", MOST)?;
    let (mut found, mut failures): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for arn in arns {
        match find_revision(ecs, arn)? {
            Some((service, one)) => found.push(show::release::revision(ecs, service, one)),
            None => failures.push(failure(arn)),
        }
    }
    Ok(json!({"serviceRevisions": found, "failures": failures}))
}

/// `StopServiceDeployment`: it rolls back to the last revision that completed.
pub fn stop(region: &mut Region, input: Input<'_>) -> Answer {
    let arn = input.required_string("serviceDeploymentArn")?;
    let kind = input
        .word("stopType", &["ABORT", "ROLLBACK"])?
        .unwrap_or("ROLLBACK");
    if kind == "ABORT" {
        return Err(ApiError::new(
            "UnsupportedFeatureException",
            "The stop type ABORT is not supported, the only one is ROLLBACK.",
        ));
    }
    let (service, position) = match find_release(&region.ecs, arn)? {
        Some((service, position, _)) => (service.number, position),
        None => {
            return Err(ApiError::new(
                "ServiceDeploymentNotFoundException",
                "The service deployment was not found.",
            ));
        }
    };
    match region.stop_release(service, position) {
        Ok(()) => Ok(json!({"serviceDeploymentArn": arn})),
        Err(StopRefused::NotInProgress) => Err(conflict(
            "The service deployment cannot be stopped, since it is not in progress.",
        )),
        Err(StopRefused::NothingToGoBackTo) => Err(conflict(
            "The service deployment cannot be stopped, since the service has no earlier service \
             revision to roll back to.",
        )),
    }
}

fn conflict(message: &str) -> ApiError {
    ApiError::new("ConflictException", message)
}

/// The service deployment that an ARN names, with its place in the history of its service.
pub fn find_release<'a>(
    ecs: &'a Ecs,
    arn: &str,
) -> Result<Option<(&'a Service, usize, &'a Release)>, ApiError> {
    let Some(service) = service_of(ecs, arn, "service-deployment/")? else {
        return Ok(None);
    };
    let mut all = service.releases.iter().enumerate();
    let found = all.find(|(_, one)| one.arn == arn && is_kept(ecs, one));
    Ok(found.map(|(position, one)| (service, position, one)))
}

fn find_revision<'a>(
    ecs: &'a Ecs,
    arn: &str,
) -> Result<Option<(&'a Service, &'a Revision)>, ApiError> {
    let Some(service) = service_of(ecs, arn, "service-revision/")? else {
        return Ok(None);
    };
    Ok(service
        .revisions
        .iter()
        .find(|one| one.arn == arn)
        .map(|one| (service, one)))
}

/// The service whose history an ARN belongs to. A text that is no such ARN is an error.
fn service_of<'a>(ecs: &'a Ecs, arn: &str, kind: &str) -> Result<Option<&'a Service>, ApiError> {
    let path = arn
        .strip_prefix("arn:aws:ecs:")
        .and_then(|rest| rest.splitn(3, ':').nth(2))
        .and_then(|resource| resource.strip_prefix(kind));
    let Some(path) = path else {
        return Err(ApiError::invalid_parameter(format!(
            "'{arn}' is not a valid ARN."
        )));
    };
    let mut parts = path.split('/');
    let (Some(cluster), Some(name)) = (parts.next(), parts.next()) else {
        return Ok(None);
    };
    let cluster = ecs.cluster(Some(cluster));
    Ok(cluster.and_then(|cluster| ecs.service_in(cluster, name)))
}
