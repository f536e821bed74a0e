//! The screens about one thing: a release, tasks, a task definition.

use std::time::Duration;

use super::Interest;
use super::pace::{ON_SCREEN, REST, SLOW};
use crate::app::query::Query;
use crate::app::row::RowId;
use crate::app::screen::Subject;
use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::domain::release::ReleaseId;

/// Revisions around the cursor that are read at least: about as many as are on screen.
const REVISIONS_AROUND: usize = 30;

impl Interest<'_> {
    /// One release, or whatever is the newest one of the service.
    pub(super) fn release(&mut self, arn: &ServiceArn, chosen: Option<&ReleaseId>) {
        let Some(service) = self.store.service(arn) else {
            self.service(arn, self.refresh());
            return;
        };
        let pace = if self.in_flight(service) {
            self.refresh()
        } else {
            self.on_screen()
        };
        self.service(arn, pace);
        self.records(arn, pace * 2);
        self.sides_of_release(service, chosen);
        self.tasks(&service.cluster, Some(arn), false, pace * 3);
        self.stopped_tasks(service);
        let mut releases = self.store.releases.get(arn).into_iter().flatten();
        let shown = match chosen {
            Some(id) => releases.find(|release| release.id == *id),
            None => releases.next(),
        };
        let definitions: Vec<TaskDefinitionArn> = shown
            .into_iter()
            .flat_map(|release| [release.old.as_ref(), release.new.as_ref()])
            .flatten()
            .filter_map(|side| side.task_definition.clone())
            .chain([service.task_definition.clone()])
            .collect();
        for definition in definitions {
            self.ask(Query::TaskDefinition(definition), SLOW);
        }
    }

    pub(super) fn tasks(
        &mut self,
        cluster: &ClusterArn,
        service: Option<&ServiceArn>,
        stopped: bool,
        pace: Duration,
    ) {
        let query = Query::Tasks {
            cluster: cluster.clone(),
            service: service.cloned(),
            stopped,
        };
        self.ask(query, pace);
    }

    pub(super) fn task(&mut self, cluster: &ClusterArn, task: &TaskArn, pace: Duration) {
        let query = Query::Task {
            cluster: cluster.clone(),
            task: task.clone(),
        };
        self.ask(query, pace);
    }

    /// The list, and what is not known yet of the revisions around the cursor: a family can have
    /// thousands.
    pub(super) fn revisions(&mut self, family: &str) {
        self.ask(Query::Revisions(family.to_owned()), REST);
        let list = &self.model.navigation.current().list;
        let page = usize::from(self.model.rows).max(REVISIONS_AROUND);
        let last = list.rows.len().saturating_sub(page);
        let first = list.position().saturating_sub(page / 2).min(last);
        let around = list.rows.iter().skip(first).take(page);
        let unknown: Vec<TaskDefinitionArn> = around
            .filter_map(|row| match row {
                RowId::Revision(context, arn) if *context == self.store.context.id => Some(arn),
                _ => None,
            })
            .filter(|arn| self.store.task_definition(arn).is_none())
            .cloned()
            .collect();
        for definition in unknown {
            self.ask(Query::TaskDefinition(definition), REST);
        }
    }

    pub(super) fn describe(&mut self, subject: &Subject) {
        match subject {
            Subject::Cluster(cluster) if self.is_here(cluster) => {
                self.counts(ON_SCREEN);
            }
            Subject::Service(service) if self.is_here(service) => {
                self.service(&service.id, self.lively());
                self.records(&service.id, self.on_screen());
                self.followed_code_deployments(&service.id, None, self.on_screen());
            }
            Subject::Task(cluster, task) if self.is_here(cluster) => {
                self.task(&cluster.id, task, self.lively());
            }
            Subject::TaskDefinition(definition) if self.is_here(definition) => {
                self.ask(Query::TaskDefinition(definition.id.clone()), REST);
            }
            _ => {}
        }
    }
}
