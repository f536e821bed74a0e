//! Does what the rule of a feed orders, and tells the rule what came of it.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::board::{Board, GroupKey};
use super::job::PageOrder;
use super::outbox::Outbox;
use super::shelf::Shelf;
use super::tail::{Moment, Order, Tail, Wish};
use crate::app::feed::{FeedEvent, FeedState, Owner};
use crate::app::msg::Msg;
use crate::aws::{Aws, LiveEnd, LiveTail, LiveTailRequest, LiveUpdate, LogPage, LogReading};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::logs::Delivery;
use crate::runtime::clock::Clock;

/// How the feed goes is told at most this often, unless the way changed in which lines come.
const TOLD: Duration = Duration::from_millis(250);

/// What is wanted of a feed while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    pub(super) wish: Wish,
    pub(super) owner: Option<Owner>,
}

/// Where a feed belongs to.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) key: GroupKey,
    pub(super) epoch: u64,
    pub(super) board: Board,
    pub(super) shelf: Shelf,
}

/// What every feed works with.
#[derive(Clone)]
pub(super) struct Tools {
    pub(super) aws: Aws,
    pub(super) messages: mpsc::Sender<Msg>,
    pub(super) clock: Clock,
    pub(super) tick: Duration,
}

/// The feed of one log group at work.
pub(super) struct Driver {
    tools: Tools,
    place: Place,
    /// The rule; it is put on the shelf in the end.
    tail: Option<Tail>,
    origin: Instant,
    outbox: Outbox,
    opening: Option<BoxFuture<'static, Result<Box<LiveTail>, Failure>>>,
    session: Option<Box<LiveTail>>,
    reading: Option<BoxFuture<'static, Result<LogPage, Failure>>>,
    told: Told,
}

/// What was told last of how the feed goes, and when.
#[derive(Debug, Default)]
struct Told {
    state: Option<FeedState>,
    note: Option<String>,
    /// The remarks of all groups.
    notes: Vec<String>,
    at: Option<Instant>,
}

/// What happened.
enum Happened {
    Opened(Result<Box<LiveTail>, Failure>),
    Heard(Result<LiveUpdate, LiveEnd>),
    Read(Result<LogPage, Failure>),
    Wanted,
    Sent,
    Time,
    Over,
}

impl Driver {
    pub(super) fn new(tools: Tools, place: Place, tail: Tail) -> Self {
        Self {
            tools,
            place,
            tail: Some(tail),
            origin: Instant::now(),
            outbox: Outbox::default(),
            opening: None,
            session: None,
            reading: None,
            told: Told::default(),
        }
    }

    /// Runs until it is dropped, or nobody is left to tell.
    pub(super) async fn run(mut self, mut demand: watch::Receiver<Demand>) {
        let mut ticks = interval(self.tools.tick);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let wish = demand.borrow_and_update().wish.clone();
        let now = self.now();
        if let Some(tail) = &mut self.tail {
            tail.resume(wish, now);
        }
        loop {
            self.obey(demand.borrow().owner.as_ref());
            self.tell();
            let messages = self.tools.messages.clone();
            let happened = tokio::select! {
                biased;
                heard = heard(&mut self.session) => Happened::Heard(heard),
                opened = pending(&mut self.opening) => Happened::Opened(opened),
                permit = messages.reserve(), if !self.outbox.is_empty() => match permit {
                    Ok(permit) => {
                        self.send(permit);
                        Happened::Sent
                    }
                    Err(_) => Happened::Over,
                },
                page = pending(&mut self.reading) => Happened::Read(page),
                changed = demand.changed() => match changed {
                    Ok(()) => Happened::Wanted,
                    Err(_) => Happened::Over,
                },
                _ = ticks.tick() => Happened::Time,
            };
            match happened {
                Happened::Over => return,
                Happened::Wanted => {
                    let (wish, now) = (demand.borrow_and_update().wish.clone(), self.now());
                    if let Some(tail) = &mut self.tail {
                        tail.want(wish, now);
                    }
                }
                other => self.take(other),
            }
        }
    }

    fn now(&self) -> Moment {
        Moment {
            elapsed: self.origin.elapsed(),
            clock: self.tools.clock.now(),
        }
    }

    fn send(&mut self, permit: mpsc::Permit<'_, Msg>) {
        if let Some(event) = self.outbox.pop() {
            permit.send(Msg::Feed {
                context: self.tools.aws.context().id,
                epoch: self.place.epoch,
                event,
            });
        }
    }

    /// Tells the rule what happened.
    fn take(&mut self, happened: Happened) {
        let now = self.now();
        let Some(tail) = &mut self.tail else { return };
        match happened {
            Happened::Opened(Ok(session)) => {
                self.session = Some(session);
                tail.opened(now);
            }
            Happened::Opened(Err(failure)) => {
                tracing::debug!("no Live Tail: {} ({})", failure.short(), failure.message);
                tail.not_opened(failure, now);
            }
            Happened::Heard(Ok(update)) => {
                let lines = tail.updated(update, now);
                if self.outbox.is_full() {
                    tail.left_out(&lines, now);
                } else {
                    self.outbox.lines(lines);
                }
            }
            Happened::Heard(Err(end)) => {
                self.session = None;
                tracing::debug!("a Live Tail session ended: {end:?}");
                tail.ended(end, now);
            }
            Happened::Read(Ok(page)) => self.outbox.lines(tail.read(page, now)),
            Happened::Read(Err(failure)) => tail.not_read(&failure, now),
            Happened::Wanted | Happened::Sent | Happened::Time | Happened::Over => {}
        }
    }

    /// Does what the rule orders.
    fn obey(&mut self, owner: Option<&Owner>) {
        let (now, room) = (self.now(), self.outbox.has_room());
        let Some(tail) = &mut self.tail else { return };
        for order in tail.due(now, room) {
            match order {
                Order::Close => (self.session, self.opening) = (None, None),
                Order::Open { delivery, prefixes } => self.open(owner, delivery, prefixes),
                Order::Read(page) => self.read(page),
            }
        }
    }

    fn open(&mut self, owner: Option<&Owner>, delivery: Delivery, prefixes: Vec<String>) {
        let (region, group) = self.place.key.clone();
        let context = self.tools.aws.context();
        let here = region.as_ref().or(context.region.as_ref());
        let group_arn = owner.map_or_else(String::new, |owner| {
            format!(
                "arn:{}:logs:{}:{}:log-group:{group}",
                owner.partition,
                here.map_or("", String::as_str),
                owner.account
            )
        });
        let request = LiveTailRequest {
            region,
            group,
            group_arn,
            prefixes,
            delivery,
        };
        let aws = self.tools.aws.clone();
        let opening = async move {
            let opened = aws.live_tail(request).await;
            renew(&aws, opened.as_ref().err()).await;
            opened.map(Box::new)
        };
        self.opening = Some(opening.boxed());
    }

    fn read(&mut self, page: PageOrder) {
        let (region, group) = self.place.key.clone();
        let reading = LogReading {
            region,
            group,
            part: page.part,
            from: page.from,
            until: page.until,
            newest_first: page.newest_first,
            token: page.token,
            delivery: page.delivery,
        };
        let aws = self.tools.aws.clone();
        let reading = async move {
            let page = aws.log_page(&reading).await;
            renew(&aws, page.as_ref().err()).await;
            page
        };
        self.reading = Some(reading.boxed());
    }

    /// Tells how the feed goes, and what the rule has to tell.
    fn tell(&mut self) {
        let now = self.now();
        let Some(tail) = &mut self.tail else { return };
        for event in tail.events() {
            self.outbox.event(event);
        }
        let (state, note) = (tail.state(now), tail.note().cloned());
        let before = self.told.state.as_ref();
        let same_way = before.is_some_and(|before| before.mode == state.mode);
        let just_told = self.told.at.is_some_and(|at| at.elapsed() < TOLD);
        let news = before != Some(&state) || self.told.note != note;
        if !news || same_way && just_told {
            return;
        }
        self.told.at = Some(Instant::now());
        (self.told.state, self.told.note) = (Some(state.clone()), note.clone());
        let (together, notes) = self.place.board.post(&self.place.key, state, note);
        if notes != self.told.notes {
            self.told.notes.clone_from(&notes);
            self.outbox.event(FeedEvent::Notes(notes));
        }
        self.outbox.state(together);
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let now = self.now();
        if let Some(mut tail) = self.tail.take() {
            tail.suspend(self.outbox.unsent(), now);
            self.place
                .shelf
                .put(self.place.epoch, self.place.key.clone(), tail);
        }
    }
}

/// Reads the credentials anew where they are why a call failed.
async fn renew(aws: &Aws, failure: Option<&Failure>) {
    let stale = failure.is_some_and(|failure| {
        matches!(
            failure.kind,
            FailureKind::NoCredentials
                | FailureKind::ExpiredCredentials
                | FailureKind::InvalidCredentials
        )
    });
    if stale {
        aws.reconnect().await;
    }
}

/// Waits for the next word of a session, if one is open.
async fn heard(session: &mut Option<Box<LiveTail>>) -> Result<LiveUpdate, LiveEnd> {
    match session {
        Some(session) => session.next().await,
        None => std::future::pending().await,
    }
}

/// Waits for an answer, if one is waited for, and takes it away.
async fn pending<T>(answer: &mut Option<BoxFuture<'static, T>>) -> T {
    match answer {
        Some(pending) => {
            let answered = pending.await;
            *answer = None;
            answered
        }
        None => std::future::pending().await,
    }
}
