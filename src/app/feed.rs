//! What the logs screen wants to be fed with, and what comes of it.
//!
//! Lines are no answer to a question that is asked again and again, as everything else on a screen
//! is: they come by themselves for as long as somebody looks. [`log_feed`] says what is wanted, the
//! runtime starts, changes and ends the feed to match, and tells what comes as [`FeedEvent`]s.

mod state;
#[cfg(test)]
mod tests;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use jiff::Timestamp;

pub use state::{FeedMode, FeedState, FeedTally, PollReason};

use super::log_sources::sources;
use super::logs_range::{Range, range_in_front};
use super::model::Model;
use super::screen::Screen;
use super::store::Store;
use crate::domain::context::{ContextId, Scoped};
use crate::domain::logs::{LogLine, LogSource, LogStreams};

/// Whose log groups they are: an ARN of a group needs both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The partition, such as `aws` or `aws-cn`.
    pub partition: String,
    /// The 12-digit account id.
    pub account: String,
}

/// What the logs screen in front wants to be fed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFeed {
    /// The context that is read.
    pub context: ContextId,
    /// Whose lines are shown.
    pub source: LogSource,
    /// Stands for the source and the time that are read: what comes of another feed is dropped.
    pub epoch: u64,
    /// Whose log groups they are; `None` while the account is not known. Live Tail names groups by
    /// their ARNs.
    pub owner: Option<Owner>,
    /// Where the lines are; none while the tasks are not known.
    pub streams: Vec<LogStreams>,
    /// From when on lines are read.
    pub since: Timestamp,
    /// Up to when lines are read; `None` goes on for as long as somebody looks.
    pub until: Option<Timestamp>,
    /// Whether Live Tail may be used.
    pub live: bool,
    /// The pace of reading where Live Tail is not used.
    pub pace: Duration,
}

/// What a feed has to tell.
#[derive(Clone, Debug, PartialEq)]
pub enum FeedEvent {
    /// Lines, in order of time within each stream. One that was told before may come again, and
    /// [`Delivery`](crate::domain::logs::Delivery) tells it apart from an equal one.
    Lines(Vec<LogLine>),
    /// How the feed goes.
    State(FeedState),
    /// A Live Tail session broke off; what comes meanwhile is read afterwards.
    Broken {
        /// When it was noticed.
        at: Timestamp,
        /// Why, in words.
        why: String,
    },
    /// Live Tail gave only some of the lines that were taken in during a moment; the others are
    /// read afterwards.
    Sampled {
        /// The time of the earliest line concerned.
        from: Timestamp,
        /// The time of the latest line concerned.
        until: Timestamp,
    },
    /// Everything of a time that had been left open was read.
    Filled {
        /// From this time on.
        from: Timestamp,
        /// Up to this time.
        until: Timestamp,
        /// Lines that were read for it, known ones among them.
        lines: u64,
    },
    /// Lines of a time are missing, and will not come.
    Gap {
        /// From this time on.
        from: Timestamp,
        /// Up to this time.
        until: Timestamp,
        /// Why, in words.
        why: String,
    },
    /// Remarks about streams that cannot be read: all that hold now.
    Notes(Vec<String>),
}

/// How the feed goes, as the screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Feed {
    /// The feed that it is about.
    pub epoch: u64,
    /// How it goes; `None` before the first word of it.
    pub state: Option<FeedState>,
}

impl Model {
    /// How the feed of the logs screen in front goes.
    pub fn feed_state(&self) -> Option<&FeedState> {
        let epoch = log_feed(self)?.epoch;
        self.feed
            .state
            .as_ref()
            .filter(|_| self.feed.epoch == epoch)
    }
}

/// What the screen in front wants to be fed with; `None` when it shows no lines.
pub fn log_feed(model: &Model) -> Option<LogFeed> {
    let Screen::Logs(source) = &model.navigation.current().screen else {
        return None;
    };
    let store = model.store(source.context)?;
    let range = range_in_front(model)?;
    let since = range.from;
    Some(LogFeed {
        context: source.context,
        source: source.id.clone(),
        epoch: epoch(source, range),
        owner: owner(store),
        streams: sources(store, &source.id, Some(since)).streams,
        since,
        until: range.until,
        live: range.live && model.preferences.live_logs,
        pace: model.preferences.refresh,
    })
}

/// The source that a feed is for, if its lines are those that are kept: on screen, or behind
/// another screen, where what was on its way still arrives.
pub fn fed_source(model: &Model, context: ContextId, feed: u64) -> Option<LogSource> {
    let source = &model.log_buffer.as_ref()?.source;
    let page = model.navigation.page_of(&Screen::Logs(source.clone()))?;
    let range = page.logs.as_ref()?.range?;
    let ours = source.context == context && epoch(source, &range) == feed;
    ours.then(|| source.id.clone())
}

/// The same source read over the same time is the same feed, even after a look elsewhere.
fn epoch(source: &Scoped<LogSource>, range: &Range) -> u64 {
    let mut hasher = DefaultHasher::new();
    (source, range.from, range.until).hash(&mut hasher);
    hasher.finish()
}

fn owner(store: &Store) -> Option<Owner> {
    let identity = store.identity.value()?;
    let partition = identity.arn.split(':').nth(1)?;
    Some(Owner {
        partition: partition.to_owned(),
        account: identity.account.clone(),
    })
}
