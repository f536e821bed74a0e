//! Task definitions: families, their revisions, and one revision in full.

use std::cmp::Reverse;

use aws_sdk_ecs::types::{SortOrder, TaskDefinitionFamilyStatus, TaskDefinitionStatus};

use super::Aws;
use super::budget::Group;
use super::call::{Operation, Pages};
use super::convert::task_definition::task_definition;
use super::failure::of_kind;
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::task_definition::TaskDefinition;
use crate::domain::text::printable;

const LIST_FAMILIES: Operation =
    Operation::new("ecs:ListTaskDefinitionFamilies", Group::TaskDefinitionReads);
const LIST_REVISIONS: Operation =
    Operation::new("ecs:ListTaskDefinitions", Group::TaskDefinitionReads);
const DESCRIBE: Operation =
    Operation::new("ecs:DescribeTaskDefinition", Group::TaskDefinitionReads);

/// AWS's limit of both List calls.
const PAGE: i32 = 100;

impl Aws {
    /// One revision: by ARN, by `family:revision`, or the newest ACTIVE one of a family.
    pub async fn task_definition(&self, arn_or_family: &str) -> Result<TaskDefinition, Failure> {
        let answer = self
            .call(DESCRIBE, |clients| {
                let request = clients.ecs.describe_task_definition();
                request.task_definition(arn_or_family).send()
            })
            .await?;
        answer
            .task_definition()
            .and_then(task_definition)
            .ok_or_else(|| {
                let message = format!("the answer holds no task definition {arn_or_family}");
                of_kind(DESCRIBE.name, FailureKind::Garbled, message)
            })
    }

    /// The families with an ACTIVE revision; `on_page` sees each page as it comes.
    pub async fn families(
        &self,
        mut on_page: impl FnMut(&[String]) + Send,
    ) -> Result<Vec<String>, Failure> {
        let mut families = Vec::new();
        let mut pages = Pages::of(LIST_FAMILIES);
        loop {
            let token = pages.token();
            let answer = self
                .call(LIST_FAMILIES, |clients| {
                    let request = clients.ecs.list_task_definition_families();
                    let request = request.status(TaskDefinitionFamilyStatus::Active);
                    request.max_results(PAGE).set_next_token(token).send()
                })
                .await?;
            let page: Vec<String> = answer
                .families()
                .iter()
                .map(|name| printable(name))
                .collect();
            on_page(&page);
            families.extend(page);
            if !pages.more(answer.next_token)? {
                return Ok(families);
            }
        }
    }

    /// The revisions of exactly this family, newest first, ACTIVE and INACTIVE ones together;
    /// `on_page` sees each page as it comes, the ACTIVE ones first.
    pub async fn revisions(
        &self,
        family: &str,
        mut on_page: impl FnMut(&[TaskDefinitionArn]) + Send,
    ) -> Result<Vec<TaskDefinitionArn>, Failure> {
        let mut revisions = Vec::new();
        for status in [TaskDefinitionStatus::Active, TaskDefinitionStatus::Inactive] {
            let mut pages = Pages::of(LIST_REVISIONS);
            loop {
                let token = pages.token();
                let answer = self
                    .call(LIST_REVISIONS, |clients| {
                        let request = clients.ecs.list_task_definitions();
                        let request = request.family_prefix(family).status(status.clone());
                        let request = request.sort(SortOrder::Desc).max_results(PAGE);
                        request.set_next_token(token).send()
                    })
                    .await?;
                let page = of_family(answer.task_definition_arns(), family);
                on_page(&page);
                revisions.extend(page);
                if !pages.more(answer.next_token)? {
                    break;
                }
            }
        }
        newest_first(&mut revisions);
        Ok(revisions)
    }
}

/// Those of exactly this family: some endpoints take `familyPrefix` by its word.
fn of_family(arns: &[String], family: &str) -> Vec<TaskDefinitionArn> {
    arns.iter()
        .map(TaskDefinitionArn::new)
        .filter(|arn| arn.family() == family)
        .collect()
}

/// Sorts by revision and drops what both lists held (a revision deregistered in between).
fn newest_first(revisions: &mut Vec<TaskDefinitionArn>) {
    revisions.sort_by_key(|arn| Reverse((arn.revision(), arn.clone())));
    revisions.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_of_the_very_family_and_newest_first() {
        let arns: Vec<String> = [2, 10, 9, 10]
            .iter()
            .map(|n| format!("arn:aws:ecs:eu-west-1:1:task-definition/web:{n}"))
            .chain(["arn:aws:ecs:eu-west-1:1:task-definition/web-api:3".into()])
            .collect();
        let mut revisions = of_family(&arns, "web");
        newest_first(&mut revisions);
        let numbers: Vec<_> = revisions
            .iter()
            .filter_map(TaskDefinitionArn::revision)
            .collect();
        assert_eq!(numbers, [10, 9, 2]);
    }
}
