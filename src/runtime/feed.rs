//! Feeds the logs screen: one feed for each log group, for as long as somebody looks.

mod board;
mod delays;
mod driver;
mod job;
mod ledger;
mod outbox;
mod patience;
mod shelf;
mod streams;
mod tail;

use std::collections::HashMap;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::clock::Clock;
use crate::app::feed::{LogFeed, PollReason};
use crate::app::msg::Msg;
use crate::aws::Aws;
use crate::domain::context::ContextId;
use crate::domain::logs::{LogSource, LogStreams};
use board::{Board, GroupKey};
use driver::{Demand, Driver, Place, Tools};
use shelf::Shelf;
use tail::{Deliveries, Range, Tail, Wish};

pub use patience::Patience;

/// Log groups for which sessions are opened. An account has 15 sessions in a Region, for everybody;
/// the lines of further groups are asked for.
const MOST_SESSIONS: usize = 5;

/// Messages of feeds that wait for the event loop. They hold up to a thousand lines each.
pub const WAITING_MESSAGES: usize = 8;

/// Starts, changes and ends feeds so that they match what is wanted.
pub struct Feeder {
    tools: Tools,
    patience: Patience,
    deliveries: Deliveries,
    shelf: Shelf,
    running: Option<Running>,
}

struct Running {
    context: ContextId,
    epoch: u64,
    board: Board,
    groups: HashMap<GroupKey, Group>,
}

struct Group {
    demand: watch::Sender<Demand>,
    _stop: DropGuard,
}

impl Feeder {
    /// Nothing is fed yet. Messages go to a channel of their own: the loop takes a few of them
    /// between two frames, however many lines are written.
    pub fn new(aws: Aws, messages: mpsc::Sender<Msg>, clock: Clock, patience: Patience) -> Self {
        let tick = patience.tick;
        Self {
            tools: Tools {
                aws,
                messages,
                clock,
                tick,
            },
            patience,
            deliveries: Deliveries::default(),
            shelf: Shelf::default(),
            running: None,
        }
    }

    /// Feeds what is wanted, and nothing else. What is dropped here closes its session at once.
    pub fn reconcile(&mut self, wanted: Option<LogFeed>) {
        let Some(feed) = wanted else {
            self.running = None;
            return;
        };
        let same =
            |running: &Running| (running.context, running.epoch) == (feed.context, feed.epoch);
        let mut running = match self.running.take().filter(same) {
            Some(running) => running,
            None => {
                self.shelf.begin(feed.epoch);
                Running {
                    context: feed.context,
                    epoch: feed.epoch,
                    board: Board::default(),
                    groups: HashMap::new(),
                }
            }
        };
        for (place, streams) in feed.streams.iter().enumerate() {
            let key = (streams.region.clone(), streams.group.clone());
            let demand = demand(&feed, streams, place);
            match running.groups.get(&key) {
                Some(group) => {
                    group.demand.send_if_modified(|before| {
                        let changed = *before != demand;
                        *before = demand;
                        changed
                    });
                }
                None => {
                    let group = self.start(&feed, &running.board, key.clone(), demand);
                    running.groups.insert(key, group);
                }
            }
        }
        self.running = Some(running);
    }

    fn start(&self, feed: &LogFeed, board: &Board, key: GroupKey, demand: Demand) -> Group {
        let known = self.shelf.take(&key);
        let range = Range {
            since: feed.since,
            until: feed.until,
        };
        let tail = known.unwrap_or_else(|| {
            Tail::new(
                key.1.clone(),
                range,
                grows(&feed.source),
                demand.wish.clone(),
                self.patience,
                self.deliveries.clone(),
            )
        });
        let place = Place {
            key,
            epoch: feed.epoch,
            board: board.clone(),
            shelf: self.shelf.clone(),
        };
        let driver = Driver::new(self.tools.clone(), place, tail);
        let (sender, receiver) = watch::channel(demand);
        let stop = CancellationToken::new();
        tokio::spawn(stop.clone().run_until_cancelled_owned(driver.run(receiver)));
        Group {
            demand: sender,
            _stop: stop.drop_guard(),
        }
    }
}

fn demand(feed: &LogFeed, streams: &LogStreams, place: usize) -> Demand {
    let not_live = if !feed.live {
        Some(PollReason::Configured)
    } else if place >= MOST_SESSIONS {
        Some(PollReason::TooManyGroups)
    } else if feed.owner.is_none() {
        Some(PollReason::AccountUnknown)
    } else {
        None
    };
    Demand {
        wish: Wish {
            names: streams.names.iter().cloned().collect(),
            not_live,
            pace: feed.pace,
        },
        owner: feed.owner.clone(),
    }
}

/// Whether streams can join: a task has all of its own from the start.
fn grows(source: &LogSource) -> bool {
    !matches!(source, LogSource::Task { .. } | LogSource::Stream { .. })
}
