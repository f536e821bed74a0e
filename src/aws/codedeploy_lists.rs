//! What there is in CodeDeploy: applications, deployment groups, the deployments of a group.

use aws_sdk_codedeploy::types::{ApplicationInfo, ComputePlatform, TimeRange};
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use super::Aws;
use super::answer::CodeDeployments;
use super::budget::Group;
use super::call::{Operation, Pages};
use super::convert::codedeploy::group;
use super::convert::collect;
use crate::domain::codedeploy::{DeploymentGroup, GroupId};
use crate::domain::failure::Failure;

const LIST_APPLICATIONS: Operation =
    Operation::new("codedeploy:ListApplications", Group::CodeDeployReads);
const BATCH_GET_APPLICATIONS: Operation =
    Operation::new("codedeploy:BatchGetApplications", Group::CodeDeployReads);
const LIST_GROUPS: Operation =
    Operation::new("codedeploy:ListDeploymentGroups", Group::CodeDeployReads);
pub(super) const BATCH_GET_GROUPS: Operation = Operation::new(
    "codedeploy:BatchGetDeploymentGroups",
    Group::CodeDeployReads,
);
const LIST_DEPLOYMENTS: Operation =
    Operation::new("codedeploy:ListDeployments", Group::CodeDeployReads);

/// AWS's limit of `BatchGetApplications` and of `BatchGetDeploymentGroups`.
const BATCH: usize = 100;

impl Aws {
    /// The names of the applications whose platform is ECS, in the order of the alphabet. Where the
    /// platform cannot be asked for, of all applications.
    pub async fn applications(&self) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        let mut pages = Pages::of(LIST_APPLICATIONS);
        loop {
            let token = pages.token();
            let answer = self
                .call(LIST_APPLICATIONS, |clients| {
                    let request = clients.codedeploy.list_applications();
                    request.set_next_token(token).send()
                })
                .await?;
            names.extend_from_slice(answer.applications());
            if !pages.more(answer.next_token)? {
                break;
            }
        }
        let mut on_ecs = Vec::new();
        for batch in names.chunks(BATCH) {
            let answer = self
                .call_spared(BATCH_GET_APPLICATIONS, "", |clients| {
                    let request = clients.codedeploy.batch_get_applications();
                    request.set_application_names(Some(batch.to_vec())).send()
                })
                .await;
            match answer {
                Ok(answer) => {
                    let elsewhere = names_elsewhere(answer.applications_info());
                    let here = batch.iter().filter(|name| !elsewhere.contains(name));
                    on_ecs.extend(here.cloned());
                }
                Err(failure) if failure.is_lasting() => on_ecs.extend_from_slice(batch),
                Err(failure) => return Err(failure),
            }
        }
        on_ecs.sort_unstable();
        on_ecs.dedup();
        Ok(on_ecs)
    }

    /// The deployment groups of an application, in the order of the alphabet.
    pub async fn deployment_groups(
        &self,
        application: &str,
    ) -> Result<Vec<DeploymentGroup>, Failure> {
        let mut names = Vec::new();
        let mut pages = Pages::of(LIST_GROUPS);
        loop {
            let token = pages.token();
            let answer = self
                .call(LIST_GROUPS, |clients| {
                    let request = clients.codedeploy.list_deployment_groups();
                    let request = request.application_name(application);
                    request.set_next_token(token).send()
                })
                .await?;
            names.extend_from_slice(answer.deployment_groups());
            if !pages.more(answer.next_token)? {
                break;
            }
        }
        let mut groups = Vec::new();
        for batch in names.chunks(BATCH) {
            let answer = self
                .call(BATCH_GET_GROUPS, |clients| {
                    let request = clients.codedeploy.batch_get_deployment_groups();
                    let request = request.application_name(application);
                    request
                        .set_deployment_group_names(Some(batch.to_vec()))
                        .send()
                })
                .await?;
            groups.extend(collect(answer.deployment_groups_info(), |info| {
                group(info, application)
            }));
        }
        groups.sort_by(|a, b| a.id.cmp(&b.id));
        groups.dedup_by(|a, b| a.id == b.id);
        Ok(groups)
    }

    /// The deployments of a group that were made since a moment, newest first, without their targets.
    pub async fn code_deployment_history(
        &self,
        group: &GroupId,
        since: Timestamp,
    ) -> Result<CodeDeployments, Failure> {
        let range = TimeRange::builder()
            .start(DateTime::from_secs(since.as_second()))
            .build();
        let mut ids: Vec<String> = Vec::new();
        let mut pages = Pages::of(LIST_DEPLOYMENTS);
        loop {
            let token = pages.token();
            let answer = self
                .call(LIST_DEPLOYMENTS, |clients| {
                    let request = clients.codedeploy.list_deployments();
                    let request = request.application_name(&group.application);
                    let request = request.deployment_group_name(&group.group);
                    let request = request.create_time_range(range.clone());
                    request.set_next_token(token).send()
                })
                .await?;
            ids.extend_from_slice(answer.deployments());
            if !pages.more(answer.next_token)? {
                break;
            }
        }
        // A deployment that begins between two pages can move another to both.
        ids.sort_unstable();
        ids.dedup();
        let mut found = self.code_deployments_in_short(&ids).await?;
        found.items.sort_by(|a, b| {
            let newest_first = b.created_at.cmp(&a.created_at);
            newest_first.then_with(|| a.id.cmp(&b.id))
        });
        Ok(found)
    }
}

/// Applications on Lambda and on servers.
fn names_elsewhere(applications: &[ApplicationInfo]) -> Vec<String> {
    let elsewhere = applications.iter().filter(|application| {
        let platform = application.compute_platform().map(ComputePlatform::as_str);
        matches!(platform, Some("Lambda" | "Server"))
    });
    elsewhere
        .filter_map(|application| application.application_name())
        .map(str::to_owned)
        .collect()
}
