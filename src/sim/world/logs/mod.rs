//! CloudWatch Logs of one account and region: groups, streams and events.

mod condition;
pub mod delay;
mod fields_filter;
pub mod filter;
mod json_filter;
mod pattern;
pub mod stored;
pub mod stream;
pub mod template;
pub mod writer;

use std::collections::BTreeMap;

use crate::sim::clock::SimTime;

pub use delay::Delay;
pub use stream::{Arrival, Event, EventKey, LogStream};
pub use template::LineTemplate;
pub use writer::{ImageLog, WriterSpec};

/// All log groups of one account and region, by name.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    groups: BTreeMap<String, LogGroup>,
}

/// A log group.
#[derive(Clone, Debug)]
pub struct LogGroup {
    /// When it was made.
    pub created: SimTime,
    /// `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.
    pub class: String,
    /// The key that encrypts the group, if the client named one.
    pub kms_key_id: Option<String>,
    /// Whether the client asked for protection against deletion.
    pub deletion_protection: bool,
    streams: BTreeMap<String, LogStream>,
    made_streams: u32,
}

impl LogGroup {
    /// An empty group of the class `STANDARD`.
    #[must_use]
    pub fn new(created: SimTime) -> Self {
        Self {
            created,
            class: "STANDARD".to_owned(),
            kms_key_id: None,
            deletion_protection: false,
            streams: BTreeMap::new(),
            made_streams: 0,
        }
    }

    /// The streams by name.
    pub fn streams(&self) -> &BTreeMap<String, LogStream> {
        &self.streams
    }

    /// A stream of this name.
    pub fn stream(&self, name: &str) -> Option<&LogStream> {
        self.streams.get(name)
    }

    /// A stream of this name, to write to.
    pub fn stream_mut(&mut self, name: &str) -> Option<&mut LogStream> {
        self.streams.get_mut(name)
    }

    /// The stream of this name, made at `created` if it isn't there yet.
    pub fn stream_or_new(&mut self, name: &str, created: SimTime) -> &mut LogStream {
        let made = &mut self.made_streams;
        self.streams.entry(name.to_owned()).or_insert_with(|| {
            *made += 1;
            LogStream::new(*made, created)
        })
    }

    /// Bytes stored at `now`; for lines that are computed on demand, an estimate.
    pub fn stored_bytes(&self, now: SimTime) -> u64 {
        self.streams
            .values()
            .map(|stream| stream.stored_bytes(now))
            .sum()
    }
}

impl Logs {
    /// The groups by name.
    pub fn groups(&self) -> &BTreeMap<String, LogGroup> {
        &self.groups
    }

    /// A group of this name.
    pub fn group(&self, name: &str) -> Option<&LogGroup> {
        self.groups.get(name)
    }

    /// A group of this name, to write to.
    pub fn group_mut(&mut self, name: &str) -> Option<&mut LogGroup> {
        self.groups.get_mut(name)
    }

    /// Adds a group, in place of one with the same name.
    pub fn insert_group(&mut self, name: &str, group: LogGroup) {
        self.groups.insert(name.to_owned(), group);
    }

    fn stream_or_new(&mut self, group: &str, stream: &str, at: SimTime) -> &mut LogStream {
        self.groups
            .entry(group.to_owned())
            .or_insert_with(|| LogGroup::new(at))
            .stream_or_new(stream, at)
    }

    /// Lets a task's container log from now on, until [`Logs::close_writer`]. The group and the
    /// stream are made if they are missing. The lines are computed when somebody reads them.
    pub fn open_writer(&mut self, group: &str, stream: &str, spec: WriterSpec) {
        self.stream_or_new(group, stream, spec.start)
            .open_writer(spec);
    }

    /// Ends the writers of a stream at `at`; without such a stream nothing happens.
    pub fn close_writer(&mut self, group: &str, stream: &str, at: SimTime) {
        if let Some(stream) = self
            .group_mut(group)
            .and_then(|group| group.stream_mut(stream))
        {
            stream.close_writers(at);
        }
    }

    /// Writes one line that can be read from the moment `at` on. The group and the stream are
    /// made if they are missing.
    pub fn append(&mut self, group: &str, stream: &str, at: SimTime, message: String) {
        self.stream_or_new(group, stream, at)
            .append(at, at, message);
    }

    /// Writes one line with a timestamp and a moment from which on it can be read, in this order.
    /// The group and the stream are made if they are missing.
    pub fn append_late(
        &mut self,
        group: &str,
        stream: &str,
        (at, ingested): (SimTime, SimTime),
        message: String,
    ) {
        self.stream_or_new(group, stream, at)
            .append(at, ingested, message);
    }
}
