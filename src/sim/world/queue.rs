//! What will happen, in order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::sim::clock::SimTime;

/// A queue of timed events. Events of the same moment come out in the order they went in, so that
/// a world always unfolds in the same way.
#[derive(Clone, Debug)]
pub struct Queue<T> {
    heap: BinaryHeap<Reverse<Entry<T>>>,
    count: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry<T> {
    at: SimTime,
    order: u64,
    event: T,
}

impl<T: Ord> Default for Queue<T> {
    fn default() -> Self {
        Self {
            heap: BinaryHeap::new(),
            count: 0,
        }
    }
}

impl<T: Ord> Queue<T> {
    /// Lets `event` happen at `at`.
    pub fn push(&mut self, at: SimTime, event: T) {
        self.heap.push(Reverse(Entry {
            at,
            order: self.count,
            event,
        }));
        self.count = self.count.wrapping_add(1);
    }

    /// The next event if it is due by `until`, with the moment it was due.
    pub fn pop_due(&mut self, until: SimTime) -> Option<(SimTime, T)> {
        if self
            .heap
            .peek()
            .is_none_or(|Reverse(entry)| entry.at > until)
        {
            return None;
        }
        self.heap
            .pop()
            .map(|Reverse(entry)| (entry.at, entry.event))
    }

    /// When the next event is due.
    pub fn next_at(&self) -> Option<SimTime> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }

    /// How many events wait; a world at rest has none but those that forget stopped tasks.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_out_in_order_of_time_then_of_arrival() {
        let mut queue = Queue::default();
        queue.push(SimTime(20), 'c');
        queue.push(SimTime(10), 'b');
        queue.push(SimTime(10), 'a');
        assert_eq!(queue.next_at(), Some(SimTime(10)));
        assert_eq!(queue.pop_due(SimTime(10)), Some((SimTime(10), 'b')));
        assert_eq!(queue.pop_due(SimTime(10)), Some((SimTime(10), 'a')));
        assert_eq!(queue.pop_due(SimTime(19)), None);
        assert_eq!(queue.len(), 1);
    }
}
