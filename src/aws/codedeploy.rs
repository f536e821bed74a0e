//! CodeDeploy deployments: 25 a call, with their targets and the routing of their configuration.
//!
//! A deployment that is over and settled never changes, so it is read once. Watching one in flight
//! costs one call for up to 25 of them and one for the target of each.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use aws_sdk_codedeploy::types::{AppSpecContent, RevisionLocation, RevisionLocationType};
use futures_util::{StreamExt as _, stream};

use super::Aws;
use super::answer::CodeDeployments;
use super::budget::Group;
use super::cache::{AppSpecKey, EndedDeployment};
use super::call::{Operation, Pages};
use super::codedeploy_lists::BATCH_GET_GROUPS;
use super::convert::codedeploy::{
    app_spec_hash, deployment, group, revision_task_definition, routing, target,
};
use super::convert::collect;
use crate::domain::arn::TaskDefinitionArn;
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
const GET_REVISION: Operation =
    Operation::new("codedeploy:GetApplicationRevision", Group::CodeDeployReads);
const GET_CONFIG: Operation =
    Operation::new("codedeploy:GetDeploymentConfig", Group::CodeDeployReads);

/// AWS's limit of both `BatchGet` calls.
const BATCH: usize = 25;

/// How CodeDeploy says that a deployment has no target yet.
const NOT_STARTED: &str = "DeploymentNotStartedException";

/// Targets on their way at once.
const AT_ONCE: usize = 4;

/// How many times one asking reads an AppSpec at most.
const APP_SPECS_AT_ONCE: usize = 50;

/// A deployment, and the SHA-256 of its AppSpec.
type Described = (CodeDeployment, Option<String>);

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
                Err(failure) if failure.code.as_deref() == Some(NOT_STARTED) => {}
                Err(failure) => answer.note(failure),
            }
        }
        drop(targets);
        for one in &mut answer.items {
            if let Some(target) = read.remove(&one.id) {
                one.target = target;
                self.remember_target(one);
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
        let mut read = Vec::new();
        for batch in wanted.chunks(BATCH) {
            match self.describe_batch(batch).await {
                Ok(found) => read.extend(found),
                // One that the identity may not see must not hide the others.
                Err(failure) if is_about_one(&failure) && batch.len() > 1 => {
                    self.describe_singly(batch, &mut read, &mut answer).await?;
                }
                Err(failure) if is_about_one(&failure) && wanted.len() > 1 => answer.note(failure),
                Err(failure) => return Err(failure),
            }
        }
        self.fill_task_definitions(&mut read, &mut answer).await;
        for (one, hash) in read {
            if one.task_definition.is_some() || hash.is_none() {
                self.remember(&one);
            }
            answer.items.push(one);
        }
        let found = |id: &&String| answer.items.iter().any(|one| one.id == **id);
        answer.missing = ids.iter().filter(|id| !found(id)).cloned().collect();
        Ok(answer)
    }

    async fn describe_batch(&self, ids: &[String]) -> Result<Vec<Described>, Failure> {
        let answer = self
            .call_spared(BATCH_GET, &ids.join(" "), |clients| {
                let request = clients.codedeploy.batch_get_deployments();
                request.set_deployment_ids(Some(ids.to_vec())).send()
            })
            .await?;
        Ok(collect(answer.deployments_info(), |info| {
            Some((deployment(info)?, app_spec_hash(info)))
        }))
    }

    async fn describe_singly(
        &self,
        ids: &[String],
        read: &mut Vec<Described>,
        answer: &mut CodeDeployments,
    ) -> Result<(), Failure> {
        let mut last = None;
        let before = read.len();
        for id in ids {
            match self.describe_batch(std::slice::from_ref(id)).await {
                Ok(found) => read.extend(found),
                Err(failure) if is_about_one(&failure) => last = Some(failure),
                Err(failure) => return Err(failure),
            }
        }
        match last {
            Some(failure) if read.len() == before => Err(failure),
            Some(failure) => {
                answer.note(failure);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Keeps what is over in short.
    fn remember(&self, one: &CodeDeployment) {
        if !one.status.is_over() {
            return;
        }
        let mut caches = self.caches();
        let mut ended = EndedDeployment {
            deployment: one.clone(),
            whole: false,
            seen_at: Instant::now(),
        };
        if let Some(known) = caches.ended_deployments.get(&one.id) {
            ended.deployment.target.clone_from(&known.deployment.target);
            ended.whole = known.whole;
            ended.seen_at = known.seen_at;
        }
        caches.ended_deployments.insert(one.id.clone(), ended);
    }

    /// Adds the target, which was read after the end, to what is kept. One whose AppSpec could not
    /// be read yet is not kept, and is asked for again.
    fn remember_target(&self, one: &CodeDeployment) {
        let mut caches = self.caches();
        if let Some(known) = caches.ended_deployments.get(&one.id).cloned() {
            let ended = EndedDeployment {
                deployment: one.clone(),
                whole: true,
                ..known
            };
            caches.ended_deployments.insert(one.id.clone(), ended);
        }
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

    /// CodeDeploy leaves the content of an AppSpec out of a deployment. An AppSpec never changes, so
    /// each is read once, those of the newest deployments first; in a long history the rest follow
    /// with the next askings.
    async fn fill_task_definitions(&self, read: &mut [Described], answer: &mut CodeDeployments) {
        read.sort_by_key(|(one, _)| Reverse(one.created_at));
        let mut wanted: Vec<AppSpecKey> = Vec::new();
        {
            let caches = self.caches();
            for key in read.iter().filter_map(app_spec_key) {
                if !caches.app_specs.contains(&key) && !wanted.contains(&key) {
                    wanted.push(key);
                }
            }
        }
        wanted.truncate(APP_SPECS_AT_ONCE);
        let mut answers = stream::iter(wanted)
            .map(|key| async move {
                let found = self.app_spec(&key).await;
                (key, found)
            })
            .buffer_unordered(AT_ONCE);
        while let Some((key, found)) = answers.next().await {
            match found {
                Ok(found) => self.caches().app_specs.insert(key, found),
                Err(failure) => answer.note(failure),
            }
        }
        drop(answers);
        let caches = self.caches();
        for described in read {
            let key = app_spec_key(described);
            let found = key.and_then(|key| caches.app_specs.get(&key)?.clone());
            let (one, _) = described;
            one.task_definition = one.task_definition.take().or(found);
        }
    }

    async fn app_spec(&self, key: &AppSpecKey) -> Result<Option<TaskDefinitionArn>, Failure> {
        let (application, hash) = key;
        let content = AppSpecContent::builder().sha256(hash).build();
        let revision = RevisionLocation::builder()
            .revision_type(RevisionLocationType::AppSpecContent)
            .app_spec_content(content)
            .build();
        let answer = self
            .call_spared(GET_REVISION, application, |clients| {
                let request = clients.codedeploy.get_application_revision();
                let request = request.application_name(application);
                request.revision(revision).send()
            })
            .await;
        match answer {
            Ok(answer) => Ok(answer.revision().and_then(revision_task_definition)),
            Err(failure) if failure.kind == FailureKind::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
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

/// The AppSpec that tells the task definition of a deployment, where that is not told already.
fn app_spec_key((one, hash): &Described) -> Option<AppSpecKey> {
    let hash = hash.clone().filter(|_| one.task_definition.is_none())?;
    Some((one.group.application.clone(), hash))
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
