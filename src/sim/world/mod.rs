//! The simulated world: accounts, their regions, and what is in them.

pub mod logs;

use std::collections::BTreeMap;

use crate::sim::clock::SimTime;

use logs::Logs;

/// What one account has in one region.
#[derive(Debug, Default)]
pub struct Region {
    /// CloudWatch Logs.
    pub logs: Logs,
}

/// Every account and region of the simulation, at one moment.
#[derive(Debug)]
pub struct World {
    seed: u64,
    now: SimTime,
    regions: BTreeMap<(String, String), Region>,
}

impl World {
    /// An empty world.
    pub fn new(seed: u64, start: SimTime) -> Self {
        Self { seed, now: start, regions: BTreeMap::new() }
    }

    /// The seed from which everything random in it comes.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The moment up to which everything due has happened.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Lets everything happen that is due by `to`.
    pub fn advance(&mut self, to: SimTime) {
        self.now = self.now.max(to);
    }

    /// What `account` has in `region`; made on first use.
    pub fn region_mut(&mut self, account: &str, region: &str) -> &mut Region {
        self.regions.entry((account.to_owned(), region.to_owned())).or_default()
    }
}
