//! A log stream: events that were put, and lines that are computed on demand, in one order.

use crate::sim::clock::SimTime;

use super::writer::{Writer, WriterSpec};

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

/// A log stream.
#[derive(Clone, Debug)]
pub struct LogStream {
    /// The number of the stream within its group, in the order of creation.
    pub ordinal: u32,
    /// When it was made.
    pub created: SimTime,
    events: Vec<Event>,
    writers: Vec<Writer>,
}

impl LogStream {
    pub(super) fn new(ordinal: u32, created: SimTime) -> Self {
        Self {
            ordinal,
            created,
            events: Vec::new(),
            writers: Vec::new(),
        }
    }

    /// Puts an event with the timestamp `at`, readable from `ingested` on. Events that share a
    /// timestamp keep the order in which they were put.
    pub fn append(&mut self, at: SimTime, ingested: SimTime, message: String) {
        let key = EventKey {
            at,
            source: 0,
            index: self.events.len() as u64,
        };
        let place = self.events.partition_point(|event| event.key < key);
        self.events.insert(
            place,
            Event {
                key,
                ingested,
                message,
            },
        );
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

    /// The first event after `key` that can be read at `now`.
    pub fn key_after(&self, key: EventKey, now: SimTime) -> Option<EventKey> {
        let place = self.events.partition_point(|event| event.key <= key);
        let put = self
            .events
            .iter()
            .skip(place)
            .find(|event| event.ingested <= now);
        let computed = self.numbered_writers().filter_map(|(source, writer)| {
            let slot = writer.first_slot_from(key.at);
            let first = EventKey {
                at: writer.line_time(slot),
                source,
                index: slot,
            };
            let slot = if first > key { slot } else { slot + 1 };
            (slot < writer.lines_at(now)).then(|| EventKey {
                at: writer.line_time(slot),
                source,
                index: slot,
            })
        });
        computed.chain(put.map(|event| event.key)).min()
    }

    /// The last event before `key` that can be read at `now`.
    pub fn key_before(&self, key: EventKey, now: SimTime) -> Option<EventKey> {
        let place = self.events.partition_point(|event| event.key < key);
        let put = self
            .events
            .iter()
            .take(place)
            .rev()
            .find(|event| event.ingested <= now);
        let computed = self.numbered_writers().filter_map(|(source, writer)| {
            let lines = writer.lines_at(now);
            let slot = writer.first_slot_from(key.at).min(lines);
            let here = EventKey {
                at: writer.line_time(slot),
                source,
                index: slot,
            };
            let end = if slot < lines && here < key {
                slot + 1
            } else {
                slot
            };
            end.checked_sub(1).map(|slot| EventKey {
                at: writer.line_time(slot),
                source,
                index: slot,
            })
        });
        computed.chain(put.map(|event| event.key)).max()
    }

    /// The event at `key`, which must have come from this stream.
    pub fn event(&self, key: EventKey) -> Option<Event> {
        if key.source == 0 {
            let place = self
                .events
                .binary_search_by_key(&key, |event| event.key)
                .ok()?;
            return self.events.get(place).cloned();
        }
        let writer = self
            .writers
            .get(usize::try_from(key.source).ok()?.checked_sub(1)?)?;
        Some(Event {
            key,
            ingested: key.at,
            message: writer.line_text(key.index),
        })
    }

    /// The first event that can be read at `now`.
    pub fn first(&self, now: SimTime) -> Option<EventKey> {
        self.key_after(EventKey::before(SimTime(0)), now)
    }

    /// The last event that can be read at `now`.
    pub fn last(&self, now: SimTime) -> Option<EventKey> {
        self.key_before(EventKey::start_of(SimTime(i64::MAX)), now)
    }

    /// When the service last took something in, up to `now`.
    pub fn last_ingestion(&self, now: SimTime) -> Option<SimTime> {
        let put = self
            .events
            .iter()
            .map(|event| event.ingested)
            .filter(|at| *at <= now)
            .max();
        let computed = self.writers.iter().filter_map(|writer| {
            writer
                .lines_at(now)
                .checked_sub(1)
                .map(|slot| writer.line_time(slot))
        });
        computed.chain(put).max()
    }

    /// Bytes stored at `now`; for computed lines, an estimate.
    pub fn stored_bytes(&self, now: SimTime) -> u64 {
        let put: usize = self.events.iter().map(|event| event.message.len()).sum();
        let computed: u64 = self
            .writers
            .iter()
            .map(|writer| writer.estimated_bytes(now))
            .sum();
        put as u64 + computed
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LineTemplate, Logs};
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
                    mean_interval_ms: 700,
                    templates: vec![LineTemplate::new(1, "GET / {ms}ms")],
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
            assert_eq!(stream.event(key).map(|event| event.key), Some(key));
        }
    }
}
