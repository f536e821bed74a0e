//! Makes a release of the task sets of a service that somebody outside moves, or that CodeDeploy
//! moves and CodeDeploy was not asked.

use std::cmp::Reverse;

use super::real::Routes;
use super::{
    CodeDeployId, Mechanism, Release, ReleaseId, ReleaseStatus, Side, Sources, Stage, real,
};
use crate::domain::arn::TargetGroupArn;
use crate::domain::service::{Controller, Service, TaskSet};
use crate::domain::traffic::{RouteArn, Traffic};

const PRIMARY: &str = "PRIMARY";
const DRAINING: &str = "DRAINING";

/// The newest task set is where the release goes to. Where it comes from is the primary one, or once
/// the newest is the primary itself, the newest of the others.
pub(super) fn from_task_sets(service: &Service) -> Option<Release> {
    let mut sets: Vec<&TaskSet> = service.task_sets.iter().collect();
    sets.sort_by_key(|set| Reverse(set.created_at));
    let (newest, others) = sets.split_first()?;
    let old = others
        .iter()
        .find(|set| set.status == PRIMARY)
        .or(others.first());
    let status = status(newest, others);
    let id = newest.external_id.as_ref().unwrap_or(&newest.id);
    let moved_by_codedeploy = service.controller == Controller::CodeDeploy;
    Some(Release {
        started_at: newest.created_at,
        stage: stage(newest, &status).filter(|_| !moved_by_codedeploy),
        old: old.map(|set| side(set)),
        new: Some(side(newest)),
        started_by: newest.started_by.clone(),
        codedeploy: newest
            .external_id
            .clone()
            .filter(|_| moved_by_codedeploy)
            .map(|deployment| CodeDeployId {
                deployment,
                group: None,
            }),
        ..Release::bare(
            ReleaseId(id.clone()),
            Mechanism::of(service),
            service,
            status,
        )
    })
}

/// The release of a service that somebody outside moves, with what the load balancer really does.
/// Nothing tells what was asked of it.
pub(super) fn moved_outside(sources: &Sources) -> Option<Release> {
    let mut release = from_task_sets(sources.service)?;
    let set_of = |side: &Side| {
        let sets = &sources.service.task_sets;
        sets.iter()
            .find(|set| Some(&set.id) == side.task_set.as_ref())
    };
    for side in [&mut release.old, &mut release.new].into_iter().flatten() {
        side.target_group = set_of(side).and_then(|set| set.target_group.clone());
    }
    let groups: Vec<TargetGroupArn> = [&release.old, &release.new]
        .into_iter()
        .flatten()
        .filter_map(|side| side.target_group.clone())
        .collect();
    let routes = Routes {
        production: production(&groups, sources.traffic),
        test: Vec::new(),
    };
    real::add(&mut release, &routes, sources.traffic);
    Some(release)
}

/// The rules that can carry the production traffic, the likeliest first: those that name the target
/// groups of both sides, in the order in which they were found.
fn production<'a>(groups: &[TargetGroupArn], traffic: &'a Traffic) -> Vec<&'a RouteArn> {
    let found = groups.iter().filter_map(|group| traffic.behind.get(group));
    let mut routes: Vec<&RouteArn> = Vec::new();
    for route in found.flatten() {
        if !routes.contains(&route) {
            routes.push(route);
        }
    }
    let names_both = |route: &&RouteArn| {
        let weights = traffic.weights.get(*route);
        let named = |group: &TargetGroupArn| {
            let told = weights.iter().flat_map(|weights| &weights.0);
            told.map(|(named, _)| named).any(|named| named == group)
        };
        groups.iter().all(named)
    };
    let (mut both, one): (Vec<_>, Vec<_>) = routes.into_iter().partition(names_both);
    both.extend(one);
    both
}

fn status(newest: &TaskSet, others: &[&TaskSet]) -> ReleaseStatus {
    let taken_back = newest.status == DRAINING && others.iter().any(|set| set.status == PRIMARY);
    match others {
        [] => ReleaseStatus::Succeeded,
        _ if taken_back => ReleaseStatus::RollingBack,
        _ => ReleaseStatus::InProgress,
    }
}

/// How far somebody outside has come, as the new task set tells it.
fn stage(newest: &TaskSet, status: &ReleaseStatus) -> Option<Stage> {
    match status {
        ReleaseStatus::InProgress if newest.status == PRIMARY => Some(Stage::CutOver),
        ReleaseStatus::InProgress if newest.running == 0 && newest.desired > 0 => {
            Some(Stage::Starting)
        }
        ReleaseStatus::InProgress if newest.running < newest.desired => Some(Stage::Replacing),
        ReleaseStatus::InProgress => Some(Stage::SideBySide),
        _ => None,
    }
}

/// A side as its task set tells it.
pub(super) fn side(set: &TaskSet) -> Side {
    Side {
        task_definition: Some(set.task_definition.clone()),
        desired: Some(set.desired),
        running: Some(set.running),
        pending: Some(set.pending),
        task_set: Some(set.id.clone()),
        ..Side::default()
    }
}
