//! A log stream: events that were put, and lines that are computed on demand, in one order.

use std::cmp::Ordering;

use crate::sim::clock::SimTime;

use super::stored::Stored;
use super::writer::{Line, Writer, WriterSpec};

/// The place of an event in its stream. Keys are ordered as the events are.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey {
    /// The timestamp of the event.
    pub at: SimTime,
    /// 0 for events that were put, and the number of the writer for computed lines.
    pub source: u32,
    /// The number of the event within its source.
    pub index: u64,
}

impl EventKey {
    /// Before every event whose timestamp is `at` or later.
    #[must_use]
    pub fn before(at: SimTime) -> Self {
        Self {
            at: at.plus_millis(-1),
            source: u32::MAX,
            index: u64::MAX,
        }
    }

    /// After every event whose timestamp is earlier than `at`, and before all others.
    #[must_use]
    pub fn start_of(at: SimTime) -> Self {
        Self {
            at,
            source: 0,
            index: 0,
        }
    }
}

/// An event as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place, with the timestamp.
    pub key: EventKey,
    /// When the service took it in, and from when on it can be read.
    pub ingested: SimTime,
    /// The text.
    pub message: String,
}

/// An event that was taken in within a window of time, without its text.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    /// When the service took it in.
    pub ingested: SimTime,
    /// Its place in the stream.
    pub key: EventKey,
}

/// A log stream.
#[derive(Clone, Debug)]
pub struct LogStream {
    /// The number of the stream within its group, in the order of creation.
    pub ordinal: u32,
    /// When it was made.
    pub created: SimTime,
    stored: Stored,
    writers: Vec<Writer>,
}

impl LogStream {
    pub(super) fn new(ordinal: u32, created: SimTime) -> Self {
        Self {
            ordinal,
            created,
            stored: Stored::default(),
            writers: Vec::new(),
        }
    }

    /// Puts an event with the timestamp `at`, readable from `ingested` on. Events that share a
    /// timestamp keep the order in which they were put.
    pub fn append(&mut self, at: SimTime, ingested: SimTime, message: String) {
        self.stored.put(at, ingested, message);
    }

    pub(super) fn open_writer(&mut self, spec: WriterSpec) {
        self.writers.push(Writer::new(spec));
    }

    pub(super) fn close_writers(&mut self, at: SimTime) {
        for writer in &mut self.writers {
            writer.close(at);
        }
    }

    fn numbered_writers(&self) -> impl Iterator<Item = (u32, &Writer)> {
        (1..).zip(&self.writers)
    }

    fn writer(&self, source: u32) -> Option<&Writer> {
        let place = usize::try_from(source).ok()?.checked_sub(1)?;
        self.writers.get(place)
    }

    /// The first event after `key` that can be read at `now`.
    pub fn key_after(&self, key: EventKey, now: SimTime) -> Option<EventKey> {
        let computed = self.numbered_writers().filter_map(|(source, writer)| {
            let line = match source.cmp(&key.source) {
                // Of the events of that moment, those of lower sources come first.
                Ordering::Less => writer.first_from(key.at.plus_millis(1), now),
                Ordering::Equal => writer.after(key.index, now),
                Ordering::Greater => writer.first_from(key.at, now),
            };
            line.map(|line| key_of(source, line))
        });
        computed.chain(self.stored.after(key, now)).min()
    }

    /// The last event before `key` that can be read at `now`.
    pub fn key_before(&self, key: EventKey, now: SimTime) -> Option<EventKey> {
        let computed = self.numbered_writers().filter_map(|(source, writer)| {
            let line = match source.cmp(&key.source) {
                Ordering::Less => writer.last_before(key.at.plus_millis(1), now),
                Ordering::Equal => writer.before(key.index, now),
                Ordering::Greater => writer.last_before(key.at, now),
            };
            line.map(|line| key_of(source, line))
        });
        computed.chain(self.stored.before(key, now)).max()
    }

    /// The event at `key`, which must have come from this stream, as it is read at `now`.
    pub fn event(&self, key: EventKey, now: SimTime) -> Option<Event> {
        if key.source == 0 {
            let event = self.stored.event(key)?;
            return (event.ingested <= now).then(|| event.clone());
        }
        let (line, message) = self.writer(key.source)?.read(key.index, now)?;
        Some(Event {
            key: key_of(key.source, line),
            ingested: line.ingested,
            message,
        })
    }

    /// What was taken in after `after` and up to `until`, without an order.
    pub fn arrivals(&self, after: SimTime, until: SimTime) -> Vec<Arrival> {
        let stored = self.stored.arrivals(after, until);
        let mut arrivals: Vec<Arrival> = stored
            .map(|(ingested, key)| Arrival { ingested, key })
            .collect();
        for (source, writer) in self.numbered_writers() {
            let lines = writer.arrivals(after, until).into_iter();
            arrivals.extend(lines.map(|line| Arrival {
                ingested: line.ingested,
                key: key_of(source, line),
            }));
        }
        arrivals
    }

    /// The first event that can be read at `now`.
    pub fn first(&self, now: SimTime) -> Option<EventKey> {
        self.key_after(EventKey::before(SimTime(0)), now)
    }

    /// The last event that can be read at `now`.
    pub fn last(&self, now: SimTime) -> Option<EventKey> {
        self.key_before(EventKey::start_of(END), now)
    }

    /// When the service last took something in, up to `now`. Of computed lines the last one
    /// counts, even if a late one before it was taken in after it.
    pub fn last_ingestion(&self, now: SimTime) -> Option<SimTime> {
        let computed = self.writers.iter().filter_map(|writer| {
            let last = writer.last_before(END, now)?;
            Some(last.ingested)
        });
        computed.chain(self.stored.last_ingestion(now)).max()
    }

    /// Bytes stored at `now`; for computed lines, an estimate.
    pub fn stored_bytes(&self, now: SimTime) -> u64 {
        let computed = self.writers.iter();
        let computed: u64 = computed.map(|writer| writer.estimated_bytes(now)).sum();
        self.stored.bytes() as u64 + computed
    }
}

/// After every event.
const END: SimTime = SimTime(i64::MAX);

fn key_of(source: u32, line: Line) -> EventKey {
    EventKey {
        at: line.at,
        source,
        index: line.index,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Delay, LineTemplate, Logs};
    use super::*;

    const START: SimTime = SimTime(1_700_000_000_000);

    fn written() -> Logs {
        let mut logs = Logs::default();
        for seed in [1, 2] {
            logs.open_writer(
                "/ecs/web",
                "web/app/1",
                WriterSpec {
                    seed,
                    start: START.plus_seconds(2.0),
                    mean_interval_us: 700_000,
                    templates: vec![LineTemplate::new(1, "GET / {ms}ms")],
                    delay: Delay::default(),
                },
            );
        }
        for second in [0, 1, 1, 30, 9] {
            let at = START.plus_millis(second * 1000);
            logs.append("/ecs/web", "web/app/1", at, format!("start {second}"));
        }
        logs.close_writer("/ecs/web", "web/app/1", START.plus_seconds(20.0));
        logs
    }

    fn forward(stream: &LogStream, now: SimTime) -> Vec<EventKey> {
        let mut keys = Vec::new();
        let mut at = EventKey::before(SimTime(0));
        while let Some(key) = stream.key_after(at, now) {
            keys.push(key);
            at = key;
        }
        keys
    }

    #[test]
    fn forward_and_backward_see_the_same_events_in_one_order() {
        let logs = written();
        let stream = logs.group("/ecs/web").unwrap().stream("web/app/1").unwrap();
        for seconds in [0.0, 0.9, 5.0, 19.0, 60.0] {
            let now = START.plus_seconds(seconds);
            let keys = forward(stream, now);
            assert!(keys.is_sorted());
            assert!(keys.iter().all(|key| key.at <= now));
            let mut backward = Vec::new();
            let mut at = EventKey::start_of(SimTime(i64::MAX));
            while let Some(key) = stream.key_before(at, now) {
                backward.push(key);
                at = key;
            }
            backward.reverse();
            assert_eq!(keys, backward);
            assert_eq!(stream.first(now), keys.first().copied());
            assert_eq!(stream.last(now), keys.last().copied());
        }
        assert_eq!(forward(stream, START.plus_seconds(60.0)).len(), 5 + 26 + 26);
    }

    #[test]
    fn a_line_that_was_read_once_reads_the_same_later() {
        let logs = written();
        let stream = logs.group("/ecs/web").unwrap().stream("web/app/1").unwrap();
        let early = forward(stream, START.plus_seconds(8.0));
        let late = forward(stream, START.plus_seconds(50.0));
        assert_eq!(late.get(..early.len()), Some(early.as_slice()));
        for key in late {
            let event = stream.event(key, START.plus_seconds(50.0)).unwrap();
            assert_eq!(event.key, key);
        }
    }
}
