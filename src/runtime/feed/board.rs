//! How the feeds of several log groups go together.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::feed::FeedState;

/// A log group: its Region, where it is another one than the context's, and its name.
pub(super) type GroupKey = (Option<String>, String);

/// What each group says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Board {
    groups: Arc<Mutex<BTreeMap<GroupKey, Entry>>>,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    state: FeedState,
    note: Option<String>,
}

impl Board {
    /// Takes in how a group goes; returns how all of them go, and what there is to remark.
    pub(super) fn post(
        &self,
        key: &GroupKey,
        state: FeedState,
        note: Option<String>,
    ) -> (FeedState, Vec<String>) {
        let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        groups.insert(key.clone(), Entry { state, note });
        let states = groups.values().map(|entry| entry.state.clone());
        let together = states.reduce(FeedState::with).unwrap_or_default();
        let notes = groups.values().filter_map(|entry| entry.note.clone());
        (together, notes.collect())
    }
}
