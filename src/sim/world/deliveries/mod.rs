//! Deliveries between the regions of a world: what a pipeline deploys can be in another account or
//! Region than the pipeline.
//!
//! A region never looks into another one. It puts what it asks for into an outbox, and the world
//! hands it over. So that the answer does not depend on which region is moved first, the events of
//! all regions happen in one order: by time, and at the same time by account and Region.

mod order;
mod progress;
#[cfg(test)]
mod tests;

use super::engine::pipelines::deploy::{DeployOrder, DeployProgress, Deploying, Outgoing};
use super::{Region, World};
use crate::sim::clock::SimTime;

/// The account and the name of a region.
type Key = (String, String);

/// The error code of CodePipeline for an action whose configuration names what isn't there.
const CONFIGURATION_ERROR: &str = "ConfigurationError";

/// An error of an action: a code, and words for people.
type Failure = (String, String);

impl World {
    /// Lets everything happen that is due by `to`. Time doesn't go back: an earlier moment
    /// changes nothing.
    pub fn advance(&mut self, to: SimTime) {
        self.now = self.now.max(to);
        // A call may have put something into an outbox since time last moved.
        let keys: Vec<Key> = self.regions.keys().cloned().collect();
        for key in &keys {
            self.deliver(key);
        }
        while let Some((key, until)) = self.next_turn() {
            if let Some(region) = self.regions.get_mut(&key) {
                region.advance_to_delivery(until);
            }
            self.deliver(&key);
        }
        let now = self.now;
        for region in self.regions.values_mut() {
            region.ecs.now = region.ecs.now.max(now);
        }
    }

    /// The region whose next event comes first, and how far it may go alone: to the next event of
    /// another region. None when nothing more is due.
    fn next_turn(&self) -> Option<(Key, SimTime)> {
        let due = || {
            let next = |(key, region): (_, &Region)| Some((region.ecs.queue.next_at()?, key));
            let all = self.regions.iter().filter_map(next);
            all.filter(|(at, _): &(SimTime, &Key)| *at <= self.now)
        };
        let (_, first) = due().min()?;
        let others = due().filter(|(_, key)| *key != first);
        // At the same moment the other one comes before, if its name does.
        let limits = others.map(|(at, key)| at.plus_millis(-i64::from(key < first)));
        let until = limits.min().unwrap_or(self.now);
        Some((first.clone(), until))
    }

    /// Hands over what a region has in its outbox, and the answers.
    fn deliver(&mut self, key: &Key) {
        let Some(region) = self.regions.get_mut(key) else {
            return;
        };
        let now = region.ecs.now;
        for outgoing in std::mem::take(&mut region.codepipeline.outbox) {
            match outgoing {
                Outgoing::Start(order) => {
                    let started = self.start(key, &order, now);
                    if let Some(region) = self.regions.get_mut(key) {
                        region.deploy_started(order.run, started);
                    }
                }
                Outgoing::Ask(run, deploying) => {
                    let progress = self.progress(&deploying);
                    if let Some(region) = self.regions.get_mut(key) {
                        region.deploy_progressed(run, progress);
                    }
                }
            }
        }
    }

    fn start(
        &mut self,
        from: &Key,
        order: &DeployOrder,
        now: SimTime,
    ) -> Result<Deploying, Failure> {
        let account = order.account.as_ref().unwrap_or(&from.0);
        let region = order.region.as_ref().unwrap_or(&from.1);
        let target = self.regions.get_mut(&(account.clone(), region.clone()));
        let Some(target) = target else {
            return Err(order::no_cluster(order));
        };
        // Whatever was due there before this moment has happened.
        target.ecs.now = target.ecs.now.max(now);
        target.start_deploy(order)
    }

    fn progress(&self, deploying: &Deploying) -> DeployProgress {
        let (Deploying::Ecs {
            account, region, ..
        }
        | Deploying::CodeDeploy {
            account, region, ..
        }) = deploying;
        match self.regions.get(&(account.clone(), region.clone())) {
            Some(region) => region.deploy_progress(deploying),
            None => DeployProgress::InProgress { summary: None },
        }
    }
}
