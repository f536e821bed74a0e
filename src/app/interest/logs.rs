//! The logs screen: the tasks of the source, their task definitions, and then their streams.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::Interest;
use super::pace::SLOW;
use crate::app::query::Query;
use crate::app::store::Store;
use crate::domain::arn::TaskArn;
use crate::domain::context::Scoped;
use crate::domain::logs::{LogPlan, LogSource, LogStreams, log_plan};
use crate::domain::task::Task;

/// Lines from this many seconds before the logs screen opened are read.
const LOOK_BACK_SECONDS: i64 = 15 * 60;

/// Where the lines of a source are, as far as its tasks and their task definitions are known, and
/// which containers' lines cannot be found. The same tasks give the same streams in the same order,
/// whether they run or have stopped.
///
/// A task that stopped before `since` has no line to read.
pub fn sources(store: &Store, source: &LogSource, since: Option<Timestamp>) -> LogPlan {
    if let LogSource::Stream {
        group,
        stream,
        region,
        ..
    } = source
    {
        return LogPlan {
            streams: vec![LogStreams {
                group: group.clone(),
                region: region.clone(),
                names: vec![stream.clone()],
            }],
            notes: Vec::new(),
        };
    }
    let mut tasks = tasks_of(store, source);
    tasks.retain(|_, task| task.stopped_at.is_none() || task.stopped_at >= since);
    log_plan(tasks.into_values(), |task| {
        store.task_definition(&task.task_definition)
    })
}

fn tasks_of<'a>(store: &'a Store, source: &LogSource) -> BTreeMap<&'a TaskArn, &'a Task> {
    let tasks: Vec<&Task> = match source {
        LogSource::Service { cluster, service } => [false, true]
            .into_iter()
            .filter_map(|stopped| {
                let scope = (cluster.clone(), Some(service.clone()), stopped);
                store.tasks.get(&scope)?.value()
            })
            .flatten()
            .chain(
                store
                    .evidence
                    .get(service)
                    .into_iter()
                    .flat_map(BTreeMap::values),
            )
            .collect(),
        LogSource::Task { task, .. } => store.task(task).into_iter().collect(),
        LogSource::Stream { .. } => Vec::new(),
    };
    tasks.into_iter().map(|task| (&task.arn, task)).collect()
}

/// From when on lines are read on a screen that was opened at a time.
pub(in crate::app) fn look_back(opened_at: Timestamp) -> Timestamp {
    opened_at
        .checked_sub(SignedDuration::from_secs(LOOK_BACK_SECONDS))
        .unwrap_or(opened_at)
}

impl Interest<'_> {
    pub(super) fn logs(&mut self, source: &Scoped<LogSource>) {
        match &source.id {
            LogSource::Service { cluster, service } => {
                for stopped in [false, true] {
                    self.tasks(cluster, Some(service), stopped, self.on_screen());
                }
            }
            LogSource::Task { cluster, task } => self.task(cluster, task, self.on_screen()),
            LogSource::Stream { .. } => {}
        }
        let store = self.store;
        for task in tasks_of(store, &source.id).into_values() {
            let definition = task.task_definition.clone();
            self.ask(Query::TaskDefinition(definition), SLOW);
        }
        let Some(since) = self.log_start(source) else {
            return;
        };
        let streams = sources(store, &source.id, Some(since)).streams;
        if !streams.is_empty() {
            let query = Query::Logs {
                source: source.id.clone(),
                streams,
                since,
            };
            self.ask(query, self.refresh());
        }
    }

    /// A fixed moment, so that the question stays the same while the screen is open.
    fn log_start(&self, source: &Scoped<LogSource>) -> Option<Timestamp> {
        let buffer = self.model.log_buffer.as_ref()?;
        (buffer.source == *source).then(|| match source.id {
            // A build is over when its end is asked for, and all that it wrote matters.
            LogSource::Stream { .. } => Timestamp::UNIX_EPOCH,
            _ => look_back(buffer.opened_at),
        })
    }
}
