//! What waits for a person in all contexts, and which of it is new.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::effect::Effect;
use super::model::Model;
use super::store::Store;
use crate::domain::context::ContextId;
use crate::domain::inbox::{GateId, InboxItem, inbox_order};
use crate::domain::pipeline::{ExecutionMode, PipelineName};
use crate::domain::release::{Release, ReleaseId};

/// Everything that waits, in the inbox's order.
pub fn inbox(model: &Model) -> Vec<(ContextId, InboxItem)> {
    let mut items: Vec<(ContextId, InboxItem)> = model
        .contexts
        .iter()
        .flat_map(|store| {
            let releases = moving(model, store).filter_map(InboxItem::of_release);
            let items = releases.chain(approvals(store));
            items.map(|item| (store.context.id, item))
        })
        .collect();
    items.sort_by(|(_, a), (_, b)| inbox_order(a, b));
    items
}

/// A gate by its name, while it waits.
pub fn gate(model: &Model, context: ContextId, id: &GateId) -> Option<InboxItem> {
    let mut items = inbox(model).into_iter();
    let found = items.find(|(of, item)| *of == context && item.id == *id);
    found.map(|(_, item)| item)
}

fn approvals(store: &Store) -> impl Iterator<Item = InboxItem> {
    let waiting = store.approvals().into_iter();
    waiting.map(|approval| {
        let structure = store.pipeline_structure(&approval.id.pipeline);
        InboxItem::of_approval(&approval, structure)
    })
}

/// The newest release of each service that is shown, unless it is over.
fn moving<'a>(model: &'a Model, store: &'a Store) -> impl Iterator<Item = &'a Release> {
    let rules = &model.preferences;
    let newest = store.releases.values().filter_map(|all| all.first());
    newest.filter(move |release| {
        !release.status.is_over()
            && rules.shows_service(&release.service)
            && rules.shows_cluster(&release.cluster)
    })
}

/// What a gate can appear in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Release(ReleaseId),
    Pipeline(PipelineName),
}

impl Subject {
    fn of(item: &InboxItem) -> Self {
        match &item.id {
            GateId::Approval(approval) => Self::Pipeline(approval.pipeline.clone()),
            GateId::Release { release, .. } => Self::Release(release.clone()),
        }
    }
}

/// Knows which gates were there before, so that each one that appears is announced once.
///
/// A gate has appeared when what it is in was read before without it, or began after the program was
/// opened. What waits already when the program opens is counted on every screen and not announced.
#[derive(Clone, Debug)]
pub struct GateWatch {
    opened: Timestamp,
    /// Gates by name and by what an answer has to name: a retry asks anew.
    seen: BTreeSet<(ContextId, GateId, String)>,
    /// What was read whole before.
    read: BTreeSet<(ContextId, Subject)>,
}

impl GateWatch {
    /// Nothing was seen yet.
    pub fn new(opened: Timestamp) -> Self {
        Self {
            opened,
            seen: BTreeSet::new(),
            read: BTreeSet::new(),
        }
    }

    /// Takes in what waits now and what has been read whole. Returns what is new.
    fn observe(
        &mut self,
        items: Vec<(ContextId, InboxItem)>,
        read: BTreeSet<(ContextId, Subject)>,
    ) -> Vec<InboxItem> {
        let mut new = Vec::new();
        for (context, item) in items {
            let known = self
                .seen
                .insert((context, item.id.clone(), item.request.clone()));
            let after = item.began_at.is_some_and(|at| at >= self.opened);
            if known && (after || self.read.contains(&(context, Subject::of(&item)))) {
                new.push(item);
            }
        }
        self.read = read;
        new
    }
}

/// Announces what has begun to wait for a person: on screen, and by the terminal.
pub(super) fn announce(model: &mut Model) -> Vec<Effect> {
    let waiting = inbox(model).into_iter().filter(|(_, item)| item.asks);
    let waiting = waiting.collect();
    let read = read_whole(model);
    let new = model.gate_watch.observe(waiting, read);
    let Some(first) = new.first() else {
        return Vec::new();
    };
    let words = match new.len() {
        1 => first.announcement(),
        several => format!(
            "{} (and {} more: :gates)",
            first.announcement(),
            several - 1
        ),
    };
    model.warn(words.clone());
    vec![Effect::Notify(words)]
}

/// The releases in flight and the pipelines of which everything was read that can tell a gate.
fn read_whole(model: &Model) -> BTreeSet<(ContextId, Subject)> {
    let mut read = BTreeSet::new();
    for store in &model.contexts {
        let whole = moving(model, store).filter(|release| is_read_whole(store, release));
        let subjects = whole.map(|release| Subject::Release(release.id.clone()));
        read.extend(subjects.map(|subject| (store.context.id, subject)));
        let pipelines = store.pipelines.states.iter();
        let pipelines = pipelines
            .filter(|(name, state)| state.value().is_some() && parallel_is_read(store, name));
        let subjects = pipelines.map(|(name, _)| Subject::Pipeline(name.clone()));
        read.extend(subjects.map(|subject| (store.context.id, subject)));
    }
    read
}

/// In the mode PARALLEL the state alone does not tell what waits.
fn parallel_is_read(store: &Store, name: &PipelineName) -> bool {
    store.pipeline_mode(name) != Some(&ExecutionMode::Parallel)
        || store
            .pipelines
            .parallel
            .get(name)
            .is_some_and(|read| read.value().is_some())
}

fn is_read_whole(store: &Store, release: &Release) -> bool {
    let records = store.records_of(&release.service);
    let record = release.record.as_ref();
    let deployment = release.codedeploy.as_ref();
    record.is_none_or(|record| records.iter().any(|read| read.arn == *record))
        && deployment.is_none_or(|named| store.code_deployment(&named.deployment).is_some())
}
