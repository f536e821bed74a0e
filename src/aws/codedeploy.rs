//! CodeDeploy deployments: 25 a call, with their targets and the routing of their configuration.
//!
//! A deployment that is over and settled never changes, so it is read once. Watching one in flight
//! costs one call for up to 25 of them and one for the target of each.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};

use super::Aws;
use super::answer::CodeDeployments;
use super::budget::Group;
use super::cache::EndedDeployment;
use super::call::{Operation, Pages};
use super::codedeploy_lists::BATCH_GET_GROUPS;
use super::convert::codedeploy::{deployment, group, routing, target};
use super::convert::collect;
use crate::domain::codedeploy::{CodeDeployStatus, CodeDeployment, DeploymentTarget};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::text::printable;

const BATCH_GET: Operation =
    Operation::new("codedeploy:BatchGetDeployments", Group::CodeDeployReads);
const LIST_TARGETS: Operation =
    Operation::new("codedeploy:ListDeploymentTargets", Group::CodeDeployReads);
const BATCH_GET_TARGETS: Operation = Operation::new(
    "codedeploy:BatchGetDeploymentTargets",
    Group::CodeDeployReads,
);
const GET_CONFIG: Operation =
    Operation::new("codedeploy:GetDeploymentConfig", Group::CodeDeployReads);

/// AWS's limit of both `BatchGet` calls.
const BATCH: usize = 25;

/// Targets on their way at once.
const AT_ONCE: usize = 4;

/// How long after its end CodeDeploy may still say what rolls a deployment back.
const SETTLING: Duration = Duration::from_mins(2);

impl Aws {
    /// Deployments by their ids, with their targets, the routing of their configurations and the
    /// alarms of their groups. `unread` says why a part of that is missing; a failure to read the
    /// deployments themselves is a failure.
    pub async fn code_deployments(&self, ids: &[String]) -> Result<CodeDeployments, Failure> {
        let mut answer = self.described(ids, true).await?;
        let unfinished = |one: &&mut CodeDeployment| one.target.is_none();
        let wanted: Vec<(String, String)> = answer
            .items
            .iter_mut()
            .filter(unfinished)
            .map(|one| (one.id.clone(), scope(one)))
            .collect();
        let mut targets = stream::iter(wanted)
            .map(|(id, scope)| async move {
                let read = self.deployment_target(&id, &scope).await;
                (id, read)
            })
            .buffer_unordered(AT_ONCE);
        let mut read = HashMap::new();
        while let Some((id, target)) = targets.next().await {
            match target {
                Ok(target) => {
                    read.insert(id, target);
                }
                Err(failure) => answer.note(failure),
            }
        }
        drop(targets);
        for one in &mut answer.items {
            if let Some(target) = read.remove(&one.id) {
                one.target = target;
                self.remember(one, true);
            }
        }
        self.fill_routing(&mut answer).await;
        self.fill_alarms(&mut answer).await;
        Ok(answer)
    }

    /// Deployments by their ids, without their targets: for many that are over.
    pub async fn code_deployments_in_short(
        &self,
        ids: &[String],
    ) -> Result<CodeDeployments, Failure> {
        let mut answer = self.described(ids, false).await?;
        self.fill_routing(&mut answer).await;
        Ok(answer)
    }

    /// Those that are over and settled from memory, the rest from AWS.
    async fn described(&self, ids: &[String], whole: bool) -> Result<CodeDeployments, Failure> {
        let mut answer = CodeDeployments::default();
        let mut wanted = Vec::new();
        {
            let caches = self.caches();
            for id in ids {
                match caches.ended_deployments.get(id) {
                    Some(known) if known.is_settled(SETTLING) && (known.whole || !whole) => {
                        answer.items.push(known.deployment.clone());
                    }
                    _ => wanted.push(id.clone()),
                }
            }
        }
        for batch in wanted.chunks(BATCH) {
            match self.describe_batch(batch).await {
                Ok(found) => answer.items.extend(found),
                // One that the identity may not see must not hide the others.
                Err(failure) if is_about_one(&failure) && batch.len() > 1 => {
                    self.describe_singly(batch, &mut answer).await?;
                }
                Err(failure) if is_about_one(&failure) && wanted.len() > 1 => answer.note(failure),
                Err(failure) => return Err(failure),
            }
        }
        for one in &answer.items {
            self.remember(one, false);
        }
        let found = |id: &&String| answer.items.iter().any(|one| one.id == **id);
        answer.missing = ids.iter().filter(|id| !found(id)).cloned().collect();
        Ok(answer)
    }

    async fn describe_batch(&self, ids: &[String]) -> Result<Vec<CodeDeployment>, Failure> {
        let answer = self
            .call_spared(BATCH_GET, &ids.join(" "), |clients| {
                let request = clients.codedeploy.batch_get_deployments();
                request.set_deployment_ids(Some(ids.to_vec())).send()
            })
            .await?;
        Ok(collect(answer.deployments_info(), deployment))
    }

    async fn describe_singly(
        &self,
        ids: &[String],
        answer: &mut CodeDeployments,
    ) -> Result<(), Failure> {
        let mut last = None;
        let before = answer.items.len();
        for id in ids {
            match self.describe_batch(std::slice::from_ref(id)).await {
                Ok(found) => answer.items.extend(found),
                Err(failure) if is_about_one(&failure) => last = Some(failure),
                Err(failure) => return Err(failure),
            }
        }
        match last {
            Some(failure) if answer.items.len() == before => Err(failure),
            Some(failure) => {
                answer.note(failure);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Keeps what is over. What was read whole is not replaced by what was read in short.
    fn remember(&self, one: &CodeDeployment, whole: bool) {
        if !one.status.is_over() {
            return;
        }
        let mut caches = self.caches();
        let known = caches.ended_deployments.get(&one.id);
        let seen_at = known.map_or_else(Instant::now, |known| known.seen_at);
        if known.is_some_and(|known| known.whole) && !whole {
            return;
        }
        let ended = EndedDeployment {
            deployment: one.clone(),
            whole,
            seen_at,
        };
        caches.ended_deployments.insert(one.id.clone(), ended);
    }

    /// The service that a deployment moves; `None` while it has no target yet. A deployment on ECS
    /// has one.
    async fn deployment_target(
        &self,
        id: &str,
        scope: &str,
    ) -> Result<Option<DeploymentTarget>, Failure> {
        let known = self
            .caches()
            .deployment_targets
            .get(&id.to_owned())
            .cloned();
        let targets = match known {
            Some(targets) => targets,
            None => self.list_targets(id, scope).await?,
        };
        if targets.is_empty() {
            return Ok(None);
        }
        let mut found = None;
        for batch in targets.chunks(BATCH) {
            let answer = self
                .call_spared(BATCH_GET_TARGETS, scope, |clients| {
                    let request = clients.codedeploy.batch_get_deployment_targets();
                    let request = request.deployment_id(id);
                    request.set_target_ids(Some(batch.to_vec())).send()
                })
                .await?;
            found = found.or_else(|| answer.deployment_targets().iter().find_map(target));
        }
        Ok(found)
    }

    async fn list_targets(&self, id: &str, scope: &str) -> Result<Vec<String>, Failure> {
        let mut targets = Vec::new();
        let mut pages = Pages::of(LIST_TARGETS);
        loop {
            let token = pages.token();
            let answer = self
                .call_spared(LIST_TARGETS, scope, |clients| {
                    let request = clients.codedeploy.list_deployment_targets();
                    request.deployment_id(id).set_next_token(token).send()
                })
                .await?;
            targets.extend_from_slice(answer.target_ids());
            if !pages.more(answer.next_token)? {
                break;
            }
        }
        if !targets.is_empty() {
            let mut caches = self.caches();
            let known = &mut caches.deployment_targets;
            known.insert(id.to_owned(), targets.clone());
        }
        Ok(targets)
    }

    /// A deployment configuration cannot be changed, so each is read once.
    async fn fill_routing(&self, answer: &mut CodeDeployments) {
        let mut wanted: Vec<String> = {
            let caches = self.caches();
            let named = answer.items.iter();
            named
                .filter_map(|one| one.configuration.clone())
                .filter(|name| !caches.routings.contains(name))
                .collect()
        };
        wanted.sort_unstable();
        wanted.dedup();
        for name in wanted {
            let read = self
                .call_spared(GET_CONFIG, "", |clients| {
                    let request = clients.codedeploy.get_deployment_config();
                    request.deployment_config_name(&name).send()
                })
                .await;
            match read {
                Ok(read) => {
                    let found = read.deployment_config_info().and_then(routing);
                    self.caches().routings.insert(name, found);
                }
                // It was deleted after the deployment.
                Err(failure) if failure.kind == FailureKind::NotFound => {
                    self.caches().routings.insert(name, None);
                }
                Err(failure) => answer.note(failure),
            }
        }
        let caches = self.caches();
        for one in &mut answer.items {
            let name = one.configuration.as_ref();
            one.routing = name.and_then(|name| caches.routings.get(name)?.clone());
        }
    }

    /// A deployment tells only the alarms that it overrides; the others are those of its group, read
    /// once while it is in flight.
    async fn fill_alarms(&self, answer: &mut CodeDeployments) {
        let mut wanted: HashMap<String, Vec<String>> = HashMap::new();
        {
            let caches = self.caches();
            for one in answer.items.iter().filter(|one| is_watched(one)) {
                let groups = wanted.entry(one.group.application.clone()).or_default();
                let name = &one.group.group;
                if !caches.group_alarms.contains(&one.id) && !groups.contains(name) {
                    groups.push(name.clone());
                }
            }
        }
        for (application, names) in wanted {
            for name in names {
                match self.group_alarms(&application, &name).await {
                    Ok(alarms) => {
                        let of_group = answer.items.iter().filter(|one| {
                            (&one.group.application, &one.group.group) == (&application, &name)
                        });
                        let mut caches = self.caches();
                        for one in of_group.filter(|one| is_watched(one)) {
                            caches.group_alarms.insert(one.id.clone(), alarms.clone());
                        }
                    }
                    Err(failure) => answer.note(failure),
                }
            }
        }
        let caches = self.caches();
        for one in answer.items.iter_mut().filter(|one| one.alarms.is_empty()) {
            if let Some(alarms) = caches.group_alarms.get(&one.id) {
                one.alarms.clone_from(alarms);
            }
        }
    }

    async fn group_alarms(&self, application: &str, name: &str) -> Result<Vec<String>, Failure> {
        let scope = format!("{application}/{name}");
        let answer = self
            .call_spared(BATCH_GET_GROUPS, &scope, |clients| {
                let request = clients.codedeploy.batch_get_deployment_groups();
                let request = request.application_name(application);
                request.deployment_group_names(name).send()
            })
            .await?;
        let groups = collect(answer.deployment_groups_info(), |info| {
            group(info, &printable(application))
        });
        Ok(groups.into_iter().flat_map(|group| group.alarms).collect())
    }
}

/// Permissions of CodeDeploy are given by deployment group.
fn scope(deployment: &CodeDeployment) -> String {
    format!(
        "{}/{}",
        deployment.group.application, deployment.group.group
    )
}

fn is_watched(deployment: &CodeDeployment) -> bool {
    !deployment.status.is_over() && deployment.alarms.is_empty()
}

/// Whether a batch failed for something that may be wrong with one of it alone.
fn is_about_one(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::AccessDenied | FailureKind::NotFound | FailureKind::Refused
    )
}

impl EndedDeployment {
    /// Whether nothing about it changes any more. What rolls a deployment back is named a moment
    /// after that one ended.
    fn is_settled(&self, settling: Duration) -> bool {
        self.deployment.status == CodeDeployStatus::Succeeded
            || self.deployment.rolled_back_by.is_some()
            || self.seen_at.elapsed() > settling
    }
}

impl CodeDeployments {
    /// Notes the first failure; one that lasts says more than one that passes.
    fn note(&mut self, failure: Failure) {
        match &self.unread {
            Some(known) if known.is_lasting() || !failure.is_lasting() => {}
            _ => self.unread = Some(failure),
        }
    }
}
