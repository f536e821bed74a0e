//! Keeps what is known of a feed while one looks elsewhere, so that it goes on from where it was.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::board::GroupKey;
use super::tail::Tail;

/// The feeds of one epoch that do not run.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    kept: Arc<Mutex<(u64, HashMap<GroupKey, Tail>)>>,
}

impl Shelf {
    /// Keeps a feed, unless another epoch has begun.
    pub(super) fn put(&self, epoch: u64, key: GroupKey, tail: Tail) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 == epoch {
            kept.1.insert(key, tail);
        }
    }

    /// Begins an epoch: what was kept of another one is forgotten.
    pub(super) fn begin(&self, epoch: u64) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != epoch {
            *kept = (epoch, HashMap::new());
        }
    }

    /// Takes a feed back.
    pub(super) fn take(&self, key: &GroupKey) -> Option<Tail> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.1.remove(key)
    }
}
