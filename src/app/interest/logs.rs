//! The logs screen: the tasks of the source, their task definitions and the releases that brought
//! them, and then their streams.

use super::Interest;
use super::pace::{REST, SLOW};
use crate::app::log_sources::tasks_of;
use crate::app::query::Query;
use crate::domain::context::Scoped;
use crate::domain::logs::LogSource;

impl Interest<'_> {
    pub(super) fn logs(&mut self, source: &Scoped<LogSource>) {
        match &source.id {
            LogSource::Service { cluster, service }
            | LogSource::Release {
                cluster, service, ..
            }
            | LogSource::Revision {
                cluster, service, ..
            } => {
                for stopped in [false, true] {
                    self.tasks(cluster, Some(service), stopped, self.on_screen());
                }
                // The sides of the lines are those of the newest release, which can begin meanwhile.
                self.service(service, self.on_screen());
                self.records(service, REST);
            }
            LogSource::Task { cluster, task } | LogSource::Container { cluster, task, .. } => {
                self.task(cluster, task, self.on_screen());
            }
            LogSource::Stream { .. } => {}
        }
        let store = self.store;
        for task in tasks_of(store, &source.id).into_values() {
            let definition = task.task_definition.clone();
            self.ask(Query::TaskDefinition(definition), SLOW);
        }
    }
}
