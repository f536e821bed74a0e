//! Events that were put into a stream, of which it keeps the newest.

use std::collections::{BTreeSet, VecDeque};

use crate::sim::clock::SimTime;

use super::stream::{Event, EventKey};

/// The most events that a stream keeps. When there are more, the oldest go.
pub const MOST_EVENTS: usize = 100_000;

/// The most bytes of text that a stream keeps. When there are more, the oldest events go.
pub const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Events in the order of their keys.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    events: VecDeque<Event>,
    /// The same events by the moment at which they were taken in.
    arrivals: BTreeSet<(SimTime, EventKey)>,
    /// How many events were ever put, which numbers them.
    put: u64,
    bytes: usize,
}

impl Stored {
    /// Puts an event with the timestamp `at`, readable from `ingested` on. Events that share a
    /// timestamp keep the order in which they were put.
    pub fn put(&mut self, at: SimTime, ingested: SimTime, message: String) {
        let key = EventKey {
            at,
            source: 0,
            index: self.put,
        };
        self.put += 1;
        self.bytes += message.len();
        self.arrivals.insert((ingested, key));
        let place = self.events.partition_point(|event| event.key < key);
        let event = Event {
            key,
            ingested,
            message,
        };
        self.events.insert(place, event);
        while self.events.len() > MOST_EVENTS || self.bytes > MOST_BYTES {
            let Some(oldest) = self.events.pop_front() else {
                break;
            };
            self.bytes -= oldest.message.len();
            self.arrivals.remove(&(oldest.ingested, oldest.key));
        }
    }

    /// The first event after `key` that can be read at `now`.
    pub fn after(&self, key: EventKey, now: SimTime) -> Option<EventKey> {
        let place = self.events.partition_point(|event| event.key <= key);
        let mut later = self.events.iter().skip(place);
        later
            .find(|event| event.ingested <= now)
            .map(|event| event.key)
    }

    /// The last event before `key` that can be read at `now`.
    pub fn before(&self, key: EventKey, now: SimTime) -> Option<EventKey> {
        let place = self.events.partition_point(|event| event.key < key);
        let mut earlier = self.events.iter().take(place).rev();
        earlier
            .find(|event| event.ingested <= now)
            .map(|event| event.key)
    }

    /// The event at `key`.
    pub fn event(&self, key: EventKey) -> Option<&Event> {
        let place = self.events.binary_search_by_key(&key, |event| event.key);
        self.events.get(place.ok()?)
    }

    /// What was taken in after `after` and up to `until`, in that order.
    pub fn arrivals(
        &self,
        after: SimTime,
        until: SimTime,
    ) -> impl Iterator<Item = (SimTime, EventKey)> {
        let first = EventKey::before(SimTime(i64::MIN));
        let begin = (after.plus_millis(1), first);
        let end = (until.plus_millis(1), first).max(begin);
        self.arrivals.range(begin..end).copied()
    }

    /// When the last event up to `now` was taken in.
    pub fn last_ingestion(&self, now: SimTime) -> Option<SimTime> {
        let end = (now.plus_millis(1), EventKey::before(SimTime(i64::MIN)));
        self.arrivals.range(..end).next_back().map(|(at, _)| *at)
    }

    /// Bytes of text that are kept.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(stored: &Stored) -> Vec<&str> {
        let events = stored.events.iter();
        events.map(|event| event.message.as_str()).collect()
    }

    #[test]
    fn events_are_in_order_of_time_and_then_of_putting() {
        let mut stored = Stored::default();
        for (at, message) in [(5, "b"), (1, "a"), (5, "c")] {
            stored.put(SimTime(at), SimTime(9), message.to_owned());
        }
        assert_eq!(messages(&stored), ["a", "b", "c"]);
    }

    #[test]
    fn arrivals_are_found_by_the_moment_of_taking_in() {
        let mut stored = Stored::default();
        for (at, ingested) in [(1, 10), (2, 30), (3, 20), (4, 20)] {
            stored.put(SimTime(at), SimTime(ingested), String::new());
        }
        let found = |after, until| -> Vec<i64> {
            let arrivals = stored.arrivals(SimTime(after), SimTime(until));
            arrivals.map(|(_, key)| key.at.0).collect()
        };
        assert_eq!(found(0, 10), [1]);
        assert_eq!(found(10, 20), [3, 4]);
        assert_eq!(found(10, 30), [3, 4, 2]);
        assert_eq!(found(30, 30), Vec::<i64>::new());
        assert_eq!(stored.last_ingestion(SimTime(29)), Some(SimTime(20)));
        assert_eq!(stored.last_ingestion(SimTime(9)), None);
    }

    #[test]
    fn only_the_newest_are_kept() {
        let mut stored = Stored::default();
        for at in 0..i64::try_from(MOST_EVENTS).unwrap() + 7 {
            stored.put(SimTime(at), SimTime(at), "x".to_owned());
        }
        assert_eq!(stored.events.len(), MOST_EVENTS);
        assert_eq!(stored.arrivals.len(), MOST_EVENTS);
        assert_eq!(stored.events.front().map(|event| event.key.at.0), Some(7));
        for at in 0..70 {
            stored.put(SimTime(1 << 40), SimTime(at), "x".repeat(1 << 20));
        }
        assert!(stored.bytes() <= MOST_BYTES);
        assert_eq!(stored.events.len(), stored.arrivals.len());
    }
}
